package ledger_test

import (
	"crypto/rand"
	"database/sql"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"latchkey/bot"
	"latchkey/servers"
	"latchkey/store/ledger"
)

func TestWhoOwnsTheTablesMigrates(t *testing.T) {
	d := servers.SharedPostgres(t).NewDatabase(t)
	c := ledger.Config{URL: d.URL, OwnerURL: d.OwnerURL, NewID: rand.Text}
	_, err := ledger.Open(t.Context(), c)
	plain(t, err, bot.Conflict, "has schema 0, and this program needs 4. Run latchkey migrate")
	c.Existing = true
	_, err = ledger.Open(t.Context(), c)
	plain(t, err, bot.NotFound, "The database is empty")
	c.Existing = false
	for _, want := range [][2]int64{{0, 4}, {4, 4}} {
		from, to, err := ledger.Migrate(t.Context(), c)
		if err != nil || from != want[0] || to != want[1] {
			t.Fatalf("from %d to %d, %v", from, to, err)
		}
	}
	c.Existing = true
	l := opened(t, c)
	if found := l.Findings(t.Context(), time.Now); len(found) != 1 || found[0].Level != bot.LevelOK || !strings.Contains(found[0].What, "over TLS") {
		t.Errorf("check says %v", found)
	}
	// A right that somebody gave by hand is found, and taken away by the next migration.
	admin := d.Open(t)
	do(t, admin, "GRANT UPDATE ON history TO latchkey")
	if found := l.Findings(t.Context(), time.Now); bot.Worst(found) != bot.LevelFault || !strings.Contains(fmt.Sprint(found), "right to change or remove history") {
		t.Errorf("check says %v", found)
	}
	if _, _, err := ledger.Migrate(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	do(t, admin, "GRANT CREATE ON SCHEMA public TO latchkey")
	if found := l.Findings(t.Context(), time.Now); bot.Worst(found) != bot.LevelWarning || !strings.Contains(fmt.Sprint(found), "may make tables") {
		t.Errorf("check says %v", found)
	}
}

func TestMigrateSaysWhatIsWrong(t *testing.T) {
	server := servers.SharedPostgres(t)
	d, other := server.NewDatabase(t), server.NewDatabase(t)
	for name, c := range map[string]struct {
		url, owner string
		kind       bot.Kind
		advice     string
	}{
		"another database":  {d.URL, other.OwnerURL, bot.Invalid, "name different databases"},
		"the same role":     {d.OwnerURL, d.OwnerURL, bot.Invalid, "name the same role"},
		"no such role":      {strings.Replace(d.URL, server.Server.Name+":", "nobody:", 1), d.OwnerURL, bot.Invalid, "The role of database.url, nobody, does not exist"},
		"not the owner":     {d.OwnerURL, d.URL, bot.Unavailable, "lacks a right"},
		"without an owner":  {d.URL, "", bot.Unavailable, "lacks a right"},
		"an owner's secret": {d.URL, strings.Replace(d.OwnerURL, server.Owner.Password, "another", 1), bot.Unavailable, "refuses Latchkey's role"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := ledger.Migrate(t.Context(), ledger.Config{URL: c.url, OwnerURL: c.owner, NewID: rand.Text})
			plain(t, err, c.kind, c.advice)
		})
	}
}

func TestADatabaseThatDoesNotHoldEveryName(t *testing.T) {
	server := servers.SharedPostgres(t)
	do(t, server.NewDatabase(t).Open(t), "CREATE DATABASE narrow OWNER latchkey_owner ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")
	d := server.NewDatabase(t)
	_, err := ledger.Open(t.Context(), ledger.Config{URL: strings.Replace(d.OwnerURL, d.Name, "narrow", 1), NewID: rand.Text})
	plain(t, err, bot.Invalid, "has the encoding LATIN1")
}

// One role for everything serves, and check says what that means.
func TestWithoutAnOwner(t *testing.T) {
	d := servers.SharedPostgres(t).NewDatabase(t)
	l := opened(t, ledger.Config{URL: d.OwnerURL, NewID: rand.Text})
	fill(t, l, 1)
	if found := l.Findings(t.Context(), time.Now); bot.Worst(found) != bot.LevelWarning || !strings.Contains(fmt.Sprint(found), "owns the tables") {
		t.Errorf("check says %v", found)
	}
	if found := opened(t, ledger.Config{URL: d.AdminURL, NewID: rand.Text}).Findings(t.Context(), time.Now); !strings.Contains(fmt.Sprint(found), "superuser") {
		t.Errorf("check says %v", found)
	}
}

// The role that serves can do none of this, and neither can the owner by mistake.
func TestRightsAndTriggersGuardHistory(t *testing.T) {
	at := onServer(t, servers.SharedPostgres(t))
	l := at.open(t)
	if err := unlockOnce(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	mei := bot.AccountID{Store: "corp", GUID: "m"}
	for _, e := range everySecret(mei) {
		if err := l.Enroll(t.Context(), e, bot.Record{Action: bot.ActionEnroll, Status: bot.StatusSuccess}); err != nil {
			t.Fatal(err)
		}
	}
	f := bot.Freeze{ID: "f", Accounts: []bot.AccountID{mei}, Until: time.Now().Add(time.Hour)}
	if _, err := l.Freeze(t.Context(), f, 1, bot.Record{Action: bot.ActionNotMe}); err != nil {
		t.Fatal(err)
	}
	if err := l.Link(t.Context(), mei, bot.AccountID{Store: "lab", GUID: "m"}); err != nil {
		t.Fatal(err)
	}
	before := value(t, at.raw(t), "SELECT count(*) FROM history")
	byMistake := []string{
		"UPDATE history SET target_name = 'Eve' WHERE seq = 2", "UPDATE history SET search = ''",
		"DELETE FROM history WHERE seq = 3", "DELETE FROM history", "TRUNCATE history", "TRUNCATE history_head", "TRUNCATE attempts CASCADE",
		"INSERT INTO history SELECT * FROM history WHERE seq = 2",
		"INSERT INTO history SELECT 99, 'new', operation, session, at, action, status, why, detail, types, actor_kind, actor_store, actor_guid, actor_login, actor_name, actor_chat, target_kind, target_store, target_guid, target_login, target_name, target_chat, store, client, helpdesk, workspace, address, mode, reason, ticket, search, format, prev, hash FROM history WHERE seq = 2",
		"UPDATE history_head SET seq = 2", "UPDATE history_head SET seq = 99", "UPDATE history_head SET hash = ''", "DELETE FROM history_head",
		"INSERT INTO history_head VALUES (2, 0, '')", "INSERT INTO history_head VALUES (1, 0, '') ON CONFLICT (one) DO UPDATE SET seq = 0",
		"DELETE FROM used_steps", "UPDATE used_steps SET step = 0", "DELETE FROM attempts", "UPDATE attempts SET result = 'right'",
		"UPDATE intents SET result = 'not_applied'", "DELETE FROM intents", "UPDATE evidence SET agent_guid = 'x'", "UPDATE grants SET expires = expires + 1", "UPDATE challenges SET expires = expires + 1",
		"UPDATE enrollments SET seed = ''", "UPDATE enrollments SET seed = NULL", "UPDATE enrollments SET seed = 'x'", "UPDATE enrollments SET contact = NULL",
		"UPDATE enrollments SET address = 'eve@example.com'", "UPDATE enrollments SET address = ''", "UPDATE enrollments SET guid = 'eve' WHERE id = 'app'",
		"UPDATE answers SET hash = 'x'", "UPDATE answers SET question = ''", "UPDATE answers SET enrollment = 'app'",
		"DELETE FROM freezes", "TRUNCATE freezes", "UPDATE freezes SET until = 1, lifted = 1", "UPDATE freezes SET lifted = 0",
	}
	byNobody := []string{
		"DELETE FROM evidence", "DELETE FROM grant_evidence", "DELETE FROM lockouts", "DELETE FROM clearings", "DELETE FROM challenges",
		"UPDATE lockouts SET until = 0", "UPDATE enrollments SET since = 1", "DELETE FROM answers", "UPDATE links SET b_guid = 'eve'", "UPDATE outbox SET record = ''", "UPDATE attempts SET stops_after = 9",
		"ALTER TABLE history DISABLE TRIGGER ALL", "DROP TRIGGER history_stays ON history", "DROP TABLE history", "SET session_replication_role = 'replica'",
		"CREATE TABLE latchkey_more (n int)", "CREATE FUNCTION clock_timestamp() RETURNS int LANGUAGE sql AS 'SELECT 1'",
		"UPDATE goose_db_version SET version_id = 0", "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, true)",
	}
	serving := place{driver: "pgx", owner: at.URL}.raw(t)
	for _, s := range append(byNobody, byMistake...) {
		if _, err := serving.ExecContext(t.Context(), s); err == nil {
			t.Errorf("nothing stopped the role that serves: %s", s)
		}
	}
	showsItsOwn(t, serving)
	owner := place{driver: "pgx", owner: at.OwnerURL}.raw(t)
	for _, s := range byMistake {
		if _, err := owner.ExecContext(t.Context(), s); err == nil {
			t.Errorf("nothing stopped the owner: %s", s)
		}
	}
	if after := value(t, at.raw(t), "SELECT count(*) FROM history"); after != before {
		t.Errorf("%s records, then %s", before, after)
	}
	unbroken(t, l)
	if err := unlockOnce(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	whole(t, at)
}

// showsItsOwn: a temporary table of the same name is not what triggers look at.
func showsItsOwn(t *testing.T, serving *sql.DB) {
	t.Helper()
	c, err := serving.Conn(t.Context()) // temporary tables are of one connection
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close() //nolint:errcheck // nothing is left to lose
	var schema string
	if err := c.QueryRowContext(t.Context(), "SELECT current_schema()").Scan(&schema); err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"CREATE TEMP TABLE history (seq bigint, hash bytea)", "INSERT INTO pg_temp.history VALUES (99, 'x')"} {
		if _, err := c.ExecContext(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.ExecContext(t.Context(), `UPDATE "`+schema+`".history_head SET seq = 99, hash = 'x'`); err == nil {
		t.Error("the role that serves moved the head of history by a table of its own")
	}
}

// ahead is a ledger on a server whose clock is ten years ahead of the replica's.
func ahead(t *testing.T) *ledger.Ledger {
	t.Helper()
	d := servers.SharedPostgres(t).NewDatabase(t)
	at := place{Config: ledger.Config{URL: d.URL, OwnerURL: d.OwnerURL, NewID: rand.Text}}
	if _, _, err := ledger.Migrate(t.Context(), at.Config); err != nil {
		t.Fatal(err)
	}
	do(t, d.Open(t), "CREATE SCHEMA shifted", "GRANT USAGE ON SCHEMA shifted TO latchkey",
		"CREATE FUNCTION shifted.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$ SELECT pg_catalog.clock_timestamp() + interval '10 years' $$")
	at.URL += "&search_path=" + url.PathEscape("shifted, public, pg_catalog")
	return at.open(t)
}

// The clock of the server judges, not that of the replica.
func TestTheServersClockJudges(t *testing.T) {
	l := ahead(t)
	nine := time.Now().AddDate(9, 0, 0)
	c, a := tried(bot.AccountID{Store: "corp", GUID: rand.Text()})
	c.Expires = nine.AddDate(2, 0, 0)
	if err := l.OpenChallenge(t.Context(), c, bot.SendLimits{}); err != nil {
		t.Fatal(err)
	}
	begun, err := l.BeginAttempt(t.Context(), a, wide)
	if err != nil || begun.Refused != "" || begun.Attempt.At.Before(nine) {
		t.Errorf("%+v, %v", begun, err)
	}
	c, a = tried(bot.AccountID{Store: "corp", GUID: rand.Text()}) // good for an hour, by the replica's clock
	if err := l.OpenChallenge(t.Context(), c, bot.SendLimits{}); err != nil {
		t.Fatal(err)
	}
	if begun, err = l.BeginAttempt(t.Context(), a, wide); err != nil || begun.Refused != bot.ChallengeOver {
		t.Errorf("%+v, %v", begun, err)
	}
	if err := l.Append(t.Context(), bot.Record{Action: bot.ActionBind, Status: bot.StatusSuccess}); err != nil {
		t.Fatal(err)
	}
	if records, err := l.History(t.Context(), bot.HistoryQuery{Limit: 1}); err != nil || records[0].At.Before(nine) {
		t.Errorf("%+v, %v", records, err)
	}
}

// So it does of freezes: the one is over, and the other holds.
func TestTheServersClockJudgesFreezes(t *testing.T) {
	l := ahead(t)
	for until, want := range map[time.Time]bot.Reason{time.Now().AddDate(5, 0, 0): "", time.Now().AddDate(11, 0, 0): bot.Frozen} {
		id := bot.AccountID{Store: "corp", GUID: rand.Text()}
		o := bot.Offer{ID: rand.Text(), Session: "s", Agent: bot.AccountID{Store: "corp", GUID: "dana"}, Target: id, Account: id,
			Expires: time.Now().AddDate(12, 0, 0)}
		if err := l.Offer(t.Context(), []bot.Offer{o}); err != nil {
			t.Fatal(err)
		}
		f := bot.Freeze{ID: rand.Text(), Accounts: []bot.AccountID{id}, At: time.Now(), Until: until}
		if held, err := l.Freeze(t.Context(), f, 1, bot.Record{Action: bot.ActionNotMe}); err != nil || !held {
			t.Fatalf("%t, %v", held, err)
		}
		why, err := l.Intend(t.Context(), bot.Intent{ID: rand.Text(), Offer: o, At: time.Now()}, bot.Record{Action: bot.ActionUnlock}, 0)
		if err != nil || why != want {
			t.Errorf("until %s: %q, %v", until, why, err)
		}
	}
}

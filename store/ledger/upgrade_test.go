package ledger

import (
	"crypto/rand"
	"database/sql"
	"net/url"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"latchkey/bot"
	"latchkey/servers"
)

// before is a schema without questions, with a case under way.
var before = []string{
	`INSERT INTO enrollments VALUES ('e1', 'corp', 'mei', 'email', 'mei@example.com', NULL, 7, 1)`,
	`INSERT INTO challenges (id, session, type, enrollment, store, guid, target_store, target_guid, agent_store, agent_guid, code_sent, at, expires)
		VALUES ('c1', 's1', 'email', 'e1', 'corp', 'mei', 'corp', 'mei', 'corp', 'dana', 1, 7, 9000000000000000)`,
	`INSERT INTO challenges (id, session, type, enrollment, store, guid, target_store, target_guid, agent_store, agent_guid, code_sent, at, expires)
		VALUES ('c2', 's1', 'mobile', 'e2', 'corp', 'mei', 'corp', 'mei', 'corp', 'dana', 1, 8, 9000000000000000)`,
	`INSERT INTO attempts (challenge, n, store, guid, at, stops_after, result, settled) VALUES ('c1', 1, 'corp', 'mei', 7, 10, 'right', 8)`,
	`INSERT INTO evidence (id, session, challenge, enrollment, type, target_store, target_guid, agent_store, agent_guid, at, expires)
		VALUES ('p1', 's1', 'c1', 'e1', 'email', 'corp', 'mei', 'corp', 'dana', 8, 9)`,
}

// A database of the schema before goes on where it stood.
func TestUpgrade(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		servers.Used(t, "sqlite")
		file := filepath.Join(t.TempDir(), "latchkey.db")
		db, err := sql.Open("sqlite", sqliteName(file, url.Values{"_txlock": {"immediate"}, "_journal_mode": {"WAL"}}))
		if err != nil {
			t.Fatal(err)
		}
		upgraded(t, db, sqliteSteps, 2, Config{URL: "sqlite://" + file, Now: time.Now, NewID: rand.Text})
	})
	t.Run("postgres", func(t *testing.T) {
		d := servers.SharedPostgres(t).NewDatabase(t)
		db, err := sql.Open("pgx", d.OwnerURL)
		if err != nil {
			t.Fatal(err)
		}
		upgraded(t, db, postgresSteps, 1, Config{URL: d.URL, OwnerURL: d.OwnerURL, NewID: rand.Text})
	})
}

func upgraded(t *testing.T, db *sql.DB, s steps, from int64, c Config) {
	t.Helper()
	old, err := s.provider(db)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := old.UpTo(t.Context(), from); err != nil {
		t.Fatal(err)
	}
	for _, statement := range before {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if has, _, err := Migrate(t.Context(), c); err != nil || has != from {
		t.Fatalf("from %d, %v", has, err)
	}
	l, err := Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // the test is over
	mei, dana := bot.AccountID{Store: "corp", GUID: "mei"}, bot.AccountID{Store: "corp", GUID: "dana"}
	found, err := l.Enrollments(t.Context(), []bot.AccountID{mei})
	want := []bot.Enrollment{{ID: "e1", Account: mei, Type: bot.Email, Address: "mei@example.com", Since: fromMicros(7), ByAdministrator: true}}
	if diff := cmp.Diff(want, found); diff != "" || err != nil {
		t.Errorf("%v, want -, got +:\n%s", err, diff)
	}
	proved, err := l.Evidence(t.Context(), "s1")
	evidence := []bot.Evidence{{ID: "p1", Session: "s1", Challenge: "c1", Enrollment: "e1", Type: bot.Email, Target: mei, Agent: dana,
		At: fromMicros(8), Expires: fromMicros(9)}}
	if diff := cmp.Diff(evidence, proved); diff != "" || err != nil {
		t.Errorf("%v, want -, got +:\n%s", err, diff)
	}
	begun, err := l.BeginAttempt(t.Context(), bot.Attempt{Challenge: "c2", Account: mei, Enrollment: "e2", Session: "s1", Type: bot.Mobile, Agent: dana},
		bot.AttemptLimits{Tries: 5, WrongPerDay: 5, WrongInARow: 5, FleetWrongPerHour: 5})
	if err != nil || begun.Attempt.N != 1 {
		t.Errorf("%+v, %v", begun, err)
	}
	sealed := found[0]
	sealed.Contact = []byte("sealed")
	if done, err := l.Reseal(t.Context(), found[0], sealed); err != nil || !done {
		t.Errorf("%t, %v", done, err)
	}
}

package ledger_test

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"latchkey/bot"
	"latchkey/servers"
	"latchkey/store/ledger"
)

// lifted are the triggers away, as the owner of the tables can have them.
func (p place) lifted(t *testing.T) *sql.DB {
	t.Helper()
	db := p.raw(t)
	if p.driver == "sqlite" {
		do(t, db, "DROP TRIGGER history_no_update", "DROP TRIGGER history_no_delete", "DROP TRIGGER history_in_order",
			"DROP TRIGGER history_head_forward", "DROP TRIGGER history_head_stays")
	} else {
		do(t, db, "ALTER TABLE history DISABLE TRIGGER ALL", "ALTER TABLE history_head DISABLE TRIGGER ALL")
	}
	return db
}

func TestVerifyFindsWhatWasTamperedWith(t *testing.T) {
	for name, c := range map[string]struct {
		tamper []string
		seq    int64
		kind   ledger.FaultKind
	}{
		"a name":             {[]string{"UPDATE history SET target_name = 'Eve' WHERE seq = 4"}, 4, ledger.RowChanged},
		"one character":      {[]string{"UPDATE history SET actor_name = 'Dana Reye5' WHERE seq = 1"}, 1, ledger.RowChanged},
		"the time":           {[]string{"UPDATE history SET at = at + 1 WHERE seq = 10"}, 10, ledger.RowChanged},
		"what is searched":   {[]string{"UPDATE history SET search = 'x' WHERE seq = 4"}, 4, ledger.RowChanged},
		"a truth value":      {[]string{"UPDATE history SET helpdesk = 0 WHERE seq = 5"}, 5, ledger.RowChanged},
		"text moved across":  {[]string{"UPDATE history SET actor_login = 'danaD', actor_name = 'ana Reyes' WHERE seq = 5"}, 5, ledger.RowChanged},
		"the hash":           {[]string{"UPDATE history SET hash = ZEROS WHERE seq = 5"}, 5, ledger.RowChanged},
		"hash of the last":   {[]string{"UPDATE history SET hash = ZEROS WHERE seq = 10"}, 10, ledger.RowChanged},
		"two, first is told": {[]string{"UPDATE history SET ticket = 'x' WHERE seq IN (7, 3)"}, 3, ledger.RowChanged},
		"form":               {[]string{"UPDATE history SET format = 2 WHERE seq = 6"}, 6, ledger.RowForeign},
		"first removed":      {[]string{"DELETE FROM history WHERE seq = 1"}, 1, ledger.RowMissing},
		"one removed":        {[]string{"DELETE FROM history WHERE seq = 4"}, 4, ledger.RowMissing},
		"some removed":       {[]string{"DELETE FROM history WHERE seq BETWEEN 4 AND 6"}, 4, ledger.RowMissing},
		"last removed":       {[]string{"DELETE FROM history WHERE seq = 10"}, 10, ledger.RowMissing},
		"tail removed":       {[]string{"DELETE FROM history WHERE seq > 6"}, 7, ledger.RowMissing},
		"all removed":        {[]string{"DELETE FROM history"}, 1, ledger.RowMissing},
		"removed and closed up": {[]string{"DELETE FROM history WHERE seq = 4",
			"UPDATE history SET seq = -seq WHERE seq > 4", "UPDATE history SET seq = -seq - 1 WHERE seq < 0"}, 4, ledger.RowMisplace},
		"swapped": {[]string{"UPDATE history SET seq = -4 WHERE seq = 4", "UPDATE history SET seq = 4 WHERE seq = 5",
			"UPDATE history SET seq = 5 WHERE seq = -4"}, 4, ledger.RowMisplace},
		"put before the first": {[]string{"UPDATE history SET seq = 0 WHERE seq = 10"}, 0, ledger.RowForeign},
		"put behind the last": {[]string{`INSERT INTO history SELECT 11, 'new', operation, session, at, action, status, why, detail, types,
			actor_kind, actor_store, actor_guid, actor_login, actor_name, actor_chat, target_kind, target_store, target_guid, target_login, target_name, target_chat,
			store, client, helpdesk, workspace, address, mode, reason, ticket, search, format, prev, hash FROM history WHERE seq = 10`}, 11, ledger.RowMisplace},
		"head set back":      {[]string{"UPDATE history_head SET seq = 8, hash = (SELECT hash FROM history WHERE seq = 8)"}, 9, ledger.RowForeign},
		"head's hash":        {[]string{"UPDATE history_head SET hash = ZEROS"}, 10, ledger.RowChanged},
		"head removed":       {[]string{"DELETE FROM history_head"}, 10, ledger.RowForeign},
		"last, and rehashed": {[]string{"UPDATE history SET hash = prev, ticket = 'x' WHERE seq = 10"}, 10, ledger.RowChanged},
	} {
		t.Run(name, func(t *testing.T) {
			onBoth(t, func(t *testing.T, p place) {
				l := p.open(t)
				fill(t, l, 10)
				db := p.lifted(t)
				for _, statement := range c.tamper {
					do(t, db, strings.ReplaceAll(statement, "ZEROS", p.zeros))
				}
				result, err := l.Verify(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				if result.Fault == nil || result.Fault.Seq != c.seq || result.Fault.Kind != c.kind || result.Fault.Text == "" {
					t.Fatalf("want %s at %d, got %+v", c.kind, c.seq, result.Fault)
				}
				t.Log(result.Fault.Text)
			})
		})
	}
}

func TestTriggersGuardHistory(t *testing.T) {
	servers.Used(t, "sqlite")
	file := filepath.Join(t.TempDir(), "latchkey.db")
	l := open(t, file)
	fill(t, l, 3)
	db := inFile(file).raw(t)
	for _, s := range []string{
		"UPDATE history SET target_name = 'Eve' WHERE seq = 2",
		"UPDATE history SET search = ''",
		"DELETE FROM history WHERE seq = 3",
		"DELETE FROM history",
		"INSERT OR REPLACE INTO history SELECT * FROM history WHERE seq = 2",
		"CREATE TEMP TABLE copy AS SELECT * FROM history WHERE seq = 3; UPDATE copy SET seq = 99, id = 'new'; INSERT INTO main.history SELECT * FROM copy",
		"UPDATE OR REPLACE history SET seq = 1 WHERE seq = 2",
		"UPDATE history_head SET seq = 2",
		"UPDATE history_head SET seq = 4",
		"DELETE FROM history_head",
		"INSERT OR REPLACE INTO history_head VALUES (1, 0, zeroblob(32))",
	} {
		if _, err := db.ExecContext(t.Context(), s); err == nil {
			t.Errorf("nothing stopped %s", s)
		}
	}
	fill(t, l, 1)
	if result, err := l.Verify(t.Context()); err != nil || result.Fault != nil || result.Rows != 4 {
		t.Fatalf("%+v, %v", result, err)
	}
}

func TestTriggersGuardSealsAndFreezes(t *testing.T) {
	servers.Used(t, "sqlite")
	file := filepath.Join(t.TempDir(), "latchkey.db")
	l := open(t, file)
	mei := bot.AccountID{Store: "corp", GUID: "m"}
	for _, e := range everySecret(mei) {
		if err := l.Enroll(t.Context(), e, record()); err != nil {
			t.Fatal(err)
		}
	}
	f := bot.Freeze{ID: "f", Accounts: []bot.AccountID{mei}, Until: time.Now().Add(time.Hour)}
	if _, err := l.Freeze(t.Context(), f, 1, record()); err != nil {
		t.Fatal(err)
	}
	db := inFile(file).raw(t)
	for _, s := range []string{
		"UPDATE enrollments SET seed = x'' WHERE id = 'app'", "UPDATE enrollments SET seed = NULL WHERE id = 'app'", "UPDATE enrollments SET seed = x'01' WHERE id = 'mail'",
		"UPDATE enrollments SET contact = NULL WHERE id = 'phone'", "UPDATE enrollments SET address = '' WHERE id = 'mail'",
		"UPDATE enrollments SET address = 'eve@example.com' WHERE id = 'mail'", "UPDATE enrollments SET guid = 'eve' WHERE id = 'app'",
		"UPDATE enrollments SET since = 1", "UPDATE answers SET hash = x'01'", "UPDATE answers SET question = x''", "UPDATE answers SET place = 1",
		"DELETE FROM freezes", "UPDATE freezes SET until = 1, lifted = 1", "UPDATE freezes SET lifted = 0",
	} {
		if _, err := db.ExecContext(t.Context(), s); err == nil {
			t.Errorf("nothing stopped %s", s)
		}
	}
}

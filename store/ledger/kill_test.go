package ledger_test

import (
	"database/sql"
	"os/exec"
	"testing"
)

// Writers are killed in the middle of whatever they do. What is left is whole:
// the chain, and every part of each transaction.
func TestKilledWritersLeaveNothingHalfDone(t *testing.T) { onBoth(t, killWriters) }

func killWriters(t *testing.T, at place) {
	for round := range 8 {
		one, out := start(t, "write", at, "")
		two, _ := start(t, "write", at, "")
		for range 2 + round%3 {
			if !out.Scan() || out.Text() != "unlocked" {
				t.Fatalf("the writer said %q", out.Text())
			}
		}
		for _, p := range []*exec.Cmd{one, two} {
			if err := p.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			_ = p.Wait() // it was killed
		}
		whole(t, at)
	}
}

// whole fails the test unless every row that belongs with another is there.
func whole(t *testing.T, at place) {
	t.Helper()
	result, err := at.open(t).Verify(t.Context())
	if err != nil || result.Fault != nil || result.Rows == 0 {
		t.Fatalf("%+v, %v, %+v", result, err, result.Fault)
	}
	db := at.raw(t)
	if at.driver == "sqlite" {
		if ok := value(t, db, "PRAGMA integrity_check"); ok != "ok" {
			t.Fatal(ok)
		}
	}
	for _, pair := range [][2]string{
		{"SELECT count(*) FROM history WHERE action = 'authenticate'", "SELECT count(*) FROM attempts WHERE result IS NOT NULL"},
		{"SELECT count(*) FROM evidence", "SELECT count(*) FROM attempts WHERE result = 'right'"},
		{"SELECT count(*) FROM used_steps", "SELECT count(*) FROM attempts WHERE result = 'right'"},
		{"SELECT count(*) FROM grants", "SELECT count(*) FROM grant_evidence"},
		{"SELECT count(*) FROM history WHERE status = 'asked'", "SELECT count(*) FROM intents"},
		{"SELECT count(*) FROM outbox", "SELECT count(*) FROM intents WHERE result = 'applied'"},
		{"SELECT count(*) FROM history WHERE action = 'unlock_account' AND status = 'success'", "SELECT count(*) FROM outbox"},
	} {
		if one, other := value(t, db, pair[0]), value(t, db, pair[1]); one != other {
			t.Fatalf("%s: %s, but %s: %s", pair[0], one, pair[1], other)
		}
	}
}

func value(t *testing.T, db *sql.DB, query string) (s string) {
	t.Helper()
	if err := db.QueryRowContext(t.Context(), query).Scan(&s); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return s
}

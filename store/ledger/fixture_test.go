package ledger_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"os"
	"testing"
	"time"

	"latchkey/bot"
	"latchkey/servers"
	"latchkey/store/ledger"
	"latchkey/store/ledger/conformance"
)

// The test binary is its own second process: with a role in its environment it
// plays that instead of running tests.
func TestMain(m *testing.M) {
	if role := os.Getenv("LEDGER_ROLE"); role != "" {
		os.Exit(play(role))
	}
	servers.Main(m)
}

// open opens a ledger on the file, until the test ends.
func open(t testing.TB, file string) *ledger.Ledger {
	t.Helper()
	l, err := ledger.Open(t.Context(), config(file))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

func config(file string) ledger.Config {
	return ledger.Config{URL: "sqlite://" + file, Now: conformance.NewClock().Now, NewID: rand.Text}
}

// raw is the database as somebody sees it who has the file.
func raw(t testing.TB, file string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+file+"?_busy_timeout=5000")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func do(t testing.TB, db *sql.DB, statements ...string) {
	t.Helper()
	for _, s := range statements {
		if _, err := db.ExecContext(context.Background(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

// fill appends n records to history.
func fill(t testing.TB, l *ledger.Ledger, n int) {
	t.Helper()
	for range n {
		if err := l.Append(t.Context(), record()); err != nil {
			t.Fatal(err)
		}
	}
}

func record() bot.Record {
	return bot.Record{ID: rand.Text(), Operation: rand.Text(), At: time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC),
		Action: bot.ActionUnlock, Status: bot.StatusSuccess, Types: []bot.Type{bot.Email, bot.Authenticator},
		Actor:  bot.Party{Kind: bot.ActorAgent, Account: bot.AccountID{Store: "corp", GUID: "a"}, Login: "dana", Name: "Dana Reyes"},
		Target: bot.Party{Kind: bot.ActorEndUser, Account: bot.AccountID{Store: "corp", GUID: "m"}, Login: "mei", Name: "Mei Lin"},
		Store:  "corp", Client: bot.ClientSlack, Helpdesk: true, Mode: bot.RestrictedMode}
}

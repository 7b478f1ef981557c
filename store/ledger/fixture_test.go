package ledger_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"os"
	"path/filepath"
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

// place is an empty database, and how it is looked at past the ledger.
type place struct {
	ledger.Config
	driver, owner string // how somebody opens it who may do anything with it
	zeros         string // 32 zero bytes in its SQL
}

// onBoth runs a test on a file and on a server.
func onBoth(t *testing.T, test func(t *testing.T, p place)) {
	t.Run("sqlite", func(t *testing.T) {
		servers.Used(t, "sqlite")
		test(t, inFile(filepath.Join(t.TempDir(), "latchkey.db")))
	})
	t.Run("postgres", func(t *testing.T) { test(t, onServer(t, servers.SharedPostgres(t))) })
}

func inFile(file string) place {
	return place{Config: config(file), driver: "sqlite", owner: "file:" + file + "?_busy_timeout=5000", zeros: "zeroblob(32)"}
}

// onServer is set up as an administrator should: by an owner, for a role that
// serves with what it was granted, over TLS, with the server's own clock.
func onServer(t testing.TB, server *servers.Postgres) place {
	t.Helper()
	d := server.NewSchema(t)
	p := place{Config: ledger.Config{URL: d.URL, OwnerURL: d.OwnerURL, NewID: rand.Text}, driver: "pgx", owner: d.AdminURL,
		zeros: "decode(repeat('00', 32), 'hex')"}
	if _, _, err := ledger.Migrate(t.Context(), p.Config); err != nil {
		t.Fatal(err)
	}
	return p
}

// open opens a ledger until the test ends.
func (p place) open(t testing.TB) *ledger.Ledger {
	t.Helper()
	return opened(t, p.Config)
}

func opened(t testing.TB, c ledger.Config) *ledger.Ledger {
	t.Helper()
	l, err := ledger.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

// raw is the database as somebody sees it who owns it.
func (p place) raw(t testing.TB) *sql.DB {
	t.Helper()
	db, err := sql.Open(p.driver, p.owner)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// open opens a ledger on the file, until the test ends.
func open(t testing.TB, file string) *ledger.Ledger {
	t.Helper()
	return inFile(file).open(t)
}

func config(file string) ledger.Config {
	return ledger.Config{URL: "sqlite://" + file, Now: conformance.NewClock().Now, NewID: rand.Text}
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

// everySecret is an account's enrollment with each kind of secret, and one whose
// address has no seal yet.
func everySecret(id bot.AccountID) []bot.Enrollment {
	return []bot.Enrollment{{ID: "app", Account: id, Type: bot.Authenticator, Seed: []byte("seed")},
		{ID: "phone", Account: id, Type: bot.Mobile, Contact: []byte("contact")},
		{ID: "mail", Account: id, Type: bot.Email, Address: "mei@example.com"},
		{ID: "asked", Account: id, Type: bot.SecurityQuestions, Answers: []bot.Answer{{ID: "a1", Question: []byte("q"), Hash: []byte("h")}}}}
}

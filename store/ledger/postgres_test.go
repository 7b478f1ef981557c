package ledger_test

import (
	"crypto/rand"
	"testing"

	"latchkey/servers"
	"latchkey/store/ledger"
	"latchkey/store/ledger/conformance"
)

// As an administrator should set it up: an owner who migrates, and a role that
// serves with what it was granted, over TLS, verified in full.
func TestPostgres(t *testing.T) {
	conformance.Run(t, func(t *testing.T, c ledger.Config) *ledger.Ledger {
		d := servers.SharedPostgres(t).NewDatabase(t)
		c.URL, c.OwnerURL = d.URL, d.OwnerURL
		if _, _, err := ledger.Migrate(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		l, err := ledger.Open(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := l.Close(); err != nil {
				t.Error(err)
			}
		})
		return l
	})
}

// migrated is a database with its schema, and how it is opened in earnest:
// by the role that serves, with the server's own clock.
func migrated(t testing.TB, server *servers.Postgres) (*servers.PostgresDatabase, ledger.Config) {
	t.Helper()
	d := server.NewDatabase(t)
	c := ledger.Config{URL: d.URL, OwnerURL: d.OwnerURL, NewID: rand.Text}
	if _, _, err := ledger.Migrate(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	return d, c
}

// opened opens a ledger until the test ends.
func opened(t testing.TB, c ledger.Config) *ledger.Ledger {
	t.Helper()
	l, err := ledger.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

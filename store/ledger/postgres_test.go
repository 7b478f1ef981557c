package ledger_test

import (
	"testing"

	"latchkey/servers"
	"latchkey/store/ledger"
	"latchkey/store/ledger/conformance"
)

// As an administrator should set it up: an owner who migrates, and a role that
// serves with what it was granted, over TLS, verified in full.
func TestPostgres(t *testing.T) {
	conformance.Run(t, func(t *testing.T, c ledger.Config) *ledger.Ledger {
		p := onServer(t, servers.SharedPostgres(t))
		c.URL, c.OwnerURL = p.URL, p.OwnerURL
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

package ledger_test

import (
	"testing"

	"latchkey/servers"
	"latchkey/store/ledger"
	"latchkey/store/ledger/conformance"
)

func TestSQLite(t *testing.T) {
	conformance.Run(t, func(t *testing.T, c ledger.Config) *ledger.Ledger {
		servers.Used(t, "sqlite")
		c.URL = "sqlite://" + t.TempDir() + "/latchkey.db"
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

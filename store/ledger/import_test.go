package ledger_test

import (
	"testing"

	"latchkey/servers"
	"latchkey/store/ledger"
	"latchkey/store/ledger/conformance"
)

func TestImportSQLite(t *testing.T) {
	conformance.Import(t, func(t *testing.T, c ledger.Config) *ledger.Ledger {
		servers.Used(t, "sqlite")
		c.URL = "sqlite://" + t.TempDir() + "/latchkey.db"
		l, err := ledger.Open(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = l.Close() })
		return l
	})
}

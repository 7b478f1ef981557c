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
		return opened(t, c)
	})
}

func TestImportPostgres(t *testing.T) {
	conformance.Import(t, func(t *testing.T, c ledger.Config) *ledger.Ledger {
		p := onServer(t, servers.SharedPostgres(t))
		c.URL, c.OwnerURL = p.URL, p.OwnerURL
		return opened(t, c)
	})
}

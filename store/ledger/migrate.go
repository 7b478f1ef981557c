package ledger

import (
	"context"
	"database/sql"
	"embed"
	"io/fs"

	"github.com/pressly/goose/v3"
	"go.uber.org/zap"

	"latchkey/bot"
)

//go:embed migrations/sqlite/*.sql
var sqliteMigrations embed.FS

// migrate brings the schema up to date. The caller holds the migration lock.
func (l *Ledger) migrate(ctx context.Context, db *sql.DB) error {
	steps, err := fs.Sub(sqliteMigrations, "migrations/sqlite")
	if err != nil {
		return fail("read migrations", err)
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, steps,
		goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return fail("read migrations", err)
	}
	has, knows, err := p.GetVersions(ctx)
	if err != nil {
		return fail("read schema version", err)
	}
	if has > knows {
		return bot.Ef(bot.Conflict, "read schema version",
			"The database was made by a newer Latchkey: it has schema %d, and this program knows %d. Start the newer program, or restore a copy from before the upgrade.", has, knows)
	}
	done, err := p.Up(ctx)
	if err != nil {
		return fail("migrate ledger", err)
	}
	if len(done) > 0 {
		l.log.Info("ledger schema migrated", zap.Int64("from", has), zap.Int64("to", knows))
	}
	return nil
}

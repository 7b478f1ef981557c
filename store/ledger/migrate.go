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

//go:embed migrations
var migrations embed.FS

// steps are the migrations of one database, by their folder.
type steps string

const (
	sqliteSteps   steps = "migrations/sqlite"
	postgresSteps steps = "migrations/postgres"
)

// Migrate brings the schema up to date and gives its versions before and after:
// with PostgreSQL as the owner, where OwnerURL names one, who then grants to the
// role of URL what serving takes. It fails as Open does.
func Migrate(ctx context.Context, c Config) (from, to int64, err error) {
	l := &Ledger{log: c.Logger}
	if l.log == nil {
		l.log = zap.NewNop()
	}
	if isPostgres(c.URL) {
		return l.migrateServer(ctx, c)
	}
	file, err := sqlitePath(c.URL)
	if err != nil {
		return 0, 0, err
	}
	return l.migrateSQLite(ctx, file)
}

// migrate runs the steps that the database lacks. The caller holds the
// migration lock.
func (l *Ledger) migrate(ctx context.Context, db *sql.DB, s steps) (from, to int64, err error) {
	p, err := s.provider(db)
	if err != nil {
		return 0, 0, err
	}
	has, knows, err := p.GetVersions(ctx)
	if err != nil {
		return 0, 0, fail("read schema version", err)
	}
	if has > knows {
		return 0, 0, newer(has, knows)
	}
	done, err := p.Up(ctx)
	if err != nil {
		return 0, 0, fail("migrate ledger", err)
	}
	if len(done) > 0 {
		l.log.Info("ledger schema migrated", zap.Int64("from", has), zap.Int64("to", knows))
	}
	return has, knows, nil
}

func (s steps) provider(db *sql.DB) (*goose.Provider, error) {
	files, err := fs.Sub(migrations, string(s))
	if err != nil {
		return nil, fail("read migrations", err)
	}
	dialect := goose.DialectSQLite3
	if s == postgresSteps {
		dialect = goose.DialectPostgres
	}
	p, err := goose.NewProvider(dialect, db, files,
		goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return nil, fail("read migrations", err)
	}
	return p, nil
}

// newest is the schema that this program works with.
func newest(s steps) (version int64, err error) {
	files, err := fs.ReadDir(migrations, string(s))
	if err != nil {
		return 0, fail("read migrations", err)
	}
	for _, f := range files {
		n, err := goose.NumericComponent(f.Name())
		if err != nil {
			return 0, fail("read migrations", err)
		}
		version = max(version, n)
	}
	return version, nil
}

func newer(has, knows int64) error {
	return bot.Ef(bot.Conflict, "read schema version",
		"The database was made by a newer Latchkey: it has schema %d, and this program knows %d. Start the newer program, or restore a copy from before the upgrade.", has, knows)
}

package ledger

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path"
	"strings"
	"unicode"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"latchkey/bot"
)

// readers bounds the connections that read at once; each has a page cache.
const readers = 4

// sqlitePath gives the file that a database URL names.
func sqlitePath(raw string) (string, error) {
	u, err := url.Parse(raw)
	if err != nil {
		return "", bot.Ef(bot.Invalid, "read database URL", "The database URL cannot be read. Write it as sqlite:///var/lib/latchkey/latchkey.db.")
	}
	switch {
	case u.Scheme != "sqlite":
		return "", bot.Ef(bot.Invalid, "read database URL", "The database URL begins with neither sqlite:// nor postgres://. Write it as sqlite:///var/lib/latchkey/latchkey.db.")
	case u.Host != "" || !path.IsAbs(u.Path) || strings.HasSuffix(u.Path, "/") || strings.ContainsFunc(u.Path, unicode.IsControl):
		return "", bot.Ef(bot.Invalid, "read database URL", "A sqlite URL has three slashes and the absolute path of a file: sqlite:///var/lib/latchkey/latchkey.db.")
	case u.RawQuery != "" || u.Fragment != "" || u.User != nil:
		return "", bot.Ef(bot.Invalid, "read database URL", "A sqlite URL takes a path and nothing else. Leave out what follows the file's name.")
	}
	return u.Path, nil
}

// sqliteName is the driver's name for a file with the settings that the
// ledger relies on. A commit is on the disk when it returns (synchronous
// FULL), and a transaction that writes holds the write lock from its first
// statement on (immediate), so that what it counted stays true. What is deleted
// or sealed is overwritten, not only left as free room (secure_delete).
func sqliteName(file string, settings url.Values) string {
	q := url.Values{
		"_busy_timeout": {"5000"},
		"_foreign_keys": {"1"},
		"_synchronous":  {"FULL"},
		"_dqs":          {"0"},
		"_defensive":    {"1"},
		"_error_rc":     {"1"},
		"_pragma":       {"trusted_schema(0)", "secure_delete(1)"},
	}
	for k, v := range settings {
		q[k] = v
	}
	return (&url.URL{Scheme: "file", Path: file, RawQuery: q.Encode()}).String()
}

func (l *Ledger) openSQLite(ctx context.Context, c Config) error {
	file, err := sqlitePath(c.URL)
	if err != nil {
		return err
	}
	if _, err := os.Stat(file); c.Existing && errors.Is(err, fs.ErrNotExist) {
		return bot.Ef(bot.NotFound, "open ledger", "There is no database at %s. The first latchkey serve makes it.", file)
	}
	if c.Serve {
		if err := l.serveAlone(file); err != nil {
			return err
		}
	}
	l.engine = sqliteEngine{now: c.Now}
	if _, _, err := l.migrateSQLite(ctx, file); err != nil {
		return err
	}
	if err := l.connectWriter(file, url.Values{}); err != nil {
		return err
	}
	l.reader, err = sql.Open("sqlite", sqliteName(file, url.Values{"_query_only": {"1"}}))
	if err != nil {
		return fail("open ledger", err)
	}
	l.reader.SetMaxOpenConns(readers)
	l.reader.SetMaxIdleConns(readers)
	return l.Check(ctx)
}

// migrateSQLite makes the file where there is none. It has a connection of its
// own, which waits longer for its turn.
func (l *Ledger) migrateSQLite(ctx context.Context, file string) (from, to int64, err error) {
	release, err := lockMigration(ctx, file)
	if err != nil {
		return 0, 0, err
	}
	defer release()
	if err := createPrivately(file); err != nil {
		return 0, 0, err
	}
	db, err := sql.Open("sqlite", sqliteName(file, url.Values{"_txlock": {"immediate"}, "_journal_mode": {"WAL"}}))
	if err != nil {
		return 0, 0, fail("open ledger", err)
	}
	defer db.Close() //nolint:errcheck // what was migrated is committed
	db.SetMaxOpenConns(1)
	return l.migrate(ctx, db, sqliteSteps)
}

// connectWriter opens the connection that writes. It waits a few milliseconds
// for the lock, and begin asks again: SQLite's own waiting sleeps up to 100 ms
// between two looks, and a process that writes without pause would starve one
// that waits so.
func (l *Ledger) connectWriter(file string, settings url.Values) (err error) {
	settings.Set("_txlock", "immediate")
	settings.Set("_busy_timeout", "4")
	if l.writer, err = sql.Open("sqlite", sqliteName(file, settings)); err != nil {
		return fail("open ledger", err)
	}
	l.writer.SetMaxOpenConns(1)
	return nil
}

// createPrivately makes a missing file readable to its owner alone: it holds
// sealed seeds and what people are called. A file that is there is not opened,
// since closing it would drop the locks that this process holds on it.
func createPrivately(file string) error {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	switch {
	case errors.Is(err, fs.ErrExist):
		return nil
	case err != nil:
		return unopened(err)
	}
	if err := errors.Join(giveToFolder(f, path.Dir(file)), f.Close()); err != nil {
		return unopened(err)
	}
	return nil
}

// lockMigration keeps other processes out while the schema is brought up to
// date: goose looks at the version before it takes the database's own lock. The
// lock is one on an empty file beside the database, so it ends with the process.
func lockMigration(ctx context.Context, file string) (release func(), err error) {
	beside := file + "-migrate"
	if err := createPrivately(beside); err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", sqliteName(beside, url.Values{"_txlock": {"exclusive"}}))
	if err != nil {
		return nil, fail("open ledger", err)
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		_ = db.Close() // nothing was written
		return nil, fail("wait for the migration lock", err)
	}
	return func() {
		_ = tx.Rollback() // nothing was written
		_ = db.Close()
	}, nil
}

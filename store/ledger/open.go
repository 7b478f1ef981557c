package ledger

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"sync/atomic"
	"time"

	"go.uber.org/zap"

	"latchkey/bot"
)

// Config says where the ledger is and gives it clock and ids.
type Config struct {
	URL string // sqlite:///absolute/path.db, or postgres://role:password@host/database
	// OwnerURL is PostgreSQL as the owner of the tables, for Migrate alone.
	// Where it is set, Open changes no schema.
	OwnerURL string
	// Now judges every limit and expiry. PostgreSQL has a clock of its own,
	// which all replicas share: there it is nil, but in tests.
	Now    func() time.Time
	NewID  func() string // unique; used where a record or notice comes without an id
	Logger *zap.Logger   // nil: silent
	// Serve keeps every other process that would serve the same file out until
	// Close: Open gives Conflict to the second. PostgreSQL takes many.
	Serve bool
	// Existing refuses with NotFound where there is no schema yet, and makes none.
	Existing bool
}

// Ledger is an open database of record. It is safe for concurrent use, and for
// several processes: of one machine on the same file, of any on PostgreSQL.
type Ledger struct {
	engine engine
	writer *sql.DB  // SQLite: one connection, so writers of this process queue here
	reader *sql.DB  // does not write
	alone  *os.File // locked while this process serves a file; nil: it does not
	closed atomic.Bool
	newID  func() string
	log    *zap.Logger
}

// The ports of package bot that a Ledger implements.
var (
	_ bot.Proofs      = (*Ledger)(nil)
	_ bot.Unlocks     = (*Ledger)(nil)
	_ bot.Journal     = (*Ledger)(nil)
	_ bot.Enrollments = (*Ledger)(nil)
	_ bot.People      = (*Ledger)(nil)
	_ bot.Freezes     = (*Ledger)(nil)
	_ bot.Links       = (*Ledger)(nil)
	_ bot.Outbox      = (*Ledger)(nil)
	_ bot.DeskRecords = (*Ledger)(nil)
)

// Open opens the database, makes it where there is none, and brings its schema
// up to date under a lock. It fails with Invalid for a URL or a setting of the
// server that it cannot use, Conflict for a schema newer than this program, for
// an old one that is the owner's to change and for a second one that would serve
// a file, and Unavailable otherwise. Files that root makes go to the owner of
// the folder.
func Open(ctx context.Context, c Config) (*Ledger, error) {
	if c.Now == nil && !isPostgres(c.URL) || c.NewID == nil {
		return nil, bot.E(bot.Internal, "open ledger", errors.New("clock and ids are not set"))
	}
	if c.Logger == nil {
		c.Logger = zap.NewNop()
	}
	l := &Ledger{newID: c.NewID, log: c.Logger}
	open := l.openSQLite
	if isPostgres(c.URL) {
		open = l.openPostgres
	}
	if err := open(ctx, c); err != nil {
		_ = l.Close() // the error that matters is the first
		return nil, err
	}
	return l, nil
}

// Close ends all connections. Calls under way fail with Unavailable.
func (l *Ledger) Close() error {
	l.closed.Store(true)
	var errs []error
	for _, db := range []*sql.DB{l.reader, l.writer} { // the writer last: it folds the log into the file
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	if l.alone != nil {
		errs = append(errs, l.alone.Close())
	}
	if err := errors.Join(errs...); err != nil {
		return fail("close ledger", err)
	}
	return nil
}

// Check tells whether the ledger can be read and written now, without changing
// anything. Readiness and `latchkey check` call it.
func (l *Ledger) Check(ctx context.Context) error {
	err := l.read(ctx, "check ledger", func(ctx context.Context, t *transaction) error {
		var seq int64
		return t.row(ctx, `SELECT seq FROM history_head`).Scan(&seq)
	})
	if err != nil {
		return err
	}
	err = l.write(ctx, "check ledger", func(ctx context.Context, t *transaction) error {
		_, err := t.exec(ctx, `DELETE FROM outbox WHERE id = ''`) // nothing has that id; a file that is read-only says so
		return err
	})
	if codeOf(err) == readOnly {
		if more := l.standby(ctx); more != nil {
			return more
		}
	}
	return err
}

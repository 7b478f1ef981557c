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
	URL    string           // sqlite:///absolute/path.db
	Now    func() time.Time // judges every limit and expiry
	NewID  func() string    // unique; used where a record or notice comes without an id
	Logger *zap.Logger      // nil: silent
	// Serve keeps every other process that would serve the database out until
	// Close: Open gives Conflict to the second.
	Serve bool
}

// Ledger is an open database of record. It is safe for concurrent use, and for
// several processes of one machine on the same file.
type Ledger struct {
	writer *sql.DB  // one connection: writers of this process queue here, not in the database
	reader *sql.DB  // may not write
	alone  *os.File // locked while this process serves; nil: it does not
	closed atomic.Bool
	now    func() time.Time
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
	_ bot.Outbox      = (*Ledger)(nil)
	_ bot.DeskRecords = (*Ledger)(nil)
)

// Open opens the database, makes it where there is none, and brings its schema
// up to date under a lock. It fails with Invalid for a URL that it cannot use,
// Conflict for a schema newer than this program and for a second one that
// would serve, and Unavailable otherwise. Files that root makes go to the owner
// of the folder.
func Open(ctx context.Context, c Config) (*Ledger, error) {
	if c.Now == nil || c.NewID == nil {
		return nil, bot.E(bot.Internal, "open ledger", errors.New("clock and ids are not set"))
	}
	if c.Logger == nil {
		c.Logger = zap.NewNop()
	}
	path, err := sqlitePath(c.URL)
	if err != nil {
		return nil, err
	}
	l := &Ledger{now: c.Now, newID: c.NewID, log: c.Logger}
	if c.Serve {
		err = l.serveAlone(path)
	}
	if err == nil {
		err = l.openSQLite(ctx, path)
	}
	if err != nil {
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
	return l.write(ctx, "check ledger", func(ctx context.Context, t *transaction) error {
		_, err := t.exec(ctx, `DELETE FROM outbox WHERE id = ''`) // nothing has that id; a file that is read-only says so
		return err
	})
}

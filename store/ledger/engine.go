package ledger

import (
	"context"
	"database/sql"
	"time"
)

// engine is what SQLite and PostgreSQL do each in a way of its own. All else,
// the statements too, is written once for both.
type engine interface {
	// beginWrite begins a transaction that keeps every other writer out until
	// it ends, at the time at which it began to.
	beginWrite(ctx context.Context, db *sql.DB) (*transaction, error)
	// beginRead begins one that sees one state of the database.
	beginRead(ctx context.Context, db *sql.DB) (*sql.Tx, error)
	// commit ends a transaction. Where it cannot be known whether that was
	// done, the error is unconfirmed.
	commit(tx *sql.Tx) error
	// again reports whether a transaction that failed so has left nothing
	// behind and may be run again from its start.
	again(err error) bool
	// statement gives a statement, written with ? or ?1, the database's own
	// placeholders.
	statement(s string) string
	// lasting lets the statements of a transaction take as long as they need.
	lasting(ctx context.Context, tx *sql.Tx) error
}

// unconfirmed is a commit that was not answered: it was done, or it was not.
// What is on record tells, once the database answers again.
type unconfirmed struct{ error }

func (u unconfirmed) Unwrap() error { return u.error }

// sqliteEngine is the engine of one file. Its writer is one connection, and a
// transaction on it holds the file's write lock from its beginning.
type sqliteEngine struct{ now func() time.Time }

func (s sqliteEngine) beginWrite(ctx context.Context, db *sql.DB) (*transaction, error) {
	tx, err := begin(ctx, db)
	return &transaction{tx: tx, statement: s.statement, now: s.now()}, err
}

func (sqliteEngine) beginRead(ctx context.Context, db *sql.DB) (*sql.Tx, error) {
	return begin(ctx, db)
}
func (sqliteEngine) commit(tx *sql.Tx) error                { return tx.Commit() }
func (sqliteEngine) again(error) bool                       { return false }
func (sqliteEngine) statement(s string) string              { return s }
func (sqliteEngine) lasting(context.Context, *sql.Tx) error { return nil }

// begin begins a transaction, and asks again for as long as another process
// holds the write lock.
func begin(ctx context.Context, db *sql.DB) (*sql.Tx, error) {
	waiting, cancel := context.WithTimeout(ctx, turn)
	defer cancel()
	for {
		tx, err := db.BeginTx(ctx, nil)
		if !isBusy(err) || waiting.Err() != nil {
			return tx, err
		}
	}
}

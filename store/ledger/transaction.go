package ledger

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// patience bounds one call: waiting for other writers, and the work. People
// are told within 10 s that the database is away.
const patience = 8 * time.Second

// turn bounds the wait for another process to let go of the write lock.
const turn = 5 * time.Second

// transaction is the one place where statements meet the driver. now is read
// once the write lock is held, so that times and row order agree.
type transaction struct {
	tx  *sql.Tx
	now time.Time
}

// write runs do in one transaction that holds the write lock throughout. When
// it returns nil, all that do wrote is on the disk; otherwise nothing is.
func (l *Ledger) write(ctx context.Context, op string, do func(context.Context, *transaction) error) error {
	return l.run(ctx, l.writer, op, do)
}

// read runs do on one state of the database. It writes nothing.
func (l *Ledger) read(ctx context.Context, op string, do func(context.Context, *transaction) error) error {
	return l.run(ctx, l.reader, op, do)
}

func (l *Ledger) run(ctx context.Context, db *sql.DB, op string, do func(context.Context, *transaction) error) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	tx, err := begin(ctx, db)
	if err != nil {
		return l.failed(op, err)
	}
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to undo
	if err := do(ctx, &transaction{tx: tx, now: l.now()}); err != nil {
		return l.failed(op, err)
	}
	return l.failed(op, tx.Commit())
}

// failed is fail, but for what a closed ledger answers.
func (l *Ledger) failed(op string, err error) error {
	if err != nil && l.closed.Load() {
		return fail(op, errors.Join(errClosed, err))
	}
	return fail(op, err)
}

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

// exec runs a statement and gives how many rows it changed.
func (t *transaction) exec(ctx context.Context, statement string, args ...any) (int64, error) {
	result, err := t.tx.ExecContext(ctx, statement, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

func (t *transaction) row(ctx context.Context, statement string, args ...any) *sql.Row {
	return t.tx.QueryRowContext(ctx, statement, args...)
}

// scanner is a row to read from.
type scanner interface{ Scan(into ...any) error }

// collect gives each row of a query as scan reads it.
func collect[T any](ctx context.Context, t *transaction, scan func(scanner) (T, error), statement string, args ...any) ([]T, error) {
	rows, err := t.tx.QueryContext(ctx, statement, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // Err below has what matters
	var out []T
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, rows.Err()
}

// micros is a time as the ledger stores it; 0 for none.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func fromMicros(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMicro(n).UTC()
}

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

// turn bounds the wait for another writer to let go of the lock.
const turn = 5 * time.Second

// attempts bounds how often a transaction is run that collided with others.
const attempts = 4

// transaction is the one place where statements meet the driver. now is read
// once the write lock is held, so that times and row order agree; who only
// reads is told the time.
type transaction struct {
	tx        *sql.Tx
	statement func(string) string
	now       time.Time
	head      *head // of history, once it was read
}

// write runs do in one transaction that keeps other writers out throughout.
// When it returns nil, all that do wrote is on the disk; otherwise nothing is,
// but for an error that says it is not known. do may be run more than once.
func (l *Ledger) write(ctx context.Context, op string, do func(context.Context, *transaction) error) error {
	return l.run(ctx, op, func(ctx context.Context) error {
		t, err := l.engine.beginWrite(ctx, l.writer)
		if err != nil {
			return err
		}
		return l.finish(ctx, t, do)
	})
}

// read runs do on one state of the database. It writes nothing.
func (l *Ledger) read(ctx context.Context, op string, do func(context.Context, *transaction) error) error {
	return l.run(ctx, op, func(ctx context.Context) error {
		tx, err := l.engine.beginRead(ctx, l.reader)
		if err != nil {
			return err
		}
		return l.finish(ctx, &transaction{tx: tx, statement: l.engine.statement}, do)
	})
}

func (l *Ledger) run(ctx context.Context, op string, once func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err := once(ctx)
	for n := 1; n < attempts && l.engine.again(err); n++ {
		err = once(ctx)
	}
	return l.failed(op, err)
}

func (l *Ledger) finish(ctx context.Context, t *transaction, do func(context.Context, *transaction) error) error {
	defer t.tx.Rollback() //nolint:errcheck // after a commit there is nothing to undo
	if err := do(ctx, t); err != nil {
		return err
	}
	if err := t.moveHead(ctx); err != nil {
		return err
	}
	return l.engine.commit(t.tx)
}

// failed is fail, but for what a closed ledger answers.
func (l *Ledger) failed(op string, err error) error {
	if err != nil && l.closed.Load() {
		return fail(op, errors.Join(errClosed, err))
	}
	return fail(op, err)
}

// exec runs a statement and gives how many rows it changed.
func (t *transaction) exec(ctx context.Context, statement string, args ...any) (int64, error) {
	result, err := t.tx.ExecContext(ctx, t.statement(statement), args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

func (t *transaction) row(ctx context.Context, statement string, args ...any) *sql.Row {
	return t.tx.QueryRowContext(ctx, t.statement(statement), args...)
}

// scanner is a row to read from.
type scanner interface{ Scan(into ...any) error }

// collect gives each row of a query as scan reads it.
func collect[T any](ctx context.Context, t *transaction, scan func(scanner) (T, error), statement string, args ...any) ([]T, error) {
	rows, err := t.tx.QueryContext(ctx, t.statement(statement), args...)
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

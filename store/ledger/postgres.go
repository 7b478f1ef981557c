package ledger

import (
	"context"
	"database/sql"
	"strconv"
	"strings"
	"time"

	"latchkey/bot"
)

// postgresEngine is the engine of a server that several replicas share. A
// transaction that writes locks the one row of history_head before anything
// else: writers queue there as they queue for the lock of a SQLite file, so
// what each counted stays true, history is one chain, and no two of them can
// wait for each other. docs/decisions says why not by account.
type postgresEngine struct {
	now func() time.Time // nil: the server's own clock, which all replicas share
}

// lockHead waits for the row. The clock is read by the outer query, so after
// the lock is held, however long that took.
const lockHead = `
	WITH locked AS MATERIALIZED (SELECT seq, hash FROM history_head FOR UPDATE)
	SELECT seq, hash, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint, current_setting('synchronous_commit') FROM locked`

func (p postgresEngine) beginWrite(ctx context.Context, db *sql.DB) (*transaction, error) {
	var t transaction
	tx, err := p.begin(ctx, db, &sql.TxOptions{Isolation: sql.LevelReadCommitted}, func(tx *sql.Tx) error {
		var at int64
		var durable string
		t = transaction{tx: tx, statement: p.statement, head: &head{}}
		if err := tx.QueryRowContext(ctx, lockHead).Scan(&t.head.seq, &t.head.hash, &at, &durable); err != nil {
			return err
		}
		if durable == "off" { // asked each time: it can be switched at any
			return bot.Ef(bot.Invalid, "begin", "The database server runs with synchronous_commit = off, so a crash would forget used codes and unlocks. Set it to on for the role and the database of Latchkey.")
		}
		if t.now = fromMicros(at); p.now != nil {
			t.now = p.now()
		}
		return nil
	})
	t.tx = tx
	return &t, err
}

func (p postgresEngine) beginRead(ctx context.Context, db *sql.DB) (*sql.Tx, error) {
	return p.begin(ctx, db, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}, func(*sql.Tx) error { return nil })
}

// begin begins a transaction. A connection that turns out to be one from
// before the server's restart is thrown away, and the next is tried: nothing
// was written yet, so that is safe.
func (postgresEngine) begin(ctx context.Context, db *sql.DB, options *sql.TxOptions, first func(*sql.Tx) error) (tx *sql.Tx, err error) {
	for range connections + 1 {
		if tx, err = db.BeginTx(ctx, options); err == nil {
			if err = first(tx); err == nil {
				return tx, nil
			}
			_ = tx.Rollback() // the first error is the one to tell
		}
		if !isLost(err) {
			break
		}
	}
	return nil, err
}

func (postgresEngine) commit(tx *sql.Tx) error {
	err := tx.Commit()
	if err == nil || isRefused(err) {
		return err
	}
	return unconfirmed{err}
}

// again: PostgreSQL has undone all of it, to let somebody else finish.
func (postgresEngine) again(err error) bool {
	switch codeOf(err) {
	case "40001", "40P01": // serialization_failure, deadlock_detected
		return true
	}
	return false
}

// statement numbers the placeholders. No statement of ours holds a question
// mark within a text.
func (postgresEngine) statement(s string) string {
	var b strings.Builder
	n := 0
	for i := range len(s) {
		if s[i] != '?' {
			b.WriteByte(s[i])
			continue
		}
		b.WriteByte('$')
		if i+1 == len(s) || s[i+1] < '0' || s[i+1] > '9' {
			n++
			b.WriteString(strconv.Itoa(n))
		}
	}
	return b.String()
}

func (postgresEngine) lasting(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, "SET LOCAL statement_timeout = 0")
	return err
}

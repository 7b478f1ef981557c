package ledger

import (
	"context"
	"iter"
	"time"

	"latchkey/bot"
)

// importing bounds EnrollAll. It is long, since all of it is one transaction,
// and others that write wait for as long.
const importing = 10 * time.Minute

// Enrolling is one of many enrollments with its history record.
type Enrolling struct {
	Enrollment bot.Enrollment
	Record     bot.Record
}

// EnrollAll does for each what Enroll does, all of them in one transaction: on
// an error, of all's own too, none is kept. all is read once, a piece at a
// time, while the write lock is held. It gives how many were enrolled.
// Conflict: an account has one of the types already, or an id is taken.
func (l *Ledger) EnrollAll(ctx context.Context, all iter.Seq2[Enrolling, error]) (n int, err error) {
	const op = "enroll many"
	ctx, cancel := context.WithTimeout(ctx, importing)
	defer cancel()
	t, err := l.engine.beginWrite(ctx, l.writer)
	if err != nil {
		return 0, l.failed(op, err)
	}
	err = l.finish(ctx, t, func(ctx context.Context, t *transaction) error {
		for one, err := range all {
			if err == nil {
				err = l.enrollOne(ctx, t, op, one)
			}
			if err != nil {
				return err
			}
			n++
		}
		return nil
	})
	if err != nil {
		return 0, l.failed(op, err)
	}
	return n, nil
}

// enrollOne leaves it to the table to say that a type is taken: that is one
// statement less for each of many.
func (l *Ledger) enrollOne(ctx context.Context, t *transaction, op string, one Enrolling) error {
	e := one.Enrollment
	if !whole(e) {
		return misuse(op, "an enrollment is incomplete")
	}
	err := fail(op, t.enroll(ctx, e))
	if bot.KindOf(err) == bot.Conflict {
		return &bot.Error{Kind: bot.Conflict, Op: op, Err: err, Text: "One of the accounts is enrolled with " + e.Type.Name() + " already. Nobody was enrolled."}
	}
	if err != nil {
		return err
	}
	_, err = l.append(ctx, t, one.Record)
	return err
}

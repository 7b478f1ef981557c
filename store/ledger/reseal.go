package ledger

import (
	"bytes"
	"context"
	"slices"

	"latchkey/bot"
)

// SealedPage gives at most n enrollments with their answers, by id, after the
// one that is named; "": from the first. Fewer than n are the last. Invalid: n
// is not 1 to 1000.
func (l *Ledger) SealedPage(ctx context.Context, after string, n int) ([]bot.Enrollment, error) {
	const op = "read sealed enrollments"
	if n < 1 || n > 1000 {
		return nil, misuse(op, "the number is not 1 to 1000")
	}
	var out []bot.Enrollment
	err := l.read(ctx, op, func(ctx context.Context, t *transaction) error {
		var err error
		out, err = t.withAnswers(ctx, `WHERE id > ? ORDER BY id LIMIT ?`, after, n)
		return err
	})
	return out, err
}

// Reseal puts the seed, the contact and the questions of now, sealed by another
// key, in the place of those of was, all or none, and reports whether it did:
// false where the enrollment is gone or any of them is no longer what was has.
// An Address that now has its seal in Contact is removed. Hashes stay, and
// history has nothing to say: what is sealed is the same. Invalid: now is not
// the same enrollment. Conflict: it lacks a seal that was has.
//
// The role that serves may do this: keys are changed while it serves, and
// database.owner_url is no part of that.
func (l *Ledger) Reseal(ctx context.Context, was, now bot.Enrollment) (bool, error) {
	const op = "reseal enrollment"
	sameID := func(a, b bot.Answer) bool { return a.ID == b.ID }
	if was.ID == "" || was.ID != now.ID || !slices.EqualFunc(was.Answers, now.Answers, sameID) {
		return false, misuse(op, "the two are not the same enrollment")
	}
	var done bool
	err := l.write(ctx, op, func(ctx context.Context, t *transaction) error {
		done = false
		has, err := t.withAnswers(ctx, `WHERE id = ?`, was.ID)
		if err != nil || len(has) == 0 || !sealedAlike(has[0], was) {
			return err
		}
		if err := t.reseal(ctx, now); err != nil {
			return err
		}
		done = true
		return nil
	})
	return done && err == nil, err
}

func sealedAlike(a, b bot.Enrollment) bool {
	return bytes.Equal(a.Seed, b.Seed) && bytes.Equal(a.Contact, b.Contact) && a.Address == b.Address &&
		slices.EqualFunc(a.Answers, b.Answers, func(a, b bot.Answer) bool { return a.ID == b.ID && bytes.Equal(a.Question, b.Question) })
}

func (t *transaction) reseal(ctx context.Context, e bot.Enrollment) error {
	_, err := t.exec(ctx, `UPDATE enrollments SET seed = ?, contact = ?, address = ? WHERE id = ?`, e.Seed, e.Contact, inClear(e), e.ID)
	if err != nil {
		return err
	}
	for _, a := range e.Answers {
		if _, err := t.exec(ctx, `UPDATE answers SET question = ? WHERE id = ?`, a.Question, a.ID); err != nil {
			return err
		}
	}
	return nil
}

// Overwritten brings what was overwritten out of the log beside a SQLite file,
// as far as nobody reads in that moment; what is left goes when the last process
// closes the file. A server's log is its administrator's.
func (l *Ledger) Overwritten(ctx context.Context) error {
	if _, ok := l.engine.(sqliteEngine); !ok {
		return nil
	}
	_, err := l.writer.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
	return fail("empty the log of the database", err)
}

// SealedNotices gives at most n notices whose recipient is sealed, due or not,
// by id, after the one that is named; "": from the first. Fewer than n are the
// last. Invalid: n is not 1 to 1000.
func (l *Ledger) SealedNotices(ctx context.Context, after string, n int) ([]bot.Notice, error) {
	const op = "read sealed recipients"
	if n < 1 || n > 1000 {
		return nil, misuse(op, "the number is not 1 to 1000")
	}
	var out []bot.Notice
	err := l.read(ctx, op, func(ctx context.Context, t *transaction) error {
		var err error
		out, err = collect(ctx, t, scanNotice, `
			SELECT id, kind, recipient, record, tries, next FROM outbox
			WHERE id > ? AND substr(recipient, 1, ?) = ? ORDER BY id LIMIT ?`, after, len(bot.SealedRecipient), bot.SealedRecipient, n)
		return err
	})
	return out, err
}

// ResealNotice puts the recipient of now, sealed by another key, in the place
// of that of was, and reports whether it did: false where the notice is
// delivered, or its recipient is no longer what was has. Whoever has the notice
// on lease keeps it. Invalid: now is not the same notice, or not sealed.
func (l *Ledger) ResealNotice(ctx context.Context, was, now bot.Notice) (bool, error) {
	const op = "reseal recipient"
	old, _, _ := was.Sealed()
	if row, _, ok := now.Sealed(); !ok || was.ID == "" || was.ID != now.ID || row != old {
		return false, misuse(op, "the two are not the same notice with its recipient sealed")
	}
	var n int64
	err := l.write(ctx, op, func(ctx context.Context, t *transaction) error {
		var err error
		n, err = t.exec(ctx, `UPDATE outbox SET recipient = ? WHERE id = ? AND recipient = ?`, now.To, was.ID, was.To)
		return err
	})
	return n == 1 && err == nil, err
}

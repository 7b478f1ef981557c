package ledger

import (
	"context"
	"time"

	"latchkey/bot"
)

// lockOut begins the role's authentication lockout when so many values in a
// row were wrong since the last right one, clearing or lockout, and gives its
// end; zero: it is not due.
func (t *transaction) lockOut(ctx context.Context, id bot.AccountID, m marks, rule bot.Lockout) (time.Time, error) {
	if rule.Failures < 1 || rule.Duration <= 0 {
		return time.Time{}, nil
	}
	row, err := t.wrongSince(ctx, id, max(m.cleared, m.right, m.lockedOut))
	if err != nil || row < rule.Failures {
		return time.Time{}, err
	}
	until := fromMicros(micros(t.now.Add(rule.Duration)))
	_, err = t.exec(ctx, `
		INSERT INTO lockouts (store, guid, after_attempt, at, until)
		VALUES (?1, ?2, coalesce((SELECT max(seq) FROM attempts WHERE store = ?1 AND guid = ?2), 0), ?3, ?4)`,
		id.Store, id.GUID, micros(t.now), micros(until))
	return until, err
}

// Clear lifts the authentication lockout and the stop of an account, and lets
// its counters begin anew; its history record is written with it. The counter
// of the whole fleet stays. `latchkey unblock` calls it.
func (l *Ledger) Clear(ctx context.Context, id bot.AccountID, r bot.Record) error {
	const op = "clear authentication lockout"
	if id.IsZero() {
		return misuse(op, "no account is named")
	}
	return l.write(ctx, op, func(ctx context.Context, t *transaction) error {
		_, err := t.exec(ctx, `
			INSERT INTO clearings (store, guid, after_attempt, at)
			VALUES (?1, ?2, coalesce((SELECT max(seq) FROM attempts WHERE store = ?1 AND guid = ?2), 0), ?3)`,
			id.Store, id.GUID, micros(t.now))
		if err != nil {
			return err
		}
		if err := t.liftLockout(ctx, id); err != nil {
			return err
		}
		_, err = l.append(ctx, t, r)
		return err
	})
}

// EndLockout lifts the authentication lockout of an account, and nothing else:
// the wrong values of the day and those in a row go on counting, and a stop
// stays. Its history record is written with it.
func (l *Ledger) EndLockout(ctx context.Context, id bot.AccountID, r bot.Record) error {
	const op = "end authentication lockout"
	if id.IsZero() {
		return misuse(op, "no account is named")
	}
	return l.write(ctx, op, func(ctx context.Context, t *transaction) error {
		if err := t.liftLockout(ctx, id); err != nil {
			return err
		}
		_, err := l.append(ctx, t, r)
		return err
	})
}

func (t *transaction) liftLockout(ctx context.Context, id bot.AccountID) error {
	_, err := t.exec(ctx, `UPDATE lockouts SET lifted = ? WHERE store = ? AND guid = ? AND lifted = 0`, micros(t.now), id.Store, id.GUID)
	return err
}

package ledger

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"latchkey/bot"
)

// The windows of the counters.
const (
	day  = 24 * time.Hour
	hour = time.Hour
)

// Standing gives the counters of an account at now. wrongInARow is the number
// that stops it; 0: nothing does. A clearing sets both counters to 0, a right
// value the one in a row.
func (l *Ledger) Standing(ctx context.Context, id bot.AccountID, now time.Time, wrongInARow int) (bot.Standing, error) {
	var s bot.Standing
	err := l.read(ctx, "read standing", func(ctx context.Context, t *transaction) error {
		var err error
		s, err = t.standing(ctx, id, now, wrongInARow)
		return err
	})
	return s, err
}

func (t *transaction) standing(ctx context.Context, id bot.AccountID, now time.Time, wrongInARow int) (bot.Standing, error) {
	m, err := t.marks(ctx, id)
	if err != nil {
		return bot.Standing{}, err
	}
	s := bot.Standing{}
	err = t.row(ctx, `
		SELECT count(*) FROM attempts
		WHERE store = ? AND guid = ? AND seq > ? AND at > ? AND (result IS NULL OR result <> 'right')`,
		id.Store, id.GUID, m.cleared, micros(now.Add(-day))).Scan(&s.WrongToday)
	if err != nil {
		return s, err
	}
	if s.WrongInARow, err = t.wrongSince(ctx, id, max(m.cleared, m.right)); err != nil {
		return s, err
	}
	s.Stopped = wrongInARow > 0 && s.WrongInARow >= wrongInARow
	if m.lockedOutUntil.After(now) {
		s.LockedOutUntil = m.lockedOutUntil
	}
	return s, nil
}

// marks are the points in the account's row of tries from which it is counted.
type marks struct {
	cleared, right, lockedOut int64 // the last try before a clearing, the last right one, the last before a lockout
	lockedOutUntil            time.Time
}

func (t *transaction) marks(ctx context.Context, id bot.AccountID) (marks, error) {
	var m marks
	var until int64
	err := t.row(ctx, `
		SELECT
		  coalesce((SELECT max(after_attempt) FROM clearings WHERE store = ?1 AND guid = ?2), 0),
		  coalesce((SELECT max(seq) FROM attempts WHERE store = ?1 AND guid = ?2 AND result = 'right'), 0),
		  coalesce((SELECT max(after_attempt) FROM lockouts WHERE store = ?1 AND guid = ?2), 0),
		  coalesce((SELECT max(until) FROM lockouts WHERE store = ?1 AND guid = ?2 AND lifted = 0), 0)`,
		id.Store, id.GUID).Scan(&m.cleared, &m.right, &m.lockedOut, &until)
	m.lockedOutUntil = fromMicros(until)
	return m, err
}

func (t *transaction) wrongSince(ctx context.Context, id bot.AccountID, seq int64) (n int, err error) {
	err = t.row(ctx, `
		SELECT count(*) FROM attempts
		WHERE store = ? AND guid = ? AND seq > ? AND (result IS NULL OR result <> 'right')`,
		id.Store, id.GUID, seq).Scan(&n)
	return n, err
}

// forbidden says which limit keeps the account from another try, the most
// lasting first, and until when.
func (t *transaction) forbidden(ctx context.Context, id bot.AccountID, limits bot.AttemptLimits) (bot.Reason, time.Time, error) {
	none := time.Time{}
	m, err := t.marks(ctx, id)
	if err != nil {
		return "", none, err
	}
	row, err := t.wrongSince(ctx, id, max(m.cleared, m.right))
	if err != nil {
		return "", none, err
	}
	if row >= limits.WrongInARow {
		return bot.TargetStopped, none, nil
	}
	if m.lockedOutUntil.After(t.now) {
		return bot.AuthenticationOff, m.lockedOutUntil, nil
	}
	// Tries that were begun and never settled reach the lockout here.
	if until, err := t.lockOut(ctx, id, m, limits.Lockout); err != nil || !until.IsZero() {
		return bot.AuthenticationOff, until, err
	}
	at, err := t.oldest(ctx, `store = ? AND guid = ? AND seq > ? AND at > ?`, limits.WrongPerDay,
		id.Store, id.GUID, m.cleared, micros(t.now.Add(-day)))
	if err != nil || !at.IsZero() {
		return bot.TooManyWrong, at.Add(day), err
	}
	at, err = t.oldest(ctx, `at > ?`, limits.FleetWrongPerHour, micros(t.now.Add(-hour)))
	if err != nil || !at.IsZero() {
		return bot.FleetLimit, at.Add(hour), err
	}
	return "", none, nil
}

// oldest gives the time of the wrong try that has to leave the window before
// there is room for another; zero: there is room.
func (t *transaction) oldest(ctx context.Context, where string, limit int, args ...any) (time.Time, error) {
	var at int64
	err := t.row(ctx, `SELECT at FROM attempts WHERE `+where+` AND (result IS NULL OR result <> 'right')
		ORDER BY at DESC LIMIT 1 OFFSET ?`, append(args, limit-1)...).Scan(&at)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil
	}
	return fromMicros(at), err
}

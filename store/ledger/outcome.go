package ledger

import (
	"context"
	"time"

	"latchkey/bot"
)

// Settle writes outcome, history and outbox in one transaction. NotFound:
// there is no such intent. Conflict: it has an outcome already.
func (l *Ledger) Settle(ctx context.Context, o bot.Outcome, r bot.Record, notices []bot.Notice) error {
	const op = "settle unlock"
	switch o.Result {
	case bot.Applied, bot.UnlockedNotByUs, bot.NotApplied, bot.RanOut, bot.LockedAgain, bot.Unknown:
	default:
		return misuse(op, "the result is not one that an unlock can have")
	}
	return l.write(ctx, op, func(ctx context.Context, t *transaction) error {
		at := o.At
		if at.IsZero() {
			at = t.now
		}
		n, err := t.exec(ctx, `UPDATE intents SET result = ?, why = ?, detail = ?, settled = ? WHERE id = ? AND result IS NULL`,
			o.Result, o.Why, o.Detail, micros(at), o.Intent)
		if err != nil {
			return err
		}
		if n == 0 {
			return t.unsettleable(ctx, o.Intent)
		}
		return l.appendWith(ctx, t, r, notices)
	})
}

// unsettleable tells an intent that has its outcome from one that never was.
func (t *transaction) unsettleable(ctx context.Context, id string) error {
	var there bool
	err := t.row(ctx, `SELECT EXISTS (SELECT 1 FROM intents WHERE id = ?)`, id).Scan(&there)
	switch {
	case err != nil:
		return err
	case there:
		return bot.E(bot.Conflict, "settle unlock", nil)
	}
	return bot.E(bot.NotFound, "settle unlock", nil)
}

// UnlockState gives how many unlocks of the account since the time did happen
// or may have, and whether one is under way. Not applied and run out did not
// happen; open, unknown and locked again may have.
func (l *Ledger) UnlockState(ctx context.Context, id bot.AccountID, since time.Time) (n int, underWay bool, err error) {
	err = l.read(ctx, "read unlocks", func(ctx context.Context, t *transaction) error {
		var err error
		n, underWay, err = t.unlockState(ctx, id, since)
		return err
	})
	return n, underWay, err
}

func (t *transaction) unlockState(ctx context.Context, id bot.AccountID, since time.Time) (n int, underWay bool, err error) {
	err = t.row(ctx, `
		SELECT
		  (SELECT count(*) FROM intents WHERE store = ?1 AND guid = ?2 AND at >= ?3 AND (result IS NULL OR result NOT IN (?4, ?5))),
		  EXISTS (SELECT 1 FROM intents WHERE store = ?1 AND guid = ?2 AND result IS NULL)`,
		id.Store, id.GUID, micros(since), bot.NotApplied, bot.RanOut).Scan(&n, &underWay)
	return n, underWay, err
}

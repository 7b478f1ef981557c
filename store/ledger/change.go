package ledger

import (
	"cmp"
	"context"

	"latchkey/bot"
)

// ChangeEnrollment is a person's own change: it adds e, puts it in the place of
// what the account has of its type, or removes that, with history and outbox.
// Conflict: what is there is not what is to be changed, or the record's id is
// taken, so that of two changes that bear one id, one is made.
func (l *Ledger) ChangeEnrollment(ctx context.Context, do bot.Doing, e bot.Enrollment, r bot.Record, notices ...bot.Notice) error {
	const op = "change enrollment"
	known := do == bot.Adding || do == bot.Changing || do == bot.Removing
	if !known || e.Account.Store == "" || e.Account.GUID == "" || !e.Type.Valid() || r.ID == "" || do != bot.Removing && !whole(e) {
		return misuse(op, "the change is incomplete")
	}
	return l.write(ctx, op, func(ctx context.Context, t *transaction) error {
		if do != bot.Adding {
			n, err := t.exec(ctx, `DELETE FROM enrollments WHERE store = ? AND guid = ? AND type = ?`, e.Account.Store, e.Account.GUID, e.Type)
			if err != nil {
				return err
			}
			if n == 0 {
				return bot.E(bot.Conflict, op, nil)
			}
		}
		if do != bot.Removing {
			if err := t.enroll(ctx, e); err != nil {
				return err
			}
		}
		return l.appendWith(ctx, t, r, notices)
	})
}

// ChangeLink is a person's own change of a link: it links the two accounts, or
// removes the link, with history (of each account a record, the first of them
// bears the proof's id) and outbox. Conflict: they are linked already, one of
// them is to another account of the store, or the record's id is taken.
// NotFound: there is no such link.
func (l *Ledger) ChangeLink(ctx context.Context, do bot.Doing, a, b bot.AccountID, records []bot.Record, notices ...bot.Notice) error {
	const op = "change link"
	if do != bot.Linking && do != bot.Unlinking || a.Store == b.Store || a.GUID == "" || b.GUID == "" || len(records) == 0 || records[0].ID == "" {
		return misuse(op, "the change is incomplete")
	}
	return l.write(ctx, op, func(ctx context.Context, t *transaction) error {
		if do == bot.Unlinking {
			if err := t.unlink(ctx, a, b); err != nil {
				return err
			}
		} else if made, err := t.link(ctx, a, b); err != nil || !made {
			return cmp.Or(err, bot.Ef(bot.Conflict, op, "These accounts are linked already."))
		}
		if err := l.appendAll(ctx, t, records[1:]); err != nil {
			return err
		}
		return l.appendWith(ctx, t, records[0], notices)
	})
}

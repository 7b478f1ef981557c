package ledger

import (
	"context"
	"fmt"
	"slices"
	"time"

	"latchkey/bot"
)

// week is the window in which the freezes of a person are counted.
const week = 7 * day

// Freeze forbids unlocking the accounts from the ledger's time until f.Until,
// and writes history and notices with it. Where perWeek freezes of any of them
// were made within the last seven days, lifted ones too, it holds nobody: the
// record's Detail says so, and all else is written. Invalid: a part of f is
// missing. Conflict: the id is taken.
func (l *Ledger) Freeze(ctx context.Context, f bot.Freeze, perWeek int, r bot.Record, notices ...bot.Notice) (held bool, err error) {
	const op = "freeze unlocking"
	if f.ID == "" || len(f.Accounts) == 0 || f.Until.IsZero() {
		return false, misuse(op, "the freeze is incomplete")
	}
	ids, err := accounts(f.Accounts)
	if err != nil {
		return false, misuse(op, err.Error())
	}
	err = l.write(ctx, op, func(ctx context.Context, t *transaction) error {
		var had int
		err := t.row(ctx, `SELECT count(DISTINCT id) FROM freezes WHERE (store, guid) IN (`+values(len(f.Accounts))+`) AND at > ?`,
			append(slices.Clone(ids), micros(t.now.Add(-week)))...).Scan(&had)
		if err != nil {
			return err
		}
		written := r
		if held = had < perWeek; held {
			err = t.freeze(ctx, f)
		} else {
			written.Detail = joined(r.Detail, fmt.Sprintf("unlocking was not frozen: the limit of %d within 7 days is reached", perWeek))
		}
		if err != nil {
			return err
		}
		return l.appendWith(ctx, t, written, notices)
	})
	return held && err == nil, err
}

func (t *transaction) freeze(ctx context.Context, f bot.Freeze) error {
	for i, id := range f.Accounts {
		if slices.Contains(f.Accounts[:i], id) {
			continue
		}
		_, err := t.exec(ctx, `INSERT INTO freezes (id, store, guid, at, until) VALUES (?, ?, ?, ?, ?)`,
			f.ID, id.Store, id.GUID, micros(t.now), micros(f.Until))
		if err != nil {
			return err
		}
	}
	return nil
}

// joined is the detail of a record with what the ledger adds.
func joined(detail, more string) string {
	if detail == "" {
		return more
	}
	return detail + "; " + more
}

// Frozen gives until when any of the accounts is frozen at now; zero: none is.
func (l *Ledger) Frozen(ctx context.Context, ids []bot.AccountID, now time.Time) (until time.Time, err error) {
	const op = "read freezes"
	if len(ids) == 0 {
		return time.Time{}, nil
	}
	if _, err := accounts(ids); err != nil {
		return time.Time{}, misuse(op, err.Error())
	}
	err = l.read(ctx, op, func(ctx context.Context, t *transaction) error {
		var err error
		until, err = t.frozen(ctx, now, ids...)
		return err
	})
	return until, err
}

func (t *transaction) frozen(ctx context.Context, now time.Time, ids ...bot.AccountID) (time.Time, error) {
	args, err := accounts(ids)
	if err != nil {
		return time.Time{}, err
	}
	var until int64
	err = t.row(ctx, `SELECT coalesce(max(until), 0) FROM freezes WHERE (store, guid) IN (`+values(len(ids))+`) AND until > ? AND lifted = 0`,
		append(args, micros(now))...).Scan(&until)
	return fromMicros(until), err
}

// Lift ends every freeze that holds any of the accounts at the ledger's time,
// for all accounts that it holds, since it is one person's. NotFound: there is
// none.
func (l *Ledger) Lift(ctx context.Context, ids []bot.AccountID, r bot.Record, notices ...bot.Notice) error {
	const op = "lift freeze"
	args, err := accounts(ids)
	if err != nil || len(ids) == 0 {
		return misuse(op, "no account is named, or an empty one")
	}
	return l.write(ctx, op, func(ctx context.Context, t *transaction) error {
		all := append([]any{micros(t.now), micros(t.now)}, args...)
		n, err := t.exec(ctx, `
			UPDATE freezes SET lifted = ? WHERE lifted = 0 AND until > ?
			AND id IN (SELECT id FROM freezes WHERE (store, guid) IN (`+values(len(ids))+`))`, all...)
		if err != nil {
			return err
		}
		if n == 0 {
			return bot.Ef(bot.NotFound, op, "Unlocking is not frozen for this user.")
		}
		return l.appendWith(ctx, t, r, notices)
	})
}

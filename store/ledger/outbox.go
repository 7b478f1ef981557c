package ledger

import (
	"context"
	"encoding/json"
	"time"

	"latchkey/bot"
)

// post puts a notice into the outbox; without an id it gets one, without a
// time it is due at once.
func (l *Ledger) post(ctx context.Context, t *transaction, n bot.Notice) error {
	if n.ID == "" {
		n.ID = l.newID()
	}
	if n.Next.IsZero() {
		n.Next = t.now
	}
	record, err := json.Marshal(rowOf(n.Record))
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO outbox (id, kind, recipient, record, tries, next) VALUES (?, ?, ?, ?, ?, ?)`,
		n.ID, n.Kind, text(n.To), string(record), n.Tries, micros(n.Next))
	return err
}

// Remember puts a notice into the outbox that is about no record of history.
// Conflict: its id is taken.
func (l *Ledger) Remember(ctx context.Context, n bot.Notice) error {
	return l.write(ctx, "remember notice", func(ctx context.Context, t *transaction) error { return l.post(ctx, t, n) })
}

// Due gives at most n notices whose time has come, the longest due first, and
// holds them for the lease: nobody else gets them until it is over, and then
// they are due again. Tries counts this time too. Next is the lease's end.
func (l *Ledger) Due(ctx context.Context, now time.Time, n int, lease time.Duration) ([]bot.Notice, error) {
	const op = "take due notices"
	if n < 1 || lease <= 0 {
		return nil, misuse(op, "number and lease have to be above 0")
	}
	var out []bot.Notice
	err := l.write(ctx, op, func(ctx context.Context, t *transaction) error {
		var err error
		out, err = collect(ctx, t, scanNotice, `
			SELECT id, kind, recipient, record, tries, next FROM outbox WHERE next <= ? ORDER BY next, id LIMIT ?`, micros(now), n)
		if err != nil {
			return err
		}
		for i := range out {
			out[i].Tries, out[i].Next = out[i].Tries+1, fromMicros(micros(now.Add(lease)))
			if _, err := t.exec(ctx, `UPDATE outbox SET tries = ?, next = ? WHERE id = ?`, out[i].Tries, micros(out[i].Next), out[i].ID); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func scanNotice(from scanner) (n bot.Notice, err error) {
	var next int64
	var record string
	if err := from.Scan(&n.ID, &n.Kind, &n.To, &record, &n.Tries, &next); err != nil {
		return n, err
	}
	var w row
	if err := json.Unmarshal([]byte(record), &w); err != nil {
		return n, err
	}
	n.Record, n.Next = w.record(), fromMicros(next)
	return n, nil
}

// Done removes a delivered notice. One that is gone already is no error:
// delivery is at least once, and another deliverer may have been as quick.
func (l *Ledger) Done(ctx context.Context, id string) error {
	return l.write(ctx, "remove notice", func(ctx context.Context, t *transaction) error {
		_, err := t.exec(ctx, `DELETE FROM outbox WHERE id = ?`, id)
		return err
	})
}

// Later puts a notice off until next, and ends its lease. One that is gone
// already stays so.
func (l *Ledger) Later(ctx context.Context, id string, next time.Time) error {
	return l.write(ctx, "put notice off", func(ctx context.Context, t *transaction) error {
		_, err := t.exec(ctx, `UPDATE outbox SET next = ? WHERE id = ?`, micros(next), id)
		return err
	})
}

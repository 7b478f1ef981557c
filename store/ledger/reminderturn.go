package ledger

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"latchkey/bot"
)

// TakeReminder takes the next person of the job that has waited longest, no
// sooner than pace after the one before. That is committed before it is given:
// whoever gets it mails at most once, and after a crash nobody does.
func (l *Ledger) TakeReminder(ctx context.Context, pace time.Duration) (turn bot.ReminderTurn, wait time.Duration, ok bool, err error) {
	const op = "take reminder"
	if pace <= 0 {
		return turn, 0, false, misuse(op, "the pace has to be above 0")
	}
	if idle, err := l.none(ctx, op, `SELECT count(*) FROM reminder_jobs WHERE ended = 0`); err != nil || idle {
		return turn, 0, false, err
	}
	err = l.write(ctx, op, func(ctx context.Context, t *transaction) error {
		turn, wait, ok = bot.ReminderTurn{}, 0, false
		if err := t.forget(ctx); err != nil {
			return err
		}
		next, waits, err := t.pace(ctx)
		if err != nil {
			return err
		}
		jobs, err := collect(ctx, t, scanJob, `SELECT `+jobColumns+` FROM reminder_jobs WHERE ended = 0 ORDER BY taken, id LIMIT 100`)
		if err != nil || len(jobs) == 0 {
			return err
		}
		if wait = next.Sub(t.now); wait > 0 {
			return nil
		}
		wait = time.Second // only those are left whose outcome is waited for
		for _, j := range jobs {
			var over bool
			turn, over, err = t.takeOf(ctx, j)
			if err != nil {
				return err
			}
			if ok = over || !turn.Account.IsZero(); !ok {
				continue
			}
			turn.Waits, wait = waits, 0
			if over {
				return nil
			}
			_, err = t.exec(ctx, `UPDATE reminder_pace SET next = ? WHERE id = 1`, micros(t.now.Add(pace)))
			return err
		}
		return nil
	})
	if err != nil {
		return bot.ReminderTurn{}, 0, false, err
	}
	return turn, wait, ok, nil
}

// none reports whether a query counts nothing: most of the time there is
// nothing to do, and nobody is kept waiting for that.
func (l *Ledger) none(ctx context.Context, op, counting string) (bool, error) {
	var n int
	err := l.read(ctx, op, func(ctx context.Context, t *transaction) error { return t.row(ctx, counting).Scan(&n) })
	return n == 0, err
}

// takeOf takes a person of the job; over: nobody of it is left.
func (t *transaction) takeOf(ctx context.Context, j bot.ReminderJob) (turn bot.ReminderTurn, over bool, err error) {
	for range takenAtOnce {
		turn = bot.ReminderTurn{Job: j, Taken: fromMicros(micros(t.now))}
		err := t.row(ctx, `SELECT n, store, guid, tries FROM reminder_people WHERE job = ? AND state = 'waiting' ORDER BY tries, n LIMIT 1`, j.ID).
			Scan(&turn.N, &turn.Account.Store, &turn.Account.GUID, &turn.Tries)
		if errors.Is(err, sql.ErrNoRows) {
			var taken int
			err := t.row(ctx, `SELECT count(*) FROM reminder_people WHERE job = ? AND state = 'taken'`, j.ID).Scan(&taken)
			return bot.ReminderTurn{Job: j}, taken == 0, err
		}
		if err != nil {
			return turn, false, err
		}
		turn.Tries++
		others, err := t.lately(ctx, j.ID, turn.Account)
		if err != nil {
			return turn, false, err
		}
		state := bot.RemindTaken
		if others {
			state = bot.RemindRecent
		}
		_, err = t.exec(ctx, `UPDATE reminder_people SET state = ?, tries = ?, at = ? WHERE job = ? AND n = ?`, string(state), turn.Tries, micros(t.now), j.ID, turn.N)
		if err != nil {
			return turn, false, err
		}
		if !others {
			_, err := t.exec(ctx, `UPDATE reminder_jobs SET taken = ? WHERE id = ?`, micros(t.now), j.ID)
			return turn, false, err
		}
	}
	return bot.ReminderTurn{Job: j}, false, nil
}

// lately reports whether another job mailed the person within a day, or may have.
func (t *transaction) lately(ctx context.Context, job string, id bot.AccountID) (bool, error) {
	var n int
	err := t.row(ctx, `SELECT count(*) FROM reminder_people WHERE store = ? AND guid = ? AND at > ? AND job <> ? AND state IN ('taken', 'sent', 'unknown')`,
		id.Store, id.GUID, micros(t.now.Add(-lately)), job).Scan(&n)
	return n > 0, err
}

// forget ends the leases that are over: whoever held one may have mailed.
func (t *transaction) forget(ctx context.Context) error {
	_, err := t.exec(ctx, `UPDATE reminder_people SET state = 'unknown' WHERE state = 'taken' AND at <= ?`, micros(t.now.Add(-reminderLease)))
	return err
}

func (t *transaction) pace(ctx context.Context) (next time.Time, waits int, err error) {
	var at int64
	err = t.row(ctx, `SELECT next, waits FROM reminder_pace WHERE id = 1`).Scan(&at, &waits)
	return fromMicros(at), waits, err
}

// SettleReminder writes what became of a turn, with history records. Conflict:
// that is written already.
func (l *Ledger) SettleReminder(ctx context.Context, turn bot.ReminderTurn, became bot.ReminderState, records ...bot.Record) error {
	const op = "settle reminder"
	return l.write(ctx, op, func(ctx context.Context, t *transaction) error {
		if err := t.became(ctx, op, turn, became); err != nil {
			return err
		}
		statement, args := `UPDATE reminder_pace SET next = ? WHERE id = 1 AND next > ? AND waits = 0`, []any{micros(t.now), micros(t.now)}
		switch became {
		case bot.RemindSent, bot.RemindRefused:
			statement, args = `UPDATE reminder_pace SET waits = 0 WHERE id = 1`, nil
		case bot.RemindUnknown:
			return l.appendAll(ctx, t, records)
		}
		if _, err := t.exec(ctx, statement, args...); err != nil {
			return err
		}
		return l.appendAll(ctx, t, records)
	})
}

// became settles a turn that is open, or whose lease has run out.
func (t *transaction) became(ctx context.Context, op string, turn bot.ReminderTurn, state bot.ReminderState) error {
	n, err := t.exec(ctx, `UPDATE reminder_people SET state = ? WHERE job = ? AND n = ? AND at = ? AND state IN ('taken', 'unknown')`,
		string(state), turn.Job.ID, turn.N, micros(turn.Taken))
	if err == nil && n == 0 {
		return bot.E(bot.Conflict, op, nil)
	}
	return err
}

// PutOffReminder gives a turn back; nobody of any job is taken before wait is over.
func (l *Ledger) PutOffReminder(ctx context.Context, turn bot.ReminderTurn, wait time.Duration, asked bool) error {
	const op = "put reminder off"
	return l.write(ctx, op, func(ctx context.Context, t *transaction) error {
		if err := t.became(ctx, op, turn, bot.RemindWaiting); err != nil {
			return err
		}
		if !asked {
			_, err := t.exec(ctx, `UPDATE reminder_people SET tries = tries - 1 WHERE job = ? AND n = ?`, turn.Job.ID, turn.N)
			if err != nil {
				return err
			}
		}
		_, err := t.exec(ctx, `UPDATE reminder_pace SET next = ?, waits = waits + ? WHERE id = 1`, micros(t.now.Add(wait)), number(asked))
		return err
	})
}

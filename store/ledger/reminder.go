package ledger

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"latchkey/bot"
)

const (
	// reminderLease is how long a person who was taken may be without an outcome.
	reminderLease = 2 * time.Minute
	// lately is within what time nobody is reminded twice, by whatever job.
	lately = day
	// peopleAtOnce is how many people one statement writes.
	peopleAtOnce = 500
	// takenAtOnce is how many people one call passes over.
	takenAtOnce = 200
)

// BeginReminders writes a job with everybody who is to be reminded, and the
// history record with which it begins. Conflict: the agent has one that runs.
func (l *Ledger) BeginReminders(ctx context.Context, j bot.ReminderJob, who []bot.AccountID) error {
	const op = "begin reminders"
	if j.ID == "" || j.Agent.Store == "" || j.Agent.GUID == "" || len(who) == 0 {
		return misuse(op, "the job is incomplete")
	}
	if _, err := accounts(who); err != nil {
		return misuse(op, err.Error())
	}
	return l.write(ctx, op, func(ctx context.Context, t *transaction) error {
		var running int
		err := t.row(ctx, `SELECT count(*) FROM reminder_jobs WHERE agent_store = ? AND agent_guid = ? AND ended = 0`, j.Agent.Store, j.Agent.GUID).Scan(&running)
		if err != nil {
			return err
		}
		if running > 0 {
			return bot.Ef(bot.Conflict, op, "Reminders of yours are under way already. Stop them, or wait until they are done.")
		}
		record, err := json.Marshal(rowOf(j.Record))
		if err != nil {
			return err
		}
		_, err = t.exec(ctx, `INSERT INTO reminder_jobs (id, agent_store, agent_guid, chat, record, types, began) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			j.ID, j.Agent.Store, j.Agent.GUID, text(j.Chat.String()), string(record), joinTypes(j.Types), micros(t.now))
		if err != nil {
			return err
		}
		if err := t.addPeople(ctx, j.ID, who); err != nil {
			return err
		}
		return l.appendWith(ctx, t, j.Record, nil)
	})
}

func (t *transaction) addPeople(ctx context.Context, job string, who []bot.AccountID) error {
	n := 0
	for some := range slices.Chunk(who, peopleAtOnce) {
		var args []any
		for _, id := range some {
			args = append(args, job, n, id.Store, id.GUID)
			n++
		}
		_, err := t.exec(ctx, `INSERT INTO reminder_people (job, n, store, guid) VALUES (?, ?, ?, ?)`+strings.Repeat(`, (?, ?, ?, ?)`, len(some)-1), args...)
		if err != nil {
			return err
		}
	}
	return nil
}

const jobColumns = `id, agent_store, agent_guid, chat, record, types, began, ended, how, card`

func scanJob(from scanner) (j bot.ReminderJob, err error) {
	var chat, record, types string
	var began, ended int64
	if err := from.Scan(&j.ID, &j.Agent.Store, &j.Agent.GUID, &chat, &record, &types, &began, &ended, &j.How, &j.Card); err != nil {
		return j, err
	}
	var w row
	if err := json.Unmarshal([]byte(record), &w); err != nil {
		return j, err
	}
	j.Chat, _ = bot.ParseChatter(chat)
	j.Record, j.Types, j.Began, j.Ended = w.record(), splitTypes(types), fromMicros(began), fromMicros(ended)
	return j, nil
}

// RunningReminders gives the agent's job that runs, with counts; NotFound
// where none does.
func (l *Ledger) RunningReminders(ctx context.Context, agent bot.AccountID) (j bot.ReminderJob, err error) {
	const op = "read reminders"
	err = l.read(ctx, op, func(ctx context.Context, t *transaction) error {
		j, err = scanJob(t.row(ctx, `SELECT `+jobColumns+` FROM reminder_jobs WHERE agent_store = ? AND agent_guid = ? AND ended = 0`, agent.Store, agent.GUID))
		if errors.Is(err, sql.ErrNoRows) {
			return bot.Ef(bot.NotFound, op, "No reminders of yours are under way.")
		}
		if err != nil {
			return err
		}
		return t.countPeople(ctx, &j)
	})
	return j, err
}

func (t *transaction) countPeople(ctx context.Context, j *bot.ReminderJob) error {
	j.Counts = bot.JobCounts{}
	_, err := collect(ctx, t, func(from scanner) (struct{}, error) {
		var state bot.ReminderState
		var n int
		err := from.Scan(&state, &n)
		j.Counts[state] = n
		return struct{}{}, err
	}, `SELECT state, count(*) FROM reminder_people WHERE job = ? GROUP BY state`, j.ID)
	return err
}

// EndReminders ends a job with a history record, to whose Detail it adds the
// counts. Conflict: it has ended, or there is none.
func (l *Ledger) EndReminders(ctx context.Context, id string, how bot.JobEnd, r bot.Record) error {
	const op = "end reminders"
	if how == "" {
		return misuse(op, "it is not said how")
	}
	return l.write(ctx, op, func(ctx context.Context, t *transaction) error {
		n, err := t.exec(ctx, `UPDATE reminder_jobs SET ended = ?, how = ?, shown = 0 WHERE id = ? AND ended = 0`, micros(t.now), string(how), id)
		if err != nil {
			return err
		}
		if n == 0 {
			return bot.Ef(bot.Conflict, op, "These reminders have ended.")
		}
		if err := t.forget(ctx); err != nil {
			return err
		}
		j := bot.ReminderJob{ID: id}
		if err := t.countPeople(ctx, &j); err != nil {
			return err
		}
		r.Detail = joined(r.Detail, j.Counts.String())
		return l.appendWith(ctx, t, r, nil)
	})
}

// DueReports gives at most 100 jobs whose agents are to be told how far they
// are, and holds each for as long as every.
func (l *Ledger) DueReports(ctx context.Context, every time.Duration) (due []bot.ReminderJob, err error) {
	const op = "take reports"
	if idle, err := l.none(ctx, op, `SELECT count(*) FROM reminder_jobs WHERE reported = 0`); err != nil || idle {
		return nil, err
	}
	err = l.write(ctx, op, func(ctx context.Context, t *transaction) error {
		var err error
		due, err = collect(ctx, t, scanJob, `SELECT `+jobColumns+` FROM reminder_jobs WHERE reported = 0 AND shown <= ? ORDER BY shown, id LIMIT 100`,
			micros(t.now.Add(-every)))
		if err != nil {
			return err
		}
		next, waits, err := t.pace(ctx)
		if err != nil {
			return err
		}
		for i := range due {
			if _, err := t.exec(ctx, `UPDATE reminder_jobs SET shown = ? WHERE id = ?`, micros(t.now), due[i].ID); err != nil {
				return err
			}
			if err := t.countPeople(ctx, &due[i]); err != nil {
				return err
			}
			if waits > 0 && next.After(t.now) {
				due[i].Until = next
			}
		}
		return nil
	})
	return due, err
}

// Reported keeps the reference of the line by which the agent is told; last:
// it says how the job ended, and nothing more is to be said.
func (l *Ledger) Reported(ctx context.Context, id, card string, last bool) error {
	return l.write(ctx, "keep report", func(ctx context.Context, t *transaction) error {
		_, err := t.exec(ctx, `UPDATE reminder_jobs SET card = ?, reported = ? WHERE id = ?`, text(card), number(last), id)
		return err
	})
}

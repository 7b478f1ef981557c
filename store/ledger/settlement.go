package ledger

import (
	"context"
	"database/sql"
	"errors"

	"latchkey/bot"
)

// The results of a settled try.
const (
	resultRight    = "right"
	resultWrong    = "wrong"
	resultReplayed = "replayed"
)

// usedBefore stands in the record of a right value that was used before.
const usedBefore = "the value was right, but it was used before"

// SettleAttempt closes a begun try, once: Conflict on the second call,
// NotFound where no such try was begun. Result, used step, evidence, history
// and the role's lockout are one transaction.
//
// A right value that was used before (its step is not above the last one of
// the enrollment, or its challenge was passed already) is not right: it counts
// as a wrong value, so that whoever overheard a code learns nothing for
// nothing, and its record says failure and why.
func (l *Ledger) SettleAttempt(ctx context.Context, s bot.Settlement) (bot.Settled, error) {
	const op = "settle attempt"
	var out bot.Settled
	err := l.write(ctx, op, func(ctx context.Context, t *transaction) error {
		out = bot.Settled{}
		c, err := t.challenge(ctx, s.Attempt.Challenge)
		if err != nil {
			return err
		}
		stopsAfter, err := t.unsettled(ctx, s.Attempt)
		if err != nil {
			return err
		}
		if why := contradiction(c, s); why != "" {
			return misuse(op, why)
		}
		result, err := t.judge(ctx, c, s)
		if err != nil {
			return err
		}
		out.Right, out.Replayed = result == resultRight, result == resultReplayed
		if err := t.close(ctx, s, result); err != nil {
			return err
		}
		r := s.Record
		if out.Replayed {
			r.Status, r.Detail = bot.StatusFailure, usedBefore
		}
		if _, err := l.append(ctx, t, r); err != nil {
			return err
		}
		out.Standing, err = t.afterwards(ctx, s, out.Right, stopsAfter)
		return err
	})
	if err != nil {
		return bot.Settled{}, err
	}
	return out, nil
}

// unsettled makes sure that the try was begun and not settled.
func (t *transaction) unsettled(ctx context.Context, a bot.Attempt) (stopsAfter int, err error) {
	var result sql.NullString
	err = t.row(ctx, `SELECT result, stops_after FROM attempts WHERE challenge = ? AND n = ?`, a.Challenge, a.N).Scan(&result, &stopsAfter)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return 0, bot.E(bot.NotFound, "read attempt", nil)
	case err == nil && result.Valid:
		return 0, bot.E(bot.Conflict, "settle attempt", errors.New("it was settled before"))
	}
	return stopsAfter, err
}

// contradiction says where the settlement does not fit the challenge, so that
// nothing can be proved for another session, user or agent.
func contradiction(c challenge, s bot.Settlement) string {
	switch e := s.Evidence; {
	case !c.holds(s.Attempt):
		return "the try is of another session, type, question, holder or agent"
	case s.Enroll != c.Enrollment:
		return "the enrollment is not the one that was tried"
	case s.Right && s.Step <= 0 && c.Type == bot.Authenticator:
		return "a right authenticator code has no step"
	case !s.Right || e == nil:
		return ""
	case e.ID == "" || e.Expires.IsZero():
		return "the evidence is incomplete"
	case e.Challenge != c.ID || e.Session != c.Session || e.Enrollment != c.Enrollment || e.Type != c.Type ||
		e.Question != c.Question || e.Target != c.Target || e.Agent != c.Agent:
		return "the evidence is of another challenge"
	}
	return ""
}

// judge takes the step of a right value, and gives the result of the try.
func (t *transaction) judge(ctx context.Context, c challenge, s bot.Settlement) (string, error) {
	if !s.Right {
		return resultWrong, nil
	}
	if c.passed {
		return resultReplayed, nil
	}
	if s.Step <= 0 {
		return resultRight, nil
	}
	var last int64
	err := t.row(ctx, `SELECT coalesce(max(step), 0) FROM used_steps WHERE enrollment = ?`, c.Enrollment).Scan(&last)
	if err != nil {
		return "", err
	}
	if s.Step <= last {
		return resultReplayed, nil
	}
	_, err = t.exec(ctx, `INSERT INTO used_steps (enrollment, step, at) VALUES (?, ?, ?)`, c.Enrollment, s.Step, micros(t.now))
	return resultRight, err
}

// close writes the result, and the evidence of a right value.
func (t *transaction) close(ctx context.Context, s bot.Settlement, result string) error {
	n, err := t.exec(ctx, `UPDATE attempts SET result = ?, settled = ? WHERE challenge = ? AND n = ? AND result IS NULL`,
		result, micros(t.now), s.Attempt.Challenge, s.Attempt.N)
	if err != nil {
		return err
	}
	if n != 1 {
		return bot.E(bot.Conflict, "settle attempt", nil)
	}
	if result != resultRight || s.Evidence == nil {
		return nil
	}
	return t.addEvidence(ctx, *s.Evidence)
}

// afterwards begins the lockout where it is due, and gives the counters.
func (t *transaction) afterwards(ctx context.Context, s bot.Settlement, right bool, stopsAfter int) (bot.Standing, error) {
	id := s.Attempt.Account
	if !right {
		m, err := t.marks(ctx, id)
		if err != nil {
			return bot.Standing{}, err
		}
		if _, err := t.lockOut(ctx, id, m, s.Lockout); err != nil {
			return bot.Standing{}, err
		}
	}
	return t.standing(ctx, id, t.now, stopsAfter)
}

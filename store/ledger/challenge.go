package ledger

import (
	"context"
	"database/sql"
	"errors"

	"latchkey/bot"
)

// OpenChallenge makes c the newest of its session, type and question: earlier
// ones are over. With limits something is sent to the user. Throttled: the
// account has had so many within an hour, and RetryAfter says when it may have
// the next; or the session has, and no waiting helps. Invalid: a part of c is
// missing, such as the question with security questions, or one with another
// type.
func (l *Ledger) OpenChallenge(ctx context.Context, c bot.Challenge, limits bot.SendLimits) error {
	const op = "open challenge"
	if c.ID == "" || c.Session == "" || c.Enrollment == "" || !c.Type.Valid() ||
		(c.Question == "") == (c.Type == bot.SecurityQuestions) ||
		c.Account.IsZero() || c.Target.IsZero() || c.Agent.IsZero() || c.Expires.IsZero() {
		return misuse(op, "the challenge is incomplete")
	}
	return l.write(ctx, op, func(ctx context.Context, t *transaction) error {
		if err := t.allowSend(ctx, c, limits); err != nil {
			return err
		}
		_, err := t.exec(ctx, `
			INSERT INTO challenges (id, session, type, question, enrollment, store, guid, target_store, target_guid,
			  agent_store, agent_guid, code_sent, at, expires)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			c.ID, c.Session, c.Type, c.Question, c.Enrollment, c.Account.Store, c.Account.GUID, c.Target.Store, c.Target.GUID,
			c.Agent.Store, c.Agent.GUID, number(limits.Sends()), micros(t.now), micros(c.Expires))
		return err
	})
}

// challenge is what a try and its settlement have to know of one.
type challenge struct {
	bot.Challenge
	newest bool // of its session, type and question
	tries  int  // begun
	passed bool // a right value was given
}

// challenge reads one; NotFound where there is none.
func (t *transaction) challenge(ctx context.Context, id string) (challenge, error) {
	c := challenge{Challenge: bot.Challenge{ID: id}}
	var at, expires int64
	err := t.row(ctx, `
		SELECT c.session, c.type, c.question, c.enrollment, c.store, c.guid, c.target_store, c.target_guid, c.agent_store, c.agent_guid, c.at, c.expires,
		  c.seq = (SELECT max(seq) FROM challenges WHERE session = c.session AND type = c.type AND question = c.question),
		  (SELECT count(*) FROM attempts WHERE challenge = c.id),
		  (SELECT count(*) FROM attempts WHERE challenge = c.id AND result = 'right')
		FROM challenges c WHERE c.id = ?`, id).Scan(
		&c.Session, &c.Type, &c.Question, &c.Enrollment, &c.Account.Store, &c.Account.GUID, &c.Target.Store, &c.Target.GUID,
		&c.Agent.Store, &c.Agent.GUID, &at, &expires, &c.newest, &c.tries, &c.passed)
	if errors.Is(err, sql.ErrNoRows) {
		return c, bot.E(bot.NotFound, "read challenge", nil)
	}
	c.At, c.Expires = fromMicros(at), fromMicros(expires)
	return c, err
}

// holds reports whether the try is one at this challenge: same session, type,
// question, holder and agent.
func (c challenge) holds(a bot.Attempt) bool {
	return a.Session == c.Session && a.Type == c.Type && a.Question == c.Question && a.Account == c.Account && a.Agent == c.Agent
}

// number is a truth value as the ledger stores it.
func number(b bool) int {
	if b {
		return 1
	}
	return 0
}

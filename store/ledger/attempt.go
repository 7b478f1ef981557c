package ledger

import (
	"context"

	"latchkey/bot"
)

// most is the number of tries that the schema allows a challenge.
const most = 5

// BeginAttempt writes a try at the challenge, or says which limit forbids it.
// The clock of the ledger judges, and Begun.Attempt.At is its time. NotFound:
// there is no such challenge, or it is of another session, type, question,
// holder or agent. Invalid: a limit is not above 0, or Tries is not 1 to 5.
//
// A try that is not settled yet counts as a wrong one: whoever sends many at
// once gets no more of them judged than whoever sends them one by one.
func (l *Ledger) BeginAttempt(ctx context.Context, a bot.Attempt, limits bot.AttemptLimits) (bot.Begun, error) {
	const op = "begin attempt"
	if limits.Tries < 1 || limits.Tries > most || limits.WrongPerDay < 1 || limits.WrongInARow < 1 || limits.FleetWrongPerHour < 1 {
		return bot.Begun{}, misuse(op, "a limit is missing or out of range")
	}
	var begun bot.Begun
	err := l.write(ctx, op, func(ctx context.Context, t *transaction) error {
		begun = bot.Begun{}
		c, err := t.challenge(ctx, a.Challenge)
		if err != nil {
			return err
		}
		if !c.holds(a) {
			return bot.E(bot.NotFound, op, nil)
		}
		begun.Refused, begun.Until, err = t.forbidden(ctx, a.Account, limits)
		if err != nil || begun.Refused != "" {
			return err
		}
		if !c.newest || c.Enrollment != a.Enrollment || c.passed || c.tries >= limits.Tries || !t.now.Before(c.Expires) {
			begun.Refused = bot.ChallengeOver
			return nil
		}
		a.N, a.At = c.tries+1, fromMicros(micros(t.now))
		begun.Attempt = a
		_, err = t.exec(ctx, `INSERT INTO attempts (challenge, n, store, guid, at, stops_after) VALUES (?, ?, ?, ?, ?, ?)`,
			a.Challenge, a.N, a.Account.Store, a.Account.GUID, micros(t.now), limits.WrongInARow)
		return err
	})
	if err != nil {
		return bot.Begun{}, err
	}
	return begun, nil
}

package ledger_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"latchkey/bot"
	"latchkey/store/ledger"
)

var wide = bot.AttemptLimits{Tries: 5, WrongPerDay: 1_000_000, WrongInARow: 1_000_000, FleetWrongPerHour: 1_000_000}

// tried is a challenge of an account, and a try at it.
func tried(id bot.AccountID) (bot.Challenge, bot.Attempt) {
	agent := bot.AccountID{Store: "corp", GUID: "dana"}
	c := bot.Challenge{ID: rand.Text(), Session: rand.Text(), Type: bot.Authenticator, Enrollment: "e" + id.GUID, Account: id,
		Target: id, Agent: agent, Expires: time.Now().Add(time.Hour)}
	return c, bot.Attempt{Challenge: c.ID, Account: id, Enrollment: c.Enrollment, Session: c.Session, Type: c.Type, Agent: agent}
}

// settlement ends a try, right at a step or wrong at 0.
func settlement(c bot.Challenge, a bot.Attempt, step int64) bot.Settlement {
	r := record()
	r.Action = bot.ActionAuthenticate
	return bot.Settlement{Attempt: a, Right: step > 0, Step: step, Enroll: c.Enrollment, Record: r,
		Evidence: &bot.Evidence{ID: rand.Text(), Session: c.Session, Challenge: c.ID, Enrollment: c.Enrollment, Type: c.Type,
			Target: c.Target, Agent: c.Agent, At: time.Now(), Expires: time.Now().Add(time.Hour)}}
}

// unlockOnce goes the whole way: a wrong value, a right one, grant, intent and outcome.
func unlockOnce(ctx context.Context, l *ledger.Ledger) error {
	id := bot.AccountID{Store: "corp", GUID: rand.Text()}
	c, a := tried(id)
	if err := l.OpenChallenge(ctx, c, bot.SendLimits{}); err != nil {
		return err
	}
	var evidence string
	for step := range int64(2) {
		begun, err := l.BeginAttempt(ctx, a, wide)
		if err != nil || begun.Refused != "" {
			return fmt.Errorf("begin %s: %w", begun.Refused, err)
		}
		done := settlement(c, begun.Attempt, step)
		if _, err := l.SettleAttempt(ctx, done); err != nil {
			return err
		}
		evidence = done.Evidence.ID
	}
	o := bot.Offer{ID: rand.Text(), Session: c.Session, Agent: c.Agent, Target: id, Account: id, Evidence: []string{evidence},
		At: time.Now(), Expires: time.Now().Add(time.Hour)}
	if err := l.Offer(ctx, []bot.Offer{o}); err != nil {
		return err
	}
	r := record()
	r.Action, r.Status = bot.ActionUnlock, bot.StatusAsked
	why, err := l.Intend(ctx, bot.Intent{ID: o.ID, Offer: o, At: time.Now()}, r, 3)
	if err != nil || why != "" {
		return fmt.Errorf("intend %s: %w", why, err)
	}
	r = record()
	return l.Settle(ctx, bot.Outcome{Intent: o.ID, Result: bot.Applied}, r, []bot.Notice{{Kind: bot.NoticeAudit, Record: r}})
}

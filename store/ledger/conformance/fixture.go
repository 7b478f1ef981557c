package conformance

import (
	"crypto/rand"
	"testing"
	"time"

	"latchkey/bot"
)

// account is one that nobody else has.
func account() bot.AccountID { return bot.AccountID{Store: "corp", GUID: rand.Text()} }

// roomy are limits that no story reaches by accident.
func roomy() bot.AttemptLimits {
	return bot.AttemptLimits{Tries: 5, WrongPerDay: 1000, WrongInARow: 1000, FleetWrongPerHour: 1000}
}

// challenge is an open one of a type, for an account of its own.
func (s *stage) challenge(t *testing.T, kind bot.Type) bot.Challenge {
	t.Helper()
	return s.challengeOf(t, kind, account())
}

func (s *stage) challengeOf(t *testing.T, kind bot.Type, holder bot.AccountID) bot.Challenge {
	t.Helper()
	c := bot.Challenge{ID: rand.Text(), Session: rand.Text(), Type: kind, Enrollment: holder.GUID + string(kind),
		Account: holder, Target: holder, Agent: account(), At: s.clock.Now(), Expires: s.clock.Now().Add(5 * time.Minute)}
	if kind == bot.SecurityQuestions {
		c.Question = "pet"
	}
	must(t, s.OpenChallenge(t.Context(), c, bot.SendLimits{}))
	return c
}

// try is a try at a challenge.
func try(c bot.Challenge) bot.Attempt {
	return bot.Attempt{Challenge: c.ID, Account: c.Account, Enrollment: c.Enrollment, Session: c.Session, Type: c.Type,
		Question: c.Question, Agent: c.Agent, At: c.At}
}

// begin begins a try that has to be allowed.
func (s *stage) begin(t *testing.T, c bot.Challenge, l bot.AttemptLimits) bot.Attempt {
	t.Helper()
	begun, err := s.BeginAttempt(t.Context(), try(c), l)
	must(t, err)
	if begun.Refused != "" {
		t.Fatalf("the try is refused: %s", begun.Refused)
	}
	return begun.Attempt
}

// refused fails the test unless the try is refused for the reason, until then.
func (s *stage) refused(t *testing.T, c bot.Challenge, l bot.AttemptLimits, why bot.Reason, until time.Time) {
	t.Helper()
	begun, err := s.BeginAttempt(t.Context(), try(c), l)
	must(t, err)
	same(t, begun, bot.Begun{Refused: why, Until: until})
}

// wrong is how a try ends that was wrong.
func (s *stage) wrong(c bot.Challenge, a bot.Attempt) bot.Settlement {
	r := s.record(bot.ActionAuthenticate, bot.StatusFailure)
	r.Types = []bot.Type{c.Type}
	return bot.Settlement{Attempt: a, Enroll: c.Enrollment, Record: r}
}

// right is how a try ends that was right.
func (s *stage) right(c bot.Challenge, a bot.Attempt, step int64) bot.Settlement {
	done := s.wrong(c, a)
	done.Right, done.Step, done.Record.Status = true, step, bot.StatusSuccess
	done.Evidence = &bot.Evidence{ID: rand.Text(), Session: c.Session, Challenge: c.ID, Enrollment: c.Enrollment, Type: c.Type,
		Question: c.Question, Target: c.Target, Agent: c.Agent, At: s.clock.Now(), Expires: s.clock.Now().Add(15 * time.Minute)}
	return done
}

// settle ends a try.
func (s *stage) settle(t *testing.T, done bot.Settlement) bot.Settled {
	t.Helper()
	settled, err := s.SettleAttempt(t.Context(), done)
	must(t, err)
	return settled
}

// guessWrong spends n tries of an account on as many challenges.
func (s *stage) guessWrong(t *testing.T, holder bot.AccountID, n int, l bot.AttemptLimits) bot.Settled {
	t.Helper()
	var last bot.Settled
	for range n {
		c := s.challengeOf(t, bot.Email, holder)
		done := s.wrong(c, s.begin(t, c, l))
		done.Lockout = l.Lockout
		last = s.settle(t, done)
	}
	return last
}

// record is a history record without the parts that a story does not look at.
func (s *stage) record(action bot.Action, status bot.Status) bot.Record {
	id := rand.Text()
	return bot.Record{ID: id, Operation: id, At: s.clock.Now(), Action: action, Status: status, Client: bot.ClientSlack,
		Actor:  bot.Party{Kind: bot.ActorAgent, Account: account(), Login: "dana", Name: "Dana Reyes", Chat: "slack:T1:U1"},
		Target: bot.Party{Kind: bot.ActorEndUser, Account: account(), Login: "mei", Name: "Mei Lin"}, Store: "corp", Helpdesk: true}
}

// whole is a record with every field set.
func (s *stage) whole() bot.Record {
	r := s.record(bot.ActionUnlock, bot.StatusFailure)
	r.Session, r.Why, r.Detail = rand.Text(), bot.TargetGone, "the account is no longer there"
	r.Types = []bot.Type{bot.Email, bot.Authenticator}
	r.Target.Chat, r.Workspace, r.Address, r.Mode = "slack:T1:U2", "T1", "192.0.2.7", bot.RestrictedMode
	r.Reason, r.Ticket = "on the phone, in a hurry", "INC-1"
	return r
}

// offer is a grant on record for an account.
func (s *stage) offer(t *testing.T, id bot.AccountID) bot.Offer {
	t.Helper()
	o := bot.Offer{ID: rand.Text(), Session: rand.Text(), Agent: account(), Target: id, Account: id, Policy: "p1", Skipped: true,
		At: s.clock.Now(), Expires: s.clock.Now().Add(5 * time.Minute)}
	must(t, s.Offer(t.Context(), []bot.Offer{o}))
	return o
}

// intent is one by a grant, of a lock of its own.
func (s *stage) intent(o bot.Offer) bot.Intent {
	return bot.Intent{ID: rand.Text(), Offer: o, At: s.clock.Now(),
		Seen: bot.Lock{State: bot.Locked, Value: rand.Text(), Since: s.clock.Now().Add(-time.Minute),
			BadPasswords: 5, LastBadPassword: s.clock.Now().Add(-time.Minute)},
		Agent:    bot.Party{Kind: bot.ActorAgent, Account: o.Agent, Login: "dana", Name: "Dana Reyes", Chat: "slack:T1:U1"},
		Target:   bot.Party{Kind: bot.ActorEndUser, Account: o.Account, Login: "mei", Name: "Mei Lin"},
		Verified: []bot.Type{bot.Email, bot.Authenticator}, Mode: bot.RestrictedMode, Client: bot.ClientSlack,
		Workspace: "T1", Reason: "on the phone", Ticket: "INC-1", Thread: "D1/17"}
}

// asked is the record that goes with an intent.
func (s *stage) asked(i bot.Intent) bot.Record {
	r := s.record(bot.ActionUnlock, bot.StatusAsked)
	r.Operation, r.Actor, r.Target = i.ID, i.Agent, i.Target
	return r
}

// intend commits an intent by a grant; it has to be allowed.
func (s *stage) intend(t *testing.T, o bot.Offer) bot.Intent {
	t.Helper()
	i := s.intent(o)
	why, err := s.Intend(t.Context(), i, s.asked(i), 0)
	must(t, err)
	same(t, why, bot.Reason(""))
	return i
}

// unlocked closes an intent.
func (s *stage) unlocked(t *testing.T, i bot.Intent, result bot.Result) {
	t.Helper()
	r := s.record(bot.ActionUnlock, bot.StatusSuccess)
	r.Operation = i.ID
	must(t, s.Settle(t.Context(), bot.Outcome{Intent: i.ID, Result: result, At: s.clock.Now()}, r, nil))
}

// newest gives the last records of history.
func (s *stage) newest(t *testing.T, n int) []bot.Record {
	t.Helper()
	records, err := s.History(t.Context(), bot.HistoryQuery{Limit: n})
	must(t, err)
	return records
}

// verified fails the test unless history is whole and has n rows.
func (s *stage) verified(t *testing.T, n int) {
	t.Helper()
	result, err := s.Verify(t.Context())
	must(t, err)
	if result.Fault != nil || result.Rows != int64(n) {
		t.Fatalf("history has %d rows, not %d, and this fault: %+v", result.Rows, n, result.Fault)
	}
}

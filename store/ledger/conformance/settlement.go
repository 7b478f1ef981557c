package conformance

import (
	"crypto/rand"
	"testing"

	"latchkey/bot"
)

func settleOnce(t *testing.T, s *stage) {
	c := s.challenge(t, bot.Email)
	a := s.begin(t, c, roomy())
	never := a
	never.N = 2
	_, err := s.SettleAttempt(t.Context(), s.wrong(c, never))
	kind(t, err, bot.NotFound)
	s.settle(t, s.wrong(c, a))
	_, err = s.SettleAttempt(t.Context(), s.right(c, a, 0))
	kind(t, err, bot.Conflict)
	evidence, err := s.Evidence(t.Context(), c.Session)
	must(t, err)
	same(t, evidence, []bot.Evidence{})
	s.verified(t, 1)
}

func rightGivesEvidence(t *testing.T, s *stage) {
	c := s.challenge(t, bot.Authenticator)
	done := s.right(c, s.begin(t, c, roomy()), 59_000_000)
	same(t, s.settle(t, done), bot.Settled{Right: true})
	evidence, err := s.Evidence(t.Context(), c.Session)
	must(t, err)
	same(t, evidence, []bot.Evidence{*done.Evidence})
	want := done.Record
	want.Seq = 1
	same(t, s.newest(t, 10), []bot.Record{want})
	other, err := s.Evidence(t.Context(), rand.Text())
	must(t, err)
	same(t, other, []bot.Evidence{})
}

func wrongGivesNone(t *testing.T, s *stage) {
	c := s.challenge(t, bot.Email)
	done := s.right(c, s.begin(t, c, roomy()), 0)
	done.Right = false // whatever else it carries
	same(t, s.settle(t, done), bot.Settled{Standing: bot.Standing{WrongToday: 1, WrongInARow: 1}})
	evidence, err := s.Evidence(t.Context(), c.Session)
	must(t, err)
	same(t, evidence, []bot.Evidence{})
}

func stepsUpwards(t *testing.T, s *stage) {
	user := account()
	pass := func(step int64) bot.Settled {
		c := s.challengeOf(t, bot.Authenticator, user)
		settled := s.settle(t, s.right(c, s.begin(t, c, roomy()), step))
		evidence, err := s.Evidence(t.Context(), c.Session)
		must(t, err)
		if (len(evidence) == 1) != settled.Right {
			t.Fatalf("step %d: %+v with evidence %v", step, settled, evidence)
		}
		return settled
	}
	same(t, pass(100), bot.Settled{Right: true})
	same(t, pass(100), bot.Settled{Replayed: true, Standing: bot.Standing{WrongToday: 1, WrongInARow: 1}})
	got := s.newest(t, 1)[0]
	if got.Status != bot.StatusFailure || got.Detail == "" {
		t.Fatalf("the replay is recorded as %q, %q", got.Status, got.Detail)
	}
	same(t, pass(99), bot.Settled{Replayed: true, Standing: bot.Standing{WrongToday: 2, WrongInARow: 2}})
	same(t, pass(101), bot.Settled{Right: true, Standing: bot.Standing{WrongToday: 2}})
	c := s.challenge(t, bot.Authenticator) // the step of another enrollment
	same(t, s.settle(t, s.right(c, s.begin(t, c, roomy()), 100)), bot.Settled{Right: true})
}

func oneRightValue(t *testing.T, s *stage) {
	c := s.challenge(t, bot.Email)
	one, two := s.begin(t, c, roomy()), s.begin(t, c, roomy())
	same(t, s.settle(t, s.right(c, one, 0)).Right, true)
	settled := s.settle(t, s.right(c, two, 0))
	same(t, []bool{settled.Right, settled.Replayed}, []bool{false, true})
	evidence, err := s.Evidence(t.Context(), c.Session)
	must(t, err)
	same(t, len(evidence), 1)
}

func contradictions(t *testing.T, s *stage) {
	c := s.challenge(t, bot.Authenticator)
	a := s.begin(t, c, roomy())
	for name, spoil := range map[string]func(*bot.Settlement){
		"session":                    func(d *bot.Settlement) { d.Evidence.Session = rand.Text() },
		"challenge":                  func(d *bot.Settlement) { d.Evidence.Challenge = rand.Text() },
		"type":                       func(d *bot.Settlement) { d.Evidence.Type = bot.Email },
		"target":                     func(d *bot.Settlement) { d.Evidence.Target = account() },
		"agent":                      func(d *bot.Settlement) { d.Evidence.Agent = account() },
		"enrollment":                 func(d *bot.Settlement) { d.Evidence.Enrollment = rand.Text() },
		"no id":                      func(d *bot.Settlement) { d.Evidence.ID = "" },
		"tried other":                func(d *bot.Settlement) { d.Enroll = rand.Text() },
		"no step":                    func(d *bot.Settlement) { d.Step = 0 },
		"attempt of another session": func(d *bot.Settlement) { d.Attempt.Session = rand.Text() },
		"attempt of another holder":  func(d *bot.Settlement) { d.Attempt.Account = account() },
	} {
		done := s.right(c, a, 7)
		spoil(&done)
		if settled, err := s.SettleAttempt(t.Context(), done); bot.KindOf(err) != bot.Invalid {
			t.Errorf("%s: %+v, %v", name, settled, err)
		}
	}
	s.verified(t, 0)
	same(t, s.settle(t, s.right(c, a, 7)).Right, true)
}

// A settlement that fails at its last part leaves none of the others.
func settleAllOrNothing(t *testing.T, s *stage) {
	c := s.challenge(t, bot.Authenticator)
	a := s.begin(t, c, roomy())
	taken := s.record(bot.ActionRefuse, bot.StatusFailure)
	must(t, s.Append(t.Context(), taken))
	done := s.right(c, a, 7)
	done.Record.ID = taken.ID
	_, err := s.SettleAttempt(t.Context(), done)
	kind(t, err, bot.Conflict)
	evidence, err := s.Evidence(t.Context(), c.Session)
	must(t, err)
	same(t, evidence, []bot.Evidence{})
	s.verified(t, 1)
	same(t, s.settle(t, s.right(c, a, 7)).Right, true) // neither try nor step was spent
}

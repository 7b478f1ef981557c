package conformance

import (
	"crypto/rand"
	"errors"
	"testing"
	"time"

	"latchkey/bot"
)

func newestChallengeAlone(t *testing.T, s *stage) {
	old := s.challenge(t, bot.Email)
	s.begin(t, old, roomy())
	newer := old
	newer.ID = rand.Text()
	must(t, s.OpenChallenge(t.Context(), newer, bot.SendLimits{}))
	s.refused(t, old, roomy(), bot.ChallengeOver, time.Time{})
	s.begin(t, newer, roomy())
	kind(t, s.OpenChallenge(t.Context(), old, bot.SendLimits{}), bot.Conflict) // an ended one does not come back
	s.refused(t, old, roomy(), bot.ChallengeOver, time.Time{})
}

func challengesApart(t *testing.T, s *stage) {
	first := s.challenge(t, bot.Email)
	other := first
	other.ID, other.Type = rand.Text(), bot.Authenticator
	must(t, s.OpenChallenge(t.Context(), other, bot.SendLimits{}))
	elsewhere := first
	elsewhere.ID, elsewhere.Session = rand.Text(), rand.Text()
	must(t, s.OpenChallenge(t.Context(), elsewhere, bot.SendLimits{}))
	for _, c := range []bot.Challenge{first, other, elsewhere} {
		s.begin(t, c, roomy())
	}
}

func codesAnHour(t *testing.T, s *stage) {
	holder := account()
	code := func(limit int) error {
		c := bot.Challenge{ID: rand.Text(), Session: rand.Text(), Type: bot.Email, Enrollment: "e", Account: holder,
			Target: account(), Agent: account(), At: s.clock.Now(), Expires: s.clock.Now().Add(time.Minute)}
		return s.OpenChallenge(t.Context(), c, bot.SendLimits{PerHour: limit})
	}
	must(t, code(2))
	s.clock.Pass(20 * time.Minute)
	must(t, code(2))
	for range 5 {
		must(t, code(0)) // not a code that was sent
	}
	err := code(2)
	kind(t, err, bot.Throttled)
	var throttled *bot.Error
	if !errors.As(err, &throttled) || throttled.RetryAfter != 40*time.Minute {
		t.Fatalf("the next code is promised after %s", throttled.RetryAfter)
	}
	s.challenge(t, bot.Email) // another account
	s.clock.Pass(40 * time.Minute)
	must(t, code(2))
	kind(t, code(2), bot.Throttled)
	must(t, code(3))
}

func incompleteChallenge(t *testing.T, s *stage) {
	whole := s.challenge(t, bot.Email)
	for name, spoil := range map[string]func(*bot.Challenge){
		"no id": func(c *bot.Challenge) { c.ID = "" }, "no session": func(c *bot.Challenge) { c.Session = "" },
		"no type": func(c *bot.Challenge) { c.Type = "horoscope" }, "no holder": func(c *bot.Challenge) { c.Account = bot.AccountID{} },
		"no target": func(c *bot.Challenge) { c.Target = bot.AccountID{} }, "no agent": func(c *bot.Challenge) { c.Agent = bot.AccountID{} },
		"no end": func(c *bot.Challenge) { c.Expires = time.Time{} }, "no enrollment": func(c *bot.Challenge) { c.Enrollment = "" },
	} {
		c := whole
		c.ID = rand.Text()
		spoil(&c)
		if err := s.OpenChallenge(t.Context(), c, bot.SendLimits{}); bot.KindOf(err) != bot.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	s.begin(t, whole, roomy())
}

package conformance

import (
	"crypto/rand"
	"testing"
	"time"

	"latchkey/bot"
)

// another is another question of the same session, enrollment and people.
func (s *stage) another(t *testing.T, c bot.Challenge, question string) bot.Challenge {
	t.Helper()
	c.ID, c.Question, c.At, c.Expires = rand.Text(), question, s.clock.Now(), s.clock.Now().Add(5*time.Minute)
	must(t, s.OpenChallenge(t.Context(), c, bot.SendLimits{}))
	return c
}

func questionsApart(t *testing.T, s *stage) {
	pet := s.challenge(t, bot.SecurityQuestions)
	city := s.another(t, pet, "city")
	s.begin(t, pet, roomy()) // the other question does not end it
	again := s.another(t, pet, pet.Question)
	s.refused(t, pet, roomy(), bot.ChallengeOver, time.Time{})
	s.begin(t, city, roomy())
	s.begin(t, again, roomy())
}

func questionTries(t *testing.T, s *stage) {
	limits := roomy()
	limits.WrongPerDay = 8
	pet := s.challenge(t, bot.SecurityQuestions)
	city := s.another(t, pet, "city")
	for range 5 {
		s.settle(t, s.wrong(pet, s.begin(t, pet, limits)))
	}
	s.refused(t, pet, limits, bot.ChallengeOver, time.Time{})
	for range 3 { // five of each question, and the account's limit over all of them
		s.settle(t, s.wrong(city, s.begin(t, city, limits)))
	}
	s.refused(t, city, limits, bot.TooManyWrong, s.clock.Now().Add(24*time.Hour))
}

func questionEvidence(t *testing.T, s *stage) {
	pet := s.challenge(t, bot.SecurityQuestions)
	city := s.another(t, pet, "city")
	var want []bot.Evidence
	for _, c := range []bot.Challenge{city, pet} {
		done := s.right(c, s.begin(t, c, roomy()), 0)
		same(t, s.settle(t, done).Right, true)
		s.refused(t, c, roomy(), bot.ChallengeOver, time.Time{})
		want = append(want, *done.Evidence)
	}
	got, err := s.Evidence(t.Context(), pet.Session)
	must(t, err)
	same(t, got, want)
}

func questionContradictions(t *testing.T, s *stage) {
	pet := s.challenge(t, bot.SecurityQuestions)
	s.another(t, pet, "city")
	foreign := try(pet)
	for _, question := range []string{"city", ""} {
		foreign.Question = question
		if begun, err := s.BeginAttempt(t.Context(), foreign, roomy()); bot.KindOf(err) != bot.NotFound {
			t.Errorf("%q: %+v, %v", question, begun, err)
		}
	}
	whole := s.right(pet, s.begin(t, pet, roomy()), 0)
	for name, spoil := range map[string]func(*bot.Settlement){
		"the try's":          func(done *bot.Settlement) { done.Attempt.Question = "city" },
		"the evidence's":     func(done *bot.Settlement) { done.Evidence.Question = "city" },
		"the evidence's, ''": func(done *bot.Settlement) { done.Evidence.Question = "" },
	} {
		done, e := whole, *whole.Evidence
		done.Evidence = &e
		spoil(&done)
		if settled, err := s.SettleAttempt(t.Context(), done); bot.KindOf(err) != bot.Invalid {
			t.Errorf("%s: %+v, %v", name, settled, err)
		}
	}
	same(t, s.settle(t, whole).Right, true)
	for name, c := range map[string]bot.Challenge{"none": pet, "with a code": s.challenge(t, bot.Email), "with a push": s.challenge(t, bot.Chat)} {
		c.ID, c.Question = rand.Text(), ""
		if c.Type != bot.SecurityQuestions {
			c.Question = "pet"
		}
		if err := s.OpenChallenge(t.Context(), c, bot.SendLimits{}); bot.KindOf(err) != bot.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

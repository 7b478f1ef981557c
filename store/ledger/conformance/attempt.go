package conformance

import (
	"crypto/rand"
	"testing"
	"time"

	"latchkey/bot"
)

func foreignChallenge(t *testing.T, s *stage) {
	c := s.challenge(t, bot.Email)
	for name, spoil := range map[string]func(*bot.Attempt){
		"unknown": func(a *bot.Attempt) { a.Challenge = rand.Text() }, "session": func(a *bot.Attempt) { a.Session = rand.Text() },
		"type": func(a *bot.Attempt) { a.Type = bot.Authenticator }, "holder": func(a *bot.Attempt) { a.Account = account() },
		"agent": func(a *bot.Attempt) { a.Agent = account() },
	} {
		a := try(c)
		spoil(&a)
		if begun, err := s.BeginAttempt(t.Context(), a, roomy()); bot.KindOf(err) != bot.NotFound {
			t.Errorf("%s: %+v, %v", name, begun, err)
		}
	}
	if a := s.begin(t, c, roomy()); a.N != 1 {
		t.Fatalf("a refused try was counted: this one is number %d", a.N)
	}
}

func numberedTries(t *testing.T, s *stage) {
	three := roomy()
	three.Tries = 3
	c := s.challenge(t, bot.Email)
	for n := 1; n <= 3; n++ {
		a := s.begin(t, c, three)
		if a.N != n || !a.At.Equal(s.clock.Now()) {
			t.Fatalf("try %d is numbered %d, at %s", n, a.N, a.At)
		}
		if n != 2 { // settled or not
			s.settle(t, s.wrong(c, a))
		}
	}
	s.refused(t, c, three, bot.ChallengeOver, time.Time{})
	s.begin(t, c, roomy())
	s.begin(t, c, roomy())
	s.refused(t, c, roomy(), bot.ChallengeOver, time.Time{})
}

func expiredChallenge(t *testing.T, s *stage) {
	c := s.challenge(t, bot.Email)
	s.clock.Pass(5*time.Minute - time.Microsecond)
	s.begin(t, c, roomy())
	s.clock.Pass(time.Microsecond)
	s.refused(t, c, roomy(), bot.ChallengeOver, time.Time{})
}

func passedChallenge(t *testing.T, s *stage) {
	c := s.challenge(t, bot.Email)
	s.settle(t, s.right(c, s.begin(t, c, roomy()), 0))
	s.refused(t, c, roomy(), bot.ChallengeOver, time.Time{})
}

func missingLimits(t *testing.T, s *stage) {
	c := s.challenge(t, bot.Email)
	for name, spoil := range map[string]func(*bot.AttemptLimits){
		"no tries": func(l *bot.AttemptLimits) { l.Tries = 0 }, "six tries": func(l *bot.AttemptLimits) { l.Tries = 6 },
		"day": func(l *bot.AttemptLimits) { l.WrongPerDay = 0 }, "row": func(l *bot.AttemptLimits) { l.WrongInARow = 0 },
		"fleet": func(l *bot.AttemptLimits) { l.FleetWrongPerHour = 0 },
	} {
		limits := roomy()
		spoil(&limits)
		if begun, err := s.BeginAttempt(t.Context(), try(c), limits); bot.KindOf(err) != bot.Invalid {
			t.Errorf("%s: %+v, %v", name, begun, err)
		}
	}
	s.begin(t, c, roomy())
}

func wrongADay(t *testing.T, s *stage) {
	limits := roomy()
	limits.WrongPerDay = 3
	user, start := account(), s.clock.Now()
	s.guessWrong(t, user, 1, limits)
	s.clock.Pass(time.Hour)
	s.guessWrong(t, user, 1, limits)
	ok := s.challengeOf(t, bot.Authenticator, user)
	s.settle(t, s.right(ok, s.begin(t, ok, limits), 7)) // a right value does not lower this counter
	s.guessWrong(t, user, 1, limits)
	s.refused(t, s.challengeOf(t, bot.Email, user), limits, bot.TooManyWrong, start.Add(24*time.Hour))
	s.refused(t, s.challengeOf(t, bot.Authenticator, user), limits, bot.TooManyWrong, start.Add(24*time.Hour))
	s.begin(t, s.challenge(t, bot.Email), limits) // somebody else
	s.clock.Pass(23*time.Hour - time.Microsecond)
	s.refused(t, s.challengeOf(t, bot.Email, user), limits, bot.TooManyWrong, start.Add(24*time.Hour))
	s.clock.Pass(time.Microsecond)
	standing, err := s.Standing(t.Context(), user, s.clock.Now(), 0)
	must(t, err)
	same(t, standing, bot.Standing{WrongToday: 2, WrongInARow: 1})
	s.guessWrong(t, user, 1, limits)
	s.refused(t, s.challengeOf(t, bot.Email, user), limits, bot.TooManyWrong, start.Add(25*time.Hour))
}

func wrongInARow(t *testing.T, s *stage) {
	limits := roomy()
	limits.WrongInARow = 4
	user := account()
	s.guessWrong(t, user, 3, limits)
	ok := s.challengeOf(t, bot.Authenticator, user)
	s.settle(t, s.right(ok, s.begin(t, ok, limits), 7))
	s.guessWrong(t, user, 3, limits)
	s.clock.Pass(1000 * time.Hour) // no window: the row goes on
	last := s.guessWrong(t, user, 1, limits)
	same(t, last.Standing, bot.Standing{WrongToday: 1, WrongInARow: 4, Stopped: true})
	s.clock.Pass(1000 * time.Hour)
	s.refused(t, s.challengeOf(t, bot.Email, user), limits, bot.TargetStopped, time.Time{})
	standing, err := s.Standing(t.Context(), user, s.clock.Now(), 4)
	must(t, err)
	same(t, standing, bot.Standing{WrongInARow: 4, Stopped: true})
}

func fleetLimit(t *testing.T, s *stage) {
	limits := roomy()
	limits.FleetWrongPerHour = 4
	start := s.clock.Now()
	for range 4 {
		s.guessWrong(t, account(), 1, limits)
		s.clock.Pass(10 * time.Minute)
	}
	c := s.challenge(t, bot.Email)
	s.refused(t, c, limits, bot.FleetLimit, start.Add(time.Hour))
	s.clock.Pass(20 * time.Minute)
	c = s.challenge(t, bot.Email)
	s.settle(t, s.right(c, s.begin(t, c, limits), 0)) // right ones do not count
	s.guessWrong(t, account(), 1, limits)
	s.refused(t, s.challenge(t, bot.Email), limits, bot.FleetLimit, start.Add(70*time.Minute))
}

func unsettledCounts(t *testing.T, s *stage) {
	limits := roomy()
	limits.WrongPerDay = 2
	c := s.challenge(t, bot.Email)
	first := s.begin(t, c, limits)
	s.begin(t, c, limits)
	standing, err := s.Standing(t.Context(), c.Account, s.clock.Now(), 2)
	must(t, err)
	same(t, standing, bot.Standing{WrongToday: 2, WrongInARow: 2, Stopped: true})
	s.refused(t, c, limits, bot.TooManyWrong, s.clock.Now().Add(24*time.Hour))
	s.settle(t, s.right(c, first, 0)) // it was right after all
	standing, err = s.Standing(t.Context(), c.Account, s.clock.Now(), 2)
	must(t, err)
	same(t, standing, bot.Standing{WrongToday: 1, WrongInARow: 1})
}

package conformance

import (
	"testing"
	"time"

	"latchkey/bot"
)

// locking are limits with a lockout of the role after three wrong values.
func locking() bot.AttemptLimits {
	l := roomy()
	l.Lockout = bot.Lockout{Failures: 3, Duration: 30 * time.Minute}
	return l
}

func lockoutBegins(t *testing.T, s *stage) {
	user, limits := account(), locking()
	s.guessWrong(t, user, 2, limits)
	s.clock.Pass(100 * time.Hour) // in a row, however slowly
	until := s.clock.Now().Add(30 * time.Minute)
	last := s.guessWrong(t, user, 1, limits)
	same(t, last.Standing, bot.Standing{WrongToday: 1, WrongInARow: 3, LockedOutUntil: until})
	for _, way := range []bot.Type{bot.Email, bot.Authenticator, bot.Mobile} {
		s.refused(t, s.challengeOf(t, way, user), limits, bot.AuthenticationOff, until)
	}
	noRule := roomy() // the lockout stands, whatever role is asked by now
	s.refused(t, s.challengeOf(t, bot.Email, user), noRule, bot.AuthenticationOff, until)
	s.begin(t, s.challenge(t, bot.Email), limits) // somebody else
	s.clock.Pass(30*time.Minute - time.Microsecond)
	s.refused(t, s.challengeOf(t, bot.Email, user), limits, bot.AuthenticationOff, until)
	s.clock.Pass(time.Microsecond)
	standing, err := s.Standing(t.Context(), user, s.clock.Now(), 0)
	must(t, err)
	same(t, standing, bot.Standing{WrongToday: 1, WrongInARow: 3})
	s.guessWrong(t, user, 2, limits) // counted from the lockout on
	until = s.clock.Now().Add(30 * time.Minute)
	same(t, s.guessWrong(t, user, 1, limits).Standing.LockedOutUntil, until)
}

func lockoutByUnsettled(t *testing.T, s *stage) {
	user, limits := account(), locking()
	for range 3 {
		s.begin(t, s.challengeOf(t, bot.Email, user), limits)
	}
	s.clock.Pass(time.Minute)
	until := s.clock.Now().Add(30 * time.Minute)
	s.refused(t, s.challengeOf(t, bot.Email, user), limits, bot.AuthenticationOff, until)
	s.clock.Pass(time.Minute)
	s.refused(t, s.challengeOf(t, bot.Email, user), limits, bot.AuthenticationOff, until)
	s.clock.Pass(29 * time.Minute)
	s.begin(t, s.challengeOf(t, bot.Email, user), limits)
}

func rightBeginsAnew(t *testing.T, s *stage) {
	user, limits := account(), locking()
	for range 3 {
		s.guessWrong(t, user, 2, limits)
		c := s.challengeOf(t, bot.Email, user)
		same(t, s.settle(t, s.right(c, s.begin(t, c, limits), 0)).Standing.WrongInARow, 0)
	}
	s.guessWrong(t, user, 2, limits)
	c := s.challengeOf(t, bot.Email, user)
	done := s.wrong(c, s.begin(t, c, limits))
	done.Lockout = limits.Lockout
	same(t, s.settle(t, done).Standing.LockedOutUntil, s.clock.Now().Add(30*time.Minute))
}

func cleared(t *testing.T, s *stage) {
	user := account()
	limits := locking()
	limits.WrongPerDay, limits.WrongInARow = 3, 3
	s.guessWrong(t, user, 3, limits)
	s.refused(t, s.challengeOf(t, bot.Email, user), limits, bot.TargetStopped, time.Time{})
	r := s.record(bot.ActionUnblock, bot.StatusSuccess)
	must(t, s.Clear(t.Context(), user, r))
	r.Seq = 4
	same(t, s.newest(t, 1), []bot.Record{r})
	standing, err := s.Standing(t.Context(), user, s.clock.Now(), 3)
	must(t, err)
	same(t, standing, bot.Standing{})
	s.guessWrong(t, user, 2, limits)
	c := s.challengeOf(t, bot.Email, user)
	settled := s.settle(t, s.wrong(c, s.begin(t, c, limits)))
	same(t, settled.Standing, bot.Standing{WrongToday: 3, WrongInARow: 3, Stopped: true})
	kind(t, s.Clear(t.Context(), bot.AccountID{}, r), bot.Invalid)
}

func clearedBegins(t *testing.T, s *stage) {
	user, limits := account(), locking()
	s.guessWrong(t, user, 2, limits)
	must(t, s.Clear(t.Context(), user, s.record(bot.ActionUnblock, bot.StatusSuccess)))
	same(t, s.guessWrong(t, user, 2, limits).Standing, bot.Standing{WrongToday: 2, WrongInARow: 2})
	until := s.clock.Now().Add(30 * time.Minute)
	same(t, s.guessWrong(t, user, 1, limits).Standing.LockedOutUntil, until)
	must(t, s.Clear(t.Context(), user, s.record(bot.ActionUnblock, bot.StatusSuccess))) // lifts a lockout that is on
	standing, err := s.Standing(t.Context(), user, s.clock.Now(), 0)
	must(t, err)
	same(t, standing, bot.Standing{})
	s.guessWrong(t, user, 2, limits)
}

// ended: the lockout alone is over; what was wrong goes on counting.
func lockoutEnded(t *testing.T, s *stage) {
	user, other, limits := account(), account(), locking()
	limits.WrongPerDay = 5
	s.guessWrong(t, user, 3, limits)
	s.guessWrong(t, other, 3, limits)
	until := s.clock.Now().Add(30 * time.Minute)
	s.refused(t, s.challengeOf(t, bot.Email, user), limits, bot.AuthenticationOff, until)
	r := s.record(bot.ActionUnblock, bot.StatusSuccess)
	must(t, s.EndLockout(t.Context(), user, r))
	r.Seq = 7
	same(t, s.newest(t, 1), []bot.Record{r})
	standing, err := s.Standing(t.Context(), user, s.clock.Now(), 0)
	must(t, err)
	same(t, standing, bot.Standing{WrongToday: 3, WrongInARow: 3})
	s.refused(t, s.challengeOf(t, bot.Email, other), limits, bot.AuthenticationOff, until) // his goes on

	s.guessWrong(t, user, 2, limits) // counted from the lockout on, and toward the five of the day
	s.refused(t, s.challengeOf(t, bot.Email, user), limits, bot.TooManyWrong, s.clock.Now().Add(24*time.Hour))
	must(t, s.EndLockout(t.Context(), user, s.record(bot.ActionUnblock, bot.StatusSuccess))) // none is on
	s.refused(t, s.challengeOf(t, bot.Email, user), limits, bot.TooManyWrong, s.clock.Now().Add(24*time.Hour))
	kind(t, s.EndLockout(t.Context(), bot.AccountID{}, r), bot.Invalid)
}

package conformance

import (
	"crypto/rand"
	"testing"
	"time"

	"latchkey/bot"
)

func offersAllOrNone(t *testing.T, s *stage) {
	good := bot.Offer{ID: rand.Text(), Session: rand.Text(), Agent: account(), Target: account(), Account: account(),
		Policy: "p1", Skipped: true, At: s.clock.Now(), Expires: s.clock.Now().Add(time.Minute)}
	bad := good
	bad.ID, bad.Skipped, bad.Evidence = rand.Text(), false, []string{rand.Text()} // rests on what is not on record
	kind(t, s.Offer(t.Context(), []bot.Offer{good, bad}), bot.Conflict)
	_, err := s.Offered(t.Context(), good.ID)
	kind(t, err, bot.NotFound)
	must(t, s.Offer(t.Context(), nil))
	must(t, s.Offer(t.Context(), []bot.Offer{good}))
	kind(t, s.Offer(t.Context(), []bot.Offer{good}), bot.Conflict)
	bad.Account = bot.AccountID{}
	kind(t, s.Offer(t.Context(), []bot.Offer{bad}), bot.Invalid)
}

func offeredReadBack(t *testing.T, s *stage) {
	var evidence []string
	for range 3 {
		c := s.challenge(t, bot.Email)
		done := s.right(c, s.begin(t, c, roomy()), 0)
		s.settle(t, done)
		evidence = append(evidence, done.Evidence.ID)
	}
	o := bot.Offer{ID: rand.Text(), Session: rand.Text(), Agent: account(), Target: account(), Account: account(),
		Evidence: []string{evidence[2], evidence[0], evidence[1]}, Policy: "p1",
		At: s.clock.Now(), Expires: s.clock.Now().Add(time.Minute)}
	skipped := o
	skipped.ID, skipped.Skipped, skipped.Evidence = rand.Text(), true, nil
	must(t, s.Offer(t.Context(), []bot.Offer{o, skipped}))
	for _, want := range []bot.Offer{o, skipped} {
		got, err := s.Offered(t.Context(), want.ID)
		must(t, err)
		same(t, got, want)
	}
	_, err := s.Offered(t.Context(), rand.Text())
	kind(t, err, bot.NotFound)
}

func intendCommits(t *testing.T, s *stage) {
	o := s.offer(t, account())
	i := s.intent(o)
	asked := s.asked(i)
	why, err := s.Intend(t.Context(), i, asked, 3)
	must(t, err)
	same(t, why, bot.Reason(""))
	asked.Seq = 1
	same(t, s.newest(t, 10), []bot.Record{asked})
	intents, err := s.OpenIntents(t.Context(), s.clock.Now().Add(time.Second))
	must(t, err)
	same(t, intents, []bot.Intent{i})
	n, underWay, err := s.UnlockState(t.Context(), o.Account, s.clock.Now())
	must(t, err)
	same(t, []any{n, underWay}, []any{1, true})
}

// refusedIntent fails the test unless the intent is refused for the reason and
// leaves nothing behind.
func (s *stage) refusedIntent(t *testing.T, i bot.Intent, perDay int, want bot.Reason) {
	t.Helper()
	before, err := s.Verify(t.Context())
	must(t, err)
	why, err := s.Intend(t.Context(), i, s.asked(i), perDay)
	must(t, err)
	same(t, why, want)
	s.verified(t, int(before.Rows))
}

func grantUsed(t *testing.T, s *stage) {
	for _, result := range []bot.Result{"", bot.Applied, bot.UnlockedNotByUs, bot.RanOut, bot.LockedAgain, bot.Unknown} {
		o := s.offer(t, account())
		i := s.intend(t, o)
		if result != "" {
			s.unlocked(t, i, result)
		}
		s.refusedIntent(t, s.intent(o), 0, bot.GrantUsed)
		s.clock.Pass(time.Hour) // a second click as late as this is told the same
		s.refusedIntent(t, s.intent(o), 0, bot.GrantUsed)
	}
}

func triedAgain(t *testing.T, s *stage) {
	o := s.offer(t, account())
	for range 3 {
		s.unlocked(t, s.intend(t, o), bot.NotApplied)
	}
	s.unlocked(t, s.intend(t, o), bot.Applied)
	s.refusedIntent(t, s.intent(o), 0, bot.GrantUsed)
}

// onceASession: what was proved in a session unlocks an account once, by
// whichever grant. Where nothing was done, it still may.
func onceASession(t *testing.T, s *stage) {
	for result, want := range map[bot.Result]bot.Reason{"": bot.GrantUsed, bot.Applied: bot.GrantUsed, bot.UnlockedNotByUs: bot.GrantUsed,
		bot.LockedAgain: bot.GrantUsed, bot.Unknown: bot.GrantUsed, bot.NotApplied: "", bot.RanOut: ""} {
		first := s.offer(t, account())
		i := s.intend(t, first)
		if result != "" {
			s.unlocked(t, i, result)
		}
		linked, again := first, first
		linked.ID, linked.Account = rand.Text(), account()
		again.ID = rand.Text()
		must(t, s.Offer(t.Context(), []bot.Offer{linked, again}))
		if want != "" {
			s.refusedIntent(t, s.intent(again), 0, want)
		} else {
			s.intend(t, again)
		}
		s.intend(t, linked) // another account of the person
		other := s.offer(t, first.Account)
		if result == bot.Applied { // another session proves anew
			s.intend(t, other)
		}
	}
}

func oneOpenIntent(t *testing.T, s *stage) {
	user := account()
	first := s.intend(t, s.offer(t, user))
	second := s.offer(t, user)
	s.refusedIntent(t, s.intent(second), 0, bot.UnlockUnderWay)
	s.intend(t, s.offer(t, account())) // another account
	s.unlocked(t, first, bot.Applied)
	s.intend(t, second)
}

// oneALock: who decided on a lock that somebody else has undone since is told
// that the account is not locked, and nothing is recorded as if he had done it.
func oneALock(t *testing.T, s *stage) {
	for result, want := range map[bot.Result]bot.Reason{bot.Applied: bot.NotLocked, bot.UnlockedNotByUs: bot.NotLocked,
		bot.NotApplied: "", bot.RanOut: "", bot.LockedAgain: "", bot.Unknown: ""} {
		user := account()
		first := s.intend(t, s.offer(t, user))
		stale := s.intent(s.offer(t, user)) // decided on while the first was not done
		stale.Seen = first.Seen
		stale.Seen.BadPasswords++ // somebody is still guessing
		s.clock.Pass(time.Second)
		s.unlocked(t, first, result)
		s.clock.Pass(time.Second)
		if want != "" {
			s.refusedIntent(t, stale, 0, want)
			same(t, s.intend(t, s.offer(t, user)).Seen.Value == first.Seen.Value, false) // locked anew
			continue
		}
		why, err := s.Intend(t.Context(), stale, s.asked(stale), 0)
		must(t, err)
		same(t, why, want)
	}
	// A directory that counts locks by the second may lock again under the same value.
	user := account()
	first := s.intend(t, s.offer(t, user))
	s.unlocked(t, first, bot.Applied)
	again := s.intent(s.offer(t, user)) // read after that
	again.Seen, again.Read = first.Seen, s.clock.Now()
	why, err := s.Intend(t.Context(), again, s.asked(again), 0)
	must(t, err)
	same(t, why, bot.Reason(""))
}

func grantExpired(t *testing.T, s *stage) {
	o := s.offer(t, account())
	s.clock.Pass(5*time.Minute - time.Microsecond)
	s.unlocked(t, s.intend(t, o), bot.NotApplied)
	s.clock.Pass(time.Microsecond)
	s.refusedIntent(t, s.intent(o), 0, bot.GrantExpired)
}

func unlocksADay(t *testing.T, s *stage) {
	user := account()
	s.unlocked(t, s.intend(t, s.offer(t, user)), bot.Applied)
	s.clock.Pass(time.Hour)
	s.unlocked(t, s.intend(t, s.offer(t, user)), bot.Unknown)
	o := s.offer(t, user)
	s.refusedIntent(t, s.intent(o), 2, bot.TooManyUnlocks)
	s.refusedIntent(t, s.intent(s.offer(t, user)), 1, bot.TooManyUnlocks)
	i := s.intent(o)
	why, err := s.Intend(t.Context(), i, s.asked(i), 3)
	must(t, err)
	same(t, why, bot.Reason(""))
	s.unlocked(t, i, bot.NotApplied)
	s.clock.Pass(23*time.Hour + time.Microsecond) // the first one leaves the window
	i = s.intent(s.offer(t, user))
	why, err = s.Intend(t.Context(), i, s.asked(i), 2)
	must(t, err)
	same(t, why, bot.Reason(""))
}

func otherGrant(t *testing.T, s *stage) {
	o := s.offer(t, account())
	for name, spoil := range map[string]func(*bot.Offer){
		"account": func(o *bot.Offer) { o.Account = account() }, "agent": func(o *bot.Offer) { o.Agent = account() },
		"session": func(o *bot.Offer) { o.Session = rand.Text() }, "target": func(o *bot.Offer) { o.Target = account() },
		"policy": func(o *bot.Offer) { o.Policy = "p2" },
	} {
		i := s.intent(o)
		spoil(&i.Offer)
		if why, err := s.Intend(t.Context(), i, s.asked(i), 0); bot.KindOf(err) != bot.Invalid {
			t.Errorf("%s: %q, %v", name, why, err)
		}
	}
	unknown := s.intent(o)
	unknown.Offer.ID = rand.Text()
	_, err := s.Intend(t.Context(), unknown, s.asked(unknown), 0)
	kind(t, err, bot.NotFound)
	s.verified(t, 0)
	s.intend(t, o)
}

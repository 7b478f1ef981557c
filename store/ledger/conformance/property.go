package conformance

import (
	"crypto/rand"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"latchkey/bot"
)

// guess is a value that a client gives at one of the open challenges: of a step,
// right where there are no steps, or 0: wrong. renew opens that one anew first.
type guess struct {
	at    int
	step  int64
	renew bool
}

func guesses() *rapid.Generator[[]guess] {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) guess {
		return guess{at: rapid.IntRange(0, 4).Draw(t, "challenge"), step: rapid.Int64Range(0, 4).Draw(t, "step"),
			renew: rapid.IntRange(0, 7).Draw(t, "renew") == 7}
	}), 1, 6)
}

// tally is what came of the guesses of all clients.
type tally struct {
	mu             sync.Mutex
	open           []bot.Challenge // the newest of each
	judged, passed map[string]int  // by challenge
	steps          map[int64]int
}

// No interleaving of 8 clients judges more than five values of a challenge,
// accepts a step twice, or accepts more than one value of a challenge; and each
// that was accepted is one evidence.
func propertyTries(t *testing.T, s *stage) {
	rapid.Check(t, func(rt *rapid.T) {
		user := account()
		plans := make([][]guess, 8)
		for i := range plans {
			plans[i] = guesses().Draw(rt, "guesses")
		}
		pet := s.challengeOf(t, bot.SecurityQuestions, user)
		all := &tally{judged: map[string]int{}, passed: map[string]int{}, steps: map[int64]int{}, open: []bot.Challenge{
			pet, s.another(t, pet, "city"), s.challengeOf(t, bot.Chat, user), s.challengeOf(t, bot.Authenticator, user), s.challengeOf(t, bot.Authenticator, user)}}
		together(len(plans), func(i int) {
			for _, g := range plans[i] {
				if err := s.guess(t, all, g); err != nil {
					t.Error(err)
				}
			}
		})
		for id, n := range all.judged {
			if n > 5 || all.passed[id] > 1 {
				rt.Fatalf("%d values judged, %d accepted", n, all.passed[id])
			}
		}
		for step, n := range all.steps {
			if n > 1 || step == 0 {
				rt.Fatalf("step %d was accepted %d times", step, n)
			}
		}
		evidence := map[string]int{}
		for _, c := range append(all.open[2:], pet) { // pet's session is city's too
			passed, err := s.Evidence(t.Context(), c.Session)
			must(t, err)
			for _, e := range passed {
				evidence[e.Challenge]++
			}
		}
		same(t, evidence, all.passed)
	})
}

func (s *stage) guess(t *testing.T, all *tally, g guess) error {
	all.mu.Lock()
	c := all.open[g.at]
	all.mu.Unlock()
	if g.renew {
		c.ID = rand.Text()
		if err := s.OpenChallenge(t.Context(), c, bot.SendLimits{}); err != nil {
			return err
		}
		all.mu.Lock()
		all.open[g.at] = c
		all.mu.Unlock()
	}
	limits := roomy()
	limits.FleetWrongPerHour = 1_000_000
	begun, err := s.BeginAttempt(t.Context(), try(c), limits)
	if err != nil || begun.Refused != "" {
		return err
	}
	done, step := s.wrong(c, begun.Attempt), g.step
	if c.Type != bot.Authenticator {
		step = 0
	}
	if g.step > 0 {
		done = s.right(c, begun.Attempt, step)
	}
	settled, err := s.SettleAttempt(t.Context(), done)
	all.mu.Lock()
	defer all.mu.Unlock()
	all.judged[c.ID]++
	if settled.Right {
		all.passed[c.ID]++
		if c.Type == bot.Authenticator {
			all.steps[step]++
		}
	}
	return err
}

// No interleaving sends more than the limits allow, or refuses what they do not.
func propertySends(t *testing.T, s *stage) {
	type sent struct {
		chat    bool
		session string
	}
	rapid.Check(t, func(rt *rapid.T) {
		user := account()
		limits := bot.SendLimits{PerHour: rapid.IntRange(1, 6).Draw(rt, "hour"), PerSession: rapid.IntRange(1, 4).Draw(rt, "session")}
		sessions := []string{rand.Text(), rand.Text()}
		kinds := rapid.SliceOfN(rapid.SampledFrom([]bot.Type{bot.Chat, bot.Email, bot.Mobile}), 16, 16).Draw(rt, "kinds")
		where := rapid.SliceOfN(rapid.IntRange(0, 1), 16, 16).Draw(rt, "sessions")
		var mu sync.Mutex
		accepted, refused := map[sent]int{}, map[sent]int{}
		together(8, func(i int) {
			for n := 2 * i; n < 2*i+2; n++ {
				err := s.send(t, kinds[n], sessions[where[n]], user, limits)
				if err != nil && bot.KindOf(err) != bot.Throttled {
					t.Error(err)
				}
				mu.Lock()
				if one := (sent{kinds[n] == bot.Chat, sessions[where[n]]}); err == nil {
					accepted[one]++
				} else {
					refused[one]++
				}
				mu.Unlock()
			}
		})
		for _, chat := range []bool{true, false} {
			hour := accepted[sent{chat, sessions[0]}] + accepted[sent{chat, sessions[1]}]
			for _, session := range sessions {
				one := sent{chat, session}
				if hour > limits.PerHour || accepted[one] > limits.PerSession {
					rt.Fatalf("%+v were sent, with the limits %+v", accepted, limits)
				}
				if refused[one] > 0 && hour < limits.PerHour && accepted[one] < limits.PerSession {
					rt.Fatalf("%+v were sent and %+v refused, with the limits %+v", accepted, refused, limits)
				}
			}
		}
	})
}

// Whatever is clicked, an account has at most one open intent, and a grant at
// most one use that was not 'not applied'.
func propertyIntents(t *testing.T, s *stage) {
	rapid.Check(t, func(rt *rapid.T) {
		user := account()
		var offers []bot.Offer
		for range 3 {
			offers = append(offers, s.offer(t, user))
		}
		twin := offers[0] // of the same session
		twin.ID = rand.Text()
		must(t, s.Offer(t.Context(), []bot.Offer{twin}))
		offers = append(offers, twin)
		results := []bot.Result{bot.Applied, bot.NotApplied, bot.Unknown, bot.RanOut, bot.LockedAgain, bot.UnlockedNotByUs}
		used := map[string]bool{} // grants, and sessions
		var open *bot.Intent
		for range rapid.IntRange(1, 12).Draw(rt, "clicks") {
			if open != nil && rapid.Bool().Draw(rt, "settle") {
				result := rapid.SampledFrom(results).Draw(rt, "result")
				s.unlocked(t, *open, result)
				used[open.Offer.ID] = result != bot.NotApplied
				used[open.Offer.Session] = used[open.Offer.Session] || result != bot.NotApplied && result != bot.RanOut
				open = nil
				continue
			}
			i := s.intent(offers[rapid.IntRange(0, 3).Draw(rt, "grant")])
			i.ID = rand.Text()
			want := bot.Reason("")
			switch {
			case used[i.Offer.ID], used[i.Offer.Session], open != nil && open.Offer.Session == i.Offer.Session:
				want = bot.GrantUsed
			case open != nil:
				want = bot.UnlockUnderWay
			}
			why, err := s.Intend(t.Context(), i, s.asked(i), 0)
			if err != nil || why != want {
				rt.Fatalf("answered %q, not %q: %v", why, want, err)
			}
			if why == "" {
				open = &i
			}
		}
		if open != nil {
			s.unlocked(t, *open, bot.Applied)
		}
		if _, underWay, err := s.UnlockState(t.Context(), user, s.clock.Now().Add(-time.Hour)); err != nil || underWay {
			rt.Fatalf("under way: %t, %v", underWay, err)
		}
	})
}

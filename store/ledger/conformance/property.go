package conformance

import (
	"crypto/rand"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"latchkey/bot"
)

// No interleaving of 8 clients judges more than five values of a challenge,
// accepts a step twice, or accepts more than one value of a challenge.
func propertyTries(t *testing.T, s *stage) {
	rapid.Check(t, func(rt *rapid.T) {
		user := account()
		limits := roomy()
		limits.FleetWrongPerHour = 1_000_000
		plans := make([][]int64, 8) // the steps that each client's codes are of; 0: a wrong code
		for i := range plans {
			plans[i] = rapid.SliceOfN(rapid.Int64Range(0, 4), 1, 4).Draw(rt, "steps")
		}
		challenges := []bot.Challenge{s.challengeOf(t, bot.Authenticator, user), s.challengeOf(t, bot.Authenticator, user)}
		var mu sync.Mutex
		judged, passed, steps := map[string]int{}, map[string]int{}, map[int64]int{}
		together(len(plans), func(i int) {
			for _, step := range plans[i] {
				c := challenges[(i+int(step))%2]
				begun, err := s.BeginAttempt(t.Context(), try(c), limits)
				if err != nil || begun.Refused != "" {
					if err != nil {
						t.Error(err)
					}
					continue
				}
				done := s.wrong(c, begun.Attempt)
				if step > 0 {
					done = s.right(c, begun.Attempt, step)
				}
				settled, err := s.SettleAttempt(t.Context(), done)
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				judged[c.ID]++
				if settled.Right {
					passed[c.ID]++
					steps[step]++
				}
				mu.Unlock()
			}
		})
		for _, c := range challenges {
			if judged[c.ID] > 5 || passed[c.ID] > 1 {
				rt.Fatalf("%d values judged, %d accepted", judged[c.ID], passed[c.ID])
			}
		}
		for step, n := range steps {
			if n > 1 || step == 0 {
				rt.Fatalf("step %d was accepted %d times", step, n)
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

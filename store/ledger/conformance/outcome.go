package conformance

import (
	"crypto/rand"
	"testing"
	"time"

	"latchkey/bot"
)

func settleUnlockOnce(t *testing.T, s *stage) {
	i := s.intend(t, s.offer(t, account()))
	s.unlocked(t, i, bot.Applied)
	err := s.Settle(t.Context(), bot.Outcome{Intent: i.ID, Result: bot.Unknown, At: s.clock.Now()},
		s.record(bot.ActionUnlock, bot.StatusUnknown), []bot.Notice{{ID: rand.Text(), Kind: bot.NoticeAudit}})
	kind(t, err, bot.Conflict)
	err = s.Settle(t.Context(), bot.Outcome{Intent: rand.Text(), Result: bot.Applied}, s.record(bot.ActionUnlock, bot.StatusSuccess), nil)
	kind(t, err, bot.NotFound)
	err = s.Settle(t.Context(), bot.Outcome{Intent: i.ID, Result: "perhaps"}, s.record(bot.ActionUnlock, bot.StatusSuccess), nil)
	kind(t, err, bot.Invalid)
	s.verified(t, 2)
	due, err := s.Due(t.Context(), s.clock.Now(), 10, time.Minute)
	must(t, err)
	same(t, due, []bot.Notice{})
}

func outcomeWritesAll(t *testing.T, s *stage) {
	i := s.intend(t, s.offer(t, account()))
	r := s.whole()
	r.Operation = i.ID
	audit := bot.Notice{ID: "1" + rand.Text(), Kind: bot.NoticeAudit, Record: r, Next: s.clock.Now()}
	agent := bot.Notice{ID: "2" + rand.Text(), Kind: bot.NoticeAgent, To: "slack:T1:U1", Record: r}
	o := bot.Outcome{Intent: i.ID, Result: bot.NotApplied, Why: bot.TargetGone, Detail: "gone", At: s.clock.Now()}
	twice := []bot.Notice{audit, audit}
	kind(t, s.Settle(t.Context(), o, r, twice), bot.Conflict)
	s.verified(t, 1) // nothing of it stayed
	must(t, s.Settle(t.Context(), o, r, []bot.Notice{audit, agent}))
	r.Seq = 2
	same(t, s.newest(t, 1), []bot.Record{r})
	due, err := s.Due(t.Context(), s.clock.Now(), 10, time.Minute)
	must(t, err)
	audit.Record, agent.Record = r, r // with the number that history gave it
	audit.Tries, audit.Next = 1, s.clock.Now().Add(time.Minute)
	agent.Tries, agent.Next = 1, s.clock.Now().Add(time.Minute)
	same(t, due, []bot.Notice{audit, agent})
}

func openIntents(t *testing.T, s *stage) {
	first := s.intend(t, s.offer(t, account()))
	s.clock.Pass(time.Second)
	second := s.intend(t, s.offer(t, account()))
	s.clock.Pass(time.Second)
	done := s.intend(t, s.offer(t, account()))
	s.unlocked(t, done, bot.Applied)
	got, err := s.OpenIntents(t.Context(), s.clock.Now())
	must(t, err)
	same(t, got, []bot.Intent{first, second})
	got, err = s.OpenIntents(t.Context(), second.At) // that one did not begin before
	must(t, err)
	same(t, got, []bot.Intent{first})
	for range 100 {
		s.intend(t, s.offer(t, account()))
	}
	got, err = s.OpenIntents(t.Context(), s.clock.Now().Add(time.Second))
	must(t, err)
	same(t, len(got), 100)
	same(t, got[0], first)
}

func resultsThatCount(t *testing.T, s *stage) {
	for result, counts := range map[bot.Result]int{bot.Applied: 1, bot.UnlockedNotByUs: 1, bot.LockedAgain: 1, bot.Unknown: 1,
		bot.NotApplied: 0, bot.RanOut: 0} {
		user := account()
		s.unlocked(t, s.intend(t, s.offer(t, user)), result)
		n, underWay, err := s.UnlockState(t.Context(), user, s.clock.Now())
		must(t, err)
		if n != counts || underWay {
			t.Errorf("after %s: %d unlocks, under way: %t", result, n, underWay)
		}
		if n, _, _ = s.UnlockState(t.Context(), user, s.clock.Now().Add(time.Microsecond)); n != 0 {
			t.Errorf("after %s: counted past the window", result)
		}
	}
}

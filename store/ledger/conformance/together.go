package conformance

import (
	"crypto/rand"
	"sync"
	"testing"
	"time"

	"latchkey/bot"
)

// together runs do n times at once.
func together(n int, do func(i int)) {
	var all sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		all.Go(func() {
			<-start
			do(i)
		})
	}
	close(start)
	all.Wait()
}

func triesTogether(t *testing.T, s *stage) {
	c := s.challenge(t, bot.Authenticator)
	var mu sync.Mutex
	numbers, right, over := map[int]int{}, 0, 0
	together(16, func(int) {
		begun, err := s.BeginAttempt(t.Context(), try(c), roomy())
		if err != nil {
			t.Error(err)
			return
		}
		settled := bot.Settled{}
		if begun.Refused == "" {
			if settled, err = s.SettleAttempt(t.Context(), s.right(c, begun.Attempt, 7)); err != nil {
				t.Error(err)
			}
		}
		mu.Lock()
		defer mu.Unlock()
		if begun.Refused != "" {
			over++
			return
		}
		numbers[begun.Attempt.N]++
		if settled.Right {
			right++
		}
	})
	if right != 1 || len(numbers) > 5 || len(numbers)+over != 16 {
		t.Fatalf("%d right, tries %v, %d refused", right, numbers, over)
	}
	for n, times := range numbers {
		if n < 1 || n > 5 || times != 1 {
			t.Fatalf("tries %v", numbers)
		}
	}
}

func oneWinner(t *testing.T, s *stage) {
	o := s.offer(t, account())
	reasons := s.race(t, 16, func(int) bot.Offer { return o })
	same(t, reasons, map[bot.Reason]int{"": 1, bot.GrantUsed: 15})
	s.verified(t, 1)
}

func oneOpenTogether(t *testing.T, s *stage) {
	user := account()
	var offers []bot.Offer
	for range 16 {
		offers = append(offers, s.offer(t, user))
	}
	reasons := s.race(t, 16, func(i int) bot.Offer { return offers[i] })
	same(t, reasons, map[bot.Reason]int{"": 1, bot.UnlockUnderWay: 15})
	open, err := s.OpenIntents(t.Context(), s.clock.Now().Add(time.Second))
	must(t, err)
	same(t, len(open), 1)
}

// race intends by n grants at once and counts the answers.
func (s *stage) race(t *testing.T, n int, offer func(int) bot.Offer) map[bot.Reason]int {
	t.Helper()
	var mu sync.Mutex
	reasons := map[bot.Reason]int{}
	together(n, func(i int) {
		intent := s.intent(offer(i))
		why, err := s.Intend(t.Context(), intent, s.asked(intent), 0)
		if err != nil {
			t.Error(err)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		reasons[why]++
	})
	return reasons
}

func historyTogether(t *testing.T, s *stage) {
	together(8, func(int) {
		for range 20 {
			if err := s.Append(t.Context(), s.record(bot.ActionUnlock, bot.StatusSuccess)); err != nil {
				t.Error(err)
			}
			if result, err := s.Verify(t.Context()); err != nil || result.Fault != nil {
				t.Errorf("%+v, %v", result.Fault, err)
			}
		}
	})
	s.verified(t, 160)
}

func noticesTogether(t *testing.T, s *stage) {
	for range 20 {
		r := s.record(bot.ActionUnlock, bot.StatusSuccess)
		must(t, s.Append(t.Context(), r, bot.Notice{ID: rand.Text(), Kind: bot.NoticeAudit, Record: r}))
	}
	var mu sync.Mutex
	seen := map[string]int{}
	together(8, func(int) {
		for {
			due, err := s.Due(t.Context(), s.clock.Now(), 3, time.Minute)
			if err != nil {
				t.Error(err)
			}
			if len(due) == 0 {
				return
			}
			mu.Lock()
			for _, n := range due {
				seen[n.ID]++
			}
			mu.Unlock()
		}
	})
	same(t, len(seen), 20)
	for id, n := range seen {
		if n != 1 {
			t.Errorf("notice %s was handed out %d times", id, n)
		}
	}
}

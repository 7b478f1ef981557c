package conformance

import (
	"crypto/rand"
	"testing"
	"time"

	"latchkey/bot"
)

// notices puts n notices into the outbox, each a second later than the one before.
func (s *stage) notices(t *testing.T, n int) []bot.Notice {
	t.Helper()
	r := s.record(bot.ActionUnlock, bot.StatusSuccess)
	var out []bot.Notice
	for i := range n {
		out = append(out, bot.Notice{ID: rand.Text(), Kind: bot.NoticeTarget, To: "mei@example.com", Record: r,
			Next: s.clock.Now().Add(time.Duration(i) * time.Second)})
	}
	must(t, s.Append(t.Context(), r, out...))
	for i := range out {
		out[i].Record.Seq = s.newest(t, 1)[0].Seq
	}
	return out
}

func outboxLeased(t *testing.T, s *stage) {
	all := s.notices(t, 3)
	take := func(n int) (ids []string) {
		due, err := s.Due(t.Context(), s.clock.Now(), n, time.Minute)
		must(t, err)
		for _, d := range due {
			ids = append(ids, d.ID)
		}
		return ids
	}
	same(t, take(10), []string{all[0].ID}) // the others are not due yet
	same(t, take(10), []string{})          // held
	s.clock.Pass(2 * time.Second)
	same(t, take(1), []string{all[1].ID})
	same(t, take(1), []string{all[2].ID})
	s.clock.Pass(58 * time.Second)
	again, err := s.Due(t.Context(), s.clock.Now(), 10, time.Minute)
	must(t, err)
	want := all[0]
	want.Tries, want.Next = 2, s.clock.Now().Add(time.Minute)
	same(t, again, []bot.Notice{want})
	_, err = s.Due(t.Context(), s.clock.Now(), 0, time.Minute)
	kind(t, err, bot.Invalid)
	_, err = s.Due(t.Context(), s.clock.Now(), 1, 0)
	kind(t, err, bot.Invalid)
}

func outboxLater(t *testing.T, s *stage) {
	all := s.notices(t, 2)
	s.clock.Pass(time.Second)
	due, err := s.Due(t.Context(), s.clock.Now(), 10, time.Minute)
	must(t, err)
	same(t, len(due), 2)
	must(t, s.Done(t.Context(), all[0].ID))
	must(t, s.Later(t.Context(), all[1].ID, s.clock.Now().Add(time.Second)))
	s.clock.Pass(time.Second)
	due, err = s.Due(t.Context(), s.clock.Now(), 10, time.Minute)
	must(t, err)
	same(t, len(due), 1)
	same(t, []any{due[0].ID, due[0].Tries}, []any{all[1].ID, 2})
	must(t, s.Done(t.Context(), all[0].ID)) // a second deliverer was as quick
	must(t, s.Later(t.Context(), all[0].ID, s.clock.Now()))
	must(t, s.Done(t.Context(), all[1].ID))
	s.clock.Pass(time.Hour)
	due, err = s.Due(t.Context(), s.clock.Now(), 10, time.Minute)
	must(t, err)
	same(t, due, []bot.Notice{})
}

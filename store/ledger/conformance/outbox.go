package conformance

import (
	"cmp"
	"crypto/rand"
	"slices"
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

// resealedTo is the notice as another key seals its recipient.
func resealedTo(n bot.Notice, with string) bot.Notice {
	_, sealed, _ := n.Sealed()
	return n.Resealed(append(slices.Clone(sealed), with...))
}

func outboxResealed(t *testing.T, s *stage) {
	s.notices(t, 2) // in the clear: they are let alone
	r := s.record(bot.ActionEnroll, bot.StatusSuccess)
	var all []bot.Notice
	for i := range 3 {
		id := rand.Text()
		all = append(all, bot.Notice{ID: id, Kind: bot.NoticeTarget, To: bot.SealedRecipient + id + ":c2VhbGVk", Record: r,
			Next: s.clock.Now().Add(time.Duration(i) * time.Hour)})
	}
	must(t, s.Append(t.Context(), r, all...))
	slices.SortFunc(all, func(a, b bot.Notice) int { return cmp.Compare(a.ID, b.ID) })
	for i := range all {
		all[i].Record.Seq = s.newest(t, 1)[0].Seq
	}
	page := func(after string, n int) []bot.Notice {
		t.Helper()
		got, err := s.SealedNotices(t.Context(), after, n)
		must(t, err)
		return got
	}
	same(t, page("", 10), all)
	same(t, page("", 2), all[:2])
	same(t, page(all[1].ID, 2), all[2:])
	same(t, page(all[2].ID, 2), []bot.Notice{})
	for i, was := range all {
		now := resealedTo(was, " anew")
		done, err := s.ResealNotice(t.Context(), was, now)
		must(t, err)
		same(t, done, true)
		done, err = s.ResealNotice(t.Context(), was, resealedTo(was, " late")) // it is no longer what it was
		must(t, err)
		same(t, done, false)
		all[i] = now
	}
	same(t, page("", 10), all)

	s.clock.Pass(3 * time.Hour)
	_, err := s.Due(t.Context(), s.clock.Now(), 10, time.Minute)
	must(t, err)
	leased := page("", 10)
	done, err := s.ResealNotice(t.Context(), all[0], resealedTo(all[0], " again"))
	must(t, err)
	same(t, done, true)
	leased[0] = resealedTo(all[0], " again")
	leased[0].Tries, leased[0].Next = 1, s.clock.Now().Add(time.Minute) // the lease goes on
	same(t, page("", 10), leased)
	must(t, s.Done(t.Context(), all[1].ID))
	done, err = s.ResealNotice(t.Context(), all[1], resealedTo(all[1], " again"))
	must(t, err)
	same(t, done, false)
	same(t, page("", 10), []bot.Notice{leased[0], leased[2]})
}

func outboxResealMisused(t *testing.T, s *stage) {
	id := rand.Text()
	was := bot.Notice{ID: id, Kind: bot.NoticeTarget, To: bot.SealedRecipient + id + ":c2VhbGVk", Record: s.record(bot.ActionEnroll, bot.StatusSuccess)}
	must(t, s.Append(t.Context(), was.Record, was))
	for name, spoil := range map[string]func(*bot.Notice){
		"another notice": func(n *bot.Notice) { n.ID += "x" }, "no notice": func(n *bot.Notice) { n.ID = "" },
		"in the clear": func(n *bot.Notice) { n.To = "mei@example.com" }, "nobody": func(n *bot.Notice) { n.To = "" },
		"another row": func(n *bot.Notice) { n.To = bot.SealedRecipient + "x:c2VhbGVk" },
	} {
		now := was
		spoil(&now)
		if done, err := s.ResealNotice(t.Context(), was, now); done || bot.KindOf(err) != bot.Invalid {
			t.Errorf("%s: %t, %v", name, done, err)
		}
	}
	for _, n := range []int{-1, 0, 1001} {
		_, err := s.SealedNotices(t.Context(), "", n)
		kind(t, err, bot.Invalid)
	}
	left, err := s.SealedNotices(t.Context(), "", 10)
	must(t, err)
	same(t, []any{len(left), left[0].To}, []any{1, was.To})
}

// remembered: a notice of no record waits for its time, and is there once.
func outboxRemembered(t *testing.T, s *stage) {
	n := bot.Notice{ID: rand.Text(), Kind: bot.NoticeCard, To: "slack:T1:U1 answer D1:17", Next: s.clock.Now().Add(time.Minute)}
	must(t, s.Remember(t.Context(), n))
	kind(t, s.Remember(t.Context(), n), bot.Conflict)
	s.clock.Pass(time.Minute)
	due, err := s.Due(t.Context(), s.clock.Now(), 10, time.Minute)
	must(t, err)
	n.Tries, n.Next = 1, s.clock.Now().Add(time.Minute)
	same(t, due, []bot.Notice{n})
	must(t, s.Done(t.Context(), n.ID))
	s.verified(t, 0)
}

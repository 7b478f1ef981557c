package conformance

import (
	"crypto/rand"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"latchkey/bot"
)

// freeze is one of a day.
func (s *stage) freeze(ids ...bot.AccountID) bot.Freeze {
	return bot.Freeze{ID: rand.Text(), Accounts: ids, At: s.clock.Now(), Until: s.clock.Now().Add(24 * time.Hour)}
}

// pressed presses 'This is not me' for the accounts.
func (s *stage) pressed(t *testing.T, perWeek int, ids ...bot.AccountID) (held bool) {
	t.Helper()
	held, err := s.Freeze(t.Context(), s.freeze(ids...), perWeek, s.record(bot.ActionNotMe, bot.StatusSuccess))
	must(t, err)
	return held
}

// frozen fails the test unless the accounts are frozen until then; zero: not.
func (s *stage) frozen(t *testing.T, until time.Time, ids ...bot.AccountID) {
	t.Helper()
	got, err := s.Frozen(t.Context(), ids, s.clock.Now())
	must(t, err)
	if !got.Equal(until) {
		t.Fatalf("frozen until %s, not %s", got, until)
	}
}

func freezeHolds(t *testing.T, s *stage) {
	corp, lab, other := account(), account(), account()
	f := s.freeze(corp, lab, corp)
	r := s.record(bot.ActionNotMe, bot.StatusSuccess)
	r.Detail = "pressed by the user"
	held, err := s.Freeze(t.Context(), f, 3, r, bot.Notice{Kind: bot.NoticeAudit, Record: r})
	must(t, err)
	same(t, held, true)
	written := s.newest(t, 1)[0]
	same(t, written.Detail, r.Detail)
	due, err := s.Due(t.Context(), s.clock.Now(), 10, time.Minute)
	must(t, err)
	same(t, len(due), 1)
	same(t, due[0].Record, written)
	for _, ids := range [][]bot.AccountID{{corp}, {lab}, {other, lab}} {
		s.frozen(t, f.Until, ids...)
	}
	s.frozen(t, time.Time{}, other)
	s.frozen(t, time.Time{})
	s.clock.Pass(time.Hour)
	same(t, s.pressed(t, 3, lab), true)
	s.frozen(t, f.Until.Add(time.Hour), corp, lab) // the longest of them
	s.frozen(t, f.Until, corp)
	s.clock.Pass(23*time.Hour - time.Microsecond)
	s.frozen(t, f.Until, corp)
	s.clock.Pass(time.Microsecond)
	s.frozen(t, time.Time{}, corp)
	s.frozen(t, f.Until.Add(time.Hour), lab)
}

func freezeIncomplete(t *testing.T, s *stage) {
	id := account()
	for name, spoil := range map[string]func(*bot.Freeze){
		"no id": func(f *bot.Freeze) { f.ID = "" }, "nobody": func(f *bot.Freeze) { f.Accounts = nil },
		"an empty account": func(f *bot.Freeze) { f.Accounts = []bot.AccountID{id, {}} }, "no end": func(f *bot.Freeze) { f.Until = time.Time{} },
	} {
		f := s.freeze(id)
		spoil(&f)
		if held, err := s.Freeze(t.Context(), f, 3, s.record(bot.ActionNotMe, bot.StatusSuccess)); held || bot.KindOf(err) != bot.Invalid {
			t.Errorf("%s: %t, %v", name, held, err)
		}
	}
	_, err := s.Frozen(t.Context(), []bot.AccountID{{Store: "corp"}}, s.clock.Now())
	kind(t, err, bot.Invalid)
	f := s.freeze(id)
	_, err = s.Freeze(t.Context(), f, 3, s.record(bot.ActionNotMe, bot.StatusSuccess))
	must(t, err)
	held, err := s.Freeze(t.Context(), f, 3, s.record(bot.ActionNotMe, bot.StatusSuccess)) // the same again
	kind(t, err, bot.Conflict)
	same(t, held, false)
	s.verified(t, 1)
}

func freezesAWeek(t *testing.T, s *stage) {
	corp, lab, corp2, lab2 := account(), account(), account(), account()
	start := s.clock.Now()
	same(t, s.pressed(t, 2, corp), true)
	must(t, s.Lift(t.Context(), []bot.AccountID{corp}, s.record(bot.ActionLift, bot.StatusSuccess)))
	s.clock.Pass(24 * time.Hour)
	same(t, s.pressed(t, 2, corp, lab), true)
	s.clock.Pass(48 * time.Hour)
	for _, ids := range [][]bot.AccountID{{corp}, {lab, corp}} { // lifted ones count, and by either account
		r := s.record(bot.ActionNotMe, bot.StatusSuccess)
		r.Detail = "pressed"
		held, err := s.Freeze(t.Context(), s.freeze(ids...), 2, r, bot.Notice{ID: rand.Text(), Kind: bot.NoticeAudit, Record: r})
		must(t, err)
		same(t, held, false)
		written := s.newest(t, 1)[0]
		if written.ID != r.ID || !strings.HasPrefix(written.Detail, "pressed; unlocking was not frozen: the limit of 2") {
			t.Errorf("the record says %q", written.Detail)
		}
		due, err := s.Due(t.Context(), s.clock.Now(), 10, time.Minute)
		must(t, err)
		same(t, len(due), 1)
		same(t, due[0].Record, written)
	}
	s.frozen(t, time.Time{}, corp, lab)
	same(t, s.pressed(t, 2, lab), true) // that one had but one
	must(t, s.Lift(t.Context(), []bot.AccountID{lab}, s.record(bot.ActionLift, bot.StatusSuccess)))
	s.clock.Pass(start.Add(7*24*time.Hour).Sub(s.clock.Now()) - time.Microsecond)
	same(t, s.pressed(t, 2, corp), false) // what did not hold was not counted either, but two did
	s.clock.Pass(time.Microsecond)
	same(t, s.pressed(t, 2, corp), true)
	same(t, s.pressed(t, 0, account()), false)
	for _, held := range []bool{true, true, false} { // one of two accounts is one
		same(t, s.pressed(t, 2, lab2, corp2), held)
	}
}

func freezeLifted(t *testing.T, s *stage) {
	corp, lab := account(), account()
	lift := func(ids ...bot.AccountID) error {
		r := s.record(bot.ActionLift, bot.StatusSuccess)
		return s.Lift(t.Context(), ids, r, bot.Notice{ID: rand.Text(), Kind: bot.NoticeAudit, Record: r})
	}
	kind(t, lift(corp), bot.NotFound)
	kind(t, lift(), bot.Invalid)
	kind(t, lift(bot.AccountID{}), bot.Invalid)
	same(t, s.pressed(t, 9, corp, lab), true)
	s.clock.Pass(time.Hour)
	same(t, s.pressed(t, 9, corp), true)
	must(t, lift(corp))
	s.frozen(t, time.Time{}, corp, lab) // both, and for all of the person's
	kind(t, lift(corp, lab), bot.NotFound)
	same(t, s.pressed(t, 9, lab), true)
	s.clock.Pass(24 * time.Hour)
	kind(t, lift(lab), bot.NotFound) // it has run out
	due, err := s.Due(t.Context(), s.clock.Now(), 10, time.Minute)
	must(t, err)
	same(t, len(due), 1)
	s.verified(t, 4)
}

func frozenIntent(t *testing.T, s *stage) {
	user, linked := account(), account()
	o := s.offer(t, user)
	other := bot.Offer{ID: rand.Text(), Session: rand.Text(), Agent: account(), Target: user, Account: linked, Policy: "p1",
		At: s.clock.Now(), Expires: s.clock.Now().Add(48 * time.Hour)}
	must(t, s.Offer(t.Context(), []bot.Offer{other}))
	elsewhere := s.offer(t, account())
	same(t, s.pressed(t, 3, user), true)
	for _, grant := range []bot.Offer{o, other} { // of the account, and of the person that it is unlocked for
		i := s.intent(grant)
		why, err := s.Intend(t.Context(), i, s.asked(i), 0)
		must(t, err)
		same(t, why, bot.Frozen)
	}
	s.unlocked(t, s.intend(t, elsewhere), bot.Applied)
	i := s.intent(elsewhere)
	same(t, s.pressed(t, 3, elsewhere.Account), true)
	why, err := s.Intend(t.Context(), i, s.asked(i), 0)
	must(t, err)
	same(t, why, bot.GrantUsed) // a second click says the same as ever
	must(t, s.Lift(t.Context(), []bot.AccountID{user}, s.record(bot.ActionLift, bot.StatusSuccess)))
	s.unlocked(t, s.intend(t, o), bot.Applied)
	same(t, s.pressed(t, 3, linked), true)
	s.clock.Pass(24*time.Hour - time.Microsecond)
	i = s.intent(other)
	why, err = s.Intend(t.Context(), i, s.asked(i), 0)
	must(t, err)
	same(t, why, bot.Frozen)
	s.clock.Pass(time.Microsecond)
	s.intend(t, other)
}

// Of many presses and unlocks at once, so many freezes hold as may, and no
// unlock begins after the first of them.
func freezesTogether(t *testing.T, s *stage) {
	user := account()
	var offers []bot.Offer
	for range 8 {
		offers = append(offers, s.offer(t, user))
	}
	var mu sync.Mutex
	counts := map[string]int{}
	together(16, func(i int) {
		var what string
		if i%2 == 0 {
			held, err := s.Freeze(t.Context(), s.freeze(user), 3, s.record(bot.ActionNotMe, bot.StatusSuccess))
			if err != nil {
				t.Error(err)
			}
			what = fmt.Sprintf("held %t", held)
		} else {
			intent := s.intent(offers[i/2])
			why, err := s.Intend(t.Context(), intent, s.asked(intent), 0)
			if err != nil {
				t.Error(err)
			}
			what = string(why)
		}
		mu.Lock()
		defer mu.Unlock()
		counts[what]++
	})
	if counts["held true"] != 3 || counts["held false"] != 5 || counts[""] > 1 {
		t.Fatalf("%v", counts)
	}
	records := s.newest(t, 100)
	frozen := false
	for i := len(records) - 1; i >= 0; i-- { // oldest first
		switch records[i].Action {
		case bot.ActionNotMe:
			frozen = true
		case bot.ActionUnlock:
			if frozen {
				t.Fatal("an unlock began after a freeze")
			}
		}
	}
	s.verified(t, 8+counts[""])
}

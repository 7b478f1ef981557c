package conformance

import (
	"cmp"
	"crypto/rand"
	"errors"
	"iter"
	"slices"
	"testing"
	"time"

	"latchkey/bot"
	"latchkey/store/ledger"
)

// Import runs the part of the suite that is about enrolling many at once.
func Import(t *testing.T, open Factory) {
	for name, test := range map[string]func(*testing.T, *stage){
		"all are kept":                        importKept,
		"none is, when the last is taken":     importTaken,
		"none is, when the source fails":      importSourceFails,
		"none is, when one is twice in it":    importTwice,
		"one that is incomplete is a mistake": importIncomplete,
		"others write before and after":       importBetween,
	} {
		t.Run(name, func(t *testing.T) {
			clock := NewClock()
			test(t, &stage{Ledger: open(t, ledger.Config{Now: clock.Now, NewID: rand.Text}), clock: clock})
		})
	}
}

// many are n enrollments, each of an account of its own, with their records.
func (s *stage) many(n int) []ledger.Enrolling {
	out := make([]ledger.Enrolling, n)
	for i := range out {
		id := account()
		r := s.record(bot.ActionEnroll, bot.StatusSuccess)
		r.Target.Account = id
		out[i] = ledger.Enrolling{Enrollment: s.enrollment(id, bot.Types()[2+i%2]), Record: r}
	}
	return out
}

func given(all []ledger.Enrolling, end error) iter.Seq2[ledger.Enrolling, error] {
	return func(yield func(ledger.Enrolling, error) bool) {
		for _, one := range all {
			if !yield(one, nil) {
				return
			}
		}
		if end != nil {
			yield(ledger.Enrolling{}, end)
		}
	}
}

func (s *stage) enrolledWith(t *testing.T, all []ledger.Enrolling) []bot.Enrollment {
	t.Helper()
	var ids []bot.AccountID
	for _, one := range all {
		ids = append(ids, one.Enrollment.Account)
	}
	got, err := s.Enrollments(t.Context(), ids)
	must(t, err)
	return got
}

func importKept(t *testing.T, s *stage) {
	all := s.many(300)
	all[7].Enrollment.Since = time.Time{} // the ledger's time
	n, err := s.EnrollAll(t.Context(), given(all, nil))
	must(t, err)
	same(t, n, len(all))
	var want []bot.Enrollment
	for _, one := range all {
		one.Enrollment.Since = s.clock.Now()
		want = append(want, one.Enrollment)
	}
	byID := func(a, b bot.Enrollment) int { return cmp.Compare(a.ID, b.ID) }
	got := s.enrolledWith(t, all)
	slices.SortFunc(got, byID)
	slices.SortFunc(want, byID)
	same(t, got, want)
	s.verified(t, len(all))
	records := s.newest(t, len(all))
	for i, r := range records {
		want := all[len(all)-1-i].Record
		want.Seq = r.Seq
		same(t, r, want)
	}
	n, err = s.EnrollAll(t.Context(), given(nil, nil))
	must(t, err)
	same(t, n, 0)
}

func (s *stage) noneOf(t *testing.T, all []ledger.Enrolling, records int) {
	t.Helper()
	same(t, s.enrolledWith(t, all), []bot.Enrollment{})
	s.verified(t, records)
}

func importTaken(t *testing.T, s *stage) {
	all := s.many(50)
	last := all[49].Enrollment
	last.ID += "-before"
	must(t, s.Enroll(t.Context(), last, s.record(bot.ActionEnroll, bot.StatusSuccess)))
	n, err := s.EnrollAll(t.Context(), given(all, nil))
	kind(t, err, bot.Conflict)
	same(t, n, 0)
	if bot.TextOf(err) == "" {
		t.Error("the error has no words for people")
	}
	s.noneOf(t, all[:49], 1)
	same(t, s.enrolledWith(t, all), []bot.Enrollment{last})
}

func importSourceFails(t *testing.T, s *stage) {
	all, broken := s.many(50), errors.New("the source broke")
	_, err := s.EnrollAll(t.Context(), given(all, broken))
	if !errors.Is(err, broken) {
		t.Fatalf("the source's error is lost: %v", err)
	}
	s.noneOf(t, all, 0)
}

func importTwice(t *testing.T, s *stage) {
	all := s.many(50)
	again := all[3]
	again.Enrollment.ID += "-again"
	again.Record.ID += "-again"
	_, err := s.EnrollAll(t.Context(), given(append(all, again), nil))
	kind(t, err, bot.Conflict)
	s.noneOf(t, all, 0)
}

func importIncomplete(t *testing.T, s *stage) {
	for _, spoil := range []func(*bot.Enrollment){
		func(e *bot.Enrollment) { e.ID = "" },
		func(e *bot.Enrollment) { e.Account.Store = "" },
		func(e *bot.Enrollment) { e.Account.GUID = "" },
		func(e *bot.Enrollment) { e.Type = "palm" },
	} {
		all := s.many(3)
		spoil(&all[2].Enrollment)
		_, err := s.EnrollAll(t.Context(), given(all, nil))
		kind(t, err, bot.Invalid)
		s.noneOf(t, all[:2], 0)
	}
}

func importBetween(t *testing.T, s *stage) {
	must(t, s.Append(t.Context(), s.record(bot.ActionUnlock, bot.StatusAsked)))
	all := s.many(20)
	_, err := s.EnrollAll(t.Context(), given(all, nil))
	must(t, err)
	must(t, s.Append(t.Context(), s.record(bot.ActionUnlock, bot.StatusAsked)))
	s.verified(t, 22)
}

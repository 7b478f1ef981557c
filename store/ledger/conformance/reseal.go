package conformance

import (
	"cmp"
	"slices"
	"testing"

	"latchkey/bot"
)

// rekeyed is the enrollment as another key seals it.
func rekeyed(e bot.Enrollment) bot.Enrollment {
	anew := func(b []byte) []byte {
		if len(b) == 0 {
			return nil
		}
		return append(slices.Clone(b), 0, 255)
	}
	e.Seed, e.Contact, e.Answers = anew(e.Seed), anew(e.Contact), slices.Clone(e.Answers)
	for i := range e.Answers {
		e.Answers[i].Question = anew(e.Answers[i].Question)
	}
	return e
}

// everyKind enrolls one account with each kind of secret.
func (s *stage) everyKind(t *testing.T) []bot.Enrollment {
	t.Helper()
	id := account()
	mail := s.enrollment(id, bot.Email)
	mail.Address, mail.Contact = "", []byte("sealed")
	all := []bot.Enrollment{s.enrollment(id, bot.Authenticator), mail, s.enrollment(id, bot.Mobile), s.questions(id, 3)}
	for _, e := range all {
		s.enroll(t, e)
	}
	slices.SortFunc(all, func(a, b bot.Enrollment) int { return cmp.Compare(a.ID, b.ID) })
	return all
}

func (s *stage) page(t *testing.T, after string, n int) []bot.Enrollment {
	t.Helper()
	got, err := s.SealedPage(t.Context(), after, n)
	must(t, err)
	return got
}

func sealedPages(t *testing.T, s *stage) {
	same(t, s.page(t, "", 10), []bot.Enrollment{})
	all := s.everyKind(t)
	same(t, s.page(t, "", 4), all)
	same(t, s.page(t, "", 3), all[:3])
	same(t, s.page(t, all[2].ID, 3), all[3:])
	same(t, s.page(t, all[3].ID, 3), []bot.Enrollment{})
	for _, n := range []int{-1, 0, 1001} {
		_, err := s.SealedPage(t.Context(), "", n)
		kind(t, err, bot.Invalid)
	}
}

func resealed(t *testing.T, s *stage) {
	all := s.everyKind(t)
	var want []bot.Enrollment
	for _, was := range all {
		now := rekeyed(was)
		if was.Address != "" { // it is sealed now, and its caller has not removed it
			now.Contact = []byte("new seal")
		}
		done, err := s.Reseal(t.Context(), was, now)
		must(t, err)
		same(t, done, true)
		done, err = s.Reseal(t.Context(), was, now) // it is no longer what it was
		must(t, err)
		same(t, done, false)
		now.Address = ""
		want = append(want, now)
	}
	same(t, s.page(t, "", 10), want)
	s.verified(t, 4) // history has nothing to say
}

// stale: nothing of an enrollment is replaced when anything of it is another.
func resealStale(t *testing.T, s *stage) {
	all := s.everyKind(t)
	for _, was := range all {
		for name, spoil := range map[string]func(*bot.Enrollment){
			"seed": func(e *bot.Enrollment) { e.Seed = append(slices.Clone(e.Seed), 1) }, "contact": func(e *bot.Enrollment) { e.Contact = append(slices.Clone(e.Contact), 1) },
			"address": func(e *bot.Enrollment) { e.Address += "x" },
			"question": func(e *bot.Enrollment) {
				e.Answers = slices.Clone(e.Answers)
				e.Answers = append(e.Answers, bot.Answer{ID: "more", Question: []byte("q")})
			},
			"questions": func(e *bot.Enrollment) {
				if e.Answers = slices.Clone(e.Answers); len(e.Answers) > 0 {
					e.Answers[2].Question = []byte("another")
				} else {
					e.Seed = []byte("another")
				}
			},
		} {
			old := was
			spoil(&old)
			if done, err := s.Reseal(t.Context(), old, rekeyed(old)); done || err != nil {
				t.Errorf("%s, %s: %t, %v", was.Type, name, done, err)
			}
		}
	}
	same(t, s.page(t, "", 10), all)
	gone := all[0]
	must(t, s.Unenroll(t.Context(), gone.Account, []bot.Type{gone.Type}, s.record(bot.ActionUnenroll, bot.StatusSuccess)))
	done, err := s.Reseal(t.Context(), gone, rekeyed(gone))
	must(t, err)
	same(t, done, false)
	same(t, s.page(t, "", 10), all[1:])
}

func resealMisused(t *testing.T, s *stage) {
	all := s.everyKind(t)
	for _, was := range all {
		bare := rekeyed(was)
		bare.Seed, bare.Contact, bare.Answers = nil, nil, slices.Clone(bare.Answers)
		for i := range bare.Answers {
			bare.Answers[i].Question = nil
		}
		if done, err := s.Reseal(t.Context(), was, bare); was.Address == "" && (done || err == nil) {
			t.Errorf("%s lost its seal: %t, %v", was.Type, done, err)
		}
		other := rekeyed(was)
		other.ID += "x"
		_, err := s.Reseal(t.Context(), was, other)
		kind(t, err, bot.Invalid)
		other.ID, other.Answers = was.ID, append(slices.Clone(other.Answers), bot.Answer{ID: "more"})
		_, err = s.Reseal(t.Context(), was, other)
		kind(t, err, bot.Invalid)
	}
	_, err := s.Reseal(t.Context(), bot.Enrollment{}, bot.Enrollment{})
	kind(t, err, bot.Invalid)
	same(t, s.page(t, "", 10), all)
}

package conformance

import (
	"crypto/rand"
	"testing"
	"time"

	"latchkey/bot"
)

// ownChange is a record of a person's own change, with a notice of it.
func (s *stage) ownChange(a bot.Action) (bot.Record, bot.Notice) {
	r := s.record(a, bot.StatusSuccess)
	r.ID = rand.Text()
	r.Operation = r.ID
	return r, bot.Notice{ID: rand.Text(), Kind: bot.NoticeTarget, To: "mei@corp.example", Record: r, Next: s.clock.Now()}
}

// A person's own changes: each with its history and its notice, or not at all.
func ownChanges(t *testing.T, s *stage) {
	mei := account()
	have := func(want ...bot.Enrollment) {
		t.Helper()
		got, err := s.Enrollments(t.Context(), []bot.AccountID{mei})
		must(t, err)
		same(t, got, want)
	}
	first, second := s.enrollment(mei, bot.Email), s.enrollment(mei, bot.Email)
	r, n := s.ownChange(bot.ActionEnroll)
	kind(t, s.ChangeEnrollment(t.Context(), bot.Changing, first, r, n), bot.Conflict) // nothing is there
	kind(t, s.ChangeEnrollment(t.Context(), bot.Removing, first, r, n), bot.Conflict)
	must(t, s.ChangeEnrollment(t.Context(), bot.Adding, first, r, n))
	have(first)
	again, other := s.ownChange(bot.ActionEnroll)
	kind(t, s.ChangeEnrollment(t.Context(), bot.Adding, second, again, other), bot.Conflict) // the type is taken
	kind(t, s.ChangeEnrollment(t.Context(), bot.Changing, second, r), bot.Conflict)          // the record is
	have(first)
	must(t, s.ChangeEnrollment(t.Context(), bot.Changing, second, again, other))
	have(second)
	gone, _ := s.ownChange(bot.ActionUnenroll)
	must(t, s.ChangeEnrollment(t.Context(), bot.Removing, bot.Enrollment{Account: mei, Type: bot.Email}, gone))
	have([]bot.Enrollment{}...)
	for _, do := range []bot.Doing{"", "break"} {
		fresh, _ := s.ownChange(bot.ActionEnroll)
		kind(t, s.ChangeEnrollment(t.Context(), do, first, fresh), bot.Invalid)
	}
	nameless, _ := s.ownChange(bot.ActionEnroll)
	nameless.ID = ""
	kind(t, s.ChangeEnrollment(t.Context(), bot.Adding, first, nameless), bot.Invalid)
	s.verified(t, 3)
	due, err := s.Due(t.Context(), s.clock.Now(), 10, time.Minute)
	must(t, err)
	same(t, len(due), 2)
	for _, d := range due {
		if d.Record.Seq == 0 || d.To != "mei@corp.example" {
			t.Errorf("told: %+v", d)
		}
	}
}

// Of many changes that rest on one proof, and so bear one id, one is made.
func oneChangeAProof(t *testing.T, s *stage) {
	const many = 8
	r, _ := s.ownChange(bot.ActionEnroll)
	errs := make(chan error, many)
	for range many {
		e := s.enrollment(account(), bot.Email)
		go func() { errs <- s.ChangeEnrollment(t.Context(), bot.Adding, e, r) }()
	}
	made := 0
	for range many {
		switch err := <-errs; bot.KindOf(err) {
		case "":
			made++
		case bot.Conflict:
		default:
			t.Error(err)
		}
	}
	same(t, made, 1)
	s.verified(t, 1)
}

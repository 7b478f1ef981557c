package conformance

import (
	"crypto/rand"
	"slices"
	"testing"
	"time"

	"latchkey/bot"
	"latchkey/store/ledger"
)

// questions is an enrollment with so many of them.
func (s *stage) questions(id bot.AccountID, n int) bot.Enrollment {
	e := bot.Enrollment{ID: rand.Text(), Account: id, Type: bot.SecurityQuestions, Since: s.clock.Now()}
	for range n {
		e.Answers = append(e.Answers, bot.Answer{ID: rand.Text(), Question: []byte("q" + rand.Text()), Hash: []byte{0, 255, byte(n)}})
	}
	return e
}

func (s *stage) enroll(t *testing.T, e bot.Enrollment) {
	t.Helper()
	must(t, s.Enroll(t.Context(), e, s.record(bot.ActionEnroll, bot.StatusSuccess)))
}

// has fails the test unless the account is enrolled with exactly these.
func (s *stage) has(t *testing.T, id bot.AccountID, want ...bot.Enrollment) {
	t.Helper()
	got, err := s.Enrollments(t.Context(), []bot.AccountID{id})
	must(t, err)
	slices.SortFunc(want, func(a, b bot.Enrollment) int { return a.Since.Compare(b.Since) })
	same(t, got, want)
}

func answersKept(t *testing.T, s *stage) {
	mei, omar := account(), account()
	meis, omars := s.questions(mei, 5), s.questions(omar, 3)
	app := s.enrollment(mei, bot.Authenticator)
	app.Since = app.Since.Add(time.Second)
	omars.Since = omars.Since.Add(2 * time.Second)
	for _, e := range []bot.Enrollment{meis, app, omars} {
		s.enroll(t, e)
	}
	got, err := s.Enrollments(t.Context(), []bot.AccountID{omar, mei})
	must(t, err)
	same(t, got, []bot.Enrollment{meis, app, omars})
	gone := s.record(bot.ActionUnenroll, bot.StatusSuccess)
	must(t, s.Unenroll(t.Context(), mei, []bot.Type{bot.SecurityQuestions}, gone, bot.Notice{Kind: bot.NoticeAudit, Record: gone}))
	told, err := s.Due(t.Context(), s.clock.Now(), 10, time.Minute)
	must(t, err)
	same(t, len(told), 1) // with it, or not at all
	kind(t, s.Unenroll(t.Context(), mei, []bot.Type{bot.SecurityQuestions}, gone, bot.Notice{Kind: bot.NoticeAudit, Record: gone}), bot.NotFound)
	s.has(t, mei, app)
	s.has(t, omar, omars)
	s.enroll(t, meis) // its answers went with it, so their ids are free
	s.has(t, mei, meis, app)
	taken := s.questions(account(), 2)
	taken.Answers[1].ID = omars.Answers[0].ID
	kind(t, s.Enroll(t.Context(), taken, s.record(bot.ActionEnroll, bot.StatusSuccess)), bot.Conflict)
	s.has(t, taken.Account)
	var all []ledger.Enrolling
	for range 2 {
		all = append(all, ledger.Enrolling{Enrollment: s.questions(account(), 3), Record: s.record(bot.ActionEnroll, bot.StatusSuccess)})
	}
	_, err = s.EnrollAll(t.Context(), given(all, nil))
	must(t, err)
	s.has(t, all[1].Enrollment.Account, all[1].Enrollment)
	s.verified(t, 7)
}

func answersIncomplete(t *testing.T, s *stage) {
	for name, spoil := range map[string]func(*bot.Enrollment){
		"another type": func(e *bot.Enrollment) { e.Type = bot.Email }, "no id": func(e *bot.Enrollment) { e.Answers[1].ID = "" },
		"no question": func(e *bot.Enrollment) { e.Answers[1].Question = nil }, "no hash": func(e *bot.Enrollment) { e.Answers[1].Hash = nil },
	} {
		e := s.questions(account(), 2)
		spoil(&e)
		for _, err := range []error{s.Enroll(t.Context(), e, s.record(bot.ActionEnroll, bot.StatusSuccess)),
			s.Replace(t.Context(), e, s.record(bot.ActionEnroll, bot.StatusSuccess))} {
			if bot.KindOf(err) != bot.Invalid {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	s.verified(t, 0)
}

// An address is not written where its seal is.
func contactSealed(t *testing.T, s *stage) {
	mail := s.enrollment(account(), bot.Email)
	mail.Contact = []byte{1, 0, 2}
	s.enroll(t, mail)
	mail.Address = ""
	s.has(t, mail.Account, mail)
}

func enrollmentReplaced(t *testing.T, s *stage) {
	mei := account()
	replace := func(e bot.Enrollment) error {
		return s.Replace(t.Context(), e, s.record(bot.ActionEnroll, bot.StatusSuccess))
	}
	first, second, mail := s.questions(mei, 3), s.questions(mei, 2), s.enrollment(mei, bot.Email)
	mail.Since = mail.Since.Add(time.Hour)
	must(t, replace(first)) // there was none
	s.enroll(t, mail)
	kind(t, replace(first), bot.Conflict) // what counts again has an id of its own
	foreign := s.questions(account(), 1)
	s.enroll(t, foreign)
	taken := second
	taken.ID = foreign.ID
	kind(t, replace(taken), bot.Conflict)
	clash := s.questions(mei, 1)
	clash.Answers[0].ID = foreign.Answers[0].ID
	kind(t, replace(clash), bot.Conflict)
	s.has(t, mei, first, mail) // all or nothing
	kind(t, replace(bot.Enrollment{ID: "e", Type: bot.Email}), bot.Invalid)
	second.Since = time.Time{} // the ledger's
	must(t, replace(second))
	second.Since = s.clock.Now()
	s.has(t, mei, second, mail)
	s.verified(t, 4)
}

// What was asked for of an enrollment that is replaced or removed since is over.
func replacedIsOver(t *testing.T, s *stage) {
	mei := account()
	first := s.questions(mei, 1)
	s.enroll(t, first)
	c := bot.Challenge{ID: rand.Text(), Session: rand.Text(), Type: first.Type, Question: first.Answers[0].ID, Enrollment: first.ID,
		Account: mei, Target: mei, Agent: account(), At: s.clock.Now(), Expires: s.clock.Now().Add(time.Minute)}
	must(t, s.OpenChallenge(t.Context(), c, bot.SendLimits{}))
	s.begin(t, c, roomy())
	second := s.questions(mei, 1)
	must(t, s.Replace(t.Context(), second, s.record(bot.ActionEnroll, bot.StatusSuccess)))
	for _, counts := range []string{second.ID, ""} { // replaced, or removed: none counts
		a := try(c)
		a.Enrollment = counts
		begun, err := s.BeginAttempt(t.Context(), a, roomy())
		must(t, err)
		same(t, begun, bot.Begun{Refused: bot.ChallengeOver})
	}
}

package conformance

import (
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"latchkey/bot"
)

// enrollment is one that an account can have.
func (s *stage) enrollment(id bot.AccountID, kind bot.Type) bot.Enrollment {
	e := bot.Enrollment{ID: rand.Text(), Account: id, Type: kind, Since: s.clock.Now()}
	if kind == bot.Authenticator {
		e.Seed, e.ByAdministrator = []byte{0, 1, 255, 0}, true
	} else {
		e.Address = "mei@example.com"
	}
	return e
}

func enrollmentKept(t *testing.T, s *stage) {
	mei, other := account(), account()
	mail, app, others := s.enrollment(mei, bot.Email), s.enrollment(mei, bot.Authenticator), s.enrollment(other, bot.Email)
	mail.Since = mail.Since.Add(time.Hour)
	for _, e := range []bot.Enrollment{mail, app, others} {
		must(t, s.Enroll(t.Context(), e, s.record(bot.ActionEnroll, bot.StatusSuccess)))
	}
	got, err := s.Enrollments(t.Context(), []bot.AccountID{mei})
	must(t, err)
	same(t, got, []bot.Enrollment{app, mail}) // oldest first
	got, err = s.Enrollments(t.Context(), []bot.AccountID{mei, other, account()})
	must(t, err)
	same(t, len(got), 3)
	got, err = s.Enrollments(t.Context(), nil)
	must(t, err)
	same(t, got, []bot.Enrollment{})
	again := s.enrollment(mei, bot.Email)
	err = s.Enroll(t.Context(), again, s.record(bot.ActionEnroll, bot.StatusSuccess))
	kind(t, err, bot.Conflict)
	if !strings.Contains(bot.TextOf(err), "e-mail") {
		t.Errorf("the text does not say what is enrolled: %q", bot.TextOf(err))
	}
	sameID := s.enrollment(account(), bot.Email)
	sameID.ID = mail.ID
	kind(t, s.Enroll(t.Context(), sameID, s.record(bot.ActionEnroll, bot.StatusSuccess)), bot.Conflict)
	nobody := s.enrollment(bot.AccountID{}, bot.Email)
	kind(t, s.Enroll(t.Context(), nobody, s.record(bot.ActionEnroll, bot.StatusSuccess)), bot.Invalid)
	s.verified(t, 3) // a record for each that was made, none for the others
}

func enrollmentRemoved(t *testing.T, s *stage) {
	mei, other := account(), account()
	for _, e := range []bot.Enrollment{s.enrollment(mei, bot.Email), s.enrollment(mei, bot.Authenticator),
		s.enrollment(mei, bot.Mobile), s.enrollment(other, bot.Email)} {
		must(t, s.Enroll(t.Context(), e, s.record(bot.ActionEnroll, bot.StatusSuccess)))
	}
	left := func() (n int) {
		got, err := s.Enrollments(t.Context(), []bot.AccountID{mei})
		must(t, err)
		return len(got)
	}
	remove := func(types ...bot.Type) error {
		return s.Unenroll(t.Context(), mei, types, s.record(bot.ActionUnenroll, bot.StatusSuccess))
	}
	must(t, remove(bot.Email, bot.SecurityQuestions))
	same(t, left(), 2)
	kind(t, remove(bot.Email), bot.NotFound)
	must(t, s.Enroll(t.Context(), s.enrollment(mei, bot.Email), s.record(bot.ActionEnroll, bot.StatusSuccess)))
	must(t, remove())
	same(t, left(), 0)
	kind(t, remove(), bot.NotFound)
	got, err := s.Enrollments(t.Context(), []bot.AccountID{other})
	must(t, err)
	same(t, len(got), 1)
	s.verified(t, 7)
}

func peopleBound(t *testing.T, s *stage) {
	dana := bot.Chatter{Platform: "slack", Tenant: "T1", User: "U1"}
	id := account()
	_, err := s.Bound(t.Context(), dana)
	kind(t, err, bot.NotFound)
	r := s.record(bot.ActionBind, bot.StatusSuccess)
	r.Actor.Kind = bot.ActorAdministrator
	must(t, s.Bind(t.Context(), dana, id, r))
	got, err := s.Bound(t.Context(), dana)
	must(t, err)
	same(t, got, id)
	mail := bot.Chatter{Platform: "teams", Tenant: "t", User: "u"}
	r = s.record(bot.ActionBind, bot.StatusSuccess)
	r.Detail = "matched by email"
	must(t, s.Bind(t.Context(), mail, id, r)) // one on each platform
	want := []bot.Binding{{Chat: dana, Account: id, At: s.clock.Now(), By: "administrator"},
		{Chat: mail, Account: id, At: s.clock.Now(), By: "email"}}
	for _, who := range []bot.AccountID{{}, id} {
		bindings, err := s.Bindings(t.Context(), who)
		must(t, err)
		same(t, bindings, want)
	}
	bindings, err := s.Bindings(t.Context(), account())
	must(t, err)
	same(t, bindings, []bot.Binding{})
	must(t, s.Unbind(t.Context(), dana, s.record(bot.ActionUnbind, bot.StatusSuccess)))
	_, err = s.Bound(t.Context(), dana)
	kind(t, err, bot.NotFound)
	kind(t, s.Unbind(t.Context(), dana, s.record(bot.ActionUnbind, bot.StatusSuccess)), bot.NotFound)
	s.verified(t, 3)
}

func peopleOneToOne(t *testing.T, s *stage) {
	dana, eve := bot.Chatter{Platform: "slack", Tenant: "T1", User: "U1"}, bot.Chatter{Platform: "slack", Tenant: "T1", User: "U2"}
	id := account()
	bind := func(chat bot.Chatter, id bot.AccountID) error {
		return s.Bind(t.Context(), chat, id, s.record(bot.ActionBind, bot.StatusSuccess))
	}
	must(t, bind(dana, id))
	must(t, bind(dana, id)) // the same again is nothing new
	kind(t, bind(dana, account()), bot.Conflict)
	err := bind(eve, id)
	kind(t, err, bot.Conflict)
	if !strings.Contains(bot.TextOf(err), "bound to another person") {
		t.Errorf("the text does not say what is wrong: %q", bot.TextOf(err))
	}
	kind(t, bind(bot.Chatter{Platform: "slack", User: "U3"}, account()), bot.Invalid)
	kind(t, bind(eve, bot.AccountID{Store: "corp"}), bot.Invalid)
	must(t, bind(bot.Chatter{Platform: "slack", Tenant: "T2", User: "U1"}, account())) // the same id elsewhere is somebody else
	s.verified(t, 2)
}

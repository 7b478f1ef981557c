package e2e

import (
	"strings"
	"testing"
)

// guess enters a wrong code of the app in a case of its own and gives the page.
func (s *stage) guess(agent, user person, code string) dialog {
	s.t.Helper()
	screen := s.as(agent)
	s.ok(screen.Say("/unlock " + user.login))
	page, err := screen.ModalWhere("page Authenticate", func(v dialog) bool {
		return textHas(v.Text(), "Authenticate") && textHas(v.Text(), user.login)
	})
	s.ok(err)
	s.ok(page.Click("Verify authenticator"))
	page, err = screen.ModalWhere("a code or a refusal", func(v dialog) bool {
		return textHas(v.Text(), "app shows now") || textHas(v.Text(), "Nothing more can be verified")
	})
	s.ok(err)
	if textHas(page.Text(), "app shows now") {
		s.ok(page.Type("Code", code))
		s.ok(page.Submit())
		page, err = screen.ModalWhere("a verdict", func(v dialog) bool {
			return textHas(v.Text(), "left") || textHas(v.Text(), "Nothing more can be verified")
		})
		s.ok(err)
	}
	text := page.Text()
	s.ok(page.Click("Back to overview"))
	page, err = screen.Modal("Authenticate")
	s.ok(err)
	s.ok(page.Click("Cancel case"))
	_, err = screen.Modal("cancelled")
	s.ok(err)
	page, err = screen.Modal("cancelled")
	s.ok(err)
	s.ok(page.Close())
	s.ok(screen.NoModal())
	s.said = append(s.said, text)
	return page
}

// Wrong values are counted for the user, whoever asks, in whatever case and
// however the digits are written; and for all users together.
func TestGuessesAreCounted(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	dana, dora := s.agent("Dana", "restricted"), s.agent("Dora", "restricted")
	mei, tom := s.user("Mei", "Lin", ""), s.user("Tom", "Berg", "")
	s.prepare(func(y string) string {
		return y + "limits: { target: { wrong_per_day: 3 }, fleet: { wrong_per_hour: 4 } }\n"
	})
	for _, p := range []person{mei, tom} {
		s.enroll("corp", p, "email", "authenticator")
	}
	s.start()
	s.samba.Lock(t, mei.dn)
	s.samba.Lock(t, tom.dn)
	wide := strings.NewReplacer("0", "０", "1", "１", "2", "２", "3", "３", "4", "４", "5", "５", "6", "６", "7", "７", "8", "８", "9", "９")
	wrong := wrongCode(s.app(mei))
	s.guess(dana, mei, wrong)
	s.guess(dora, mei, wide.Replace(wrong))
	s.guess(dana, mei, wrong)
	s.guess(dora, mei, s.app(mei)) // the right one, too late
	s.guess(dana, tom, wrongCode(s.app(tom)))
	s.guess(dora, tom, s.app(tom)) // the whole fleet has guessed too much
	if n := s.count("SELECT count(*) FROM attempts"); n != 4 {
		t.Errorf("%d values were looked at, not 4", n)
	}
	if n := s.count("SELECT count(*) FROM evidence"); n != 0 {
		t.Errorf("%d pieces of evidence", n)
	}
	if !textHas(s.said[3], "too many wrong values were entered for the user") || !textHas(s.said[5], "for all users together") {
		t.Errorf("refused otherwise: %q, %q", s.said[3], s.said[5])
	}
}

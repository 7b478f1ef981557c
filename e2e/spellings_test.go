package e2e

import (
	"strings"
	"testing"
)

// guessAs enters a wrong code in a case that is found by a line of the agent's,
// gives what the page says of it, and cancels the case.
func (s *stage) guessAs(agent person, line, code string) string {
	s.t.Helper()
	screen := s.as(agent)
	page := s.find(screen, line, "Authenticate", "Mei Lin")
	s.ok(page.Click("Verify authenticator"))
	page, err := screen.Modal("app shows now")
	s.ok(err)
	s.ok(page.Type("Code", code))
	s.ok(page.Submit())
	page, err = screen.ModalWhere("a verdict", func(v dialog) bool {
		return textHas(v.Text(), "left") || textHas(v.Text(), "locked out for a while")
	})
	s.ok(err)
	said := page.Text()
	s.ok(page.Click("Back to overview"))
	page, err = screen.Modal("Authenticate")
	s.ok(err)
	s.ok(page.Click("Cancel case"))
	page, err = screen.Modal("cancelled")
	s.ok(err)
	s.ok(page.Close())
	s.ok(screen.NoModal())
	return said
}

// However a user is named, and by whichever agent, wrong codes are counted for
// one account: by login, in capitals, as DOMAIN\login, by UPN, by mail, and by
// an account in another store that trusts the same enrollment. The sixth ends it.
func TestWrongCodesAreCountedWhateverTheUserIsCalled(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	link := short("e")
	dana, dora := s.agent("Dana", "restricted"), s.agent("Dora", "restricted")
	mei := s.user("Mei", "Lin", link)
	lab := s.labUser("Mei", "Lin", link)
	s.prepare(change("failures: 5", "failures: 6"))
	s.enroll("corp", mei, "email", "authenticator")
	s.start()
	s.samba.Lock(t, mei.dn)
	s.slapd.Lock(t, lab.dn)
	wide := func(text string) string {
		return strings.Map(func(r rune) rune {
			if r > ' ' && r <= '~' {
				return r - '!' + '！'
			}
			return r
		}, text)
	}
	upn := s.samba.Value(t, mei.dn, "userPrincipalName")
	_, realm, _ := strings.Cut(upn, "@")
	wrong := wrongCode(s.app(mei))
	for i, line := range []string{
		mei.login, strings.ToUpper(mei.login), `CORP\` + mei.login, upn, mei.mail, `lab\` + lab.login,
	} {
		agent := []person{dana, dora}[i%2]
		code := wrong
		if i%3 == 2 { // the code may be spelled otherwise, too
			code = wide(wrong)
		}
		said := s.guessAs(agent, "/unlock "+line, code)
		if over := textHas(said, "locked out for a while"); over != (i == 5) {
			t.Errorf("after %d wrong codes, this one as %s, the page says:\n%s", i+1, line, said)
		}
	}
	if n := s.count("SELECT count(DISTINCT guid) FROM attempts"); n != 1 {
		t.Errorf("the tries are counted for %d accounts", n)
	}
	if n := s.count("SELECT count(*) FROM attempts"); n != 6 {
		t.Errorf("%d guesses were judged, not 6", n)
	}
	if n := s.count("SELECT count(*) FROM lockouts"); n != 1 {
		t.Errorf("authentication was locked out %d times, not once", n)
	}

	// In full-width letters, and by all other names, it leads to the lockout, too.
	for _, line := range []string{wide(mei.login), wide(strings.ToUpper(mei.login)), wide(`CORP\` + mei.login), wide(mei.mail), "CORP" + wide(`\`) + mei.login,
		strings.ToUpper(mei.mail), strings.ToLower(`corp\`) + strings.ToUpper(mei.login), realm + `\` + mei.login} {
		screen := s.as(dana)
		page := s.find(screen, "/unlock "+line, "Authenticate", "Mei Lin")
		s.ok(page.Click("Verify authenticator"))
		_, err := screen.Modal("locked out for a while")
		s.ok(err)
	}
	if n := s.count("SELECT count(*) FROM attempts"); n != 6 {
		t.Errorf("%d guesses were judged after the lockout", n-6)
	}
	s.clean()
}

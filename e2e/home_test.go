package e2e

import (
	"slices"
	"strings"
	"testing"
)

// Home teaches while it is empty, leads back to an open case, and shows what
// was done; it is kept up to date without being opened again.
func TestHomeThroughACase(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	dana := s.agent("Dana", "restricted")
	mei := s.user("Mei", "Lin", "")
	s.prepare()
	s.enroll("corp", mei, "email", "authenticator")
	s.start()
	s.samba.Lock(t, mei.dn)

	screen := s.as(dana)
	s.ok(screen.OpenHome())
	home, err := screen.Home("Somebody has locked himself out", "1. Authenticate", "2. Unlock", "/unlock mei", "Nothing waits for you")
	s.ok(err)
	if got := home.Buttons(); !slices.Equal(got, []string{"Unlock an account"}) {
		t.Errorf("an empty Home has the buttons %q", got)
	}
	s.ok(home.Click("Unlock an account"))
	page, err := screen.Modal("Who is it?")
	s.ok(err)
	s.ok(page.Type("Who is it?", mei.login))
	s.ok(page.Submit())
	page, err = screen.Modal("Authenticate", "2 more types")
	s.ok(err)
	s.ok(page.Close())

	s.ok(home.Until("Mei Lin in corp", "the caller has to prove who he is"))
	if strings.Contains(home.Text(), "1. Authenticate") {
		t.Errorf("Home still teaches:\n%s", home.Text())
	}
	s.ok(home.Click("Continue the case of Mei Lin"))
	_, err = screen.Modal("Authenticate", "Mei Lin", "2 more types")
	s.ok(err)

	page = s.proved(dana, mei, 1)
	s.ok(home.Until("you have to choose what is unlocked"))
	s.unlockOn(page, mei, "corp")
	_, err = screen.Modal("Unlocked: Mei Lin")
	s.ok(err)
	s.ok(home.Until("My last unlocks", "Dana Agent unlocked Mei Lin in corp after e-mail and authenticator"))
	if got := home.Buttons(); !slices.Equal(got, []string{"Unlock an account"}) {
		t.Errorf("after the unlock Home has the buttons %q", got)
	}
	s.clean()
}

// Home is each person's own: who may unlock nobody is told so, and who may unlock
// himself finds that.
func TestHomeOfOthers(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	ulf, nora := s.agent("Ulf", "unrestricted"), s.agent("Nora", "powerless")
	mei := s.user("Mei", "Lin", "")
	s.writes(&mei)
	s.serve()
	s.ok(s.as(ulf).OpenHome())
	_, err := s.as(ulf).Home("Somebody has locked himself out")
	s.ok(err)
	s.ok(s.as(nora).OpenHome())
	home, err := s.as(nora).Home("Unlock accounts", "after the caller has proved who he is")
	s.ok(err)
	if len(home.Buttons()) > 0 || strings.Contains(home.Text(), "open cases") {
		t.Errorf("Nora's Home: %q\n%s", home.Buttons(), home.Text())
	}
	s.ok(s.as(mei).OpenHome())
	home, err = s.as(mei).Home("Your account", "you can unlock your account here")
	s.ok(err)
	if got := home.Buttons(); !slices.Equal(got, []string{"Unlock my account"}) || strings.Contains(home.Text(), "open cases") {
		t.Errorf("Mei's Home: %q\n%s", got, home.Text())
	}
	s.ok(s.atSlack(ulf).OpenMessages())
	s.clean()
}

package e2e

import (
	"strings"
	"testing"
)

// Two clicks at once are one unlock, one record.
func TestDoubleClickUnlocksOnce(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	ulf := s.agent("Ulf", "unrestricted")
	lab := s.labUser("Tom", "Berg", "")
	s.serve()
	s.slapd.Lock(t, lab.dn)
	screen := s.as(ulf)
	s.ok(screen.Say("/unlock " + lab.login))
	page, err := screen.Modal("not enrolled")
	s.ok(err)
	s.ok(page.Tick(box(lab, "lab")))
	s.ok(page.SubmitAtOnce(4))
	_, err = screen.Modal("Unlocked: Tom Berg")
	s.ok(err)
	if n := s.wrote(lab); n != 1 {
		t.Errorf("the directory was written to %d times, not once", n)
	}
	if n := strings.Count(s.history("--user", lab.login), "unlocked Tom Berg"); n != 1 {
		t.Errorf("history has %d results, not 1:\n%s", n, s.history())
	}
	s.clean()
}

// A closed dialog is taken up again: what was passed still counts.
func TestClosedDialogGoesOn(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	dana := s.agent("Dana", "restricted")
	mei := s.user("Mei", "Lin", "")
	s.prepare()
	s.enroll("corp", mei, "email", "authenticator")
	s.start()
	s.samba.Lock(t, mei.dn)
	screen := s.as(dana)
	s.ok(screen.Say("/unlock " + mei.login))
	page, err := screen.Modal("2 more types")
	s.ok(err)
	s.ok(page.Click("Verify authenticator"))
	page, err = screen.Modal("Code")
	s.ok(err)
	s.ok(page.Type("Code", s.app(mei)))
	s.ok(page.Submit())
	page, err = screen.Modal("Passed: authenticator")
	s.ok(err)
	s.ok(page.Close())
	s.resume(screen, mei)
	page, err = screen.Modal("Mei Lin", "1 more type")
	s.ok(err)
	s.ok(page.Close())
	s.ok(screen.Say("/unlock " + mei.login))
	page, err = screen.Modal("Mei Lin", "1 more type")
	s.ok(err)
	s.ok(page.Click("History"))
	page, err = screen.Modal("Done to and by Mei Lin", "Dana Agent authenticated Mei Lin in corp with authenticator")
	s.ok(err)
	s.ok(page.Click("Back"))
	page, err = screen.Modal("1 more type")
	s.ok(err)
	s.ok(page.Click("Cancel case"))
	_, err = screen.Modal("cancelled")
	s.ok(err)
	s.clean()
}

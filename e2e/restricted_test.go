package e2e

import "testing"

// Mei has locked herself out of two directories and calls the helpdesk. Dana
// works in restricted mode: page Unlock opens only after two proofs.
func TestRestrictedAgentUnlocksBothLinkedAccounts(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	dana := s.agent("Dana", "restricted")
	link := short("e")
	mei, lab := s.user("Mei", "Lin", link), s.labUser("Mei", "Lin", link)
	s.prepare()
	s.enroll("corp", mei, "email", "authenticator")
	s.start()

	s.samba.Lock(t, mei.dn)
	s.slapd.Lock(t, lab.dn)
	if !s.lockedOut(mei) {
		t.Fatal("the directory did not lock Mei out")
	}

	screen := s.as(dana)
	s.ok(screen.Say("/unlock " + mei.login))
	page, err := screen.Modal("Authenticate", "Mei Lin", "2 more types")
	s.ok(err)

	s.ok(page.Click("Verify authenticator"))
	page, err = screen.Modal("Ask Mei Lin for the code")
	s.ok(err)
	s.ok(page.Type("Code", s.app(mei)))
	s.ok(page.Submit())
	page, err = screen.Modal("Passed: authenticator", "1 more type")
	s.ok(err)

	s.ok(page.Click("Verify e-mail"))
	page, err = screen.Modal("A code goes to")
	s.ok(err)
	s.ok(page.Click("Send code"))
	page, err = screen.Modal("A code was sent to", "•••@"+s.mail.Domain)
	s.ok(err)
	s.ok(page.Type("Code", s.mailedCode(mei, 1)))
	s.ok(page.Submit())
	page, err = screen.Modal("Passed: e-mail", "All that policy asks for is passed")
	s.ok(err)
	s.ok(page.Submit()) // Next

	page, err = screen.Modal("Authenticated with e-mail and authenticator", "corp", "lab", "Password last changed")
	s.ok(err)
	s.ok(page.Tick(box(mei, "corp")))
	s.ok(page.Tick(box(lab, "lab")))
	s.ok(page.Submit()) // Unlock
	_, err = screen.Modal("Unlocked: Mei Lin ("+mei.login+") in corp", "Unlocked: Mei Lin ("+lab.login+") in lab")
	s.ok(err)

	if !s.signsIn(mei) {
		t.Error("Mei cannot sign in to corp")
	}
	if err := s.slapd.Bind(lab.dn, lab.password); err != nil {
		t.Errorf("Mei cannot sign in to lab: %v", err)
	}
	_, err = s.auditRoom().Message("Dana Agent unlocked Mei Lin in corp after e-mail and authenticator")
	s.ok(err)
	_, err = s.as(dana).DM().Message("Dana Agent unlocked Mei Lin in lab")
	s.ok(err)
	s.clean()
}

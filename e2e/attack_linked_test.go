package e2e

import (
	"testing"
)

// corp trusts no other store's enrollments. Whoever is enrolled in lab alone,
// and is linked to an account in corp, proves nothing for corp.
func TestUntrustedEnrollmentUnlocksLinkedAccount(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	dana := s.agent("Dana", "restricted")
	link := short("e")
	mei, lab := s.user("Mei", "Lin", link), s.labUser("Eve", "Lin", link)
	s.prepare()
	s.enroll("lab", lab, "email", "authenticator")
	s.start()
	s.samba.Lock(t, mei.dn)
	s.slapd.Lock(t, lab.dn)
	screen := s.as(dana)
	s.ok(screen.Say("/unlock " + mei.login))
	page, err := screen.Modal("not enrolled") // picked in corp: refused, rightly
	s.ok(err)
	s.ok(page.Close())

	s.ok(screen.Say("/unlock " + lab.login)) // picked in lab: the same accounts
	_, err = screen.Modal("Authenticate", "2 more types")
	s.ok(err)
	s.pass(dana, lab, "authenticator", 1)
	s.pass(dana, lab, "e-mail", 1)
	page, err = screen.Modal("All that policy asks for is passed")
	s.ok(err)
	s.ok(page.Submit())
	page, err = screen.Modal("corp")
	s.ok(err)
	if page.Tick(box(mei, "corp")) == nil {
		s.ok(page.Submit())
		page, err = screen.Modal("Result")
		s.ok(err)
		t.Errorf("an account in corp was unlocked by an enrollment of lab, which corp does not trust:\n%s", page.Text())
	}
	if !s.lockedOut(mei) {
		t.Error("Mei is no longer locked in corp")
	}
}

// Two accounts of one store share the value: it links nobody, but an agent is
// still the same person.
func TestAgentUnlocksHimselfBehindADuplicate(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	link := short("e")
	ulf := s.agent("Ulf", "unrestricted")
	s.samba.Set(t, ulf.dn, "employeeID", link)
	own := s.labUser("Ulf", "Lab", link)
	s.serve()
	s.slapd.Lock(t, own.dn)
	screen := s.as(ulf)
	s.ok(screen.Say("/unlock " + own.login))
	page, err := screen.Modal("nobody unlocks himself")
	s.ok(err)
	s.ok(page.Close())
	s.ok(screen.NoModal())
	s.user("Dup", "Licate", link) // a second account in corp, a test account, say
	s.ok(screen.Say("/unlock " + own.login))
	page, err = screen.Modal("Ulf Lab", "locked")
	s.ok(err)
	if page.Tick(box(own, "lab")) == nil {
		s.ok(page.Submit())
		page, err = screen.Modal("Result")
		s.ok(err)
		t.Errorf("the agent unlocked himself:\n%s", page.Text())
	}
}

// The user's role locks authentication out after so many wrong values; picking
// the linked account of another store, which trusts the enrollment, must not
// be a way around.
func TestRoleLockoutThroughLinkedAccount(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	dana := s.agent("Dana", "restricted")
	link := short("e")
	mei, lab := s.user("Mei", "Lin", link), s.labUser("Mei", "Lin", link)
	s.prepare(change("failures: 5", "failures: 2"))
	s.enroll("corp", mei, "email", "authenticator")
	s.start()
	s.slapd.Lock(t, lab.dn)
	screen := s.as(dana)
	s.ok(screen.Say("/unlock " + lab.login))
	page, err := screen.Modal("2 more types")
	s.ok(err)
	s.ok(page.Click("Verify authenticator"))
	for n := range 3 {
		page, err = screen.Modal("Code")
		s.ok(err)
		s.ok(page.Type("Code", wrongCode(s.app(mei))))
		s.ok(page.Submit())
		if n == 1 {
			if _, err = screen.Modal("locked out for a while"); err != nil {
				t.Fatalf("the role's lockout after 2 failures did not begin: %v", err)
			}
			return
		}
		_, err = screen.Modal("tries are left")
		s.ok(err)
	}
}

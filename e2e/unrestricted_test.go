package e2e

import (
	"strings"
	"testing"
)

// In unrestricted mode the agent may skip page Authenticate, and history says so.
func TestUnrestrictedAgentSkips(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	ulf := s.agent("Ulf", "unrestricted")
	mei := s.user("Mei", "Lin", "")
	s.prepare()
	s.enroll("corp", mei, "authenticator")
	s.start()
	s.samba.Lock(t, mei.dn)

	screen := s.as(ulf)
	s.ok(screen.Say("/unlock " + mei.login))
	page, err := screen.Modal("Authenticate", "unrestricted mode")
	s.ok(err)
	s.ok(page.Click("Skip"))
	page, err = screen.Modal("Page Authenticate was skipped")
	s.ok(err)
	s.unlockOn(page, mei, "corp")
	_, err = screen.Modal("Unlocked: Mei Lin")
	s.ok(err)
	if !s.signsIn(mei) {
		t.Error("Mei cannot sign in")
	}
	_, err = s.auditRoom().Message("Ulf Agent unlocked Mei Lin in corp without authentication")
	s.ok(err)
	if h := s.history(); !strings.Contains(h, "skipped authentication of Mei Lin") {
		t.Errorf("history does not say that page Authenticate was skipped:\n%s", h)
	}
	s.clean()
}

// An unenrolled user: only page Unlock in unrestricted mode, refused in
// restricted mode, and refused in any mode without the permission.
func TestUnenrolledUser(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	ulf, dana, nora := s.agent("Ulf", "unrestricted"), s.agent("Dana", "restricted"), s.agent("Nora", "powerless")
	tom := s.user("Tom", "Berg", "")
	s.serve()
	s.samba.Lock(t, tom.dn)

	screen := s.as(dana)
	s.ok(screen.Say("/unlock " + tom.login))
	page, err := screen.Modal("Tom Berg is not enrolled", "restricted mode")
	s.ok(err)
	s.ok(page.Click("Remind to enroll"))
	_, err = screen.Modal("was sent a reminder")
	s.ok(err)
	s.mail.WaitForMail(t, tom.mail, 1)

	screen = s.as(nora)
	s.ok(screen.Say("/unlock " + tom.login))
	_, err = screen.Modal("does not have the permission Unlock Any Account")
	s.ok(err)
	if !s.lockedOut(tom) {
		t.Fatal("Tom is no longer locked")
	}

	screen = s.as(ulf)
	s.ok(screen.Say("/unlock " + tom.login))
	page, err = screen.Modal("not enrolled, so nothing could be authenticated")
	s.ok(err)
	s.unlockOn(page, tom, "corp")
	_, err = screen.Modal("Unlocked: Tom Berg")
	s.ok(err)
	if !s.signsIn(tom) {
		t.Error("Tom cannot sign in")
	}
	s.clean()
}

package e2e

import (
	"strings"
	"testing"
)

// permit adds permissions to those of the agents.
func permit(permissions string) func(string) string {
	return func(text string) string {
		return strings.ReplaceAll(text, "permissions: [unlock_any_account, ", "permissions: [unlock_any_account, "+permissions+", ")
	}
}

// Mei has lost her phone. Dana takes the authenticator away, and mail, too: Mei
// is told, and Dana is no nearer to an unlock than before.
func TestUnenrolledByAnAgent(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	dana := s.agent("Dana", "restricted")
	mei := s.user("Mei", "Lin", "")
	s.prepare(permit("unenroll"))
	s.enroll("corp", mei, "email", "authenticator")
	s.start()
	s.samba.Lock(t, mei.dn)

	screen := s.as(dana)
	s.ok(screen.Say("/unlock " + mei.login))
	page, err := screen.Modal("Authenticate", "Mei Lin")
	s.ok(err)
	s.ok(page.Click("Unenroll"))
	page, err = screen.Modal("Take a type away when")
	s.ok(err)
	s.ok(page.Tick("E-mail"))
	s.ok(page.Tick("Authenticator"))
	s.ok(page.Submit())
	page, err = screen.Modal("you take away: e-mail and authenticator", "Nothing is left then", "told by mail")
	s.ok(err)
	s.ok(page.Click("Unenroll"))
	_, err = screen.Modal("Taken away from Mei Lin: e-mail and authenticator")
	s.ok(err)

	_, err = s.auditRoom().Message("User unenrolled", "Dana Agent unenrolled Mei Lin")
	s.ok(err)
	told := strings.Join(strings.Fields(s.mail.WaitForMail(t, mei.mail, 1)[0]), " ")
	if !strings.Contains(told, "e-mail and authenticator were removed") || !strings.Contains(told, "by Dana Agent") {
		t.Errorf("Mei was told: %s", told)
	}

	s.ok(screen.Say("/unlock " + mei.login))
	_, err = screen.Modal("is not enrolled with any authentication type that counts")
	s.ok(err)
	if !s.samba.Locked(t, mei.dn) {
		t.Error("Mei is unlocked")
	}
	s.clean()
}

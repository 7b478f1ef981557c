package e2e

import (
	"strings"
	"testing"
)

// unlockOn ticks one account on page Unlock and presses its button.
func (s *stage) unlockOn(page dialog, p person, store string) {
	s.t.Helper()
	s.ok(page.Tick(box(p, store)))
	s.ok(page.Submit())
}

// What would not help, or is nobody's, is said in plain words before anything else.
func TestSaidInPlainWords(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	ulf := s.agent("Ulf", "unrestricted")
	fit, off, old := s.user("Fit", "Person", ""), s.user("Off", "Person", ""), s.user("Old", "Person", "")
	admin := s.user("Ada", "Admin", "")
	s.samba.AddMembers(t, "CN=Domain Admins,CN=Users,"+s.samba.Base, admin.dn)
	s.samba.Disable(t, off.dn)
	s.samba.ExpirePassword(t, old.dn)
	s.serve()
	s.samba.Lock(t, admin.dn)
	s.samba.Lock(t, ulf.dn)
	screen := s.as(ulf)
	s.ok(screen.Say("/unlock " + fit.login))
	_, err := screen.Modal("Your own directory account is locked")
	s.ok(err)
	s.samba.Unlock(t, ulf.dn)

	for _, c := range []struct{ who, says string }{
		{fit.login, "is not locked, so unlocking would not help"},
		{off.login, "is disabled: unlocking would not help"},
		{old.login, "must be changed at the next sign-in"},
		{admin.login, "protected"},
		{ulf.login, "nobody unlocks himself"},
		{"nobody-has-this-name", "Nobody was found for “nobody-has-this-name”"},
		{"x*)(objectClass=*", "Nobody was found for “x*)(objectClass=*”"},
		{fit.login + "*", "Nobody was found for “" + fit.login + "*”"},
		{"\uff21" + fit.login, "Nobody was found for “\uff21" + fit.login + "”"},
		{strings.Repeat("a", 3000), "at most 256"},
	} {
		s.ok(screen.Say("/unlock " + c.who))
		if _, err := screen.Modal(c.says); err != nil {
			t.Errorf("/unlock %.60s: %v", c.who, err)
		}
	}
	if !s.samba.Locked(t, admin.dn) {
		t.Error("a protected account was unlocked")
	}
	s.clean()
}

// Wrong codes: five tries, then the user's role locks authentication out, and
// the directory's own lock is never touched by it.
func TestWrongCodesLockAuthenticationOut(t *testing.T) {
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
	page, err := screen.Modal("Authenticate")
	s.ok(err)
	s.ok(page.Click("Verify authenticator"))
	for _, says := range []string{"4 tries are left", "3 tries are left", "2 tries are left", "1 try is left", "locked out for a while"} {
		page, err = screen.Modal("Code")
		s.ok(err)
		s.ok(page.Type("Code", wrongCode(s.app(mei))))
		s.ok(page.Submit())
		_, err = screen.Modal(says)
		s.ok(err)
	}
	page, err = screen.Modal("locked out for a while")
	s.ok(err)
	s.ok(page.Click("Back to overview"))
	page, err = screen.Modal("2 more types")
	s.ok(err)
	s.ok(page.Click("Verify e-mail"))
	page, err = screen.Modal("A code goes to")
	s.ok(err)
	s.ok(page.Click("Send code"))
	_, err = screen.Modal("locked out for a while")
	s.ok(err)
	if len(s.mail.Inbox(t, mei.mail)) != 0 {
		t.Error("a code was sent that could not be used")
	}
	if !s.lockedOut(mei) {
		t.Error("the account is no longer locked")
	}
	must(t, "unblock", "--config", s.bot.config, "--store", "corp", "--user", mei.login)
	s.ok(screen.Say("/unlock " + mei.login))
	page, err = screen.Modal("2 more types")
	s.ok(err)
	s.ok(page.Click("Verify authenticator"))
	page, err = screen.Modal("Code")
	s.ok(err)
	s.ok(page.Type("Code", s.app(mei)))
	s.ok(page.Submit())
	_, err = screen.Modal("Passed: authenticator")
	s.ok(err)
	s.clean()
}

// wrongCode differs from the right one, and from its neighbours most likely.
func wrongCode(right string) string {
	b := []byte(right)
	for i := range b {
		b[i] = '0' + (b[i]-'0'+5)%10
	}
	return string(b)
}

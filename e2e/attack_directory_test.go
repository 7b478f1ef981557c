package e2e

import (
	"strings"
	"testing"
	"time"

	"latchkey/servers"
)

// What changes in the directory between page Unlock and its button decides.
func TestDirectoryChangesBeforeTheClick(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(s *stage, ulf, mei person) (others []string) // DNs that must stay locked
		says   string
	}{
		"deleted and made again with the same login": {func(s *stage, ulf, mei person) []string {
			s.samba.Delete(s.t, mei.dn)
			a := s.samba.AddUser(s.t, servers.User{Login: mei.login, Under: s.corpOU, First: "Mei", Last: "Lin", Display: "Mei Lin", Mail: mei.mail})
			s.samba.Lock(s.t, a.DN)
			return []string{a.DN}
		}, "no such account in the directory"},
		"became an administrator": {func(s *stage, ulf, mei person) []string {
			s.samba.AddMembers(s.t, "CN=Domain Admins,CN=Users,"+s.samba.Base, mei.dn)
			return []string{mei.dn}
		}, "protected"},
		"was disabled": {func(s *stage, ulf, mei person) []string {
			s.samba.Disable(s.t, mei.dn)
			return nil
		}, "disabled"},
		"the agent left the group": {func(s *stage, ulf, mei person) []string {
			s.samba.RemoveMembers(s.t, s.groups["unrestricted"], ulf.dn)
			return []string{mei.dn}
		}, "lacks the permission"},
		"the agent was moved to restricted mode": {func(s *stage, ulf, mei person) []string {
			s.samba.RemoveMembers(s.t, s.groups["unrestricted"], ulf.dn)
			s.samba.AddMembers(s.t, s.groups["restricted"], ulf.dn)
			return []string{mei.dn}
		}, "not enrolled"},
		"the agent's account is locked": {func(s *stage, ulf, mei person) []string {
			s.samba.Lock(s.t, ulf.dn)
			return []string{mei.dn}
		}, "own directory account is locked"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			ulf, mei := s.agent("Ulf", "unrestricted"), s.user("Mei", "Lin", "")
			s.serve()
			s.samba.Lock(t, mei.dn)
			screen := s.as(ulf)
			s.ok(screen.Say("/unlock " + mei.login))
			page, err := screen.Modal("Accounts to unlock")
			s.ok(err)
			locked := c.change(s, ulf, mei)
			s.unlockOn(page, mei, "corp")
			_, err = screen.Modal(c.says)
			s.ok(err)
			for _, dn := range locked {
				if !s.samba.Locked(t, dn) {
					t.Error(dn + " is no longer locked")
				}
			}
			if n := s.count("SELECT count(*) FROM intents"); n != 0 {
				t.Errorf("%d intents", n)
			}
		})
	}
}

// Another lock than the one that page Unlock showed is decided on anew, or not
// touched at all: the modify compares.
func TestLockChangesBeforeTheModify(t *testing.T) {
	t.Parallel()
	s, i, ulf, mei := interposed(t)
	screen := s.as(ulf)
	s.ok(screen.Say("/unlock " + mei.login))
	page, err := screen.Modal("Accounts to unlock")
	s.ok(err)
	i.HoldAnswer.Store(false)
	before := s.samba.Value(t, mei.dn, "lockoutTime")
	if !eventually(5*time.Second, func() bool {
		s.samba.Unlock(t, mei.dn)
		s.samba.Lock(t, mei.dn)
		return s.samba.Value(t, mei.dn, "lockoutTime") != before
	}) {
		t.Fatal("the lock is the same")
	}
	s.unlockOn(page, mei, "corp")
	_, err = screen.Modal("Result")
	s.ok(err)
	if s.count("SELECT count(*) FROM intents WHERE result IS NULL") != 0 {
		t.Error("an intent is open")
	}
}

// What was proved is void once its enrollment is gone, its time is over, or
// the user was enrolled anew.
func TestEvidenceGoesStale(t *testing.T) {
	t.Parallel()
	t.Run("enrollment removed", func(t *testing.T) {
		t.Parallel()
		s, dana, mei := restricted(t)
		s.ok(s.as(dana).Say("/unlock " + mei.login))
		page := s.proved(dana, mei, 1)
		must(t, "enroll", "remove", "--config", s.bot.config, "--store", "corp", "--user", mei.login, "--type", "authenticator")
		s.unlockOn(page, mei, "corp")
		_, err := s.as(dana).Modal("Not unlocked")
		s.ok(err)
		s.enroll("corp", mei, "authenticator")
		s.stays(mei)
	})
	t.Run("time over", func(t *testing.T) {
		t.Parallel()
		s, dana, mei := restricted(t, func(y string) string { return y + "limits: { evidence: { life: 6s } }\n" })
		s.ok(s.as(dana).Say("/unlock " + mei.login))
		page := s.proved(dana, mei, 1)
		s.ok(page.Tick(box(mei, "corp")))
		s.until("SELECT count(*) FROM evidence WHERE expires > ?", 0)
		s.ok(page.Submit())
		_, err := s.as(dana).Modal("Not unlocked")
		s.ok(err)
		s.stays(mei)
	})
	t.Run("grant over", func(t *testing.T) {
		t.Parallel()
		s, dana, mei := restricted(t, func(y string) string { return y + "limits: { grant: { life: 1s } }\n" })
		s.ok(s.as(dana).Say("/unlock " + mei.login))
		page := s.proved(dana, mei, 1)
		s.ok(page.Tick(box(mei, "corp")))
		s.until("SELECT count(*) FROM grants WHERE expires > ?", 0)
		s.ok(page.Submit())
		_, err := s.as(dana).Modal("open for too long")
		s.ok(err)
		s.stays(mei)
	})
	t.Run("enrolled anew while the code is typed", func(t *testing.T) {
		t.Parallel()
		s, dana, mei := restricted(t)
		screen := s.as(dana)
		s.ok(screen.Say("/unlock " + mei.login))
		page, err := screen.Modal("2 more types")
		s.ok(err)
		s.ok(page.Click("Verify authenticator"))
		page, err = screen.Modal("app shows now")
		s.ok(err)
		must(t, "enroll", "remove", "--config", s.bot.config, "--store", "corp", "--user", mei.login, "--type", "authenticator")
		s.enroll("corp", mei, "authenticator")
		s.ok(page.Type("Code", s.app(mei)))
		s.ok(page.Submit())
		page, err = screen.ModalWhere("an answer", func(v dialog) bool {
			return !strings.Contains(v.Text(), "Checking") && !strings.Contains(v.Text(), "app shows now")
		})
		s.ok(err)
		if !strings.Contains(page.Text(), "This code is no longer good") {
			t.Errorf("a foreseeable change is said otherwise:\n%s\n%s", page.Text(), s.bot.log())
		}
		if n := s.count("SELECT count(*) FROM attempts"); n != 0 {
			t.Errorf("%d tries were spent", n)
		}
		s.stays(mei)
	})
}

func (s *stage) stays(p person) {
	s.t.Helper()
	if n := s.count("SELECT count(*) FROM intents"); n != 0 || !s.lockedOut(p) {
		s.t.Errorf("%d intents, locked %v", n, s.lockedOut(p))
	}
}

// Ten kilobytes of name, markup, line breaks, a mail address that would begin
// a header, a name that turns the direction: people like these are unlocked
// like others, and what is written about them stays one line.
func TestHostileAttributes(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	ulf := s.agent("Ulf", "unrestricted")
	tom := s.labUser("Tom", "Berg", "")
	name := "<!channel> *x* =cmd|' /C calc'!A1 \u202egnp.exe \x1b[2J\x1b]0;pwn\x07 \nDana Agent unlocked Eve in corp, 2026-11-23 17:00 UTC.\n" + strings.Repeat("長", 3000)
	s.slapd.Set(t, tom.dn, "displayName", name)
	s.slapd.Set(t, tom.dn, "mail", "tom@"+s.mail.Domain+"\r\nBcc: eve@"+s.mail.Domain)
	s.serve()
	s.slapd.Lock(t, tom.dn)
	screen := s.as(ulf)
	s.ok(screen.Say("/unlock " + tom.login))
	page, err := screen.Modal("Accounts to unlock")
	s.ok(err)
	var option string
	for line := range strings.Lines(page.Text()) {
		if strings.Contains(line, "☐") || strings.Contains(line, "[ ]") {
			option = strings.Trim(strings.TrimSpace(line), "☐[] ")
		}
	}
	s.ok(page.Tick(option))
	s.ok(page.Submit())
	_, err = screen.Modal("Unlocked")
	s.ok(err)
	_, err = s.auditRoom().Message("unlocked")
	s.ok(err)
	out := s.history()
	if strings.Contains(out, "\nDana Agent unlocked Eve") || strings.ContainsAny(out, "\x1b\x07") || strings.Contains(out, "\u202e") {
		t.Errorf("history list is steered by a name:\n%q", out)
	}
	if strings.Contains(s.auditRoom().Text(), "\nDana Agent unlocked Eve") {
		t.Errorf("the audit channel has a line that a name made:\n%s", s.auditRoom().Text())
	}
	s.clean()
}

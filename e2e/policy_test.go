package e2e

import (
	"os"
	"strings"
	"testing"

	"latchkey/servers"
)

// pass brings one type of page Authenticate to its end.
func (s *stage) pass(agent, user person, kind string, mails int) {
	s.t.Helper()
	screen := s.as(agent)
	page, err := screen.Modal("Authenticate")
	s.ok(err)
	s.ok(page.Click("Verify " + kind))
	var code string
	if kind == "e-mail" {
		page, err = screen.Modal("A code goes to")
		s.ok(err)
		s.ok(page.Click("Send code"))
		page, err = screen.Modal("A code was sent to")
		s.ok(err)
		code = s.mailedCode(user, mails)
	} else {
		page, err = screen.Modal("app shows now")
		s.ok(err)
		code = s.app(user)
	}
	s.ok(page.Type("Code", code))
	s.ok(page.Submit())
	_, err = screen.Modal("Passed: " + kind)
	s.ok(err)
}

func change(from, to string) func(string) string {
	return func(yaml string) string { return strings.Replace(yaml, from, to, 1) }
}

// `as_user`: the types that the user's own role asks for, and a reason that the
// agent's role asks for; the ticket stands in history.
func TestAsUserWithReason(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	dana := s.agent("Dana", "restricted")
	mei := s.user("Mei", "Lin", "")
	s.prepare(change("authenticate: { at_least: 2 }", "authenticate: { as_user: true }"), change("reason: optional", "reason: required"),
		change("      assurance: medium\n", ""))
	s.enroll("corp", mei, "email", "authenticator")
	s.start()
	s.samba.Lock(t, mei.dn)
	screen := s.as(dana)
	s.ok(screen.Say("/unlock " + mei.login))
	_, err := screen.Modal("authenticator and 1 more type")
	s.ok(err)
	s.pass(dana, mei, "e-mail", 1)
	_, err = screen.Modal("Still needed: authenticator.")
	s.ok(err)
	s.pass(dana, mei, "authenticator", 1)
	page, err := screen.Modal("All that policy asks for is passed")
	s.ok(err)
	s.ok(page.Submit())
	page, err = screen.Modal("Accounts to unlock")
	s.ok(err)
	s.ok(page.Tick(box(mei, "corp")))
	if err := page.Submit(); err == nil {
		t.Error("page Unlock was sent without the reason that the role asks for")
	}
	s.ok(page.Type("Reason", "new phone"))
	s.ok(page.Type("Ticket", "INC-4711"))
	s.ok(page.Submit())
	_, err = screen.Modal("Unlocked: Mei Lin")
	s.ok(err)
	if h := s.history("--user", mei.login); !strings.Contains(h, "INC-4711") {
		t.Errorf("history lacks the ticket:\n%s", h)
	}
	_, err = s.auditRoom().Message("unlocked Mei Lin", "new phone")
	s.ok(err)
	s.clean()
}

// Mail alone is only context: where policy asks for more strength it does not do.
func TestMoreIsAskedThanTheUserHas(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	dana := s.agent("Dana", "restricted")
	mei := s.user("Mei", "Lin", "")
	s.prepare(change("at_least: 2", "at_least: 1"))
	s.enroll("corp", mei, "email")
	s.start()
	s.samba.Lock(t, mei.dn)
	screen := s.as(dana)
	s.ok(screen.Say("/unlock " + mei.login))
	_, err := screen.Modal("Policy asks for more", "at least medium strength", "has to enroll")
	s.ok(err)
	if h := s.history("--user", mei.login); !strings.Contains(h, "refused") {
		t.Errorf("history lacks the refusal:\n%s", h)
	}
	s.clean()
}

// A container: inside, the agent works; outside, he is refused. A linked
// account out of reach is named without a check box.
func TestContainersAndReach(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	dana := s.agent("Dana", "restricted")
	link := short("e")
	inside := s.user("Ina", "Inside", link)
	lab := s.labUser("Ina", "Inside", link)
	login := short("otto")
	outside := s.samba.AddUser(t, servers.User{Login: login, Under: s.samba.OwnOU(t, s.samba.People), First: "Otto", Last: "Outside", Display: "Otto Outside"})
	s.prepare(change("      mode: restricted\n      authenticate: { at_least: 2 }\n      assurance: medium\n",
		"      mode: restricted\n      containers: [\""+s.corpOU+"\"]\n"), change("acts_on: [corp, lab]", "acts_on: [corp]"))
	s.enroll("corp", inside, "authenticator")
	s.start()
	s.samba.Lock(t, inside.dn)
	s.slapd.Lock(t, lab.dn)
	s.samba.Lock(t, outside.DN)
	screen := s.as(dana)
	s.ok(screen.Say("/unlock " + login))
	_, err := screen.Modal("outside the containers")
	s.ok(err)
	s.ok(screen.Say("/unlock " + inside.login))
	_, err = screen.Modal("Authenticate", "Ina Inside")
	s.ok(err)
	s.pass(dana, inside, "authenticator", 1)
	page, err := screen.Modal("All that policy asks for is passed")
	s.ok(err)
	s.ok(page.Submit())
	page, err = screen.Modal("in lab cannot be unlocked here", "does not act on this identity store")
	s.ok(err)
	if err := page.Tick(box(lab, "lab")); err == nil {
		t.Error("an account out of reach has a check box")
	}
	s.unlockOn(page, inside, "corp")
	_, err = screen.Modal("Unlocked: Ina Inside")
	s.ok(err)
	if !s.slapd.Locked(t, lab.dn) {
		t.Error("the account out of reach was unlocked")
	}
	s.clean()
}

// The agent loses his rights between page Unlock and its button.
func TestAgentDisabledBeforeTheClick(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	ulf := s.agent("Ulf", "unrestricted")
	mei := s.user("Mei", "Lin", "")
	s.serve()
	s.samba.Lock(t, mei.dn)
	screen := s.as(ulf)
	s.ok(screen.Say("/unlock " + mei.login))
	page, err := screen.Modal("Accounts to unlock")
	s.ok(err)
	s.samba.Disable(t, ulf.dn)
	s.unlockOn(page, mei, "corp")
	_, err = screen.Modal("Your own directory account is disabled")
	s.ok(err)
	if !s.lockedOut(mei) {
		t.Error("a disabled agent unlocked an account")
	}
	s.clean()
}

// The configuration became stricter between page Unlock and its button: what
// was offered under the old rules is void.
func TestPolicyChangesBeforeTheClick(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	ulf := s.agent("Ulf", "unrestricted")
	mei := s.user("Mei", "Lin", "")
	s.serve()
	s.samba.Lock(t, mei.dn)
	screen := s.as(ulf)
	s.ok(screen.Say("/unlock " + mei.login))
	page, err := screen.Modal("Accounts to unlock")
	s.ok(err)
	s.bot.stop()
	text, err := os.ReadFile(s.bot.config)
	s.ok(err)
	s.ok(os.WriteFile(s.bot.config, []byte(strings.Replace(string(text), "helpdesk_policy: { mode: unrestricted }", "helpdesk_policy: { mode: restricted }", 1)), 0o600))
	s.bot.start()
	s.unlockOn(page, mei, "corp")
	_, err = screen.Modal("Not unlocked: Mei Lin")
	s.ok(err)
	if !s.lockedOut(mei) {
		t.Error("an offer of the old policy unlocked an account")
	}
	s.clean()
}

// The fourth unlock of one account in a day is refused, and a second agent is
// told that he is not the first.
func TestTooManyUnlocks(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	ulf, ute := s.agent("Ulf", "unrestricted"), s.agent("Ute", "unrestricted")
	tom := s.labUser("Tom", "Berg", "")
	s.serve()
	screen := s.as(ulf)
	for range 3 {
		s.slapd.Lock(t, tom.dn)
		s.ok(screen.Say("/unlock " + tom.login))
		page, err := screen.Modal("Accounts to unlock", tom.login)
		s.ok(err)
		s.unlockOn(page, tom, "lab")
		page, err = screen.Modal("Unlocked: Tom Berg")
		s.ok(err)
		s.ok(page.Close())
		s.ok(screen.NoModal())
		if err := s.slapd.Bind(tom.dn, tom.password); err != nil {
			t.Fatalf("Tom cannot sign in: %v", err)
		}
	}
	s.slapd.Lock(t, tom.dn)
	s.ok(s.as(ute).Say("/unlock " + tom.login))
	_, err := s.as(ute).Modal("as often within a day as policy allows")
	s.ok(err)

	second := s.labUser("Tim", "Berg", "")
	s.slapd.Lock(t, second.dn)
	s.ok(screen.Say("/unlock " + second.login))
	page, err := screen.Modal("Accounts to unlock")
	s.ok(err)
	s.unlockOn(page, second, "lab")
	_, err = screen.Modal("Unlocked: Tim Berg")
	s.ok(err)
	s.slapd.Lock(t, second.dn)
	s.ok(s.as(ute).Say("/unlock " + second.login))
	_, err = s.as(ute).Modal("was also worked on by Ulf Agent")
	s.ok(err)
	s.clean()
}

// An enrollment made in a store that lab trusts counts there, too.
func TestTrustedEnrollment(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	dana := s.agent("Dana", "restricted")
	link := short("e")
	mei, lab := s.user("Mei", "Lin", link), s.labUser("Mei", "Lin", link)
	s.prepare()
	s.enroll("corp", mei, "email", "authenticator")
	s.start()
	s.slapd.Lock(t, lab.dn)
	screen := s.as(dana)
	s.ok(screen.Say("/unlock " + lab.login)) // found in lab, where nothing is enrolled
	_, err := screen.Modal("Authenticate", "2 more types")
	s.ok(err)
	s.pass(dana, mei, "authenticator", 1)
	s.pass(dana, mei, "e-mail", 1)
	page, err := screen.Modal("All that policy asks for is passed")
	s.ok(err)
	s.ok(page.Submit())
	page, err = screen.Modal("Accounts to unlock")
	s.ok(err)
	s.unlockOn(page, lab, "lab")
	_, err = screen.Modal("Unlocked: Mei Lin (" + lab.login + ") in lab")
	s.ok(err)
	s.clean()
}

package e2e

import (
	"strings"
	"testing"

	"latchkey/adapters/playground"
	"latchkey/servers"
)

const helpdesk = "C0HELPDESK"

// writes lets a person of corp, who need not be an agent, write in Slack.
func (s *stage) writes(p *person) {
	p.slack = "U1" + strings.ToUpper(p.login)
	s.people = append(s.people, playground.User{ID: p.slack, Name: p.login, RealName: p.name, Email: p.mail})
	if s.rooms == nil {
		s.rooms = []playground.Channel{{ID: helpdesk, Name: "helpdesk"}}
	}
}

// worker adds a person to corp with a department and a manager.
func (s *stage) worker(first, last, department string, manager person) person {
	s.t.Helper()
	login := short(first)
	mail := login + "@" + s.mail.Domain
	a := s.samba.AddUser(s.t, servers.User{Login: login, Under: s.corpOU, First: first, Last: last, Display: first + " " + last,
		Mail: mail, Attributes: map[string][]string{"department": {department}, "manager": {manager.dn}}})
	p := person{name: first + " " + last, login: login, password: a.Password, dn: a.DN, mail: mail}
	s.everybody = append(s.everybody, p)
	return p
}

// The global shortcut opens the form from anywhere, and the form leads on.
func TestGlobalShortcut(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	ulf := s.agent("Ulf", "unrestricted")
	tom := s.user("Tom", "Berg", "")
	s.serve()
	s.samba.Lock(t, tom.dn)
	screen := s.atSlack(ulf)
	s.ok(screen.Shortcut("Unlock an account"))
	page, err := screen.Modal("Who is it?")
	s.ok(err)
	s.ok(page.Type("Who is it?", tom.login))
	s.ok(page.Submit())
	page, err = screen.Modal("Tom Berg", "not enrolled")
	s.ok(err)
	s.unlockOn(page, tom, "corp")
	_, err = screen.Modal("Unlocked: Tom Berg")
	s.ok(err)
	if !s.signsIn(tom) {
		t.Error("Tom cannot sign in")
	}
	s.clean()
}

// A message shortcut fills in the author, and the agent looks twice: the
// department and the manager come before anything else.
func TestMessageShortcutOnAPerson(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	dana := s.agent("Dana", "restricted")
	marta := s.user("Marta", "Ruiz", "")
	mei := s.worker("Mei", "Lin", "Sales", marta)
	s.writes(&mei)
	s.prepare()
	s.enroll("corp", mei, "email", "authenticator")
	s.start()
	s.samba.Lock(t, mei.dn)
	s.ok(s.as(mei).In(helpdesk).Write("I am locked out, can anybody help?"))

	screen := s.as(dana)
	m, err := screen.In(helpdesk).Room().Message("locked out")
	s.ok(err)
	s.ok(m.Shortcut("Unlock this person"))
	page, err := screen.Modal("Right person?", "author of the message", "Mei Lin ("+mei.login+")", "Sales", "Marta Ruiz", "locked")
	s.ok(err)
	if h := s.history("--user", mei.login); strings.Contains(h, "Dana Agent") {
		t.Errorf("something was recorded before anybody said that it is she:\n%s", h)
	}
	s.ok(page.Click("Yes, this person"))
	_, err = screen.Modal("Authenticate", "Mei Lin", "2 more types")
	s.ok(err)
	s.clean()
}

// Messages of those who have no account here are refused in a sentence that
// the agent alone sees; no case is begun.
func TestMessageShortcutOnOthers(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	dana, nora := s.agent("Dana", "restricted"), s.agent("Nora", "powerless")
	s.rooms = []playground.Channel{{ID: helpdesk, Name: "helpdesk"}}
	s.people = append(s.people,
		playground.User{ID: "U1ROBOT", Name: "pager", RealName: "Pager", IsBot: true},
		playground.User{ID: "U1GUEST", Name: "gwen", RealName: "Gwen Ashby", Email: "gwen@agency.example", IsRestricted: true},
		playground.User{ID: "U1STRANGER", Name: "sam", RealName: "Sam Okafor", Email: "sam@initech.example", IsStranger: true, TeamID: "T1INITECH"},
		playground.User{ID: "U1NOBODY", Name: "nina", RealName: "Nina Nobody", Email: "nobody@" + s.mail.Domain})
	s.serve()
	for _, id := range []string{"U1ROBOT", "U1GUEST", "U1STRANGER", "U1NOBODY"} {
		_, err := s.slack.As(id).In(helpdesk).Write("written by " + id)
		s.ok(err)
	}
	s.ok(s.slack.WriteWebhook(helpdesk, "Monitoring", "written by a webhook"))
	screen := s.atSlack(dana).In(helpdesk)
	for _, c := range []struct{ message, says string }{
		{"U1ROBOT", "written by an app"},
		{"a webhook", "written by an app"},
		{"U1GUEST", "only a guest"},
		{"U1STRANGER", "another workspace"},
	} {
		s.use(screen, c.message, c.says)
	}
	m, err := screen.Room().Message("U1NOBODY")
	s.ok(err)
	s.ok(m.Shortcut("Unlock this person"))
	page, err := screen.Modal("Nobody was found", "nobody@"+s.mail.Domain)
	s.ok(err)
	s.ok(page.Close())

	s.use(s.atSlack(nora).In(helpdesk), "U1NOBODY", "Unlock Any Account")
	if got := s.slack.As("U1NOBODY").In(helpdesk).Room().Text(); strings.Contains(got, "Latchkey") || strings.Contains(got, "author") {
		t.Errorf("others see an answer:\n%s", got)
	}
	s.clean()
}

// use picks the shortcut of a message and waits until its refusal says words:
// in a dialog, or beside the message.
func (s *stage) use(who *playground.Person, message, words string) {
	s.t.Helper()
	m, err := who.Room().Message("written by " + message)
	s.ok(err)
	s.ok(m.Shortcut("Unlock this person"))
	said := func() string {
		text := who.Room().Text()
		for _, v := range who.Modals() {
			text += v.Text()
		}
		return text
	}
	if !s.slack.Eventually(func() bool { return strings.Contains(said(), words) }) {
		s.t.Errorf("the shortcut on a message of %s did not say %q:\n%s", message, words, said())
	}
	for _, v := range who.Modals() {
		s.ok(v.Close())
	}
}

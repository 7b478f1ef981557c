package e2e

import (
	"regexp"
	"strings"
	"testing"
)

var sixDigits = regexp.MustCompile(`\b\d{3} \d{3}\b`)

// The agent works in Teams and the user is asked in Slack. No bot can change the
// agent's dialog: it says what it waits for, and the 1:1 chat leads there, too.
func TestAgentInTeamsAsksInSlack(t *testing.T) {
	t.Parallel()
	s := newInTeams(t)
	dana, mei := s.agent("Dana", "restricted"), s.user("Mei", "Lin", "")
	s.inSlack(&mei)
	s.open(byChat)
	s.enroll("corp", mei, "authenticator", "email")
	must(t, "people", "bind", "--config", s.bot.config, "--chat", "slack", "--id", mei.slack, "--store", "corp", "--user", mei.login)
	s.start()
	s.samba.Lock(t, mei.dn)

	screen, own := s.in(dana), s.atSlack(mei)
	page := s.begin(screen, "unlock "+mei.login, "2 more types")
	s.ok(page.Click("Verify chat"))
	page, err := screen.Modal("Only the user can")
	s.ok(err)
	s.ok(page.Click("Ask in the chat"))
	page, err = screen.Modal("Read these six digits to the user", "Press Refresh as soon as the user has answered")
	s.ok(err)
	s.shown = strings.ReplaceAll(sixDigits.FindString(page.Text()), " ", "")
	card, err := own.DM().Message("The helpdesk asks")
	s.ok(err)
	s.ok(card.Click("Enter the digits"))
	form, err := own.Modal("The helpdesk asks")
	s.ok(err)
	s.ok(form.Type("Six digits", s.shown))
	s.ok(form.Submit())
	_, err = own.Modal("sees that it is you")
	s.ok(err)
	news, err := screen.DM().Message("The page of your case has changed")
	s.ok(err)
	s.ok(page.Click("Refresh"))
	_, err = screen.Modal("passed · strength: medium", "1 more type")
	s.ok(err)
	s.ok(news.Click("Open the case"))
	_, err = screen.Modal("1 more type")
	s.ok(err)
	s.clean()
}

// The other way round: the agent works in Slack and the user is asked in Teams.
func TestAgentInSlackAsksInTeams(t *testing.T) {
	t.Parallel()
	s := newInTeams(t)
	dana, mei := s.agent("Dana", "restricted"), s.user("Mei", "Lin", "")
	s.open(byChat)
	s.enroll("corp", mei, "authenticator", "email")
	must(t, "people", "bind", "--config", s.bot.config, "--chat", "teams", "--id", s.ids[mei.login], "--store", "corp", "--user", mei.login)
	s.start()
	s.samba.Lock(t, mei.dn)

	screen, own := s.atSlack(dana), s.in(mei)
	s.ok(screen.Say("/unlock " + mei.login))
	page, err := screen.Modal("2 more types")
	s.ok(err)
	s.ok(page.Click("Verify chat"))
	page, err = screen.Modal("Only the user can")
	s.ok(err)
	s.ok(page.Click("Ask in the chat"))
	page, err = screen.Modal("Read these six digits to the user", "changes by itself")
	s.ok(err)
	s.shown = strings.ReplaceAll(sixDigits.FindString(page.Text()), " ", "")
	card, err := own.DM().Message("The helpdesk asks")
	s.ok(err)
	s.ok(card.Click("Enter the digits"))
	form, err := own.Modal("The helpdesk asks")
	s.ok(err)
	s.ok(form.Type("Six digits", wrongCode(s.shown)))
	s.ok(form.Submit())
	form, err = own.Modal("Those digits are not right")
	s.ok(err)
	s.ok(form.Type("Six digits", s.shown))
	s.ok(form.Submit())
	_, err = own.Modal("sees that it is you")
	s.ok(err)
	_, err = screen.Modal("passed · strength: medium", "1 more type")
	s.ok(err)
	if strings.Contains(strings.ReplaceAll(own.DM().Text(), " ", ""), s.shown) {
		t.Error("the digits stand in Mei's chat")
	}
	s.clean()
}

// The user did not call: one click in Teams ends the case, and both audit
// channels are told once.
func TestNotMeInTeams(t *testing.T) {
	t.Parallel()
	s := newInTeams(t)
	dana, mei := s.agent("Dana", "restricted"), s.user("Mei", "Lin", "")
	s.open(byChat)
	s.enroll("corp", mei, "authenticator", "email")
	must(t, "people", "bind", "--config", s.bot.config, "--chat", "teams", "--id", s.ids[mei.login], "--store", "corp", "--user", mei.login)
	s.start()
	s.samba.Lock(t, mei.dn)

	screen, own := s.atSlack(dana), s.in(mei)
	s.ok(screen.Say("/unlock " + mei.login))
	page, err := screen.Modal("2 more types")
	s.ok(err)
	s.ok(page.Click("Verify chat"))
	page, err = screen.Modal("Only the user can")
	s.ok(err)
	s.ok(page.Click("Ask in the chat"))
	card, err := own.DM().Message("The helpdesk asks")
	s.ok(err)
	s.ok(card.Click("This is not me"))
	s.ok(card.Until("The case of Dana Agent has ended"))
	_, err = s.tenant.Channel(teamsAudit).Message("This is not me")
	s.ok(err)
	_, err = s.slack.Channel(audit).Message("This is not me")
	s.ok(err)
	if n := strings.Count(s.slack.Channel(audit).Text(), "Operation "); n != 1 {
		t.Errorf("the audit channel was told %d times", n)
	}
	if !s.lockedOut(mei) {
		t.Error("Mei was unlocked")
	}
	s.clean()
}

// What a role may not do is said in the dialog, and what is no command of the
// bot's is answered with help.
func TestRefusalAndHelpInTeams(t *testing.T) {
	t.Parallel()
	s := newInTeams(t)
	dana := s.agent("Dana", "restricted")
	s.open()
	s.start()
	screen := s.in(dana)
	page := s.begin(screen, "enroll", "Your role does not have the permission to enroll in chat")
	s.ok(page.Close())
	s.ok(screen.Say("help"))
	_, err := screen.DM().Message("/unlock mei goes straight to the person")
	s.ok(err)
	s.ok(screen.Say("what can you do"))
	_, err = screen.DM().Message("Unlock accounts")
	s.ok(err)
	s.clean()
}

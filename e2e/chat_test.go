package e2e

import (
	"regexp"
	"strings"
	"testing"
)

// byChat lets stores ask their people in the chat.
func byChat(text string) string {
	return strings.ReplaceAll(text, "authentication_types: [", "authentication_types: [chat, ")
}

// Mei is asked in the chat. The digits stand on Dana's page and nowhere else:
// she enters them in her own Slack, other ones first.
func TestUserIsAskedInTheChat(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	dana := s.agent("Dana", "restricted")
	mei := s.user("Mei", "Lin", "")
	s.inSlack(&mei)
	s.prepare(byChat)
	s.enroll("corp", mei, "authenticator", "email")
	s.bind(mei)
	s.start()
	s.samba.Lock(t, mei.dn)

	screen, own := s.as(dana), s.as(mei)
	s.ok(screen.Say("/unlock " + mei.login))
	page, err := screen.Modal("2 more types")
	s.ok(err)
	s.ok(page.Click("Verify chat"))
	page, err = screen.Modal("Only the user can")
	s.ok(err)
	s.ok(page.Click("Ask in the chat"))
	page, err = screen.Modal("Read these six digits to the user")
	s.ok(err)
	s.shown = strings.ReplaceAll(regexp.MustCompile(`\b\d{3} \d{3}\b`).FindString(page.Text()), " ", "")
	if s.shown == "" {
		t.Fatalf("no digits on the page:\n%s", page.Text())
	}
	card, err := own.DM().Message("The helpdesk asks")
	s.ok(err)
	s.ok(card.Click("Enter the digits"))
	form, err := own.Modal("The helpdesk asks")
	s.ok(err)
	s.ok(form.Type("Six digits", wrongCode(s.shown)))
	s.ok(form.Submit())
	form, err = own.Modal("Those digits are not right. 4 tries are left.")
	s.ok(err)
	_, err = screen.Modal("The user has entered other digits")
	s.ok(err)
	s.ok(form.Type("Six digits", s.shown))
	s.ok(form.Submit())
	_, err = own.Modal("sees that it is you")
	s.ok(err)
	_, err = screen.Modal("passed · strength: medium", "1 more type")
	s.ok(err)
	if strings.Contains(strings.ReplaceAll(card.Text(), " ", ""), s.shown) {
		t.Error("the digits stand in Mei's chat")
	}
	s.clean()
}

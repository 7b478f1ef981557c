package e2e

import (
	"strings"
	"sync"
	"testing"

	"latchkey/adapters/playground"
)

// History of a protected account stays out of reach, also by way of an account
// of the same person that is not protected.
func TestHistoryOfAProtectedAccount(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	link := short("e")
	dana, ada, lab := s.agent("Dana", "restricted"), s.user("Ada", "Admin", link), s.labUser("Ada", "Lab", link)
	s.samba.AddMembers(t, "CN=Domain Admins,CN=Users,"+s.samba.Base, ada.dn)
	s.prepare()
	s.enroll("corp", ada, "email", "authenticator")
	s.start()
	screen := s.atSlack(dana)
	s.ok(screen.Say("/unlock history " + ada.login))
	page, err := screen.Modal("protected")
	s.ok(err)
	s.ok(page.Close())
	s.ok(screen.NoModal())
	s.ok(screen.Say("/unlock history " + lab.login))
	page, err = screen.ModalWhere("history", func(v *playground.View) bool {
		return textHas(v.Text(), "Done to and by") || textHas(v.Text(), "Nothing is recorded") || textHas(v.Text(), "rotected")
	})
	s.ok(err)
	if strings.Contains(page.Text(), "Ada Admin in corp") {
		t.Errorf("the history of a protected account is shown:\n%s", page.Text())
	}
}

// Many clicks on Remind, from many cases at once, are one mail an hour.
func TestReminderFlood(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	var agents []person
	for _, n := range []string{"Dana", "Dora", "Dina", "Dola", "Dula", "Dila"} {
		agents = append(agents, s.agent(n, "restricted"))
	}
	mei := s.user("Mei", "Lin", "")
	s.serve()
	s.samba.Lock(t, mei.dn)
	var all []playground.Request
	for _, a := range agents {
		s.ok(s.atSlack(a).Say("/unlock " + mei.login))
		page, err := s.atSlack(a).Modal("is not enrolled")
		s.ok(err)
		r, err := page.ClickRequest("Remind to enroll")
		s.ok(err)
		all = append(all, r)
	}
	s.together(all)
	s.mail.WaitForMail(t, mei.mail, 1)
	s.quiet("SELECT count(*) FROM history")
	if n := len(s.mail.Inbox(t, mei.mail)); n != 1 {
		t.Errorf("%d reminders were sent, not 1", n)
	}
}

// Whatever goes wrong, the log names nobody and holds no secret.
func TestLogOfFailures(t *testing.T) {
	t.Parallel()
	s, dana, mei := restricted(t)
	screen := s.atSlack(dana)
	s.ok(screen.Say("/unlock " + mei.login))
	page, err := screen.Modal("2 more types")
	s.ok(err)
	s.ok(page.Click("Verify e-mail"))
	page, err = screen.Modal("A code goes to")
	s.ok(err)
	s.ok(page.Click("Send code"))
	page, err = screen.Modal("A code was sent to")
	s.ok(err)
	code := s.mailedCode(mei, 1)
	s.redis.Pause(t)
	s.ok(page.Type("Code", code))
	r, err := page.SubmitRequest()
	s.ok(err)
	var wait sync.WaitGroup
	wait.Go(func() { _, _ = s.slack.Send(t.Context(), r) })
	wait.Wait()
	s.redis.Resume(t)
	s.samba.Set(t, mei.dn, "mail", "bad\r\naddress")
	s.send(s.press(page, "Back to overview", "latchkey:verify:email:0"))
	s.samba.Delete(t, mei.dn)
	_ = screen.Say("/unlock " + mei.login)
	_ = screen.Say("/unlock " + strings.Repeat("x", 300) + mei.login)
	r, err = s.slack.CommandRequest(dana.slack, "", "/unlock "+mei.login+"\x00")
	s.ok(err)
	s.send(r)
	s.quiet("SELECT count(*) FROM history")
	s.bot.stop()
	for what, secret := range map[string]string{"code": code, "login": mei.login, "mail address": mei.mail, "name": "Mei Lin",
		"DN": mei.dn, "Redis password": s.redis.Password, "token": s.slack.Token()} {
		if strings.Contains(s.bot.log(), secret) {
			t.Errorf("the log has the %s:\n%s", what, s.bot.log())
		}
	}
}

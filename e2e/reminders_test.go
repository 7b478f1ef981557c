package e2e

import (
	"strings"
	"testing"
	"time"
)

// Dana reminds everybody of her search. The bot is killed on the way; the next
// one goes on where it stopped, and nobody gets two mails.
func TestManyAreReminded(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	dana := s.agent("Dana", "restricted")
	last := strings.ToUpper(short("z"))
	var all []person
	for _, first := range []string{"Ada", "Ben", "Cleo", "Dirk", "Eve", "Finn", "Gil", "Hana"} {
		all = append(all, s.user(first, last, ""))
	}
	s.prepare()
	s.enroll("corp", all[0], "email")
	s.bot.start()
	t.Cleanup(s.bot.stop)

	screen := s.as(dana)
	s.ok(screen.Say("/unlock without:email " + last))
	page, err := screen.Modal("Which person?", "not enrolled with e-mail")
	s.ok(err)
	s.ok(page.Click("Remind all of them"))
	page, err = screen.Modal("Counting comes first")
	s.ok(err)
	s.ok(page.Submit()) // e-mail is ticked, since the search asked for it
	page, err = screen.Modal("7 people will be sent a mail", "enroll with e-mail")
	s.ok(err)
	s.ok(page.Click("Send reminders"))
	_, err = screen.Modal("Reminders to 7 people have begun")
	s.ok(err)
	_, err = screen.DM().Message("of 7 reminded")
	s.ok(err)

	if !eventually(20*time.Second, func() bool { return s.count("SELECT count(*) FROM reminder_people WHERE state = 'sent'") > 1 }) {
		t.Fatal("nobody is reminded")
	}
	s.bot.kill()
	s.bot.start()
	// Who was taken when it was killed is given up after two minutes.
	if !eventually(3*time.Minute, func() bool { return s.count("SELECT count(*) FROM reminder_jobs WHERE how = 'done'") == 1 }) {
		t.Fatal("it did not go on")
	}
	done, err := screen.DM().Message("Done: ", "of 7 reminded")
	s.ok(err)
	mailed := 0
	for i, p := range all {
		n := len(s.mail.Inbox(t, p.mail))
		mailed += n
		if n > 1 || i == 0 && n > 0 {
			t.Errorf("%s got %d mails", p.name, n)
		}
	}
	if mailed < 6 { // one may not be known
		t.Errorf("%d mails; %v", mailed, done)
	}
	if text := s.history(); !strings.Contains(text, "reminded many people to enroll") {
		t.Errorf("history: %s", text)
	}
}

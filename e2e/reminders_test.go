package e2e

import (
	"strings"
	"testing"
	"time"

	"latchkey/servers"
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
	s.start()

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
	if !eventually(30*time.Second, func() bool { return strings.Contains(screen.DM().Text(), "Done: ") }) {
		t.Errorf("Dana was told: %s", screen.DM().Text())
	}
	mailed := 0
	for i, p := range all {
		n := len(s.mail.Inbox(t, p.mail))
		mailed += n
		if n > 1 || i == 0 && n > 0 {
			t.Errorf("%s got %d mails", p.name, n)
		}
	}
	if mailed < 6 { // one may not be known
		t.Errorf("%d mails", mailed)
	}
	if text := s.history(); !strings.Contains(text, "reminded many people to enroll") {
		t.Errorf("history: %s", text)
	}
}

// While the mail server is away Dana reads until when it waits; afterwards it
// goes on by itself. She stops the rest.
func TestRemindersWaitForTheMailServer(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.mail = servers.StartPostfix(t, servers.PostfixSpec{})
	dana := s.agent("Dana", "restricted")
	last := strings.ToUpper(short("z"))
	var all []person
	for _, first := range []string{"Ada", "Ben", "Cleo", "Dirk"} {
		all = append(all, s.user(first, last, ""))
	}
	s.serve(func(text string) string {
		return strings.Replace(text, "\nmail:\n", "\nmail:\n  reminders_per_minute: 12\n", 1)
	})
	s.mail.Stop(t)

	screen := s.as(dana)
	s.ok(screen.Say("/unlock remind without:authenticator " + last))
	page, err := screen.Modal("Counting comes first")
	s.ok(err)
	s.ok(page.Submit())
	page, err = screen.Modal("4 people will be sent a mail", "enroll with authenticator")
	s.ok(err)
	s.ok(page.Click("Send reminders"))
	_, err = screen.Modal("have begun")
	s.ok(err)
	reads := func(words string) { // the line is changed every ten seconds
		t.Helper()
		if !eventually(40*time.Second, func() bool { return strings.Contains(screen.DM().Text(), words) }) {
			t.Fatalf("Dana does not read %q: %s", words, screen.DM().Text())
		}
	}
	reads("The mail server asks to wait until")
	s.mail.Start(t)
	sent := func() (n int) {
		for _, p := range all {
			n += len(s.mail.Inbox(t, p.mail))
		}
		return n
	}
	if !eventually(time.Minute, func() bool { return sent() > 0 }) {
		t.Fatal("it did not go on")
	}
	line, err := screen.DM().Message("of 4 reminded")
	s.ok(err)
	s.ok(line.Click("Stop"))
	_, err = screen.Modal("Stopped: ", "of 4 reminded")
	s.ok(err)
	reads("Stopped by you: ")
	if n := sent(); n > 3 {
		t.Errorf("%d mails after it was stopped", n)
	}
}

package e2e

import (
	"strings"
	"testing"
	"time"
)

// caseUntilHeld brings a case to page Unlock and presses its button while the
// interposer withholds what hold says.
func caseUntilHeld(t *testing.T, s *stage, i *interposer, ulf, mei person, hold func()) {
	t.Helper()
	screen := s.as(ulf)
	s.ok(screen.Say("/unlock " + mei.login))
	page, err := screen.Modal("not enrolled")
	s.ok(err)
	hold()
	s.ok(page.Tick(box(mei, "corp")))
	s.ok(page.Submit())
	select {
	case <-i.Held:
	case <-time.After(10 * time.Second):
		s.fail(errNothingHeld)
	}
}

type storyError string

func (e storyError) Error() string { return string(e) }

const errNothingHeld = storyError("no modify was seen within 10 s")

func interposed(t *testing.T) (*stage, *interposer, person, person) {
	t.Helper()
	s := newStage(t)
	i := newInterposer(t, s.samba.URL, s.samba.Trust)
	ulf, mei := s.agent("Ulf", "unrestricted"), s.user("Mei", "Lin", "")
	s.serve(func(yaml string) string {
		yaml = strings.ReplaceAll(yaml, s.samba.URL, i.URL)
		return strings.ReplaceAll(yaml, s.samba.CAFile, i.CAFile)
	})
	s.samba.Lock(t, mei.dn)
	return s, i, ulf, mei
}

// outcomes counts the results that history has for the person; asked ones are
// a record of their own.
func (s *stage) outcomes(p person) (asked, ended int, text string) {
	s.t.Helper()
	text = s.history("--user", p.login)
	for line := range strings.Lines(text) {
		switch {
		case strings.Contains(line, "asked to unlock"):
			asked++
		case strings.Contains(line, "unlocked Mei") || strings.Contains(line, "could not unlock Mei"):
			ended++
		}
	}
	return asked, ended, text
}

// The program dies after the intent was committed and before the directory got
// the modify: the account stays locked, history says so, and the same account
// can be unlocked again.
func TestKilledBeforeTheModifyArrives(t *testing.T) {
	t.Parallel()
	s, i, ulf, mei := interposed(t)
	caseUntilHeld(t, s, i, ulf, mei, func() { i.HoldModify.Store(true) })
	s.bot.kill()
	i.HoldModify.Store(false)
	s.bot.start()
	if !eventually(60*time.Second, func() bool { _, ended, _ := s.outcomes(mei); return ended == 1 }) {
		_, _, text := s.outcomes(mei)
		t.Fatalf("the intent has no outcome after a minute:\n%s\n%s", text, s.bot.log())
	}
	if asked, ended, text := s.outcomes(mei); asked != 1 || ended != 1 || !strings.Contains(text, "could not unlock Mei Lin") {
		t.Errorf("asked %d, ended %d:\n%s", asked, ended, text)
	}
	if !s.lockedOut(mei) {
		t.Error("history says not unlocked, but the account is not locked")
	}
	_, err := s.as(ulf).DM().Message("could not unlock Mei Lin in corp")
	s.ok(err)
	screen := s.as(ulf)
	s.ok(screen.Say("/unlock " + mei.login))
	page, err := screen.Modal("Accounts to unlock")
	s.ok(err)
	s.unlockOn(page, mei, "corp")
	_, err = screen.Modal("Unlocked: Mei Lin")
	s.ok(err)
	must(t, "history", "verify", "--config", s.bot.config)
}

// The program dies after the directory has done it and before its answer came:
// the account is unlocked, and history claims no more than it knows.
func TestKilledBeforeTheAnswerArrives(t *testing.T) {
	t.Parallel()
	s, i, ulf, mei := interposed(t)
	caseUntilHeld(t, s, i, ulf, mei, func() { i.HoldAnswer.Store(true) })
	s.bot.kill()
	i.HoldAnswer.Store(false)
	s.bot.start()
	if !eventually(60*time.Second, func() bool { _, ended, _ := s.outcomes(mei); return ended == 1 }) {
		t.Fatalf("the intent has no outcome after a minute:\n%s", s.bot.log())
	}
	if asked, ended, text := s.outcomes(mei); asked != 1 || ended != 1 || !strings.Contains(text, "cannot be proved that this was our change") {
		t.Errorf("asked %d, ended %d:\n%s", asked, ended, text)
	}
	if !s.signsIn(mei) {
		t.Error("history says unlocked, but Mei cannot sign in")
	}
	must(t, "history", "verify", "--config", s.bot.config)
}

// Nobody dies, but the answer never comes: unknown at first, said so, and
// decided by the directory within a minute.
func TestAnswerNeverComes(t *testing.T) {
	t.Parallel()
	s, i, ulf, mei := interposed(t)
	caseUntilHeld(t, s, i, ulf, mei, func() { i.HoldAnswer.Store(true) })
	_, err := s.as(ulf).Modal("Not known yet: Mei Lin")
	s.ok(err)
	i.HoldAnswer.Store(false)
	_, err = s.as(ulf).Within(time.Minute).DM().Message("unlocked Mei Lin in corp", "cannot be proved")
	s.ok(err)
	if !s.signsIn(mei) {
		t.Error("Mei cannot sign in")
	}
}

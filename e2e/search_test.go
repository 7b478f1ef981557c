package e2e

import (
	"fmt"
	"strings"
	"testing"
)

// find types a search and gives the page that it leads to.
func (s *stage) find(who seat, line string, words ...string) dialog {
	s.t.Helper()
	s.ok(who.Clear())
	s.ok(who.Say(line))
	page, err := who.Modal(words...)
	s.ok(err)
	return page
}

// /unlock locked lists who is locked now, since when and until when, and leads
// to the case of one of them.
func TestLocked(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	ulf := s.agent("Ulf", "unrestricted")
	name := short("Zoe")
	corp, lab := s.user("Ann", name, ""), s.labUser("Cas", name, "")
	s.user("Ben", name, "") // is not locked
	s.serve()
	screen := s.as(ulf)
	s.find(screen, "/unlock locked "+name, "Nobody within your reach is locked now")

	s.samba.Lock(t, corp.dn)
	s.slapd.Lock(t, lab.dn)
	page := s.find(screen, "/unlock locked "+name, "Locked now", "Ann "+name, "Cas "+name, "Locked since")
	if text := page.Text(); strings.Contains(text, "Ben "+name) || !strings.Contains(text, "1 to 2 of 2 locked now") {
		t.Errorf("page Locked now reads:\n%s", text)
	}
	if !strings.Contains(page.Text(), ", until ") {
		t.Errorf("page Locked now does not say when corp unlocks by itself:\n%s", page.Text())
	}
	page = s.find(screen, "/unlock locked in:lab "+name, "Locked now", "Cas "+name)
	if strings.Contains(page.Text(), "Ann "+name) {
		t.Errorf("in:lab lists somebody of corp:\n%s", page.Text())
	}
	s.ok(page.Click("Choose Cas " + name + " (" + lab.login + ") in lab"))
	page, err := screen.Modal("Cas "+name, "The user is not enrolled") // alone on the list, he needs no second look
	s.ok(err)
	s.unlockOn(page, lab, "lab")
	_, err = screen.Modal("Unlocked: Cas " + name)
	s.ok(err)
	page = s.find(screen, "/unlock locked "+name, "1 to 1 of 1 locked now", "Ann "+name)
	if strings.Contains(page.Text(), "Cas "+name) {
		t.Errorf("who was unlocked is still listed:\n%s", page.Text())
	}
	s.clean()
}

// Words and menus narrow a search down alike: by identity store and by what
// people are enrolled with.
func TestSearchIsNarrowedDown(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	ulf := s.agent("Ulf", "unrestricted")
	name := short("Kim")
	ann, ben, cas := s.user("Ann", name, ""), s.user("Ben", name, ""), s.labUser("Cas", name, "")
	s.prepare()
	s.enroll("corp", ann, "authenticator")
	s.start()
	screen := s.as(ulf)

	sees := func(page dialog, want ...person) {
		t.Helper()
		for _, p := range []person{ann, ben, cas} {
			wanted := false
			for _, w := range want {
				wanted = wanted || w.login == p.login
			}
			if strings.Contains(page.Text(), "("+p.login+")") != wanted {
				t.Errorf("%s is listed: %v, wanted the other way:\n%s", p.name, !wanted, page.Text())
			}
		}
	}
	page := s.find(screen, "/unlock "+name, "Which person?", "1 to 3 of 3")
	sees(page, ann, ben, cas)
	for _, words := range []string{"Enrolled with authenticator", "Not enrolled", "last set", "Password"} {
		if !strings.Contains(page.Text(), words) {
			t.Errorf("a hit does not say %q:\n%s", words, page.Text())
		}
	}

	s.ok(page.Select("Identity store", "corp"))
	s.ok(page.Type("Who is it?", name))
	s.ok(page.Submit())
	page, err := screen.Modal("Which person?", "1 to 2 of 2", "in corp")
	s.ok(err)
	sees(page, ann, ben)
	if got, _ := page.Chosen("Identity store"); got != "corp" {
		t.Errorf("the menu shows %q, the search was in corp", got)
	}
	s.find(screen, "/unlock in:lab "+name, "Cas "+name)
	s.find(screen, "/unlock with:authenticator "+name, "Ann "+name)
	page = s.find(screen, "/unlock without:authenticator "+name, "Which person?", "1 to 2 of 2")
	sees(page, ben, cas)
	s.find(screen, "/unlock in:elsewhere "+name, "acts on no identity store of the name “elsewhere”", "corp and lab")
	s.find(screen, "/unlock with:magic "+name, "no authentication type “magic”")

	page = s.find(screen, "/unlock", "Who is it?")
	s.ok(page.Select("Enrollment", "Not enrolled"))
	s.ok(page.Type("Who is it?", name))
	s.ok(page.Submit())
	page, err = screen.Modal("Which person?", "1 to 2 of 2", "not enrolled")
	s.ok(err)
	sees(page, ben, cas)
	s.clean()
}

// Many hits come in pages, which turn both ways.
func TestPagesOfHits(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	ulf := s.agent("Ulf", "unrestricted")
	name := short("Pat")
	var all []person
	for i := range 12 {
		all = append(all, s.labUser(fmt.Sprintf("N%02d", i), name, ""))
	}
	s.serve()
	screen := s.as(ulf)
	page := s.find(screen, "/unlock "+name, "1 to 10 of 12")
	first := page.Text()
	s.ok(page.Click("More"))
	s.ok(page.Until("11 to 12 of 12"))
	second := page.Text()
	for _, p := range all {
		if a, b := strings.Contains(first, "("+p.login+")"), strings.Contains(second, "("+p.login+")"); a == b {
			t.Errorf("%s is on the first page: %v, on the second: %v", p.name, a, b)
		}
	}
	s.ok(page.Click("Previous"))
	s.ok(page.Until("1 to 10 of 12"))
	if page.Text() != first {
		t.Errorf("the first page now reads:\n%s\nand read:\n%s", page.Text(), first)
	}
	s.ok(page.Click("Choose N03 " + name + " (" + all[3].login + ") in lab"))
	page, err := screen.Modal("Right person?", "N03 "+name, "More than one person could be meant", "Department", "Manager")
	s.ok(err)
	s.ok(page.Click("Back"))
	page, err = screen.Modal("Which person?", "1 to 10 of 12")
	s.ok(err)
	s.ok(page.Click("Choose N04 " + name + " (" + all[4].login + ") in lab"))
	page, err = screen.Modal("Right person?", "N04 "+name)
	s.ok(err)
	s.ok(page.Click("Yes, this person"))
	_, err = screen.Modal("N04 "+name, "is not locked")
	s.ok(err)
	s.clean()
}

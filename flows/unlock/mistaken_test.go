package unlock

import (
	"strings"
	"testing"
	"time"

	"latchkey/bot"
	"latchkey/bot/bottest"
	"latchkey/flows"
)

// twins puts people called Mei Lin behind Mei in the order of a search.
func (s *stage) twins(n int) {
	for range n {
		id := bot.AccountID{Store: "corp", GUID: s.w.IDs.New()}
		s.w.Corp.Put(bot.Account{ID: id, DN: bot.DN("cn="+id.GUID+",") + bottest.Staff, DisplayName: "Mei Lin", Login: "z" + id.GUID, Lock: bot.Lock{State: bot.Unlocked}})
	}
}

// TestOneOfMoreThanWereJudged: the one hit of a search that was cut short is
// not taken for the only person who could be meant.
func TestOneOfMoreThanWereJudged(t *testing.T) {
	s := newStage(t)
	s.enroll(bot.Authenticator)
	s.twins(3)
	s.w.Corp.Fail(bottest.Faults{Judges: 2})
	s.command(flows.Begin, "mei in:corp with:authenticator").see("pick").in(AwaitingPick)
	s.give(flows.Event{Kind: flows.Pick, Row: 0}).see("person").press(flows.Confirm).see("authenticate")
}

// TestNobodyOfThoseJudged: a search that was cut short does not say that there
// is nobody, and neither does a list of the locked: 500 locks elsewhere, which
// anybody makes by typing wrong passwords, would hide one within reach.
func TestNobodyOfThoseJudged(t *testing.T) {
	s := newStage(t)
	s.twins(3)
	s.w.Corp.Fail(bottest.Faults{Judges: 2})
	s.command(flows.Begin, "mei in:corp with:email").see("query")
	if text := said(s.page); !strings.Contains(text, "not all") {
		t.Errorf("of many the first two were looked at, and the page says %s", text)
	}
	s.w.Agents.Helpdesk.Containers = []bot.DN{"ou=sales," + bottest.Staff}
	s.w.Corp.Change(s.w.Omar, func(a *bot.Account) { a.Lock.Since = s.w.Clock.Now().Add(-time.Minute) }) // newer, and elsewhere
	s.w.Corp.Fail(bottest.Faults{Judges: 1})
	s.command(flows.BeginLocked, "in:corp").see("query")
	if text := said(s.page); strings.Contains(text, "Nobody within your reach is locked now") || !strings.Contains(text, "not all") {
		t.Errorf("Mei is locked, and the page says %s", text)
	}
}

// claims reports whether the page says that the person wrote the message.
func (s *stage) claims() bool {
	s.t.Helper()
	return strings.Contains(said(s.see("person").page), "whom the directory has for the author of the message")
}

// TestWhoIsNotTheAuthor: that somebody is the author of a message is said only
// where the chat vouches for it: by a binding, or by the very address that the
// directory has. A name is what he calls himself, and a part of an address can
// be another's whole.
func TestWhoIsNotTheAuthor(t *testing.T) {
	s := newStage(t)
	for _, c := range []struct {
		text            string
		confirmed, want bool
	}{
		{"mei@corp.example", true, true}, {"MEI@corp.example", true, true},
		{"mei@corp.example", false, false}, // a name can look like an address
		{"Mei Lin", false, false}, {"mei", false, false}, {"ei@corp.example", true, false}, {"mei@corp.exampl", true, false},
	} {
		s.w.Corp.Change(s.w.Mei, func(a *bot.Account) { a.Mail = "mei@corp.example" })
		s.w.Lab.Remove(s.w.MeiLab)
		s.page = flows.Page{}
		s.give(flows.Event{Kind: flows.BeginAuthor, Text: c.text, Confirmed: c.confirmed})
		if got := s.claims(); got != c.want {
			t.Errorf("%+v: it is claimed that Mei wrote the message: %t", c, got)
		}
	}
	s.send(flows.Event{Kind: flows.BeginAuthor, Text: "nobody@elsewhere.example", Author: s.w.FinnChat})
	if !s.claims() {
		t.Error("Finn's chat is bound to his account")
	}
	s.press(flows.Back).see("query")
	s.give(searching("mei"))
	if s.page.ID == "person" && s.claims() {
		t.Error("another was looked for, and it is claimed that she wrote the message")
	}
	s.command(flows.BeginAuthor, "i").see("pick") // three
	if s.give(flows.Event{Kind: flows.Pick, Row: 1}); s.claims() {
		t.Error("one of three was chosen")
	}
}

// TestConfirmedWithoutALook: yes is an answer to the page that asks.
func TestConfirmedWithoutALook(t *testing.T) {
	s := newStage(t)
	s.enroll(bot.Authenticator)
	s.command(flows.Begin, "i").see("pick")
	mei := s.account(s.w.Mei)
	s.w.Corp.Remove(s.w.Mei)
	s.give(flows.Event{Kind: flows.Pick, Row: 1}).see("pick") // nobody was shown
	s.w.Corp.Put(mei)
	s.refuse(bot.Denied, flows.Event{Kind: flows.Confirm})
}

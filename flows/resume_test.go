package flows_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/bot"
	"latchkey/bot/bottest"
	"latchkey/flows"
	"latchkey/servers"
)

// prove passes the authenticator and gives the page after it.
func (d *desk) prove(page flows.Page, e bot.Enrollment) flows.Page {
	d.t.Helper()
	page = d.must(page.Token, flows.Event{Kind: flows.ChooseType, Type: e.Type}, "code")
	return d.must(page.Token, flows.Event{Kind: flows.Verify, Type: e.Type, Fields: map[string]string{"code": d.w.Right(e)}}, "authenticate")
}

// TestResumeByCommand: the same /unlock goes on with the open case, and what
// was passed in it still counts.
func TestResumeByCommand(t *testing.T) {
	d := openDesk(t, servers.SharedRedis(t))
	d.w.Agents.Helpdesk.Mode = bot.RestrictedMode
	e := d.enroll(bot.Authenticator)
	page := d.prove(d.begin("authenticate"), e)
	again := d.begin("authenticate")
	if sessionOf(again.Token) != sessionOf(page.Token) {
		t.Fatal("a second case of the same agent and person was begun")
	}
	if again.Submit == nil || again.Submit.Kind != flows.Next {
		t.Fatal("what was passed is forgotten")
	}
	unlock := d.must(again.Token, flows.Event{Kind: flows.Next}, "unlock")
	later := d.begin("unlock")
	if sessionOf(later.Token) != sessionOf(unlock.Token) {
		t.Fatal("a second case was begun from page Unlock")
	}
	d.must(later.Token, unlockFirst, "done")

	d.w.Corp.Change(d.w.Mei, func(a *bot.Account) { a.Lock = bot.Lock{State: bot.Locked, Value: "2"} })
	fresh := d.begin("authenticate")
	if sessionOf(fresh.Token) == sessionOf(page.Token) || fresh.Submit != nil {
		t.Fatal("a case that is done was taken up again")
	}
}

// TestResumeIsByAgent: Finn's case on the same person is his own.
func TestResumeIsByAgent(t *testing.T) {
	d := openDesk(t, servers.SharedRedis(t))
	d.w.Agents.Helpdesk.Mode = bot.RestrictedMode
	e := d.enroll(bot.Authenticator)
	page := d.prove(d.begin("authenticate"), e)
	finns := d.must("", flows.Event{Kind: flows.Begin, Text: "mei@corp", Actor: d.w.FinnChat}, "authenticate")
	if sessionOf(finns.Token) == sessionOf(page.Token) || finns.Submit != nil {
		t.Fatal("Finn goes on where Dana was")
	}
}

// TestResumeAfterAnotherPick: the person that was meant could not be read, and
// another was picked from the same list. His open case is found as well.
func TestResumeAfterAnotherPick(t *testing.T) {
	d := openDesk(t, servers.SharedRedis(t))
	d.w.Lab.Change(d.w.MeiLab, func(a *bot.Account) { a.Link = "" })
	list := d.must("", flows.Event{Kind: flows.Begin, Text: "i"}, "pick") // Finn, Mei, Mei, Omar: by name
	person := d.must(list.Token, flows.Event{Kind: flows.Pick, Row: rowOf(t, list, "mlin")}, "person")
	d.w.Lab.Fail(bottest.Faults{Down: true})
	person = d.must(person.Token, flows.Event{Kind: flows.Confirm}, "person")
	d.w.Lab.Fail(bottest.Faults{})
	list = d.must(person.Token, flows.Event{Kind: flows.Back}, "pick")
	person = d.must(list.Token, flows.Event{Kind: flows.Pick, Row: rowOf(t, list, "(mei)")}, "person")
	page := d.must(person.Token, flows.Event{Kind: flows.Confirm}, "unlock")
	if again := d.begin("unlock"); sessionOf(again.Token) != sessionOf(page.Token) {
		t.Fatal("a second case of the same agent and person was begun")
	}
}

func rowOf(t *testing.T, p flows.Page, name string) int {
	t.Helper()
	for _, b := range p.Blocks {
		if b.Row != nil && strings.Contains(b.Row.Title, name) {
			return b.Row.Button.Row
		}
	}
	t.Fatalf("no row of %q", name)
	return 0
}

// TestCard: closing the dialog posts a card, its button goes on, also with the
// token of an older page, and the card says how the case ended.
func TestCard(t *testing.T) {
	d := openDesk(t, servers.SharedRedis(t))
	page := d.begin("unlock")
	d.must(page.Token, flows.Event{Kind: flows.Closed}, "unlock")
	card, ref := d.chat.last()
	if d.chat.posted() != 1 || ref != "" || card.Token == "" || !slices.Equal(buttons(card), []flows.EventKind{flows.Resume, flows.Cancel}) {
		t.Fatalf("%d cards, reference %q, buttons %v", d.chat.posted(), ref, buttons(card))
	}
	d.must(page.Token, flows.Event{Kind: flows.Closed}, "unlock") // delivered again
	if card, ref = d.chat.last(); ref != "message-1" {
		t.Fatalf("a second card instead of the first one changed: %q", ref)
	}

	resumed := d.must(card.Token, flows.Event{Kind: flows.Resume}, "unlock")
	d.must(resumed.Token, flows.Event{Kind: flows.OpenHistory}, "history")
	resumed = d.must(card.Token, flows.Event{Kind: flows.Resume}, "unlock") // the card is older than the page
	if resumed.Repeat {
		t.Fatal("Continue on the card counts as a repeat")
	}
	d.must(resumed.Token, unlockFirst, "done")
	end, ref := d.chat.last()
	if ref != "message-1" || len(buttons(end)) > 0 || end.ID != "done" {
		t.Fatalf("the card in the end: page %q, reference %q, buttons %v", end.ID, ref, buttons(end))
	}
	before := d.effects()
	for _, k := range []flows.EventKind{flows.Resume, flows.Cancel, flows.Closed} {
		if p := d.must(card.Token, flows.Event{Kind: k}, "done"); !p.Repeat {
			t.Errorf("%s after the end is not a repeat", k)
		}
	}
	if after := d.effects(); after != before {
		t.Fatalf("effects now: %s; before: %s", after, before)
	}
}

// TestCancelFromCard: with an old token, too; nothing can be unlocked after it.
func TestCancelFromCard(t *testing.T) {
	d := openDesk(t, servers.SharedRedis(t))
	page := d.begin("unlock")
	d.must(page.Token, flows.Event{Kind: flows.Closed}, "unlock")
	card, _ := d.chat.last()
	d.must(card.Token, flows.Event{Kind: flows.Cancel}, "cancelled")
	if end, _ := d.chat.last(); len(buttons(end)) > 0 {
		t.Fatalf("the card still has buttons: %v", buttons(end))
	}
	p := d.must(page.Token, unlockFirst, "cancelled")
	if len(d.w.Corp.Writes()) > 0 || !p.Repeat {
		t.Fatal("unlocked after the case was cancelled")
	}
	if fresh := d.begin("unlock"); sessionOf(fresh.Token) == sessionOf(page.Token) {
		t.Fatal("a cancelled case was taken up again")
	}
}

// TestCardIsNotTaken: a chat that is away costs the card, never the case.
func TestCardIsNotTaken(t *testing.T) {
	d := openDesk(t, servers.SharedRedis(t))
	d.chat.fail = bot.E(bot.Unavailable, "post card", errors.New("503"))
	page := d.begin("unlock")
	page = d.must(page.Token, flows.Event{Kind: flows.Closed}, "unlock")
	d.d.Messengers = nil
	page = d.must(page.Token, flows.Event{Kind: flows.Closed}, "unlock")
	d.w.Clock.Move(time.Second)
	d.must(page.Token, unlockFirst, "done")
}

// TestNewer: who has shown a page learns what stands there by then, in that
// dialog and for that person alone.
func TestNewer(t *testing.T) {
	d := openDesk(t, servers.SharedRedis(t))
	d.w.Agents.Helpdesk.Mode = bot.RestrictedMode
	e := d.enroll(bot.Authenticator)
	page := d.must("", flows.Event{Kind: flows.Begin, Text: "mei", View: "V1"}, "authenticate")
	if p, ok := d.d.Newer(t.Context(), d.w.DanaChat, "V1", page.Token); ok {
		t.Fatalf("the page that stands is older than %+v", p)
	}
	after := d.must(page.Token, flows.Event{Kind: flows.ChooseType, Type: e.Type, View: "V1"}, "code")
	p, ok := d.d.Newer(t.Context(), d.w.DanaChat, "V1", page.Token)
	if !ok || p.ID != "code" || p.Token != after.Token || p.Repeat {
		t.Fatalf("%t, %q", ok, p.ID)
	}
	for _, c := range []struct {
		who         bot.Chatter
		view, token string
	}{{d.w.FinnChat, "V1", page.Token}, {d.w.DanaChat, "V2", page.Token}, {d.w.DanaChat, "V1", "forged"}, {d.w.DanaChat, "V1", ""}} {
		if _, ok := d.d.Newer(t.Context(), c.who, c.view, c.token); ok {
			t.Errorf("%v is shown a page in %q by the token %.20q", c.who, c.view, c.token)
		}
	}
}

package flows_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"latchkey/bot"
	"latchkey/flows"
	"latchkey/servers"
)

// home gives a person's home page, and the tokens of the cases that stand on it.
func (d *desk) home(chat bot.Chatter) (flows.Page, []string) {
	d.t.Helper()
	p, err := d.d.Home(d.t.Context(), flows.Event{Actor: chat})
	if err != nil {
		d.t.Fatal(err)
	}
	var tokens []string
	for _, b := range p.Blocks {
		if b.Row != nil && b.Row.Button != nil {
			tokens = append(tokens, b.Row.Button.Token)
		}
	}
	return p, tokens
}

func says(p flows.Page, id string) bool {
	for _, b := range p.Blocks {
		if b.Text != nil && b.Text.ID == id {
			return true
		}
	}
	return false
}

// TestHome: it teaches, then leads to the open case and nobody else's, and
// then tells how it ended.
func TestHome(t *testing.T) {
	d := openDesk(t, servers.SharedRedis(t))
	if p, tokens := d.home(d.w.DanaChat); len(tokens) != 0 || !says(p, "home.lesson.caller") || !says(p, "home.waiting.none") {
		t.Fatalf("%d cases on an empty page: %+v", len(tokens), p)
	}
	begun := d.begin("unlock")
	p, tokens := d.home(d.w.DanaChat)
	if len(tokens) != 1 || says(p, "home.lesson.caller") {
		t.Fatalf("%d open cases: %+v", len(tokens), p)
	}
	if again := d.must(tokens[0], flows.Event{Kind: flows.Resume}, "unlock"); sessionOf(again.Token) != sessionOf(begun.Token) {
		t.Fatal("Continue leads to another case")
	}
	if _, err := d.send(tokens[0], flows.Event{Kind: flows.Resume, Actor: d.w.FinnChat}); bot.KindOf(err) != bot.Denied {
		t.Fatalf("Finn goes on with Dana's case: %v", err)
	}
	if _, tokens := d.home(d.w.FinnChat); len(tokens) != 0 {
		t.Fatal("Dana's case stands on Finn's page")
	}
	d.must(d.begin("unlock").Token, unlockFirst, "done")
	p, tokens = d.home(d.w.DanaChat)
	if len(tokens) != 0 || !says(p, "home.done.one") {
		t.Fatalf("%d cases after the unlock: %+v", len(tokens), p)
	}
	if p, _ := d.home(d.w.FinnChat); says(p, "home.done.one") {
		t.Fatal("Dana's unlock stands on Finn's page")
	}
	d.w.Corp.Change(d.w.Dana, func(a *bot.Account) { a.Lock.State = bot.Locked })
	if p, _ := d.home(d.w.DanaChat); !says(p, "home.own.locked") || says(p, "home.head") {
		t.Fatalf("a locked agent sees %+v", p)
	}
}

// TestHomeMore: other conversations' blocks stand below; one that cannot be
// read costs no other.
func TestHomeMore(t *testing.T) {
	d := openDesk(t, servers.SharedRedis(t))
	block := func(id string) []flows.Block {
		return []flows.Block{{Text: &flows.Text{ID: id, Said: flows.Say(id)}}}
	}
	d.d.HomeMore = []flows.HomeMore{
		func(context.Context, bot.Chatter, bot.AgentFacts) ([]flows.Block, error) {
			return block("more.broken"), bot.E(bot.Unavailable, "read", nil)
		},
		func(_ context.Context, chat bot.Chatter, agent bot.AgentFacts) ([]flows.Block, error) {
			if chat != d.w.DanaChat || agent.Account.ID != d.w.Dana {
				t.Errorf("asked for %v, %v", chat, agent.Account.ID)
			}
			return block("more.good"), nil
		},
	}
	if p, _ := d.home(d.w.DanaChat); !says(p, "more.good") || says(p, "more.broken") || !says(p, "home.head") {
		t.Errorf("the page is %+v", p)
	}
}

// TestHomeIsBounded: of very many cases the newest stand there, and one that
// has run out does not.
func TestHomeIsBounded(t *testing.T) {
	d := openDesk(t, servers.SharedRedis(t))
	for i := range 25 {
		id := bot.AccountID{Store: "corp", GUID: d.w.IDs.New()}
		d.w.Corp.Put(bot.Account{ID: id, DN: bot.DN(fmt.Sprintf("cn=n%d,", i)) + "dc=corp,dc=example", DisplayName: fmt.Sprint("Nora ", i),
			Login: fmt.Sprintf("nora-%02d", i), Lock: bot.Lock{State: bot.Locked, Value: "1"}})
		d.must("", flows.Event{Kind: flows.Begin, Text: fmt.Sprintf("nora-%02d", i)}, "unlock")
	}
	p, tokens := d.home(d.w.DanaChat)
	if len(tokens) != 20 || !strings.HasPrefix(firstRow(p), "Nora 24") {
		t.Fatalf("%d cases, the first is %q", len(tokens), firstRow(p))
	}
	d.w.Clock.Move(20 * time.Minute)
	if _, tokens := d.home(d.w.DanaChat); len(tokens) != 0 {
		t.Fatalf("%d cases that have run out", len(tokens))
	}
}

func firstRow(p flows.Page) string {
	for _, b := range p.Blocks {
		if b.Row != nil {
			return b.Row.Title
		}
	}
	return ""
}

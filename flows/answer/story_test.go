package answer_test

import (
	"context"
	"crypto/rand"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/zap"

	"latchkey/bot"
	"latchkey/bot/bottest"
	"latchkey/flows"
	"latchkey/flows/answer"
	"latchkey/flows/unlock"
	"latchkey/servers"
	"latchkey/store/ledger"
	"latchkey/store/session"
)

func TestMain(m *testing.M) { servers.Main(m) }

// stage is Dana with her case of Mei, and Mei with her own chat, over a real
// ledger and a real Redis.
type stage struct {
	t    *testing.T
	w    *bottest.World
	l    *ledger.Ledger
	d    *flows.Dispatcher
	chat *chat
	mei  bot.Chatter
	page flows.Page // Dana's
}

func open(t *testing.T) *stage {
	t.Helper()
	clock := bottest.NewClock()
	l, err := ledger.Open(t.Context(), ledger.Config{URL: "sqlite://" + filepath.Join(t.TempDir(), "latchkey.db"), Now: clock.Now, NewID: bottest.NewIDs().New})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	r := servers.SharedRedis(t)
	sessions, err := session.New(session.Config{Addresses: []string{r.Addr}, Username: r.Username, Password: r.UserPassword, Prefix: r.Prefix + rand.Text() + ":", Now: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sessions.Close() })
	w := bottest.NewWorld(l, clock)
	s := &stage{t: t, w: w, l: l, chat: &chat{}, d: &flows.Dispatcher{}, mei: bot.Chatter{Platform: "slack", Tenant: "T1", User: "U-MEI"}}
	verifier := w.Verifier()
	verifier.Pusher = &answer.Pusher{Invite: s.d.Invite}
	*s.d = flows.Dispatcher{Conversations: []flows.Conversation{
		&unlock.Conversation{Desk: w.Desk(), Verifier: verifier, Unlocker: w.Unlocker(), Reminder: w.Reminder(), Keeper: w.Keeper(), Journal: w.Ledger, PageSize: 5},
		&answer.Conversation{Desk: w.Desk(), Verifier: verifier, Keeper: w.Keeper(), Tell: s.d.Tell},
	}, Authority: w.Desk(), Sessions: sessions, Gate: sessions, Signer: bottest.Vault{}, Journal: w.Ledger,
		Messengers: map[string]flows.Messenger{"slack": s.chat}, Limits: flows.Limits{Life: 15 * time.Minute, Idle: 5 * time.Minute, CasesPerHour: 100},
		Refuse: unlock.PageRefused, HomePage: unlock.Home, Cards: l, Now: clock.Now, NewID: w.IDs.New, Log: zap.NewNop()}
	for who, id := range map[bot.Chatter]bot.AccountID{w.DanaChat: w.Dana, s.mei: w.Mei} {
		r := bot.Record{ID: w.IDs.New(), Action: bot.ActionBind, Status: bot.StatusSuccess, Client: bot.ClientCommandLine}
		r.Operation = r.ID
		if err := l.Bind(t.Context(), who, id, r); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.Enroll(t.Context(), w.Mei, bot.Email); err != nil {
		t.Fatal(err)
	}
	clock.Move(w.Policy.EnrollmentMinAge)
	return s
}

func (s *stage) send(who bot.Chatter, token string, ev flows.Event) (flows.Page, error) {
	ev.ID, ev.Actor, ev.Token, ev.Workspace = s.w.IDs.New(), who, token, "T1"
	return s.d.Handle(s.t.Context(), ev)
}

func (s *stage) must(who bot.Chatter, token string, ev flows.Event, want flows.PageID) flows.Page {
	s.t.Helper()
	p, err := s.send(who, token, ev)
	if err != nil || p.ID != want {
		s.t.Fatalf("%s: page %q, %v; want %q: %s", ev.Kind, p.ID, err, want, text(p))
	}
	return p
}

// asked has Dana ask Mei in the chat, and gives the card.
func (s *stage) asked() flows.Page {
	s.t.Helper()
	s.page = s.must(s.w.DanaChat, "", flows.Event{Kind: flows.Begin, Text: "mei", View: "V-DANA"}, "authenticate")
	s.page = s.must(s.w.DanaChat, s.page.Token, flows.Event{Kind: flows.SendCode, Type: bot.Chat, View: "V-DANA"}, "digits")
	return s.chat.last(s.mei)
}

func (s *stage) digits() string {
	for _, b := range s.page.Blocks {
		if b.Text != nil && b.Text.ID == "digits" {
			return strings.ReplaceAll(b.Text.Said.Plain(), " ", "")
		}
	}
	s.t.Fatal("no digits on the agent's page")
	return ""
}

func text(p flows.Page) string {
	var out []string
	for _, b := range p.Blocks {
		if b.Text != nil {
			out = append(out, b.Text.Said.Plain())
		}
	}
	return strings.Join(out, " ")
}

func digits(code string) flows.Event {
	return flows.Event{Kind: flows.Verify, Type: bot.Chat, Fields: map[string]string{"code": code}}
}

// TestAnswered: the card has the phrase that the agent's page has, and no
// digits; what the user enters changes the agent's page, and settles the card.
func TestAnswered(t *testing.T) {
	s := open(t)
	card := s.asked()
	right := s.digits()
	if strings.Contains(text(card), right[:3]) || strings.Contains(text(card), "read it to") {
		t.Fatalf("the card: %s", text(card))
	}
	_, said, _ := strings.Cut(text(s.page), "Say first: ")
	phrase, _, _ := strings.Cut(said, ".")
	if phrase == "" || !strings.Contains(text(card), "staff will say first: "+phrase+".") {
		t.Fatalf("agent: %q; card: %s", phrase, text(card))
	}
	form := s.must(s.mei, card.Token, flows.Event{Kind: flows.Answer}, "form")
	form = s.must(s.mei, form.Token, digits(" "+right), "form")
	if !strings.Contains(text(form), "No try was used") {
		t.Fatalf("the form: %s", text(form))
	}
	s.must(s.mei, form.Token, digits(strings.Map(fullWidth, right)), "passed")
	if got := s.chat.showing("V-DANA"); got.ID != "authenticate" || !strings.Contains(strings.Join(rows(got), " "), "Chat: passed") {
		t.Fatalf("the agent sees %q %v", got.ID, rows(got))
	}
	if got := s.chat.last(s.mei); got.ID != "passed" {
		t.Fatalf("the card stands as %q", got.ID)
	}
	if _, err := s.send(s.mei, form.Token, digits(right)); err != nil {
		t.Fatal(err)
	}
	evidence, err := s.w.Ledger.Evidence(t.Context(), idOf(s.page.Token))
	if err != nil || len(evidence) != 1 {
		t.Fatalf("%d pieces of evidence, %v", len(evidence), err)
	}
}

func fullWidth(r rune) rune { return r - '0' + '０' }

func rows(p flows.Page) []string {
	var out []string
	for _, b := range p.Blocks {
		if b.Row != nil {
			out = append(out, b.Row.Title+": "+b.Row.Detail.Plain())
		}
	}
	return out
}

func idOf(token string) string { id, _, _ := strings.Cut(token, "."); return id }

// TestOthersCannotAnswer: the card's token is the user's own, and a record of
// hers is nobody else's.
func TestOthersCannotAnswer(t *testing.T) {
	s := open(t)
	card := s.asked()
	for _, kind := range []flows.EventKind{flows.Answer, flows.NotMe} {
		if _, err := s.send(s.w.DanaChat, card.Token, flows.Event{Kind: kind}); bot.KindOf(err) != bot.Denied {
			t.Errorf("%s by the agent: %v", kind, err)
		}
	}
	if page := s.must(s.w.DanaChat, s.page.Token, digits(s.digits()), "authenticate"); len(page.Blocks) == 0 {
		t.Error("the agent's page is empty")
	}
	evidence, err := s.w.Ledger.Evidence(t.Context(), idOf(s.page.Token))
	if err != nil || len(evidence) != 0 {
		t.Fatalf("%d pieces of evidence, %v", len(evidence), err)
	}
}

// TestWrongDigits: five tries, on whichever page they are made; asking anew
// ends the card before.
func TestWrongDigits(t *testing.T) {
	s := open(t)
	card := s.asked()
	s.page = s.must(s.w.DanaChat, s.page.Token, flows.Event{Kind: flows.SendCode, Type: bot.Chat, View: "V-DANA"}, "digits")
	newer := s.chat.last(s.mei)
	if got := s.chat.pages(s.mei); len(got) != 3 || got[1].ID != "asked_anew" || len(kinds(got[1])) != 0 {
		t.Fatalf("the card before: %+v", got)
	}
	s.must(s.mei, card.Token, flows.Event{Kind: flows.Answer}, "asked_anew")
	form := s.must(s.mei, newer.Token, flows.Event{Kind: flows.Answer}, "form")
	wrong := "111111"
	if s.digits() == wrong {
		wrong = "222222"
	}
	s.w.Users.Authentication.Lockout.Failures = 50
	for range 4 {
		form = s.must(s.mei, form.Token, digits(wrong), "form")
	}
	s.must(s.mei, form.Token, digits(wrong), "over")
	if got := s.chat.showing("V-DANA"); got.ID != "over" {
		t.Fatalf("the agent sees %q", got.ID)
	}
}

// TestNotMe: from the card, without opening anything, also by a locked user.
func TestNotMe(t *testing.T) {
	s := open(t)
	card := s.asked()
	s.must(s.mei, card.Token, flows.Event{Kind: flows.NotMe}, "denied")
	if got := s.chat.showing("V-DANA"); got.ID != "denied" {
		t.Fatalf("the agent sees %q", got.ID)
	}
	page, err := s.send(s.w.DanaChat, "", flows.Event{Kind: flows.Begin, Text: "mei"})
	if err != nil || page.ID != "refused" || !strings.Contains(text(page), "it was not he who asked") {
		t.Fatalf("%q %v: %s", page.ID, err, text(page))
	}
	due, err := s.w.Ledger.Due(t.Context(), s.w.Clock.Now(), 10, time.Minute)
	if err != nil || len(due) != 1 || due[0].Kind != bot.NoticeAudit || due[0].Record.Action != bot.ActionNotMe {
		t.Fatalf("%v, %v", due, err)
	}
	s.must(s.mei, card.Token, flows.Event{Kind: flows.NotMe}, "denied") // a second click
}

// TestGreeted: whichever type is opened first, a user who is on the chat knows
// the phrase, and can say that it is not he.
func TestGreeted(t *testing.T) {
	s := open(t)
	if _, err := s.w.Enroll(t.Context(), s.w.Mei, bot.Authenticator); err != nil {
		t.Fatal(err)
	}
	s.page = s.must(s.w.DanaChat, "", flows.Event{Kind: flows.Begin, Text: "mei", View: "V-DANA"}, "authenticate")
	s.page = s.must(s.w.DanaChat, s.page.Token, flows.Event{Kind: flows.ChooseType, Type: bot.Authenticator}, "code")
	card := s.chat.last(s.mei)
	if !strings.Contains(text(s.page), "Say first: ") || !strings.Contains(text(card), "will say first") {
		t.Fatalf("%s; %s", text(s.page), text(card))
	}
	s.page = s.must(s.w.DanaChat, s.page.Token, flows.Event{Kind: flows.ChooseType, Type: bot.Authenticator}, "code")
	if n := s.chat.count(s.mei); n != 1 {
		t.Fatalf("%d greetings in one case", n)
	}
	s.must(s.mei, card.Token, flows.Event{Kind: flows.Answer}, "over") // there is nothing to enter
	s.must(s.mei, card.Token, flows.Event{Kind: flows.NotMe}, "denied")
}

// TestCaseOver: the card of a case that has ended asks for nothing, and still
// takes that it was not he, until its own time is over.
func TestCaseOver(t *testing.T) {
	s := open(t)
	card := s.asked()
	form := s.must(s.mei, card.Token, flows.Event{Kind: flows.Answer, View: "V-MEI"}, "form")
	s.must(s.w.DanaChat, s.page.Token, flows.Event{Kind: flows.Cancel}, "cancelled")
	over := s.chat.last(s.mei)
	if over.ID != "case_over" || s.chat.showing("V-MEI").ID != "case_over" || !slices.Equal(kinds(over), []flows.EventKind{flows.NotMe}) {
		t.Fatalf("the card is %q %v, the form %q", over.ID, kinds(over), s.chat.showing("V-MEI").ID)
	}
	s.must(s.mei, form.Token, digits("123456"), "case_over")
	s.must(s.mei, card.Token, flows.Event{Kind: flows.Answer}, "case_over")
	s.must(s.mei, over.Token, flows.Event{Kind: flows.NotMe}, "denied")
	if got := s.chat.last(s.mei); got.ID != "denied" || len(kinds(got)) != 0 {
		t.Fatalf("the card stands as %q with %v", got.ID, kinds(got))
	}
}

// TestUnanswered: a card that nobody answers loses its buttons when its record
// ends, once, whichever replica does it, and not before.
func TestUnanswered(t *testing.T) {
	s := open(t)
	card := s.asked()
	announce := func() {
		t.Helper()
		var replicas sync.WaitGroup
		for range 3 {
			replicas.Go(func() {
				a := &flows.Announcer{Outbox: s.l, Messengers: s.d.Messengers, CardDue: s.d.CardDue, Now: s.w.Clock.Now, Log: zap.NewNop()}
				if _, err := a.Announce(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		replicas.Wait()
	}
	s.w.Clock.Move(4 * time.Minute)
	s.must(s.mei, card.Token, flows.Event{Kind: flows.Answer}, "form") // its record stays for five more
	s.w.Clock.Move(2 * time.Minute)
	announce()
	if n := s.chat.count(s.mei); n != 1 {
		t.Fatalf("%d pages while it can be answered", n)
	}
	s.w.Clock.Move(4 * time.Minute)
	announce()
	announce()
	got := s.chat.pages(s.mei)
	if len(got) != 2 || got[1].ID != "over" || len(kinds(got[1])) != 0 {
		t.Fatalf("the cards: %+v", got)
	}
	s.w.Clock.Move(time.Hour)
	if due, err := s.l.Due(t.Context(), s.w.Clock.Now(), 10, time.Minute); err != nil || len(due) != 0 {
		t.Fatalf("%v, %v", due, err)
	}
}

// TestAnsweredStays: what was answered is not overwritten when its time is over.
func TestAnsweredStays(t *testing.T) {
	s := open(t)
	card := s.asked()
	form := s.must(s.mei, card.Token, flows.Event{Kind: flows.Answer}, "form")
	s.must(s.mei, form.Token, digits(s.digits()), "passed")
	s.w.Clock.Move(time.Hour)
	a := &flows.Announcer{Outbox: s.l, Messengers: s.d.Messengers, CardDue: s.d.CardDue, Now: s.w.Clock.Now, Log: zap.NewNop()}
	if n, err := a.Announce(t.Context()); n != 0 || err != nil {
		t.Fatalf("%d, %v", n, err)
	}
	if got := s.chat.last(s.mei); got.ID != "passed" {
		t.Fatalf("the card stands as %q", got.ID)
	}
}

// kinds are what the buttons of a page do.
func kinds(p flows.Page) (out []flows.EventKind) {
	for _, b := range p.Blocks {
		for _, one := range b.Buttons {
			out = append(out, one.Kind)
		}
	}
	return out
}

// chat keeps what was posted to whom, and what stands in which dialog.
type chat struct {
	mu    sync.Mutex
	cards map[bot.Chatter][]flows.Page
	views map[string]flows.Page
}

func (c *chat) Audit(context.Context, flows.Page) error               { return nil }
func (c *chat) Direct(context.Context, bot.Chatter, flows.Page) error { return nil }

func (c *chat) Card(_ context.Context, to bot.Chatter, ref string, p flows.Page) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cards == nil {
		c.cards = map[bot.Chatter][]flows.Page{}
	}
	c.cards[to] = append(c.cards[to], p)
	if ref == "" {
		ref = rand.Text()
	}
	return ref, nil
}

func (c *chat) Show(_ context.Context, _ bot.Chatter, view string, p flows.Page) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.views == nil {
		c.views = map[string]flows.Page{}
	}
	c.views[view] = p
	return nil
}

func (c *chat) last(to bot.Chatter) flows.Page {
	c.mu.Lock()
	defer c.mu.Unlock()
	if n := len(c.cards[to]); n > 0 {
		return c.cards[to][n-1]
	}
	return flows.Page{}
}

func (c *chat) pages(to bot.Chatter) []flows.Page {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.cards[to])
}

func (c *chat) count(to bot.Chatter) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.cards[to])
}

func (c *chat) showing(view string) flows.Page {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.views[view]
}

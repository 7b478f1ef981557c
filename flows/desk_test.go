package flows_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/zap"

	"latchkey/bot"
	"latchkey/bot/bottest"
	"latchkey/flows"
	"latchkey/flows/unlock"
	"latchkey/servers"
	"latchkey/store/ledger"
	"latchkey/store/session"
)

// desk is the unlock conversation on a real Redis and a real ledger, with the
// directories, the mail and the chat in memory.
type desk struct {
	t        *testing.T
	w        *bottest.World
	d        *flows.Dispatcher
	sessions *session.Store
	chat     *chat
}

// openDesk is Dana's desk in unrestricted mode: what a click does is the
// matter here, and what policy lets through has its own tests.
func openDesk(t *testing.T, r *servers.Redis) *desk {
	t.Helper()
	clock := bottest.NewClock()
	l, err := ledger.Open(t.Context(), ledger.Config{URL: "sqlite://" + filepath.Join(t.TempDir(), "latchkey.db"), Now: clock.Now, NewID: rand.Text})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	w := bottest.NewWorld(l, clock)
	w.Agents.Helpdesk.Mode = bot.UnrestrictedMode
	d := &desk{t: t, w: w, sessions: connect(t, r, clock), chat: &chat{}}
	d.bind(w.DanaChat, w.Dana)
	d.bind(w.FinnChat, w.Finn)
	d.d = d.replica()
	return d
}

func connect(t *testing.T, r *servers.Redis, clock *bottest.Clock) *session.Store {
	t.Helper()
	s, err := session.New(session.Config{Addresses: []string{r.Addr}, Username: r.Username, Password: r.UserPassword,
		Prefix: r.Prefix + rand.Text() + ":", Now: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// replica is one more process that serves the same desk.
func (d *desk) replica() *flows.Dispatcher {
	w := d.w
	return &flows.Dispatcher{
		Conversations: []flows.Conversation{&unlock.Conversation{Desk: w.Desk(), Verifier: w.Verifier(), Unlocker: w.Unlocker(), Reminder: w.Reminder(), Keeper: w.Keeper(),
			Journal: w.Ledger, PageSize: 5}},
		Authority: w.Desk(), Sessions: d.sessions, Gate: d.sessions, Signer: bottest.Vault{}, Journal: w.Ledger,
		Messengers: map[string]flows.Messenger{"slack": d.chat},
		Limits:     flows.Limits{Life: 15 * time.Minute, Idle: 5 * time.Minute, CasesPerHour: 100},
		Refuse:     unlock.PageRefused, HomePage: unlock.Home, Now: w.Clock.Now, NewID: w.IDs.New, Log: zap.NewNop(),
	}
}

func (d *desk) bind(chat bot.Chatter, id bot.AccountID) {
	d.t.Helper()
	if err := d.w.Ledger.Bind(d.t.Context(), chat, id, d.record(bot.ActionBind)); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) record(a bot.Action) bot.Record {
	id := d.w.IDs.New()
	return bot.Record{ID: id, Operation: id, Action: a, Status: bot.StatusSuccess, Client: bot.ClientCommandLine}
}

// send is an event of Dana's, with the token of a page.
func (d *desk) send(token string, ev flows.Event) (flows.Page, error) {
	ev.Token = token
	if ev.Actor == (bot.Chatter{}) {
		ev.Actor = d.w.DanaChat
	}
	return d.d.Handle(d.t.Context(), ev)
}

// must is send where nothing may go wrong, and the page is known.
func (d *desk) must(token string, ev flows.Event, want flows.PageID) flows.Page {
	d.t.Helper()
	p, err := d.send(token, ev)
	if err != nil {
		d.t.Fatalf("%s: %v", ev.Kind, err)
	}
	if p.ID != want {
		d.t.Fatalf("%s gives page %q, want %q", ev.Kind, p.ID, want)
	}
	return p
}

// begin is /unlock mei@corp, from the account's page Unlock or Authenticate.
func (d *desk) begin(want flows.PageID) flows.Page {
	d.t.Helper()
	return d.must("", flows.Event{Kind: flows.Begin, Text: "mei@corp"}, want)
}

func (d *desk) enroll(t bot.Type) bot.Enrollment {
	d.t.Helper()
	e, err := d.w.Enroll(d.t.Context(), d.w.Mei, t)
	if err != nil {
		d.t.Fatal(err)
	}
	return e
}

// refuse demands an error of a kind, and that nothing came of the event.
func (d *desk) refuse(token string, ev flows.Event, want bot.Kind) {
	d.t.Helper()
	before := d.effects()
	if _, err := d.send(token, ev); bot.KindOf(err) != want {
		d.t.Fatalf("%s: error %v, want kind %s", ev.Kind, err, want)
	}
	if after := d.effects(); after != before {
		d.t.Fatalf("%s was refused, and yet: %s; before: %s", ev.Kind, after, before)
	}
}

// effects says all that was done outside so far.
func (d *desk) effects() string {
	d.t.Helper()
	unlocks := d.history(bot.ActionUnlock)
	return fmt.Sprintf("%d writes, %d letters, %d records of unlocks, %d cards",
		len(d.w.Corp.Writes())+len(d.w.Lab.Writes()), len(d.w.Mail.Letters()), len(unlocks), d.chat.posted())
}

// history gives the records of one action.
func (d *desk) history(a bot.Action) []bot.Record {
	d.t.Helper()
	all, err := d.w.Ledger.History(d.t.Context(), bot.HistoryQuery{Limit: 1000})
	if err != nil {
		d.t.Fatal(err)
	}
	var out []bot.Record
	for _, r := range all {
		if r.Action == a {
			out = append(out, r)
		}
	}
	return out
}

// stored reads the session of a token.
func (d *desk) stored(token string) (flows.Record, int64) {
	d.t.Helper()
	data, version := d.bytes(sessionOf(token))
	var r flows.Record
	if err := json.Unmarshal(data, &r); err != nil {
		d.t.Fatal(err)
	}
	return r, version
}

// bytes are those of a record without its seal.
func (d *desk) bytes(id string) ([]byte, int64) {
	d.t.Helper()
	sealed, version, err := d.sessions.Load(d.t.Context(), id)
	if err != nil {
		d.t.Fatal(err)
	}
	_, data, _ := bytes.Cut(sealed, []byte("."))
	return data, version
}

// sealed seals bytes as the dispatcher does.
func (d *desk) sealed(id string, version int64, data []byte) []byte {
	d.t.Helper()
	mac, err := bottest.Vault{}.MAC("session-record", id, strconv.FormatInt(version, 10), string(data))
	if err != nil {
		d.t.Fatal(err)
	}
	return append([]byte(base64.RawURLEncoding.EncodeToString(mac)+"."), data...)
}

func sessionOf(token string) string {
	id, _, _ := strings.Cut(token, ".")
	return id
}

// chat keeps the cards that were posted.
type chat struct {
	mu    sync.Mutex
	cards []flows.Page
	refs  []string
	shown []shownPage
	fail  error
}

type shownPage struct {
	view string
	page flows.Page
}

func (c *chat) Audit(context.Context, flows.Page) error { return nil }

func (c *chat) Direct(context.Context, bot.Chatter, flows.Page) error { return nil }

func (c *chat) Show(_ context.Context, _ bot.Chatter, view string, p flows.Page) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.shown = append(c.shown, shownPage{view, p})
	return nil
}

func (c *chat) Card(_ context.Context, _ bot.Chatter, ref string, p flows.Page) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.fail != nil {
		return "", c.fail
	}
	c.cards, c.refs = append(c.cards, p), append(c.refs, ref)
	if ref == "" {
		ref = fmt.Sprintf("message-%d", len(c.cards))
	}
	return ref, nil
}

func (c *chat) posted() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.cards)
}

// last gives the card as it reads now, and the reference that it replaced.
func (c *chat) last() (flows.Page, string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.cards) == 0 {
		return flows.Page{}, ""
	}
	return c.cards[len(c.cards)-1], c.refs[len(c.refs)-1]
}

func buttons(p flows.Page) []flows.EventKind {
	var out []flows.EventKind
	for _, b := range p.Blocks {
		for _, button := range b.Buttons {
			out = append(out, button.Kind)
		}
	}
	return out
}

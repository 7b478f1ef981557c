package unlock

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"go.uber.org/zap"

	"latchkey/bot"
	"latchkey/bot/bottest"
	"latchkey/flows"
	"latchkey/store/ledger"
)

// stage is Dana at her chat: the dispatcher over the real core and a real
// ledger, with sessions in memory. It remembers the page that stands.
type stage struct {
	t    failer
	w    *bottest.World
	d    *flows.Dispatcher
	mem  *memory
	seen *arrows
	page flows.Page
	err  error
	as   bot.Chatter // who acts; zero: Dana

	watch func(flows.Page) // sees every page; may be nil
}

// failer is what rapid and testing have in common.
type failer interface {
	Helper()
	Fatalf(string, ...any)
}

// arrows collects which transitions were taken, by every stage that shares it.
type arrows struct {
	*Conversation
	t     failer
	mu    sync.Mutex
	taken map[flows.Transition]bool

	offered func(flows.Record) // sees each record for which page Unlock opens; may be nil
}

func (a *arrows) Step(r flows.Record, h flows.Happening) (flows.Move, error) {
	m, err := pure(a.t, a.Conversation, r, h)
	if err == nil && h.Kind == offered && a.offered != nil {
		a.offered(r)
	}
	if err == nil {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.taken[flows.Transition{From: r.State, On: h.Kind, To: m.Record.State}] = true
	}
	return m, err
}

// openLedger opens a ledger in a file of this test.
func openLedger(t testing.TB, now func() time.Time) *ledger.Ledger {
	t.Helper()
	l, err := ledger.Open(t.Context(), ledger.Config{URL: "sqlite://" + filepath.Join(t.TempDir(), "latchkey.db"),
		Now: now, NewID: bottest.NewIDs().New})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

// newStage is a stage with a ledger of its own.
func newStage(t testing.TB) *stage {
	clock := bottest.NewClock()
	return stageOn(t, bottest.NewWorld(openLedger(t, clock.Now), clock), make(map[flows.Transition]bool))
}

func stageOn(t failer, w *bottest.World, taken map[flows.Transition]bool) *stage {
	for chat, id := range map[bot.Chatter]bot.AccountID{w.DanaChat: w.Dana, w.FinnChat: w.Finn} {
		r := bot.Record{ID: w.IDs.New(), Action: bot.ActionBind, Status: bot.StatusSuccess, Client: bot.ClientCommandLine}
		r.Operation = r.ID
		if err := w.Ledger.Bind(context.Background(), chat, id, r); err != nil {
			t.Fatalf("binding %v: %v", chat, err)
		}
	}
	mem := &memory{now: w.Clock.Now, records: make(map[string]kept), pointers: make(map[string]kept)}
	talk := &arrows{t: t, taken: taken, Conversation: &Conversation{Desk: w.Desk(), Verifier: w.Verifier(), Unlocker: w.Unlocker(),
		Reminder: w.Reminder(), Unenroller: w.Unenroller(), Reminders: w.Reminders(), Keeper: w.Keeper(), Journal: w.Ledger, PageSize: 5}}
	limits := w.Policy.Limits
	return &stage{t: t, w: w, mem: mem, seen: talk, d: &flows.Dispatcher{
		Conversations: []flows.Conversation{talk}, Authority: w.Desk(), Sessions: mem, Gate: mem, Signer: bottest.Vault{}, Journal: w.Ledger,
		Messengers: map[string]flows.Messenger{"slack": mem},
		Limits:     flows.Limits{Life: limits.SessionLife, Idle: limits.SessionIdle, CasesPerHour: 1000},
		Refuse:     PageRefused, Now: w.Clock.Now, NewID: w.IDs.New, Log: zap.NewNop(),
	}}
}

// send hands an event of Dana's to the dispatcher.
func (s *stage) send(ev flows.Event) {
	ev.Actor, ev.ID, ev.Workspace = cmp.Or(s.as, s.w.DanaChat), s.w.IDs.New(), "T1"
	p, err := s.d.Handle(context.Background(), ev)
	s.err = err
	if err != nil {
		return
	}
	s.page = p
	if s.watch != nil {
		s.watch(p)
	}
}

// press presses a button of the page that stands.
func (s *stage) press(k flows.EventKind) *stage { return s.give(flows.Event{Kind: k}) }

// give sends the event with the token of the page that stands, and demands that it is taken.
func (s *stage) give(ev flows.Event) *stage {
	s.t.Helper()
	ev.Token = s.page.Token
	s.send(ev)
	if s.err != nil {
		s.t.Fatalf("%s: %v", ev.Kind, s.err)
	}
	return s
}

// command types /unlock and more.
func (s *stage) command(k flows.EventKind, text string) *stage {
	s.t.Helper()
	s.page = flows.Page{}
	return s.give(flows.Event{Kind: k, Text: text})
}

func (s *stage) code(t bot.Type, code string) *stage {
	s.t.Helper()
	return s.give(flows.Event{Kind: flows.Verify, Type: t, Fields: map[string]string{fieldCode: code}})
}

// see demands that a page stands.
func (s *stage) see(id flows.PageID) *stage {
	s.t.Helper()
	if s.page.ID != id {
		s.t.Fatalf("page %q stands, want %q: %s", s.page.ID, id, said(s.page))
	}
	return s
}

// in demands that the session is in a state.
func (s *stage) in(want flows.State) *stage {
	s.t.Helper()
	if r, _ := s.record(); r.State != want {
		s.t.Fatalf("the session is in %q, want %q; page %q", r.State, want, s.page.ID)
	}
	return s
}

// record reads the session whose page stands.
func (s *stage) record() (flows.Record, body) {
	s.t.Helper()
	var r flows.Record
	var b body
	data, _, err := s.mem.Load(context.Background(), idOf(s.page.Token))
	if err != nil {
		s.t.Fatalf("no session: %v", err)
	}
	_, data, _ = bytes.Cut(data, []byte(".")) // the seal stands before it
	if err := json.Unmarshal(data, &r); err != nil {
		s.t.Fatalf("session record: %v", err)
	}
	if err := json.Unmarshal(r.Body, &b); err != nil {
		s.t.Fatalf("session body: %v", err)
	}
	return r, b
}

// enroll enrolls Mei.
func (s *stage) enroll(t bot.Type) bot.Enrollment {
	s.t.Helper()
	e, err := s.w.Enroll(context.Background(), s.w.Mei, t)
	if err != nil {
		s.t.Fatalf("enrolling: %v", err)
	}
	return e
}

func idOf(token string) string {
	for i, c := range token {
		if c == '.' {
			return token[:i]
		}
	}
	return token
}

package enroll

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/zap"

	"latchkey/bot"
	"latchkey/bot/bottest"
	"latchkey/flows"
	"latchkey/store/ledger"
)

// records is the ledger with what a person's own changes need.
type records interface {
	bottest.Ledger
	bot.EnrollerRecords
}

// stage is Mei at her chat: the dispatcher over the real core and a real
// ledger, with sessions in memory.
type stage struct {
	t     *testing.T
	w     *bottest.World
	l     records
	n     *bot.Enroller
	talk  *Conversation
	d     *flows.Dispatcher
	mem   *memory
	taken map[flows.Transition]bool
	chat  bot.Chatter
	page  flows.Page
	err   error
	seeds int // drawn
}

func newStage(t *testing.T) *stage {
	t.Helper()
	clock := bottest.NewClock()
	l, err := ledger.Open(t.Context(), ledger.Config{URL: "sqlite://" + filepath.Join(t.TempDir(), "latchkey.db"), Now: clock.Now, NewID: bottest.NewIDs().New})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	s := &stage{t: t, w: bottest.NewWorld(l, clock), l: l, chat: bot.Chatter{Platform: "slack", Tenant: "T1", User: "MEI"}, taken: map[flows.Transition]bool{}}
	w := s.w
	for _, id := range []bot.AccountID{w.Mei, w.MeiLab} {
		directory := w.Corp
		if id.Store == "lab" {
			directory = w.Lab
		}
		directory.Change(id, func(a *bot.Account) { a.Lock = bot.Lock{State: bot.Unlocked} })
	}
	w.Users.Permissions = []bot.Permission{bot.PermitEnroll}
	w.Users.Authentication.Questions, w.Users.Authentication.MinimumAnswer = 2, 3
	w.Policy.Stores[0].QuestionPool = []string{"In which street did you grow up?", "What was the name of your first pet?", "Which book have you read twice?"}
	r := bot.Record{ID: w.IDs.New(), Action: bot.ActionBind, Status: bot.StatusSuccess, Client: bot.ClientCommandLine}
	r.Operation = r.ID
	if err := l.Bind(t.Context(), s.chat, w.Mei, r); err != nil {
		t.Fatal(err)
	}
	s.mem = &memory{now: clock.Now, records: map[string]kept{}, seeds: map[string]kept{}, seen: map[string]bool{}}
	s.n = &bot.Enroller{Desk: w.Desk(), Records: l, Journal: l, Codes: w.Codes, Seeds: s.mem, Vault: bottest.Vault{}, Answers: bottest.Vault{},
		Couriers: map[bot.Type]bot.Courier{bot.Email: w.Mail, bot.Mobile: w.Texts}, Number: number, Public: "https://latchkey.example.com", First: s.mem.First,
		NewSeed: func() []byte { s.seeds++; return fmt.Appendf(nil, "a seed of twenty, %02d", s.seeds) }}
	s.talk = &Conversation{Enroller: s.n}
	limits := w.Policy.Limits
	s.d = &flows.Dispatcher{Conversations: []flows.Conversation{&watched{s.talk, s}}, Authority: w.Desk(), Sessions: s.mem, Gate: s.mem, Signer: bottest.Vault{}, Journal: l,
		Limits: flows.Limits{Life: limits.SessionLife, Idle: limits.SessionIdle, CasesPerHour: 1000},
		Refuse: func(why bot.Reason) flows.Page { return flows.Page{ID: flows.PageID("refused_" + string(why))} }, Now: clock.Now, NewID: w.IDs.New, Log: zap.NewNop()}
	return s
}

// number stands for the reader of numbers, which has tests of its own.
func number(typed string) (string, error) {
	digits := strings.Map(func(r rune) rune {
		if r == ' ' {
			return -1
		}
		return r
	}, typed)
	if !strings.HasPrefix(digits, "+") || strings.Trim(digits[1:], "0123456789") != "" || len(digits) < 8 {
		return "", bot.Ef(bot.Invalid, "read mobile number", "The number has no country. Write it with + and the country's code.")
	}
	return digits, nil
}

// watched notes the arrows that were taken.
type watched struct {
	*Conversation
	s *stage
}

func (c *watched) Step(r flows.Record, h flows.Happening) (flows.Move, error) {
	m, err := c.Conversation.Step(r, h)
	if err == nil {
		c.s.taken[flows.Transition{From: r.State, On: h.Kind, To: m.Record.State}] = true
	}
	return m, err
}

func (s *stage) send(ev flows.Event) {
	ev.Actor, ev.ID, ev.Workspace = s.chat, s.w.IDs.New(), "T1"
	p, err := s.d.Handle(context.Background(), ev)
	if s.err = err; err == nil {
		s.page = p
	}
}

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

func (s *stage) press(k flows.EventKind, t bot.Type) *stage {
	s.t.Helper()
	return s.give(flows.Event{Kind: k, Type: t})
}

func (s *stage) fill(k flows.EventKind, t bot.Type, fields ...string) *stage {
	s.t.Helper()
	m := map[string]string{}
	for i := 0; i+1 < len(fields); i += 2 {
		m[fields[i]] = fields[i+1]
	}
	return s.give(flows.Event{Kind: k, Type: t, Fields: m})
}

func (s *stage) code(t bot.Type, code string) *stage {
	s.t.Helper()
	return s.fill(flows.Verify, t, fieldCode, code)
}

// begin types /unlock enroll.
func (s *stage) begin() *stage {
	s.t.Helper()
	s.page = flows.Page{}
	return s.press(flows.BeginEnroll, "")
}

// see demands that a page stands, and words on it.
func (s *stage) see(id flows.PageID, words ...string) *stage {
	s.t.Helper()
	if s.page.ID != id {
		s.t.Fatalf("page %q stands, want %q: %s", s.page.ID, id, text(s.page))
	}
	for _, w := range words {
		if !strings.Contains(text(s.page), w) {
			s.t.Fatalf("page %q does not say %q: %s", id, w, text(s.page))
		}
	}
	return s
}

// text is all that a page says.
func text(p flows.Page) string {
	data, err := json.Marshal(p)
	if err != nil {
		panic(err)
	}
	var plain strings.Builder
	for _, b := range p.Blocks {
		switch {
		case b.Text != nil:
			plain.WriteString(b.Text.Said.Plain() + "\n")
		case b.Row != nil:
			plain.WriteString(b.Row.Title)
			for _, l := range b.Row.Lines() {
				plain.WriteString(" | " + l.Plain())
			}
			plain.WriteString("\n")
		}
	}
	return plain.String() + string(data)
}

// admin enrolls Mei, as an administrator does.
func (s *stage) admin(t bot.Type) bot.Enrollment {
	s.t.Helper()
	e, err := s.w.Enroll(context.Background(), s.w.Mei, t)
	if err != nil {
		s.t.Fatal(err)
	}
	return e
}

// held gives what Mei's account is enrolled with.
func (s *stage) held() map[bot.Type]bot.Enrollment {
	s.t.Helper()
	all, err := s.l.Enrollments(context.Background(), []bot.AccountID{s.w.Mei})
	if err != nil {
		s.t.Fatal(err)
	}
	out := map[bot.Type]bot.Enrollment{}
	for _, e := range all {
		out[e.Type] = e
	}
	return out
}

// history gives the records, oldest first, as sentences.
func (s *stage) history() []bot.Record {
	s.t.Helper()
	all, err := s.l.History(context.Background(), bot.HistoryQuery{Accounts: []bot.AccountID{s.w.Mei}, Limit: 1000})
	if err != nil {
		s.t.Fatal(err)
	}
	for i, j := 0, len(all)-1; i < j; i, j = i+1, j-1 {
		all[i], all[j] = all[j], all[i]
	}
	return all
}

// stored gives the session record as it is kept.
func (s *stage) stored() flows.Record {
	s.t.Helper()
	id, _, _ := strings.Cut(s.page.Token, ".")
	data, _, err := s.mem.Load(context.Background(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	_, data, _ = bytes.Cut(data, []byte("."))
	var r flows.Record
	if err := json.Unmarshal(data, &r); err != nil {
		s.t.Fatal(err)
	}
	return r
}

// memory keeps sessions and seeds as the comments of the ports say.
type memory struct {
	now     func() time.Time
	mu      sync.Mutex
	records map[string]kept
	seeds   map[string]kept
	seen    map[string]bool
	away    error
}

type kept struct {
	data    []byte
	version int64
	ends    time.Time
}

func (m *memory) Create(ctx context.Context, id string, data []byte, ends time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.records[id] = kept{data, 1, ends}
	return nil
}

func (m *memory) Load(_ context.Context, id string) ([]byte, int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	k, ok := m.records[id]
	if !ok || !m.now().Before(k.ends) {
		return nil, 0, bot.E(bot.NotFound, "load session", nil)
	}
	return k.data, k.version, nil
}

func (m *memory) Save(_ context.Context, id string, version int64, data []byte, ends time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.records[id].version != version {
		return bot.E(bot.Conflict, "save session", nil)
	}
	m.records[id] = kept{data, version + 1, ends}
	return nil
}

func (*memory) Point(context.Context, string, string, time.Time) error { return nil }

func (*memory) Pointed(context.Context, string) (string, error) {
	return "", bot.E(bot.NotFound, "find session", nil)
}

func (m *memory) First(_ context.Context, key string, _ time.Duration) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	first := !m.seen[key]
	m.seen[key] = true
	return first, nil
}

func (*memory) Allow(context.Context, string, int, time.Duration) (bool, time.Duration, error) {
	return true, 0, nil
}

func (m *memory) PutSeed(_ context.Context, id string, sealed []byte, life time.Duration) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.away == nil {
		m.seeds[id] = kept{data: sealed, ends: m.now().Add(life)}
	}
	return m.away
}

func (m *memory) Seed(_ context.Context, id string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	k, ok := m.seeds[id]
	switch {
	case m.away != nil:
		return nil, m.away
	case !ok || !m.now().Before(k.ends):
		return nil, bot.E(bot.NotFound, "read seed", nil)
	}
	return k.data, nil
}

func (m *memory) DropSeed(_ context.Context, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.seeds, id)
	return m.away
}

package slack

import (
	"context"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"latchkey/adapters/playground"
	"latchkey/bot"
	"latchkey/flows"
)

// stage is a Slack workspace, the adapter served over HTTP, and a desk and a
// gate of the test's own.
type stage struct {
	t     *testing.T
	ws    *playground.Workspace
	bot   *Adapter
	desk  *desk
	gate  *gate
	clock *clock
	logs  *observer.ObservedLogs
}

// desk answers events with what a test says and remembers them.
type desk struct {
	mu     sync.Mutex
	events []flows.Event
	answer func(ctx context.Context, ev flows.Event) (flows.Page, error)
	home   func(ctx context.Context, ev flows.Event) (flows.Page, error) // nil: the fixture
	newer  func(token string) (flows.Page, bool)                         // nil: nothing is
	amiss  func(ev flows.Event) map[string]string                        // nil: nothing is
}

func (d *desk) Handle(ctx context.Context, ev flows.Event) (flows.Page, error) {
	d.mu.Lock()
	d.events = append(d.events, ev)
	answer := d.answer
	d.mu.Unlock()
	return answer(ctx, ev)
}

func (d *desk) Home(ctx context.Context, ev flows.Event) (flows.Page, error) {
	d.mu.Lock()
	home := d.home
	d.mu.Unlock()
	if home == nil {
		return pageNamed("home"), nil
	}
	return home(ctx, ev)
}

func (d *desk) Amiss(_ context.Context, ev flows.Event) map[string]string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.amiss == nil {
		return nil
	}
	return d.amiss(ev)
}

func (d *desk) Newer(_ context.Context, _ bot.Chatter, _, token string) (flows.Page, bool) {
	d.mu.Lock()
	newer := d.newer
	d.mu.Unlock()
	if newer == nil {
		return flows.Page{}, false
	}
	return newer(token)
}

func (d *desk) Help() flows.Page { return pageNamed("help") }

func (d *desk) Waiting(flows.EventKind) flows.Page { return pageNamed("waiting_find") }

func (d *desk) seen() []flows.Event {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.events)
}

func (d *desk) answers(f func(ctx context.Context, ev flows.Event) (flows.Page, error)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.answer = f
}

// walk is a short conversation: the fixture's pages in their order.
func walk(_ context.Context, ev flows.Event) (flows.Page, error) {
	const overview = "authenticate_unrestricted"
	next := map[flows.EventKind]string{
		flows.Begin: overview, flows.BeginHistory: "history_command", flows.BeginLocked: "locked", flows.BeginAuthor: "person_author",
		flows.Confirm: overview, flows.Search: "pick", flows.Pick: overview,
		flows.ChooseType: "code_wrong", flows.SendCode: "code_email", flows.Overview: overview, flows.Verify: "unlock_linked",
		flows.Next: "unlock_linked", flows.Skip: "unlock_linked", flows.Unlock: "done_applied", flows.OpenHistory: "history_full",
		flows.Back: overview, flows.Resume: overview, flows.Look: overview, flows.Cancel: "cancelled_case",
	}
	if ev.Kind == flows.Begin && ev.Text == "" {
		return pageNamed("query"), nil
	}
	if name, ok := next[ev.Kind]; ok {
		return pageNamed(name), nil
	}
	return flows.Page{}, nil
}

// gate counts in memory; away is what it answers instead, if set.
type gate struct {
	mu    sync.Mutex
	away  error
	seen  map[string]bool
	stuck bool  // answers when the caller has given up
	held  *held // keeps the next request back
}

// held is a request that waits at the gate.
type held struct {
	came, free chan struct{}
}

func (h *held) release() { close(h.free) }

// hold keeps the next request at the gate until it is released.
func (g *gate) hold() *held {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.held = &held{came: make(chan struct{}), free: make(chan struct{})}
	return g.held
}

func (g *gate) hang() { g.mu.Lock(); defer g.mu.Unlock(); g.stuck = true }

func (g *gate) First(ctx context.Context, key string, _ time.Duration) (bool, error) {
	g.mu.Lock()
	h, stuck := g.held, g.stuck
	g.held = nil
	g.mu.Unlock()
	if stuck {
		<-ctx.Done()
		return false, ctx.Err()
	}
	if h != nil {
		close(h.came)
		<-h.free
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.away != nil {
		return false, g.away
	}
	first := !g.seen[key]
	g.seen[key] = true
	return first, nil
}

func (g *gate) Allow(context.Context, string, int, time.Duration) (bool, time.Duration, error) {
	return true, 0, nil
}

func (g *gate) goAway(err error) { g.mu.Lock(); defer g.mu.Unlock(); g.away = err }

func (g *gate) count() int { g.mu.Lock(); defer g.mu.Unlock(); return len(g.seen) }

// clock is a clock that tests move.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.now }

func (c *clock) pass(d time.Duration) { c.mu.Lock(); defer c.mu.Unlock(); c.now = c.now.Add(d) }

const otherSecret = "a second signing secret"

// begin sets the stage and serves; change, if given, sees the options first.
func begin(t *testing.T, change func(*playground.Options, *Config)) *stage {
	t.Helper()
	s := set(t, change)
	s.serve()
	return s
}

// set sets the stage; nothing of the bot runs yet.
func set(t *testing.T, change func(*playground.Options, *Config)) *stage {
	t.Helper()
	c := &clock{now: time.Now()}
	opts := playground.Options{
		Users: []playground.User{
			{ID: "U_DANA", Name: "dana", RealName: "Dana Reyes", Email: "dana@example.com", TZ: "Europe/Berlin"},
			{ID: "U_FINN", Name: "finn", RealName: "Finn Berg", Email: "finn@example.com"},
			{ID: "U_MEI", Name: "mei", RealName: "Mei Lin", Email: "mei@example.com"},
			{ID: "U_GUEST", Name: "guest", RealName: "A Guest", Email: "guest@example.com", IsRestricted: true},
			{ID: "U_SINGLE", Name: "single", RealName: "A Guest", Email: "single@example.com", IsUltraRestricted: true},
			{ID: "U_STRANGER", Name: "stranger", RealName: "Elsewhere", Email: "s@example.net", IsStranger: true},
			{ID: "U_OTHER", Name: "other", RealName: "Other", Email: "o@example.net", TeamID: "T_OTHER"},
			{ID: "U_ROBOT", Name: "robot", RealName: "Robot", Email: "r@example.com", IsBot: true},
			{ID: "U_GONE", Name: "gone", RealName: "Gone", Email: "gone@example.com", Deleted: true},
			{ID: "U_NEW", Name: "new", RealName: "New", Email: "new@example.com", Unconfirmed: true},
		},
		Channels: []playground.Channel{{ID: "C_AUDIT", Name: "audit"}, {ID: "C_OUT", Name: "out", WithoutBot: true}},
		Now:      c.Now, SocketMode: overSocket(t),
		DumpDir: os.Getenv(dumpVariable),
	}
	cfg := Config{Workspace: "T0PLAY", AuditChannel: "C_AUDIT", Workers: 4, Queue: 16}
	if change != nil {
		change(&opts, &cfg)
	}
	ws, err := playground.New(opts)
	if err != nil {
		t.Fatal(err)
	}
	if err := ws.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ws.Close() })
	if cfg.SigningSecrets == nil {
		cfg.SigningSecrets = []string{ws.SigningSecret(), otherSecret}
	}
	if cfg.BotToken, cfg.APIURL = ws.Token(), ws.APIURL(); opts.SocketMode {
		cfg.AppToken = ws.AppToken()
	}
	cfg.ResponseHosts = []string{strings.TrimPrefix(ws.URL(), "http://")}

	s := &stage{t: t, ws: ws, desk: &desk{answer: walk}, gate: &gate{seen: map[string]bool{}}, clock: c}
	core, logs := observer.New(zapcore.DebugLevel)
	s.logs = logs
	if s.bot, err = New(cfg, s.desk, s.gate, zap.New(core), c.Now); err != nil {
		t.Fatal(err)
	}
	return s
}

// serve runs the adapter until the test ends.
func (s *stage) serve() {
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.bot.Run(ctx) }()
	server := httptest.NewServer(s.bot.Handler())
	s.ws.SetBotURL(server.URL) // not used in Socket Mode
	s.t.Cleanup(func() {
		server.Close()
		stop()
		if err := <-ended; err != nil {
			s.t.Errorf("running the adapter: %v", err)
		}
	})
}

// good ends a story in which nothing may have gone wrong.
func (s *stage) good() {
	s.t.Helper()
	for _, p := range s.ws.Problems() {
		s.t.Errorf("Slack would refuse: %s", p)
	}
}

// kinds lists the events that reached the desk.
func (s *stage) kinds() []flows.EventKind {
	var kinds []flows.EventKind
	for _, ev := range s.desk.seen() {
		kinds = append(kinds, ev.Kind)
	}
	return kinds
}

// until waits for something that another goroutine brings about.
func (s *stage) until(what string, done func() bool) {
	s.t.Helper()
	s.within(5*time.Second, what, done)
}

// within waits as until does, with another patience.
func (s *stage) within(patience time.Duration, what string, done func() bool) {
	s.t.Helper()
	ends := time.NewTimer(patience)
	defer ends.Stop()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-ends.C:
			s.t.Fatalf("not within %s: %s", patience, what)
		case <-tick.C:
		}
	}
}

// must ends the test at an error.
func (s *stage) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func dana() bot.Chatter { return bot.Chatter{Platform: "slack", Tenant: "T0PLAY", User: "U_DANA"} }

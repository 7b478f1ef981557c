package unlock

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"latchkey/bot"
	"latchkey/bot/bottest"
	"latchkey/flows"
)

// TestNobodyTalksHisWayThrough: no sequence of events, honest and hostile,
// reaches page Unlock without what the policy asks for, and nothing reaches the
// directory without a grant on record and a committed intent.
func TestNobodyTalksHisWayThrough(t *testing.T) {
	clock := bottest.NewClock()
	l := openLedger(t, clock.Now)
	reached := make(map[string]int)
	missing := func() (all []string) {
		for _, what := range []string{"page unlock", "page unlock after proof", "write", "passed", "passed mobile", "forged token"} {
			if reached[what] == 0 {
				all = append(all, what)
			}
		}
		return all
	}
	for round := 0; round == 0 || round < 5 && len(missing()) > 0; round++ { // chance may leave something rare out
		rapid.Check(t, func(t *rapid.T) {
			clock.Move(25 * time.Hour)
			m := newMachine(t, bottest.NewWorld(l, clock))
			m.reached = reached
			for range rapid.IntRange(5, 40).Draw(t, "events") {
				m.act()
			}
		})
	}
	for _, what := range missing() {
		t.Errorf("no sequence of events led to: %s. The property said little", what)
	}
}

// machine drives a stage at random and knows, by its own account, what was
// truly passed.
type machine struct {
	*stage
	r       *rapid.T
	known   []bot.Enrollment
	tokens  []string
	sent    map[string]map[bot.Type]sent // by session
	used    map[string]bool              // codes that were right once
	passed  map[string]map[bot.Type]time.Time
	reached map[string]int
}

type sent struct {
	code string
	at   time.Time
}

func newMachine(t *rapid.T, w *bottest.World) *machine {
	s := stageOn(t, w, make(map[flows.Transition]bool))
	m := &machine{stage: s, r: t, sent: make(map[string]map[bot.Type]sent), used: make(map[string]bool), passed: make(map[string]map[bot.Type]time.Time)}
	h := &w.Agents.Helpdesk
	h.Mode = rapid.SampledFrom([]bot.Mode{bot.RestrictedMode, bot.RestrictedMode, bot.UnrestrictedMode, ""}).Draw(t, "mode")
	h.AtLeast = rapid.IntRange(0, 3).Draw(t, "at least")
	h.Assurance = bot.Strength(rapid.IntRange(0, 4).Draw(t, "assurance"))
	if h.AsUser = rapid.Bool().Draw(t, "as user"); h.AsUser {
		h.AtLeast = 0
		w.Users.Authentication.Enforced = rapid.SampledFrom([][]bot.Type{nil, {bot.Email}, {bot.Authenticator}, {bot.Mobile}, {bot.Email, bot.Authenticator}, {bot.Mobile, bot.Authenticator}}).Draw(t, "enforced")
		w.Users.Authentication.Chosen = rapid.IntRange(0, 2).Draw(t, "chosen")
	}
	if rapid.Bool().Draw(t, "trust") {
		w.Policy.Stores[0].TrustEnrollmentOf = []string{"lab"}
	}
	w.Policy.Limits.EvidenceLife = rapid.SampledFrom([]time.Duration{3, 15}).Draw(t, "evidence life") * time.Minute
	w.Policy.Limits.UnlocksPerDay = 2
	m.enrollSome()
	m.seen.offered = m.onOffered
	for _, d := range []*bottest.Directory{w.Corp, w.Lab} {
		d.Fail(bottest.Faults{Unlock: m.onWrite})
	}
	return m
}

func (m *machine) enrollSome() {
	for _, t := range []bot.Type{bot.Email, bot.Mobile, bot.Authenticator} {
		on := rapid.SampledFrom([]bot.AccountID{m.w.Mei, m.w.Mei, m.w.MeiLab, {}}).Draw(m.r, "enrolled on")
		if on.IsZero() {
			continue
		}
		e, err := m.w.Enroll(context.Background(), on, t)
		if err != nil {
			m.t.Fatalf("enrolling: %v", err)
		}
		m.known = append(m.known, e)
	}
}

// act does one thing, mostly an event, sometimes a change of the world.
func (m *machine) act() {
	switch rapid.IntRange(0, 11).Draw(m.r, "act") {
	case 0:
		m.w.Clock.Move(time.Duration(rapid.IntRange(1, 200).Draw(m.r, "seconds")) * time.Second)
	case 1:
		m.world()
	case 2:
		text := rapid.SampledFrom([]string{"mei@corp", "mei@corp", "mei", "i", "", "omar", "in:corp mei", strings.Repeat("x", 300)}).Draw(m.r, "who")
		m.event(flows.Event{Kind: rapid.SampledFrom([]flows.EventKind{flows.Begin, flows.Begin, flows.BeginHistory, flows.BeginLocked, flows.BeginAuthor}).Draw(m.r, "command"), Text: text})
	case 3, 4, 5, 6:
		m.honest()
	case 7, 8:
		m.prove()
	default:
		m.hostile()
	}
}

// world changes what the directory or Redis holds.
func (m *machine) world() {
	id, d := m.w.Mei, m.w.Corp
	if rapid.Bool().Draw(m.r, "in lab") {
		id, d = m.w.MeiLab, m.w.Lab
	}
	switch rapid.IntRange(0, 4).Draw(m.r, "change") {
	case 0:
		d.Change(id, func(a *bot.Account) { a.Lock = bot.Lock{State: bot.Locked, Value: m.w.IDs.New()} })
	case 1:
		d.Change(id, func(a *bot.Account) { a.Lock = bot.Lock{State: bot.Unlocked} })
	case 2:
		m.w.Codes.Lose()
		m.sent = make(map[string]map[bot.Type]sent)
	case 3:
		d.Change(id, func(a *bot.Account) { a.Disabled = !a.Disabled })
	case 4:
		m.w.Agents.Helpdesk.Mode = bot.RestrictedMode // the configuration was changed, and its version with it
		m.w.Policy.Version = m.w.IDs.New()
	}
}

// honest presses one of the buttons that stand, and types what the user says.
func (m *machine) honest() {
	var offers []flows.Event
	add := func(b *flows.Button) {
		if b != nil {
			offers = append(offers, flows.Event{Kind: b.Kind, Type: b.Type, Row: b.Row})
		}
	}
	add(m.page.Submit)
	add(m.page.Submit) // the return key is pressed most
	for _, b := range m.page.Blocks {
		for i := range b.Buttons {
			add(&b.Buttons[i])
		}
		if b.Row != nil {
			add(b.Row.Button)
		}
	}
	if len(offers) == 0 {
		return
	}
	ev := rapid.SampledFrom(offers).Draw(m.r, "button")
	if ev.Kind == flows.Cancel && rapid.IntRange(0, 5).Draw(m.r, "really") > 0 {
		return
	}
	ev.Fields = map[string]string{fieldWho: "mei@corp", fieldCode: m.say(ev.Type), fieldReason: "by phone"}
	ev.Rows = rapid.SampledFrom([][]int{{0}, {0, 1}, {1}, nil}).Draw(m.r, "ticked")
	if len(ev.Rows) == 2 {
		if _, b := m.recordOf(m.page.Token); len(b.Offers) < 2 {
			ev.Rows = []int{0}
		}
	}
	ev.Token = m.page.Token
	m.event(ev)
}

// prove goes through one type as an agent with an honest caller does, and on.
func (m *machine) prove() {
	if len(m.known) == 0 {
		return
	}
	e := rapid.SampledFrom(m.known).Draw(m.r, "proves")
	open := flows.Event{Kind: flows.ChooseType, Type: e.Type, Token: m.page.Token}
	if e.Type.Sent() {
		open.Kind = flows.SendCode
	}
	m.event(open)
	m.event(flows.Event{Kind: flows.Verify, Type: e.Type, Token: m.page.Token, Fields: map[string]string{fieldCode: m.w.Right(e)}})
	m.event(flows.Event{Kind: flows.Next, Token: m.page.Token})
}

// say is what the user reads out: mostly right.
func (m *machine) say(t bot.Type) string {
	for _, e := range m.known {
		if e.Type != t {
			continue
		}
		switch rapid.IntRange(0, 5).Draw(m.r, "says") {
		case 0:
			return m.w.Wrong(e)
		case 1:
			return rapid.SampledFrom([]string{"", "12345", "1234567", "a23456", "000000"}).Draw(m.r, "nonsense")
		}
		return m.w.Right(e)
	}
	return "000000"
}

// hostile sends anything at all, with any token that ever was.
func (m *machine) hostile() {
	ev := flows.Event{
		Kind: rapid.SampledFrom(kinds()).Draw(m.r, "kind"),
		Type: rapid.SampledFrom(append(bot.Types(), "", "yubikey")).Draw(m.r, "type"),
		Row:  rapid.IntRange(-1, 3).Draw(m.r, "row"),
		Rows: rapid.SliceOfN(rapid.IntRange(-1, 3), 0, 3).Draw(m.r, "rows"),
	}
	ev.Fields = map[string]string{fieldWho: "mei", fieldCode: m.say(ev.Type)}
	ev.Token = m.page.Token
	if len(m.tokens) > 0 && rapid.Bool().Draw(m.r, "another token") {
		ev.Token = rapid.SampledFrom(m.tokens).Draw(m.r, "token")
	}
	if len(ev.Token) > 0 && rapid.IntRange(0, 4).Draw(m.r, "forge") == 0 {
		forged := []byte(ev.Token)
		at := rapid.IntRange(0, len(forged)-1).Draw(m.r, "at")
		forged[at] ^= byte(1 << rapid.IntRange(0, 6).Draw(m.r, "bit"))
		ev.Token = string(forged)
		m.demandDenied(ev)
		return
	}
	if rapid.IntRange(0, 5).Draw(m.r, "as Finn") == 0 && ev.Token != "" && !m.seen.Starts(ev.Kind) {
		ev.Actor = m.w.FinnChat
		m.demandDenied(ev)
		return
	}
	m.event(ev)
}

func (m *machine) demandDenied(ev flows.Event) {
	if ev.Actor == (bot.Chatter{}) {
		ev.Actor = m.w.DanaChat
	}
	if m.seen.Starts(ev.Kind) {
		return // needs no token
	}
	m.reached["forged token"]++
	before := m.all()
	if _, err := m.d.Handle(context.Background(), ev); bot.KindOf(err) != bot.Denied {
		m.t.Fatalf("%s with a token that is not his: %v", ev.Kind, err)
	}
	if after := m.all(); before != after {
		m.t.Fatalf("a refused event changed a session")
	}
}

// event sends one of Dana's, and holds what came of it against what is known.
func (m *machine) event(ev flows.Event) {
	m.send(ev)
	switch k := bot.KindOf(m.err); k {
	case "", bot.Denied, bot.Expired, bot.Invalid:
	default:
		m.t.Fatalf("%s ended in %q: %v", ev.Kind, k, m.err)
	}
	if m.err != nil {
		return
	}
	m.tokens = append(m.tokens, m.page.Token)
	if f := faults(m.page); len(f) > 0 {
		m.t.Fatalf("page %q: %v", m.page.ID, f)
	}
	session := idOf(m.page.Token)
	for _, b := range m.page.Blocks {
		if b.Text != nil && b.Text.ID == "authenticate.passed" && !m.page.Repeat && ev.Kind == flows.Verify {
			m.pass(session, ev.Type, ev.Fields[fieldCode])
		}
	}
	if m.page.ID == "code" && !m.page.Repeat && (ev.Kind == flows.SendCode || ev.Kind == flows.ChooseType) && ev.Type.Sent() {
		if m.sent[session] == nil {
			m.sent[session] = make(map[bot.Type]sent)
		}
		m.sent[session][ev.Type] = sent{m.w.Right(bot.Enrollment{Type: ev.Type}), m.w.Clock.Now()}
	}
	secrets := []string{"private.address", bottest.PrivateNumber[3:]}
	for _, s := range m.sent[session] {
		secrets = append(secrets, s.code)
	}
	for words := said(m.page); len(secrets) > 0; secrets = secrets[1:] {
		if strings.Contains(words, secrets[0]) {
			m.t.Fatalf("a secret stands on the page: %s", words)
		}
	}
}

// pass: the conversation says that a type was passed; was it?
func (m *machine) pass(session string, t bot.Type, code string) {
	m.reached["passed"]++
	m.reached["passed "+string(t)]++
	now := m.w.Clock.Now()
	switch t {
	case bot.Email, bot.Mobile:
		sent, ok := m.sent[session][t]
		if !ok || code != sent.code || now.Sub(sent.at) >= 5*time.Minute {
			m.t.Fatalf("%s passed with %q; %q was sent %v ago", t, code, sent.code, now.Sub(sent.at))
		}
		delete(m.sent[session], t)
	case bot.Authenticator:
		right := false
		for _, e := range m.known {
			for _, off := range []time.Duration{-30, 0, 30} {
				right = right || e.Type == t && m.w.RightAt(e, now.Add(off*time.Second)) == code
			}
		}
		if !right || m.used[code] {
			m.t.Fatalf("authenticator passed with %q; right %v, used before %v", code, right, m.used[code])
		}
		m.used[code] = true
	default:
		m.t.Fatalf("type %q was passed", t)
	}
	if m.passed[session] == nil {
		m.passed[session] = make(map[bot.Type]time.Time)
	}
	m.passed[session][t] = now
}

// proved reports whether what was truly passed in the session is enough now.
func (m *machine) proved(session string) bool {
	have := make(map[bot.Type]bool)
	for t, at := range m.passed[session] {
		if m.w.Clock.Now().Sub(at) < m.w.Policy.Limits.EvidenceLife {
			have[t] = true
		}
	}
	h := m.w.Agents.Helpdesk
	if h.Mode != bot.UnrestrictedMode {
		if bottest.Proved(h, m.w.Users.Authentication, have) {
			m.reached["page unlock after proof"]++
			return true
		}
		return false
	}
	return true
}

func (m *machine) onOffered(r flows.Record) {
	m.reached["page unlock"]++
	if !m.proved(r.ID) {
		m.t.Fatalf("page Unlock opens in mode %q with %v passed; policy %+v", m.w.Agents.Helpdesk.Mode, m.passed[r.ID], m.w.Agents.Helpdesk)
	}
}

// onWrite stands where the directory is written.
func (m *machine) onWrite(g bot.Grant, apply func() error) error {
	ctx := context.Background()
	m.reached["write"]++
	row, err := m.w.Ledger.Offered(ctx, g.ID())
	if err != nil || row.Account != g.Account() || !m.w.Clock.Now().Before(row.Expires) {
		m.t.Fatalf("a write for %v with grant %+v: %v", g.Account(), row, err)
	}
	open, err := m.w.Ledger.OpenIntents(ctx, m.w.Clock.Now().Add(time.Hour))
	committed := slices.ContainsFunc(open, func(i bot.Intent) bool { return i.Offer.ID == g.ID() && i.Offer.Account == g.Account() })
	if err != nil || !committed {
		m.t.Fatalf("a write for %v without a committed intent: %v", g.Account(), err)
	}
	if !m.proved(row.Session) {
		m.t.Fatalf("a write for %v without what policy asks for", g.Account())
	}
	f, err := m.w.Desk().Facts(ctx, bot.Case{Session: row.Session, Agent: row.Agent, Target: row.Target, Proceed: true})
	if err != nil {
		m.t.Fatalf("reading facts: %v", err)
	}
	for i := range f.Accounts {
		if a := &f.Accounts[i]; a.ID == g.Account() {
			a.UnderWay, a.UnlocksToday = false, a.UnlocksToday-1 // this very one
		}
	}
	if !bottest.MayUnlock(f)[g.Account()] {
		m.t.Fatalf("a write for %v, which policy does not let be unlocked", g.Account())
	}
	if rapid.IntRange(0, 4).Draw(m.r, "the write") == 0 {
		return bot.E(bot.Denied, "modify", nil)
	}
	return apply()
}

// recordOf reads the session of a token, if it is still there.
func (m *machine) recordOf(token string) (flows.Record, body) {
	var r flows.Record
	var b body
	if data, _, err := m.mem.Load(context.Background(), idOf(token)); err == nil {
		_, data, _ = bytes.Cut(data, []byte("."))
		_ = json.Unmarshal(data, &r)
		_ = json.Unmarshal(r.Body, &b)
	}
	return r, b
}

// all is every session as it stands.
func (m *machine) all() string {
	m.mem.mu.Lock()
	defer m.mem.mu.Unlock()
	var out []string
	for id, k := range m.mem.records {
		out = append(out, id+k.data)
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

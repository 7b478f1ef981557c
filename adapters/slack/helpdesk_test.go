package slack

import (
	"crypto/rand"
	"encoding/json"
	"net/url"
	"path/filepath"
	"testing"

	"go.uber.org/zap"

	"latchkey/adapters/playground"
	"latchkey/bot"
	"latchkey/bot/bottest"
	"latchkey/flows"
	"latchkey/flows/unlock"
	"latchkey/servers"
	"latchkey/store/ledger"
	"latchkey/store/session"
)

// helpdesk is a stage with the real conversation, on a real Redis and a real
// ledger. Dana and Finn are agents of it; nobody is enrolled with anything.
type helpdesk struct {
	*stage
	w      *bottest.World
	ledger *ledger.Ledger
}

func openHelpdesk(t *testing.T, mode bot.Mode) *helpdesk {
	t.Helper()
	s := begin(t, nil)
	clock := bottest.NewClock()
	s.clock.pass(clock.Now().Sub(s.clock.Now()))
	l, err := ledger.Open(t.Context(), ledger.Config{URL: "sqlite://" + filepath.Join(t.TempDir(), "latchkey.db"), Now: clock.Now, NewID: rand.Text})
	s.must(err)
	t.Cleanup(func() { _ = l.Close() })
	r := servers.StartRedis(t, servers.RedisSpec{})
	sessions, err := session.New(session.Config{Addresses: []string{r.Addr}, Username: r.Username, Password: r.UserPassword,
		Prefix: r.Prefix + rand.Text() + ":", Now: clock.Now})
	s.must(err)
	t.Cleanup(func() { _ = sessions.Close() })

	w := bottest.NewWorld(l, clock)
	w.Agents.Helpdesk.Mode = mode
	for user, id := range map[string]bot.AccountID{"U_DANA": w.Dana, "U_FINN": w.Finn} {
		record := w.IDs.New()
		s.must(l.Bind(t.Context(), bot.Chatter{Platform: "slack", Tenant: "T0PLAY", User: user}, id,
			bot.Record{ID: record, Operation: record, Action: bot.ActionBind, Status: bot.StatusSuccess, Client: bot.ClientCommandLine}))
	}
	limits := w.Policy.Limits
	d := &flows.Dispatcher{
		Conversations: []flows.Conversation{&unlock.Conversation{Desk: w.Desk(), Verifier: w.Verifier(), Unlocker: w.Unlocker(), Reminder: w.Reminder(), Keeper: w.Keeper(),
			Journal: l, PageSize: 5}},
		Authority: w.Desk(), Sessions: sessions, Gate: sessions, Signer: bottest.Vault{}, Journal: l,
		Messengers: map[string]flows.Messenger{"slack": s.bot},
		Limits:     flows.Limits{Life: limits.SessionLife, Idle: limits.SessionIdle, CasesPerHour: 100},
		Refuse:     unlock.PageRefused, HomePage: unlock.Home, Now: clock.Now, NewID: w.IDs.New, Log: zap.NewNop(),
	}
	s.desk.answers(d.Handle)
	s.desk.home = d.Home
	return &helpdesk{stage: s, w: w, ledger: l}
}

// open types the command for a person and gives the dialog once it says text.
func (h *helpdesk) open(user, command, text string) *playground.View {
	h.t.Helper()
	h.must(h.ws.As(user).Say(command))
	m, err := h.ws.As(user).Modal(text)
	h.must(err)
	return m
}

// idle waits until all work is done, and demands that no account was unlocked.
func (h *helpdesk) idle() {
	h.t.Helper()
	h.until("all work is done", func() bool { return h.bot.work.Taken() == 0 && h.bot.spare.Taken() == 0 })
	if n := len(h.w.Corp.Writes()) + len(h.w.Lab.Writes()); n != 0 {
		h.t.Fatalf("%d accounts were unlocked", n)
	}
}

// bent changes an interaction and signs it anew: what a person could do who
// holds sway over her own client, and more.
func (s *stage) bent(r playground.Request, change func(payload map[string]any)) playground.Request {
	s.t.Helper()
	form, err := url.ParseQuery(string(r.Body))
	s.must(err)
	var p map[string]any
	s.must(json.Unmarshal([]byte(form.Get("payload")), &p))
	change(p)
	data, err := json.Marshal(p)
	s.must(err)
	out := r.Clone()
	out.Body = []byte(url.Values{"payload": {string(data)}}.Encode())
	s.ws.Sign(&out)
	return out
}

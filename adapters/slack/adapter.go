package slack

import (
	"context"
	"net/http"
	"sync"
	"time"

	"go.uber.org/zap"

	"latchkey/adapters/chat"
	"latchkey/flows"
)

// How long things may take.
const (
	gateLife    = 1500 * time.Millisecond // of the 3 s in which Slack wants an answer
	replayLife  = 10 * time.Minute        // signatures are good for 5 min either way
	eventLife   = time.Hour               // Slack sends an event again after 1 and 5 min
	showWaiting = 800 * time.Millisecond  // a click without an answer by then is told so
	showLate    = 9 * time.Second         // whoever waits is told within 10 s that it takes longer
	tellLife    = 4 * time.Second         // for saying that a job failed, after its own deadline
)

// Adapter is one Slack app in one workspace (or one Enterprise Grid).
// All methods may be used from several goroutines.
type Adapter struct {
	cfg    Config
	desk   chat.Desk
	gate   flows.Gate
	log    *zap.Logger
	words  chat.Explainer
	now    func() time.Time
	sign   verifier
	api    *client
	people *chat.People[string, member]
	hooks  *hooks
	rooms  *rooms
	newest *newest
	homes  *homes
	socket *socket // nil: Slack calls Handler
	inbox  *inbox
	work   *chat.Pool // events
	spare  *chat.Pool // apologies: there is room for them when work is full

	showWaiting, showLate time.Duration
}

var _ flows.Messenger = (*Adapter)(nil)

// New makes an adapter, or says everything that is wrong with cfg at once
// (Invalid). It calls nobody yet: Check does.
func New(cfg Config, desk chat.Desk, gate flows.Gate, log *zap.Logger, clock func() time.Time) (*Adapter, error) {
	cfg = cfg.withDefaults()
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	a := &Adapter{
		cfg: cfg, desk: desk, gate: gate, log: log, now: clock, words: chat.Explainer{Log: log, Now: clock},
		sign:        newVerifier(cfg.SigningSecrets),
		api:         newClient(cfg, clock),
		hooks:       newHooks(cfg.ResponseHosts),
		rooms:       newRooms(),
		newest:      newNewest(clock),
		homes:       newHomes(clock),
		showWaiting: showWaiting, showLate: showLate,
	}
	a.work = chat.NewPool(cfg.Workers, cfg.Queue, a.jobCrashed)
	a.spare = chat.NewPool(2, 32, a.jobCrashed)
	a.people = chat.NewPeople(a.api.user, textSlackOut, clock)
	if cfg.AppToken != "" {
		a.socket, a.inbox = newSocket(cfg, a.api.http, log, clock), newInbox(clock)
		a.socket.take, a.work.Patience = a.take, patience
	}
	return a, nil
}

// Run works off what Handler has accepted until ctx ends, then takes nothing
// new, finishes what was accepted and returns: 12 s a job at most. In Socket
// Mode it keeps the connections by which everything comes.
func (a *Adapter) Run(ctx context.Context) error {
	working, rest := context.WithCancel(context.WithoutCancel(ctx))
	defer rest()
	var both sync.WaitGroup
	for _, p := range []*chat.Pool{a.work, a.spare} {
		both.Go(func() { p.Run(working) })
	}
	if a.socket != nil {
		a.socket.run(ctx) // before the workers end: what came is finished
	}
	<-ctx.Done()
	rest()
	both.Wait()
	a.api.http.CloseIdleConnections()
	a.hooks.http.CloseIdleConnections()
	return nil
}

// Handler serves POST /slack/commands, /slack/interactions, /slack/events and
// /slack/options. It answers 401 to what Slack has not signed within 5 min or
// has sent before, 400 to what cannot be read, 405, 413 (above 1 MiB) and 415.
// In Socket Mode there is nothing to call: it answers 404.
func (a *Adapter) Handler() http.Handler {
	if a.socket != nil {
		return http.NotFoundHandler()
	}
	const form, json = "application/x-www-form-urlencoded", "application/json"
	mux := http.NewServeMux()
	mux.Handle("/slack/commands", a.door(form, a.command))
	mux.Handle("/slack/interactions", a.door(form, a.interaction))
	mux.Handle("/slack/events", a.door(json, a.event))
	mux.Handle("/slack/options", a.door(form, a.options))
	return mux
}

// Ready is nil while Slack can reach the bot: always by HTTP, in Socket Mode
// while a connection stands. Unavailable says what is wrong and how to mend it.
func (a *Adapter) Ready() error {
	if a.socket == nil {
		return nil
	}
	return a.socket.ready()
}

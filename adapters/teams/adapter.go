package teams

import (
	"context"
	"net/http"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"go.uber.org/zap"

	"latchkey/adapters/chat"
	"latchkey/adapters/teams/connector"
	"latchkey/adapters/teams/identity"
	"latchkey/bot"
	"latchkey/flows"
)

const platform = "teams"

// How long things may take.
const (
	gateLife   = 1500 * time.Millisecond
	replayLife = time.Hour       // a token is good for that long, and so is what was sent with it
	dialogLife = 8 * time.Second // of the 15 s after which Teams sends an invoke again
	tellLife   = 4 * time.Second
)

// Adapter is one Teams app in one tenant. All methods may be used from several
// goroutines.
type Adapter struct {
	cfg      Config
	desk     chat.Desk
	gate     flows.Gate
	refs     bot.References
	log      *zap.Logger
	words    chat.Explainer
	now      func() time.Time
	callers  *identity.Validator
	api      *connector.Client
	people   *chat.People[seat, connector.Member]
	met      *acquaintances
	news     *latest // told that a page has changed
	homes    *latest
	underway *underway
	service  atomic.Pointer[string] // the newest serviceUrl that an activity came from
	work     *chat.Pool             // events
	spare    *chat.Pool             // apologies: there is room for them when work is full

	dialogLife time.Duration
}

var _ flows.Messenger = (*Adapter)(nil)

// New makes an adapter, or says everything that is wrong with cfg at once
// (Invalid). It calls nobody yet: Check does.
func New(cfg Config, desk chat.Desk, gate flows.Gate, refs bot.References, log *zap.Logger, clock func() time.Time) (*Adapter, error) {
	cfg = cfg.withDefaults()
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	callers, err := identity.New(identity.Config{AppID: cfg.AppID, Tenant: cfg.Tenant, Cloud: cfg.Cloud, Client: cfg.Keys, Now: clock})
	if err != nil {
		return nil, bot.Ef(bot.Invalid, "configure teams", "teams: %v", err)
	}
	api, err := connector.New(cfg.Credential)
	if err != nil {
		return nil, err
	}
	a := &Adapter{cfg: cfg, desk: desk, gate: gate, refs: refs, log: log, now: clock, words: chat.Explainer{Log: log, Now: clock},
		callers: callers, api: api, met: newAcquaintances(clock), news: newLatest(clock), homes: newLatest(clock), underway: newUnderway(), dialogLife: dialogLife}
	a.people = chat.NewPeople(a.member, textTeamsOut, clock)
	a.work = chat.NewPool(cfg.Workers, cfg.Queue, a.crashed)
	a.spare = chat.NewPool(2, 32, a.crashed)
	return a, nil
}

// Run works off what Handler has accepted until ctx ends, then takes nothing
// new, finishes what was accepted and returns: 12 s a job at most.
func (a *Adapter) Run(ctx context.Context) error {
	var both sync.WaitGroup
	for _, p := range []*chat.Pool{a.work, a.spare} {
		both.Go(func() { p.Run(ctx) })
	}
	both.Wait()
	return nil
}

// Handler serves POST /api/messages. What does not come from Microsoft's
// service for this bot and this tenant is answered 401 or 403, what is no
// activity 403, above 256 KiB 413; each with an empty body.
func (a *Adapter) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/messages", a.serve)
	return mux
}

func (a *Adapter) crashed(p any) {
	a.log.Error("teams job crashed", zap.Any("panic", p), zap.ByteString("stack", debug.Stack()))
}

package flows

import (
	"cmp"
	"context"
	"time"

	"go.uber.org/zap"

	"latchkey/bot"
)

// Authority resolves who acts. It is asked for every event, so that an agent
// who was disabled a second ago does nothing more.
type Authority interface {
	Identify(ctx context.Context, chat bot.Chatter, mail, upn, workspace string) (bot.AccountID, bot.Reason, error)
	Agent(ctx context.Context, id bot.AccountID) (bot.AgentFacts, error)
}

// Limits are what the dispatcher itself keeps to.
type Limits struct {
	Life         time.Duration // of a session, from its start
	Idle         time.Duration // of a session without an event
	CasesPerHour int           // that one agent may begin
}

// Dispatcher alone loads, checks, runs, saves and records. It is safe for many
// goroutines, and replicas share nothing but the stores.
type Dispatcher struct {
	Conversations []Conversation // each event kind begins at most one of them
	Authority     Authority
	Sessions      Sessions
	Gate          Gate
	Signer        Signer
	Journal       bot.Journal
	Messengers    map[string]Messenger // by platform
	Limits        Limits
	Refuse        func(bot.Reason) Page // what a person sees who may not act at all
	HomePage      func(Home) Page
	HomeMore      []HomeMore // what other conversations show below it
	Cards         CardBook   // nil: a card that is never answered keeps its buttons
	Now           func() time.Time
	NewID         func() string
	Log           *zap.Logger
}

// maxHops bounds how many effects one event may set off.
const maxHops = 8

// Handle takes one event to the page that answers it. Errors have kinds:
// Denied for a token that is not this person's, Expired for a case that has
// ended, Throttled, Unavailable, Internal. A repeated event gives the page
// that stands now and changes nothing.
func (d *Dispatcher) Handle(ctx context.Context, ev Event) (Page, error) {
	agent, why, err := d.agent(ctx, ev)
	if err != nil {
		return Page{}, err
	}
	if why != "" {
		return d.refuse(ctx, ev, agent, why)
	}
	h := Happening{Kind: ev.Kind, Event: ev, Agent: agent, Now: d.Now()}
	if talk := d.starting(ev.Kind); talk != nil {
		if why := talk.Admits(Record{}, h); why != "" {
			return d.refuse(ctx, ev, agent, why)
		}
		return d.start(ctx, talk, h)
	}
	t, err := openTicket(d.Signer, ev.Token, ev.Actor.String(), h.Now)
	if err != nil {
		return Page{}, err
	}
	r, version, err := d.load(ctx, t.record)
	if err != nil {
		return Page{}, err
	}
	if r.Agent != agent.Account.ID || r.Chat != ev.Actor {
		return Page{}, bot.E(bot.Denied, "match agent of session", nil)
	}
	talk := d.talk(r)
	if why := talk.Admits(r, h); why != "" {
		return d.refuse(ctx, ev, agent, why)
	}
	if ev.Kind == Look || version != t.version && !talk.Lasting(ev.Kind) {
		return d.repeat(r, version)
	}
	return d.run(ctx, r, version, h)
}

// starting gives the conversation that the kind of event begins, or nil.
func (d *Dispatcher) starting(k EventKind) Conversation {
	for _, c := range d.Conversations {
		if c.Starts(k) {
			return c
		}
	}
	return nil
}

// talk gives the record's conversation. A record of one that this program does
// not have is not loaded.
func (d *Dispatcher) talk(r Record) Conversation { return d.named(r.Talk) }

func (d *Dispatcher) named(name string) Conversation {
	for _, c := range d.Conversations {
		if c.Name() == name {
			return c
		}
	}
	return nil
}

// agent gives who acts, or why he is nobody here.
func (d *Dispatcher) agent(ctx context.Context, ev Event) (bot.AgentFacts, bot.Reason, error) {
	id, why, err := d.Authority.Identify(ctx, ev.Actor, ev.Profile.Mail, ev.Profile.UPN, ev.Workspace)
	if err != nil || why != "" {
		return bot.AgentFacts{}, why, err
	}
	agent, err := d.Authority.Agent(ctx, id)
	if bot.KindOf(err) == bot.NotFound {
		return bot.AgentFacts{}, bot.AgentGone, nil
	}
	if err != nil {
		return bot.AgentFacts{}, "", err
	}
	return agent, "", nil
}

// refuse tells a person that he may do nothing here, and records it: once in
// ten minutes for each person and reason, so that nobody floods the history.
func (d *Dispatcher) refuse(ctx context.Context, ev Event, agent bot.AgentFacts, why bot.Reason) (Page, error) {
	first, err := d.Gate.First(ctx, "refused:"+ev.Actor.String()+":"+string(why), 10*time.Minute)
	if err != nil {
		return Page{}, err
	}
	if first {
		id := d.NewID()
		r := bot.Record{ID: id, Operation: id, At: d.Now(), Action: bot.ActionRefuse, Status: bot.StatusFailure, Why: why,
			Actor: agent.Party(ev.Actor), Store: agent.Account.ID.Store, Client: bot.Client(ev.Actor.Platform),
			Helpdesk: true, Workspace: ev.Workspace}
		if err := d.Journal.Append(ctx, r); err != nil {
			return Page{}, err
		}
	}
	return d.Refuse(why), nil
}

func (d *Dispatcher) start(ctx context.Context, talk Conversation, h Happening) (Page, error) {
	ok, retry, err := d.Gate.Allow(ctx, "cases:"+h.Agent.Account.ID.String(), d.Limits.CasesPerHour, time.Hour)
	if err != nil {
		return Page{}, err
	}
	if !ok {
		return Page{}, &bot.Error{Kind: bot.Throttled, Op: "begin case", RetryAfter: retry,
			Text: "You have begun very many cases within an hour."}
	}
	r := Record{Format: recordFormat, ID: d.NewID(), Talk: talk.Name(), Chat: h.Event.Actor, Agent: h.Agent.Account.ID, Started: h.Now}
	return d.run(ctx, r, 0, h)
}

// run steps, saves, and runs effects until a step asks for none.
func (d *Dispatcher) run(ctx context.Context, r Record, version int64, h Happening) (Page, error) {
	talk := d.talk(r)
	for range maxHops {
		if h.Event.Workspace == "" {
			h.Event.Workspace = r.Place // told by another record
		}
		if version > 0 && h.Found == nil && !talk.Table().Knows(r.State, h.Kind) {
			return d.repeat(r, version) // a button of a page that is over
		}
		move, err := talk.Step(r, h)
		if err != nil {
			return Page{}, err
		}
		if !talk.Table().Allows(r.State, h.Kind, move.Record.State) {
			return Page{}, bot.Ef(bot.Internal, "step", "no transition from %q on %q to %q", r.State, h.Kind, move.Record.State)
		}
		if move.Record.Subject != "" && move.Record.Subject != r.Subject {
			older, itsVersion, err := d.claim(ctx, move.Record)
			if err != nil {
				return Page{}, err
			}
			if older != nil {
				r, version, h.Kind = *older, itsVersion, Resume
				continue
			}
			d.enlist(ctx, move.Record)
		}
		r = move.Record
		r.Place, r.View = h.Event.Workspace, cmp.Or(h.Event.View, r.View)
		if version, err = d.save(ctx, &r, version); err == nil && move.Card != nil {
			version, err = d.card(ctx, &r, version, *move.Card)
		}
		if bot.KindOf(err) == bot.Conflict {
			return d.overtaken(ctx, r.ID)
		}
		if err != nil {
			return Page{}, err
		}
		if move.Effect == nil {
			d.settled(ctx, r)
			return d.show(r, version)
		}
		if h, err = d.effect(ctx, r, h, move.Effect); err != nil {
			return Page{}, err
		}
	}
	return Page{}, bot.Ef(bot.Internal, "run conversation", "more than %d effects from one event", maxHops)
}

// effect runs one. What went wrong outside is a happening like any other, so
// that the step can say so on the page and nothing is lost; what went wrong
// inside is an error.
func (d *Dispatcher) effect(ctx context.Context, r Record, h Happening, e Effect) (Happening, error) {
	next, err := d.talk(r).Run(ctx, r, h, e)
	switch bot.KindOf(err) {
	case "":
	case bot.Internal:
		return Happening{}, err
	default:
		d.Log.Warn("effect failed", zap.String("session", r.ID), zap.String("state", string(r.State)), zap.Error(err))
		next = Happening{Kind: Failed, Found: err}
	}
	next.Event, next.Agent, next.Now = h.Event, h.Agent, d.Now()
	return next, nil
}

// card posts or changes the agent's card and keeps its reference. A chat that
// does not take it costs the card, never the case.
func (d *Dispatcher) card(ctx context.Context, r *Record, version int64, p Page) (int64, error) {
	m := d.Messengers[r.Chat.Platform]
	if m == nil {
		return version, nil
	}
	token, err := d.token(*r, version)
	if err != nil {
		return version, err
	}
	p.Token = token
	ref, err := m.Card(ctx, r.Chat, r.Card, p)
	if err != nil {
		d.Log.Warn("card not posted", zap.String("session", r.ID), zap.Error(err))
		return version, nil
	}
	if ref == r.Card {
		return version, nil
	}
	r.Card = ref
	return d.save(ctx, r, version)
}

// overtaken gives the page that another click, or another replica, has made.
func (d *Dispatcher) overtaken(ctx context.Context, id string) (Page, error) {
	r, version, err := d.load(ctx, id)
	if err != nil {
		return Page{}, err
	}
	return d.repeat(r, version)
}

func (d *Dispatcher) repeat(r Record, version int64) (Page, error) {
	p, err := d.show(r, version)
	p.Repeat = true
	return p, err
}

func (d *Dispatcher) show(r Record, version int64) (Page, error) {
	p := r.Page
	if c, ok := d.talk(r).(Presenter); ok {
		var err error
		if p, err = c.Present(r); err != nil {
			return Page{}, err
		}
	}
	token, err := d.token(r, version)
	p.Token = token
	return p, err
}

func (d *Dispatcher) token(r Record, version int64) (string, error) {
	return sealTicket(d.Signer, ticket{record: r.ID, version: version, actor: r.Chat.String(), expires: r.Ends})
}

package flows

import (
	"context"
	"time"

	"go.uber.org/zap"

	"latchkey/bot"
)

// Home is what a person finds on the bot's own page in the chat.
type Home struct {
	Agent bot.AgentFacts
	Why   bot.Reason   // he may do nothing here; the rest is empty then
	Open  []OpenCase   // newest first
	Last  []bot.Record // how his last unlocks ended, newest first, at most 10
	Now   time.Time
}

// OpenCase is a case that its agent can take up again.
type OpenCase struct {
	Record Record
	Token  string // of a button that leads there
}

// HomeMore gives what a conversation shows on the home page of somebody who may
// act; nothing, where he has no use for it.
type HomeMore func(ctx context.Context, chat bot.Chatter, agent bot.AgentFacts) ([]Block, error)

const (
	lastShown  = 10
	lastSought = 100 // records among which they are looked for
)

// Home gives a person's home page. It begins no record, and records nothing.
func (d *Dispatcher) Home(ctx context.Context, ev Event) (Page, error) {
	agent, why, err := d.agent(ctx, ev)
	if err != nil {
		return Page{}, err
	}
	if why == "" {
		why = agent.MayAct()
	}
	h := Home{Agent: agent, Why: why, Now: d.Now()}
	if why != "" {
		return d.HomePage(h), nil
	}
	if h.Open, err = d.openCases(ctx, agent.Account.ID, ev.Actor); err != nil {
		return Page{}, err
	}
	records, err := d.Journal.History(ctx, bot.HistoryQuery{Accounts: []bot.AccountID{agent.Account.ID}, Limit: lastSought})
	if err != nil {
		return Page{}, err
	}
	for _, r := range records {
		if r.Action == bot.ActionUnlock && r.Status != bot.StatusAsked && r.Actor.Account == agent.Account.ID && len(h.Last) < lastShown {
			h.Last = append(h.Last, r)
		}
	}
	return d.homeMore(ctx, d.HomePage(h), ev.Actor, agent), nil
}

// homeMore adds what other conversations have to show. What cannot be read now
// costs its own lines, and no others.
func (d *Dispatcher) homeMore(ctx context.Context, p Page, chat bot.Chatter, agent bot.AgentFacts) Page {
	for _, more := range d.HomeMore {
		blocks, err := more(ctx, chat, agent)
		if err != nil {
			d.Log.Warn("home page without a part", zap.Error(err))
			continue
		}
		p.Blocks = append(p.Blocks[:len(p.Blocks):len(p.Blocks)], blocks...)
	}
	return p
}

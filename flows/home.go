package flows

import (
	"context"
	"time"

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
	return d.HomePage(h), nil
}

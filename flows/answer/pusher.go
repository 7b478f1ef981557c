package answer

import (
	"context"
	"encoding/json"

	"latchkey/bot"
	"latchkey/flows"
)

// Pusher brings a push into a user's chat.
type Pusher struct {
	// Invite begins the user's record; flows.Dispatcher's.
	Invite func(ctx context.Context, i flows.Invitation) (id string, err error)
}

// Push implements bot.Pusher.
func (p *Pusher) Push(ctx context.Context, to bot.Chatter, what bot.Push) error {
	b := body{Case: what.Case, Challenge: what.Challenge, Phrase: what.Phrase, Agent: what.Agent, Expires: what.Expires}
	data, err := json.Marshal(b)
	if err != nil {
		return bot.E(bot.Internal, "write answer record", err)
	}
	_, err = p.Invite(ctx, flows.Invitation{Talk: Name, To: to, Owner: what.Account, Place: what.Case.Workspace, About: what.Case.Session,
		Record: flows.Record{State: Asked, Page: card(b), Body: data}})
	return err
}

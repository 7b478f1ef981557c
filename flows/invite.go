package flows

import (
	"context"

	"go.uber.org/zap"

	"latchkey/bot"
)

// Invitation begins a record for somebody who has done nothing yet: what he is
// asked comes to him as a card in the chat.
type Invitation struct {
	Talk   string // name of the conversation
	To     bot.Chatter
	Owner  bot.AccountID // the account that To is bound to
	Record Record        // State, Page and Body of the new record; the rest is the dispatcher's
	Place  string        // workspace, for history
	About  string        // id of the record that asks: when it ends, or asks anew, this one is told
}

// Invite writes the record and posts its page as a card. NotFound where the
// person is not on the chat: then there is no record that anybody could use.
func (d *Dispatcher) Invite(ctx context.Context, i Invitation) (id string, err error) {
	m := d.Messengers[i.To.Platform]
	if m == nil || d.named(i.Talk) == nil {
		return "", bot.Ef(bot.NotFound, "invite", "That person is on no chat that Latchkey serves.")
	}
	r := i.Record
	r.Format, r.ID, r.Talk, r.Chat, r.Agent, r.Started, r.Place = recordFormat, d.NewID(), i.Talk, i.To, i.Owner, d.Now(), i.Place
	version, err := d.save(ctx, &r, 0)
	if err != nil {
		return "", err
	}
	page := r.Page
	if page.Token, err = d.token(r, version+1); err != nil {
		return "", err
	}
	if i.About != "" {
		d.tellAsked(ctx, i.About, true)
	}
	if r.Card, err = m.Card(ctx, r.Chat, "", page); err != nil {
		return "", err
	}
	if _, err = d.save(ctx, &r, version); err != nil { // what the card's token is for
		return "", err
	}
	d.rememberCard(ctx, r)
	d.pointAsked(ctx, i.About, r)
	return r.ID, nil
}

// Tell lets an open record know of what happened elsewhere, as if it had found
// it, and shows its page where its person has it open. A record that has ended
// is not told: nobody waits for it.
func (d *Dispatcher) Tell(ctx context.Context, id string, kind EventKind, found any) error {
	for range maxHops {
		r, version, err := d.load(ctx, id)
		if bot.KindOf(err) == bot.Expired {
			return nil
		}
		if err != nil {
			return err
		}
		agent, err := d.Authority.Agent(ctx, r.Agent)
		if err != nil {
			return err
		}
		h := Happening{Kind: kind, Event: Event{Kind: kind, Actor: r.Chat}, Agent: agent, Found: found, Now: d.Now()}
		talk := d.talk(r)
		if talk.Admits(r, h) != "" || !talk.Table().Knows(r.State, kind) {
			return nil
		}
		page, err := d.run(ctx, r, version, h)
		if err != nil {
			return err
		}
		if page.Repeat {
			continue // another event was quicker: it is told again
		}
		if m := d.Messengers[r.Chat.Platform]; m != nil && r.View != "" {
			if err := m.Show(ctx, r.Chat, r.View, page); err != nil {
				d.Log.Warn("page not shown", zap.String("session", id), zap.Error(err))
			}
		}
		return nil
	}
	return bot.E(bot.Unavailable, "tell record", nil)
}

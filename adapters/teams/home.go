package teams

import (
	"context"
	"strings"

	"go.uber.org/zap"

	"latchkey/adapters/chat"
	"latchkey/adapters/teams/activity"
	"latchkey/adapters/teams/card"
	"latchkey/adapters/teams/connector"
	"latchkey/bot"
	"latchkey/flows"
)

func homeCard(p flows.Page) connector.Message {
	return connector.Message{Card: card.Opener(p, ""), Summary: card.Summary(p)}
}

// postHome sends the home page to the person's 1:1 chat, wherever it was asked
// for: it is about cases. The one that stood there goes away.
func (a *Adapter) postHome(ctx context.Context, who bot.Chatter, p flows.Page) {
	ref, err := a.post(ctx, who, homeCard(p))
	if err != nil {
		a.log.Warn("person could not be shown the home page", zap.Error(err))
		return
	}
	a.takeAway(ctx, who, a.homes.replace(who, ref))
}

// renewHome changes the home card after an event that may have changed what
// stands there, if this replica has sent one within the hour.
func (a *Adapter) renewHome(ctx context.Context, in activity.Received, kind flows.EventKind) {
	who := a.chatter(in)
	conversation, id, ok := strings.Cut(a.homes.of(who), " ")
	if changes, _ := chat.ChangesHome(kind); !changes || !ok {
		return
	}
	page, err := chat.Guarded(a.log, func() (_ flows.Page, err error) {
		ev := flows.Event{Workspace: a.cfg.Tenant}
		if ev.Actor, ev.Profile, err = a.person(ctx, in, false); err != nil {
			return flows.Page{}, err
		}
		return a.desk.Home(ctx, ev)
	})
	if err != nil {
		return // who looks at it is told when he asks for it again
	}
	at, err := a.reach(ctx, who)
	if err == nil {
		at.Conversation = conversation
		err = a.api.Update(ctx, at, id, homeCard(page))
	}
	if err != nil {
		a.log.Info("home page not renewed", zap.Error(err))
	}
}

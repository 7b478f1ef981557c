package teams

import (
	"context"
	"strings"

	"go.uber.org/zap"

	"latchkey/adapters/teams/card"
	"latchkey/adapters/teams/connector"
	"latchkey/bot"
	"latchkey/flows"
)

func message(p flows.Page) connector.Message {
	return connector.Message{Card: card.Message(p), Summary: card.Summary(p)}
}

// Audit posts a page in the audit channel.
func (a *Adapter) Audit(ctx context.Context, p flows.Page) error {
	at, err := a.auditPlace(ctx)
	if err == nil {
		_, err = a.api.Send(ctx, at, message(p))
	}
	return err
}

// auditPlace gives the audit channel at the service that has called last, here
// or on any replica.
func (a *Adapter) auditPlace(ctx context.Context) (connector.Place, error) {
	r := a.auditReference()
	if r.Service != "" {
		a.keepAudit(ctx)
	} else if old, err := a.refs.Reference(ctx, r.Who); err == nil {
		r.Service = old.Service
	} else if bot.KindOf(err) != bot.NotFound {
		return connector.Place{}, err
	} else {
		r.Service = "https://" + a.cfg.Cloud.ServiceHosts[0] + "/teams/" // of all regions
	}
	return connector.Place{Service: r.Service, Conversation: a.cfg.AuditChannel}, nil
}

// auditReference is how the audit channel is reached; Service is "" until an
// activity has come.
func (a *Adapter) auditReference() bot.Reference {
	r := bot.Reference{Who: bot.Chatter{Platform: platform, Tenant: a.cfg.Tenant, User: a.cfg.AuditChannel},
		Conversation: a.cfg.AuditChannel, Key: a.cfg.AuditChannel, At: a.now()}
	if service := a.service.Load(); service != nil {
		r.Service = *service
	}
	return r
}

// keepAudit keeps the service that has called last, for a program that starts
// anew and is called by nobody.
func (a *Adapter) keepAudit(ctx context.Context) {
	if r := a.auditReference(); r.Service != "" && a.met.news(r) {
		a.keep(ctx, r)
	}
}

// Direct posts a page in the 1:1 chat with a person; NotFound for people of
// another chat or tenant, and for those who never met the bot or have taken the
// app away.
func (a *Adapter) Direct(ctx context.Context, to bot.Chatter, p flows.Page) error {
	_, err := a.post(ctx, to, message(p))
	return err
}

func (a *Adapter) post(ctx context.Context, to bot.Chatter, m connector.Message) (ref string, err error) {
	at, err := a.reach(ctx, to)
	if err != nil {
		return "", err
	}
	id, err := a.api.Send(ctx, at, m)
	if err != nil {
		return "", a.lost(ctx, to, err)
	}
	return at.Conversation + " " + id, nil
}

// Card posts a page in the 1:1 chat, or changes the card that ref names
// ("conversation id"). If that has vanished, the page is posted anew.
func (a *Adapter) Card(ctx context.Context, to bot.Chatter, ref string, p flows.Page) (string, error) {
	if conversation, id, ok := strings.Cut(ref, " "); ok {
		at, err := a.reach(ctx, to)
		if err != nil {
			return ref, err
		}
		at.Conversation = conversation
		if err = a.api.Update(ctx, at, id, message(p)); bot.KindOf(err) != bot.NotFound {
			return ref, err
		}
	}
	return a.post(ctx, to, message(p))
}

// Show tells the person that the page of his dialog has changed: no bot can
// change a dialog that is open. The card in his 1:1 chat leads back into the
// case; one that was told before goes away, so that one stands there at most.
func (a *Adapter) Show(ctx context.Context, to bot.Chatter, view string, p flows.Page) error {
	if view != dialogView || p.Token == "" {
		return nil
	}
	news := flows.Page{ID: "teams.news", Title: card.Title(p), Token: p.Token, Blocks: []flows.Block{
		{Text: &flows.Text{ID: "teams.news", Said: flows.Say("The page of your case has changed. Press Refresh there, or open it here.")}},
		{Buttons: []flows.Button{{Kind: flows.Resume, Label: "Open the case", Style: flows.StylePrimary}}},
	}}
	ref, err := a.post(ctx, to, message(news))
	if err != nil {
		return err
	}
	a.takeAway(ctx, to, a.news.replace(to, ref))
	return nil
}

// takeAway deletes a card that a newer one has replaced; ref may be "".
func (a *Adapter) takeAway(ctx context.Context, to bot.Chatter, ref string) {
	conversation, id, ok := strings.Cut(ref, " ")
	if !ok {
		return
	}
	at, err := a.reach(ctx, to)
	at.Conversation = conversation
	if err == nil {
		err = a.api.Delete(ctx, at, id)
	}
	if err != nil && bot.KindOf(err) != bot.NotFound {
		a.log.Info("older card not taken away", zap.Error(err))
	}
}

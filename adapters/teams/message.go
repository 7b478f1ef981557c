package teams

import (
	"context"

	"go.uber.org/zap"

	"latchkey/adapters/chat"
	"latchkey/adapters/teams/activity"
	"latchkey/adapters/teams/card"
	"latchkey/adapters/teams/connector"
	"latchkey/bot"
	"latchkey/flows"
)

// message takes what somebody has written, or pressed in a client that knows no
// Action.Execute. It is answered first and worked on after.
func (a *Adapter) message(ctx context.Context, in activity.Received) answer {
	switch a.first(ctx, in) {
	case repeated:
		return answer{}
	case unknown:
		return a.apologise(in, chat.TextAway)
	}
	booked := a.work.Book()
	if booked == nil {
		return a.apologise(in, chat.TextBusy)
	}
	if len(in.Value) > 0 && string(in.Value) != "null" {
		return answer{booked: booked, job: func(ctx context.Context) { a.pressedThere(ctx, in) }}
	}
	return answer{booked: booked, job: func(ctx context.Context) { a.heard(ctx, in) }}
}

// apologise says why nothing comes of a message.
func (a *Adapter) apologise(in activity.Received, text string) answer {
	booked := a.spare.Book()
	if booked == nil {
		a.log.Warn("no room to say why a message was not carried out")
		return answer{}
	}
	return answer{booked: booked, job: func(ctx context.Context) { a.say(ctx, in, card.Message(chat.Notice(text)), text) }}
}

// heard answers a command. A typed line opens no dialog in Teams, so the answer
// to most has the button that does.
func (a *Adapter) heard(ctx context.Context, in activity.Received) {
	a.meet(ctx, in)
	typed := readCommand(in.Said)
	ev := flows.Event{ID: platform + ":" + in.ID, Kind: typed.Kind, Workspace: a.cfg.Tenant}
	page, err := a.spoken(ctx, in, typed, ev)
	if err != nil {
		page = chat.Notice(a.words.Explain(err, ev, in.Person.ObjectID))
	}
	if typed.home { // is about cases, and never stands in a channel
		a.postHome(ctx, a.chatter(in), page)
		return
	}
	a.say(ctx, in, card.Opener(page, typed.Text), card.Summary(page))
}

func (a *Adapter) spoken(ctx context.Context, in activity.Received, typed command, ev flows.Event) (flows.Page, error) {
	var err error
	if ev.Actor, ev.Profile, err = a.person(ctx, in, false); err != nil {
		return flows.Page{}, err
	}
	switch {
	case typed.home && typed.known:
		return a.desk.Home(ctx, ev)
	case typed.Help || !typed.known:
		return a.desk.Help(), nil
	}
	return opener(a.desk.Waiting(typed.Kind).Title, typed.Command), nil
}

// opener is the page with the button that opens a dialog.
func opener(title string, typed flows.Command) flows.Page {
	what := flows.Say("It opens in a window of its own, which nobody else sees.")
	name := "Open: " + title
	if typed.Text != "" {
		what = append(flows.Words{{Text: bot.Line(typed.Text), Bold: true}}, flows.Say(". It opens in a window of its own, which nobody else sees.")...)
		name += ", " + typed.Text
	}
	return flows.Page{ID: "teams.open", Title: title, Blocks: []flows.Block{
		{Text: &flows.Text{ID: "teams.open", Said: what}},
		{Buttons: []flows.Button{{Kind: typed.Kind, Label: "Open", Name: name, Style: flows.StylePrimary}}},
	}}
}

// say answers where the person has written, so that nobody else reads it: as a
// targeted message in a channel or group chat, or where that cannot be, in the
// 1:1 chat.
func (a *Adapter) say(ctx context.Context, in activity.Received, c card.Card, summary string) {
	m := connector.Message{Card: c, Summary: summary}
	var err error
	if in.Conversation.ConversationType == activity.Personal {
		_, err = a.api.Send(ctx, place(in), m)
	} else if _, err = a.api.SendTargeted(ctx, place(in), in.Person.MRI, m); err != nil {
		a.log.Info("no targeted message, said in the 1:1 chat", zap.Error(err))
		a.alone(ctx, a.chatter(in), m)
		return
	}
	if err != nil {
		a.log.Warn("person could not be told", zap.Error(err))
	}
}

// alone says something in the 1:1 chat.
func (a *Adapter) alone(ctx context.Context, to bot.Chatter, m connector.Message) {
	at, err := a.reach(ctx, to)
	if err == nil {
		_, err = a.api.Send(ctx, at, m)
		err = a.lost(ctx, to, err)
	}
	if err != nil {
		a.log.Warn("person could not be told", zap.Error(err))
	}
}

// pressedThere carries out a button that an old client has sent as a message:
// the card changes as if it had been Action.Execute.
func (a *Adapter) pressedThere(ctx context.Context, in activity.Received) {
	a.meet(ctx, in)
	ev, err := card.Submitted(in.Value)
	if err != nil {
		a.log.Info("teams button that no page has offered, ignored", zap.Error(err))
		return
	}
	ev.ID, ev.Workspace = platform+":"+in.ID, a.cfg.Tenant
	if card.OpensDialog(ev.Kind) {
		a.say(ctx, in, card.Message(chat.Notice(textOldClient)), textOldClient)
		return
	}
	page, err := a.consult(ctx, in, ev)
	if err != nil {
		page = chat.Notice(a.words.Explain(err, ev, in.Person.ObjectID))
	}
	m := connector.Message{Card: card.Message(page), Summary: card.Summary(page)}
	if err == nil && in.ReplyToID != "" && in.Conversation.ConversationType == activity.Personal {
		if err = a.api.Update(ctx, place(in), in.ReplyToID, m); err == nil {
			return
		}
		a.log.Warn("teams card not updated", zap.Error(err))
	}
	a.say(ctx, in, card.Message(page), m.Summary)
}

const textOldClient = "This version of Teams cannot open the window that is needed. Use a current one, or Teams in the browser."

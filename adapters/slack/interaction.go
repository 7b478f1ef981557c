package slack

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"go.uber.org/zap"

	"latchkey/adapters/chat"
	"latchkey/flows"
)

// interaction answers clicks, submissions and closed dialogs.
func (a *Adapter) interaction(r request) answer {
	p, err := readPayload(r.body)
	if err != nil {
		return refused(http.StatusBadRequest, textGarbled)
	}
	switch p.Type {
	case "block_actions":
		return a.clicked(r, p)
	case "view_submission":
		return a.submitted(r, p)
	case "view_closed":
		return a.closed(r, p)
	case "shortcut", "message_action":
		return a.shortcut(r, p)
	}
	a.log.Info("slack interaction of a kind that is not used", zap.String("kind", trim(p.Type, 40)))
	return answered(nil)
}

// event makes the event of a click in a dialog or on a card.
func (p payload) event(act action, token string) (flows.Event, error) {
	fields, rows, err := p.View.entered()
	if err != nil {
		return flows.Event{}, err
	}
	slices.Sort(rows)
	return flows.Event{
		ID: "slack:" + p.key(), Kind: act.kind, Type: act.typ, Row: act.row, Token: token,
		Fields: fields, Rows: slices.Compact(rows), Workspace: p.Team.ID,
	}, nil
}

// hold keeps back a click or a shortcut that was here before, or comes from
// outside; nil lets it go on.
func (a *Adapter) hold(r request, p payload) *answer {
	var no answer
	why := a.outsider(p.sender())
	switch seen := a.first(r.Context(), r.signature, p.key(), replayLife); {
	case seen == replayed:
		no = refused(http.StatusUnauthorized, textUnsigned)
	case seen == repeated:
		no = answered(nil)
	case seen == unknown:
		no = a.apologise(p, chat.TextAway)
	case why != "":
		a.log.Info("slack interaction refused", zap.String("kind", trim(p.Type, 40)), zap.String("user", p.User.ID), zap.String("team", p.User.TeamID))
		no = a.apologise(p, why)
	default:
		return nil
	}
	return &no
}

// clicked takes a button. Slack lets nothing but an empty answer through, so
// all that is said is said by a worker.
func (a *Adapter) clicked(r request, p payload) answer {
	if len(p.Actions) != 1 || p.TriggerID == "" {
		return refused(http.StatusBadRequest, textGarbled)
	}
	act, known := readAction(p.Actions[0].ActionID)
	token := p.View.Token
	if !p.inDialog() {
		token = p.Actions[0].Value
	}
	if isLink(p.Actions[0].ActionID) { // the person's browser has followed it already
		return answered(nil)
	}
	if act.opens() {
		token = ""
	} else if token == "" {
		known = false
	}
	if !known {
		a.log.Info("slack action that no page has offered, ignored", zap.String("action", trim(p.Actions[0].ActionID, 80)))
		return answered(nil)
	}
	ev, err := p.event(act, token)
	if err != nil {
		return refused(http.StatusBadRequest, textGarbled)
	}
	if no := a.hold(r, p); no != nil {
		return *no
	}
	booked := a.work.Book()
	if booked == nil {
		return a.apologise(p, chat.TextBusy)
	}
	t := turn{from: p.sender(), event: ev}
	if !p.inDialog() {
		t.trigger, t.reply, t.again = p.TriggerID, a.hooks.to(p.ResponseURL), "Press the button again."
		return answer{status: http.StatusOK, booked: booked, job: func(ctx context.Context) { a.begin(ctx, t) }}
	}
	t.shown = a.newest.next(p.View.ID, p.View.Hash)
	return answer{status: http.StatusOK, booked: booked, job: func(ctx context.Context) { a.proceed(ctx, t) }}
}

// closed tells the flow that a dialog was closed; nobody waits for an answer.
func (a *Adapter) closed(r request, p payload) answer {
	if !strings.HasPrefix(p.View.CallbackID, actionMark+":") || p.View.Token == "" {
		return answered(nil)
	}
	if a.outsider(p.sender()) != "" {
		return answered(nil)
	}
	booked := a.work.Book()
	if booked == nil { // not remembered, so that it counts when it is sent again
		return refused(http.StatusServiceUnavailable, chat.TextBusy)
	}
	switch a.first(r.Context(), r.signature, p.key(), replayLife) {
	case replayed:
		booked.Drop()
		return refused(http.StatusUnauthorized, textUnsigned)
	case unknown:
		booked.Drop()
		return refused(http.StatusServiceUnavailable, chat.TextAway)
	case repeated:
		booked.Drop()
		return answered(nil)
	}
	ev := flows.Event{ID: "slack:" + p.key(), Kind: flows.Closed, Token: p.View.Token, Workspace: p.Team.ID}
	return answer{status: http.StatusOK, booked: booked, job: func(ctx context.Context) {
		if _, err := a.consult(ctx, p.sender(), ev); err != nil {
			a.words.Explain(err, ev, p.User.ID)
			return
		}
		a.renewHome(ctx, p.sender(), ev.Kind)
	}}
}

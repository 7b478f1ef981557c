package slack

import (
	"context"
	"net/http"

	slackgo "github.com/slack-go/slack"
	"go.uber.org/zap"

	"latchkey/adapters/chat"
	"latchkey/flows"
)

// submitted takes a dialog that was sent. An empty answer would close it, so
// it shows 'Checking …' at once, and a worker puts the result there.
func (a *Adapter) submitted(r request, p payload) answer {
	act, known := readAction(p.View.CallbackID)
	if !known || !act.valid() || p.View.Token == "" || p.View.ID == "" {
		a.log.Info("slack submission that no page has offered, ignored", zap.String("callback", trim(p.View.CallbackID, 80)))
		return answered(nil)
	}
	ev, err := p.event(act, p.View.Token)
	if err != nil || p.View.Hash == "" {
		return refused(http.StatusBadRequest, textGarbled)
	}
	if why := a.outsider(p.sender()); why != "" {
		a.log.Info("slack submission refused", zap.String("user", p.User.ID), zap.String("team", p.User.TeamID))
		return answered(onTop(why))
	}
	faults := p.View.missing()
	if len(faults) == 0 {
		faults = a.amiss(r.Context(), p, ev)
	}
	if len(faults) > 0 {
		return answered(slackgo.NewErrorsViewSubmissionResponse(faults))
	}
	booked := a.work.Book()
	if booked == nil {
		return answered(onTop(chat.TextBusy))
	}
	taken := false
	defer func() {
		if !taken {
			booked.Drop()
		}
	}()
	// A form that was answered so far can be sent again as it is, under the
	// same key. From here on it is remembered.
	seen := a.first(r.Context(), r.signature, p.key(), replayLife)
	switch seen {
	case replayed:
		return refused(http.StatusUnauthorized, textUnsigned)
	case unknown:
		return answered(onTop(chat.TextAway))
	}
	t := turn{from: p.sender(), event: ev, shown: a.newest.next(p.View.ID, "")}
	t.shown.external = externalID(p)
	work := a.proceed
	if seen == repeated {
		work = func(ctx context.Context, t turn) { a.follow(ctx, t, p.key()) }
	} else {
		a.newest.submit(p.key(), t.shown)
	}
	waiting := a.desk.Waiting(ev.Kind)
	waiting.Token, waiting.Keeps = ev.Token, true
	request := modal(waiting)
	request.ExternalID = t.shown.external
	taken = true
	return answer{
		status: http.StatusOK, body: slackgo.NewUpdateViewSubmissionResponse(&request),
		booked: booked, job: func(ctx context.Context) { work(ctx, t) },
	}
}

// amiss says under the inputs what is wrong with them, so that all else that was
// typed stays: only an answer at once does. Where it is not known in time, the
// form is sent as any other.
func (a *Adapter) amiss(ctx context.Context, p payload, ev flows.Event) map[string]string {
	if !ev.Kind.Proofread() {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, gateLife)
	defer cancel()
	var err error
	if ev.Actor, ev.Profile, err = a.person(ctx, p.sender(), false); err != nil {
		return nil
	}
	return p.View.under(a.desk.Amiss(ctx, ev))
}

// onTop lays a notice over the dialog; what was typed stays beneath it.
func onTop(text string) *slackgo.ViewSubmissionResponse {
	request := modal(chat.Notice(text))
	return slackgo.NewPushViewSubmissionResponse(&request)
}

// externalID names the view that our answer makes. The worker updates by this
// name: until Slack has taken the answer nothing is called so, and the result
// cannot be overwritten by 'Checking …'.
func externalID(p payload) string {
	return "latchkey-" + chat.Fingerprint(p.View.ID, p.View.Hash, p.TriggerID)
}

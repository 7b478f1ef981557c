package teams

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"go.uber.org/zap"

	"latchkey/adapters/chat"
	"latchkey/adapters/teams/activity"
	"latchkey/adapters/teams/card"
	"latchkey/bot"
	"latchkey/flows"
)

// CommandPerson is the message extension's command on a message: its author is
// filled in. The app's manifest names it so.
const CommandPerson = "unlock_person"

// click is an invoke that was read.
type click struct {
	activity.Received
	event flows.Event
	data  json.RawMessage // of the form, where one was sent
	by    author          // of the message that an extension was used on
}

// author is who has written a message.
type author struct {
	User struct {
		ID   string `json:"id"` // aadObjectId
		Name string `json:"displayName"`
		Kind string `json:"userIdentityType"` // aadUser, anonymousGuest, …
	} `json:"user"`
}

const (
	textLate  = "This takes longer than it should: a server is slow to answer. Nothing that was begun is lost, and nothing has to be done twice."
	textTwice = "Teams has sent this a second time. It is carried out once."
	textStale = "This button is too old. Begin again."
)

// readClick reads what the invokes carry. ErrMalformed of package card: no
// client of Teams sends it; ErrNotOffered: no page of today has that button.
func readClick(in activity.Received) (click, error) {
	var v struct {
		Action struct { // adaptiveCard/action
			Verb string          `json:"verb"`
			Data json.RawMessage `json:"data"`
		} `json:"action"`
		Data    json.RawMessage `json:"data"` // of the others
		Command string          `json:"commandId"`
		Message struct {
			From author `json:"from"`
		} `json:"messagePayload"`
	}
	if json.Unmarshal(in.Value, &v) != nil {
		return click{}, card.ErrMalformed
	}
	c := click{Received: in}
	var err error
	switch in.Name {
	case activity.CardAction:
		var verb struct {
			Act string `json:"act"`
		}
		if c.event, err = card.Submitted(v.Action.Data); err == nil && (json.Unmarshal(v.Action.Data, &verb) != nil || verb.Act != v.Action.Verb) {
			err = card.ErrMalformed
		}
	case activity.ExtendFetch:
		c.event, c.by = flows.Event{Kind: flows.BeginAuthor}, v.Message.From
		if v.Command != CommandPerson {
			err = card.ErrNotOffered
		}
	default:
		c.event, err = card.Submitted(v.Data)
		c.data = v.Data
	}
	return c, err
}

// shown is what an invoke leads to.
type shown struct {
	page  flows.Page
	amiss map[string]string // what is wrong with the form, by field
}

// invoke carries out what was pressed and gives the answer that shows it: Teams
// lets no bot change a dialog later.
func (a *Adapter) invoke(ctx context.Context, in activity.Received) answer {
	c, err := readClick(in)
	c.event.ID, c.event.Workspace = platform+":"+in.ID, a.cfg.Tenant
	switch {
	case errors.Is(err, card.ErrNotOffered):
		a.log.Info("teams button that no page has offered, refused", zap.String("name", in.Name))
		return a.told(c, bot.Ef(bot.Expired, "read invoke", textStale))
	case err != nil:
		a.log.Warn("teams invoke refused", zap.String("name", in.Name), zap.Error(err))
		return answer{status: http.StatusForbidden}
	}
	switch a.first(ctx, in) {
	case repeated:
		return a.show(c, shown{page: a.later(c.event, textTwice)})
	case unknown:
		return a.told(c, bot.Ef(bot.Unavailable, "remember invoke", chat.TextAway))
	}
	booked := a.work.Book()
	if booked == nil {
		return a.told(c, bot.Ef(bot.Unavailable, "find a worker", chat.TextBusy))
	}
	return a.carriedOut(booked, c)
}

// carriedOut waits for what a click leads to, as long as Teams does: what takes
// longer goes on, and is looked at later.
func (a *Adapter) carriedOut(booked *chat.Slot, c click) answer {
	type result struct {
		shown
		err error
	}
	done := make(chan result, 1)
	booked.Start(func(ctx context.Context) {
		s, err := a.carryOut(ctx, c)
		done <- result{s, err}
		a.meet(ctx, c.Received)
		a.renewHome(ctx, c.Received, c.event.Kind)
	})
	late := time.NewTimer(a.dialogLife)
	defer late.Stop()
	select {
	case <-late.C:
		return a.show(c, shown{page: a.later(c.event, textLate)})
	case got := <-done:
		if got.err != nil {
			return a.told(c, got.err)
		}
		return a.show(c, got.shown)
	}
}

// carryOut hands the event to the desk, unless its form has faults that are told
// before it counts as sent: then the page that stands comes back with them.
func (a *Adapter) carryOut(ctx context.Context, c click) (shown, error) {
	ev := c.event
	if page := c.Person.ObjectID + " " + ev.Token; ev.Kind == flows.Look {
		a.underway.wait(ctx, page, a.dialogLife)
	} else if ev.Token != "" {
		defer a.underway.begin(page)()
	}
	if ev.Kind == flows.BeginAuthor {
		if err := a.authored(ctx, c.Received, &ev, c.by); err != nil {
			return shown{}, err
		}
	}
	var faults map[string]string
	if ev.Kind.Proofread() {
		who, _, err := a.person(ctx, c.Received, false)
		if err != nil {
			return shown{}, err
		}
		read := ev
		read.Actor = who
		if faults = a.desk.Amiss(ctx, read); len(faults) > 0 {
			ev.Kind = flows.Look
		}
	}
	page, err := a.consult(ctx, c.Received, ev)
	return shown{page: page, amiss: faults}, err
}

// consult hands the event to the desk once it is known who asks; the unlock
// itself asks Teams afresh.
func (a *Adapter) consult(ctx context.Context, in activity.Received, ev flows.Event) (flows.Page, error) {
	return chat.Guarded(a.log, func() (_ flows.Page, err error) {
		ev.Actor, ev.Profile, err = a.person(ctx, in, ev.Kind == flows.Unlock)
		if err != nil {
			return flows.Page{}, err
		}
		if in.Type == "invoke" && in.Name != activity.CardAction {
			ev.View = dialogView
		}
		return a.desk.Handle(ctx, ev)
	})
}

// dialogView says that the answer is shown in a dialog. Teams has no name for
// it, and a person has one open at most.
const dialogView = "dialog"

// later is shown where the answer is not there in time.
func (a *Adapter) later(ev flows.Event, text string) flows.Page {
	p := a.desk.Waiting(ev.Kind)
	p.Blocks = append(p.Blocks, flows.Block{Text: &flows.Text{ID: "teams.late", Tone: flows.Warning, Said: flows.Say(text)}})
	if ev.Token == "" {
		p.Blocks = append(p.Blocks, flows.Block{Text: &flows.Text{ID: "teams.again", Said: flows.Say("Close this window, and open it again in a moment.")}})
		return p
	}
	p.Token, p.Keeps = ev.Token, true
	p.Blocks = append(p.Blocks, flows.Block{Wait: &flows.Wait{ID: "teams.wait", Until: "a moment has passed"}})
	return p
}

package slack

import (
	"context"
	"runtime/debug"
	"time"

	"go.uber.org/zap"

	"latchkey/adapters/chat"
	"latchkey/bot"
	"latchkey/flows"
)

// turn is one event on its way through a worker.
type turn struct {
	from    sender
	event   flows.Event
	trigger string   // to open a dialog with, where shown is nil
	reply   *replier // of a command or a card; nil in a dialog
	again   string   // how the person can do the same once more
	shown   *shown
}

// begin opens a dialog within the 3 s that the trigger lives, before anything
// is looked up, and goes on in it.
func (a *Adapter) begin(ctx context.Context, t turn) {
	waiting := a.desk.Waiting(t.event.Kind)
	waiting.Token, waiting.Keeps = t.event.Token, t.event.Token != ""
	id, hash, err := a.api.openView(ctx, t.trigger, modal(waiting))
	if err != nil {
		text := a.words.Explain(err, t.event, t.from.User)
		if triggerGone(err) {
			text = "Slack allows three seconds to open the form, and they had passed. " + t.again
		}
		a.aside(t, text)
		return
	}
	t.shown = a.newest.next(id, hash)
	a.settle(ctx, t, true)
}

// proceed goes on in a dialog that is open.
func (a *Adapter) proceed(ctx context.Context, t turn) {
	a.settle(ctx, t, t.shown.external != "")
}

// settle asks the desk and shows its answer. A click without an answer by
// showWaiting is shown that it was taken; nobody waits longer than showLate
// without a word.
func (a *Adapter) settle(ctx context.Context, t turn, waiting bool) {
	t.event.View = t.shown.view
	done := make(chan flows.Page, 1)
	go func() {
		page, err := a.consult(ctx, t.from, t.event)
		if err != nil {
			page = chat.Failure(a.words.Explain(err, t.event, t.from.User), bot.KindOf(err), t.event)
		}
		done <- page
	}()
	soon, late := time.NewTimer(a.showWaiting), time.NewTimer(a.showLate)
	defer soon.Stop()
	defer late.Stop()
	for {
		select {
		case page := <-done:
			a.finish(ctx, t, page)
			return
		case <-soon.C:
			if !waiting {
				page := a.desk.Waiting(t.event.Kind)
				page.Token, page.Keeps = t.event.Token, true
				a.hint(ctx, t.shown, page)
			}
		case <-late.C:
			page := chat.Notice(textLate)
			page.Token, page.Keeps = t.event.Token, t.event.Token != ""
			a.hint(ctx, t.shown, page)
		}
	}
}

// finish shows a result, also in the place of what the same form, sent again,
// has put there meanwhile. There is time for it even where the job's own has
// run out. Nobody is left before a page that only waits.
func (a *Adapter) finish(ctx context.Context, t turn, page flows.Page) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), tellLife)
	defer cancel()
	defer a.renewHome(ctx, t.from, t.event.Kind)
	last, joined := a.newest.finish(t.shown, page)
	for _, d := range joined {
		a.work.Book().Start(func(ctx context.Context) { a.hint(ctx, d, page) })
	}
	err := a.result(ctx, t, page, last)
	if bot.KindOf(err) == bot.Internal { // Slack does not take this page; a notice it takes
		err = a.show(ctx, t.shown, chat.Failure(a.words.Explain(err, t.event, t.from.User), bot.Internal, t.event), last)
	}
	if err != nil {
		a.log.Warn("slack dialog not updated", zap.String("page", string(page.ID)), zap.Error(err))
		a.aside(t, textUnshown)
	}
}

// result shows what an event has led to.
func (a *Adapter) result(ctx context.Context, t turn, page flows.Page, last bool) error {
	if !last || page.Token == "" {
		return a.show(ctx, t.shown, page, last)
	}
	who, _, err := a.person(ctx, t.from, false)
	if err != nil { // Slack does not say now who that is
		return a.show(ctx, t.shown, page, last)
	}
	return a.showNewest(ctx, t.shown, who, page)
}

// follow shows the outcome of a form that was sent before, once it is there.
// Where this replica does not come to know it, the case is shown as it stands:
// nothing is done twice.
func (a *Adapter) follow(ctx context.Context, t turn, form string) {
	page, known := a.newest.join(form, t.shown)
	for wait := firstLook; !known && wait < gateLife; wait *= 2 { // the first may be on its way through the gate
		if !pause(ctx, wait) {
			return
		}
		page, known = a.newest.join(form, t.shown)
	}
	switch {
	case page != nil:
		a.hint(ctx, t.shown, *page)
	case !known:
		t.event.Kind, t.event.ID, t.event.View, t.shown.form = flows.Look, t.event.ID+":again", t.shown.view, &outcome{}
		stands, err := a.consult(ctx, t.from, t.event)
		if err != nil {
			stands = chat.Failure(a.words.Explain(err, t.event, t.from.User), bot.KindOf(err), t.event)
		}
		a.hint(ctx, t.shown, stands)
	}
}

// consult hands the event to the desk once it is known who asks; the unlock
// itself asks Slack afresh.
func (a *Adapter) consult(ctx context.Context, from sender, ev flows.Event) (flows.Page, error) {
	return chat.Guarded(a.log, func() (flows.Page, error) { return a.handle(ctx, from, ev) })
}

func (a *Adapter) handle(ctx context.Context, from sender, ev flows.Event) (_ flows.Page, err error) {
	ev.Actor, ev.Profile, err = a.person(ctx, from, ev.Kind == flows.Unlock)
	if err != nil {
		return flows.Page{}, err
	}
	if ev.Workspace == "" {
		ev.Workspace = a.cfg.Workspace
	}
	if ev.Kind == flows.BeginAuthor {
		if err = a.author(ctx, &ev, ev.Text); err != nil {
			return flows.Page{}, err
		}
	}
	return a.desk.Handle(ctx, ev)
}

func (a *Adapter) jobCrashed(p any) {
	a.log.Error("slack job crashed", zap.Any("panic", p), zap.ByteString("stack", debug.Stack()))
}

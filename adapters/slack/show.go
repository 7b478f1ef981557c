package slack

import (
	"context"
	"time"

	slackgo "github.com/slack-go/slack"
	"go.uber.org/zap"

	"latchkey/adapters/chat"
	"latchkey/bot"
	"latchkey/flows"
)

const (
	showTries = 3
	showPause = 150 * time.Millisecond
	firstLook = 20 * time.Millisecond
	takeLife  = 1500 * time.Millisecond // by then Slack has taken the answer to a submission, or lost it
)

// show puts a page into a dialog. last is a result: it takes the place of
// whatever stands there, unless a newer event has a result. All else (a page
// that waits, the answer to a repeated click) only replaces what was seen. A
// dialog that was closed meanwhile is no error: the case stays, and the flow
// tells what counts by direct message.
func (a *Adapter) show(ctx context.Context, d *shown, p flows.Page, last bool) error {
	if len(p.Blocks) == 0 {
		return nil
	}
	request := modal(p)
	for try := 1; !a.newest.overtaken(d); try++ {
		err := a.put(ctx, d, request, last)
		switch {
		case err == nil:
			return nil
		case viewGone(err):
			a.log.Debug("slack dialog is closed, page not shown", zap.String("page", string(p.ID)))
			return nil
		case hashConflict(err):
			a.log.Debug("slack dialog has changed, page not shown", zap.String("page", string(p.ID)))
			return nil
		case bot.KindOf(err) != bot.Unavailable || try == showTries || !pause(ctx, showPause):
			return err
		}
	}
	return nil
}

// Show puts a page into the dialog that the reference of an event names, as
// newer than every result that is there. What was typed into inputs that the
// page has, too, stays: Slack keeps it by their block ids, which follow from
// Input.Field and Input.Fresh alone.
func (a *Adapter) Show(ctx context.Context, to bot.Chatter, view string, p flows.Page) error {
	if view == "" || len(p.Blocks) == 0 {
		return nil
	}
	return a.showNewest(ctx, a.newest.tell(view, p), to, p)
}

// showNewest shows a result, and then what has become of it meanwhile: another
// replica may have made a newer page of the same record, and shown it first.
// Whoever shows last looks last, so the newest page stays.
func (a *Adapter) showNewest(ctx context.Context, d *shown, who bot.Chatter, p flows.Page) error {
	for range showTries {
		if err := a.show(ctx, d, p, true); err != nil || p.Token == "" {
			return err
		}
		newer, ok := a.desk.Newer(ctx, who, d.view, p.Token)
		if !ok {
			return nil
		}
		p = newer
	}
	return nil
}

// hint shows a page that it does no harm to miss.
func (a *Adapter) hint(ctx context.Context, d *shown, p flows.Page) {
	if err := a.show(ctx, d, p, false); err != nil {
		a.log.Warn("slack dialog not updated", zap.String("page", string(p.ID)), zap.Error(err))
	}
}

// aside tells the person something outside of the dialog, which could not be
// opened or changed.
func (a *Adapter) aside(t turn, text string) {
	if t.reply != nil && t.reply.url != "" {
		a.tell(t.reply, text)
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), tellLife)
	defer cancel()
	to := bot.Chatter{Platform: "slack", Tenant: a.cfg.Workspace, User: t.from.User}
	if err := a.Direct(ctx, to, chat.Notice(text)); err != nil {
		a.log.Warn("person could not be told", zap.Error(err))
	}
}

// put sends one view, on the condition that the dialog is as it was seen.
func (a *Adapter) put(ctx context.Context, d *shown, request slackgo.ModalViewRequest, last bool) error {
	if d.external != "" {
		return a.putNamed(ctx, d, request, last)
	}
	hash, err := a.api.updateView(ctx, request, "", d.view, d.hash)
	if hashConflict(err) && last && !a.newest.overtaken(d) {
		hash, err = a.api.updateView(ctx, request, "", d.view, "")
	}
	if err == nil {
		d.hash = hash
	}
	return err
}

// putNamed updates the view that our answer to a submission makes, as soon as
// Slack knows it by its name. If it never does, the answer was lost, or the
// same form sent again has replaced it and brings the result itself; where news
// stand in its place, or a result in that of news, it goes by the view's id.
func (a *Adapter) putNamed(ctx context.Context, d *shown, request slackgo.ModalViewRequest, last bool) error {
	wait, cancel := context.WithTimeout(ctx, takeLife)
	defer cancel()
	replaced := func() bool { return last && d.form.placed.Load() && (d.elsewhere || d.form.news.Load()) }
	hash, err := a.api.updateView(ctx, request, d.external, "", "")
	for again := firstLook; viewGone(err) && !replaced() && pause(wait, again); again *= 2 {
		hash, err = a.api.updateView(ctx, request, d.external, "", "")
	}
	if viewGone(err) && last && (replaced() || !d.form.placed.Load()) && !a.newest.overtaken(d) {
		hash, err = a.api.updateView(ctx, request, "", d.view, "")
	}
	if err == nil {
		d.hash, d.external = hash, ""
		d.form.news.Store(d.elsewhere)
		d.form.placed.Store(true)
	}
	return err
}

// pause waits, or reports that ctx has ended.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

package slack

import (
	"context"
	"time"

	slackgo "github.com/slack-go/slack"
	"go.uber.org/zap"

	"latchkey/bot"
	"latchkey/flows"
)

const (
	showTries = 3
	showPause = 150 * time.Millisecond
	firstLook = 20 * time.Millisecond
	takeLife  = 1500 * time.Millisecond // by then Slack has taken the answer to a submission, or lost it
)

// show puts a page into a dialog, unless a newer event will. A dialog that was
// closed meanwhile is no error: the case stays, and the flow tells what counts
// by direct message.
func (a *Adapter) show(ctx context.Context, d *shown, p flows.Page) {
	if len(p.Blocks) == 0 {
		return
	}
	request := modal(p)
	for try := 1; a.newest.is(d); try++ {
		err := a.put(ctx, d, request)
		switch {
		case err == nil:
			return
		case viewGone(err):
			a.log.Debug("slack dialog is closed, page not shown", zap.String("page", string(p.ID)))
			return
		case bot.KindOf(err) != bot.Unavailable || try == showTries || !pause(ctx, showPause):
			a.log.Warn("slack dialog not updated", zap.String("page", string(p.ID)), zap.Error(err))
			return
		}
	}
}

// put sends one view, on the condition that the dialog is as it was seen. If
// something else has changed it meanwhile, the newest event wins.
func (a *Adapter) put(ctx context.Context, d *shown, request slackgo.ModalViewRequest) error {
	if d.external != "" {
		return a.putNamed(ctx, d, request)
	}
	hash, err := a.api.updateView(ctx, request, "", d.view, d.hash)
	if hashConflict(err) && a.newest.is(d) {
		hash, err = a.api.updateView(ctx, request, "", d.view, "")
	}
	if err == nil {
		d.hash = hash
	}
	return err
}

// putNamed updates the view that our answer to a submission has made, as soon
// as Slack knows it by its name. If it never does, the answer was lost, and
// the dialog is still the one that was submitted.
func (a *Adapter) putNamed(ctx context.Context, d *shown, request slackgo.ModalViewRequest) error {
	wait, cancel := context.WithTimeout(ctx, takeLife)
	defer cancel()
	for again := firstLook; ; again *= 2 {
		hash, err := a.api.updateView(ctx, request, d.external, "", "")
		if err == nil || !viewGone(err) {
			if err == nil {
				d.hash, d.external = hash, ""
			}
			return err
		}
		if !a.newest.is(d) {
			return err
		}
		if !pause(wait, again) {
			break
		}
	}
	hash, err := a.api.updateView(ctx, request, "", d.view, "")
	if err == nil {
		d.hash, d.external = hash, ""
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

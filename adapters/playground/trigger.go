package playground

import (
	"fmt"
	"time"
)

// triggerLife is how long a trigger_id opens a modal
// (docs.slack.dev/interactivity/handling-user-interaction).
const triggerLife = 3 * time.Second

// trigger is the right of one command or click to open one modal.
type trigger struct {
	user string
	at   time.Time
	used bool
	view *view // the modal it was pressed in, or nil
}

// newTrigger hands out a trigger id. The caller holds mu.
func (w *Workspace) newTrigger(user string, in *view) string {
	id := fmt.Sprintf("%d.%d.%s", w.next(), w.opts.Now().Unix(), w.secret(12))
	w.triggers[id] = &trigger{user: user, at: w.opts.Now(), view: in}
	return id
}

// redeem finds a trigger that may still be used, or names Slack's error. The
// caller holds mu and sets used when the modal is accepted: a refused modal
// does not use the trigger up.
func (w *Workspace) redeem(id string) (*trigger, string) {
	t, ok := w.triggers[id]
	switch {
	case !ok:
		return nil, "invalid_trigger_id"
	case t.used:
		return nil, "exchanged_trigger_id"
	case w.opts.Now().Sub(t.at) > triggerLife:
		return nil, "expired_trigger_id"
	}
	return t, ""
}

package playground

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// View is a modal or a Home tab on a person's screen. It is live: each method
// sees the view as it is at that moment.
type View struct {
	Screen
	v *view
}

func (v *view) live() error {
	if !v.open {
		return errors.New("the modal is closed")
	}
	return nil
}

func (v *view) shown() ([]any, *form) { return v.blocks, &v.form }

func (v *view) origin() *view {
	if v.content["type"] == "home" {
		return nil
	}
	return v
}

func (v *view) dress(w *Workspace, _ string, payload map[string]any) {
	payload["container"] = map[string]any{"type": "view", "view_id": v.id}
	payload["view"] = w.viewJSON(v)
}

// read runs f with mu held.
func (v *View) read(f func() string) string {
	v.who.ws.mu.Lock()
	defer v.who.ws.mu.Unlock()
	return f()
}

// ID is the view's id.
func (v *View) ID() string { return v.v.id }

// Hash is the hash of the view's present state.
func (v *View) Hash() string { return v.read(func() string { return v.v.hash }) }

// CallbackID is what the bot calls the view.
func (v *View) CallbackID() string {
	return v.read(func() string { return str(v.v.content["callback_id"]) })
}

// PrivateMetadata is what the bot keeps in the view; a person cannot see it.
func (v *View) PrivateMetadata() string {
	return v.read(func() string { return str(v.v.content["private_metadata"]) })
}

// Title is the line at the top of a modal.
func (v *View) Title() string { return v.label("title") }

// SubmitLabel is the text of the button that sends the form, "" if there is none.
func (v *View) SubmitLabel() string { return v.label("submit") }

// CloseLabel is the text of the button that closes the modal; Slack shows
// "Cancel" where the bot names none.
func (v *View) CloseLabel() string {
	if s := v.label("close"); s != "" {
		return s
	}
	return "Cancel"
}

func (v *View) label(key string) string {
	return v.read(func() string { return v.who.reader().Text(v.v.content[key]) })
}

// Open tells whether the view is still on the person's stack.
func (v *View) Open() bool {
	return v.read(func() string { return map[bool]string{true: "y"}[v.v.open] }) == "y"
}

// Text is what a person reads: the title, then the blocks, then the errors
// under fields, a line each. Buttons are in Buttons.
func (v *View) Text() string {
	return v.read(func() string {
		r := v.who.reader()
		var lines []string
		if title := r.Text(v.v.content["title"]); title != "" {
			lines = append(lines, title)
		}
		lines = append(lines, r.Lines(v.v.blocks, v.v.form.chosen)...)
		for _, id := range slices.Sorted(maps.Keys(v.v.errors)) {
			lines = append(lines, v.v.errors[id])
		}
		return strings.Join(lines, "\n")
	})
}

// Errors are the texts under the fields, by the fields' labels.
func (v *View) Errors() map[string]string {
	v.who.ws.mu.Lock()
	defer v.who.ws.mu.Unlock()
	out := map[string]string{}
	for _, c := range v.who.reader().Controls(v.v.blocks) {
		if why, wrong := v.v.errors[c.BlockID]; wrong {
			out[c.Label] = why
		}
	}
	return out
}

// Until waits until the view has every one of words.
func (v *View) Until(words ...string) error {
	if v.who.ws.await(v.who.patience, func() bool { return hasAll(v.Text(), words) }) {
		return nil
	}
	return fmt.Errorf("%s waited %s for a view %s, but it reads:\n%s%s",
		v.who.id, v.who.patience, describe(words), v.Text(), v.who.ws.lastTrouble())
}

// SubmitRequest is what sending the form sends, not sent yet. Slack's client
// refuses a form that lacks a required field; so does this.
func (v *View) SubmitRequest() (Request, error) {
	w := v.who.ws
	w.mu.Lock()
	payload, err := v.submission()
	w.mu.Unlock()
	if err != nil {
		return Request{}, fmt.Errorf("%s submits: %w", v.who.id, err)
	}
	req, err := w.interaction(interactionsPath, payload, v.who.id)
	req.settle = func(x *Exchange) { w.settleSubmission(x, v.v) }
	return req, err
}

func (v *View) submission() (map[string]any, error) {
	w := v.who.ws
	switch {
	case !v.v.open:
		return nil, errors.New("the modal is closed")
	case w.top(v.who.id) != v.v:
		return nil, errors.New("another modal lies on top of this one")
	case v.v.content["submit"] == nil:
		return nil, errors.New("the modal has no submit button")
	}
	var missing []string
	for _, c := range v.who.reader().Controls(v.v.blocks) {
		if why := incomplete(c, v.v.form.get(c)); why != "" && c.Input {
			missing = append(missing, fmt.Sprintf("%s: %s", c.Label, why))
		}
	}
	if len(missing) > 0 {
		return nil, fmt.Errorf("the form is not complete: %s", strings.Join(missing, "; "))
	}
	payload := w.envelope("view_submission", v.who.id)
	payload["trigger_id"] = w.newTrigger(v.who.id, v.v)
	payload["view"] = w.viewJSON(v.v)
	payload["response_urls"] = []any{}
	return payload, nil
}

// Submit sends the form and does what the answer says: the modal closes,
// changes, is covered by another one, or shows errors.
func (v *View) Submit() error { return v.submits(1) }

// SubmitAtOnce sends the same form n times together, as from n devices.
func (v *View) SubmitAtOnce(n int) error { return v.submits(n) }

func (v *View) submits(n int) error {
	reqs := make([]Request, n)
	for i := range reqs {
		var err error
		if reqs[i], err = v.SubmitRequest(); err != nil {
			return err
		}
	}
	return v.who.ws.actAll(reqs, true)
}

// Close presses the close button: this modal goes, and all of them with
// clear_on_close. The bot hears of it where it asked to with notify_on_close.
func (v *View) Close() error { return v.close(false) }

// Dismiss presses the cross in the corner: every modal of the stack goes.
func (v *View) Dismiss() error { return v.close(true) }

func (v *View) close(all bool) error {
	w := v.who.ws
	w.mu.Lock()
	if err := v.v.live(); err != nil || v.v.content["type"] == "home" {
		w.mu.Unlock()
		return fmt.Errorf("%s closes: %w", v.who.id, errors.Join(err, errors.New("only an open modal can be closed")))
	}
	all = all || v.v.content["clear_on_close"] == true
	leaving := []*view{v.v}
	if all {
		leaving = slices.Clone(w.stacks[v.who.id])
		slices.Reverse(leaving)
		w.clear(v.who.id)
	} else {
		w.pop(v.v)
	}
	var payloads []map[string]any
	for _, gone := range leaving {
		if gone.content["notify_on_close"] == true {
			payload := w.envelope("view_closed", v.who.id)
			payload["view"], payload["is_cleared"] = w.viewJSON(gone), all
			payloads = append(payloads, payload)
		}
	}
	w.mu.Unlock()
	for _, payload := range payloads {
		req, err := w.interaction(interactionsPath, payload, v.who.id)
		if err != nil {
			return err
		}
		req.settle = w.settleAction
		if err := w.act(req); err != nil {
			return err
		}
	}
	return nil
}

package playground

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"latchkey/adapters/playground/blockkit"
)

// surface is what a screen shows: a view or a message. Its methods run with mu held.
type surface interface {
	live() error // why it can no longer be used, or nil
	shown() ([]any, *form)
	dress(w *Workspace, user string, payload map[string]any) // adds container, state and URLs
	origin() *view                                           // the modal that a trigger comes from, or nil
}

// Screen is what a person has before her and acts on: the part that View and
// Message share.
type Screen struct {
	who *Person
	on  surface
}

// controls lists what can be used now, or why nothing can.
func (s Screen) controls() ([]blockkit.Control, error) {
	if err := s.on.live(); err != nil {
		return nil, err
	}
	blocks, _ := s.on.shown()
	return s.who.reader().Controls(blocks), nil
}

// able tells why this person can do nothing here, or nil. The caller holds mu.
func (s Screen) able() error {
	if _, known := s.who.ws.users[s.who.id]; !known {
		return fmt.Errorf("nobody in particular looks at this (user %q): act as someone, with As(…).In(…)", s.who.id)
	}
	return nil
}

// Buttons lists the texts of the buttons from top to bottom, entries of
// overflow menus among them. A modal's submit and close are not among them.
func (s Screen) Buttons() []string {
	s.who.ws.mu.Lock()
	defer s.who.ws.mu.Unlock()
	all, _ := s.controls()
	var out []string
	for _, b := range pressable(s.who.reader(), all) {
		out = append(out, b.label)
	}
	return out
}

// Fields lists the labels of everything that can be typed into or chosen from.
func (s Screen) Fields() []string {
	s.who.ws.mu.Lock()
	defer s.who.ws.mu.Unlock()
	all, _ := s.controls()
	var out []string
	for _, c := range all {
		if valueKey(c.Kind) != "" {
			out = append(out, c.Label)
		}
	}
	return out
}

// press is one thing to press: a button, or an entry of an overflow menu.
type press struct {
	control blockkit.Control
	label   string
	option  map[string]any // of an overflow menu
}

func pressable(r blockkit.Reader, all []blockkit.Control) []press {
	var out []press
	for _, c := range all {
		switch c.Kind {
		case "button":
			out = append(out, press{control: c, label: c.Label})
		case "overflow":
			for _, o := range c.Options() {
				out = append(out, press{control: c, label: r.Text(o["text"]), option: o})
			}
		}
	}
	return out
}

// findPress finds one button by its text or its accessibility label.
func (s Screen) findPress(label string) (press, error) {
	all, err := s.controls()
	if err != nil {
		return press{}, err
	}
	var there []string
	var found []press
	for _, b := range pressable(s.who.reader(), all) {
		name := fmt.Sprintf("%q", b.label)
		if b.control.Spoken != "" {
			name += fmt.Sprintf(" (spoken %q)", b.control.Spoken)
		}
		there = append(there, name)
		if b.label == label || b.control.Spoken == label {
			found = append(found, b)
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(there) == 0:
		return press{}, fmt.Errorf("no button %q: there are no buttons", label)
	case len(found) == 0:
		return press{}, fmt.Errorf("no button %q: there are %s", label, strings.Join(there, ", "))
	}
	return press{}, fmt.Errorf("%d buttons are called %q, name one by its accessibility label: there are %s",
		len(found), label, strings.Join(there, ", "))
}

// ClickRequest is what a click on a button sends, not sent yet. Each has a
// trigger and a time of its own, as each click has.
func (s Screen) ClickRequest(label string) (Request, error) {
	w := s.who.ws
	w.mu.Lock()
	b, err := s.findPress(label)
	if err = errors.Join(err, s.able()); err != nil {
		w.mu.Unlock()
		return Request{}, fmt.Errorf("%s clicks: %w", s.who.id, err)
	}
	var extra map[string]any
	if b.option != nil {
		extra = map[string]any{"selected_option": b.option}
	}
	payload := s.action(b.control, extra)
	w.mu.Unlock()
	req, err := w.interaction(interactionsPath, payload, s.who.id)
	req.settle = w.settleAction
	return req, err
}

// action is the payload of block_actions. The caller holds mu.
func (s Screen) action(c blockkit.Control, extra map[string]any) map[string]any {
	w := s.who.ws
	payload := w.envelope("block_actions", s.who.id)
	payload["trigger_id"] = w.newTrigger(s.who.id, s.on.origin())
	s.on.dress(w, s.who.id, payload)
	payload["actions"] = []any{w.actionJSON(c, extra)}
	return payload
}

// Click presses a button, found by its text or its accessibility label; an
// entry of an overflow menu counts as one. A confirmation is confirmed.
func (s Screen) Click(label string) error {
	req, err := s.ClickRequest(label)
	if err != nil {
		return err
	}
	return s.who.ws.act(req)
}

// ClickTwice presses a button twice before the screen has changed: two
// requests, the second sent when the first was answered.
func (s Screen) ClickTwice(label string) error { return s.clicks(label, 2, false) }

// ClickAtOnce sends n clicks on one button at the same time.
func (s Screen) ClickAtOnce(label string, n int) error { return s.clicks(label, n, true) }

func (s Screen) clicks(label string, n int, together bool) error {
	reqs := make([]Request, n)
	for i := range reqs {
		var err error
		if reqs[i], err = s.ClickRequest(label); err != nil {
			return err
		}
	}
	return s.who.ws.actAll(reqs, together)
}

// actAll sends several requests, one after the other or together, and gives
// the first error.
func (w *Workspace) actAll(reqs []Request, together bool) error {
	errs := make([]error, len(reqs))
	var group sync.WaitGroup
	for i, req := range reqs {
		if !together {
			errs[i] = w.act(req)
			continue
		}
		group.Go(func() { errs[i] = w.act(req) })
	}
	group.Wait()
	if i := slices.IndexFunc(errs, func(err error) bool { return err != nil }); i >= 0 {
		return errs[i]
	}
	return nil
}

// Confirmation reads the dialog that a button asks once more with: title,
// text, and the two choices, a line each; "" when it asks nothing.
func (s Screen) Confirmation(label string) (string, error) {
	s.who.ws.mu.Lock()
	defer s.who.ws.mu.Unlock()
	b, err := s.findPress(label)
	if err != nil {
		return "", err
	}
	dialog, ok := b.control.Element["confirm"].(map[string]any)
	if !ok {
		return "", nil
	}
	r := s.who.reader()
	return strings.Join([]string{r.Text(dialog["title"]), r.Text(dialog["text"]), r.Text(dialog["confirm"]), r.Text(dialog["deny"])}, "\n"), nil
}

// Link gives the address that a button opens, "" when it opens none.
func (s Screen) Link(label string) (string, error) {
	s.who.ws.mu.Lock()
	defer s.who.ws.mu.Unlock()
	b, err := s.findPress(label)
	if err != nil {
		return "", err
	}
	return str(b.control.Element["url"]), nil
}

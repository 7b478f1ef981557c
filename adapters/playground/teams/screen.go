package teams

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"latchkey/adapters/playground/adaptivecard"
)

// surface is what a screen shows: a dialog or a message. Its methods run with mu held.
type surface interface {
	live() error // why it can no longer be used, or nil
	shown(user string) *face
}

// Screen is what a person has before her and acts on: the part that View and
// Message share.
type Screen struct {
	who *Person
	on  surface
}

// screen reads the card as it stands now. The caller holds mu.
func (s Screen) screen() (adaptivecard.Screen, *face, adaptivecard.Reader) {
	f, u := s.on.shown(s.who.id), s.who.t.users[s.who.id]
	r := adaptivecard.Reader{Zone: u.zone(), Old: u.Old, Values: f.values, Opened: f.opened, Hidden: f.hidden}
	return r.Read(f.card), f, r
}

func (s Screen) reads(lines func(adaptivecard.Screen, adaptivecard.Reader) []string) string {
	s.who.t.mu.Lock()
	defer s.who.t.mu.Unlock()
	now, _, r := s.screen()
	return strings.Join(lines(now, r), "\n")
}

// Buttons lists the titles of the buttons from top to bottom. The one that
// sends a dialog's form is not among them.
func (s Screen) Buttons() []string {
	s.who.t.mu.Lock()
	defer s.who.t.mu.Unlock()
	if s.on.live() != nil {
		return nil
	}
	now, _, _ := s.screen()
	_, dialog := s.on.(*dialog)
	send, _ := sender(now)
	var out []string
	for _, p := range now.Presses {
		if !dialog || p.Pointer != send.Pointer {
			out = append(out, p.Title)
		}
	}
	return out
}

// Fields lists the labels of everything that can be typed into or chosen from.
func (s Screen) Fields() []string {
	s.who.t.mu.Lock()
	defer s.who.t.mu.Unlock()
	now, _, _ := s.screen()
	var out []string
	for _, in := range now.Inputs {
		out = append(out, in.Label)
	}
	return out
}

// find finds one button by its title or tooltip. The caller holds mu.
func (s Screen) find(label string) (adaptivecard.Press, error) {
	if err := errors.Join(s.on.live(), s.able()); err != nil {
		return adaptivecard.Press{}, err
	}
	now, _, _ := s.screen()
	var there []string
	var found []adaptivecard.Press
	for _, p := range now.Presses {
		there = append(there, fmt.Sprintf("%q", p.Title))
		if (p.Title == label || p.Spoken == label && label != "") && p.Action["isEnabled"] != false {
			found = append(found, p)
		}
	}
	if len(found) == 1 {
		return found[0], nil
	}
	return adaptivecard.Press{}, fmt.Errorf("%d buttons called %q: there are %s", len(found), label,
		strings.Join(append(there, "no others"), ", "))
}

// able tells why this person can do nothing here, or nil. The caller holds mu.
func (s Screen) able() error {
	if _, known := s.who.t.users[s.who.id]; !known {
		return fmt.Errorf("nobody in particular looks at this (user %q)", s.who.id)
	}
	return nil
}

// asking gives the button inside a small card that only asks once more: a card
// without inputs and with one button that sends.
func asking(p adaptivecard.Press) (adaptivecard.Press, []string, bool) {
	inside := (adaptivecard.Reader{}).Read(member(p.Action, "card"))
	if p.Kind != "Action.ShowCard" || len(inside.Inputs) > 0 {
		return p, nil, false
	}
	sends := slices.DeleteFunc(slices.Clone(inside.Presses), func(p adaptivecard.Press) bool {
		return p.Kind != "Action.Execute" && p.Kind != "Action.Submit"
	})
	if len(sends) != 1 {
		return p, nil, false
	}
	lines := inside.Lines
	for _, press := range inside.Presses {
		lines = append(lines, press.Title)
	}
	return sends[0], lines, true
}

// Confirmation reads the small card that a button asks once more with: its
// text and its buttons, a line each; "" when it asks nothing.
func (s Screen) Confirmation(label string) (string, error) {
	s.who.t.mu.Lock()
	defer s.who.t.mu.Unlock()
	p, err := s.find(label)
	if err != nil {
		return "", err
	}
	_, lines, _ := asking(p)
	return strings.Join(lines, "\n"), nil
}

// Link gives the address that a button opens, "" when it opens none.
func (s Screen) Link(label string) (string, error) {
	s.who.t.mu.Lock()
	defer s.who.t.mu.Unlock()
	p, err := s.find(label)
	return str(p.Action["url"]), err
}

// Click presses a button, found by its title or tooltip. A small card that
// asks once more is confirmed; another one opens, or closes again.
func (s Screen) Click(label string) error {
	t := s.who.t
	t.mu.Lock()
	p, err := s.find(label)
	if err == nil {
		done := s.local(p)
		if done {
			t.stir()
			t.mu.Unlock()
			return nil
		}
	}
	t.mu.Unlock()
	if err != nil {
		return fmt.Errorf("%s clicks: %w", s.who.id, err)
	}
	req, err := s.ClickRequest(label)
	if err != nil {
		return err
	}
	return t.act(req)
}

// local does what the client does by itself. The caller holds mu.
func (s Screen) local(p adaptivecard.Press) bool {
	f := s.on.shown(s.who.id)
	switch p.Kind {
	case "Action.OpenUrl":
		return true
	case "Action.ToggleVisibility":
		targets, _ := p.Action["targetElements"].([]any)
		for _, target := range targets {
			id := str(target)
			if id == "" {
				id = str(member(target, "elementId"))
			}
			f.hidden[id] = !f.hidden[id]
		}
		return true
	case "Action.ShowCard":
		if _, _, asks := asking(p); !asks {
			f.opened[p.Pointer] = !f.opened[p.Pointer]
			return true
		}
	}
	return false
}

// ClickRequest is what a click on a button sends, not sent yet. Teams' client
// refuses a form that is not complete; so does this.
func (s Screen) ClickRequest(label string) (Request, error) {
	t := s.who.t
	t.mu.Lock()
	p, err := s.find(label)
	var a map[string]any
	var settle func(*Exchange)
	if err == nil {
		a, settle, err = s.pressed(p)
	}
	t.mu.Unlock()
	if err != nil {
		return Request{}, fmt.Errorf("%s clicks: %w", s.who.id, err)
	}
	return t.request(s.who.id, a, settle)
}

// ClickTwice presses a button twice before the screen has changed.
func (s Screen) ClickTwice(label string) error { return s.clicks(label, 2, false) }

// ClickAtOnce sends n clicks on one button at the same time.
func (s Screen) ClickAtOnce(label string, n int) error { return s.clicks(label, n, true) }

func (s Screen) clicks(label string, n int, together bool) error {
	return s.who.t.repeat(n, together, func() (Request, error) { return s.ClickRequest(label) })
}

// repeat makes n requests of one screen, then sends them one after the other
// or together, and gives the first error.
func (t *Tenant) repeat(n int, together bool, make1 func() (Request, error)) error {
	var reqs []Request
	for range n {
		req, err := make1()
		if err != nil {
			return err
		}
		reqs = append(reqs, req)
	}
	errs := make([]error, n)
	var group sync.WaitGroup
	for i, req := range reqs {
		if !together {
			errs[i] = t.act(req)
			continue
		}
		group.Go(func() { errs[i] = t.act(req) })
	}
	group.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

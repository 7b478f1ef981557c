package playground

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"latchkey/adapters/playground/blockkit"
)

// What a client that draws the screens needs beside the driver's words: blocks
// as they were sent, and controls by their ids instead of their labels.

// Entry is what a person entered into one control of an input block.
type Entry struct {
	Block  string   `json:"block"`
	Action string   `json:"action"`
	Text   string   `json:"text"`   // of a text field
	Picked []string `json:"picked"` // values of the ticked boxes, or of the chosen option
}

// Blocks are the blocks as the bot sent them, each with an id. They must not
// be changed. A message of text alone has none.
func (s Screen) Blocks() []any {
	s.who.ws.mu.Lock()
	defer s.who.ws.mu.Unlock()
	blocks, _ := s.on.shown()
	return blocks
}

// Entered is what stands in the controls now, as Slack's state.values: block
// id, action id, value.
func (s Screen) Entered() map[string]map[string]map[string]any {
	s.who.ws.mu.Lock()
	defer s.who.ws.mu.Unlock()
	_, f := s.on.shown()
	out := make(map[string]map[string]map[string]any, len(*f))
	for block, actions := range *f {
		out[block] = maps.Clone(actions)
	}
	return out
}

// Put stores what was entered. A control that is no longer there, since the
// bot has changed the screen meanwhile, is left out, as Slack's client does.
func (s Screen) Put(entries []Entry) error {
	s.who.ws.mu.Lock()
	defer s.who.ws.mu.Unlock()
	all, err := s.controls()
	if err = errors.Join(err, s.able()); err != nil {
		return fmt.Errorf("%s enters: %w", s.who.id, err)
	}
	_, f := s.on.shown()
	if *f == nil {
		*f = form{}
	}
	for _, e := range entries {
		i := slices.IndexFunc(all, func(c blockkit.Control) bool {
			return c.Input && c.BlockID == e.Block && c.ActionID == e.Action
		})
		if i < 0 {
			continue
		}
		value, err := e.value(all[i])
		if err != nil {
			return fmt.Errorf("%s enters: %w", s.who.id, err)
		}
		f.set(all[i], value)
	}
	return nil
}

// value is what was entered as Slack sends it. Options are those of the control:
// what a client picks of others counts for nothing.
func (e Entry) value(c blockkit.Control) (map[string]any, error) {
	value := map[string]any{"type": c.Kind}
	picked := []any{}
	for _, o := range c.Options() {
		if slices.Contains(e.Picked, str(o["value"])) {
			picked = append(picked, o)
		}
	}
	switch c.Kind {
	case "plain_text_input":
		value["value"] = nil
		if e.Text != "" {
			value["value"] = e.Text
		}
	case "checkboxes":
		value["selected_options"] = picked
	case "static_select":
		value["selected_option"] = nil
		if len(picked) == 1 {
			value["selected_option"] = picked[0]
		}
	default:
		return nil, fmt.Errorf("a %s takes nothing by its ids", c.Kind)
	}
	return value, nil
}

// Pick picks an option of the menu with these ids, of a block and of an action,
// outside a form: the bot is told at once.
func (s Screen) Pick(block, action, option string) error {
	return s.enter(func() (blockkit.Control, map[string]any, error) {
		all, err := s.controls()
		if err != nil {
			return blockkit.Control{}, nil, err
		}
		i := slices.IndexFunc(all, func(c blockkit.Control) bool {
			return c.Kind == "static_select" && !c.Input && c.BlockID == block && c.ActionID == action
		})
		if i < 0 {
			return blockkit.Control{}, nil, errors.New("the menu is not there any more")
		}
		value, err := Entry{Picked: []string{option}}.value(all[i])
		if err == nil && value["selected_option"] == nil {
			err = errors.New("the menu has no such option any more")
		}
		return all[i], value, err
	})
}

// Press presses the button with these ids, of a block and of an action.
func (s Screen) Press(block, action string) error {
	w := s.who.ws
	w.mu.Lock()
	all, err := s.controls()
	i := slices.IndexFunc(all, func(c blockkit.Control) bool {
		return c.Kind == "button" && c.BlockID == block && c.ActionID == action
	})
	if err = errors.Join(err, s.able()); err == nil && i < 0 {
		err = errors.New("the button is not there any more")
	}
	if err != nil {
		w.mu.Unlock()
		return fmt.Errorf("%s clicks: %w", s.who.id, err)
	}
	payload := s.action(all[i], nil)
	w.mu.Unlock()
	req, err := w.interaction(interactionsPath, payload, s.who.id)
	if err != nil {
		return err
	}
	req.settle = w.settleAction
	return w.act(req)
}

// Faults are the texts under the fields, by the ids of their blocks.
func (v *View) Faults() map[string]string {
	v.who.ws.mu.Lock()
	defer v.who.ws.mu.Unlock()
	return maps.Clone(v.v.errors)
}

// Modals are the open modals, the top one last.
func (p *Person) Modals() []*View {
	p.ws.mu.Lock()
	defer p.ws.mu.Unlock()
	var out []*View
	for _, v := range p.ws.stacks[p.id] {
		out = append(out, p.view(v))
	}
	return out
}

// Published is the Home tab that the bot has published, or nil.
func (p *Person) Published() *View {
	p.ws.mu.Lock()
	defer p.ws.mu.Unlock()
	if v := p.ws.homes[p.id]; v != nil {
		return p.view(v)
	}
	return nil
}

// Channels are the channels that the person is in, by name.
func (p *Person) Channels() []Channel {
	p.ws.mu.Lock()
	defer p.ws.mu.Unlock()
	var out []Channel
	for _, r := range p.ws.rooms {
		if r.direct == "" && r.has(p.id) {
			out = append(out, r.Channel)
		}
	}
	slices.SortFunc(out, func(a, b Channel) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// Names gives the names of all users and channels, by id.
func (w *Workspace) Names() map[string]string {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := map[string]string{}
	for id, u := range w.users {
		out[id] = u.RealName
	}
	for id, r := range w.rooms {
		out[id] = r.Name
	}
	return out
}

// Source is the message's top-level text as the bot wrote it, in Slack's markup.
func (m *Message) Source() string {
	m.who.ws.mu.Lock()
	defer m.who.ws.mu.Unlock()
	return m.m.text
}

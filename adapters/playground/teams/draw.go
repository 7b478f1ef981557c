package teams

import (
	"fmt"
	"slices"
	"strings"

	"latchkey/adapters/playground/adaptivecard"
)

// What a page needs that draws the client of a person by itself.

// Place is a conversation in a person's list.
type Place struct {
	ID, Name string
	Direct   bool // her 1:1 chat with the bot
}

// Places lists where a person can be: the 1:1 chat first, then by name.
func (p *Person) Places() []Place {
	p.t.mu.Lock()
	defer p.t.mu.Unlock()
	if _, known := p.t.users[p.id]; !known {
		return nil
	}
	out := []Place{{ID: p.t.personal(p.id).ID, Name: p.t.opts.BotName, Direct: true}}
	for _, r := range p.t.rooms {
		if r.direct == "" && r.has(p.id) {
			out = append(out, Place{ID: r.ID, Name: r.Name})
		}
	}
	slices.SortFunc(out[1:], func(a, b Place) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// At puts the person into a conversation by its id, her 1:1 chat included.
func (p *Person) At(conversation string) *Person {
	p.t.mu.Lock()
	direct := p.t.personal(p.id).ID
	p.t.mu.Unlock()
	if conversation == direct {
		return p.In("")
	}
	return p.In(conversation)
}

// Names gives the names of all people and conversations, by id.
func (t *Tenant) Names() map[string]string {
	t.mu.Lock()
	defer t.mu.Unlock()
	out := map[string]string{}
	for id, u := range t.users {
		out[id] = u.Name
	}
	for id, r := range t.rooms {
		out[id] = r.Name
	}
	return out
}

// BotName is how people mention the bot.
func (t *Tenant) BotName() string { return t.opts.BotName }

// Menu lists the titles of the app's entries in the menu of a message.
func (t *Tenant) Menu() []string {
	var out []string
	for _, c := range t.opts.Commands {
		if slices.Contains(c.Contexts, "message") {
			out = append(out, c.Title)
		}
	}
	return out
}

// Card is the Adaptive Card as it stands before this person, as JSON decodes
// it; nil where there is none. It must not be changed.
func (s Screen) Card() any {
	s.who.t.mu.Lock()
	defer s.who.t.mu.Unlock()
	return s.on.shown(s.who.id).card
}

// Source is the text as it was written; a mention of the bot stands in it.
func (m *Message) Source() string {
	t := m.who.t
	t.mu.Lock()
	defer t.mu.Unlock()
	if m.m.mention {
		return "<at>" + t.opts.BotName + "</at> " + m.m.text
	}
	return m.m.text
}

// ID names the dialog among all that were opened.
func (v *View) ID() string { return fmt.Sprintf("dialog %d", v.d.number) }

// Version is how many cards and texts the dialog has shown so far.
func (v *View) Version() int { v.d.t.mu.Lock(); defer v.d.t.mu.Unlock(); return v.d.version }

// Said is the text that a dialog shows instead of a card, "" where it has one.
func (v *View) Said() string { v.d.t.mu.Lock(); defer v.d.t.mu.Unlock(); return v.d.said }

// Press presses the button at a JSON pointer into the card (RFC 6901), with what
// was entered, by the inputs' ids. An input that is no longer there is left out,
// as by Teams' client. A small card that a button opens is taken as open where
// the pointer leads into it.
func (s Screen) Press(pointer string, inputs map[string]string) error {
	t := s.who.t
	t.mu.Lock()
	a, settle, err := s.pressAt(pointer, inputs)
	t.mu.Unlock()
	if err != nil {
		return fmt.Errorf("%s presses: %w", s.who.id, err)
	}
	req, err := t.request(s.who.id, a, settle)
	if err != nil {
		return err
	}
	return t.act(req)
}

// pressAt gives what a press sends. The caller holds mu.
func (s Screen) pressAt(pointer string, inputs map[string]string) (map[string]any, func(*Exchange), error) {
	if err := s.on.live(); err != nil {
		return nil, nil, err
	}
	if err := s.able(); err != nil {
		return nil, nil, err
	}
	f := s.on.shown(s.who.id)
	for at := range parents(pointer) {
		f.opened[at] = true
	}
	now, _, _ := s.screen()
	for _, in := range now.Inputs {
		if value, entered := inputs[in.ID]; entered {
			f.values[in.ID] = value
		}
	}
	now, _, _ = s.screen()
	i := slices.IndexFunc(now.Presses, func(p adaptivecard.Press) bool { return p.Pointer == pointer })
	if i < 0 || now.Presses[i].Action["isEnabled"] == false {
		return nil, nil, fmt.Errorf("there is no button at %q that can be pressed: the card has changed", pointer)
	}
	return s.pressed(now.Presses[i])
}

// parents gives the pointers of the buttons whose small cards a pointer leads into.
func parents(pointer string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for at := 0; ; {
			n := strings.Index(pointer[at:], "/card/")
			if n < 0 || !yield(pointer[:at+n]) {
				return
			}
			at += n + len("/card/")
		}
	}
}

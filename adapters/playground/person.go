package playground

import (
	"context"
	"fmt"
	"strings"
	"time"

	"latchkey/adapters/playground/blockkit"
)

// Person is one user in front of her screen. She acts in her direct message
// with the bot, or in the channel that In names.
type Person struct {
	ws       *Workspace
	id       string
	channel  string // "" is the direct message with the bot
	patience time.Duration
}

// As puts a user in front of the screen. An id that is not in the workspace
// makes everything that she does an error.
func (w *Workspace) As(user string) *Person {
	return &Person{ws: w, id: user, patience: w.opts.Patience}
}

// ID is the user's id.
func (p *Person) ID() string { return p.id }

// In is the same person in a channel.
func (p *Person) In(channel string) *Person {
	there := *p
	there.channel = channel
	return &there
}

// Within is the same person with another patience, by the wall clock.
func (p *Person) Within(patience time.Duration) *Person {
	other := *p
	other.patience = patience
	return &other
}

// Say types a line where the person is and sends it. Only slash commands reach
// the bot. It returns when the bot has answered; an answer that Slack would
// not take is an *AnswerError.
func (p *Person) Say(line string) error {
	req, err := p.ws.CommandRequest(p.id, p.channel, line)
	if err != nil {
		return err
	}
	return p.ws.act(req)
}

// Modal waits until the person's top modal is one whose text has every one of
// words, and gives it.
func (p *Person) Modal(words ...string) (*View, error) {
	return p.ModalWhere(describe(words), func(v *View) bool { return hasAll(v.Text(), words) })
}

// ModalWhere waits until the top modal satisfies fits; what names it in the error.
func (p *Person) ModalWhere(what string, fits func(*View) bool) (*View, error) {
	var found *View
	if p.ws.await(p.patience, func() bool {
		found = p.topModal()
		return found != nil && fits(found)
	}) {
		return found, nil
	}
	return nil, p.missed("a modal "+what, found)
}

// NoModal waits until no modal is open.
func (p *Person) NoModal() error {
	var open *View
	if p.ws.await(p.patience, func() bool { open = p.topModal(); return open == nil }) {
		return nil
	}
	return p.missed("all modals to be closed", open)
}

func (p *Person) missed(what string, open *View) error {
	screen := "no modal is open"
	if open != nil {
		screen = "the modal that is open reads:\n" + open.Text()
	}
	return fmt.Errorf("%s waited %s for %s, but %s%s", p.id, p.patience, what, screen, p.ws.lastTrouble())
}

func (p *Person) topModal() *View {
	p.ws.mu.Lock()
	defer p.ws.mu.Unlock()
	if v := p.ws.top(p.id); v != nil {
		return p.view(v)
	}
	return nil
}

func (p *Person) view(v *view) *View { return &View{Screen: Screen{who: p, on: v}, v: v} }

// Home waits until the Home tab that the bot published has every one of words.
func (p *Person) Home(words ...string) (*View, error) {
	var found *View
	if p.ws.await(p.patience, func() bool {
		p.ws.mu.Lock()
		v := p.ws.homes[p.id]
		p.ws.mu.Unlock()
		if v == nil {
			return false
		}
		found = p.view(v)
		return hasAll(found.Text(), words)
	}) {
		return found, nil
	}
	return nil, p.missed("a Home tab "+describe(words), found)
}

// Room is where the person is: her direct message with the bot or the channel.
func (p *Person) Room() *Room { return &Room{ws: p.ws, who: p, id: p.roomID()} }

// DM is the person's direct message with the bot, wherever she is.
func (p *Person) DM() *Room { return p.In("").Room() }

func (p *Person) roomID() string {
	if p.channel == "" {
		return "D" + p.id
	}
	return p.channel
}

// Last gives the person's last exchange with the bot.
func (p *Person) Last() (Exchange, bool) {
	all := p.ws.Exchanges()
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].User == p.id {
			return all[i], true
		}
	}
	return Exchange{}, false
}

// reader shows texts as this person sees them. The caller holds mu, and holds
// it while reading.
func (p *Person) reader() blockkit.Reader {
	name := func(id string) string {
		if u, known := p.ws.users[id]; known && u.RealName != "" {
			return u.RealName
		}
		return id
	}
	channel := func(id string) string {
		if r, known := p.ws.rooms[id]; known && r.Name != "" {
			return r.Name
		}
		return id
	}
	return blockkit.Reader{User: name, Channel: channel, Zone: p.ws.users[p.id].where()}
}

// AnswerError says that the bot's answer, or its absence, would fail in Slack.
type AnswerError struct{ Exchange Exchange }

func (e *AnswerError) Error() string {
	return fmt.Sprintf("the %s of %s failed: %s", e.Exchange.Kind, e.Exchange.User, e.Exchange.Failure)
}

// act sends a request as the screen does, and settles the answer.
func (w *Workspace) act(req Request) error {
	x, err := w.Deliver(context.Background(), req)
	switch {
	case err != nil:
		return err
	case x.Failure != "":
		return &AnswerError{Exchange: x}
	}
	return nil
}

func hasAll(text string, words []string) bool {
	for _, word := range words {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

func describe(words []string) string {
	if len(words) == 0 {
		return "with any text"
	}
	return fmt.Sprintf("that says %q", words)
}

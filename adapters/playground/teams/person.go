package teams

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Person is one user in front of her client. She acts in her 1:1 chat with the
// bot, or in the conversation that In names.
type Person struct {
	t        *Tenant
	id       string
	channel  string // "" is the 1:1 chat
	patience time.Duration
}

// As puts a user in front of the screen. An id that is not in the tenant makes
// everything that she does an error.
func (t *Tenant) As(user string) *Person { return &Person{t: t, id: user, patience: t.opts.Patience} }

// ID is the user's id.
func (p *Person) ID() string { return p.id }

// In is the same person in a channel or group chat.
func (p *Person) In(channel string) *Person { there := *p; there.channel = channel; return &there }

// Within is the same person with another patience, by the wall clock.
func (p *Person) Within(patience time.Duration) *Person {
	other := *p
	other.patience = patience
	return &other
}

// Patience is how long she waits for what a story expects, by the wall clock.
func (p *Person) Patience() time.Duration { return p.patience }

// Say writes a line to the bot, with a mention where others are. It returns
// when the bot has answered.
func (p *Person) Say(line string) error {
	m, req, err := p.says(line)
	if err != nil {
		return fmt.Errorf("%s says: %w", p.id, err)
	}
	if m.room.WithoutBot {
		return fmt.Errorf("%s says: the bot is not in %s", p.id, m.room.ID)
	}
	return p.t.act(req)
}

// SayRequest is what saying a line sends, not sent yet; it stands in the
// conversation all the same.
func (p *Person) SayRequest(line string) (Request, error) {
	_, req, err := p.says(line)
	return req, err
}

func (p *Person) says(line string) (*message, Request, error) {
	t := p.t
	t.mu.Lock()
	u, r, err := t.who(p.id, p.channel)
	if err == nil && r.direct != "" && u.Uninstalled {
		err = errors.New("the app is not installed for her: see Install")
	}
	if err != nil {
		t.mu.Unlock()
		return nil, Request{}, err
	}
	m := t.put(r, p.id, line)
	m.mention = r.direct == ""
	a := t.said(u, r, m, r.direct == "")
	t.mu.Unlock()
	req, err := t.request(p.id, a, func(*Exchange) {})
	return m, req, err
}

// put adds a person's line to a conversation. The caller holds mu.
func (t *Tenant) put(r *room, user, line string) *message {
	m := &message{room: r, id: t.activityID(), by: user, text: line, faces: map[string]*face{}, seen: map[string]int{}}
	r.messages = append(r.messages, m)
	t.stir()
	return m
}

// Write posts a line that is for the others; the bot, not mentioned, hears
// nothing. In a 1:1 chat there are no others.
func (p *Person) Write(line string) (*Message, error) {
	p.t.mu.Lock()
	defer p.t.mu.Unlock()
	_, r, err := p.t.who(p.id, p.channel)
	if err == nil && r.direct != "" {
		err = errors.New("in a 1:1 chat every line goes to the bot: Say it")
	}
	if err != nil {
		return nil, fmt.Errorf("%s writes: %w", p.id, err)
	}
	return p.sees(p.t.put(r, p.id, line)), nil
}

func (p *Person) sees(m *message) *Message { return &Message{Screen: Screen{who: p, on: m}, m: m} }

// Modal waits until the person's dialog is one whose text has every one of
// words, and gives it.
func (p *Person) Modal(words ...string) (*View, error) {
	return p.ModalWhere(describe(words), func(v *View) bool { return hasAll(v.Text(), words) })
}

// ModalWhere waits until the dialog satisfies fits; what names it in the error.
func (p *Person) ModalWhere(what string, fits func(*View) bool) (*View, error) {
	var found *View
	if p.t.await(p.patience, func() bool {
		found = p.open()
		return found != nil && fits(found)
	}) {
		return found, nil
	}
	return nil, p.missed("a dialog "+what, found)
}

// NoModal waits until no dialog is open.
func (p *Person) NoModal() error {
	var open *View
	if p.t.await(p.patience, func() bool { open = p.open(); return open == nil }) {
		return nil
	}
	return p.missed("the dialog to be closed", open)
}

func (p *Person) open() *View {
	p.t.mu.Lock()
	defer p.t.mu.Unlock()
	if d := p.t.dialogs[p.id]; d != nil {
		return &View{Screen: Screen{who: p, on: d}, d: d}
	}
	return nil
}

// Dialog gives the dialog that is open now, without waiting.
func (p *Person) Dialog() (*View, bool) {
	v := p.open()
	return v, v != nil
}

func (p *Person) missed(what string, open *View) error {
	screen := "no dialog is open"
	if open != nil {
		screen = "the dialog that is open reads:\n" + open.Text()
	}
	return fmt.Errorf("%s waited %s for %s, but %s%s", p.id, p.patience, what, screen, p.t.lastTrouble())
}

// OpenHome asks for the card that stands for Slack's Home.
func (p *Person) OpenHome() error { return p.In("").Say("home") }

// Home waits for a card in the 1:1 chat that has every one of words.
func (p *Person) Home(words ...string) (*Message, error) {
	return p.DM().MessageWhere(describe(words), func(m *Message) bool {
		return m.m.by == "" && m.m.card != nil && hasAll(m.Text(), words)
	})
}

// Room is where the person is: her 1:1 chat or the conversation of In.
func (p *Person) Room() *Room { return &Room{who: p} }

// DM is the person's 1:1 chat with the bot, wherever she is.
func (p *Person) DM() *Room { return p.In("").Room() }

// Last gives the person's last exchange with the bot.
func (p *Person) Last() (Exchange, bool) {
	all := p.t.Exchanges()
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].User == p.id {
			return all[i], true
		}
	}
	return Exchange{}, false
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

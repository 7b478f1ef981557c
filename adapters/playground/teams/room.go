package teams

import (
	"errors"
	"fmt"
	"strings"

	"latchkey/adapters/playground/adaptivecard"
)

// Room is a conversation as one person sees it, or, from Tenant.Channel, as
// nobody in particular does: then targeted messages are not in it and nothing
// can be clicked.
type Room struct{ who *Person }

// Channel looks into a channel or group chat by its id.
func (t *Tenant) Channel(id string) *Room { return t.As("").In(id).Room() }

// Messages lists what is there to see, oldest first. Where a card offers this
// person a view of her own, her client asks for it first, once a version.
func (r *Room) Messages() []*Message {
	all := r.list()
	for _, m := range all {
		m.look()
	}
	return all
}

func (r *Room) list() []*Message {
	t := r.who.t
	t.mu.Lock()
	defer t.mu.Unlock()
	id := r.who.channel
	if id == "" && r.who.id != "" {
		id = t.personal(r.who.id).ID
	}
	in, known := t.rooms[id]
	if !known || r.who.id != "" && !in.has(r.who.id) {
		return nil
	}
	var out []*Message
	for _, m := range in.messages {
		if !m.gone && (m.only == "" || m.only == r.who.id) {
			out = append(out, r.who.sees(m))
		}
	}
	return out
}

// Text is what is read in the conversation, oldest first, a blank line between messages.
func (r *Room) Text() string {
	var all []string
	for _, m := range r.Messages() {
		all = append(all, m.Text())
	}
	return strings.Join(all, "\n\n")
}

// Message waits for a message of the bot or of others whose text has every one
// of words, and gives the newest such.
func (r *Room) Message(words ...string) (*Message, error) {
	return r.MessageWhere(describe(words), func(m *Message) bool {
		return (m.m.by == "" || m.m.by != r.who.id) && hasAll(m.Text(), words)
	})
}

// MessageWhere waits for a message that satisfies fits; what names it in the error.
func (r *Room) MessageWhere(what string, fits func(*Message) bool) (*Message, error) {
	var found *Message
	if r.who.t.await(r.who.patience, func() bool {
		for _, m := range r.Messages() {
			if fits(m) {
				found = m
			}
		}
		return found != nil
	}) {
		return found, nil
	}
	there := r.Text()
	if there == "" {
		there = "(nothing)"
	}
	return nil, fmt.Errorf("waited %s for a message %s, but there is:\n%s%s", r.who.patience, what, there, r.who.t.lastTrouble())
}

// Message is one message as one person sees it. It is live.
type Message struct {
	Screen
	m *message
}

func (m *message) live() error {
	if m.gone {
		return errors.New("the message is deleted")
	}
	return nil
}

func (m *message) shown(user string) *face { return m.face(user) }

// Text is what a person reads: the text, then the card, a line each.
func (m *Message) Text() string {
	m.look()
	return m.reads(func(s adaptivecard.Screen, r adaptivecard.Reader) []string {
		if m.m.text == "" {
			return s.Lines
		}
		return append([]string{r.Text(m.m.text)}, s.Lines...)
	})
}

// Notification is what a notification shows: the summary, or the text.
func (m *Message) Notification() string {
	m.who.t.mu.Lock()
	defer m.who.t.mu.Unlock()
	if m.m.summary != "" {
		return m.m.summary
	}
	return m.m.text
}

// ID is the message's id in its conversation.
func (m *Message) ID() string { return m.m.id }

// By is the id of the person who wrote it, "" for the bot.
func (m *Message) By() string { return m.m.by }

// Thread is the id of the message that this one answers, "" if none.
func (m *Message) Thread() string { return m.m.thread }

// Ephemeral tells whether the message is targeted: one person sees it.
func (m *Message) Ephemeral() bool { return m.m.only != "" }

// Edited tells whether the bot has changed the message.
func (m *Message) Edited() bool {
	m.who.t.mu.Lock()
	defer m.who.t.mu.Unlock()
	return m.m.edited
}

// Until waits until the message has every one of words.
func (m *Message) Until(words ...string) error {
	if m.who.t.await(m.who.patience, func() bool { return hasAll(m.Text(), words) }) {
		return nil
	}
	return fmt.Errorf("waited %s for the message to say %q, but it reads:\n%s%s", m.who.patience, words, m.Text(), m.who.t.lastTrouble())
}

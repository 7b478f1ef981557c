package playground

import (
	"errors"
	"fmt"
	"strings"
)

// Room is a channel or direct message as one person sees it, or, from
// Workspace.Channel, as nobody in particular does: then ephemeral messages are
// not in it and nothing can be clicked.
type Room struct {
	ws  *Workspace
	who *Person
	id  string
}

// Channel looks into a channel by its id.
func (w *Workspace) Channel(id string) *Room {
	return &Room{ws: w, who: w.As(""), id: id}
}

// Messages lists what is there to see, oldest first. Deleted messages are not.
func (r *Room) Messages() []*Message {
	r.ws.mu.Lock()
	defer r.ws.mu.Unlock()
	in, known := r.ws.rooms[r.id]
	if !known || r.who.id != "" && !in.has(r.who.id) {
		return nil
	}
	var out []*Message
	for _, m := range in.messages {
		if !m.gone && (m.only == "" || m.only == r.who.id) {
			out = append(out, &Message{Screen: Screen{who: r.who, on: m}, m: m})
		}
	}
	return out
}

// Text is what is read in the room, oldest first, a blank line between messages.
func (r *Room) Text() string {
	var all []string
	for _, m := range r.Messages() {
		all = append(all, m.Text())
	}
	return strings.Join(all, "\n\n")
}

// Message waits for a message whose text has every one of words, and gives the
// newest such.
func (r *Room) Message(words ...string) (*Message, error) {
	return r.MessageWhere(describe(words), func(m *Message) bool { return hasAll(m.Text(), words) })
}

// MessageWhere waits for a message that satisfies fits; what names it in the error.
func (r *Room) MessageWhere(what string, fits func(*Message) bool) (*Message, error) {
	var found *Message
	if r.ws.await(r.who.patience, func() bool {
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
	return nil, fmt.Errorf("waited %s in %s for a message %s, but there is:\n%s%s", r.who.patience, r.id, what, there, r.ws.lastTrouble())
}

// Message is one message as one person sees it: of the bot, of another app, or
// of somebody. It is live.
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

func (m *message) shown() ([]any, *form) { return m.blocks, &m.form }
func (m *message) origin() *view         { return nil }

func (m *message) dress(w *Workspace, user string, payload map[string]any) {
	container := map[string]any{
		"type": "message", "message_ts": m.ts, "channel_id": m.room.ID, "is_ephemeral": m.only != "",
	}
	if m.thread != "" {
		container["thread_ts"] = m.thread
	}
	payload["container"] = container
	payload["channel"] = m.room.outward()
	payload["state"] = m.form.values()
	payload["response_url"] = w.newHook("actions", user, m.room, m)
	if m.only == "" {
		payload["message"] = w.messageJSON(m)
	}
}

// Text is what a person reads: the blocks, or the text where there are none.
func (m *Message) Text() string {
	m.who.ws.mu.Lock()
	defer m.who.ws.mu.Unlock()
	r := m.who.reader()
	if len(m.m.blocks) == 0 {
		return r.Mrkdwn(m.m.text)
	}
	return strings.Join(r.Lines(m.m.blocks, m.m.form.chosen), "\n")
}

// Notification is the message's top-level text: what a notification shows and
// a screen reader says.
func (m *Message) Notification() string {
	m.who.ws.mu.Lock()
	defer m.who.ws.mu.Unlock()
	return m.who.reader().Mrkdwn(m.m.text)
}

// TS is the message's id in its channel.
func (m *Message) TS() string { return m.m.ts }

// Thread is the id of the message that this one answers, "" if none.
func (m *Message) Thread() string { return m.m.thread }

// Ephemeral tells whether only one person sees the message.
func (m *Message) Ephemeral() bool { return m.m.only != "" }

// Edited tells whether the bot has changed the message.
func (m *Message) Edited() bool {
	m.who.ws.mu.Lock()
	defer m.who.ws.mu.Unlock()
	return m.m.edited
}

// Until waits until the message has every one of words.
func (m *Message) Until(words ...string) error {
	if m.who.ws.await(m.who.patience, func() bool { return hasAll(m.Text(), words) }) {
		return nil
	}
	return fmt.Errorf("waited %s for the message to say %q, but it reads:\n%s%s", m.who.patience, words, m.Text(), m.who.ws.lastTrouble())
}

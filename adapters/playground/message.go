package playground

import (
	"fmt"
	"maps"
	"slices"
)

// room is a channel or a direct message with what was posted into it.
type room struct {
	Channel
	direct   string // the user of a direct message with the bot, or ""
	messages []*message
}

// message is one message, of the bot unless by says otherwise.
type message struct {
	room     *room
	ts       string
	by       author
	text     string
	blocks   []any // with ids, nil when there are none
	thread   string
	only     string // the one user who sees an ephemeral message, or ""
	metadata any
	edited   bool
	gone     bool
	form     form
}

// directRoom gives the direct message between the bot and a user, and whether
// it was there before. The caller holds mu.
func (w *Workspace) directRoom(user string) (*room, bool) {
	id := "D" + user
	if r, ok := w.rooms[id]; ok {
		return r, true
	}
	r := &room{Channel: Channel{ID: id, Name: "directmessage", Private: true, Members: []string{user}}, direct: user}
	w.rooms[id] = r
	return r, false
}

// roomFor finds where a message goes: a channel, or a user's direct message by
// the user's id. The caller holds mu.
func (w *Workspace) roomFor(id string) (*room, string) {
	if u, ok := w.users[id]; ok {
		if u.Deleted || u.IsBot {
			return nil, "channel_not_found"
		}
		r, _ := w.directRoom(id)
		return r, ""
	}
	r, ok := w.rooms[id]
	switch {
	case !ok:
		return nil, "channel_not_found"
	case r.WithoutBot && r.Private:
		return nil, "channel_not_found"
	case r.WithoutBot:
		return nil, "not_in_channel"
	}
	return r, ""
}

// stamp gives the next message id, seconds and a counter. The caller holds mu.
func (w *Workspace) stamp() string {
	return fmt.Sprintf("%d.%06d", w.opts.Now().Unix(), w.next())
}

// post puts a new message into a room. The caller holds mu.
func (w *Workspace) post(r *room, m *message) {
	m.room, m.ts = r, w.stamp()
	r.messages = append(r.messages, m)
	w.stir()
}

// write changes what a message says; blocks that are not given stay, as Slack
// has it. The caller holds mu.
func (w *Workspace) write(m *message, text string, blocks any) {
	m.text = text
	if list, ok := blocks.([]any); ok {
		m.blocks = w.withIDs(list)
		m.form = m.form.carried(m.blocks)
	}
}

// find gives a message by its id. The caller holds mu.
func (r *room) find(ts string) *message {
	i := slices.IndexFunc(r.messages, func(m *message) bool { return m.ts == ts && !m.gone })
	if i < 0 {
		return nil
	}
	return r.messages[i]
}

// messageJSON is the message object as Slack shows it to the bot.
func (w *Workspace) messageJSON(m *message) map[string]any {
	out := map[string]any{"type": "message", "text": m.text, "ts": m.ts}
	maps.Copy(out, w.authorJSON(m.by))
	if m.blocks != nil {
		out["blocks"] = m.blocks
	}
	if m.thread != "" {
		out["thread_ts"] = m.thread
	}
	if m.metadata != nil {
		out["metadata"] = m.metadata
	}
	if m.edited {
		out["edited"] = map[string]any{"user": w.opts.BotUserID, "ts": m.ts}
	}
	return out
}

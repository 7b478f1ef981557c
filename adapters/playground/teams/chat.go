package teams

import (
	"slices"
	"strconv"
	"strings"

	"latchkey/adapters/playground/adaptivecard"
)

// room is a conversation with what was posted into it.
type room struct {
	Channel
	direct   string // the person of a 1:1 chat with the bot, or ""
	messages []*message
}

func (r *room) has(user string) bool {
	if r.direct != "" {
		return r.direct == user
	}
	return r.Members == nil || slices.Contains(r.Members, user)
}

// kind names a conversation's type.
func (r *room) kind() string {
	switch {
	case r.direct != "":
		return "personal"
	case r.Group:
		return "groupChat"
	}
	return "channel"
}

func (r *room) message(id string) *message {
	i := slices.IndexFunc(r.messages, func(m *message) bool { return m.id == id && !m.gone })
	if i < 0 {
		return nil
	}
	return r.messages[i]
}

// message is one message, of the bot unless by names a person.
type message struct {
	room    *room
	id      string
	by      string
	text    string
	mention bool // of the bot, before the text
	summary string
	card    any
	thread  string
	only    string // the one person who sees a targeted message, or ""
	edited  bool
	gone    bool
	version int
	faces   map[string]*face  // by person, what she sees of this version
	notes   map[string]string // by person, what her client showed beside the card
	seen    map[string]int    // by person, the version for which her client asked for its own view
}

// write gives a message the content of an activity; everybody sees the new card.
func (m *message) write(a map[string]any) {
	m.text, m.summary, m.card = str(a["text"]), str(a["summary"]), nil
	if cards := adaptivecard.Cards(a); len(cards) > 0 {
		m.card = cards[0].Card
	}
	m.version++
	m.faces = map[string]*face{}
	if m.seen == nil {
		m.seen = map[string]int{}
	}
}

// face is a card as it stands before one person, with what she has entered.
type face struct {
	card           any
	values         map[string]string
	opened, hidden map[string]bool
}

func newFace(card any) *face {
	return &face{card: card, values: map[string]string{}, opened: map[string]bool{}, hidden: map[string]bool{}}
}

// face gives what a person sees of a message. The caller holds mu.
func (m *message) face(user string) *face {
	if m.faces[user] == nil {
		m.faces[user] = newFace(m.card)
	}
	return m.faces[user]
}

// personal gives the 1:1 chat of a person. Its id is opaque and has characters
// that must be escaped in an address. The caller holds mu.
func (t *Tenant) personal(user string) *room {
	id := "a:1/" + strings.ReplaceAll(user, "-", "")
	if t.rooms[id] == nil {
		t.rooms[id] = &room{Channel: Channel{ID: id}, direct: user}
	}
	return t.rooms[id]
}

// activityID gives an id that was not used before. The caller holds mu.
func (t *Tenant) activityID() string {
	return strconv.FormatInt(t.opts.Now().UnixMilli(), 10) + strconv.Itoa(t.next())
}

// Members, read without complaint.
func member(v any, key string) any { o, _ := v.(map[string]any); return o[key] }
func str(v any) string             { s, _ := v.(string); return s }

package playground

import (
	"errors"
	"fmt"
	"strings"
)

// author says who wrote a message; the zero value is the bot itself.
type author struct {
	user    string // a person, a guest, a stranger, another app's bot user
	webhook string // the name that an incoming webhook goes by
}

// Author is who wrote a message, as it stands above the message.
type Author struct {
	ID   string `json:"id"` // of the user; "" for an incoming webhook
	Name string `json:"name"`
	App  bool   `json:"app"`  // the bot, another bot, an incoming webhook
	Note string `json:"note"` // guest, deactivated, from another organization; else ""
}

// Author says who wrote the message.
func (m *Message) Author() Author {
	w := m.who.ws
	w.mu.Lock()
	defer w.mu.Unlock()
	by := m.m.by
	if by.webhook != "" {
		return Author{Name: by.webhook, App: true}
	}
	if by.user == "" {
		return Author{ID: w.opts.BotUserID, Name: w.opts.AppName, App: true}
	}
	u := w.users[by.user]
	out := Author{ID: u.ID, Name: u.RealName, App: u.IsBot}
	if out.Name == "" {
		out.Name = u.Name
	}
	switch {
	case u.Deleted:
		out.Note = "deactivated"
	case u.IsStranger:
		out.Note = "from another organization"
	case u.IsRestricted, u.IsUltraRestricted:
		out.Note = "guest"
	}
	return out
}

// Write posts an ordinary message where the person is. The bot hears nothing of
// it, since it has no scope to; but it can be handed over with a message
// shortcut. A user who is a bot writes as another app does. The direct message
// with the bot takes none: its messages tab is for reading.
func (p *Person) Write(text string) (*Message, error) {
	w := p.ws
	w.mu.Lock()
	defer w.mu.Unlock()
	u, known := w.users[p.id]
	r, there := w.rooms[p.roomID()]
	var err error
	switch {
	case !known || u.Deleted:
		err = errors.New("there is no such active user in the workspace")
	case p.id == w.opts.BotUserID:
		err = errors.New("the app under test posts by itself")
	case p.channel == "":
		err = errors.New("the messages tab of the app is read-only; say in which channel, with In")
	case !there || !r.has(p.id):
		err = fmt.Errorf("there is no channel %q for this person", p.channel)
	case strings.TrimSpace(text) == "":
		err = errors.New("the message is empty")
	}
	if err != nil {
		return nil, fmt.Errorf("%s writes: %w", p.id, err)
	}
	// A client escapes what is typed (docs.slack.dev/messaging/formatting-message-text).
	text = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
	m := &message{by: author{user: p.id}, text: text}
	w.post(r, m)
	return &Message{Screen: Screen{who: p, on: m}, m: m}, nil
}

// WriteWebhook posts into a channel as an incoming webhook of another app does,
// which goes by a name and is no user.
func (w *Workspace) WriteWebhook(channel, name, text string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	r, there := w.rooms[channel]
	if !there || r.direct != "" || name == "" || text == "" {
		return fmt.Errorf("a webhook writes: it needs a channel, a name and a text, not %q, %q, %q", channel, name, text)
	}
	w.post(r, &message{by: author{webhook: name}, text: text})
	return nil
}

// authorJSON is the author's part of a message object
// (docs.slack.dev/reference/events/message): people have a user, bots a bot_id
// beside it, incoming webhooks a bot_id and a subtype without one, and people
// from a shared channel their own team. The caller holds mu.
func (w *Workspace) authorJSON(by author) map[string]any {
	if by.webhook != "" {
		return map[string]any{"subtype": "bot_message", "username": by.webhook, "bot_id": "B0WEBHOOK", "team": w.opts.TeamID}
	}
	if by.user == "" {
		return map[string]any{"user": w.opts.BotUserID, "bot_id": w.opts.BotID, "app_id": w.opts.AppID, "team": w.opts.TeamID}
	}
	u := w.users[by.user]
	out := map[string]any{"user": u.ID, "team": w.userTeam(u)}
	switch {
	case u.IsBot:
		bot, app := "B"+strings.TrimPrefix(u.ID, "U"), "A"+strings.TrimPrefix(u.ID, "U")
		out["bot_id"], out["app_id"] = bot, app
		out["bot_profile"] = map[string]any{"id": bot, "app_id": app, "name": u.RealName, "team_id": w.userTeam(u), "deleted": false}
	case u.IsStranger:
		out["user_team"], out["source_team"] = w.userTeam(u), w.userTeam(u)
		out["user_profile"] = map[string]any{
			"real_name": u.RealName, "display_name": u.Name, "name": u.Name, "team": w.userTeam(u),
			"is_restricted": u.IsRestricted, "is_ultra_restricted": u.IsUltraRestricted,
		}
	}
	return out
}

// outward is a channel as payloads name it.
func (r *room) outward() map[string]any {
	return map[string]any{"id": r.ID, "name": r.outwardName()}
}

// outwardName hides the names of private channels from the app, as Slack does.
func (r *room) outwardName() string {
	if r.Private && r.direct == "" {
		return "privategroup"
	}
	return r.Name
}

package slack

import (
	"context"
	"strings"
	"sync"

	slackgo "github.com/slack-go/slack"

	"latchkey/bot"
	"latchkey/flows"
)

// Audit posts a page in the audit channel.
func (a *Adapter) Audit(ctx context.Context, p flows.Page) error {
	_, err := a.api.post(ctx, a.cfg.AuditChannel, p)
	return err
}

// Direct posts a page as a direct message; NotFound for people of another
// chat or workspace, and for those whom Slack does not know or lets no app write to.
func (a *Adapter) Direct(ctx context.Context, to bot.Chatter, p flows.Page) error {
	room, err := a.room(ctx, to)
	if err != nil {
		return err
	}
	_, err = a.api.post(ctx, room, p)
	return err
}

// Card posts a page as a direct message, or changes the message that ref names
// ("channel:ts"). If that has vanished, the page is posted anew.
func (a *Adapter) Card(ctx context.Context, to bot.Chatter, ref string, p flows.Page) (string, error) {
	if room, ts, ok := strings.Cut(ref, ":"); ok && room != "" && ts != "" {
		err := a.api.edit(ctx, room, ts, p)
		if err == nil {
			return ref, nil
		}
		if !messageGone(err) {
			return ref, err
		}
	}
	room, err := a.room(ctx, to)
	if err != nil {
		return "", err
	}
	ts, err := a.api.post(ctx, room, p)
	if err != nil {
		return "", err
	}
	return room + ":" + ts, nil
}

// room gives the direct message with a person.
func (a *Adapter) room(ctx context.Context, to bot.Chatter) (string, error) {
	if to.Platform != "slack" || to.Tenant != a.cfg.Workspace || to.User == "" {
		return "", bot.E(bot.NotFound, "find direct message", nil)
	}
	if room := a.rooms.of(to.User); room != "" {
		return room, nil
	}
	room, err := a.api.openDirect(ctx, to.User)
	if err != nil {
		return "", err
	}
	a.rooms.keep(to.User, room)
	return room, nil
}

// rooms remembers direct messages: their ids never change.
type rooms struct {
	mu    sync.Mutex
	rooms map[string]string
}

func newRooms() *rooms { return &rooms{rooms: map[string]string{}} }

func (r *rooms) of(user string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.rooms[user]
}

func (r *rooms) keep(user, room string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.rooms) >= manyChannels {
		clear(r.rooms)
	}
	r.rooms[user] = room
}

func (c *client) openDirect(ctx context.Context, user string) (string, error) {
	const op = "open direct message"
	ch, _, _, err := c.api.OpenConversationContext(ctx, &slackgo.OpenConversationParameters{Users: []string{user}})
	switch {
	case err != nil:
		return "", fault(op, err)
	case ch == nil || ch.ID == "":
		return "", bot.E(bot.Unavailable, op, errNoReason)
	}
	return ch.ID, nil
}

// post sends a page to a channel and gives the message's ts.
func (c *client) post(ctx context.Context, channel string, p flows.Page) (string, error) {
	const op = "post to slack"
	if err := c.pace.wait(ctx, channel); err != nil {
		return "", err
	}
	text, blocks := message(p)
	_, ts, err := c.api.PostMessageContext(ctx, channel, slackgo.MsgOptionText(text, false),
		slackgo.MsgOptionBlocks(blocks...), slackgo.MsgOptionDisableLinkUnfurl(), slackgo.MsgOptionDisableMediaUnfurl())
	if err == nil && ts == "" {
		return "", bot.E(bot.Unavailable, op, errNoReason)
	}
	return ts, fault(op, err)
}

// edit replaces a message of ours.
func (c *client) edit(ctx context.Context, channel, ts string, p flows.Page) error {
	const op = "update slack message"
	text, blocks := message(p)
	_, got, _, err := c.api.UpdateMessageContext(ctx, channel, ts, slackgo.MsgOptionText(text, false), slackgo.MsgOptionBlocks(blocks...))
	if err == nil && got == "" {
		return bot.E(bot.Unavailable, op, errNoReason)
	}
	return fault(op, err)
}

// messageGone reports that a message can never be updated again.
func messageGone(err error) bool {
	switch codeOf(err) {
	case "message_not_found", "cant_update_message", "edit_window_closed", "channel_not_found", "is_inactive":
		return true
	}
	return false
}

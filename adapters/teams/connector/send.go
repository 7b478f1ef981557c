package connector

import (
	"context"
	"errors"
	"net/http"

	"github.com/infracloudio/msbotbuilder-go/schema"

	"latchkey/bot"
)

// Message is what the bot says: a text, or a card with the summary that a
// notification shows.
type Message struct {
	Text    string
	Summary string
	Card    any // marshals to an Adaptive Card; nil: none
}

const cardType = "application/vnd.microsoft.card.adaptive"

// outgoing is an activity as it is sent: what is unset is left out, which
// schema.Activity does not do with times and accounts.
type outgoing struct {
	Type        schema.ActivityTypes `json:"type"`
	ID          string               `json:"id,omitempty"`
	Text        string               `json:"text,omitempty"`
	TextFormat  string               `json:"textFormat,omitempty"`
	Summary     string               `json:"summary,omitempty"`
	Recipient   *account             `json:"recipient,omitempty"`
	Attachments []attachment         `json:"attachments,omitempty"`
}

type account struct {
	ID string `json:"id"`
}

type attachment struct {
	ContentType string `json:"contentType"`
	Content     any    `json:"content"`
}

func (m Message) activity() outgoing {
	a := outgoing{Type: schema.Message, Text: m.Text, Summary: m.Summary}
	if m.Text != "" {
		a.TextFormat = "plain"
	}
	if m.Card != nil {
		a.Attachments = []attachment{{ContentType: cardType, Content: m.Card}}
	}
	return a
}

// resource is the answer to what makes something.
type resource struct {
	ID string `json:"id"`
}

// Send says something in a conversation and gives the message's id.
func (c *Client) Send(ctx context.Context, at Place, m Message) (id string, err error) {
	return c.post(ctx, "send to teams", at, []string{at.Conversation, "activities"}, "", m.activity())
}

// Reply says something below another message.
func (c *Client) Reply(ctx context.Context, at Place, to string, m Message) (id string, err error) {
	return c.post(ctx, "reply in teams", at, []string{at.Conversation, "activities", to}, "", m.activity())
}

// SendTargeted says something in a channel or group chat that one person (MRI)
// alone sees (learn.microsoft.com, "Targeted messages").
func (c *Client) SendTargeted(ctx context.Context, at Place, recipient string, m Message) (id string, err error) {
	a := m.activity()
	a.Recipient = &account{ID: recipient}
	return c.post(ctx, "send targeted message", at, []string{at.Conversation, "activities"}, "isTargetedActivity=true", a)
}

// Typing shows that the bot is at work.
func (c *Client) Typing(ctx context.Context, at Place) error {
	_, err := c.post(ctx, "show typing in teams", at, []string{at.Conversation, "activities"}, "", outgoing{Type: schema.Typing})
	return err
}

func (c *Client) post(ctx context.Context, op string, at Place, path []string, query string, a outgoing) (string, error) {
	var made resource
	err := c.do(ctx, call{op: op, method: http.MethodPost, service: at.Service, path: path, query: query, room: at.Conversation, body: a, into: &made})
	if err == nil && made.ID == "" {
		err = bot.E(bot.Unavailable, op, errors.New("the answer names no message"))
	}
	return made.ID, err
}

// Update replaces a message of the bot's.
func (c *Client) Update(ctx context.Context, at Place, id string, m Message) error {
	a := m.activity()
	a.ID = id
	return c.do(ctx, call{op: "update teams message", method: http.MethodPut, service: at.Service,
		path: []string{at.Conversation, "activities", id}, room: at.Conversation, body: a})
}

// Delete takes a message of the bot's away.
func (c *Client) Delete(ctx context.Context, at Place, id string) error {
	return c.do(ctx, call{op: "delete teams message", method: http.MethodDelete, service: at.Service,
		path: []string{at.Conversation, "activities", id}, room: at.Conversation})
}

// Direct opens the 1:1 chat with a person (MRI) and gives its id. It is the same
// each time. NotFound: the app is not installed for the person.
func (c *Client) Direct(ctx context.Context, service, person string) (conversation string, err error) {
	const op = "open 1:1 chat"
	body := struct {
		Bot      account   `json:"bot"`
		Members  []account `json:"members"`
		TenantID string    `json:"tenantId"`
		IsGroup  bool      `json:"isGroup"`
		Data     any       `json:"channelData"`
	}{Bot: account{ID: "28:" + c.cfg.AppID}, Members: []account{{ID: person}}, TenantID: c.cfg.Tenant,
		Data: map[string]any{"tenant": account{ID: c.cfg.Tenant}}}
	var made resource
	err = c.do(ctx, call{op: op, method: http.MethodPost, service: service, body: body, into: &made})
	if err == nil && made.ID == "" {
		err = bot.E(bot.Unavailable, op, errors.New("the answer names no conversation"))
	}
	return made.ID, err
}

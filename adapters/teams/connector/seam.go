package connector

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/infracloudio/msbotbuilder-go/connector/client"
	"github.com/infracloudio/msbotbuilder-go/schema"

	"latchkey/bot"
)

// Seam is a Client as msbotbuilder-go calls one, for what is built around the
// library's adapter. What the library's own client leaves out holds here too:
// a deadline, tries again, a token that goes to listed services alone. The id of
// what is sent has no place in the library's interface: Client.Send gives it.
type Seam struct {
	*Client
	Context context.Context // bounds the calls, since the interface takes none; nil: each has 8 s
}

var _ client.Client = Seam{}

// Post says what the activity says in its conversation: below the message that
// it replies to where it names one. The library puts the wrong id into the
// address of a reply, so the address is made anew; its host has to be that of
// the activity's service.
func (s Seam) Post(target url.URL, a schema.Activity) error {
	return s.carry(target, a, func(ctx context.Context, at Place) error {
		m, err := message(a)
		switch {
		case a.Type == schema.Typing:
			return s.Typing(ctx, at)
		case err != nil:
			return err
		case a.ReplyToID != "":
			_, err = s.Reply(ctx, at, a.ReplyToID, m)
		default:
			_, err = s.Send(ctx, at, m)
		}
		return err
	})
}

// Put replaces the message that the activity names.
func (s Seam) Put(target url.URL, a schema.Activity) error {
	return s.carry(target, a, func(ctx context.Context, at Place) error {
		m, err := message(a)
		if err != nil {
			return err
		}
		return s.Update(ctx, at, a.ID, m)
	})
}

// Delete takes the message that the activity names away.
func (s Seam) Delete(target url.URL, a schema.Activity) error {
	return s.carry(target, a, func(ctx context.Context, at Place) error { return s.Client.Delete(ctx, at, a.ID) })
}

func (s Seam) carry(target url.URL, a schema.Activity, do func(context.Context, Place) error) error {
	service, err := url.Parse(a.ServiceURL)
	if err != nil || !strings.EqualFold(service.Host, target.Host) || service.Scheme != target.Scheme || target.User != nil {
		return bot.Ef(bot.Denied, "call teams for the library", "The address of a call is not at the service of its conversation.")
	}
	ctx := s.Context
	if ctx == nil {
		bounded, cancel := context.WithTimeout(context.Background(), callLife)
		defer cancel()
		ctx = bounded
	}
	return do(ctx, Place{Service: a.ServiceURL, Conversation: a.Conversation.ID})
}

// message reads what an activity says: a text, a card, or both.
func message(a schema.Activity) (Message, error) {
	const op = "read activity of the library"
	m := Message{Text: a.Text, Summary: a.Summary}
	switch {
	case a.Type != schema.Message:
		return m, bot.Ef(bot.Invalid, op, "An activity of type %q is not sent: %s and %s are.", a.Type, schema.Message, schema.Typing)
	case len(a.Attachments) > 1, len(a.Attachments) == 1 && a.Attachments[0].ContentType != cardType:
		return m, bot.Ef(bot.Invalid, op, "A message carries one Adaptive Card (%s) at most.", cardType)
	case len(a.Attachments) == 1:
		m.Card = a.Attachments[0].Content
	}
	if m.Text == "" && m.Card == nil {
		return m, bot.Ef(bot.Invalid, op, "A message needs a text or a card (status %d of Teams).", http.StatusBadRequest)
	}
	return m, nil
}

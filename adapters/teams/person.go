package teams

import (
	"context"
	"strings"

	"latchkey/adapters/teams/activity"
	"latchkey/adapters/teams/connector"
	"latchkey/bot"
	"latchkey/flows"
)

// seat is somebody in a conversation: where a person is looked up.
type seat struct {
	place  connector.Place
	person string // MRI, or object id
}

// Who is refused, and what he is told.
const (
	textForeign  = "Latchkey serves another organisation. People from other organisations cannot use it."
	textNobody   = "Teams does not say who you are in this organisation, so Latchkey cannot serve you."
	textGuest    = "Guests cannot use Latchkey. Ask a full member of the organisation."
	textTeamsOut = "Teams does not answer when asked who you are. Try again in a minute."
)

// person asks Teams who has sent an activity: within the last minute, or now
// where fresh. Whoever is not a full member of the tenant is Denied, with the
// exact reason.
func (a *Adapter) person(ctx context.Context, in activity.Received, fresh bool) (bot.Chatter, flows.Profile, error) {
	const op = "look up chat person"
	who := bot.Chatter{Platform: platform, Tenant: a.cfg.Tenant, User: in.Person.ObjectID}
	m, err := a.people.Member(ctx, seat{place(in), in.Person.MRI}, fresh)
	switch {
	case bot.KindOf(err) == bot.NotFound:
		return who, flows.Profile{}, bot.Ef(bot.Denied, op, textNobody)
	case err != nil:
		return who, flows.Profile{}, err
	case m.Object != in.Person.ObjectID:
		return who, flows.Profile{}, bot.Ef(bot.Denied, op, textNobody)
	}
	if why := a.refusal(m); why != "" {
		return who, flows.Profile{}, bot.Ef(bot.Denied, op, "%s", why)
	}
	return who, flows.Profile{Name: m.Name, UPN: m.UPN}, nil
}

// refusal says why a member is not served, or "".
func (a *Adapter) refusal(m connector.Member) string {
	switch role := strings.ToLower(m.Role); {
	case m.Object == "":
		return textNobody
	case m.Tenant != "" && !strings.EqualFold(m.Tenant, a.cfg.Tenant):
		return textForeign
	case role != "" && role != "user", strings.Contains(strings.ToUpper(m.UPN), "#EXT#"):
		return textGuest
	}
	return ""
}

// member asks the Connector. What it cannot say now is Unavailable, in words.
func (a *Adapter) member(ctx context.Context, at seat) (connector.Member, error) {
	m, err := a.api.Member(ctx, at.place, at.person)
	m.Object = strings.ToLower(m.Object)
	switch bot.KindOf(err) {
	case bot.Unavailable, bot.Throttled:
		err = &bot.Error{Kind: bot.Unavailable, Op: "ask teams who it is", Text: textTeamsOut, Err: err}
	}
	return m, err
}

// place is the conversation in which an activity was sent.
func place(in activity.Received) connector.Place {
	return connector.Place{Service: in.ServiceURL, Conversation: in.Conversation.ID}
}

// authored fills in who has written a message, to be looked for in the
// directory: by his user principal name, or else by the name that he is shown
// with.
func (a *Adapter) authored(ctx context.Context, in activity.Received, ev *flows.Event, by author) error {
	const op = "look up author"
	if by.User.Kind != "" && by.User.Kind != "aadUser" || !guid.MatchString(strings.ToLower(by.User.ID)) {
		return bot.Ef(bot.Denied, op, textNoAuthor)
	}
	id := strings.ToLower(by.User.ID)
	ev.Text = by.User.Name
	m, err := a.people.Member(ctx, seat{place(in), id}, false)
	switch bot.KindOf(err) {
	case "":
	case bot.NotFound, bot.Denied: // the bot is not in that conversation, or he is not any more
		if strings.TrimSpace(ev.Text) == "" {
			return bot.Ef(bot.Denied, op, textNotMember)
		}
		ev.Author = bot.Chatter{Platform: platform, Tenant: a.cfg.Tenant, User: id}
		return nil
	default:
		return err
	}
	switch why := a.refusal(m); {
	case why == textForeign:
		return bot.Ef(bot.Denied, op, textStranger)
	case why != "", m.Object != id:
		return bot.Ef(bot.Denied, op, textNotMember)
	}
	ev.Author = bot.Chatter{Platform: platform, Tenant: a.cfg.Tenant, User: id}
	if ev.Text, ev.Confirmed = m.UPN, m.UPN != ""; !ev.Confirmed {
		ev.Text = m.Name
	}
	return nil
}

// What is wrong with a message's author, to who asked about him.
const (
	textNoAuthor  = "This message was written by an app or by somebody without an account, so it has no author who could be unlocked."
	textStranger  = "The author of this message belongs to another organisation, so Latchkey knows no account of his."
	textNotMember = "The author of this message is no member of this organisation any more, or only a guest, so Latchkey knows no account of his. Type unlock and a name."
)

package slack

import (
	"context"
	"regexp"

	"latchkey/bot"
	"latchkey/flows"
)

// personID is a Slack user id, U… or (on a Grid) W….
var personID = regexp.MustCompile(`^[A-Z][A-Z0-9_]{1,31}$`)

// sender is who is behind a request, as far as the request itself says.
type sender struct {
	User       string
	Home       string // the person's own team, where Slack names it
	Team       string // the team that the request came from
	Enterprise string
	Shared     bool // from a channel shared with another organisation
}

// Who is refused, and what he is told.
const (
	textShared   = "This channel is shared with another organisation, so nobody is unlocked from here. Use your direct message with Latchkey, or a channel of your own."
	textForeign  = "Latchkey serves another Slack workspace. People from other organisations cannot use it."
	textNobody   = "Slack does not say who you are in this workspace, so Latchkey cannot serve you."
	textGuest    = "Guests cannot use Latchkey. Ask a full member of the workspace."
	textBot      = "Apps and bots cannot use Latchkey."
	textLeft     = "Your Slack account has been deactivated."
	textMail     = "Your Slack account has no confirmed e-mail address. Confirm it in Slack's account settings, then try again."
	textSlackOut = "Slack does not answer when asked who you are. Try again in a minute."
)

// outsider says by the request alone why nobody there is served, or "".
// A shared channel lets strangers press buttons (Slack Connect), so the team
// of the channel is not enough: person looks at the person's own.
func (a *Adapter) outsider(s sender) string {
	switch {
	case s.Shared:
		return textShared
	case a.cfg.enterprise() && s.Enterprise != a.cfg.Workspace:
		return textForeign
	case a.cfg.enterprise():
		return ""
	case s.Team != a.cfg.Workspace, s.Home != "" && s.Home != a.cfg.Workspace:
		return textForeign
	}
	return ""
}

// person asks Slack who the sender is: within the last minute, or now where
// fresh. Whoever is not a full, active, confirmed member of the workspace is
// Denied, with the exact reason.
func (a *Adapter) person(ctx context.Context, s sender, fresh bool) (bot.Chatter, flows.Profile, error) {
	m, err := a.people.Member(ctx, s.User, fresh)
	if err != nil {
		if bot.KindOf(err) == bot.NotFound {
			return bot.Chatter{}, flows.Profile{}, bot.Ef(bot.Denied, "look up chat person", textNobody)
		}
		return bot.Chatter{}, flows.Profile{}, err
	}
	if why := m.refusal(a.cfg); why != "" {
		return bot.Chatter{}, flows.Profile{}, bot.Ef(bot.Denied, "look up chat person", "%s", why)
	}
	who := bot.Chatter{Platform: "slack", Tenant: a.cfg.Workspace, User: m.ID}
	if a.cfg.enterprise() {
		who.User = m.EnterpriseUser
	}
	return who, flows.Profile{Name: m.Name, Mail: m.Mail}, nil
}

// member is what users.info says of a person.
type member struct {
	ID, Team       string
	Enterprise     string // "" outside a Grid
	EnterpriseUser string
	Name, Mail     string // Mail only where it is confirmed

	Confirmed, Deleted, Bot, Guest, Stranger bool
}

// refusal says why a person is not served, or "". Strangers come first: of
// another organisation's people Slack tells too little for the rest.
func (m member) refusal(cfg Config) string {
	home := m.Team == cfg.Workspace
	if cfg.enterprise() {
		home = m.Enterprise == cfg.Workspace && m.EnterpriseUser != ""
	}
	switch {
	case m.ID == "":
		return textNobody
	case m.Stranger || !home:
		return textForeign
	case m.Deleted:
		return textLeft
	case m.Bot:
		return textBot
	case m.Guest:
		return textGuest
	case !m.Confirmed:
		return textMail
	}
	return ""
}

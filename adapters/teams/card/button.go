package card

import (
	"net"
	"net/url"

	"latchkey/flows"
)

// The kinds of action.
const (
	submits  = "Action.Submit"
	executes = "Action.Execute"
	leads    = "Action.OpenUrl"
	unfolds  = "Action.ShowCard"
)

// Bounds of a button, in runes unless said otherwise.
const (
	maxButtons = 5 // side by side
	maxButton  = 75
	maxAsked   = 300
	maxURL     = 3000 // bytes
)

// button gives nil for what no page may offer, and outside of a dialog without
// a token: such a click could not be carried out. What opens something new
// takes none, and neither does a link.
func (r *renderer) button(b flows.Button) *action {
	if r.bare {
		return nil
	}
	press := action{Title: or(plain(name(b.Label, min(maxButton, r.label))), "Continue"), Style: styleOf(b.Style)}
	if s := name(b.Name, maxButton); !blank(s) && s != press.Title {
		press.Tooltip = plain(s)
	}
	if b.URL != "" {
		return linkTo(b.URL, press)
	}
	a, token := actOf(b), or(b.Token, r.token)
	switch {
	case a.opens():
		token = ""
	case !a.valid(), token == "" && !r.dialog, len(token) > maxToken:
		return nil
	}
	press = r.sends(press, a, token)
	if b.Confirm != nil {
		press = asks(press, *b.Confirm)
	}
	return &press
}

// sends makes of a button one that the bot hears of. In a dialog nothing but
// Action.Submit is heard; in a message, clients that know no Action.Execute
// send the same data as a message.
func (r *renderer) sends(press action, a act, token string) action {
	press.Data = &data{Act: a.id(), Token: token}
	press.Inputs = "none"
	if a.opens() {
		press.Data.Who = r.who
	}
	switch {
	case r.dialog:
		press.Type = submits
	case OpensDialog(a.kind):
		press.Type, press.Data.Teams = submits, &msteams{Type: "task/fetch"}
	default:
		old := press
		old.Type = submits
		press.Type, press.Verb, press.Fallback = executes, a.id(), &old
	}
	return press
}

// asks unfolds the question first, with the button that does it. The button
// that unfolds it folds it again; the words say so.
func asks(press action, c flows.Confirmation) action {
	yes := press
	yes.Title, yes.Tooltip = or(plain(name(c.Yes, 30)), "Yes"), ""
	if press.Fallback != nil {
		old := *press.Fallback
		old.Title, old.Tooltip = yes.Title, ""
		yes.Fallback = &old
	}
	question := paragraph([]textRun{{Type: "TextRun", Text: or(plain(name(c.Title, 100)), "Are you sure?"), Weight: "bolder"}})
	body := []element{question}
	if s := name(c.Text, maxAsked); !blank(s) {
		body = append(body, paragraph([]textRun{{Type: "TextRun", Text: plain(s)}}))
	}
	return action{Type: unfolds, Title: press.Title, Tooltip: press.Tooltip, Style: press.Style,
		Card: &inner{Type: "AdaptiveCard", Body: body, Actions: []action{yes}}}
}

// linkTo gives nil for an address that no page may lead to.
func linkTo(address string, press action) *action {
	u, err := url.Parse(address)
	if err != nil || len(address) > maxURL || u.Opaque != "" || !secure(u) {
		return nil
	}
	press.Type, press.URL = leads, u.String()
	return &press
}

// secure allows https anywhere, and http on this machine alone.
func secure(u *url.URL) bool {
	ip := net.ParseIP(u.Hostname())
	local := u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
	return u.Host != "" && u.User == nil && (u.Scheme == "https" || u.Scheme == "http" && local)
}

func styleOf(s flows.Style) string {
	switch s {
	case flows.StylePrimary:
		return "positive"
	case flows.StyleDanger:
		return "destructive"
	}
	return ""
}

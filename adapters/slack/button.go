package slack

import (
	"net/url"
	"strconv"
	"strings"

	slackgo "github.com/slack-go/slack"

	"latchkey/flows"
)

// linkMark begins the action id of a button that leads somewhere. Slack sends
// an action for it, too, which says nothing.
const linkMark = actionMark + ":url:"

func isLink(actionID string) bool { return strings.HasPrefix(actionID, linkMark) }

// button gives nil for what no page may offer, and outside of a dialog without
// a token: such a click could not be carried out. What opens something new
// takes none, and neither does a link.
func (r *renderer) button(b flows.Button, n int) *slackgo.ButtonBlockElement {
	if b.URL != "" {
		return linkButton(b, n)
	}
	act, token := actionOf(b), or(b.Token, r.token)
	switch {
	case act.opens():
		token = ""
	case !act.valid(), !r.modal && (token == "" || len(token) > maxValue):
		return nil
	}
	id := act.id()
	if n > 0 {
		id += ":" + strconv.Itoa(n) // two alike in one row
	}
	value := ""
	if !r.modal {
		value = token
	}
	press := pressOf(b, id, value)
	if b.Confirm != nil {
		press.Confirm = confirmation(*b.Confirm, b.Style == flows.StyleDanger)
	}
	return press
}

// linkButton gives nil for an address that no page may lead to.
func linkButton(b flows.Button, n int) *slackgo.ButtonBlockElement {
	u, err := url.Parse(b.URL)
	if err != nil || !secure(u) || u.Opaque != "" || len(b.URL) > maxURL {
		return nil
	}
	press := pressOf(b, linkMark+strconv.Itoa(n), "")
	press.URL = u.String()
	return press
}

func pressOf(b flows.Button, id, value string) *slackgo.ButtonBlockElement {
	press := slackgo.NewButtonBlockElement(id, value, plain(or(clean(b.Label, maxButton), "Continue")))
	if name := clean(b.Name, maxButton); !blank(name) {
		press.AccessibilityLabel = name
	}
	switch b.Style {
	case flows.StylePrimary:
		press.Style = slackgo.StylePrimary
	case flows.StyleDanger:
		press.Style = slackgo.StyleDanger
	}
	return press
}

// confirmation is the box in which Slack asks once more.
func confirmation(c flows.Confirmation, danger bool) *slackgo.ConfirmationBlockObject {
	box := slackgo.NewConfirmationBlockObject(plain(or(clean(c.Title, maxAskedTitle), "Are you sure?")),
		plain(or(clean(c.Text, maxAsked), "Are you sure?")), plain(or(clean(c.Yes, maxAskedChoice), "Yes")), plain(or(clean(c.No, maxAskedChoice), "No")))
	if danger {
		box.Style = slackgo.StyleDanger
	}
	return box
}

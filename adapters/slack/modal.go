package slack

import (
	slackgo "github.com/slack-go/slack"

	"latchkey/flows"
)

// modal renders a page as a dialog that Slack takes, whatever the words in it
// are. The page's token travels in private_metadata, the meaning of its submit
// in the callback id.
func modal(p flows.Page) slackgo.ModalViewRequest {
	submit := p.Submit != nil && p.Submit.URL == "" && actionOf(*p.Submit).valid()
	r := renderer{modal: true, submit: submit}
	v := slackgo.ModalViewRequest{
		Type:          slackgo.VTModal,
		Title:         plain(or(clean(p.Title, maxTitle), "Latchkey")),
		Close:         plain(or(clean(p.Close, maxTitle), "Close")),
		Blocks:        slackgo.Blocks{BlockSet: r.render(p)},
		CallbackID:    callbackID(p, submit),
		NotifyOnClose: p.Keeps && p.Token != "",
	}
	if len(p.Token) <= maxMetadata {
		v.PrivateMetadata = p.Token
	}
	if submit {
		v.Submit = plain(or(clean(p.Submit.Label, maxTitle), "Continue"))
	}
	return v
}

// callbackID says what a submission of the page means, and which page it is.
func callbackID(p flows.Page, submit bool) string {
	id := actionMark + ":page::0"
	if submit {
		id = actionOf(*p.Submit).id()
	}
	return id + ":" + clean(string(p.ID), 100)
}

package teams

import (
	"net/http"

	"latchkey/adapters/chat"
	"latchkey/adapters/teams/activity"
	"latchkey/adapters/teams/card"
	"latchkey/bot"
)

// messageType names a text that a client shows beside a card
// (learn.microsoft.com, "Universal Actions for Adaptive Cards").
const messageType = "application/vnd.microsoft.activity.message"

// acted answers adaptiveCard/action.
type acted struct {
	Status int    `json:"statusCode"`
	Type   string `json:"type"`
	Value  any    `json:"value"`
}

// tasked answers task/fetch, task/submit and their twins of the message
// extension: the dialog goes on with a card.
type tasked struct {
	Task task `json:"task"`
}

type task struct {
	Type  string `json:"type"` // continue
	Value dialog `json:"value"`
}

type dialog struct {
	Title  string     `json:"title"`
	Width  string     `json:"width"`
	Height string     `json:"height"`
	Card   attachment `json:"card"`
}

type attachment struct {
	ContentType string    `json:"contentType"`
	Content     card.Card `json:"content"`
}

// show answers with a page: in place of the card, or in the dialog.
func (a *Adapter) show(c click, s shown) answer {
	if c.Name == activity.CardAction {
		return answer{body: acted{Status: http.StatusOK, Type: card.ContentType, Value: card.Message(s.page)}}
	}
	content := card.Followed(s.page, c.data)
	if len(s.amiss) > 0 {
		content = card.Corrected(s.page, c.event, s.amiss)
	}
	return answer{body: tasked{Task: task{Type: "continue", Value: dialog{Title: card.Title(s.page), Width: "medium", Height: "large",
		Card: attachment{ContentType: card.ContentType, Content: content}}}}}
}

// told answers with what went wrong: beside the card, which stays, or in the
// dialog, with a way back where the case may still be open.
func (a *Adapter) told(c click, err error) answer {
	text := a.words.Explain(err, c.event, c.Person.ObjectID)
	if c.Name == activity.CardAction {
		return answer{body: acted{Status: http.StatusOK, Type: messageType, Value: text}}
	}
	return a.show(c, shown{page: chat.Failure(text, bot.KindOf(err), c.event)})
}

package answer

import (
	"fmt"
	"time"

	"latchkey/bot"
	"latchkey/flows"
)

func say(id string, tone flows.Tone, parts ...any) flows.Block {
	return flows.Block{Text: &flows.Text{ID: id, Tone: tone, Said: flows.Say(parts...)}}
}

// card is what stands in the user's chat. It never asks him to read anything aloud.
func card(b body) flows.Page {
	p := flows.Page{ID: "asked", Title: "The helpdesk asks", Blocks: []flows.Block{
		say("asked.who", flows.Plain, b.Agent, " at the helpdesk was asked to unlock your account, and checks that it is you who calls."),
		say("asked.phrase", flows.Plain, "Real helpdesk staff will say first: ", flows.Words{{Text: b.Phrase, Bold: true}}, ". Wait until they do. Whoever does not say it is not the helpdesk."),
	}}
	var buttons []flows.Button
	if b.Challenge != "" {
		p.Blocks = append(p.Blocks, say("asked.digits", flows.Plain, "Then they read six digits to you. Enter these here, until ", b.Expires, "."))
		buttons = append(buttons, flows.Button{Kind: flows.Answer, Label: "Enter the digits", Name: "Enter the digits that the helpdesk reads to you", Style: flows.StylePrimary})
	}
	p.Blocks = append(p.Blocks, flows.Block{Buttons: append(buttons, notMe())})
	return p
}

func notMe() flows.Button {
	return flows.Button{Kind: flows.NotMe, Label: "This is not me", Name: "This is not me: I have not called the helpdesk", Style: flows.StyleDanger,
		Confirm: &flows.Confirmation{Title: "Is somebody else calling?", Yes: "It is not me", No: "It is me",
			Text: "The helpdesk's case ends, your security team is told, and nothing of yours is unlocked within a day."}}
}

// pageForm takes the digits. why, where set, says what became of the last ones.
func pageForm(b body, why string, now time.Time) flows.Page {
	p := flows.Page{ID: "form", Title: "The helpdesk asks", Close: "Close", Keeps: true,
		Submit: &flows.Button{Kind: flows.Verify, Type: bot.Chat, Label: "Confirm"}}
	if why != "" {
		p.Blocks = append(p.Blocks, say("form.why", flows.Warning, why))
	}
	p.Blocks = append(p.Blocks,
		say("form.how", flows.Plain, b.Agent, " reads six digits to you, after the phrase ", flows.Words{{Text: b.Phrase, Bold: true}}, "."),
		flows.Block{Input: &flows.Input{Field: fieldCode, Label: "Six digits", Max: 16, Hint: "Digits only.", Fresh: now.UTC().Format(time.RFC3339Nano)}},
		flows.Block{Buttons: []flows.Button{notMe()}})
	return p
}

func wrong(left int) string {
	if left == 1 {
		return "Those digits are not right. 1 try is left."
	}
	return fmt.Sprintf("Those digits are not right. %d tries are left.", left)
}

func pagePassed(b body) flows.Page {
	return flows.Page{ID: "passed", Title: "The helpdesk asks", Close: "Close", Blocks: []flows.Block{
		say("passed", flows.Good, "Right. ", b.Agent, " sees that it is you."),
	}}
}

func pageOver() flows.Page {
	return flows.Page{ID: "over", Title: "The helpdesk asks", Close: "Close", Blocks: []flows.Block{
		say("over", flows.Warning, "This can no longer be answered: its time or its tries have run out, or you were asked anew."),
	}}
}

// pageAnew stands where he was asked before.
func pageAnew() flows.Page {
	return flows.Page{ID: "asked_anew", Title: "The helpdesk asks", Close: "Close", Blocks: []flows.Block{
		say("asked_anew", flows.Plain, "You were asked anew: answer the newest message."),
	}}
}

// pageCaseOver stands when the agent's case has ended, until the record does.
func pageCaseOver(b body) flows.Page {
	return flows.Page{ID: "case_over", Title: "The helpdesk asks", Close: "Close", Blocks: []flows.Block{
		say("case_over", flows.Plain, "The case of ", b.Agent, " is over: nothing more is asked of you. If it was not you who called, say so now."),
		{Buttons: []flows.Button{notMe()}},
	}}
}

func pageDenied(b body, held bool) flows.Page {
	p := flows.Page{ID: "denied", Title: "The helpdesk asks", Close: "Close", Blocks: []flows.Block{
		say("denied", flows.Good, "Thank you. The case of ", b.Agent, " has ended, and your security team was told."),
	}}
	if held {
		p.Blocks = append(p.Blocks, say("denied.frozen", flows.Plain, "Nothing of yours is unlocked within a day. Should you need it before, call the helpdesk."))
	}
	return p
}

func pageFailed(err error) flows.Page {
	text := bot.TextOf(err)
	if text == "" {
		text = "That did not work just now. Please try again in a minute."
	}
	return flows.Page{ID: "failed", Title: "The helpdesk asks", Close: "Close", Blocks: []flows.Block{
		say("failed", flows.Bad, text, " Your answer has not counted."),
	}}
}

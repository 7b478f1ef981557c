package unlock

import (
	"fmt"
	"slices"

	"latchkey/bot"
	"latchkey/flows"
)

// digitsShown is the text that Present writes the digits into: no record holds them.
const digitsShown = "digits"

// pageDigits waits until the user has entered the digits in the chat. why, where
// set, says what became of those that he has entered.
func pageDigits(b body, why flows.Words) flows.Page {
	p := flows.Page{ID: "digits", Title: "Chat", Close: "Close", Keeps: true}
	if why != nil {
		p.Blocks = append(p.Blocks, say("digits.why", flows.Warning, why))
	}
	p.Blocks = append(p.Blocks, phraseBlocks(b)...)
	p.Blocks = append(p.Blocks,
		say("digits.how", flows.Plain, "A message went to ", b.Name, " in the chat. Read these six digits to the user, who enters them there:"),
		say(digitsShown, flows.Heading, "•••"),
		flows.Block{Wait: &flows.Wait{ID: "digits.wait", Until: "the user has answered"}},
		flows.Block{Buttons: []flows.Button{overviewButton(),
			{Kind: flows.SendCode, Type: bot.Chat, Label: "Ask again", Name: clip("Ask "+b.Name+" again in the chat", 75)}}})
	return p
}

// Present writes the digits into the page that waits for them.
func (c *Conversation) Present(r flows.Record) (flows.Page, error) {
	t := turn{r: r}
	if r.Page.ID != "digits" || t.open() != nil || len(t.b.Sealed) == 0 {
		return r.Page, nil
	}
	digits, err := c.Verifier.Reveal(t.b.Challenge, t.b.Sealed)
	if err != nil {
		return flows.Page{}, err
	}
	p := r.Page
	p.Blocks = slices.Clone(p.Blocks)
	for i, b := range p.Blocks {
		if b.Text != nil && b.Text.ID == digitsShown {
			p.Blocks[i] = say(digitsShown, flows.Heading, digits[:3], " ", digits[3:])
		}
	}
	return p, nil
}

// userAnswered: the user has entered digits in the chat.
func (t *turn) userAnswered(v bot.Verdict) (flows.Move, error) {
	switch {
	case t.b.Type != bot.Chat || v.Garbled:
		return flows.Move{}, nil // the agent is at something else
	case v.Passed:
		return flows.Move{Effect: readCase{}}, nil
	case v.Refused != "" && v.Refused != bot.ChallengeOver:
		return t.to(AwaitingProof, t.pageTypeRefused(v.Refused, v.Until)), nil
	case v.Refused == bot.ChallengeOver || v.Left <= 0:
		t.b.Challenge, t.b.Sealed = "", nil
		return t.to(AwaitingProof, pageOver(t.b.Name, bot.Chat)), nil
	}
	left := fmt.Sprintf("%d tries are left.", v.Left)
	if v.Left == 1 {
		left = "1 try is left."
	}
	return t.to(AwaitingProof, pageDigits(t.b, flows.Say("The user has entered other digits. ", left))), nil
}

// phraseBlocks tell the agent what the user waits to hear.
func phraseBlocks(b body) []flows.Block {
	if b.Phrase == "" || b.Self {
		return nil
	}
	return []flows.Block{say("phrase", flows.Plain, "Say first: ", flows.Words{{Text: b.Phrase, Bold: true}}, ". The message to ", b.Name,
		" says that real helpdesk staff begin with it.")}
}

// pageDenied ends a case whose user has said that it is not he.
func pageDenied(who string, frozen bool) flows.Page {
	p := flows.Page{ID: "denied", Title: "Not possible", Close: "Close", Blocks: []flows.Block{
		say("denied", flows.Bad, who, " has said in the chat: this is not me. The case has ended. End the call, and tell your security team."),
	}}
	if frozen {
		p.Blocks = append(p.Blocks, say("denied.frozen", flows.Plain, "Nothing of this person's is unlocked within a day, by anybody, unless the freeze is lifted."))
	}
	return p
}

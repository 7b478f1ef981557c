package enroll

import (
	"fmt"
	"strconv"
	"time"

	"latchkey/bot"
	"latchkey/flows"
)

// pageWays is what has to be proved, and how it can be. begun: something counts
// already, and proves it.
func pageWays(b body, begun bool) flows.Page {
	p := flows.Page{ID: "enroll_ways", Title: "Prove that it is you", Close: "Close", Blocks: []flows.Block{
		say("ways.why", flows.Plain, purpose(b), " The proof counts for this one change, for ten minutes.")}}
	if b.Do == bot.Removing {
		p.Blocks = append(p.Blocks, say("ways.removes", flows.Warning, "It is removed as soon as you have proved it."))
	}
	if b.Last {
		p.Blocks = append(p.Blocks, say("ways.last", flows.Warning, last(b)))
	}
	switch {
	case len(b.Ways) == 0 && b.Do == bot.Linking:
		p.Blocks = append(p.Blocks, say("ways.unlinkable", flows.Bad, "To link accounts, a type that counts already has to be enrolled on each of them. Enroll first, and come back when it counts."))
	case len(b.Ways) == 0 && !begun:
		p.Blocks = append(p.Blocks, say("ways.none", flows.Bad, "Your first enrollment is proved by a code to your mail address in the directory, and there is none, or no mail server is configured. "+
			"An administrator has to begin: ask for latchkey enroll add."))
	case len(b.Ways) == 0:
		p.Blocks = append(p.Blocks, say("ways.away", flows.Bad, "Nothing that you are enrolled with can be used at the moment. Ask your administrator."))
	}
	for i, w := range b.Ways {
		row := wayRow(w)
		if i == 0 {
			row.Button.Style = flows.StylePrimary
		}
		p.Blocks = append(p.Blocks, flows.Block{Row: row})
	}
	if begun && len(b.Ways) > 0 {
		p.Blocks = append(p.Blocks, say("ways.lost", flows.Note, "None of these at hand? An administrator can remove what you have lost: ask the helpdesk how."))
	}
	p.Blocks = append(p.Blocks, flows.Block{Buttons: []flows.Button{overviewButton()}})
	return p
}

func purpose(b body) string {
	name := b.Type.Name()
	if b.Before != "" {
		name += " (" + b.Before + ")"
	}
	switch b.Do {
	case bot.Linking:
		if b.There {
			return "Your own side is proved. Now prove that the account " + b.Other.String() + " is yours, too, by what is enrolled there. It is linked as soon as you have."
		}
		return "You want to link the account " + b.Other.String() + ". Prove your own side first, and then the other."
	case bot.Unlinking:
		return "You want to unlink the account " + b.Other.String() + ". It is unlinked as soon as you have proved that it is you."
	case bot.Removing:
		return "You want to remove " + name + "."
	case bot.Changing:
		return "You want to change " + name + "."
	}
	return "You want to enroll with " + name + "."
}

func last(b body) string {
	if b.Do == bot.Removing {
		return "It is the only type of yours that counts: without it the helpdesk cannot prove that it is you."
	}
	return "It is the only type of yours that counts. The new one may count later only: until then the helpdesk cannot prove that it is you."
}

func wayRow(w way) *flows.Row {
	r := &flows.Row{Title: capital(w.Type.Name())}
	k, label := flows.SendCode, "Send code"
	switch {
	case w.Directory:
		r.Detail = flows.Say("A code goes to your mail address in the directory, ", w.Masked)
	case w.Type == bot.Email:
		r.Detail = flows.Say("A code goes to ", w.Masked)
	case w.Type == bot.Mobile:
		r.Detail = flows.Say("A code goes by text message to ", w.Masked)
	case w.Type == bot.Authenticator:
		r.Detail, k, label = flows.Say("The code that your app shows now"), flows.ChooseType, "Enter code"
	default:
		r.Detail, k, label = flows.Say("The answers to all of your questions"), flows.ChooseType, "Answer"
	}
	r.Button = &flows.Button{Kind: k, Type: w.Type, Label: label, Name: label + ": " + w.Type.Name()}
	return r
}

func backButton(label string) flows.Button { return flows.Button{Kind: flows.Back, Label: label} }

func waysButtons(more ...flows.Button) flows.Block {
	return flows.Block{Buttons: append(more, backButton("Another way"), overviewButton())}
}

func codeInput(fresh string) flows.Block {
	return flows.Block{Input: &flows.Input{Field: fieldCode, Label: "Code", Max: 16, Fresh: fresh, Hint: "Digits only."}}
}

// pageProof takes what proves it. why, where set, says what became of the last value.
func pageProof(b body, why flows.Words, fresh string) flows.Page {
	p := flows.Page{ID: "enroll_proof", Title: capital(b.By.Name()), Close: "Close",
		Submit: &flows.Button{Kind: flows.Verify, Type: b.By, Label: "Verify"}}
	if why != nil {
		p.Blocks = append(p.Blocks, say("proof.why", flows.Warning, why))
	}
	switch {
	case b.By == bot.SecurityQuestions:
		p.Blocks = append(p.Blocks, say("proof.questions", flows.Plain, "Answer as you did when you enrolled. Capital letters and blanks do not matter."))
		for i := range b.Asked {
			p.Blocks = append(p.Blocks, flows.Block{Input: &flows.Input{Field: fieldAnswer + strconv.Itoa(i+1), Label: fmt.Sprintf("Question %d", i+1), Max: maxAnswer, Fresh: fresh}})
		}
		p.Blocks = append(p.Blocks, waysButtons())
	case b.By == bot.Authenticator:
		p.Blocks = append(p.Blocks, say("proof.app", flows.Plain, "Enter the code that your authenticator app shows now."), codeInput(fresh), waysButtons())
	default:
		p.Blocks = append(p.Blocks, say("proof.sent", flows.Plain, "A code was sent to ", b.Masked, ". Enter it here, and read it to nobody: the helpdesk never asks for it."),
			codeInput(fresh), waysButtons(flows.Button{Kind: flows.SendCode, Type: b.By, Label: "Send a new code"}))
	}
	return p
}

// wrong says what was wrong with a value.
func wrong(t bot.Type, v bot.Verdict) flows.Words {
	left := fmt.Sprintf(" %d tries are left.", v.Left)
	if v.Left == 1 {
		left = " 1 try is left."
	}
	switch {
	case v.Garbled && t == bot.SecurityQuestions:
		return flows.Say("One of the answers holds characters that no answer can have, or nothing. No try was used.")
	case t == bot.SecurityQuestions:
		return flows.Say("That was not all right. What is left is asked again.", left)
	case v.Garbled:
		return flows.Say("That is not a code: enter its digits and nothing else. No try was used.")
	case v.Replayed:
		return flows.Say("That code was used before. Wait for the next one.", left)
	}
	return flows.Say("That code is not right.", left)
}

// pageProofOver: the challenge has run out or has no tries left.
func pageProofOver(t bot.Type) flows.Page {
	text := "This code is no longer good: it has run out, was tried too often, or a newer one was sent."
	again := flows.Button{Kind: flows.ChooseType, Type: t, Label: "Try again"}
	switch {
	case t.Sent():
		again = flows.Button{Kind: flows.SendCode, Type: t, Label: "Send a new code"}
	case t == bot.SecurityQuestions:
		text = "This took too long, or an answer was tried too often."
	}
	return flows.Page{ID: "enroll_proof_over", Title: capital(t.Name()), Close: "Close", Blocks: []flows.Block{
		say("proof.over", flows.Warning, text), waysButtons(again)}}
}

// pageStopped: a limit forbids another value.
func pageStopped(t bot.Type, why bot.Reason, until time.Time) flows.Page {
	w := flows.Say("Nothing more can be verified of you now, because ", flows.Because(why), ".")
	if !until.IsZero() {
		w = flows.Say(w, " It is possible again: ", until, ".")
	}
	return flows.Page{ID: "enroll_stopped", Title: capital(t.Name()), Close: "Close", Blocks: []flows.Block{
		say("proof.stopped", flows.Bad, w), {Buttons: []flows.Button{overviewButton()}}}}
}

// failure is the sentence above a page when an effect could not be done.
func failure(err error) flows.Block {
	text := bot.TextOf(err)
	switch kind := bot.KindOf(err); {
	case text != "":
	case kind == bot.Throttled:
		text = "That was done too often within a short time. Wait a little."
	case kind == bot.Unavailable:
		text = "Something that is needed does not answer now. Try again in a moment."
	default:
		text = "That was not possible."
	}
	return say("failed", flows.Bad, text, " Nothing was changed.")
}

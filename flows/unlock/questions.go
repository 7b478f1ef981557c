package unlock

import (
	"fmt"
	"strconv"
	"strings"

	"latchkey/bot"
	"latchkey/flows"
)

// fieldAnswer and the number of a question is the key of its input.
const fieldAnswer = "answer-"

// asked is one security question of the page. The answers are nowhere in it.
type asked struct {
	ID        string `json:"id"`
	Challenge string `json:"challenge,omitempty"`
	Text      string `json:"text"`
	Right     bool   `json:"right,omitempty"`
	Said      string `json:"said,omitempty"` // of the last answer, where it was not right
}

func askedOf(posed []bot.Posed) []asked {
	var out []asked
	for _, p := range posed {
		out = append(out, asked{ID: p.ID, Challenge: p.Challenge, Text: p.Text, Right: p.Right})
	}
	return out
}

// effects of the page of questions
type (
	answers struct{ given []given }
	given   struct{ id, challenge, typed string }
)

// answerVerdict is what became of the answer to one question.
type answerVerdict struct {
	id string
	bot.Verdict
}

// answers takes what was typed; what was left empty is not judged.
func (t *turn) answers() (flows.Move, error) {
	var e answers
	for i, q := range t.b.Asked {
		typed := t.h.Event.Fields[fieldAnswer+strconv.Itoa(i)]
		if !q.Right && q.Challenge != "" && strings.TrimSpace(typed) != "" {
			e.given = append(e.given, given{q.ID, q.Challenge, typed})
		}
	}
	if len(t.b.Asked) == 0 {
		return flows.Move{Effect: readCase{}}, nil
	}
	if len(e.given) == 0 {
		p := pageQuestions(t.b, t.fresh())
		p.Blocks = append([]flows.Block{say("questions.none", flows.Warning, "Type at least one answer.")}, p.Blocks...)
		return t.to(AwaitingProof, p), nil
	}
	return flows.Move{Effect: e}, nil
}

// answersJudged says of each question what became of its answer.
func (t *turn) answersJudged() (flows.Move, error) {
	f := t.h.Found.(answersFound)
	for _, v := range f.verdicts {
		if v.Refused != "" && v.Refused != bot.ChallengeOver {
			return t.to(AwaitingProof, t.pageTypeRefused(v.Refused, v.Until)), nil
		}
		for i := range t.b.Asked {
			if q := &t.b.Asked[i]; q.ID == v.id {
				q.Right, q.Said = v.Passed, saidOf(v.Verdict)
				if v.Refused != "" || !v.Passed && !v.Garbled && v.Left <= 0 {
					q.Challenge = ""
				}
			}
		}
	}
	if f.after.Decision.Page == bot.PageRefused {
		return flows.Move{Effect: readCase{}}, nil
	}
	for _, s := range f.after.Decision.Types {
		if s.Type == bot.SecurityQuestions && s.Passed {
			t.b.Type, t.b.Asked, t.b.Safer = "", nil, saferThanMobile(f.after)
			done := bot.SecurityQuestions
			return t.to(AwaitingProof, pageAuthenticate(f.after, &done)), nil
		}
	}
	return t.to(AwaitingProof, pageQuestions(t.b, t.fresh())), nil
}

func saidOf(v bot.Verdict) string {
	switch {
	case v.Passed:
		return ""
	case v.Garbled:
		return "That is not an answer: write 1 to 128 characters, without control characters and of one script. No try was used."
	case v.Refused != "" || v.Left <= 0:
		return "This question can no longer be answered here: its time or its tries have run out. Begin again."
	case v.Left == 1:
		return "Not right. 1 try is left."
	}
	return fmt.Sprintf("Not right. %d tries are left.", v.Left)
}

// pageQuestions shows the questions, never an answer: each is judged by itself.
func pageQuestions(b body, fresh string) flows.Page {
	p := flows.Page{ID: "questions", Title: "Security questions", Close: "Close", Keeps: true}
	how := flows.Say("Ask ", b.Name, " and type what the user says. Each answer is verified on its own; leave out what the user does not know.")
	if b.Self {
		how = flows.Say("Answer as you did when you enrolled. Each answer is verified on its own.")
	}
	p.Blocks = append(p.Blocks, say("questions.how", flows.Plain, how))
	p.Blocks = append(p.Blocks, phraseBlocks(b)...)
	open, over := 0, false
	for i, q := range b.Asked {
		switch {
		case q.Right:
			p.Blocks = append(p.Blocks, say("questions.right", flows.Good, "Answered right: ", q.Text))
			continue
		case q.Said != "":
			p.Blocks = append(p.Blocks, say("questions.said", flows.Warning, clip(q.Text, 80), " ", q.Said))
		}
		if q.Challenge == "" {
			over = true
			continue
		}
		open++
		p.Blocks = append(p.Blocks, flows.Block{Input: &flows.Input{Field: fieldAnswer + strconv.Itoa(i), Label: clip(q.Text, 150), Optional: true, Max: 128, Fresh: fresh}})
	}
	buttons := []flows.Button{overviewButton()}
	if over {
		buttons = append(buttons, flows.Button{Kind: flows.ChooseType, Type: bot.SecurityQuestions, Label: "Begin again",
			Name: clip("Begin the security questions of "+b.Name+" again", 75)})
	}
	p.Blocks = append(p.Blocks, flows.Block{Buttons: buttons})
	if open > 0 {
		p.Submit = &flows.Button{Kind: flows.Verify, Type: bot.SecurityQuestions, Label: "Verify"}
	}
	return p
}

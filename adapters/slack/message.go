package slack

import (
	"strings"

	slackgo "github.com/slack-go/slack"

	"latchkey/flows"
)

// maxText bounds the top-level text of a message, before escaping; Slack cuts
// from 4,000 on.
const maxText = 3000

// message renders a page as a message: its blocks, and the text that says the
// same to screen readers and notifications. Inputs cannot stand in a message
// and are left out; buttons stand there if the page has a token.
func message(p flows.Page) (text string, blocks []slackgo.Block) {
	r := renderer{token: p.Token}
	blocks = r.render(p)
	return escape(or(bounded(spoken(p), maxText), "Latchkey")), blocks
}

// spoken says what the blocks say, a line each.
func spoken(p flows.Page) string {
	var lines []string
	say := func(s string) {
		if s = strings.TrimSpace(s); !blank(s) {
			lines = append(lines, s)
		}
	}
	if !beginsWithHeading(p) {
		say(clean(p.Title, maxHeader))
	}
	for _, b := range p.Blocks {
		switch {
		case b.Text != nil:
			if !unread(b.Text.Said) {
				say(sign(b.Text.Tone) + plainWords(b.Text.Said, maxSaid))
			}
		case b.Wait != nil:
			say(plainWords(changes(*b.Wait), maxSaid))
		case b.Row != nil:
			say(or(clean(b.Row.Title, 200), "–"))
			for _, w := range b.Row.Lines() {
				say(plainWords(w, maxSaid))
			}
		case b.Choices != nil:
			for _, f := range choiceFacts(*b.Choices) {
				say(spokenFact(f))
			}
		}
		for _, f := range b.Facts {
			say(spokenFact(f))
		}
	}
	return strings.Join(lines, "\n")
}

func spokenFact(f flows.Fact) string {
	return or(clean(f.Label, 100), "–") + ": " + or(plainWords(f.Value, maxSaid), "–")
}

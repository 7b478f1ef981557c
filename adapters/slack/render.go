package slack

import (
	"encoding/json"
	"slices"

	slackgo "github.com/slack-go/slack"

	"latchkey/flows"
)

// Slack's limits (docs.slack.dev/reference/block-kit), in characters unless
// said otherwise.
const (
	maxModalBlocks   = 100
	maxMessageBlocks = 50
	maxBytes         = 200_000 // of the blocks of one page; a view may have 250,000
	maxTitle         = 24
	maxHeader        = 150
	maxButton        = 75
	maxOption        = 75
	maxOptions       = 10
	maxMenu          = 100
	maxButtons       = 5
	maxAsked         = 300 // what a confirmation asks, and its title and choices
	maxAskedTitle    = 100
	maxAskedChoice   = 30
	maxURL           = 3000
	maxMetadata      = 3000
	maxValue         = 2000
)

// renderer makes blocks of a page. It is a pure function in several steps:
// the same page gives the same blocks.
type renderer struct {
	modal  bool
	home   bool   // the App Home: no message, and no dialog
	submit bool   // inputs can be sent
	token  string // of buttons in messages; in a modal the dialog has it
	blocks []slackgo.Block
	fields map[string]bool // that the page has an input for
}

// render gives at least one block and never more than Slack takes.
func (r *renderer) render(p flows.Page) []slackgo.Block {
	r.fields = map[string]bool{}
	if !r.modal && !beginsWithHeading(p) {
		r.heading(p.Title)
	}
	for _, b := range p.Blocks {
		r.block(b)
	}
	if len(r.blocks) == 0 {
		r.add(slackgo.NewSectionBlock(plain(or(clean(p.Title, maxHeader), "Latchkey")), nil, nil))
	}
	most := maxMessageBlocks
	if r.modal || r.home {
		most = maxModalBlocks
	}
	return cut(r.blocks, most)
}

func beginsWithHeading(p flows.Page) bool {
	return len(p.Blocks) > 0 && p.Blocks[0].Text != nil && p.Blocks[0].Text.Tone == flows.Heading && !unread(p.Blocks[0].Text.Said)
}

func (r *renderer) add(b slackgo.Block) { r.blocks = append(r.blocks, b) }

func (r *renderer) block(b flows.Block) {
	switch {
	case b.Text != nil:
		r.text(*b.Text)
	case len(b.Facts) > 0:
		for some := range slices.Chunk(b.Facts, 10) {
			r.facts(some)
		}
	case len(b.Buttons) > 0:
		r.buttons(b.Buttons)
	case b.Row != nil:
		r.row(*b.Row)
	case b.Input != nil:
		r.input(*b.Input)
	case b.Choices != nil:
		r.choices(*b.Choices)
	case b.Menu != nil:
		r.menu(*b.Menu)
	case b.Wait != nil:
		r.text(flows.Text{ID: b.Wait.ID, Tone: flows.Note, Said: changes(*b.Wait)})
	case b.Divider:
		r.add(slackgo.NewDividerBlock())
	}
}

// changes says what a page waits for: a dialog of Slack is changed from outside.
func changes(w flows.Wait) flows.Words {
	return flows.Say("This page changes by itself as soon as ", w.Until, ".")
}

func (r *renderer) heading(s string) {
	if s = clean(s, maxHeader); !blank(s) {
		r.add(slackgo.NewHeaderBlock(plain(s)))
	}
}

func (r *renderer) text(t flows.Text) {
	switch {
	case unread(t.Said):
	case t.Tone == flows.Heading:
		r.heading(plainWords(t.Said, maxHeader))
	case t.Tone == flows.Note && !hasTime(t.Said):
		r.add(slackgo.NewContextBlock("", plain(plainWords(t.Said, maxSaid))))
	default:
		said := t.Said
		if mark := sign(t.Tone); mark != "" {
			said = append(flows.Words{{Text: mark}}, said...)
		}
		r.add(rich(richWords(said, maxSaid)))
	}
}

// facts are lines of rich text: fields of a section know no times in the
// reader's zone.
func (r *renderer) facts(facts []flows.Fact) {
	var lines []slackgo.RichTextSectionElement
	for i, f := range facts {
		value := f.Value
		if unread(value) {
			value = flows.Say("–")
		}
		label := or(clean(f.Label, 100), "–") + ": "
		if i > 0 {
			label = "\n" + label
		}
		lines = append(lines, slackgo.NewRichTextSectionTextElement(label, &slackgo.RichTextSectionTextStyle{Bold: true}))
		lines = append(lines, richWords(value, maxSaid/len(facts))...)
	}
	r.add(rich(lines))
}

// row has its button beside it, or below where it tells a time: plain text
// knows no times in the reader's zone, and rich text no button.
func (r *renderer) row(row flows.Row) {
	title := or(clean(row.Title, 200), "–")
	var press *slackgo.ButtonBlockElement
	if row.Button != nil {
		press = r.button(*row.Button, 0)
	}
	lines := slices.DeleteFunc(row.Lines(), unread)
	if press != nil && !slices.ContainsFunc(lines, hasTime) {
		for _, w := range lines {
			title += "\n" + plainWords(w, (maxSaid-250)/len(lines))
		}
		r.add(slackgo.NewSectionBlock(plain(title), nil, slackgo.NewAccessory(press)))
		return
	}
	said := flows.Words{{Text: title, Bold: true}}
	for _, w := range lines {
		said = append(append(said, flows.Span{Text: "\n"}), w...)
	}
	r.add(rich(richWords(said, maxSaid)))
	if press != nil {
		r.add(slackgo.NewActionBlock("", press))
	}
}

func (r *renderer) buttons(buttons []flows.Button) {
	var row []slackgo.BlockElement
	for i, b := range buttons {
		if press := r.button(b, i); press != nil {
			row = append(row, press)
		}
		if len(row) == maxButtons || i == len(buttons)-1 && len(row) > 0 {
			r.add(slackgo.NewActionBlock("", row...))
			row = nil
		}
	}
}

// cut leaves out what does not fit, and says so.
func cut(blocks []slackgo.Block, most int) []slackgo.Block {
	size := 0
	for i, b := range blocks {
		data, err := json.Marshal(b)
		size += len(data)
		if err != nil || size > maxBytes || i == most-1 && len(blocks) > most {
			more := slackgo.NewContextBlock("", plain("There is more that does not fit here."))
			return append(blocks[:i:i], more)
		}
	}
	return blocks
}

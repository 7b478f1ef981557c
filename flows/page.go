package flows

import (
	"time"

	"latchkey/bot"
)

// PageID names a page for good: goldens, tests and adapters use it.
type PageID string

// Page is what a person sees, said without any chat's words. An adapter
// renders it as a dialog (modal, task module) or, where the flow says so, as a
// message; all text in it is plain text, never markup.
type Page struct {
	ID     PageID  `json:"id"`
	Title  string  `json:"title"` // at most 24 runes
	Blocks []Block `json:"blocks"`
	Submit *Button `json:"submit,omitempty"` // the one that the return key means
	Close  string  `json:"close,omitempty"`  // label of the button that closes, at most 24 runes
	Keeps  bool    `json:"keeps,omitempty"`  // closing keeps the case: tell the flow with Closed
	Token  string  `json:"-"`                // set by the dispatcher: proves that a click comes from this page
	Repeat bool    `json:"-"`                // answers a repeated click: show it only where nothing newer stands
}

// Block is one part of a page. Exactly one of its fields is set.
type Block struct {
	Text    *Text    `json:"text,omitempty"`
	Facts   []Fact   `json:"facts,omitempty"`   // label and value, at most 10
	Buttons []Button `json:"buttons,omitempty"` // at most 5 in a row
	Row     *Row     `json:"row,omitempty"`
	Input   *Input   `json:"input,omitempty"`
	Choices *Choices `json:"choices,omitempty"`
	Menu    *Menu    `json:"menu,omitempty"`
	Wait    *Wait    `json:"wait,omitempty"`
	Divider bool     `json:"divider,omitempty"`
}

// Tone says how a text is meant. It is never shown by colour or sign alone:
// the words say it too.
type Tone string

// The tones.
const (
	Plain   Tone = ""
	Heading Tone = "heading"
	Note    Tone = "note" // small print
	Good    Tone = "good"
	Warning Tone = "warning"
	Bad     Tone = "bad"
)

// Text is a sentence or a few. ID is stable, so that tests and translators
// find it whatever its words are.
type Text struct {
	ID   string `json:"id"`
	Tone Tone   `json:"tone,omitempty"`
	Said Words  `json:"said"`
}

// Words is a run of text with points in time in it.
type Words []Span

// Span is plain text, or a time that the adapter writes in the reader's zone.
type Span struct {
	Text string    `json:"text,omitempty"`
	At   time.Time `json:"at,omitzero"`
	Bold bool      `json:"bold,omitempty"`
}

// Say makes words of strings and times, and leaves out empty ones; anything
// else is a programming error and shows as "?". What was said stays one line,
// whatever a directory or a person wrote.
func Say(parts ...any) Words {
	var w Words
	for _, p := range parts {
		switch p := p.(type) {
		case string:
			if p != "" {
				w = append(w, Span{Text: bot.Line(p)})
			}
		case time.Time:
			w = append(w, Span{At: p.UTC().Truncate(time.Second)})
		case Words:
			w = append(w, p...)
		default:
			w = append(w, Span{Text: "?"})
		}
	}
	return w
}

// Plain gives the words for a reader without a zone: times in UTC.
func (w Words) Plain() string {
	var s string
	for _, p := range w {
		if p.At.IsZero() {
			s += p.Text
		} else {
			s += p.At.UTC().Format("2006-01-02 15:04 UTC")
		}
	}
	return s
}

// Wait says what the page waits for: it changes when something happens
// elsewhere. Where a chat cannot change a dialog that is open, its adapter
// offers to look again (Look).
type Wait struct {
	ID    string `json:"id"`
	Until string `json:"until"` // goes on from 'as soon as': 'the user has answered'
}

// Fact is a label with its value.
type Fact struct {
	Label string `json:"label"`
	Value Words  `json:"value"`
}

// Style of a button.
type Style string

// The styles.
const (
	StyleDefault Style = ""
	StylePrimary Style = "primary"
	StyleDanger  Style = "danger"
)

// Button is something to press. It makes an event of Kind with Type and Row; a
// kind that opens a record needs no token. One with a URL leads there in the
// person's browser and makes no event, wherever it stands.
type Button struct {
	Kind  EventKind `json:"kind"`
	Label string    `json:"label"`          // at most 24 runes as Submit, else 75
	Name  string    `json:"name,omitempty"` // for screen readers, names the object: 'Verify authenticator of Mei Lin'; at most 75 runes
	Style Style     `json:"style,omitempty"`
	Type  bot.Type  `json:"type,omitempty"`
	Row   int       `json:"row,omitempty"`
	Token string    `json:"token,omitempty"` // where a page leads to several cases: that of the button's own; empty: the page's
	URL   string    `json:"url,omitempty"`   // https, or http on loopback; at most 3000 bytes

	Confirm *Confirmation `json:"confirm,omitempty"` // asks once more before the event is made; not of a Submit
}

// Confirmation is the box that asks once more.
type Confirmation struct {
	Title string `json:"title"` // at most 100 runes
	Text  string `json:"text"`  // at most 300 runes: what happens then
	Yes   string `json:"yes"`   // at most 30 runes: does it
	No    string `json:"no"`    // at most 30 runes: does nothing
}

// Row is one entry of a list with at most one button.
type Row struct {
	Title  string  `json:"title"`
	Detail Words   `json:"detail,omitempty"`
	More   []Words `json:"more,omitempty"` // a line each, below Detail
	Button *Button `json:"button,omitempty"`
}

// Lines are the lines below the title, those without words left out.
func (r Row) Lines() []Words {
	var lines []Words
	for _, w := range append([]Words{r.Detail}, r.More...) {
		if len(w) > 0 {
			lines = append(lines, w)
		}
	}
	return lines
}

// Input is one line (or a few) to type. A page with an input has a Submit.
type Input struct {
	Field       string `json:"field"` // key in Event.Fields
	Label       string `json:"label"`
	Hint        string `json:"hint,omitempty"`
	Placeholder string `json:"placeholder,omitempty"`
	Initial     string `json:"initial,omitempty"`
	Optional    bool   `json:"optional,omitempty"`
	Lines       bool   `json:"lines,omitempty"` // several lines
	Max         int    `json:"max,omitempty"`   // runes, at most 3000; 0: 256
	Fresh       string `json:"fresh,omitempty"` // changes when what was typed must go
}

// Choices are check boxes.
type Choices struct {
	Field   string   `json:"field"`
	Label   string   `json:"label"`
	Options []Option `json:"options"` // 1 to 10
}

// Menu is one choice of several; what is chosen comes back as its row number.
type Menu struct {
	Field   string   `json:"field"` // key in Event.Fields
	Label   string   `json:"label"`
	Options []Option `json:"options"` // 1 to 100; the checked one stands there first
}

// Option is one check box, or one line of a menu; its value is its row number,
// never an id.
type Option struct {
	Row     int    `json:"row"`
	Label   string `json:"label"`            // at most 75 runes
	Detail  string `json:"detail,omitempty"` // at most 75 runes
	Checked bool   `json:"checked,omitempty"`
}

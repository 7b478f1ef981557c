package card

import (
	"slices"
	"strings"

	"latchkey/flows"
)

// Bounds of words, in runes.
const (
	maxSaid     = 2900 // of one block
	maxHeading  = 150
	maxTitle    = 200 // of a row
	maxLabel    = 100
	maxFallback = 400
	maxSummary  = 2000
	maxViewers  = 60
	maxViewer   = 256 // bytes of an MRI
	shortLabel  = 14  // a button that stands beside its row
	widest      = 52  // of all buttons side by side, with what is around their titles
	aroundTitle = 4
)

// renderer makes the parts of a card of a page. It is a pure function in
// several steps: the same page gives the same card.
type renderer struct {
	dialog, bare bool
	viewers      []string
	sent         *flows.Event      // what was typed and ticked, in a dialog that comes back
	kept         map[string]string // what was typed and chosen, by the input's whole id: only where nothing has made it stale
	who          string            // what was typed after a command, in what it opens
	amiss        map[string]string

	limits
	token  string
	submit bool // inputs can be sent
	line   bool // a divider stands before the next part
	fields map[string]bool
	parts  []part
}

// part is an element of the body; what is vital is left out last.
type part struct {
	element
	vital bool
}

// body makes the parts within limits.
func (r *renderer) body(p flows.Page, within limits) []part {
	r.limits, r.token, r.parts, r.line, r.fields = within, tokenOf(p), nil, false, map[string]bool{}
	r.submit = r.dialog && p.Submit != nil && p.Submit.URL == "" && actOf(*p.Submit).valid()
	if !r.dialog && !beginsWithHeading(p) {
		r.heading(p.Title, "large")
	}
	for _, b := range p.Blocks {
		r.block(b)
	}
	if len(r.parts) == 0 {
		r.add(paragraph(runs(flows.Say(Title(p)), maxHeading, textRun{})))
	}
	return r.parts
}

// footer is the row of a dialog that sends its form.
func (r *renderer) footer(p flows.Page) []action {
	if !r.submit {
		return nil
	}
	press := action{Type: submits, Title: or(plain(name(p.Submit.Label, maxButton)), "Continue"), Style: "positive",
		Data: &data{Act: actOf(*p.Submit).id(), Token: tokenOf(p)}}
	if p.Submit.Style == flows.StyleDanger {
		press.Style = "destructive"
	}
	if s := name(p.Submit.Name, maxButton); !blank(s) {
		press.Tooltip = plain(s)
	}
	return []action{press}
}

func beginsWithHeading(p flows.Page) bool {
	return len(p.Blocks) > 0 && p.Blocks[0].Text != nil && p.Blocks[0].Text.Tone == flows.Heading && !unread(p.Blocks[0].Text.Said)
}

// tokenOf leaves out what no dispatcher gives.
func tokenOf(p flows.Page) string {
	if len(p.Token) > maxToken {
		return ""
	}
	return p.Token
}

func (r *renderer) add(e element)      { r.put(part{element: e}) }
func (r *renderer) addVital(e element) { r.put(part{element: e, vital: true}) }

func (r *renderer) put(p part) {
	if r.line && len(r.parts) > 0 {
		p.setApart()
	}
	r.line = false
	r.parts = append(r.parts, p)
}

func (r *renderer) block(b flows.Block) {
	switch {
	case b.Text != nil:
		r.text(*b.Text)
	case len(b.Facts) > 0:
		r.facts(b.Facts)
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
		r.wait(*b.Wait)
	case b.Divider:
		r.line = true
	}
}

func (r *renderer) heading(s, size string) {
	if s = name(s, min(maxHeading, r.label)); !blank(s) {
		r.add(&textBlock{Type: "TextBlock", Text: begin(markdown(s)), Wrap: true, Style: "heading", Size: size, Weight: "bolder"})
	}
}

// text says how it is meant by the colour behind it, too: the words do already.
func (r *renderer) text(t flows.Text) {
	if unread(t.Said) {
		return
	}
	switch t.Tone {
	case flows.Heading:
		size := "medium"
		if len(r.parts) == 0 && !r.dialog {
			size = "large"
		}
		r.heading(spoken(t.Said, maxHeading), size)
	case flows.Note:
		r.add(paragraph(runs(t.Said, r.said, textRun{Size: "small", Subtle: true})))
	case flows.Good, flows.Warning, flows.Bad:
		style := map[flows.Tone]string{flows.Good: "good", flows.Warning: "warning", flows.Bad: "attention"}[t.Tone]
		r.add(&container{Type: "Container", Style: style, Items: []element{paragraph(runs(t.Said, r.said, textRun{}))}})
	default:
		r.add(paragraph(runs(t.Said, r.said, textRun{})))
	}
}

// wait offers to look again: no bot can change a dialog that is open, and a card
// that is changed is changed when the bot comes to know.
func (r *renderer) wait(w flows.Wait) {
	if !r.dialog || r.token == "" {
		r.add(small("This changes by itself as soon as " + name(w.Until, r.said) + "."))
		return
	}
	r.add(small("Press Refresh as soon as " + name(w.Until, r.said) + "."))
	look := r.sends(action{Title: "Refresh"}, act{kind: flows.Look}, r.token)
	r.addVital(&actionSet{Type: "ActionSet", Actions: []action{look}})
}

func (r *renderer) facts(facts []flows.Fact) {
	set := &factSet{Type: "FactSet"}
	for _, f := range facts {
		value := f.Value
		if unread(value) {
			value = flows.Say("–")
		}
		set.Facts = append(set.Facts, fact{
			Title: begin(markdown(or(name(f.Label, min(maxLabel, r.label)), "–"))),
			Value: marked(value, max(r.said/len(facts), 30)),
		})
	}
	r.add(set)
}

// row has its button beside it where that is short, else below.
func (r *renderer) row(row flows.Row) {
	items := []element{paragraph([]textRun{{Type: "TextRun", Text: plain(or(name(row.Title, min(maxTitle, r.label)), "–")), Weight: "bolder"}})}
	lines := slices.DeleteFunc(row.Lines(), unread)
	for _, w := range lines {
		below := paragraph(runs(w, r.said/len(lines), textRun{Subtle: true}))
		below.Spacing = "none"
		items = append(items, below)
	}
	var press *action
	if row.Button != nil {
		press = r.button(*row.Button)
	}
	beside := press != nil && press.Type != unfolds && len([]rune(press.Title)) <= shortLabel
	if press != nil && !beside {
		items = append(items, &actionSet{Type: "ActionSet", Actions: []action{*press}, look: look{Spacing: "small"}})
	}
	if !beside {
		r.add(&container{Type: "Container", Items: items})
		return
	}
	r.add(&columnSet{Type: "ColumnSet", Columns: []column{
		{Type: "Column", Width: "stretch", Vertical: "center", Items: items},
		{Type: "Column", Width: "auto", Vertical: "center", Items: []element{&actionSet{Type: "ActionSet", Actions: []action{*press}}}},
	}})
}

func (r *renderer) buttons(buttons []flows.Button) {
	var all []action
	for _, b := range buttons {
		if press := r.button(b); press != nil {
			all = append(all, *press)
		}
	}
	for len(all) > 0 {
		n := fitting(all)
		r.addVital(&actionSet{Type: "ActionSet", Actions: all[:n]})
		all = all[n:]
	}
}

// fitting is how many of the first buttons stand side by side: a client cuts the
// titles of a row that is too long for it.
func fitting(all []action) int {
	wide := 0
	for n, b := range all {
		wide += len([]rune(b.Title)) + aroundTitle
		if n == maxButtons || n > 0 && wide > widest {
			return n
		}
	}
	return len(all)
}

// Summary says what the card of a page says, a line each, without markup: for
// notifications, and for the text of a message beside its card.
func Summary(p flows.Page) string {
	var lines []string
	say := func(s string) {
		if s = strings.TrimSpace(s); !blank(s) {
			lines = append(lines, s)
		}
	}
	if !beginsWithHeading(p) {
		say(name(p.Title, maxHeading))
	}
	for _, b := range p.Blocks {
		switch {
		case b.Text != nil:
			say(spoken(b.Text.Said, maxSaid))
		case b.Wait != nil:
			say("This changes as soon as " + name(b.Wait.Until, maxSaid) + ".")
		case b.Row != nil:
			say(or(name(b.Row.Title, maxTitle), "–"))
			for _, w := range b.Row.Lines() {
				say(spoken(w, maxSaid))
			}
		case b.Choices != nil:
			for _, o := range b.Choices.Options[:min(len(b.Choices.Options), maxOptions)] {
				say(name(o.Label+": "+o.Detail, 2*maxOption))
			}
		}
		for _, f := range b.Facts {
			say(or(name(f.Label, maxLabel), "–") + ": " + or(spoken(f.Value, maxSaid), "–"))
		}
	}
	return or(cut(strings.Join(lines, "\n"), maxSummary), "Latchkey")
}

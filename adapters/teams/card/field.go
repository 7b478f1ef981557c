package card

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"latchkey/flows"
)

// The ids of what can be typed or ticked: the prefix, the field, and a mark
// that changes when the value must go.
const (
	inputMark   = "in:"
	choicesMark = "ch:"
	menuMark    = "me:"
	maxField    = 150 // bytes, as it stands in an id
)

// Bounds of what is entered.
const (
	maxTyped   = 3000 // runes
	maxEntered = 100  // fields of a page, and rows that are ticked on it
	maxOptions = 10   // check boxes
	maxMenu    = 100
	maxOption  = 75 // runes
)

// somethingThere is a pattern for at least one character that is no blank: one
// that a client may search for, or hold against all that was typed.
const somethingThere = `^[\s\S]*\S[\s\S]*$`

// fieldID gives the id of an input; "" for a field that no input can have.
func fieldID(prefix, field, mark string) string {
	escaped := url.QueryEscape(field)
	if field == "" || len(escaped) > maxField {
		return ""
	}
	return prefix + escaped + ":" + mark
}

// fieldOf reads an input's id; ok is false for any other.
func fieldOf(prefix, id string) (field string, ok bool) {
	rest, ok := strings.CutPrefix(id, prefix)
	if !ok {
		return "", false
	}
	escaped, _, _ := strings.Cut(rest, ":")
	field, err := url.QueryUnescape(escaped)
	return field, err == nil && field != ""
}

// field gives the id of a field of the page, or "" where no input can stand:
// nothing could send it, or another input has the field. What is typed into two
// could not be told apart.
func (r *renderer) field(prefix, field, mark string) string {
	id := fieldID(prefix, field, mark)
	if !r.submit || id == "" || r.fields[field] {
		return ""
	}
	r.fields[field] = true
	return id
}

// fault says under an input what is wrong with what was sent.
func (r *renderer) fault(field string) {
	if s := name(r.amiss[field], maxAsked); !blank(s) {
		r.addVital(&textBlock{Type: "TextBlock", Text: begin(markdown(s)), Wrap: true, Color: "attention", look: look{Spacing: "small"}})
	}
}

func (r *renderer) input(in flows.Input) {
	mark := ""
	if in.Fresh != "" {
		mark = fingerprint(in.Fresh)
	}
	id := r.field(inputMark, in.Field, mark)
	if id == "" {
		return
	}
	most := in.Max
	if most <= 0 {
		most = 256
	}
	most = min(most, maxTyped)
	field := &inputText{Type: "Input.Text", ID: id, Label: or(plain(name(in.Label, min(maxHeading, r.label))), "Text"),
		Placeholder: plain(name(in.Placeholder, maxHeading)), Value: r.value(in.Initial, most), MaxLength: most, Multiline: in.Lines}
	if r.sent != nil {
		field.Value = r.value(r.sent.Fields[in.Field], most)
	} else if typed, ok := r.kept[id]; ok {
		field.Value = r.value(typed, most)
	}
	if !in.Optional {
		field.Required, field.Regex, field.Error = true, somethingThere, "Type something here."
	}
	r.addVital(field)
	r.fault(in.Field)
	if s := name(in.Hint, min(500, r.said)); !blank(s) {
		hint := small(s)
		hint.Spacing = "small"
		r.add(hint)
	}
}

// value is what stands in an input first. Where there is no room for all of it
// there is nothing: a part would be sent as if it were the whole.
func (r *renderer) value(s string, most int) string {
	if s = typed(s, most); len([]rune(s)) > r.typed {
		return ""
	}
	return s
}

// menu is a choice of one.
func (r *renderer) menu(m flows.Menu) {
	id := r.field(menuMark, m.Field, fingerprint(m.Options))
	if id == "" {
		return
	}
	chosen := r.kept[id]
	if r.sent != nil {
		chosen = r.sent.Fields[m.Field]
	}
	set := &inputChoices{Type: "Input.ChoiceSet", ID: id, Label: or(plain(name(m.Label, min(maxHeading, r.label))), "Choose"),
		Style: "compact", Placeholder: "Choose", Required: true, Error: "Choose one."}
	for _, o := range r.options(m.Options, maxMenu) {
		c := choice{Title: r.optionLabel(o), Value: strconv.Itoa(o.Row)}
		set.Choices = append(set.Choices, c)
		if chosen == c.Value || chosen == "" && o.Checked && set.Value == "" {
			set.Value = c.Value
		}
	}
	if len(set.Choices) > 0 {
		r.addVital(set)
		r.fault(m.Field)
	}
}

// choices are check boxes; where nothing can be sent, it says what could be
// chosen.
func (r *renderer) choices(c flows.Choices) {
	options := r.options(c.Options, maxOptions)
	if len(options) == 0 {
		return
	}
	id := r.field(choicesMark, c.Field, fingerprint(c.Options))
	if id == "" {
		r.facts(choiceFacts(options))
		return
	}
	set := &inputChoices{Type: "Input.ChoiceSet", ID: id, Label: or(plain(name(c.Label, min(maxHeading, r.label))), "Choose"),
		Style: "expanded", Multi: true, Wrap: true, Required: true, Error: "Tick at least one."}
	var ticked []string
	for _, o := range options {
		row := strconv.Itoa(o.Row)
		title := r.optionLabel(o)
		if s := name(o.Detail, min(maxOption, r.label)); !blank(s) {
			title += " – " + inert(s)
		}
		set.Choices = append(set.Choices, choice{Title: title, Value: row})
		if r.ticked(o) {
			ticked = append(ticked, row)
		}
	}
	set.Value = strings.Join(ticked, ",")
	r.addVital(set)
	r.fault(c.Field)
	if len(c.Options) > maxOptions {
		r.add(small("Only the first " + strconv.Itoa(len(options)) + " are shown."))
	}
}

func (r *renderer) ticked(o flows.Option) bool {
	if r.sent == nil {
		return o.Checked
	}
	for _, row := range r.sent.Rows {
		if row == o.Row {
			return true
		}
	}
	return false
}

func (r *renderer) optionLabel(o flows.Option) string {
	return or(inert(name(o.Label, min(maxOption, r.label))), "–")
}

// options are those that can be told apart by their rows, at most most.
func (r *renderer) options(all []flows.Option, most int) []flows.Option {
	var out []flows.Option
	seen := map[int]bool{}
	for _, o := range all {
		if len(out) < most && !seen[o.Row] && o.Row >= 0 && o.Row <= maxRow {
			seen[o.Row] = true
			out = append(out, o)
		}
	}
	return out
}

func choiceFacts(options []flows.Option) []flows.Fact {
	var facts []flows.Fact
	for _, o := range options {
		facts = append(facts, flows.Fact{Label: o.Label, Value: flows.Say(o.Detail)})
	}
	return facts
}

// fingerprint tells apart; it keeps no secret.
func fingerprint(parts ...any) string {
	sum := sha256.Sum256([]byte(fmt.Sprintf("%q", parts)))
	return hex.EncodeToString(sum[:12])
}

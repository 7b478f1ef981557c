package adaptivecard

import (
	"slices"
	"strings"
	"time"
)

// Reader reads cards as one person sees them.
type Reader struct {
	Zone *time.Location // of dates; nil is UTC
	// Old reads as a client that knows no Action.Execute and shows the fallback.
	Old bool
	// Values holds what was entered, by the input's id; what is not in it
	// shows as the card sets it.
	Values map[string]string
	// Opened holds the pointers of the Action.ShowCard that are open, Hidden
	// the ids whose visibility was toggled.
	Opened, Hidden map[string]bool
}

// Input is something to fill in or choose from.
type Input struct {
	Kind, ID, Label string
	Element         map[string]any
	Value           string
	Complaint       string // the warning that stands right below, "" if none
	depth           string // pointer of the card that it stands in
}

// Choice is one thing to tick or choose.
type Choice struct{ Title, Value string }

// Choices lists the choices of a choice set, or the one of a toggle.
func (i Input) Choices() []Choice {
	if i.Kind == "Input.Toggle" {
		return []Choice{{str(i.Element["title"]), orElse(i.Element["valueOn"], "true")}}
	}
	var out []Choice
	for _, c := range items(i.Element["choices"]) {
		out = append(out, Choice{str(member(c, "title")), str(member(c, "value"))})
	}
	return out
}

// Has tells whether a choice is chosen.
func (i Input) Has(value string) bool {
	return slices.Contains(split(i.Element, i.Value), value) || i.Kind == "Input.Toggle" && i.Value == value
}

// Multiple tells whether several choices may be chosen.
func (i Input) Multiple() bool { return i.Element["isMultiSelect"] == true }

// Press is a button: an action in its place.
type Press struct {
	Kind, Title string
	Spoken      string // its tooltip, which tells equal titles apart
	Action      map[string]any
	Pointer     string
	Root        bool // it stands in the bottom row of the card itself
	depth       string
}

// Sends tells whether a press sends this input along: inputs of its own card
// and of the cards around it, unless the button takes none.
func (p Press) Sends(i Input) bool {
	none := strings.EqualFold(str(p.Action["associatedInputs"]), "none")
	return !none && strings.HasPrefix(p.depth, i.depth)
}

// Screen is a card as it stands before a person.
type Screen struct {
	Lines   []string
	Inputs  []Input
	Presses []Press
}

// Read draws a card.
func (r Reader) Read(card any) Screen {
	s := &Screen{}
	r.card(s, "", card)
	return *s
}

func (r Reader) card(s *Screen, at string, card any) {
	r.elements(s, at+"/body", at, member(card, "body"))
	r.row(s, at+"/actions", at, member(card, "actions"), at == "")
}

func (r Reader) elements(s *Screen, at, depth string, list any) {
	for n, e := range items(list) {
		o, _ := e.(map[string]any)
		before := len(s.Inputs)
		r.element(s, step(at, n), depth, o)
		if n+1 < len(items(list)) && len(s.Inputs) == before+1 && strings.HasPrefix(str(o["type"]), "Input.") {
			if next := items(list)[n+1]; strings.EqualFold(str(member(next, "color")), "attention") {
				s.Inputs[before].Complaint = r.Text(str(member(next, "text")))
			}
		}
	}
}

// visible tells whether an element is shown now.
func (r Reader) visible(o map[string]any) bool {
	shown := o["isVisible"] != false
	if id := str(o["id"]); id != "" && r.Hidden[id] {
		return !shown
	}
	return shown
}

func (r Reader) element(s *Screen, at, depth string, o map[string]any) {
	if !r.visible(o) {
		return
	}
	switch kind := str(o["type"]); kind {
	case "TextBlock":
		s.say(r.Text(str(o["text"])))
	case "RichTextBlock":
		s.say(r.runs(o))
	case "FactSet":
		for _, f := range items(o["facts"]) {
			s.say(strings.TrimSpace(r.Text(str(member(f, "title"))) + " " + r.Text(str(member(f, "value")))))
		}
	case "Container":
		r.elements(s, at+"/items", depth, o["items"])
	case "ColumnSet":
		for n, c := range items(o["columns"]) {
			if col, _ := c.(map[string]any); r.visible(col) {
				r.elements(s, step(at+"/columns", n)+"/items", depth, col["items"])
			}
		}
	case "ActionSet":
		r.row(s, at+"/actions", depth, o["actions"], false)
	case "Image":
		s.say("[image: " + str(o["altText"]) + "]")
	case "Table":
		r.table(s, at, depth, o)
	default:
		if strings.HasPrefix(kind, "Input.") {
			r.input(s, depth, o)
		}
	}
}

// table reads each row as a line, its cells parted by bars.
func (r Reader) table(s *Screen, at, depth string, o map[string]any) {
	for n, row := range items(o["rows"]) {
		var cells []string
		for m, c := range items(member(row, "cells")) {
			inside := &Screen{}
			r.elements(inside, step(step(at+"/rows", n)+"/cells", m)+"/items", depth, member(c, "items"))
			cells = append(cells, strings.Join(inside.Lines, " "))
			s.Inputs, s.Presses = append(s.Inputs, inside.Inputs...), append(s.Presses, inside.Presses...)
		}
		s.say(strings.Join(cells, " | "))
	}
}

func (r Reader) input(s *Screen, depth string, o map[string]any) {
	in := Input{Kind: str(o["type"]), ID: str(o["id"]), Label: str(o["label"]), Element: o, depth: depth, Value: initial(o)}
	if value, entered := r.Values[in.ID]; entered {
		in.Value = value
	}
	s.Inputs = append(s.Inputs, in)
	s.say(in.Label)
	if in.Kind != "Input.Toggle" && (in.Kind != "Input.ChoiceSet" || !strings.EqualFold(str(o["style"]), "expanded")) {
		return
	}
	for _, c := range in.Choices() {
		mark := "[ ] "
		if in.Has(c.Value) {
			mark = "[x] "
		}
		s.say(mark + r.Text(c.Title))
	}
}

// row reads buttons; an open card stands below its button.
func (r Reader) row(s *Screen, at, depth string, list any, root bool) {
	for n, a := range items(list) {
		o, _ := a.(map[string]any)
		if r.Old && o["type"] == "Action.Execute" {
			o, _ = o["fallback"].(map[string]any)
		}
		if o == nil {
			continue
		}
		p := Press{Kind: str(o["type"]), Title: str(o["title"]), Spoken: str(o["tooltip"]), Action: o,
			Pointer: step(at, n), Root: root, depth: depth}
		s.Presses = append(s.Presses, p)
		if p.Kind == "Action.ShowCard" && r.Opened[p.Pointer] {
			r.card(s, p.Pointer+"/card", o["card"])
		}
	}
}

func (s *Screen) say(line string) {
	if line != "" {
		s.Lines = append(s.Lines, line)
	}
}

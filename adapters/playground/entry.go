package playground

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"latchkey/adapters/playground/blockkit"
)

// findField finds the one control of some kinds that carries a label, or stands
// beside a text that reads so. The caller holds mu.
func (s Screen) findField(label string, kinds ...string) (blockkit.Control, error) {
	all, err := s.controls()
	if err != nil {
		return blockkit.Control{}, err
	}
	var found []blockkit.Control
	var there []string
	for _, c := range all {
		if !slices.Contains(kinds, c.Kind) {
			continue
		}
		there = append(there, fmt.Sprintf("%q", c.Label))
		if c.Label == label || s.who.reader().Text(c.Block["text"]) == label {
			found = append(found, c)
		}
	}
	if len(found) == 1 {
		return found[0], nil
	}
	return blockkit.Control{}, fmt.Errorf("%d fields called %q of %s: there are %s",
		len(found), label, strings.Join(kinds, ", "), strings.Join(append(there, "no others"), ", "))
}

// enter stores a value and tells the bot where the block asks for it.
func (s Screen) enter(find func() (blockkit.Control, map[string]any, error)) error {
	w := s.who.ws
	w.mu.Lock()
	c, value, err := find()
	if err = errors.Join(err, s.able()); err != nil {
		w.mu.Unlock()
		return fmt.Errorf("%s enters: %w", s.who.id, err)
	}
	_, f := s.on.shown()
	if *f == nil {
		*f = form{}
	}
	full := map[string]any{"type": c.Kind, valueKey(c.Kind): value[valueKey(c.Kind)]}
	f.set(c, full)
	w.stir()
	var payload map[string]any
	if c.Sends {
		payload = s.action(c, full)
	}
	w.mu.Unlock()
	if payload == nil {
		return nil
	}
	req, err := w.interaction(interactionsPath, payload, s.who.id)
	if err != nil {
		return err
	}
	req.settle = w.settleAction
	return w.act(req)
}

// Type fills in a text or number field, found by its label. What was in it goes.
func (s Screen) Type(label, value string) error {
	return s.enter(func() (blockkit.Control, map[string]any, error) {
		c, err := s.findField(label, "plain_text_input", "number_input")
		if err != nil {
			return c, nil, err
		}
		if max, ok := whole(c.Element["max_length"]); ok && int64(utf8.RuneCountInString(value)) > max {
			return c, nil, fmt.Errorf("%q takes %d characters, not %d", label, max, utf8.RuneCountInString(value))
		}
		if c.Element["multiline"] != true && strings.Contains(value, "\n") {
			return c, nil, fmt.Errorf("%q is a single line", label)
		}
		return c, map[string]any{"value": value}, nil
	})
}

// Tick ticks a box or a radio button, found by its text.
func (s Screen) Tick(option string) error { return s.tick(option, true) }

// Untick takes the tick from a box, found by its text.
func (s Screen) Untick(option string) error { return s.tick(option, false) }

func (s Screen) tick(option string, on bool) error {
	return s.enter(func() (blockkit.Control, map[string]any, error) {
		c, opt, err := s.findOption("", option, "checkboxes", "radio_buttons")
		if err != nil {
			return c, nil, err
		}
		if c.Kind == "radio_buttons" {
			if !on {
				return c, nil, fmt.Errorf("%q is a radio button, which cannot be unticked", option)
			}
			return c, map[string]any{"selected_option": opt}, nil
		}
		_, f := s.on.shown()
		if f.chosen(c.Block, c.Element, opt) == on {
			return c, nil, fmt.Errorf("the tick of %q is already so", option)
		}
		return c, map[string]any{"selected_options": toggled(*f, c, opt, on)}, nil
	})
}

// toggled gives the chosen options with one more or one less, in the order of
// the element, as Slack sends them.
func toggled(f form, c blockkit.Control, opt map[string]any, on bool) []any {
	out := []any{}
	for _, o := range c.Options() {
		if o["value"] == opt["value"] && on || o["value"] != opt["value"] && f.chosen(c.Block, c.Element, o) {
			out = append(out, o)
		}
	}
	return out
}

// findOption finds one option by its text; label narrows it to one control, ""
// looks in all.
func (s Screen) findOption(label, option string, kinds ...string) (blockkit.Control, map[string]any, error) {
	all, err := s.controls()
	if err != nil {
		return blockkit.Control{}, nil, err
	}
	var in []blockkit.Control
	var opts []map[string]any
	var there []string
	for _, c := range all {
		if !slices.Contains(kinds, c.Kind) || label != "" && c.Label != label {
			continue
		}
		for _, o := range c.Options() {
			name := s.who.reader().Text(o["text"])
			there = append(there, fmt.Sprintf("%q", name))
			if name == option {
				in, opts = append(in, c), append(opts, o)
			}
		}
	}
	if len(in) == 1 {
		return in[0], opts[0], nil
	}
	return blockkit.Control{}, nil, fmt.Errorf("%d options called %q: there are %s",
		len(in), option, strings.Join(append(there, "no others"), ", "))
}

// whole reads a JSON number.
func whole(v any) (int64, bool) {
	n, ok := v.(interface{ Int64() (int64, error) })
	if !ok {
		return 0, false
	}
	i, err := n.Int64()
	return i, err == nil
}

var decimal = regexp.MustCompile(`^-?\d+(\.\d+)?$`)

// incomplete tells what Slack's client would say under a field instead of
// sending the form; "" when the field is in order.
func incomplete(c blockkit.Control, value map[string]any) string {
	if empty(value) {
		if c.Required {
			return "Please complete this required field."
		}
		return ""
	}
	text, _ := value["value"].(string)
	if min, ok := whole(c.Element["min_length"]); ok && int64(utf8.RuneCountInString(text)) < min {
		return fmt.Sprintf("Please enter at least %d characters.", min)
	}
	if c.Kind == "number_input" && !decimal.MatchString(text) {
		return "Please enter a number."
	}
	return ""
}

package teams

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"latchkey/adapters/playground/adaptivecard"
)

// enter changes the value of the one input that fits.
func (s Screen) enter(what string, fits func(adaptivecard.Input) bool, value func(adaptivecard.Input) (string, error)) error {
	t := s.who.t
	t.mu.Lock()
	defer t.mu.Unlock()
	in, err := s.input(what, fits)
	if err == nil {
		err = s.able()
	}
	if err != nil {
		return fmt.Errorf("%s enters: %w", s.who.id, err)
	}
	v, err := value(in)
	if err != nil {
		return fmt.Errorf("%s enters: %w", s.who.id, err)
	}
	s.on.shown(s.who.id).values[in.ID] = v
	t.stir()
	return nil
}

// input finds one input. The caller holds mu.
func (s Screen) input(what string, fits func(adaptivecard.Input) bool) (adaptivecard.Input, error) {
	if err := s.on.live(); err != nil {
		return adaptivecard.Input{}, err
	}
	now, _, _ := s.screen()
	var found []adaptivecard.Input
	var there []string
	for _, in := range now.Inputs {
		there = append(there, fmt.Sprintf("%q", in.Label))
		for _, c := range in.Choices() {
			there = append(there, fmt.Sprintf("%q", c.Title))
		}
		if fits(in) {
			found = append(found, in)
		}
	}
	if len(found) != 1 {
		return adaptivecard.Input{}, fmt.Errorf("%d inputs for %q: there are %s", len(found), what, strings.Join(append(there, "no others"), ", "))
	}
	return found[0], nil
}

func called(label string) func(adaptivecard.Input) bool {
	return func(in adaptivecard.Input) bool { return in.Label == label }
}

// Type fills in a text, number, date or time, found by its label.
func (s Screen) Type(label, value string) error {
	kinds := []string{"Input.Text", "Input.Number", "Input.Date", "Input.Time"}
	return s.enter(label, func(in adaptivecard.Input) bool { return in.Label == label && slices.Contains(kinds, in.Kind) },
		func(in adaptivecard.Input) (string, error) {
			if max, ok := in.Element["maxLength"].(interface{ Int64() (int64, error) }); ok {
				if n, err := max.Int64(); err == nil && int64(utf8.RuneCountInString(value)) > n {
					return "", fmt.Errorf("%q takes %d characters", label, n)
				}
			}
			if in.Kind == "Input.Text" && in.Element["isMultiline"] != true && strings.Contains(value, "\n") {
				return "", fmt.Errorf("%q is a single line", label)
			}
			return value, nil
		})
}

// Tick ticks a box or a radio button, found by its text.
func (s Screen) Tick(option string) error { return s.tick(option, true) }

// Untick takes the tick from a box, found by its text.
func (s Screen) Untick(option string) error { return s.tick(option, false) }

func (s Screen) tick(option string, on bool) error {
	var chosen adaptivecard.Choice
	return s.enter(option, func(in adaptivecard.Input) bool {
		for _, c := range in.Choices() {
			if (adaptivecard.Reader{}).Text(c.Title) == option {
				chosen = c
				return true
			}
		}
		return false
	}, func(in adaptivecard.Input) (string, error) {
		switch {
		case in.Has(chosen.Value) == on:
			return "", fmt.Errorf("the tick of %q is already so", option)
		case in.Kind == "Input.Toggle" && !on:
			if off := str(in.Element["valueOff"]); off != "" {
				return off, nil
			}
			return "false", nil
		case in.Multiple():
			return joined(in, chosen.Value, on), nil
		case !on:
			return "", fmt.Errorf("%q is a radio button, which cannot be unticked", option)
		}
		return chosen.Value, nil
	})
}

// joined gives the chosen values with one more or one less, in the order of
// the choices, parted by commas as Teams sends them.
func joined(in adaptivecard.Input, value string, on bool) string {
	var out []string
	for _, c := range in.Choices() {
		if c.Value == value && on || c.Value != value && in.Has(c.Value) {
			out = append(out, c.Value)
		}
	}
	return strings.Join(out, ",")
}

// Select picks an option from a menu or radio group, found by its label; a date
// or time is typed in.
func (s Screen) Select(label, option string) error {
	return s.enter(label, called(label), func(in adaptivecard.Input) (string, error) {
		if in.Kind == "Input.Date" || in.Kind == "Input.Time" {
			return option, nil
		}
		var there []string
		for _, c := range in.Choices() {
			if (adaptivecard.Reader{}).Text(c.Title) == option {
				if in.Multiple() {
					return joined(in, c.Value, true), nil
				}
				return c.Value, nil
			}
			there = append(there, fmt.Sprintf("%q", c.Title))
		}
		return "", fmt.Errorf("%q has no option %q: there are %s", label, option, strings.Join(append(there, "no others"), ", "))
	})
}

// Choices lists the options of a menu or radio group, found by its label.
func (s Screen) Choices(label string) ([]string, error) { return s.options(label, false) }

// Chosen gives the text of the option that a menu shows, "" when nothing is chosen.
func (s Screen) Chosen(label string) (string, error) {
	all, err := s.options(label, true)
	return strings.Join(all, ", "), err
}

func (s Screen) options(label string, chosen bool) ([]string, error) {
	s.who.t.mu.Lock()
	defer s.who.t.mu.Unlock()
	in, err := s.input(label, called(label))
	if err != nil {
		return nil, fmt.Errorf("%s looks into a menu: %w", s.who.id, err)
	}
	var out []string
	for _, c := range in.Choices() {
		if !chosen || in.Has(c.Value) {
			out = append(out, (adaptivecard.Reader{}).Text(c.Title))
		}
	}
	return out, nil
}

// Errors are the texts under the inputs, by their labels: what the client
// would say on sending, and the warnings that the bot put right below.
func (s Screen) Errors() map[string]string {
	s.who.t.mu.Lock()
	defer s.who.t.mu.Unlock()
	now, _, _ := s.screen()
	out := map[string]string{}
	for _, in := range now.Inputs {
		if in.Complaint != "" {
			out[in.Label] = in.Complaint
		}
	}
	return out
}

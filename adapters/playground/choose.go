package playground

import (
	"context"
	"fmt"
	"strings"

	"latchkey/adapters/playground/blockkit"
)

// Select picks an option from a menu or radio group, found by its label or
// placeholder: an option by its text, a person by id or name, a date as
// YYYY-MM-DD. A menu with external data is asked for the option first. A menu
// for several takes the option in addition.
func (s Screen) Select(label, option string) error { return s.SelectFound(label, option, option) }

// SelectFound types query into a menu with external data and picks option from
// what the bot offers.
func (s Screen) SelectFound(label, query, option string) error {
	s.who.ws.mu.Lock()
	c, err := s.findField(label, "static_select", "external_select", "radio_buttons", "users_select", "datepicker",
		"multi_static_select", "multi_external_select", "multi_users_select")
	s.who.ws.mu.Unlock()
	if err != nil {
		return fmt.Errorf("%s selects: %w", s.who.id, err)
	}
	var offered []map[string]any
	if strings.HasSuffix(c.Kind, "external_select") {
		if offered, err = s.search(c, query); err != nil {
			return err
		}
	}
	return s.enter(func() (blockkit.Control, map[string]any, error) {
		value, err := s.picked(c, option, offered)
		return c, value, err
	})
}

// picked gives the value of a menu after a choice. The caller holds mu.
func (s Screen) picked(c blockkit.Control, option string, offered []map[string]any) (map[string]any, error) {
	if _, err := s.controls(); err != nil {
		return nil, err
	}
	key := valueKey(c.Kind)
	switch c.Kind {
	case "datepicker":
		return map[string]any{key: option}, nil
	case "users_select", "multi_users_select":
		id, err := s.who.ws.userNamed(option)
		if err != nil {
			return nil, err
		}
		return map[string]any{key: s.joined(c, id)}, nil
	case "static_select", "multi_static_select", "radio_buttons":
		offered = c.Options()
	}
	r := s.who.reader()
	var found map[string]any
	var there []string
	for _, o := range offered {
		name := r.Text(o["text"])
		there = append(there, fmt.Sprintf("%q", name))
		if name == option && found != nil {
			return nil, fmt.Errorf("two options of %q are called %q", c.Label, option)
		}
		if name == option {
			found = o
		}
	}
	if found == nil {
		return nil, fmt.Errorf("%q has no option %q: there are %s", c.Label, option, strings.Join(append(there, "no others"), ", "))
	}
	return map[string]any{key: s.joined(c, found)}, nil
}

// joined adds a choice to those of a menu for several, or is it.
func (s Screen) joined(c blockkit.Control, choice any) any {
	if !strings.HasPrefix(c.Kind, "multi_") {
		return choice
	}
	_, f := s.on.shown()
	before, _ := f.get(c)[valueKey(c.Kind)].([]any)
	return append(before[:len(before):len(before)], choice)
}

// Choices lists the options of a menu or radio group, found by its label, in
// the order in which they drop down.
func (s Screen) Choices(label string) ([]string, error) {
	s.who.ws.mu.Lock()
	defer s.who.ws.mu.Unlock()
	c, err := s.findField(label, "static_select", "multi_static_select", "radio_buttons", "checkboxes")
	if err != nil {
		return nil, fmt.Errorf("%s looks into a menu: %w", s.who.id, err)
	}
	var out []string
	for _, o := range c.Options() {
		out = append(out, s.who.reader().Text(o["text"]))
	}
	return out, nil
}

// Chosen gives the text of the option that a menu or radio group shows, "" when
// nothing is chosen and its placeholder stands there.
func (s Screen) Chosen(label string) (string, error) {
	s.who.ws.mu.Lock()
	defer s.who.ws.mu.Unlock()
	c, err := s.findField(label, "static_select", "external_select", "radio_buttons")
	if err != nil {
		return "", fmt.Errorf("%s looks at a menu: %w", s.who.id, err)
	}
	_, f := s.on.shown()
	value := f.get(c)
	if value == nil {
		value = initialValue(c)
	}
	chosen, _ := value["selected_option"].(map[string]any)
	return s.who.reader().Text(chosen["text"]), nil
}

// userNamed finds a user by id, handle or real name. The caller holds mu.
func (w *Workspace) userNamed(name string) (string, error) {
	if _, known := w.users[name]; known {
		return name, nil
	}
	var found []string
	for id, u := range w.users {
		if u.RealName == name || u.Name == name {
			found = append(found, id)
		}
	}
	if len(found) != 1 {
		return "", fmt.Errorf("%d people are called %q", len(found), name)
	}
	return found[0], nil
}

// Search types a query into a menu with external data and lists the texts of
// what the bot offers.
func (s Screen) Search(label, query string) ([]string, error) {
	s.who.ws.mu.Lock()
	c, err := s.findField(label, "external_select", "multi_external_select")
	s.who.ws.mu.Unlock()
	if err != nil {
		return nil, fmt.Errorf("%s searches: %w", s.who.id, err)
	}
	offered, err := s.search(c, query)
	var out []string
	for _, o := range offered {
		out = append(out, (blockkit.Reader{}).Text(o["text"]))
	}
	return out, err
}

// search sends block_suggestion and reads the options of the answer.
func (s Screen) search(c blockkit.Control, query string) ([]map[string]any, error) {
	w := s.who.ws
	w.mu.Lock()
	payload := w.envelope("block_suggestion", s.who.id)
	s.on.dress(w, s.who.id, payload)
	delete(payload, "response_url")
	payload["block_id"], payload["action_id"], payload["value"] = c.BlockID, c.ActionID, query
	w.mu.Unlock()
	req, err := w.interaction(optionsPath, payload, s.who.id)
	if err != nil {
		return nil, err
	}
	var offered []map[string]any
	req.settle = func(x *Exchange) {
		answer, wrong := answerJSON(x)
		if wrong == "" {
			wrong = w.checkAnswer(blockkit.Options, "options_answer", answer)
		}
		if wrong != "" {
			x.Failure = "dispatch_failed: " + wrong
			return
		}
		offered = blockkit.Control{Element: answer}.Options()
	}
	x, err := w.Deliver(context.Background(), req)
	if err == nil && x.Failure != "" {
		err = &AnswerError{Exchange: x}
	}
	return offered, err
}

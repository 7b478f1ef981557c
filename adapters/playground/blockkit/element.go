package blockkit

import (
	"encoding/json"
	"math/big"
	"net/url"
)

// place is where an element stands; each place takes other elements
// (docs.slack.dev/reference/block-kit/block-elements, "works with").
type place int

const (
	inActions place = 1 << iota
	inSection
	inInput
)

// element gives the shape of an interactive element, or false where Slack
// does not take it in that place or the product does not use it.
func element(where place) func(kind string) (shape, bool) {
	return func(kind string) (shape, bool) {
		s, places := elementShape(kind)
		if places&where == 0 {
			return shape{}, false
		}
		s.may["action_id"] = id()
		return s, true
	}
}

func elementShape(kind string) (shape, place) {
	const anywhere = inActions | inSection | inInput
	switch kind {
	case "button":
		return button(), inActions | inSection
	case "overflow":
		return overflow(), inActions | inSection
	case "image":
		return image(fields{}), inSection
	case "static_select", "external_select", "users_select", "datepicker",
		"multi_static_select", "multi_external_select", "multi_users_select":
		return menu(kind), anywhere
	case "checkboxes":
		return boxes("initial_options", list(1, 10, box())), anywhere
	case "radio_buttons":
		return boxes("initial_option", box()), anywhere
	case "plain_text_input":
		return textInput(), inInput
	case "number_input":
		return numberInput(), inInput
	}
	return shape{}, 0
}

func button() shape {
	return shape{
		must: fields{"text": plain(75)},
		may: fields{
			"value": text(0, 2000), "url": address(), "style": oneOf("primary", "danger"),
			"confirm": confirmation(), "accessibility_label": text(1, 75),
		},
	}
}

// address is where a button leads in the person's browser.
func address() rule {
	length := text(1, maxURL)
	return func(r *report, at string, v any) {
		length(r, at, v)
		u, err := url.Parse(str(v))
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			r.add(at, "must be a whole address, http or https")
		}
	}
}

func overflow() shape {
	return shape{
		must: fields{"options": list(1, 5, overflowOption())},
		may:  fields{"confirm": confirmation()},
		also: []func(*report, string, map[string]any){choices("")},
	}
}

// menu covers every element that drops down.
func menu(kind string) shape {
	s := shape{may: fields{"placeholder": plain(maxPlaceholder), "focus_on_load": flag(), "confirm": confirmation()}}
	switch kind {
	case "static_select", "multi_static_select":
		s.may["options"] = list(1, maxOptions, option())
		s.may["option_groups"] = list(1, maxOptions, optionGroup())
		s.also = append(s.also, exactlyOne("options", "option_groups"))
	case "external_select", "multi_external_select":
		s.may["min_query_length"] = whole(0, maxText)
	}
	switch kind {
	case "static_select":
		s.may["initial_option"] = option()
		s.also = append(s.also, choices("initial_option"))
	case "external_select":
		s.may["initial_option"] = option()
	case "users_select":
		s.may["initial_user"] = id()
	case "datepicker":
		s.may["initial_date"] = date()
	case "multi_static_select":
		s.may["initial_options"] = list(1, maxOptions, option())
		s.also = append(s.also, choices("initial_options"))
	case "multi_external_select":
		s.may["initial_options"] = list(1, maxOptions, option())
	case "multi_users_select":
		s.may["initial_users"] = list(1, maxOptions, id())
	}
	if kind == "multi_static_select" || kind == "multi_external_select" || kind == "multi_users_select" {
		s.may["max_selected_items"] = whole(1, maxOptions)
	}
	return s
}

func boxes(initial string, picked rule) shape {
	return shape{
		must: fields{"options": list(1, 10, box())},
		may:  fields{initial: picked, "confirm": confirmation(), "focus_on_load": flag()},
		also: []func(*report, string, map[string]any){choices(initial)},
	}
}

func typed() fields {
	return fields{
		"placeholder": plain(maxPlaceholder), "focus_on_load": flag(),
		"dispatch_action_config": object(shape{may: fields{
			"trigger_actions_on": list(1, 2, oneOf("on_enter_pressed", "on_character_entered")),
		}}),
	}
}

func textInput() shape {
	may := typed()
	may["initial_value"] = text(0, maxText)
	may["multiline"] = flag()
	may["min_length"] = whole(0, maxText)
	may["max_length"] = whole(1, maxText)
	return shape{may: may, also: []func(*report, string, map[string]any){ordered("min_length", "max_length")}}
}

func numberInput() shape {
	may := typed()
	for _, key := range []string{"initial_value", "min_value", "max_value"} {
		may[key] = text(1, maxID)
	}
	return shape{
		must: fields{"is_decimal_allowed": flag()},
		may:  may,
		also: []func(*report, string, map[string]any){ordered("min_value", "max_value")},
	}
}

// ordered demands low <= high where both are given, as numbers or as strings.
func ordered(low, high string) func(*report, string, map[string]any) {
	value := func(v any) (*big.Float, bool) {
		s, ok := v.(string)
		if n, isNumber := v.(json.Number); isNumber {
			s, ok = n.String(), true
		}
		if !ok || len(s) > 40 {
			return nil, false
		}
		return new(big.Float).SetString(s)
	}
	return func(r *report, at string, o map[string]any) {
		a, okA := value(o[low])
		b, okB := value(o[high])
		if okA && okB && a.Cmp(b) > 0 {
			r.add(under(at, low), "%s must not be above %s", low, high)
		}
	}
}

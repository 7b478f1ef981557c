package playground

import (
	"maps"

	"latchkey/adapters/playground/blockkit"
)

// form is what a person has entered on one screen: block id, action id, value
// as Slack sends it under state.values.
type form map[string]map[string]map[string]any

// carried gives the form of changed blocks: values stay where block id, action
// id and element type stayed; what is new begins with its initial value.
func (f form) carried(blocks []any) form {
	out := form{}
	for _, c := range (blockkit.Reader{}).Controls(blocks) {
		value := initialValue(c)
		if value == nil {
			continue
		}
		if old := f[c.BlockID][c.ActionID]; old != nil && old["type"] == value["type"] {
			value = old
		}
		out.set(c, value)
	}
	return out
}

func (f form) set(c blockkit.Control, value map[string]any) {
	if f[c.BlockID] == nil {
		f[c.BlockID] = map[string]map[string]any{}
	}
	f[c.BlockID][c.ActionID] = value
}

// get gives a copy of the value of a control; nil if it has none.
func (f form) get(c blockkit.Control) map[string]any { return maps.Clone(f[c.BlockID][c.ActionID]) }

// valueKey names the member that holds an element's value, "" for elements
// that hold none.
func valueKey(kind string) string {
	switch kind {
	case "plain_text_input", "number_input":
		return "value"
	case "static_select", "external_select", "radio_buttons":
		return "selected_option"
	case "checkboxes", "multi_static_select", "multi_external_select":
		return "selected_options"
	case "users_select":
		return "selected_user"
	case "multi_users_select":
		return "selected_users"
	case "datepicker":
		return "selected_date"
	}
	return ""
}

// initialValue is what an untouched element reports; nil if it never reports.
func initialValue(c blockkit.Control) map[string]any {
	key := valueKey(c.Kind)
	if key == "" {
		return nil
	}
	var value any
	switch key {
	case "value":
		value = c.Element["initial_value"]
	case "selected_option":
		value = c.Element["initial_option"]
	case "selected_user":
		value = c.Element["initial_user"]
	case "selected_date":
		value = c.Element["initial_date"]
	case "selected_options", "selected_users":
		list, _ := c.Element["initial_options"].([]any)
		if key == "selected_users" {
			list, _ = c.Element["initial_users"].([]any)
		}
		value = append([]any{}, list...)
	}
	return map[string]any{"type": c.Kind, key: value}
}

// empty tells whether a required input would still be refused by the client.
func empty(value map[string]any) bool {
	switch v := value[valueKey(str(value["type"]))].(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	}
	return false
}

// chosen tells whether an option of a control is ticked.
func (f form) chosen(block, element, option map[string]any) bool {
	value := f[str(block["block_id"])][str(element["action_id"])]
	if one, ok := value["selected_option"].(map[string]any); ok {
		return one["value"] == option["value"]
	}
	many, _ := value["selected_options"].([]any)
	for _, v := range many {
		if o, ok := v.(map[string]any); ok && o["value"] == option["value"] {
			return true
		}
	}
	return false
}

// values is the form as Slack's state.values.
func (f form) values() map[string]any {
	out := map[string]any{}
	for block, actions := range f {
		inner := map[string]any{}
		for action, value := range actions {
			inner[action] = value
		}
		out[block] = inner
	}
	return map[string]any{"values": out}
}

func str(v any) string { s, _ := v.(string); return s }

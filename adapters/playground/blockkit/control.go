package blockkit

import "encoding/json"

// Control is something on the screen that a person can press, type into or
// choose from.
type Control struct {
	Kind     string         // the element's type: button, checkboxes, …
	BlockID  string         // filled in when WithIDs has run
	ActionID string         // the same
	Label    string         // what is read on it or beside it
	Spoken   string         // accessibility label, "" if none
	Required bool           // an input block that may not stay empty
	Input    bool           // it stands in an input block
	Sends    bool           // using it sends block_actions
	Block    map[string]any // as sent
	Element  map[string]any // as sent
}

// Controls lists the interactive elements of blocks from top to bottom.
func (r Reader) Controls(blocks []any) []Control {
	var out []Control
	for _, b := range blocks {
		block, ok := b.(map[string]any)
		if !ok {
			continue
		}
		input := str(block["type"]) == "input"
		for _, e := range elementsOf(block) {
			kind := str(e["type"])
			if _, places := elementShape(kind); places == 0 || kind == "image" {
				continue
			}
			out = append(out, Control{
				Kind: kind, BlockID: str(block["block_id"]), ActionID: str(e["action_id"]),
				Label: r.controlLabel(block, e), Spoken: str(e["accessibility_label"]),
				Input: input, Required: input && block["optional"] != true,
				Sends: !input || block["dispatch_action"] == true,
				Block: block, Element: e,
			})
		}
	}
	return out
}

// controlLabel is the text on a button, the label of an input, or else the
// placeholder or the section's text.
func (r Reader) controlLabel(block, e map[string]any) string {
	for _, v := range []any{block["label"], e["placeholder"], block["text"]} {
		if str(e["type"]) == "button" {
			v = e["text"]
		}
		if s := r.Text(v); s != "" {
			return s
		}
	}
	return ""
}

// Options lists the choices of a control with those of its groups.
func (c Control) Options() []map[string]any {
	all := append([]any(nil), items(c.Element["options"])...)
	for _, group := range items(c.Element["option_groups"]) {
		all = append(all, members(group, "options")...)
	}
	var out []map[string]any
	for _, v := range all {
		if o, ok := v.(map[string]any); ok {
			out = append(out, o)
		}
	}
	return out
}

// WithIDs copies blocks and gives an id to every block and interactive element
// that has none, as Slack does. next must not repeat itself.
func WithIDs(blocks []any, next func() string) []any {
	copied, _ := clone(blocks).([]any)
	for _, b := range copied {
		block, ok := b.(map[string]any)
		if !ok {
			continue
		}
		if str(block["block_id"]) == "" {
			block["block_id"] = next()
		}
		for _, e := range elementsOf(block) {
			if _, places := elementShape(str(e["type"])); places != 0 && str(e["type"]) != "image" && str(e["action_id"]) == "" {
				e["action_id"] = next()
			}
		}
	}
	return copied
}

func clone(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, m := range v {
			out[k] = clone(m)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, m := range v {
			out[i] = clone(m)
		}
		return out
	}
	return v
}

func number64(v any) (int64, bool) {
	n, ok := v.(json.Number)
	if !ok {
		return 0, false
	}
	i, err := n.Int64()
	return i, err == nil
}

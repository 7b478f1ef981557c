package blockkit

import (
	"strings"
)

// Lines gives what a person reads of blocks, from top to bottom, one line for
// each text. Labels of buttons and menus are not in it: Controls has them.
// chosen tells whether a box is ticked; nil reads as the payload sets it.
func (r Reader) Lines(blocks []any, chosen func(block, element, option map[string]any) bool) []string {
	var out []string
	for _, b := range blocks {
		if o, ok := b.(map[string]any); ok {
			out = append(out, r.blockLines(o, chosen)...)
		}
	}
	return out
}

func (r Reader) blockLines(b map[string]any, chosen func(_, _, _ map[string]any) bool) []string {
	var out []string
	switch str(b["type"]) {
	case "header", "alert":
		out = r.texts(b["text"])
	case "section":
		out = append(r.texts(b["text"]), r.texts(items(b["fields"])...)...)
	case "context":
		if line := strings.Join(r.texts(items(b["elements"])...), " "); line != "" {
			out = []string{line}
		}
	case "input":
		out = r.texts(b["label"], b["hint"])
	case "image":
		out = append(r.texts(b["title"]), "[image: "+str(b["alt_text"])+"]")
	case "rich_text":
		out = richTextLines(b, r)
	case "table":
		out = r.tableLines(b)
	}
	for _, e := range elementsOf(b) {
		out = append(out, r.boxLines(b, e, chosen)...)
	}
	return out
}

// boxLines reads the options that stand open on the screen, with their ticks.
func (r Reader) boxLines(b, e map[string]any, chosen func(_, _, _ map[string]any) bool) []string {
	kind := str(e["type"])
	if kind != "checkboxes" && kind != "radio_buttons" {
		return nil
	}
	var out []string
	for _, item := range items(e["options"]) {
		opt, _ := item.(map[string]any)
		mark := "[ ] "
		if chosen != nil && chosen(b, e, opt) || chosen == nil && initially(e, opt) {
			mark = "[x] "
		}
		out = append(out, mark+r.Text(opt["text"]))
		out = append(out, r.texts(opt["description"])...)
	}
	return out
}

func initially(e, opt map[string]any) bool {
	for _, picked := range append(items(e["initial_options"]), e["initial_option"]) {
		if value := str(member(picked, "value")); value != "" && value == str(opt["value"]) {
			return true
		}
	}
	return false
}

// Text reads one text object; anything else reads as "".
func (r Reader) Text(v any) string {
	o, ok := v.(map[string]any)
	if !ok {
		return ""
	}
	switch str(o["type"]) {
	case "mrkdwn":
		return r.Mrkdwn(str(o["text"]))
	case "image":
		return "[image: " + str(o["alt_text"]) + "]"
	}
	return str(o["text"])
}

func (r Reader) texts(all ...any) []string {
	var out []string
	for _, v := range all {
		if s := r.Text(v); s != "" {
			out = append(out, s)
		}
	}
	return out
}

func (r Reader) tableLines(b map[string]any) []string {
	var out []string
	for _, row := range items(b["rows"]) {
		var cells []string
		for _, cell := range items(row) {
			if o, ok := cell.(map[string]any); ok && str(o["type"]) == "rich_text" {
				cells = append(cells, strings.Join(richTextLines(o, r), " "))
				continue
			}
			cells = append(cells, str(member(cell, "text")))
		}
		out = append(out, strings.Join(cells, " | "))
	}
	return out
}

// richTextLines reads each section, quote and list item as a line.
func richTextLines(block any, r Reader) []string {
	var out []string
	for _, e := range members(block, "elements") {
		switch str(member(e, "type")) {
		case "rich_text_list":
			for _, line := range members(e, "elements") {
				out = append(out, "• "+r.inline(line))
			}
		case "rich_text_section", "rich_text_quote", "rich_text_preformatted":
			out = append(out, r.inline(e))
		}
	}
	return out
}

func (r Reader) inline(v any) string {
	var s strings.Builder
	for _, item := range members(v, "elements") {
		o, _ := item.(map[string]any)
		switch str(o["type"]) {
		case "text":
			s.WriteString(str(o["text"]))
		case "link":
			if label := str(o["text"]); label != "" {
				s.WriteString(label)
			} else {
				s.WriteString(str(o["url"]))
			}
		case "user":
			s.WriteString(r.user(str(o["user_id"])))
		case "channel":
			s.WriteString(r.channel(str(o["channel_id"])))
		case "usergroup":
			s.WriteString("@" + str(o["usergroup_id"]))
		case "broadcast":
			s.WriteString("@" + str(o["range"]))
		case "emoji":
			s.WriteString(":" + str(o["name"]) + ":")
		case "date":
			if n, ok := number64(o["timestamp"]); ok {
				s.WriteString(r.Date(n, str(o["format"])))
			}
		}
	}
	return s.String()
}

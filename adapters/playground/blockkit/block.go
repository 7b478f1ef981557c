package blockkit

// face is where blocks are shown.
type face int

const (
	onMessage face = iota
	onModal
	onHome
)

// Limits of the surfaces (docs.slack.dev/surfaces).
const (
	maxMessageBlocks = 50
	maxViewBlocks    = 100
	maxTableChars    = 10_000
)

// blocks judges the list of blocks of one surface, with the rules that hold
// across blocks.
func blocks(where face) rule {
	max := maxViewBlocks
	if where == onMessage {
		max = maxMessageBlocks
	}
	each := list(1, max, oneOfType("a block", func(kind string) (shape, bool) { return block(kind, where) }))
	return func(r *report, at string, v any) {
		each(r, at, v)
		acrossBlocks(r, at, items(v), where)
	}
}

func block(kind string, where face) (shape, bool) {
	s, ok := blockShape(kind)
	if !ok || kind == "input" && where == onMessage {
		return shape{}, false
	}
	if s.may == nil {
		s.may = fields{}
	}
	s.may["block_id"] = id()
	return s, true
}

func blockShape(kind string) (shape, bool) {
	switch kind {
	case "header":
		return shape{must: fields{"text": plain(150)}}, true
	case "divider":
		return shape{}, true
	case "section":
		return section(), true
	case "context":
		return shape{must: fields{"elements": list(1, 10, oneOfType("an image or text", contextItem))}}, true
	case "actions":
		return shape{must: fields{"elements": list(1, 25, oneOfType("an element", element(inActions)))}}, true
	case "input":
		return shape{
			must: fields{"label": plain(2000), "element": oneOfType("an input element", element(inInput))},
			may:  fields{"hint": plain(2000), "optional": flag(), "dispatch_action": flag()},
		}, true
	case "image":
		return image(fields{"title": plain(2000)}), true
	case "rich_text":
		return richText(), true
	case "table":
		return table(), true
	case "alert":
		return shape{
			must: fields{"text": anyText(maxText)},
			may:  fields{"level": oneOf("default", "info", "warning", "error", "success")},
		}, true
	}
	return shape{}, false
}

func section() shape {
	return shape{
		may: fields{
			"text": anyText(maxText), "fields": list(1, 10, anyText(2000)), "expand": flag(),
			"accessory": oneOfType("an accessory", element(inSection)),
		},
		also: []func(*report, string, map[string]any){func(r *report, at string, o map[string]any) {
			if !has(o, "text") && !has(o, "fields") {
				r.add(at, "a section needs text or fields")
			}
		}},
	}
}

func contextItem(kind string) (shape, bool) {
	if kind == "image" {
		return image(fields{}), true
	}
	return textKinds(maxText, true, true)(kind)
}

func table() shape {
	cell := oneOfType("a table cell", func(kind string) (shape, bool) {
		switch kind {
		case "raw_text":
			return shape{must: fields{"text": text(1, maxText)}}, true
		case "raw_number":
			return shape{must: fields{"value": number(), "text": text(1, maxText)}}, true
		case "rich_text":
			return block(kind, onMessage)
		}
		return shape{}, false
	})
	column := object(shape{may: fields{"align": oneOf("left", "center", "right"), "is_wrapped": flag()}})
	return shape{
		must: fields{"rows": list(1, 100, list(1, 20, cell))},
		may:  fields{"column_settings": list(1, 20, column)},
		also: []func(*report, string, map[string]any){tableSize},
	}
}

// tableSize bounds the characters of a whole table, which Slack counts together.
func tableSize(r *report, at string, o map[string]any) {
	n := 0
	for _, row := range members(o, "rows") {
		for _, cell := range items(row) {
			n += runes(member(cell, "text"))
			for _, line := range richTextLines(cell, Reader{}) {
				n += runes(line)
			}
		}
	}
	if n > maxTableChars {
		r.add(under(at, "rows"), "must be at most %d characters in all cells together, not %d", maxTableChars, n)
	}
}

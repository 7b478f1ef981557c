package blockkit

// richText is the block for words of other people: nothing in it is markup
// (docs.slack.dev/reference/block-kit/blocks/rich-text-block).
func richText() shape {
	return shape{must: fields{"elements": list(1, 100, oneOfType("a rich text element", richTextElement))}}
}

func richTextElement(kind string) (shape, bool) {
	inline := list(1, maxText, oneOfType("a rich text item", richTextItem))
	border := whole(0, 1)
	switch kind {
	case "rich_text_section":
		return shape{must: fields{"elements": inline}}, true
	case "rich_text_quote":
		return shape{must: fields{"elements": inline}, may: fields{"border": border}}, true
	case "rich_text_preformatted":
		only := list(1, maxText, oneOfType("a text or link", func(kind string) (shape, bool) {
			if kind != "text" && kind != "link" {
				return shape{}, false
			}
			return richTextItem(kind)
		}))
		return shape{must: fields{"elements": only}, may: fields{"border": border}}, true
	case "rich_text_list":
		line := oneOfType("a rich_text_section", func(kind string) (shape, bool) {
			return shape{must: fields{"elements": inline}}, kind == "rich_text_section"
		})
		return shape{
			must: fields{"style": oneOf("bullet", "ordered"), "elements": list(1, maxText, line)},
			may:  fields{"indent": whole(0, 8), "border": border},
		}, true
	}
	return shape{}, false
}

func richTextItem(kind string) (shape, bool) {
	s := shape{may: fields{"style": object(shape{may: fields{
		"bold": flag(), "italic": flag(), "strike": flag(), "code": flag(), "underline": flag(),
	}})}}
	switch kind {
	case "text":
		s.must = fields{"text": text(1, maxText)}
	case "link":
		s.must = fields{"url": text(1, maxURL)}
		s.may["text"] = text(1, maxText)
		s.may["unsafe"] = flag()
	case "user":
		s.must = fields{"user_id": id()}
	case "usergroup":
		s.must = fields{"usergroup_id": id()}
	case "channel":
		s.must = fields{"channel_id": id()}
	case "broadcast":
		s.must = fields{"range": oneOf("here", "channel", "everyone")}
	case "emoji":
		s.must = fields{"name": id()}
		s.may["unicode"] = id()
	case "date":
		s.must = fields{"timestamp": whole(0, 1<<40), "format": text(1, maxText)}
		s.may["url"] = text(1, maxURL)
		s.may["fallback"] = text(1, maxText)
	default:
		return shape{}, false
	}
	return s, true
}

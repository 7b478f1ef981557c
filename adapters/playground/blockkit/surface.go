package blockkit

import (
	"encoding/json"
)

// Limits of the surfaces (docs.slack.dev/reference/views and the pages of the
// chat methods).
const (
	maxMessageText = 40_000
	maxViewBytes   = 250_000
	maxMetadata    = 3000
	maxViewButton  = 24
	maxViewTitle   = 24
)

// surface gives the rule that judges a whole payload of a kind.
func surface(kind Kind) (rule, bool) {
	id := text(1, maxID)
	switch kind {
	case PostMessage:
		return message(fields{"channel": id}, fields{
			"thread_ts": id, "reply_broadcast": flag(), "mrkdwn": flag(),
			"unfurl_links": flag(), "unfurl_media": flag(), "metadata": metadata(),
		}), true
	case PostEphemeral:
		return message(fields{"channel": id, "user": id}, fields{"thread_ts": id, "mrkdwn": flag()}), true
	case UpdateMessage:
		return message(fields{"channel": id, "ts": id}, fields{"mrkdwn": flag(), "reply_broadcast": flag(), "metadata": metadata()}), true
	case Response:
		return response(), true
	case Modal:
		return view("modal"), true
	case Home:
		return view("home"), true
	case ViewsOpen:
		return object(shape{must: fields{"trigger_id": id, "view": view("modal")}}), true
	case ViewsUpdate:
		return object(shape{
			must: fields{"view": view("")},
			may:  fields{"view_id": id, "external_id": id, "hash": id},
			also: []func(*report, string, map[string]any){exactlyOne("view_id", "external_id")},
		}), true
	case ViewsPublish:
		return object(shape{must: fields{"user_id": id, "view": view("home")}, may: fields{"hash": id}}), true
	case Submission:
		return submission(), true
	case Options:
		return optionsAnswer(), true
	}
	return nil, false
}

// message judges what all messages share. Slack would take blocks without a
// text; the product must not, since a screen reader and a notification read
// the text.
func message(must, may fields) rule {
	must["text"] = text(1, maxMessageText)
	may["blocks"] = blocks(onMessage)
	may["attachments"] = refused("attachments are outdated and the playground does not know them: use blocks")
	return object(shape{must: must, may: may})
}

func response() rule {
	whole := message(fields{}, fields{
		"response_type": oneOf("ephemeral", "in_channel"), "thread_ts": id(),
		"replace_original": flag(), "delete_original": flag(), "metadata": metadata(),
	})
	deletion := object(shape{must: fields{"delete_original": yes()}, may: fields{"text": text(0, maxMessageText)}})
	return func(r *report, at string, v any) {
		if o, ok := v.(map[string]any); ok && o["delete_original"] == true && !has(o, "blocks") {
			deletion(r, at, v)
			return
		}
		whole(r, at, v)
	}
}

func metadata() rule {
	return object(shape{must: fields{
		"event_type": id(),
		"event_payload": func(r *report, at string, v any) {
			if _, ok := v.(map[string]any); !ok {
				r.add(at, "must be an object, not %s", named(v))
			}
		},
	}})
}

// view judges a modal, a home tab, or either.
func view(only string) rule {
	shapeOf := oneOfType("a view", func(kind string) (shape, bool) {
		if only != "" && kind != only {
			return shape{}, false
		}
		may := fields{"private_metadata": text(0, maxMetadata), "callback_id": text(0, maxID), "external_id": text(0, maxID)}
		switch kind {
		case "home":
			return shape{must: fields{"blocks": blocks(onHome)}, may: may}, true
		case "modal":
			may["submit"], may["close"] = plain(maxViewButton), plain(maxViewButton)
			may["clear_on_close"], may["notify_on_close"] = flag(), flag()
			return shape{
				must: fields{"title": plain(maxViewTitle), "blocks": blocks(onModal)},
				may:  may,
				also: []func(*report, string, map[string]any){inputNeedsSubmit},
			}, true
		}
		return shape{}, false
	})
	return func(r *report, at string, v any) {
		shapeOf(r, at, v)
		if n := Size(v); n > maxViewBytes {
			r.add(at, "must be at most %d bytes, not %d", maxViewBytes, n)
		}
	}
}

func inputNeedsSubmit(r *report, at string, o map[string]any) {
	if has(o, "submit") {
		return
	}
	for _, b := range members(o, "blocks") {
		if str(member(b, "type")) == "input" {
			r.add(at, "a modal with an input block needs submit")
			return
		}
	}
}

// submission judges the answer to a view_submission
// (docs.slack.dev/surfaces/modals, "response_action").
func submission() rule {
	action := oneOf("clear", "update", "push", "errors")
	return func(r *report, at string, v any) {
		o, ok := v.(map[string]any)
		if !ok {
			r.add(at, "must be an object, not %s", named(v))
			return
		}
		must := fields{"response_action": action}
		switch o["response_action"] {
		case "update", "push":
			must["view"] = view("modal")
		case "errors":
			must["errors"] = fieldErrors
		}
		object(shape{must: must})(r, at, v)
	}
}

func fieldErrors(r *report, at string, v any) {
	o, ok := v.(map[string]any)
	if !ok {
		r.add(at, "must be an object of block_id to text, not %s", named(v))
		return
	}
	if len(o) == 0 {
		r.add(at, "must name at least one input block")
	}
	for blockID, why := range o {
		text(1, maxText)(r, under(at, blockID), why)
	}
}

func optionsAnswer() rule {
	return object(shape{
		may:  fields{"options": list(0, maxOptions, option()), "option_groups": list(0, maxOptions, optionGroup())},
		also: []func(*report, string, map[string]any){exactlyOne("options", "option_groups"), choices("")},
	})
}

// Size is the length of a value as compact JSON, in bytes.
func Size(v any) int {
	data, err := json.Marshal(v)
	if err != nil {
		return 0
	}
	return len(data)
}

// MaxViewBytes is the size above which Slack answers view_too_large.
const MaxViewBytes = maxViewBytes

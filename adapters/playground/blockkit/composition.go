package blockkit

import (
	"reflect"
	"regexp"
	"unicode/utf8"
)

// Limits of the composition objects
// (docs.slack.dev/reference/block-kit/composition-objects).
const (
	maxText        = 3000
	maxID          = 255
	maxURL         = 3000
	maxPlaceholder = 150
	maxOptionText  = 75
	maxOptionValue = 75 // the live reference says 150; Slack's package says 75
	maxOptions     = 100
)

func id() rule { return text(1, maxID) }

// plain is a plain_text object of 1..max characters.
func plain(max int) rule { return oneOfType("a plain_text", textKinds(max, true, false)) }

// anyText is a plain_text or mrkdwn object of 1..max characters.
func anyText(max int) rule { return oneOfType("a text", textKinds(max, true, true)) }

func textKinds(max int, plain, mrkdwn bool) func(string) (shape, bool) {
	return func(kind string) (shape, bool) {
		switch {
		case kind == "plain_text" && plain:
			return shape{must: fields{"text": text(1, max)}, may: fields{"emoji": flag()}}, true
		case kind == "mrkdwn" && mrkdwn:
			return shape{must: fields{"text": text(1, max)}, may: fields{"verbatim": flag()}}, true
		}
		return shape{}, false
	}
}

// confirmation is the dialog that asks once more.
func confirmation() rule {
	return object(shape{
		must: fields{"title": plain(100), "text": anyText(300), "confirm": plain(30), "deny": plain(30)},
		may:  fields{"style": oneOf("primary", "danger")},
	})
}

// option is one choice of a menu; a box is one of check boxes or radio
// buttons, whose texts may be mrkdwn.
func option() rule { return object(shape{must: optionFields(plain), may: optionDescription()}) }
func box() rule    { return object(shape{must: optionFields(anyText), may: optionDescription()}) }

func overflowOption() rule {
	may := optionDescription()
	may["url"] = text(1, maxURL)
	return object(shape{must: optionFields(plain), may: may})
}

func optionFields(of func(int) rule) fields {
	return fields{"text": of(maxOptionText), "value": text(1, maxOptionValue)}
}

func optionDescription() fields { return fields{"description": plain(maxOptionText)} }

func optionGroup() rule {
	return object(shape{must: fields{"label": plain(75), "options": list(1, maxOptions, option())}})
}

// image is what image blocks and image elements share.
func image(may fields) shape {
	may["image_url"] = text(1, maxURL)
	may["slack_file"] = object(shape{
		may:  fields{"id": text(1, maxID), "url": text(1, maxURL)},
		also: []func(*report, string, map[string]any){exactlyOne("id", "url")},
	})
	return shape{
		must: fields{"alt_text": text(1, 2000)},
		may:  may,
		also: []func(*report, string, map[string]any){exactlyOne("image_url", "slack_file")},
	}
}

func exactlyOne(a, b string) func(*report, string, map[string]any) {
	return func(r *report, at string, o map[string]any) {
		if has(o, a) == has(o, b) {
			r.add(at, "needs exactly one of %s and %s", a, b)
		}
	}
}

var day = regexp.MustCompile(`^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$`)

func date() rule {
	return func(r *report, at string, v any) {
		if s, ok := v.(string); !ok || !day.MatchString(s) {
			r.add(at, "must be a date, YYYY-MM-DD")
		}
	}
}

// choices checks that no two options share a value, and that what is chosen at
// first is one of them, member by member.
func choices(initial string) func(*report, string, map[string]any) {
	return func(r *report, at string, o map[string]any) {
		all := members(o, "options")
		for _, group := range members(o, "option_groups") {
			all = append(all[:len(all):len(all)], members(group, "options")...)
		}
		seen := map[string]bool{}
		for _, opt := range all {
			value := str(member(opt, "value"))
			if seen[value] {
				r.add(under(at, "options"), "two options have the value %q", clip(value))
			}
			seen[value] = true
		}
		picked, many := o[initial].([]any)
		if !many && has(o, initial) {
			picked = []any{o[initial]}
		}
		for _, p := range picked {
			found := false
			for _, opt := range all {
				found = found || reflect.DeepEqual(opt, p)
			}
			if !found {
				r.add(under(at, initial), "must match one of options exactly")
			}
		}
	}
}

func runes(v any) int { return utf8.RuneCountInString(str(v)) }

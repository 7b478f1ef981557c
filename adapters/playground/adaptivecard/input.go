package adaptivecard

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

var (
	day   = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)
	clock = regexp.MustCompile(`^\d{2}:\d{2}$`)
)

func matching(form *regexp.Regexp, like string) rule {
	return func(r *report, at string, v any) {
		if s, ok := v.(string); !ok || s != "" && !form.MatchString(s) {
			r.add(at, "must be like %s", like)
		}
	}
}

// expression judges a pattern that the client will try on what is typed.
func expression(r *report, at string, v any) {
	s, ok := v.(string)
	if !ok {
		r.add(at, "must be a string, not %s", named(v))
		return
	}
	if _, err := regexp.Compile(s); err != nil {
		r.add(at, "the pattern does not compile")
	}
}

// inputShape lists the inputs. Each has a label, which screen readers say, and
// a required one says what is wrong when it is empty, as the renderer asks.
func inputShape(name string, all fields) (shape, bool) {
	must := fields{"id": filled, "label": filled}
	may := all.with(fields{"errorMessage": filled, "isRequired": flag})
	also := []func(r *report, at string, o map[string]any){complains}
	hint := fields{"placeholder": text}
	switch name {
	case "Input.Text":
		may = may.with(hint).with(fields{"value": text, "isMultiline": flag, "maxLength": count, "regex": expression,
			"style": oneOf("text", "tel", "url", "email", "password"), "inlineAction": selectAction})
	case "Input.Number":
		may = may.with(hint).with(fields{"value": number, "min": number, "max": number})
	case "Input.Date":
		date := matching(day, "2026-12-31")
		may = may.with(hint).with(fields{"value": date, "min": date, "max": date})
	case "Input.Time":
		time := matching(clock, "23:59")
		may = may.with(hint).with(fields{"value": time, "min": time, "max": time})
	case "Input.Toggle":
		must = must.with(fields{"title": filled})
		may = may.with(fields{"value": text, "valueOff": text, "valueOn": text, "wrap": flag})
	case "Input.ChoiceSet":
		choice := kind("Input.Choice", shape{must: fields{"title": filled, "value": filled}})
		must = must.with(fields{"choices": list(1, anyNumber, choice)})
		may = may.with(hint).with(fields{"value": text, "isMultiSelect": flag, "style": oneOf("compact", "expanded"), "wrap": flag})
		also = append(also, choices)
	default:
		return shape{}, false
	}
	return shape{must: must, may: may, also: also}, true
}

// complains: a field that can be wrong says how it is mended.
func complains(r *report, at string, o map[string]any) {
	if o["isRequired"] == true && str(o["errorMessage"]) == "" {
		r.add(at, "a required input needs an errorMessage")
	}
}

// choices judges what the choices have to do with each other and with value.
func choices(r *report, at string, o map[string]any) {
	var values []string
	for _, c := range items(o["choices"]) {
		value := str(member(c, "value"))
		if slices.Contains(values, value) {
			r.add(under(at, "choices"), "the value %q stands twice", clip(value))
		}
		if o["isMultiSelect"] == true && strings.Contains(value, ",") {
			r.add(under(at, "choices"), "the value %q has a comma, which separates the values of several choices", clip(value))
		}
		values = append(values, value)
	}
	for _, value := range split(o, str(o["value"])) {
		if !slices.Contains(values, value) {
			r.add(under(at, "value"), "%q is not among the choices", clip(value))
		}
	}
}

// split gives the single values of a choice set's value.
func split(o map[string]any, value string) []string {
	switch {
	case value == "":
		return nil
	case o["isMultiSelect"] == true:
		return strings.Split(value, ",")
	}
	return []string{value}
}

// initial is the value that an input begins with.
func initial(o map[string]any) string {
	if n, ok := o["value"].(json.Number); ok {
		return n.String()
	}
	value := str(o["value"])
	if o["type"] == "Input.Toggle" && value == "" {
		return orElse(o["valueOff"], "false")
	}
	return value
}

func orElse(v any, instead string) string {
	if s := str(v); s != "" {
		return s
	}
	return instead
}

package adaptivecard

import (
	"encoding/json"
	"maps"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// rule judges one JSON value that stands at a pointer.
type rule func(r *report, at string, v any)

// fields names the members of an object.
type fields map[string]rule

// shape is what an object must and may hold; also holds the rules that need
// more than one member.
type shape struct {
	must, may fields
	also      []func(r *report, at string, o map[string]any)
}

// kind judges an object whose member "type", where it stands, is name.
func kind(name string, s shape) rule {
	return func(r *report, at string, v any) {
		o, ok := v.(map[string]any)
		if !ok {
			r.add(at, "must be an object of type %s, not %s", name, named(v))
			return
		}
		if given, stands := o["type"]; stands && given != name {
			r.add(under(at, "type"), "must be %s", name)
			return
		}
		s.judge(r, at, o)
	}
}

// oneOfType judges an object by the shape that its member "type" selects.
func oneOfType(what string, lookup func(name string) (shape, bool)) rule {
	return func(r *report, at string, v any) {
		o, ok := v.(map[string]any)
		if !ok {
			r.add(at, "must be %s, not %s", what, named(v))
			return
		}
		name, _ := o["type"].(string)
		s, ok := lookup(name)
		if !ok {
			r.add(under(at, "type"), "%q is not %s that may stand here", clip(name), what)
			return
		}
		s.judge(r, at, o)
	}
}

func (s shape) judge(r *report, at string, o map[string]any) {
	for _, key := range slices.Sorted(maps.Keys(s.must)) {
		if _, ok := o[key]; !ok {
			r.add(at, "missing required field: %s", key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(o)) {
		if key == "type" {
			continue
		}
		check, ok := s.must[key]
		if !ok {
			check, ok = s.may[key]
		}
		if !ok {
			r.add(under(at, key), "no such field: %s", clip(key))
			continue
		}
		check(r, under(at, key), o[key])
	}
	for _, check := range s.also {
		check(r, at, o)
	}
}

// with adds members to a table of fields.
func (f fields) with(more fields) fields {
	out := maps.Clone(f)
	maps.Copy(out, more)
	return out
}

func text(r *report, at string, v any) {
	if _, ok := v.(string); !ok {
		r.add(at, "must be a string, not %s", named(v))
	}
}

// filled judges a string that must not be empty.
func filled(r *report, at string, v any) {
	if s, ok := v.(string); !ok || s == "" {
		r.add(at, "must be a string that is not empty")
	}
}

func flag(r *report, at string, v any) {
	if _, ok := v.(bool); !ok {
		r.add(at, "must be true or false, not %s", named(v))
	}
}

func number(r *report, at string, v any) {
	if _, ok := v.(json.Number); !ok {
		r.add(at, "must be a number, not %s", named(v))
	}
}

// count judges a positive whole number.
func count(r *report, at string, v any) {
	n, _ := v.(json.Number)
	if f, err := n.Float64(); err != nil || f < 1 || f != math.Trunc(f) {
		r.add(at, "must be a whole number above 0")
	}
}

// object judges any JSON object.
func object(r *report, at string, v any) {
	if _, ok := v.(map[string]any); !ok {
		r.add(at, "must be an object, not %s", named(v))
	}
}

// oneOf judges a word of a list; the case of its letters does not count.
func oneOf(names ...string) rule {
	return func(r *report, at string, v any) {
		s, ok := v.(string)
		if !ok || !slices.ContainsFunc(names, func(name string) bool { return strings.EqualFold(name, s) }) {
			r.add(at, "must be one of %s", strings.Join(names, ", "))
		}
	}
}

// list judges an array of min to max items.
func list(min, max int, each rule) rule {
	return func(r *report, at string, v any) {
		all, ok := v.([]any)
		if !ok {
			r.add(at, "must be an array, not %s", named(v))
			return
		}
		switch n := len(all); {
		case n < min:
			r.add(at, "must have at least %d items, not %d", min, n)
		case n > max:
			r.add(at, "must have at most %d items, not %d", max, n)
		}
		for i, item := range all {
			each(r, at+"/"+strconv.Itoa(i), item)
		}
	}
}

// anyNumber is a list's bound where Teams names none; the size bounds it.
const anyNumber = 1 << 20

// link judges an address that Teams opens: https, or http in a demo.
func link(r *report, at string, v any) {
	s, _ := v.(string)
	if u, err := url.Parse(s); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		r.add(at, "must be an http or https address")
	}
}

// picture judges where an image comes from: an address, or data in the card.
func picture(r *report, at string, v any) {
	if s, _ := v.(string); strings.HasPrefix(s, "data:image/") && strings.Contains(s, ";base64,") {
		return
	}
	link(r, at, v)
}

func named(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "a boolean"
	case json.Number:
		return "a number"
	case string:
		return "a string"
	case []any:
		return "an array"
	}
	return "an object"
}

// clip bounds how much of a foreign word stands in a problem.
func clip(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

// Members, read without complaint: the rules complain.
func items(v any) []any            { l, _ := v.([]any); return l }
func member(v any, key string) any { o, _ := v.(map[string]any); return o[key] }
func str(v any) string             { s, _ := v.(string); return s }

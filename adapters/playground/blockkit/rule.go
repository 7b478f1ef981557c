package blockkit

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// rule judges one JSON value that stands at a pointer.
type rule func(r *report, at string, v any)

// fields names the members of an object.
type fields map[string]rule

// shape is what an object must and may hold; also holds the rules that need
// more than one member. The member "type" belongs to oneOfType and is not named.
type shape struct {
	must, may fields
	also      []func(r *report, at string, o map[string]any)
}

// object judges an untyped object by a shape.
func object(s shape) rule {
	return func(r *report, at string, v any) {
		o, ok := v.(map[string]any)
		if !ok {
			r.add(at, "must be an object, not %s", named(v))
			return
		}
		s.judge(r, at, o)
	}
}

// oneOfType judges an object by the shape that its member "type" selects;
// what names the family in the refusal of a type that is not in it.
func oneOfType(what string, lookup func(kind string) (shape, bool)) rule {
	return func(r *report, at string, v any) {
		o, ok := v.(map[string]any)
		if !ok {
			r.add(at, "must be %s object, not %s", what, named(v))
			return
		}
		kind, ok := o["type"].(string)
		if !ok {
			r.add(under(at, "type"), "must be a string that names %s", what)
			return
		}
		s, ok := lookup(kind)
		if !ok {
			r.add(under(at, "type"), "%q is not %s that may stand here", clip(kind), what)
			return
		}
		rest := maps.Clone(o)
		delete(rest, "type")
		s.judge(r, at, rest)
	}
}

func (s shape) judge(r *report, at string, o map[string]any) {
	for _, key := range slices.Sorted(maps.Keys(s.must)) {
		if _, ok := o[key]; !ok {
			r.add(at, "missing required field: %s", key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(o)) {
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

// text judges a string of min to max characters (Unicode code points).
func text(min, max int) rule {
	return func(r *report, at string, v any) {
		s, ok := v.(string)
		if !ok {
			r.add(at, "must be a string, not %s", named(v))
			return
		}
		switch n := utf8.RuneCountInString(s); {
		case n < min:
			r.add(at, "must be at least %d characters, not %d", min, n)
		case n > max:
			r.add(at, "must be at most %d characters, not %d", max, n)
		}
	}
}

func flag() rule {
	return func(r *report, at string, v any) {
		if _, ok := v.(bool); !ok {
			r.add(at, "must be true or false, not %s", named(v))
		}
	}
}

func oneOf(names ...string) rule {
	return func(r *report, at string, v any) {
		if s, ok := v.(string); !ok || !slices.Contains(names, s) {
			r.add(at, "must be one of %s", strings.Join(names, ", "))
		}
	}
}

func yes() rule {
	return func(r *report, at string, v any) {
		if v != true {
			r.add(at, "must be true")
		}
	}
}

// whole judges a whole number in min..max.
func whole(min, max int64) rule {
	return func(r *report, at string, v any) {
		n, ok := v.(json.Number)
		if !ok {
			r.add(at, "must be a number, not %s", named(v))
			return
		}
		if i, err := n.Int64(); err != nil || i < min || i > max {
			r.add(at, "must be a whole number from %d to %d", min, max)
		}
	}
}

func number() rule {
	return func(r *report, at string, v any) {
		if _, ok := v.(json.Number); !ok {
			r.add(at, "must be a number, not %s", named(v))
		}
	}
}

// list judges an array of min to max items.
func list(min, max int, each rule) rule {
	return func(r *report, at string, v any) {
		items, ok := v.([]any)
		if !ok {
			r.add(at, "must be an array, not %s", named(v))
			return
		}
		switch n := len(items); {
		case n < min:
			r.add(at, "must have at least %d items, not %d", min, n)
		case n > max:
			r.add(at, "must have at most %d items, not %d", max, n)
		}
		for i, item := range items {
			each(r, at+"/"+strconv.Itoa(i), item)
		}
	}
}

// refused explains why a part that Slack may know is not accepted here.
func refused(why string) rule {
	return func(r *report, at string, _ any) { r.add(at, "%s", why) }
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

// list and object members, read without complaint: the rules complain.
func items(v any) []any                   { l, _ := v.([]any); return l }
func member(v any, key string) any        { o, _ := v.(map[string]any); return o[key] }
func str(v any) string                    { s, _ := v.(string); return s }
func members(v any, key string) []any     { return items(member(v, key)) }
func has(o map[string]any, k string) bool { _, ok := o[k]; return ok }

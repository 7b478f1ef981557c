package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"

	"github.com/goccy/go-yaml"
)

// Schema gives the JSON schema (draft 2020-12) of the file, made from the tags
// of Config: what an editor completes and marks by. It knows each key and the
// form of its value; what is between keys, Load alone says.
func Schema() ([]byte, error) {
	root := object{
		{"$schema", "https://json-schema.org/draft/2020-12/schema"},
		{"title", "Configuration of Latchkey"},
	}
	root = append(root, sectionSchema(reflect.TypeFor[Config]())...)
	root = append(root, member{"$defs", definitions()})
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(root); err != nil {
		return nil, fmt.Errorf("write the schema: %w", err)
	}
	return out.Bytes(), nil
}

// object is a JSON object whose members keep their order: that of the file.
type object []member

type member struct {
	name  string
	value any
}

// MarshalJSON writes the members in their order.
func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := e.Encode(m.name); err != nil {
			return nil, err
		}
		b.WriteByte(':')
		if err := e.Encode(m.value); err != nil {
			return nil, err
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// definitions are the forms that many values have. Any text may be put
// together from the environment, or be a file.
func definitions() object {
	text := func(pattern, what string) object {
		return object{{"description", what}, {"anyOf", []any{object{{"type", "string"}, {"pattern", pattern}}, defined("outside")}}}
	}
	return object{
		{"outside", object{{"description", "${NAME} reads the environment, file:PATH a file"}, {"type", "string"}, {"pattern", `^file:.|\$\{[A-Za-z_][A-Za-z0-9_]*\}`}}},
		{"address", text("^[A-Za-z][A-Za-z0-9+.-]*://", "scheme://host:port")},
		{"host_port", text(":[0-9]{1,5}$", "host:port")},
		{"name", text("=", "distinguished name")},
		{"duration", object{{"description", "number and unit: 90s, 15m, 72h, 30d, 2y"}, {"anyOf", []any{object{{"const", 0}},
			object{{"type", "string"}, {"pattern", "^(0|([0-9]+(ms|s|m|h|d|w|y))+)$"}}, defined("outside")}}}},
	}
}

func defined(definition string) object { return object{{"$ref", "#/$defs/" + definition}} }

// sectionSchema is a section with its keys, and no others.
func sectionSchema(section reflect.Type) object {
	properties, required := object{}, []string{}
	for _, f := range fields(section) {
		properties = append(properties, member{f.key, keySchema(section.Field(f.index).Type, f)})
		if f.required {
			required = append(required, f.key)
		}
	}
	out := object{{"type", "object"}, {"properties", properties}}
	if len(required) > 0 {
		out = append(out, member{"required", required})
	}
	return append(out, member{"additionalProperties", false})
}

// keySchema is what may stand at a key.
func keySchema(t reflect.Type, f field) object {
	out := object{{"description", f.doc}}
	if t.Kind() != reflect.Slice {
		out = append(out, valueSchema(t, f)...)
	} else if one, list := valueSchema(t.Elem(), field{enum: f.enum, pattern: f.pattern}), listSchema(t, f); f.single {
		out = append(out, member{"anyOf", []any{one, list}})
	} else {
		out = append(out, list...)
	}
	if f.initial != "" {
		out = append(out, member{"default", read(f.initial, t)})
	}
	if f.like != "" {
		out = append(out, member{"examples", []any{read(f.like, t)}})
	}
	return out
}

func listSchema(t reflect.Type, f field) object {
	out := object{{"type", "array"}, {"items", valueSchema(t.Elem(), field{enum: f.enum, pattern: f.pattern})}}
	if low := bound(f.min, 0); low > 0 {
		out = append(out, member{"minItems", low})
	}
	return append(out, member{"maxItems", bound(f.max, mostValues)})
}

// valueSchema is one value.
func valueSchema(t reflect.Type, f field) object {
	if inner, _, ok := sectionOf(t); ok {
		return sectionSchema(inner)
	}
	switch t {
	case reflect.TypeFor[Address]():
		return defined("address")
	case reflect.TypeFor[HostPort]():
		return defined("host_port")
	case reflect.TypeFor[DN]():
		return defined("name")
	case reflect.TypeFor[Duration]():
		return defined("duration")
	case reflect.TypeFor[Secret]():
		return object{{"type", "string"}, {"minLength", 1}}
	}
	switch t.Kind() {
	case reflect.Bool:
		return object{{"type", "boolean"}}
	case reflect.Int:
		out := object{{"type", "integer"}}
		for _, b := range []struct{ name, tag string }{{"minimum", f.min}, {"maximum", f.max}} {
			if n, err := strconv.Atoi(b.tag); err == nil {
				out = append(out, member{b.name, n})
			}
		}
		return out
	case reflect.Map:
		return object{{"type", "object"}, {"additionalProperties", valueSchema(t.Elem(), field{})}}
	}
	switch {
	case len(f.enum) > 0:
		return object{{"anyOf", []any{object{{"enum", f.enum}}, defined("outside")}}}
	case f.pattern != "":
		return object{{"anyOf", []any{object{{"type", "string"}, {"pattern", f.pattern}}, defined("outside")}}}
	}
	return object{{"type", "string"}, {"minLength", 1}}
}

// read gives a value as a tag has it, of a key of type t: a list of it where
// the key holds a list and the tag has one value.
func read(written string, t reflect.Type) any {
	var v any = written
	if t.Kind() != reflect.Slice && t.Kind() != reflect.Int && t.Kind() != reflect.Map && written[0] != '"' {
		return v
	}
	var parsed struct{ V any }
	if err := yaml.Unmarshal([]byte("v: "+written), &parsed); err == nil {
		v = parsed.V
	}
	if _, list := v.([]any); !list && t.Kind() == reflect.Slice {
		return []any{v}
	}
	return v
}

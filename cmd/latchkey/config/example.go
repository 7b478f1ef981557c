package config

import (
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
)

const exampleHead = `# yaml-language-server: $schema=latchkey.schema.json
#
# Every key of Latchkey's configuration. What is not in force has a # right
# before its key: remove it, in a section from each line. A key in force is
# required, stands at its default, or is what most installations need.
#
# ${NAME} reads the environment and file:PATH a file, in any text.
`

// exampleWidth is how long a line of comment may be, in characters.
const exampleWidth = 100

// Example gives the example of the file, made from the tags of Config: every
// key with its comment and its default. It loads as it stands, once the
// environment has what it names.
func Example() []byte {
	e := example{}
	e.WriteString(exampleHead)
	e.section(reflect.TypeFor[Config](), lead{}, true)
	return []byte(e.String())
}

type example struct{ strings.Builder }

// lead is what lines begin with; first, where it is not empty, the line of
// the section's first key.
type lead struct{ each, first string }

// section writes the keys of a section; inForce: the section is.
func (e *example) section(t reflect.Type, l lead, inForce bool) {
	for i, f := range fields(t) {
		kind := t.Field(f.index).Type
		if l.each == "" {
			e.WriteString("\n")
		}
		e.comment(l.each+"# ", sentence(kind, f))
		active := inForce && isShown(kind, f)
		begin, below := l.each, l.each
		if i == 0 && l.first != "" {
			begin = l.first
		}
		if inForce && !active {
			begin, below = begin+"#", below+"#"
		}
		inner, list, ok := sectionOf(kind)
		switch {
		case !ok:
			e.WriteString(begin + f.key + ": " + exampleValue(kind, f) + "\n")
		case list == "":
			e.WriteString(begin + f.key + ":\n")
			e.section(inner, lead{each: below + "  "}, active)
		default:
			e.WriteString(begin + f.key + ":\n")
			e.section(inner, lead{each: below + "    ", first: below + "  - "}, active)
		}
	}
}

// isShown reports whether the example has a key in force.
func isShown(t reflect.Type, f field) bool {
	inner, _, ok := sectionOf(t)
	switch {
	case !ok:
		return f.required || f.shown || f.initial != ""
	case t.Kind() == reflect.Pointer && !f.shown && !f.required:
		return false
	}
	for _, below := range fields(inner) {
		if isShown(inner.Field(below.index).Type, below) {
			return true
		}
	}
	return false
}

// sentence says what a key is for and what may stand there.
func sentence(t reflect.Type, f field) string {
	out := f.doc + "."
	if first, _, _ := strings.Cut(f.doc, " "); !strings.Contains(first, ":") { // else it is a word or a form of the file
		out = capital(out)
	}
	list := t.Kind() == reflect.Slice
	switch {
	case len(f.enum) > 0 && list:
		out += " Any of " + strings.Join(f.enum, ", ") + "."
	case len(f.enum) > 0:
		out += " One of " + strings.Join(f.enum, ", ") + "."
	}
	if f.single {
		out += " One, or a list."
	}
	if f.max != "" && !list {
		out += " " + capital(bounds(f)) + "."
	}
	_, _, section := sectionOf(t)
	switch {
	case f.required:
		out += " Required."
	case f.initial != "":
		out += " Default: " + f.initial + "."
	case t.Kind() == reflect.Bool:
		out += " Default: false."
	case !section:
		out += " Optional."
	}
	return out
}

func capital(s string) string {
	_, size := utf8.DecodeRuneInString(s)
	return strings.ToUpper(s[:size]) + s[size:]
}

func bounds(f field) string {
	switch {
	case f.max == "":
		return "at least " + f.min
	case f.min == "":
		return "at most " + f.max
	}
	return f.min + " to " + f.max
}

// comment writes a sentence over as many lines as it needs.
func (e *example) comment(begin, text string) {
	line := begin
	for i, word := range strings.Fields(text) {
		if i > 0 && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > exampleWidth {
			e.WriteString(strings.TrimRight(line, " ") + "\n")
			line = begin
		}
		if line != begin {
			line += " "
		}
		line += word
	}
	e.WriteString(line + "\n")
}

// exampleValue is a key's value: its default, else what it looks like.
func exampleValue(t reflect.Type, f field) string {
	value := f.initial
	if value == "" {
		value = f.like
	}
	if value == "" && len(f.enum) > 0 {
		value = f.enum[0]
	}
	switch t.Kind() {
	case reflect.Bool:
		return "false"
	case reflect.Slice:
		if strings.HasPrefix(value, "[") || f.single {
			return value
		}
		return "[" + strconv.Quote(value) + "]"
	case reflect.Int, reflect.Int64, reflect.Map:
		return value
	}
	return quoted(value)
}

// quoted puts a text in quotes where YAML would read it as something else.
func quoted(s string) string {
	var as struct{ V any }
	if s != "" && (s[0] == '"' || yaml.Unmarshal([]byte("v: "+s), &as) == nil && as.V == any(s)) && s[0] != ':' {
		return s
	}
	return strconv.Quote(s)
}

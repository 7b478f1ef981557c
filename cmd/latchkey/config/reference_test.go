package config

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"latchkey/bot"
)

var update = flag.Bool("update", false, "write what is generated in docs/ anew")

// docs/configuration.md is made from the tags of Config, so that it says what
// the program reads.
func TestReference(t *testing.T) {
	words, err := os.ReadFile("testdata/words.md")
	if err != nil {
		t.Fatal(err)
	}
	generated(t, "configuration.md", "the tags of Config and testdata/words.md", []byte(reference(string(words))))
}

// The schema and the example are made of the same tags.
func TestSchemaInDocs(t *testing.T) {
	schema, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	generated(t, "latchkey.schema.json", "the tags of Config", schema)
}

func TestExampleInDocs(t *testing.T) {
	generated(t, "latchkey.example.yaml", "the tags of Config", Example())
}

// generated demands that a file of docs is what is made for it now; -update writes it.
func generated(t *testing.T, name, from string, want []byte) {
	t.Helper()
	file := "../../../docs/" + name
	if *update {
		if os.Getenv("CI") == "true" {
			t.Fatal("-update is refused under CI: what changed is decided by a person")
		}
		if err := os.WriteFile(file, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is not what %s say: run this test with -update", file, from)
	}
}

// reference writes the document: the words, then every key.
func reference(words string) string {
	var b strings.Builder
	types := "| type | strength |\n| --- | --- |\n"
	for _, t := range bot.Types() {
		types += fmt.Sprintf("| `%s` | %s |\n", t, t.Strength())
	}
	b.WriteString(strings.Replace(words, "(the table of types)\n", types, 1))
	describeSection(&b, reflect.TypeFor[Config](), "", "")
	return b.String()
}

// describeSection writes a table of the keys of a section, then its sections.
func describeSection(b *strings.Builder, section reflect.Type, key, doc string) {
	known := fields(section)
	if key != "" {
		fmt.Fprintf(b, "\n## %s\n\n%s.\n", key, capital(doc))
		b.WriteString("\n| key | what | is | without it |\n| --- | --- | --- | --- |\n")
	}
	for _, f := range known {
		if key != "" {
			fmt.Fprintf(b, "| `%s` | %s | %s | %s |\n", f.key, cell(f.doc), cell(kind(section.Field(f.index).Type, f)), cell(absence(f)))
		}
	}
	for _, f := range known {
		inner, below, ok := sectionOf(section.Field(f.index).Type)
		if ok {
			describeSection(b, inner, strings.TrimPrefix(key+"."+f.key, ".")+below, f.doc)
		}
	}
}

// kind says what may be written.
func kind(t reflect.Type, f field) string {
	if _, below, ok := sectionOf(t); ok {
		if below != "" {
			return "a list of sections, below"
		}
		return "a section, below"
	}
	if t.Kind() == reflect.Slice {
		one := kind(t.Elem(), field{enum: f.enum, pattern: f.pattern, like: f.like})
		list := "list: " + one
		if f.single {
			list = one + ", or a list"
		}
		if f.max != "" {
			list += ", " + bounds(f) + " of them"
		} else if f.min != "" {
			list += ", at least " + f.min
		}
		return list
	}
	said := map[reflect.Type]string{
		reflect.TypeFor[Secret](): "secret", reflect.TypeFor[Address](): "address", reflect.TypeFor[HostPort](): "host:port",
		reflect.TypeFor[DN](): "distinguished name", reflect.TypeFor[Duration](): "duration", reflect.TypeFor[map[string]Secret](): "keys of your own, each a secret",
	}[t]
	switch {
	case len(f.enum) > 0:
		return "`" + strings.Join(f.enum, "`, `") + "`"
	case said == "" && t.Kind() == reflect.Bool:
		said = "true or false"
	case said == "" && t.Kind() == reflect.Int:
		said = "number"
	case said == "":
		said = "text"
	}
	if f.min != "" || f.max != "" {
		said += ", " + bounds(f)
	}
	if f.like != "" {
		said += ", such as `" + f.like + "`"
	}
	return said
}

// absence says what holds where the key is not written.
func absence(f field) string {
	switch {
	case f.required:
		return "**fault**"
	case f.initial != "":
		return "`" + f.initial + "`"
	}
	return "—"
}

func cell(s string) string { return strings.ReplaceAll(s, "|", `\|`) }

package config_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"

	"latchkey/cmd/latchkey/config"
	"latchkey/cmd/latchkey/demo"
)

// compiled is the schema as a validator that is not ours reads it; it is
// itself checked against the draft's own.
func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := config.Schema()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("latchkey.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("latchkey.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// data reads YAML as an editor does, into what JSON can hold.
func data(content []byte) (any, error) {
	var v any
	if err := yaml.Unmarshal(content, &v); err != nil {
		return nil, err
	}
	text, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return jsonschema.UnmarshalJSON(bytes.NewReader(text))
}

// documents are configurations that load.
func documents(t *testing.T) map[string][]byte {
	t.Helper()
	out := map[string][]byte{"latchkey config example": config.Example(), "latchkey demo --print-config": []byte(demo.PrintedConfiguration())}
	for _, name := range []string{"testdata/example.yaml", "testdata/least.yaml", "../testdata/latchkey.yaml"} {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		out[name] = content
	}
	return out
}

func TestSchemaTakesWhatLoads(t *testing.T) {
	schema := compiled(t)
	for name, content := range documents(t) {
		v, err := data(content)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := schema.Validate(v); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What is wrong with the form of a file is wrong by the schema too, but for
// what is gone once YAML is read.
func TestSchemaRefusesWrongForms(t *testing.T) {
	unseen := []string{"set twice", "octal number", "anchor", "merge", "tag", "line break"}
	schema, base := compiled(t), example(t)
	for _, w := range shapes() {
		v, err := data([]byte(strings.Replace(base, w.old, w.new, 1)))
		if err != nil {
			continue // the editor says so, as YAML
		}
		if refused := schema.Validate(v) != nil; refused == slices.Contains(unseen, w.name) {
			t.Errorf("%s: refused by the schema: %v", w.name, refused)
		}
	}
}

// shapeOf are Load's words for what a schema can see: an unknown key, a
// missing one, a value of another type, too many or too few of them.
var shapeOf = regexp.MustCompile(`^(is (text|a list|a number|keys|true or false|nothing)$|is not a key that exists|has no value|holds \d+ values|has no unit|-?\d+ is out of bounds)`)

func shape(err error, t *rapid.T) []config.Fault {
	var out []config.Fault
	for _, f := range allFaults(t, err) {
		key := f.Key[strings.LastIndexAny(f.Key, ".")+1:]
		if shapeOf.MatchString(f.What) || f.What == "is missing" && (strings.HasPrefix(f.Mend, "add it: "+key+":") || strings.HasPrefix(f.Mend, "add it: "+key+" (")) {
			out = append(out, f)
		}
	}
	return out
}

// Over documents that were changed in one place, the schema and Load agree on
// unknown keys and wrong types.
func TestSchemaAndLoadAgree(t *testing.T) {
	schema := compiled(t)
	docs := documents(t)
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom(slices.Sorted(maps.Keys(docs))).Draw(t, "document")
		v, err := data(docs[name])
		if err != nil {
			t.Fatal(err)
		}
		for range rapid.IntRange(1, 3).Draw(t, "changes") {
			v = changed(t, v)
		}
		content, err := json.Marshal(v) // which is YAML
		if err != nil {
			t.Fatal(err)
		}
		again, err := data(content)
		if err != nil {
			t.Fatal(err)
		}
		refused := schema.Validate(again)
		_, err = config.Parse("latchkey.yaml", content, anything())
		if faults := shape(err, t); (refused != nil) != (len(faults) > 0) {
			t.Fatalf("the schema says %v, Load says %v, of %s", refused, faults, content)
		}
	})
}

// anything has a word for each variable, so that a value's form alone counts.
func anything() config.Inputs {
	in := inputs()
	in.Getenv = func(string) (string, bool) { return "word", true }
	return in
}

// changed changes one place below v, or v itself.
func changed(t *rapid.T, v any) any {
	const text = "${SLACK_BOT_TOKEN}" // a text of whatever form
	switch at := v.(type) {
	case map[string]any:
		keys := slices.Sorted(maps.Keys(at))
		switch rapid.IntRange(0, 9).Draw(t, "in the section") {
		case 0:
			at[rapid.StringMatching("[a-z_]{1,12}").Draw(t, "new key")] = text
			return at
		case 1:
			if len(keys) > 0 {
				key := rapid.SampledFrom(keys).Draw(t, "renamed")
				at[key+rapid.StringMatching("[a-z]").Draw(t, "letter")] = at[key]
				delete(at, key)
			}
			return at
		}
		if len(keys) > 0 {
			key := rapid.SampledFrom(keys).Draw(t, "key")
			at[key] = changed(t, at[key])
			return at
		}
	case []any:
		if len(at) > 0 && rapid.Bool().Draw(t, "an element") {
			i := rapid.IntRange(0, len(at)-1).Draw(t, "element")
			at[i] = changed(t, at[i])
			return at
		}
	}
	return rapid.SampledFrom([]any{text, json.Number("7"), json.Number("0"), json.Number("1.5"), true, nil, []any{}, []any{text}, []any{nil},
		map[string]any{}, map[string]any{"a": text}}).Draw(t, "value")
}

func allFaults(t *rapid.T, err error) config.Faults {
	t.Helper()
	if err == nil {
		return nil
	}
	var out config.Faults
	if !asFaults(err, &out) {
		t.Fatal(fmt.Errorf("no faults: %w", err))
	}
	return out
}

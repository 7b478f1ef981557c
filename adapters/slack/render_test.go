package slack

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"latchkey/adapters/playground/blockkit"
	"latchkey/flows"
)

var update = flag.Bool("update", false, "write the goldens anew; the commit says why for each page")

// Every page as a dialog and as a message, letter by letter.
func TestGoldens(t *testing.T) {
	if *update && os.Getenv("CI") == "true" {
		t.Fatal("goldens are not renewed under CI: run with -update on your own machine and commit what changed, with the reason")
	}
	for _, p := range pages() {
		for kind, payload := range payloads(p) {
			t.Run(string(p.ID)+"/"+kind, func(t *testing.T) {
				got := indented(t, payload)
				file := filepath.Join("testdata", "golden", string(p.ID)+"."+kind+".json")
				if *update {
					if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(file, got, 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(file)
				if err != nil {
					t.Fatalf("no golden yet: %v; run with -update", err)
				}
				if diff := cmp.Diff(string(want), string(got)); diff != "" {
					t.Errorf("-golden +now:\n%s", diff)
				}
			})
		}
	}
}

// What Slack takes, by the table of the stand-in.
func TestPagesAreValid(t *testing.T) {
	for _, p := range append(pages(), notice(textAway), failure("x", "internal", flows.Event{Token: "t"})) {
		for kind, payload := range payloads(p) {
			for _, problem := range problems(t, payload) {
				t.Errorf("%s as %s: %s", p.ID, kind, problem)
			}
		}
	}
}

// payloads gives a page in each form in which it goes out.
func payloads(p flows.Page) map[string]any {
	text, blocks := message(p)
	return map[string]any{"modal": modal(p), "message": map[string]any{"channel": "C1", "text": text, "blocks": blocks}}
}

func problems(t testing.TB, payload any) []blockkit.Problem {
	t.Helper()
	data, err := json.Marshal(payload)
	if err != nil {
		t.Fatalf("encoding a payload: %v", err)
	}
	v, err := blockkit.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	kind, err := blockkit.KindOf(v)
	if err != nil {
		t.Fatal(err)
	}
	return blockkit.Check(kind, v)
}

func indented(t testing.TB, payload any) []byte {
	t.Helper()
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(payload); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

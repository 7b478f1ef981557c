package slack

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"latchkey/adapters/chat"
	"latchkey/adapters/playground/blockkit"
	"latchkey/bot"
	"latchkey/flows"
)

var update = flag.Bool("update", false, "write the goldens anew; the commit says why for each page")

// dumpVariable names the folder whose files a checker that is not ours judges
// after the tests.
const dumpVariable = "LATCHKEY_PAYLOAD_DUMP"

// Every page as Slack gets it, letter by letter, and in every form as Slack
// takes it. No golden is left over.
func TestGoldens(t *testing.T) {
	if *update && os.Getenv("CI") == "true" {
		t.Fatal("goldens are not renewed under CI: run with -update on your own machine and commit what changed, with the reason")
	}
	dir := filepath.Join("testdata", "golden")
	left := map[string]bool{}
	files, err := os.ReadDir(dir)
	if err != nil && !*update {
		t.Fatal(err)
	}
	for _, f := range files {
		left[f.Name()] = true
	}
	for _, f := range slices.Concat(shared(), extremes()) {
		delete(left, f.Name+".json")
		t.Run(f.Name, func(t *testing.T) {
			forms := payloads(f.Page)
			for kind, payload := range forms {
				taken(t, f.Name+"-"+kind, payload)
			}
			form := forms["modal"]
			switch {
			case asMessage(f.Page):
				form = forms["message"]
			case f.Page.ID == "home":
				form = forms["home"]
			}
			golden(t, filepath.Join(dir, f.Name+".json"), indented(t, form))
		})
	}
	for name := range left {
		t.Errorf("%s is the golden of no page: remove it", name)
	}
}

// golden compares with a file, or writes it where that was asked for.
func golden(t *testing.T, file string, got []byte) {
	t.Helper()
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
}

// What the adapter says by itself.
func TestNoticesAreTaken(t *testing.T) {
	for name, p := range map[string]flows.Page{"notice": chat.Notice(chat.TextAway), "failure": chat.Failure("x", bot.Internal, flows.Event{Token: pageToken})} {
		for kind, payload := range payloads(p) {
			taken(t, name+"-"+kind, payload)
		}
	}
}

// taken demands that Slack takes the payload, by the table of the stand-in,
// and leaves it for the other checker.
func taken(t *testing.T, name string, payload any) {
	t.Helper()
	for _, problem := range problems(t, payload) {
		t.Errorf("%s: %s", name, problem)
	}
	if dir := os.Getenv(dumpVariable); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, "page-"+name+".json"), indented(t, payload), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// payloads gives a page in each form in which it may go out.
func payloads(p flows.Page) map[string]any {
	text, blocks := message(p)
	return map[string]any{"modal": modal(p), "home": home(p), "message": map[string]any{"channel": "C1", "text": text, "blocks": blocks}}
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

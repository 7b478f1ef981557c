package card

import (
	"bytes"
	"encoding/json"
	"flag"
	"github.com/go-json-experiment/json/jsontext"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"latchkey/adapters/playground/adaptivecard"
	"latchkey/flows"
)

var update = flag.Bool("update", false, "write the goldens anew; the commit says why for each page")

var goldens = filepath.Join("testdata", "golden")

// Every page as Teams gets it, letter by letter, and in every form as Teams
// takes it. No golden is left over.
func TestGoldens(t *testing.T) {
	if *update && os.Getenv("CI") == "true" {
		t.Fatal("goldens are not renewed under CI: run with -update on your own machine and commit what changed, with the reason")
	}
	left := map[string]bool{}
	files, err := os.ReadDir(goldens)
	if err != nil && !*update {
		t.Fatal(err)
	}
	for _, f := range files {
		left[f.Name()] = true
	}
	for _, f := range slices.Concat(shared(), extremes()) {
		delete(left, f.Name+".json")
		t.Run(f.Name, func(t *testing.T) {
			for kind, payload := range payloads(f.Page) {
				taken(t, kind, payload)
			}
			form := payloads(f.Page)["dialog"]
			if asMessage(f.Page) {
				form = payloads(f.Page)["message"]
			}
			golden(t, filepath.Join(goldens, f.Name+".json"), indented(t, form))
		})
	}
	for name := range left {
		t.Errorf("%s is the golden of no page: remove it", name)
	}
}

// One fixture, two renderings: what is shown in one chat is shown in the other.
func TestEveryPageHasBothRenderings(t *testing.T) {
	names := func(dir string) []string {
		files, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, f := range files {
			out = append(out, f.Name())
		}
		return out
	}
	if diff := cmp.Diff(names(filepath.Join("..", "..", "slack", "testdata", "golden")), names(goldens)); diff != "" {
		t.Errorf("-Slack +Teams:\n%s", diff)
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

// payloads gives a page in each form in which it may go out.
func payloads(p flows.Page) map[string]any {
	type object = map[string]any
	attached := func(c Card) object { return object{"contentType": ContentType, "content": c} }
	said := func(c Card) object {
		return object{"type": "message", "summary": Summary(p), "attachments": []any{attached(c)}}
	}
	return map[string]any{
		"dialog":  object{"task": object{"type": "continue", "value": object{"title": Title(p), "card": attached(Dialog(p))}}},
		"message": said(Message(p)),
		"base":    said(Base(p, []string{"29:1abc", "29:1def"})),
		"decided": said(Base(p, nil)),
		"corrected": attached(Corrected(p, flows.Event{Fields: map[string]string{"who": "mei", "code": "12", "answer.1": "blue"}, Rows: []int{1}},
			map[string]string{"code": "Six digits.", "who": "*Nobody* is called so.", "answer.1": "Too short."})),
	}
}

// taken demands that Teams takes the payload, by the table of the stand-in.
func taken(t testing.TB, kind string, payload any) {
	t.Helper()
	data := indented(t, payload)
	v, err := adaptivecard.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range adaptivecard.CheckAll(v) {
		t.Errorf("%s: %s", kind, problem)
	}
	for _, found := range adaptivecard.Cards(v) {
		escaped, err := json.Marshal(found.Card)
		if err != nil || len(escaped) >= adaptivecard.MaxBytes {
			t.Errorf("%s: a card of %d bytes, with all that is escaped (%v)", kind, len(escaped), err)
		}
	}
}

// indented is JSON as people read it: <, > and & are not escaped.
func indented(t testing.TB, payload any) []byte {
	t.Helper()
	data, err := json.Marshal(payload)
	if err != nil {
		t.Fatal(err)
	}
	v := jsontext.Value(data)
	if err := v.Format(jsontext.PreserveRawStrings(false), jsontext.EscapeForJS(true), jsontext.WithIndent("  ")); err != nil {
		t.Fatal(err)
	}
	return append(v, '\n')
}

// Microsoft's schema and Microsoft's renderer judge each card in each form,
// where CHECKS names the folder of the checker.
func TestCardsAreAccepted(t *testing.T) {
	folder, n := t.TempDir(), 0
	for _, f := range slices.Concat(shared(), extremes()) {
		for kind, payload := range payloads(f.Page) {
			n++
			if err := os.WriteFile(filepath.Join(folder, f.Name+"-"+kind+".json"), indented(t, payload), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	checks := os.Getenv("CHECKS")
	if checks == "" {
		t.Log("CHECKS is not set: Microsoft's schema was not asked, the table of the stand-in was")
		return
	}
	if !filepath.IsAbs(checks) { // relative to the top of the module
		checks = filepath.Join("..", "..", "..", checks)
	}
	checker := filepath.Join("..", "..", "..", "build", "adaptivecard-check")
	for _, step := range [][]string{
		{"mkdir", "-p", checker},
		{"cp", "-r", "--no-preserve=mode", filepath.Join(checks, "adaptivecard-check") + "/.", checker}, // it writes beside its files
		{"npm", "install", "--prefix", checker, "--no-package-lock", "--no-audit", "--no-fund", "--silent"},
		{"node", filepath.Join(checker, "check.mjs"), folder},
	} {
		out, err := exec.CommandContext(t.Context(), step[0], step[1:]...).CombinedOutput()
		if err != nil {
			lines := slices.DeleteFunc(strings.Split(string(out), "\n"), func(s string) bool { return strings.HasPrefix(s, "accepted ") })
			t.Fatalf("%s: %v\n%s", strings.Join(step, " "), err, strings.Join(lines, "\n"))
		}
		if step[0] == "node" && bytes.Count(out, []byte("accepted ")) != n {
			t.Errorf("not every card was looked at:\n%s", out)
		}
	}
}

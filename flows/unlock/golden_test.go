package unlock

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"latchkey/flows"
	"latchkey/flows/unlock/pagetest"
)

var update = flag.Bool("update", false, "write diagram and pages anew; the commit says why for each page")

// golden compares with a file, or writes it where that was asked for.
func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		if os.Getenv("CI") == "true" {
			t.Fatal("-update is refused under CI: what changed is decided by a person")
		}
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v: go test ./flows/unlock -update makes it", err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n")); diff != "" {
		t.Errorf("%s differs (-file +code):\n%s", file, diff)
	}
}

// TestDiagram: states.mermaid is the table.
func TestDiagram(t *testing.T) {
	golden(t, "states.mermaid", []byte((&Conversation{}).Table().Mermaid()))
}

// TestPages: each page says what its golden says, and no golden is left over.
func TestPages(t *testing.T) {
	var names []string
	for name, page := range pages() {
		names = append(names, name+".json")
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			e := json.NewEncoder(&b)
			e.SetEscapeHTML(false)
			e.SetIndent("", "  ")
			if err := e.Encode(page); err != nil {
				t.Fatal(err)
			}
			golden(t, filepath.Join("testdata", "pages", name+".json"), b.Bytes())
		})
	}
	files, err := os.ReadDir(filepath.Join("testdata", "pages"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !slices.Contains(names, f.Name()) {
			t.Errorf("%s is the golden of no page: remove it", f.Name())
		}
	}
}

// TestFixturesAreThePages: adapters get what the code makes, nothing lost on the way.
func TestFixturesAreThePages(t *testing.T) {
	made := pages()
	fixtures := pagetest.Fixtures()
	if len(fixtures) != len(made) {
		t.Errorf("%d fixtures for %d pages", len(fixtures), len(made))
	}
	for _, f := range fixtures {
		if diff := cmp.Diff(made[f.Name], f.Page, cmp.Comparer(sameTime), cmp.FilterValues(bothEmpty, cmp.Ignore())); diff != "" {
			t.Errorf("%s (-code +fixture):\n%s", f.Name, diff)
		}
	}
}

func bothEmpty(a, b flows.Words) bool { return len(a) == 0 && len(b) == 0 }

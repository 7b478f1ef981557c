package enroll

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
		t.Fatalf("%v: go test ./flows/enroll -update makes it", err)
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
// The names begin with enroll_, so that adapters can have them beside others.
func TestPages(t *testing.T) {
	var names []string
	for name, page := range pages() {
		file := "enroll_" + name + ".json"
		names = append(names, file)
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			e := json.NewEncoder(&b)
			e.SetEscapeHTML(false)
			e.SetIndent("", "  ")
			if err := e.Encode(page); err != nil {
				t.Fatal(err)
			}
			golden(t, filepath.Join("testdata", "pages", file), b.Bytes())
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

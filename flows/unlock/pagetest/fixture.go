package pagetest

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"latchkey/flows"
)

// Fixture is one page. Its name is unique, and fit to be a file's name.
type Fixture struct {
	Name string
	Page flows.Page
}

// Fixtures gives all pages, by name. It reads them from the source tree, finds
// that from the working directory, and panics where it is not: a test cannot
// go on without.
func Fixtures() []Fixture { return of("unlock") }

// Enrollments gives all pages of the conversation in which people enroll.
func Enrollments() []Fixture { return of("enroll") }

// of gives the goldens of one conversation.
func of(talk string) []Fixture {
	files, err := filepath.Glob(filepath.Join(root(), "flows", talk, "testdata", "pages", "*.json"))
	if err != nil || len(files) == 0 {
		panic(fmt.Sprintf("no pages in flows/%[1]s/testdata/pages: go test ./flows/%[1]s -update makes them (%[2]v)", talk, err))
	}
	var out []Fixture
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			panic(err)
		}
		f := Fixture{Name: strings.TrimSuffix(filepath.Base(file), ".json")}
		if err := json.Unmarshal(data, &f.Page); err != nil {
			panic(fmt.Sprintf("%s: %v", file, err))
		}
		out = append(out, f)
	}
	return out
}

// root is the folder of go.mod at or above the working directory.
func root() string {
	dir, err := os.Getwd()
	for err == nil {
		if _, none := os.Stat(filepath.Join(dir, "go.mod")); none == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			break
		}
		dir = filepath.Dir(dir)
	}
	panic("the tests run outside of the source tree: there is no go.mod above the working directory")
}

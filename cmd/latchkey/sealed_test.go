package main

import (
	"bytes"
	"os"
	"path/filepath"

	"github.com/rogpeppe/go-internal/testscript"
)

// unwritten demands that the files of the database hold none of the texts.
func unwritten(ts *testscript.TestScript, _ bool, args []string) {
	files, err := filepath.Glob(ts.Getenv("DATABASE") + "*")
	ts.Check(err)
	if len(files) == 0 {
		ts.Fatalf("there is no database")
	}
	for _, name := range files {
		raw, err := os.ReadFile(name)
		ts.Check(err)
		for _, text := range args {
			if bytes.Contains(raw, []byte(text)) {
				ts.Fatalf("%s holds %s in the open", name, text)
			}
		}
	}
}

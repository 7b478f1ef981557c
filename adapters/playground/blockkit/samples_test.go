package blockkit_test

import (
	"os"
	"path/filepath"
	"testing"

	"latchkey/adapters/playground/blockkit"
)

// checksFolder resolves CHECKS, which may be relative to the top of the module.
func checksFolder(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("CHECKS")
	if dir == "" || filepath.IsAbs(dir) {
		return dir
	}
	top, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(top, "go.mod")); err == nil {
			return filepath.Join(top, dir)
		}
		if up := filepath.Dir(top); up != top {
			top = up
			continue
		}
		t.Fatal("no go.mod above the test: CHECKS cannot be resolved; give an absolute path")
	}
}

// verdictOnFile says what Check finds in one captured payload.
func verdictOnFile(t *testing.T, file string) []blockkit.Problem {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	payload, err := blockkit.Decode(data)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	kind, err := blockkit.KindOf(payload)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return blockkit.Check(kind, payload)
}

// foreignSamples runs the validator's own samples where they are at hand.
func foreignSamples(t *testing.T) {
	dir := checksFolder(t)
	if dir == "" {
		t.Log("CHECKS is not set: the samples of blockkit-check were not read, our own cases were")
		return
	}
	samples := filepath.Join(dir, "blockkit-check", "samples")
	for _, side := range []struct {
		folder string
		refuse bool
		least  int
	}{{"invalid", true, 30}, {"valid", false, 7}} {
		files, err := filepath.Glob(filepath.Join(samples, side.folder, "*.json"))
		if err != nil || len(files) < side.least {
			t.Fatalf("%s/%s has %d samples, at least %d are expected: is CHECKS right? (%v)", samples, side.folder, len(files), side.least, err)
		}
		for _, file := range files {
			problems := verdictOnFile(t, file)
			if refused := len(problems) > 0; refused != side.refuse {
				t.Errorf("%s: refused is %v, want %v: %v", filepath.Base(file), refused, side.refuse, problems)
			}
			t.Logf("%s: %v", filepath.Base(file), problems)
		}
	}
}

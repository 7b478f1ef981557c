package e2e

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// With --keep a demo that was stopped goes on where it was: accounts are still
// locked, wrong passwords still count, the clock stays ahead, and the open case
// has what was passed.
func TestDemoKeepsItsState(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "kept")
	address, _, stop := runDemo(t, "--keep", folder)
	before := openTab(t, address)
	before.act("advance", map[string]any{"minutes": 60})
	for range 3 {
		before.signIn("lab", "mlin", "wrong", "wrong")
		before.signIn("corp", "mlin", "wrong", "wrong")
	}
	before.signIn("corp", "mlin", "mlin-demo", "locked")
	before.signIn("corp", "tberg", "wrong", "wrong")
	before.signIn("corp", "tberg", "wrong", "wrong")
	before.say("/unlock mlin")
	if bytes.Contains(before.until("modals", "Mei Lin"), []byte("Which person?")) {
		before.press("Choose")
	}
	before.press("Verify authenticator of Mei Lin")
	before.enter(before.code(), "authenticator app shows now")
	before.view("Still needed", `"passed · strength: "`)
	stop()
	private(t, filepath.Join(folder, "world.json"))

	// Another address, another process; the same people in the same trouble.
	address, _, stop = runDemo(t, "--keep", folder)
	after := openTab(t, address)
	var clock struct{ Ahead int }
	if err := json.Unmarshal(after.until("clock", "ahead"), &clock); err != nil || clock.Ahead < 3590 {
		t.Errorf("the clock is %d s ahead, not an hour: %v", clock.Ahead, err)
	}
	after.signIn("corp", "mlin", "mlin-demo", "locked")
	after.signIn("lab", "mlin", "mlin-demo", "locked")
	after.signIn("corp", "tberg", "wrong", "wrong")
	after.signIn("corp", "tberg", "tberg-demo", "locked") // the third one counted
	after.say("/unlock mlin")
	if bytes.Contains(after.until("modals", "Mei Lin"), []byte("Which person?")) {
		after.press("Choose")
	}
	after.view("Authenticate", "Mei Lin", "not passed yet · strength", `"passed · strength: "`)
	after.act("advance", map[string]any{"minutes": 31})
	after.signIn("lab", "mlin", "mlin-demo", "welcome") // a lock runs out as it would have
	stop()
}

// A crash loses at most the last seconds.
func TestDemoKeepsItsStateThroughACrash(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	address, cmd, _ := runDemo(t, "--keep", folder)
	tb := openTab(t, address)
	for range 3 {
		tb.signIn("corp", "mlin", "wrong", "wrong")
	}
	file := filepath.Join(folder, "world.json")
	locked := func() bool { // lockoutTime, a number that begins with 1, in base64
		now, err := os.ReadFile(file)
		return err == nil && bytes.Contains(now, []byte(`"lockouttime":["MT`))
	}
	if !eventually(15*time.Second, locked) {
		t.Fatal("what changed is not written down while the demo runs")
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	address, _, stop := runDemo(t, "--keep", folder)
	openTab(t, address).signIn("corp", "mlin", "mlin-demo", "locked")
	stop()
}

// private: what is kept is for its owner's eyes.
func private(t *testing.T, file string) {
	t.Helper()
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("%s has the mode %s", file, info.Mode())
	}
}

// What was kept and is broken, or newer, is one sentence, and stays as it is.
func TestDemoLeavesWhatItCannotRead(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	_, _, stop := runDemo(t, "--keep", folder)
	stop()
	good := map[string][]byte{}
	for _, name := range []string{"world.json", "keys.json", "latchkey.db"} {
		var err error
		if good[name], err = os.ReadFile(filepath.Join(folder, name)); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		file, content, says string
	}{
		{"world.json", "", "world.json is broken, and nothing was changed"},
		{"world.json", string(good["world.json"][:len(good["world.json"])/2]), "world.json is broken"},
		{"world.json", "null", "world.json is broken"},
		{"world.json", `{"format":"1"}`, "world.json is broken"},
		{"world.json", strings.Replace(string(good["world.json"]), `"flavour":"openldap"`, `"flavour":"novell"`, 1), "world.json is broken"},
		{"world.json", strings.Replace(string(good["world.json"]), `"format":1`, `"format":2`, 1), "a newer Latchkey wrote world.json, and nothing was changed"},
		{"keys.json", "{", "keys.json"},
		{"latchkey.db", strings.Repeat("no database ", 1000), "The database file is damaged"},
	} {
		for name, content := range good {
			write(t, filepath.Join(folder, name), string(content))
		}
		write(t, filepath.Join(folder, c.file), c.content)
		before := contents(t, folder)
		_, errs, code := run(t, "demo", "--listen", "127.0.0.1:0", "--keep", folder)
		if code != 1 || !strings.Contains(errs, c.says) || strings.Count(strings.TrimSpace(errs), "\n") != 0 {
			t.Errorf("%s of %.30q: exit %d, %q", c.file, c.content, code, errs)
		}
		for name, content := range before {
			if now := contents(t, folder)[name]; now != content {
				t.Errorf("%s of %.30q: %s has changed", c.file, c.content, name)
			}
		}
	}
}

func write(t *testing.T, file, content string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// contents are the files that hold state; certificates are new at each start.
func contents(t *testing.T, folder string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, name := range []string{"world.json", "keys.json", "latchkey.db"} {
		data, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		out[name] = string(data)
	}
	return out
}

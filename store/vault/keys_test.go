package vault_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"latchkey/bot"
	"latchkey/store/vault"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// newFile makes a key file in a folder of its own.
func newFile(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "keys.json")
	if err := vault.New(path, noon); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestNewMakesOneKeyForEachPurpose(t *testing.T) {
	path := newFile(t)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode() != 0o600 {
		t.Errorf("the file has mode %v, expected -rw-------", info.Mode())
	}
	keys, err := vault.List(path)
	if err != nil {
		t.Fatal(err)
	}
	var purposes []string
	for _, k := range keys {
		purposes = append(purposes, string(k.Purpose))
		if !k.Primary || !k.Enabled || k.ID == 0 || !k.Created.Equal(noon) {
			t.Errorf("a new file has the key %+v", k)
		}
	}
	if got := strings.Join(purposes, " "); got != "seal mac pepper" {
		t.Errorf("the purposes are %q", got)
	}
}

func TestNewNeverOverwrites(t *testing.T) {
	path := newFile(t)
	before := readAll(t, path)
	err := vault.New(path, noon)
	if bot.KindOf(err) != bot.Conflict || !strings.Contains(bot.TextOf(err), "keys rotate") {
		t.Errorf("a second `keys new` answered %v", err)
	}
	if readAll(t, path) != before {
		t.Error("the key file was changed")
	}
	dangling := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(filepath.Join(t.TempDir(), "elsewhere"), dangling); err != nil {
		t.Fatal(err)
	}
	if err := vault.New(dangling, noon); bot.KindOf(err) != bot.Conflict {
		t.Errorf("through a dangling link `keys new` answered %v", err)
	}
}

func TestNewNeedsItsFolder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "absent", "keys.json")
	err := vault.New(path, noon)
	if bot.KindOf(err) != bot.NotFound || !strings.Contains(bot.TextOf(err), "make it first") {
		t.Errorf("without its folder `keys new` answered %v", err)
	}
}

func TestRotateAddsAPrimaryForEachPurpose(t *testing.T) {
	path := newFile(t)
	later := noon.Add(24 * time.Hour)
	if err := vault.Rotate(path, later); err != nil {
		t.Fatal(err)
	}
	keys, err := vault.List(path)
	if err != nil {
		t.Fatal(err)
	}
	primary, all := map[vault.Purpose]int{}, map[vault.Purpose]int{}
	for _, k := range keys {
		all[k.Purpose]++
		if k.Primary {
			primary[k.Purpose]++
			if !k.Created.Equal(later) {
				t.Errorf("the primary key is the old one: %+v", k)
			}
		}
		if !k.Enabled {
			t.Errorf("rotation disabled %+v", k)
		}
	}
	for _, p := range []vault.Purpose{vault.Seal, vault.MAC, vault.Pepper} {
		if all[p] != 2 || primary[p] != 1 {
			t.Errorf("%s has %d keys, %d of them primary", p, all[p], primary[p])
		}
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".*")); left != nil {
		t.Errorf("rotation left %v", left)
	}
}

func TestRotateKeepsOwnerModeAndLink(t *testing.T) {
	path := newFile(t)
	owner := os.Geteuid()
	if owner == 0 {
		owner = 65534
	}
	if err := os.Chown(path, owner, -1); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "link.json")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	if err := vault.Rotate(link, noon); err != nil {
		t.Fatal(err)
	}
	info, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	if uid := info.Sys().(*syscall.Stat_t).Uid; info.Mode() != 0o600 || int(uid) != owner {
		t.Errorf("after rotation the file has mode %v and owner %d, expected owner %d", info.Mode(), uid, owner)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link became %v, %v", info, err)
	}
}

func TestRotationsAtOnceAllCount(t *testing.T) {
	path := newFile(t)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if err := vault.Rotate(path, noon); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	keys, err := vault.List(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(keys) != 3*9 {
		t.Errorf("after 8 rotations there are %d keys, expected 27", len(keys))
	}
}

func TestRotateOfNothing(t *testing.T) {
	err := vault.Rotate(filepath.Join(t.TempDir(), "keys.json"), noon)
	if bot.KindOf(err) != bot.NotFound || !strings.Contains(bot.TextOf(err), "keys new") {
		t.Errorf("rotating nothing answered %v", err)
	}
}

func TestListShowsNoKey(t *testing.T) {
	path := newFile(t)
	keys, err := vault.List(path)
	if err != nil {
		t.Fatal(err)
	}
	shown, err := json.Marshal(keys)
	if err != nil {
		t.Fatal(err)
	}
	secrets := 0
	for _, word := range strings.FieldsFunc(readAll(t, path), func(r rune) bool { return r == '"' }) {
		if len(word) >= 40 && !strings.ContainsAny(word, " .\n") {
			secrets++
			if strings.Contains(string(shown), word) {
				t.Error("the list holds key material")
			}
		}
	}
	if secrets != 3 {
		t.Errorf("the file holds %d secrets, expected 3: this test no longer knows it", secrets)
	}
}

func readAll(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

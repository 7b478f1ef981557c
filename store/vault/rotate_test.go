package vault_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"latchkey/bot"
	"latchkey/store/vault"
)

func list(t *testing.T, path string) []vault.KeyInfo {
	t.Helper()
	keys, err := vault.List(path)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

// only gives the keys that fit.
func only(keys []vault.KeyInfo, fits func(vault.KeyInfo) bool) []vault.KeyInfo {
	var out []vault.KeyInfo
	for _, k := range keys {
		if fits(k) {
			out = append(out, k)
		}
	}
	return out
}

// copyOf is the file as it was brought to another machine.
func copyOf(t *testing.T, path string) string {
	t.Helper()
	there := filepath.Join(t.TempDir(), "keys.json")
	if err := os.WriteFile(there, []byte(readAll(t, path)), 0o600); err != nil {
		t.Fatal(err)
	}
	return there
}

// With the keys prepared everywhere first, neither machine ever meets what it
// cannot open, whichever of the two has the newer file.
func TestPreparedKeysAreKnownEverywhereBeforeTheySeal(t *testing.T) {
	here := newFile(t)
	if err := vault.Prepare(here, noon); err != nil {
		t.Fatal(err)
	}
	waiting := only(list(t, here), func(k vault.KeyInfo) bool { return k.Waiting })
	if len(waiting) != 3 || len(only(waiting, func(k vault.KeyInfo) bool { return k.Primary || !k.Enabled })) != 0 {
		t.Fatalf("waiting: %+v", waiting)
	}
	there := copyOf(t, here)
	old, now := openCheap(t, there, cheap), openCheap(t, here, cheap)
	before, err := now.Seal([]byte("seed"), "t", "r", "c")
	if err != nil {
		t.Fatal(err)
	}
	later := noon.Add(time.Hour)
	if err := vault.Rotate(here, later); err != nil {
		t.Fatal(err)
	}
	for _, k := range list(t, here) {
		if k.Waiting || k.Primary && !k.PrimarySince.Equal(later) || !k.Created.Equal(noon) {
			t.Errorf("after the rotation: %+v", k)
		}
	}
	after, err := now.Seal([]byte("seed"), "t", "r", "c")
	if err != nil {
		t.Fatal(err)
	}
	one, _ := vault.SealedWith(before)
	other, ok := vault.SealedWith(after)
	if !ok || one == other || other != waiting[0].ID {
		t.Errorf("sealed with %d, then with %d; %d was prepared", one, other, waiting[0].ID)
	}
	if plain, err := old.Open(after, "t", "r", "c"); err != nil || string(plain) != "seed" {
		t.Errorf("the other machine opens %q, %v", plain, err)
	}
	mac, err := now.MAC("a")
	if err != nil || !old.VerifyMAC(mac, "a") {
		t.Errorf("the other machine does not know a hash: %v", err)
	}
	if !verified(t, old, hashed(t, now, "rex"), "rex") || !verified(t, now, hashed(t, old, "rex"), "rex") {
		t.Error("one of the machines does not know an answer of the other")
	}
}

func TestPrepareOnce(t *testing.T) {
	path := newFile(t)
	if err := vault.Prepare(path, noon); err != nil {
		t.Fatal(err)
	}
	before := readAll(t, path)
	if err := vault.Prepare(path, noon); bot.KindOf(err) != bot.Conflict || !strings.Contains(bot.TextOf(err), "keys rotate") {
		t.Errorf("a second time answered %v", err)
	}
	if readAll(t, path) != before {
		t.Error("the file was changed")
	}
}

func TestResealLeavesWhatIsOfThePrimaryKey(t *testing.T) {
	path := newFile(t)
	v := open(t, path)
	old, err := v.Seal([]byte("seed"), "t", "r", "c")
	if err != nil {
		t.Fatal(err)
	}
	if same, changed, err := v.Reseal(old, "t", "r", "c"); changed || err != nil || string(same) != string(old) {
		t.Errorf("of the primary key: %v, %v", changed, err)
	}
	if err := vault.Rotate(path, noon); err != nil {
		t.Fatal(err)
	}
	fresh, changed, err := v.Reseal(old, "t", "r", "c")
	if !changed || err != nil {
		t.Fatalf("of an earlier key: %v, %v", changed, err)
	}
	if plain, err := v.Open(fresh, "t", "r", "c"); err != nil || string(plain) != "seed" {
		t.Errorf("opens as %q, %v", plain, err)
	}
	for name, sealed := range map[string][]byte{"moved": old, "nothing": nil, "strange": []byte("\x00\x01\x02\x03\x04\x05")} {
		if _, changed, err := v.Reseal(sealed, "t", "other", "c"); changed || bot.KindOf(err) != bot.Internal {
			t.Errorf("%s: %v, %v", name, changed, err)
		}
	}
}

func TestDisabledKeysOpenNothingUntilEnabledAgain(t *testing.T) {
	path := newFile(t)
	v := openCheap(t, path, cheap)
	sealed, err := v.Seal([]byte("seed"), "t", "r", "c")
	if err != nil {
		t.Fatal(err)
	}
	mac, err := v.MAC("a")
	if err != nil {
		t.Fatal(err)
	}
	hash := hashed(t, v, "rex")
	usable := func(want bool) {
		t.Helper()
		_, err := v.Open(sealed, "t", "r", "c")
		if (err == nil) != want || v.VerifyMAC(mac, "a") != want || verified(t, v, hash, "rex") != want {
			t.Errorf("usable should be %v: opens %v, fits %v, right %v", want, err, v.VerifyMAC(mac, "a"), verified(t, v, hash, "rex"))
		}
	}
	if err := vault.Rotate(path, noon); err != nil {
		t.Fatal(err)
	}
	usable(true)
	old := only(list(t, path), func(k vault.KeyInfo) bool { return !k.Primary })
	if err := vault.Remove(path, old); bot.KindOf(err) != bot.Conflict {
		t.Errorf("keys that are not disabled were removed: %v", err)
	}
	if err := vault.Disable(path, old); err != nil {
		t.Fatal(err)
	}
	if off := only(list(t, path), func(k vault.KeyInfo) bool { return !k.Enabled }); len(off) != 3 {
		t.Errorf("disabled: %+v", off)
	}
	usable(false)
	if err := vault.Enable(path, old); err != nil {
		t.Fatal(err)
	}
	usable(true)
	if err := vault.Disable(path, old); err != nil {
		t.Fatal(err)
	}
	if err := vault.Remove(path, old); err != nil {
		t.Fatal(err)
	}
	usable(false)
	if left := list(t, path); len(left) != 3 || len(only(left, func(k vault.KeyInfo) bool { return k.Primary })) != 3 {
		t.Errorf("left: %+v", left)
	}
	for _, do := range []func(string, []vault.KeyInfo) error{vault.Enable, vault.Disable, vault.Remove} {
		if err := do(path, old); bot.KindOf(err) != bot.NotFound {
			t.Errorf("keys that are gone: %v", err)
		}
	}
}

func TestKeysInUseAreNotDisabled(t *testing.T) {
	path := newFile(t)
	if err := vault.Rotate(path, noon); err != nil {
		t.Fatal(err)
	}
	if err := vault.Prepare(path, noon); err != nil {
		t.Fatal(err)
	}
	before := readAll(t, path)
	for _, k := range list(t, path) {
		if !k.Primary && !k.Waiting {
			continue
		}
		// All or none: the first one could be.
		if err := vault.Disable(path, []vault.KeyInfo{list(t, path)[0], k}); bot.KindOf(err) != bot.Conflict {
			t.Errorf("%+v was disabled: %v", k, err)
		}
	}
	if readAll(t, path) != before {
		t.Error("the file was changed")
	}
}

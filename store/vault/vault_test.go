package vault_test

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"latchkey/bot"
	"latchkey/store/vault"

	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"
)

func open(t *testing.T, path string) *vault.Vault {
	t.Helper()
	v, err := vault.Open(path, zap.NewNop())
	if err != nil {
		t.Fatal(err)
	}
	return v
}

var _ bot.Vault = (*vault.Vault)(nil)

func TestOpenRefusesAFileThatOthersMayRead(t *testing.T) {
	path := newFile(t)
	for _, mode := range []os.FileMode{0o640, 0o604, 0o644, 0o660, 0o620, 0o602} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		for name, try := range map[string]func() error{
			"Open":   func() error { _, err := vault.Open(path, zap.NewNop()); return err },
			"List":   func() error { _, err := vault.List(path); return err },
			"Rotate": func() error { return vault.Rotate(path, noon) },
		} {
			if err := try(); bot.KindOf(err) != bot.Invalid || !strings.Contains(bot.TextOf(err), "chmod 600 "+path) {
				t.Errorf("%s of a file with mode %v answered %v", name, mode, err)
			}
		}
	}
	for _, mode := range []os.FileMode{0o600, 0o400} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		open(t, path)
	}
}

func TestOpenSaysHowToMend(t *testing.T) {
	good := readAll(t, newFile(t))
	for name, c := range map[string]struct{ text, says string }{
		"empty":            {"", "its backup"},
		"not JSON":         {"keys", "its backup"},
		"cut off":          {good[:len(good)/2], "its backup"},
		"other JSON":       {`{"a": 1}`, "its backup"},
		"no keys":          {`{"version": 1}`, "its backup"},
		"a newer version":  {strings.Replace(good, `"version": 1`, `"version": 2`, 1), "it has version 2, and this latchkey reads version 1"},
		"an unknown part":  {strings.Replace(good, `"version": 1`, `"version": 1, "extra": {}`, 1), "its backup"},
		"a keyset cut":     {strings.Replace(good, "AesGcmKey", "AesGarbledKey", 1), "its backup"},
		"keysets for each": {strings.Replace(strings.Replace(good, `"seal"`, `"x"`, 1), `"mac"`, `"seal"`, 1), "its backup"},
		"a lost pepper":    {strings.Replace(good, `"primary": `, `"primary": 1`, 1), "its backup"},
	} {
		path := filepath.Join(t.TempDir(), "keys.json")
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := vault.Open(path, zap.NewNop()); bot.KindOf(err) != bot.Invalid || !strings.Contains(bot.TextOf(err), c.says) || !strings.Contains(bot.TextOf(err), path) {
			t.Errorf("%s: answered %v", name, err)
		}
	}
	if _, err := vault.Open(filepath.Join(t.TempDir(), "keys.json"), zap.NewNop()); bot.KindOf(err) != bot.NotFound || !strings.Contains(bot.TextOf(err), "keys new") {
		t.Errorf("a missing file answered %v", err)
	}
	if _, err := vault.Open(t.TempDir(), zap.NewNop()); bot.KindOf(err) != bot.Invalid {
		t.Errorf("a folder answered %v", err)
	}
}

func TestErrorsQuoteNoKey(t *testing.T) {
	path := newFile(t)
	good := readAll(t, path)
	for _, word := range strings.Split(good, `"`) {
		if len(word) < 40 || strings.ContainsAny(word, " \n.") {
			continue
		}
		garbled := word[:20] + "!" + word[21:]
		if err := os.WriteFile(path, []byte(strings.Replace(good, word, garbled, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
		core, logs := observer.New(zap.DebugLevel)
		_, err := vault.Open(path, zap.New(core))
		if err == nil || strings.Contains(err.Error(), word[:10]) || logs.Len() != 0 {
			t.Errorf("a garbled key answered %v and logged %v", err, logs.All())
		}
	}
}

func TestARotatedFileIsReadAgain(t *testing.T) {
	path := newFile(t)
	running := open(t, path)
	sealed, err := running.Seal([]byte("seed"), "enrollments", "e1", "seed")
	if err != nil {
		t.Fatal(err)
	}
	mac, err := running.MAC("code", "123456")
	if err != nil {
		t.Fatal(err)
	}
	if err := vault.Rotate(path, noon); err != nil {
		t.Fatal(err)
	}
	again, err := running.Seal([]byte("seed"), "enrollments", "e1", "seed")
	if err != nil {
		t.Fatal(err)
	}
	// The first five bytes of what tink seals name the key.
	if string(again[:5]) == string(sealed[:5]) {
		t.Error("after a rotation the old key seals")
	}
	for name, v := range map[string]*vault.Vault{"the running one": running, "a new one": open(t, path)} {
		for _, s := range [][]byte{sealed, again} {
			if plain, err := v.Open(s, "enrollments", "e1", "seed"); err != nil || string(plain) != "seed" {
				t.Errorf("%s opens %q, %v", name, plain, err)
			}
		}
		if !v.VerifyMAC(mac, "code", "123456") {
			t.Errorf("%s does not know a hash made before the rotation", name)
		}
	}
}

func TestABadFileLeavesTheEarlierKeysAndIsToldOnce(t *testing.T) {
	path := newFile(t)
	core, logs := observer.New(zap.DebugLevel)
	v, err := vault.Open(path, zap.New(core))
	if err != nil {
		t.Fatal(err)
	}
	mac, err := v.MAC("a")
	if err != nil {
		t.Fatal(err)
	}
	good := readAll(t, path)
	spoil := map[string]func() error{
		"garbled":           func() error { return os.WriteFile(path, []byte(good[:100]), 0o600) },
		"readable by group": func() error { return os.Chmod(path, 0o640) },
		"gone":              func() error { return os.Remove(path) },
	}
	for name, do := range spoil {
		logs.TakeAll()
		if err := do(); err != nil {
			t.Fatal(err)
		}
		for range 5 {
			if !v.VerifyMAC(mac, "a") {
				t.Fatalf("%s: the earlier keys are lost", name)
			}
		}
		if told := logs.FilterLevelExact(zap.ErrorLevel).Len(); told != 1 {
			t.Errorf("%s: told %d times, expected once", name, told)
		}
		if err := os.WriteFile(path, []byte(good), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, 0o600); err != nil {
			t.Fatal(err)
		}
		if !v.VerifyMAC(mac, "a") {
			t.Fatalf("%s: mended, and the keys are lost", name)
		}
		if err := vault.Rotate(path, noon); err != nil {
			t.Fatal(err)
		}
		if fresh, err := v.MAC("b"); err != nil || !open(t, path).VerifyMAC(fresh, "b") {
			t.Errorf("%s: mended and rotated, and the file is not read again: %v", name, err)
		}
		good = readAll(t, path)
	}
}

func TestRotationWhileServing(t *testing.T) {
	path := newFile(t)
	v := open(t, path)
	stop := make(chan struct{})
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				sealed, err := v.Seal([]byte("x"), "t", "r", "c")
				if err != nil {
					t.Error(err)
					return
				}
				if _, err := v.Open(sealed, "t", "r", "c"); err != nil {
					t.Error(err)
					return
				}
				if mac, err := v.MAC("p"); err != nil || !v.VerifyMAC(mac, "p") {
					t.Error("a hash is not known to the vault that made it", err)
					return
				}
			}
		})
	}
	for range 20 {
		if err := vault.Rotate(path, noon); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	all.Wait()
}

package demo

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/google/go-cmp/cmp"
)

// Keys of Redis outlive the program, and expire when they would have.
func TestKeysOfRedisAreKept(t *testing.T) {
	var clock Clock
	clock.Advance(time.Hour)
	one, err := startRedis(&clock, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer one.Close()
	if err := one.Set("text", "a\x00\xff"); err != nil {
		t.Fatal(err)
	}
	one.HSet("hash", "version", "3", "data", "\xfe")
	one.SetTTL("hash", 10*time.Minute)
	if err := one.Set("short", "x"); err != nil {
		t.Fatal(err)
	}
	one.SetTTL("short", 30*time.Second)
	taken, err := takeRedis(one, clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	written, err := json.Marshal(taken)
	if err != nil {
		t.Fatal(err)
	}
	var read []kept
	if err := json.Unmarshal(written, &read); err != nil {
		t.Fatal(err)
	}

	var later Clock
	later.goOn(clock.ahead(), clock.Now().Add(time.Minute)) // a minute has gone by
	two, err := startRedis(&later, read)
	if err != nil {
		t.Fatal(err)
	}
	defer two.Close()
	if diff := cmp.Diff([]string{"hash", "text"}, two.Keys()); diff != "" {
		t.Errorf("the keys: %s", diff)
	}
	if text, err := two.Get("text"); err != nil || text != "a\x00\xff" || two.TTL("text") != 0 {
		t.Errorf("the text is %q for %s, %v", text, two.TTL("text"), err)
	}
	if two.HGet("hash", "version") != "3" || two.HGet("hash", "data") != "\xfe" {
		t.Errorf("the hash is %q, %q", two.HGet("hash", "version"), two.HGet("hash", "data"))
	}
	if ttl := two.TTL("hash"); ttl > 9*time.Minute || ttl < 9*time.Minute-5*time.Second {
		t.Errorf("the hash lives for %s, not 9 minutes", ttl)
	}
	later.Advance(9 * time.Minute)
	if diff := cmp.Diff([]string{"text"}, two.Keys()); diff != "" {
		t.Errorf("the keys nine minutes later: %s", diff)
	}
}

// What cannot be kept is an error, not a gap.
func TestOtherKeysAreNotLeftOut(t *testing.T) {
	m := miniredis.RunT(t)
	if _, err := m.Lpush("list", "x"); err != nil {
		t.Fatal(err)
	}
	if _, err := takeRedis(m, time.Now); err == nil {
		t.Error("a list is passed over")
	}
}

// A clock that was kept goes on ahead, and never back.
func TestClockGoesOn(t *testing.T) {
	for _, c := range []struct {
		ahead, saved, want time.Duration
	}{{time.Hour, -24 * time.Hour, time.Hour}, {0, 10 * time.Minute, 10 * time.Minute}, {0, -time.Minute, 0}} {
		var clock Clock
		clock.goOn(c.ahead, time.Now().Add(c.saved))
		if got := clock.ahead().Round(time.Second); got != c.want {
			t.Errorf("%v: the clock is %s ahead", c, got)
		}
	}
}

// A file that cannot be put in place leaves the old one, and no rubbish.
func TestReplacing(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "world.json")
	for _, content := range []string{"one", "two"} {
		if err := replace(path, []byte(content)); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != content {
			t.Errorf("%q, %v", got, err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "folder", "x"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if replace(filepath.Join(dir, "folder"), []byte("three")) == nil {
		t.Error("a folder is replaced by a file")
	}
	if _, err := os.Stat(filepath.Join(dir, "folder.new")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("what could not be put in place is left: %v", err)
	}
}

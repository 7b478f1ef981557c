package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTwoOwners(t *testing.T) {
	keys, database := filepath.Join(t.TempDir(), "keys.json"), filepath.Join(t.TempDir(), "latchkey.db")
	for _, name := range []string{keys, database} {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if found := twoOwners(keys, database); found != nil {
		t.Errorf("one owner: %v", found)
	}
	if found := twoOwners(keys, filepath.Join(t.TempDir(), "none")); found != nil {
		t.Errorf("no database yet: %v", found)
	}
	others := "/" // of root
	if os.Geteuid() == 0 {
		if err := os.Chown(database, 65534, 65534); err != nil {
			t.Fatal(err)
		}
		others = database
	}
	found := twoOwners(keys, others)
	if len(found) != 1 || !strings.Contains(found[0].What, "no user but root can open both") {
		t.Errorf("two owners: %v", found)
	}
	if said := belongsTo(others); !strings.Contains(said, "which belongs to ") {
		t.Errorf("belongs to: %q", said)
	}
}

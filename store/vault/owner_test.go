package vault

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A key file that root makes belongs to whom the folder belongs; who is not
// root makes one of his own in a folder of his own.
func TestNewBelongsToTheOwnerOfTheFolder(t *testing.T) {
	folder, owner := t.TempDir(), os.Geteuid()
	if owner == 0 {
		owner = 65534
		if err := os.Chown(folder, owner, owner); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(folder, "keys.json")
	if err := New(path, time.Now()); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if has := int(info.Sys().(*syscall.Stat_t).Uid); has != owner || info.Mode().Perm() != 0o600 {
		t.Errorf("belongs to %d with mode %s", has, info.Mode())
	}
}

func TestWhose(t *testing.T) {
	own := filepath.Join(t.TempDir(), "own")
	if err := os.WriteFile(own, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if said := whose(own); said != "" {
		t.Errorf("one's own: %q", said)
	}
	others := "/" // of root
	if os.Geteuid() == 0 {
		if err := os.Chown(own, 65534, 65534); err != nil {
			t.Fatal(err)
		}
		others = own
	}
	if said := whose(others); !strings.Contains(said, "belongs to ") || !strings.Contains(said, " and this is run by ") {
		t.Errorf("another's: %q", said)
	}
}

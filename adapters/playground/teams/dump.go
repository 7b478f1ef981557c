package teams

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sync"
)

// dump writes payloads to a folder, one JSON file each, for a checker that is
// not ours. Several processes may share the folder.
type dump struct {
	dir string
	tag string

	mu sync.Mutex
	n  int
}

// newDump prepares the folder; an empty dir gives a dump that writes nothing.
func newDump(dir string) (*dump, error) {
	if dir == "" {
		return nil, nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("preparing the dump folder: %w", err)
	}
	// Not from Options.Rand: two tenants with one seed must not overwrite
	// each other's files.
	tag := make([]byte, 4)
	if _, err := rand.Read(tag); err != nil {
		return nil, fmt.Errorf("preparing the dump folder: %w", err)
	}
	return &dump{dir: dir, tag: fmt.Sprintf("%d%s", os.Getpid(), hex.EncodeToString(tag))}, nil
}

// write puts one payload down. The file appears whole or not at all.
func (d *dump) write(name string, payload any) error {
	if d == nil {
		return nil
	}
	data, err := json.MarshalIndent(payload, "", " ")
	if err != nil {
		return fmt.Errorf("dumping %s: %w", name, err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.n++
	file := filepath.Join(d.dir, fmt.Sprintf("%04d-%s-%s.json", d.n, d.tag, name))
	if err := os.WriteFile(file+".part", data, 0o644); err != nil {
		return fmt.Errorf("dumping %s: %w", name, err)
	}
	if err := os.Rename(file+".part", file); err != nil {
		return fmt.Errorf("dumping %s: %w", name, err)
	}
	return nil
}

// keep dumps a payload; a folder that cannot be written is a problem of the run.
func (t *Tenant) keep(name string, payload any) {
	if err := t.dump.write(name, payload); err != nil {
		t.problem("%v", err)
	}
}

package demo

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

const (
	worldFile   = "world.json"
	worldFormat = 1
	keepEvery   = 2 * time.Second
)

// world is what --keep writes down beside database and keys: everything that
// the embedded parts hold and that would be gone with the program. Mail, text
// messages and Slack's own messages are not kept.
type world struct {
	Format      int                        `json:"format"`
	Saved       time.Time                  `json:"saved"` // by the demo's clock
	Ahead       time.Duration              `json:"ahead"` // of the wall clock, ns
	Directories map[string]json.RawMessage `json:"directories"`
	Redis       []kept                     `json:"redis"`
}

// readWorld reads what was kept in a folder; nil where nothing was.
func readWorld(dir string) (*world, error) {
	path := filepath.Join(dir, worldFile)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("--keep %s: %s cannot be read: %w", dir, worldFile, errors.Unwrap(err))
	}
	var format struct{ Format int }
	w := &world{}
	if json.Unmarshal(data, &format) == nil && format.Format > worldFormat {
		return nil, fmt.Errorf("--keep %s: a newer Latchkey wrote %s, and nothing was changed; start that one, or choose another folder", dir, worldFile)
	}
	if err := json.Unmarshal(data, w); err != nil || w.Format != worldFormat || w.Ahead < 0 || w.Directories["corp"] == nil || w.Directories["lab"] == nil {
		return nil, brokenWorld(dir)
	}
	return w, nil
}

func brokenWorld(dir string) error {
	return fmt.Errorf("--keep %s: %s is broken, and nothing was changed; choose another folder, or move the file away to begin with everybody as at first", dir, worldFile)
}

// keeper writes the world down again and again, and once more at the end.
type keeper struct {
	stage   *Stage
	tell    func(error)
	written []byte // the file's content but for when it was saved
	stop    chan struct{}
	ended   chan error
}

// Keep begins to keep the state in the folder of --keep, if there is one:
// every two seconds in which something has changed, and at Close. It is called
// when everything runs, so that a start that fails changes nothing there. tell
// hears of each failure that begins; the next time is tried all the same.
func (s *Stage) Keep(tell func(error)) {
	if s.opts.Keep == "" {
		return
	}
	k := &keeper{stage: s, tell: tell, stop: make(chan struct{}), ended: make(chan error, 1)}
	go func() { k.ended <- k.run() }()
	s.keeper = k
}

// run gives the error of the last time alone: what went wrong before and was
// mended lost nothing.
func (k *keeper) run() error {
	tick := time.NewTicker(keepEvery)
	defer tick.Stop()
	failing := false
	for {
		err := k.write()
		if err != nil && !failing {
			k.tell(err)
		}
		failing = err != nil
		select {
		case <-tick.C:
			continue
		case <-k.stop:
		}
		if err := k.write(); err != nil {
			return fmt.Errorf("--keep %s: the state could not be written: %w; what was kept last is still there", k.stage.dir, err)
		}
		return nil
	}
}

func (k *keeper) end() error {
	close(k.stop)
	return <-k.ended
}

// write writes the file if anything has changed, so that a crash leaves the
// old one or the new one, whole.
func (k *keeper) write() error {
	w, err := k.stage.world()
	if err != nil {
		return err
	}
	content, err := json.Marshal(w)
	if err != nil || bytes.Equal(content, k.written) {
		return err
	}
	w.Saved = k.stage.Clock.Now()
	data, err := json.Marshal(w)
	if err != nil {
		return err
	}
	if err := replace(filepath.Join(k.stage.dir, worldFile), data); err != nil {
		return err
	}
	k.written = content
	return nil
}

// replace puts a file in the place of another at once.
func replace(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)) // 0600, and nobody's link
	if err != nil {
		return err
	}
	next := f.Name()
	_, err = f.Write(data)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(next, path)
	}
	if err != nil {
		_ = os.Remove(next)
	}
	return err
}

// world writes down what there is now.
func (s *Stage) world() (*world, error) {
	w := &world{Format: worldFormat, Ahead: s.Clock.ahead(), Directories: map[string]json.RawMessage{}}
	var err error
	if w.Directories["corp"], err = s.corp.State(); err != nil {
		return nil, err
	}
	if w.Directories["lab"], err = s.lab.State(); err != nil {
		return nil, err
	}
	w.Redis, err = takeRedis(s.redis, s.Clock.Now)
	return w, err
}

package vault

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"latchkey/bot"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/mac"
	tinkpb "github.com/tink-crypto/tink-go/v2/proto/tink_go_proto"
)

// Purpose says what a key is for.
type Purpose string

// The purposes.
const (
	Seal   Purpose = "seal"   // AES-256-GCM: seeds and addresses at rest
	MAC    Purpose = "mac"    // HMAC-SHA-256: page tokens, pending codes
	Pepper Purpose = "pepper" // keyed into the hashes of answers
)

// KeyInfo is what may be shown of a key: never the key.
type KeyInfo struct {
	ID      uint32    `json:"id"`
	Purpose Purpose   `json:"purpose"`
	Created time.Time `json:"created"`
	Primary bool      `json:"primary"` // new secrets use this one; the others only open
	Enabled bool      `json:"enabled"`
}

// New makes a key file with one key for each purpose, readable by its owner
// alone. One that root makes belongs to the owner of the folder. The folder has
// to be there, and the file must not: Conflict.
func New(path string, now time.Time) error {
	f := keyFile{Version: formatVersion}
	if err := f.addKeys(now); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	switch {
	case errors.Is(err, fs.ErrExist):
		return making(bot.Conflict, err, "%s is there already, and keys are never overwritten: use `latchkey keys rotate` for new ones", path)
	case errors.Is(err, fs.ErrNotExist):
		return making(bot.NotFound, err, "the folder %s is not there: make it first, owned by the user that latchkey runs as", filepath.Dir(path))
	case err != nil:
		return making(bot.Denied, err, "%s cannot be made: run this as the user who owns the folder", path)
	}
	if err := giveToFolder(file); err != nil {
		return errors.Join(making(bot.Denied, err, "%s cannot be given to the owner of its folder: run this as that user", path), file.Close(), os.Remove(path))
	}
	if err := writeAll(file, f); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return syncFolder(path)
}

// Rotate adds a key to each purpose and makes it the primary one. The earlier
// keys still open what they sealed. The file is replaced in one step, so a
// running latchkey reads either the old or the new one; copies of the file on
// other machines must follow before these seal anything new.
func Rotate(path string, now time.Time) error {
	path, err := filepath.EvalSymlinks(path) // the link stays a link
	if err != nil {
		return making(bot.NotFound, err, "there is no key file to rotate: make it with `latchkey keys new`")
	}
	unlock, err := lockFolder(path)
	if err != nil {
		return err
	}
	defer unlock()
	f, info, err := readFile(path)
	if err != nil {
		return err
	}
	if err := f.addKeys(now); err != nil {
		return err
	}
	return replace(path, info, f)
}

// List gives all keys, in the order in which they were made for each purpose.
func List(path string) ([]KeyInfo, error) {
	f, _, err := readFile(path)
	if err != nil {
		return nil, err
	}
	var out []KeyInfo
	for _, part := range []struct {
		purpose Purpose
		keys    storedKeys
	}{{Seal, f.Seal}, {MAC, f.MAC}} {
		handle, err := part.keys.handle()
		if err != nil {
			return nil, mendable(bot.Invalid, err, "the key file %s is damaged: bring it back from its backup", path)
		}
		for i := range handle.Len() {
			entry, err := handle.Entry(i)
			if err != nil {
				return nil, bot.E(bot.Internal, "list keys", err)
			}
			out = append(out, KeyInfo{ID: entry.KeyID(), Purpose: part.purpose, Created: part.keys.created(entry.KeyID()),
				Primary: entry.IsPrimary(), Enabled: entry.KeyStatus() == keyset.Enabled})
		}
	}
	for _, p := range f.Peppers.Keys {
		out = append(out, KeyInfo{ID: p.ID, Purpose: Pepper, Created: p.Created, Primary: p.ID == f.Peppers.Primary, Enabled: true})
	}
	return out, nil
}

// addKeys adds a primary key for each purpose.
func (f *keyFile) addKeys(now time.Time) error {
	now = now.UTC().Truncate(time.Second)
	if err := f.Seal.add(aead.AES256GCMKeyTemplate(), now); err != nil {
		return bot.E(bot.Internal, "make a key to seal with", err)
	}
	if err := f.MAC.add(mac.HMACSHA256Tag256KeyTemplate(), now); err != nil {
		return bot.E(bot.Internal, "make a key for hashes", err)
	}
	f.Peppers.add(now)
	return nil
}

func (k *storedKeys) add(template *tinkpb.KeyTemplate, now time.Time) error {
	manager := keyset.NewManager()
	if k.Keyset != nil {
		handle, err := k.handle()
		if err != nil {
			return err
		}
		manager = keyset.NewManagerFromHandle(handle)
	}
	id, err := manager.Add(template)
	if err != nil {
		return err
	}
	if err := manager.SetPrimary(id); err != nil {
		return err
	}
	handle, err := manager.Handle()
	if err != nil {
		return err
	}
	if k.Created == nil {
		k.Created = map[string]time.Time{}
	}
	k.Created[keyName(id)] = now
	return k.store(handle)
}

func (p *peppers) add(now time.Time) {
	value := make([]byte, pepperBytes)
	rand.Read(value) //nolint:errcheck // crypto/rand.Read never fails: it ends the program instead
	p.Primary = p.freeID()
	p.Keys = append(p.Keys, pepper{ID: p.Primary, Created: now, Value: value})
}

func (p *peppers) freeID() uint32 {
	for {
		var raw [4]byte
		rand.Read(raw[:]) //nolint:errcheck // as above
		id := binary.BigEndian.Uint32(raw[:])
		taken := id == 0
		for _, key := range p.Keys {
			taken = taken || key.ID == id
		}
		if !taken {
			return id
		}
	}
}

package vault

import (
	"crypto/rand"
	"encoding/binary"
	"path/filepath"
	"slices"
	"time"

	"latchkey/bot"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/mac"
	tinkpb "github.com/tink-crypto/tink-go/v2/proto/tink_go_proto"
)

// Prepare adds a key to each purpose and leaves the primary ones as they are.
// Once every copy of the file has the new ones, Rotate makes them primary: then
// no copy ever meets what it cannot open. Conflict where some wait already.
func Prepare(path string, now time.Time) error {
	return change(path, func(f *keyFile, keys []KeyInfo) error {
		if slices.ContainsFunc(keys, func(k KeyInfo) bool { return k.Waiting }) {
			return making(bot.Conflict, nil, "new keys wait in %s already: as soon as every copy of it has them, `latchkey keys rotate` makes them the primary ones", path)
		}
		return f.addKeys(now, false)
	})
}

// Rotate makes the keys that Prepare added the primary ones; where none wait, it
// adds a key to each purpose and makes that the primary one. The earlier keys
// still open what they sealed. The file is replaced in one step, so a running
// latchkey reads either the old or the new one; copies of the file on other
// machines must follow before these meet anything that the new keys sealed.
func Rotate(path string, now time.Time) error {
	return change(path, func(f *keyFile, keys []KeyInfo) error {
		waited := false
		for _, k := range keys {
			if !k.Waiting {
				continue
			}
			waited = true // the last of a purpose stays
			if err := f.promote(k, now.UTC().Truncate(time.Second)); err != nil {
				return bot.E(bot.Internal, "make a key the primary one", err)
			}
		}
		if waited {
			return nil
		}
		return f.addKeys(now, true)
	})
}

// change does something to the file and replaces it, while nobody else does so.
func change(path string, do func(f *keyFile, keys []KeyInfo) error) error {
	path, err := filepath.EvalSymlinks(path) // the link stays a link
	if err != nil {
		return making(bot.NotFound, err, "there is no key file: make it with `latchkey keys new`")
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
	keys, err := f.list()
	if err != nil {
		return mendable(bot.Invalid, err, "the key file %s is damaged: bring it back from its backup", path)
	}
	if err := do(&f, keys); err != nil {
		return err
	}
	return replace(path, info, f)
}

// promote makes a key the primary one of its purpose.
func (f *keyFile) promote(k KeyInfo, now time.Time) error {
	if k.Purpose == Pepper {
		for i := range f.Peppers.Keys {
			if p := &f.Peppers.Keys[i]; p.ID == k.ID {
				f.Peppers.Primary, p.Promoted = k.ID, now
			}
		}
		return nil
	}
	stored := f.keyset(k.Purpose)
	if stored.Promoted == nil {
		stored.Promoted = map[string]time.Time{}
	}
	stored.Promoted[keyName(k.ID)] = now
	return stored.manage(func(m *keyset.Manager) error { return m.SetPrimary(k.ID) })
}

// keyset gives the keyset of a purpose that has one.
func (f *keyFile) keyset(p Purpose) *storedKeys {
	if p == MAC {
		return &f.MAC
	}
	return &f.Seal
}

// addKeys adds a key for each purpose.
func (f *keyFile) addKeys(now time.Time, primary bool) error {
	now = now.UTC().Truncate(time.Second)
	if err := f.Seal.add(aead.AES256GCMKeyTemplate(), now, primary); err != nil {
		return bot.E(bot.Internal, "make a key to seal with", err)
	}
	if err := f.MAC.add(mac.HMACSHA256Tag256KeyTemplate(), now, primary); err != nil {
		return bot.E(bot.Internal, "make a key for hashes", err)
	}
	f.Peppers.add(now, primary)
	return nil
}

func (k *storedKeys) add(template *tinkpb.KeyTemplate, now time.Time, primary bool) error {
	return k.manage(func(m *keyset.Manager) error {
		id, err := m.Add(template)
		if err != nil {
			return err
		}
		if k.Created == nil {
			k.Created = map[string]time.Time{}
		}
		k.Created[keyName(id)] = now
		if !primary {
			return nil
		}
		return m.SetPrimary(id)
	})
}

// manage changes the keyset.
func (k *storedKeys) manage(do func(*keyset.Manager) error) error {
	manager := keyset.NewManager()
	if k.Keyset != nil {
		handle, err := k.handle()
		if err != nil {
			return err
		}
		manager = keyset.NewManagerFromHandle(handle)
	}
	if err := do(manager); err != nil {
		return err
	}
	handle, err := manager.Handle()
	if err != nil {
		return err
	}
	return k.store(handle)
}

func (p *peppers) add(now time.Time, primary bool) {
	value := make([]byte, pepperBytes)
	rand.Read(value) //nolint:errcheck // crypto/rand.Read never fails: it ends the program instead
	added := pepper{ID: p.freeID(), Created: now, Value: value}
	p.Keys = append(p.Keys, added)
	if primary {
		p.Primary = added.ID
	}
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

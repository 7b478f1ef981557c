package vault

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"latchkey/bot"

	"github.com/tink-crypto/tink-go/v2/keyset"
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
	ID           uint32    `json:"id"`
	Purpose      Purpose   `json:"purpose"`
	Created      time.Time `json:"created"`
	Primary      bool      `json:"primary"`                // new secrets use this one; the others only open
	PrimarySince time.Time `json:"primary_since,omitzero"` // of the primary one
	Waiting      bool      `json:"waiting"`                // made by Prepare: the next Rotate makes it the primary one
	Enabled      bool      `json:"enabled"`
}

// New makes a key file with one key for each purpose, readable by its owner
// alone. One that root makes belongs to the owner of the folder. The folder has
// to be there, and the file must not: Conflict.
func New(path string, now time.Time) error {
	f := keyFile{Version: formatVersion}
	if err := f.addKeys(now, true); err != nil {
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

// List gives all keys, in the order in which they were made for each purpose.
func List(path string) ([]KeyInfo, error) {
	f, _, err := readFile(path)
	if err != nil {
		return nil, err
	}
	keys, err := f.list()
	if err != nil {
		return nil, mendable(bot.Invalid, err, "the key file %s is damaged: bring it back from its backup", path)
	}
	return keys, nil
}

func (f keyFile) list() ([]KeyInfo, error) {
	var out []KeyInfo
	for _, part := range []struct {
		purpose Purpose
		keys    storedKeys
	}{{Seal, f.Seal}, {MAC, f.MAC}} {
		handle, err := part.keys.handle()
		if err != nil {
			return nil, err
		}
		var all []KeyInfo
		for i := range handle.Len() {
			entry, err := handle.Entry(i)
			if err != nil {
				return nil, bot.E(bot.Internal, "list keys", err)
			}
			all = append(all, KeyInfo{ID: entry.KeyID(), Purpose: part.purpose, Created: part.keys.created(entry.KeyID()),
				Primary: entry.IsPrimary(), PrimarySince: part.keys.Promoted[keyName(entry.KeyID())], Enabled: entry.KeyStatus() == keyset.Enabled})
		}
		out = append(out, ordered(all)...)
	}
	var all []KeyInfo
	for _, p := range f.Peppers.Keys {
		all = append(all, KeyInfo{ID: p.ID, Purpose: Pepper, Created: p.Created, Primary: p.ID == f.Peppers.Primary, PrimarySince: p.Promoted, Enabled: !p.Disabled})
	}
	return append(out, ordered(all)...), nil
}

// ordered fills in what follows from the place of a key among those of its purpose.
func ordered(keys []KeyInfo) []KeyInfo {
	primary := slices.IndexFunc(keys, func(k KeyInfo) bool { return k.Primary })
	for i := range keys {
		k := &keys[i]
		switch {
		case !k.Primary:
			k.PrimarySince = time.Time{}
			k.Waiting = k.Enabled && i > primary
		case k.PrimarySince.IsZero():
			k.PrimarySince = k.Created
		}
	}
	return keys
}

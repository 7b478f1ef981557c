package vault

import (
	"slices"

	"latchkey/bot"

	"github.com/tink-crypto/tink-go/v2/keyset"
)

// Disable takes keys out of use: nothing that they sealed or hashed opens or
// fits any more, until Enable. Conflict for a primary key, and for one that waits.
func Disable(path string, keys []KeyInfo) error {
	return alter(path, keys, func(f *keyFile, k KeyInfo) error {
		if k.Primary || k.Waiting {
			return making(bot.Conflict, nil, "key %d is in use: it was made the primary one, or waits to be", k.ID)
		}
		return f.enable(k, false)
	})
}

// Enable takes disabled keys into use again.
func Enable(path string, keys []KeyInfo) error {
	return alter(path, keys, func(f *keyFile, k KeyInfo) error { return f.enable(k, true) })
}

// Remove removes disabled keys for good: nothing opens what they sealed, but
// with an earlier copy of the file. Conflict for a key that is not disabled.
func Remove(path string, keys []KeyInfo) error {
	return alter(path, keys, func(f *keyFile, k KeyInfo) error {
		if k.Enabled {
			return making(bot.Conflict, nil, "key %d is not disabled, and only disabled keys are removed", k.ID)
		}
		return f.remove(k)
	})
}

// alter does something to each of the keys, as the file has them now: all or none.
func alter(path string, keys []KeyInfo, do func(f *keyFile, k KeyInfo) error) error {
	return change(path, func(f *keyFile, has []KeyInfo) error {
		for _, k := range keys {
			i := slices.IndexFunc(has, func(h KeyInfo) bool { return h.Purpose == k.Purpose && h.ID == k.ID })
			if i < 0 {
				return making(bot.NotFound, nil, "key %d is no longer in %s", k.ID, path)
			}
			if err := do(f, has[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

func (f *keyFile) enable(k KeyInfo, enabled bool) error {
	if k.Purpose == Pepper {
		i := slices.IndexFunc(f.Peppers.Keys, func(p pepper) bool { return p.ID == k.ID })
		f.Peppers.Keys[i].Disabled = !enabled
		return nil
	}
	return f.keyset(k.Purpose).manage(func(m *keyset.Manager) error {
		if enabled {
			return m.Enable(k.ID)
		}
		return m.Disable(k.ID)
	})
}

func (f *keyFile) remove(k KeyInfo) error {
	if k.Purpose == Pepper {
		f.Peppers.Keys = slices.DeleteFunc(f.Peppers.Keys, func(p pepper) bool { return p.ID == k.ID })
		return nil
	}
	stored := f.keyset(k.Purpose)
	delete(stored.Created, keyName(k.ID))
	delete(stored.Promoted, keyName(k.ID))
	return stored.manage(func(m *keyset.Manager) error { return m.Delete(k.ID) })
}

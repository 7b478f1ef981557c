package vault

import (
	"encoding/binary"
	"errors"

	"latchkey/bot"
)

// MAC is HMAC-SHA-256 with the primary key over the parts, each with its
// length before it, so that ("ab", "c") and ("a", "bc") differ. 37 bytes, of
// which the first 5 name the key.
func (v *Vault) MAC(parts ...string) ([]byte, error) {
	sum, err := v.current().mac.ComputeMAC(framed(parts))
	if err != nil {
		return nil, bot.E(bot.Internal, "make a keyed hash", err)
	}
	return sum, nil
}

// VerifyMAC reports whether one of the enabled keys made mac over the parts.
// It compares in constant time.
func (v *Vault) VerifyMAC(mac []byte, parts ...string) bool {
	return v.current().mac.VerifyMAC(mac, framed(parts)) == nil
}

// Seal encrypts with AES-256-GCM and the primary key. What is sealed for one
// place (table, row, column) opens at no other.
func (v *Vault) Seal(plain []byte, table, row, column string) ([]byte, error) {
	sealed, err := v.current().seal.Encrypt(plain, framed([]string{table, row, column}))
	if err != nil {
		return nil, bot.E(bot.Internal, "seal a secret", err)
	}
	return sealed, nil
}

// Open decrypts what Seal gave for the same place. Internal when it was
// changed, moved, or sealed with a key that the file no longer has.
func (v *Vault) Open(sealed []byte, table, row, column string) ([]byte, error) {
	plain, err := v.current().seal.Decrypt(sealed, framed([]string{table, row, column}))
	if err != nil {
		return nil, bot.E(bot.Internal, "open a secret of "+table+"."+column,
			errors.New("no key of the key file opens it: it was changed or moved, or its key is missing; bring the key file back from its backup"))
	}
	return plain, nil
}

// Reseal gives a secret sealed with the primary key; changed is false, and
// nothing else is done, where it is so already. Internal as Open.
func (v *Vault) Reseal(sealed []byte, table, row, column string) (fresh []byte, changed bool, err error) {
	if id, ok := SealedWith(sealed); ok && id == v.current().sealID {
		return sealed, false, nil
	}
	plain, err := v.Open(sealed, table, row, column)
	if err != nil {
		return nil, false, err
	}
	fresh, err = v.Seal(plain, table, row, column)
	return fresh, err == nil, err
}

// SealedWith gives the id of the key that a secret says it was sealed with; ok
// is false where it says none. It opens nothing: whoever may write the secret
// may write another id.
func SealedWith(sealed []byte) (id uint32, ok bool) {
	const start, prefix = 1, 5 // tink's wire format: a byte of version, then the key's id
	if len(sealed) < prefix || sealed[0] != start {
		return 0, false
	}
	return binary.BigEndian.Uint32(sealed[1:prefix]), true
}

// framed writes the number of parts, then each part after its length.
func framed(parts []string) []byte {
	out := binary.AppendUvarint(nil, uint64(len(parts)))
	for _, p := range parts {
		out = append(binary.AppendUvarint(out, uint64(len(p))), p...)
	}
	return out
}

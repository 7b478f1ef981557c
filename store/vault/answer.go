package vault

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"io"
	"strings"

	"latchkey/bot"

	"golang.org/x/crypto/argon2"
)

const (
	saltBytes = 16 // RFC 9106 section 3.1 recommends it
	hashBytes = 32
)

// answerHash is what is kept of an answer: argon2id (RFC 9106, one lane) of
// HMAC-SHA-256(pepper, canonical answer).
type answerHash struct {
	pepper         uint32 // its id
	memory, passes uint32 // KiB, and how often over it
	salt, sum      []byte
}

// The format of a stored hash. Its first word is another when it changes.
const (
	hashHead = "$latchkey1$argon2id$v=19$"
	hashCost = "m=%d,t=%d,p=1,pepper=%d"
)

func (h answerHash) encode() []byte {
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Appendf(nil, hashHead+hashCost+"$%s$%s", h.memory, h.passes, h.pepper, b64(h.salt), b64(h.sum))
}

// parseHash reads what encode wrote, and nothing else.
func parseHash(text []byte) (h answerHash, ok bool) {
	rest, ours := strings.CutPrefix(string(text), hashHead)
	parts := strings.Split(rest, "$")
	if !ours || len(parts) != 3 {
		return answerHash{}, false
	}
	_, err := fmt.Sscanf(parts[0], hashCost, &h.memory, &h.passes, &h.pepper)
	if err == nil {
		h.salt, err = base64.RawStdEncoding.DecodeString(parts[1])
	}
	if err == nil {
		h.sum, err = base64.RawStdEncoding.DecodeString(parts[2])
	}
	if err != nil {
		return answerHash{}, false
	}
	// What Sscanf and base64 forgive is not what encode writes.
	sound := h.memory >= leastMemory && h.memory <= mostMemory && h.passes >= 1 && h.passes <= mostPasses &&
		len(h.salt) == saltBytes && len(h.sum) == hashBytes && string(h.encode()) == string(text)
	return h, sound
}

// PepperOf gives the id of the pepper that an answer was hashed with; ok is
// false where it is no hash of HashAnswer's.
func PepperOf(hash []byte) (id uint32, ok bool) {
	h, ok := parseHash(hash)
	return h.pepper, ok
}

// HashAnswer gives what is kept of an answer: its argon2id hash with a salt of
// its own, made with the primary pepper. It names pepper and cost, so that both
// may change. Invalid as CanonicalAnswer; Throttled when too many wait.
func (v *Vault) HashAnswer(ctx context.Context, typed string) ([]byte, error) {
	answer, err := v.CanonicalAnswer(typed)
	if err != nil {
		return nil, err
	}
	h := answerHash{memory: v.hashing.Memory, passes: v.hashing.Passes, salt: make([]byte, saltBytes)}
	if _, err := io.ReadFull(v.random, h.salt); err != nil {
		return nil, bot.E(bot.Internal, "draw a salt", err)
	}
	keys := v.current()
	h.pepper = keys.pepper
	h.sum, err = v.sum(ctx, keys.peppers[h.pepper], answer, h)
	if err != nil {
		return nil, err
	}
	return h.encode(), nil
}

// VerifyAnswer reports whether the answer is the one that was hashed. It takes
// as long for a nil hash, one that cannot be read and one of a pepper that is
// not there, none of which is ever right, as for one made at the cost of now:
// who measures does not learn who is enrolled. Invalid as CanonicalAnswer,
// whatever the hash; Throttled when too many wait.
func (v *Vault) VerifyAnswer(ctx context.Context, hash []byte, typed string) (bool, error) {
	answer, err := v.CanonicalAnswer(typed)
	if err != nil {
		return false, err
	}
	keys := v.current()
	h, known := parseHash(hash)
	pepper, there := keys.peppers[h.pepper]
	if !known || !there {
		known = false
		pepper = keys.peppers[keys.pepper]
		h = answerHash{memory: v.hashing.Memory, passes: v.hashing.Passes, salt: make([]byte, saltBytes), sum: make([]byte, hashBytes)}
		rand.Read(h.sum) //nolint:errcheck // crypto/rand.Read never fails: it ends the program instead
	}
	sum, err := v.sum(ctx, pepper, answer, h)
	if err != nil {
		return false, err
	}
	same := subtle.ConstantTimeCompare(sum, h.sum) == 1
	return same && known, nil
}

// sum computes a hash when its turn has come.
func (v *Vault) sum(ctx context.Context, pepper []byte, answer string, h answerHash) ([]byte, error) {
	done, err := v.turns.take(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	keyed := hmac.New(sha256.New, pepper)
	keyed.Write([]byte(answer))
	return argon2.IDKey(keyed.Sum(nil), h.salt, h.passes, h.memory, 1, hashBytes), nil
}

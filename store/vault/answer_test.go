package vault_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"latchkey/bot"
	"latchkey/store/vault"

	"go.uber.org/zap"
	"golang.org/x/crypto/argon2"
	"pgregory.net/rapid"
)

var _ bot.Answers = (*vault.Vault)(nil)

// cheap is the cost of tests.
var cheap = vault.Hashing{Memory: 64}

func openCheap(t testing.TB, path string, h vault.Hashing) *vault.Vault {
	t.Helper()
	v, err := vault.Open(path, zap.NewNop(), vault.WithHashing(h))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func hashed(t testing.TB, v *vault.Vault, answer string) []byte {
	t.Helper()
	hash, err := v.HashAnswer(context.Background(), answer)
	if err != nil {
		t.Fatal(err)
	}
	return hash
}

func verified(t testing.TB, v *vault.Vault, hash []byte, answer string) bool {
	t.Helper()
	right, err := v.VerifyAnswer(context.Background(), hash, answer)
	if err != nil {
		t.Fatal(err)
	}
	return right
}

// peppersOf reads what the file keeps.
func peppersOf(t *testing.T, path string) map[uint32][]byte {
	t.Helper()
	var f struct {
		Peppers struct {
			Keys []struct {
				ID    uint32
				Value []byte
			}
		}
	}
	if err := json.Unmarshal([]byte(readAll(t, path)), &f); err != nil {
		t.Fatal(err)
	}
	out := map[uint32][]byte{}
	for _, k := range f.Peppers.Keys {
		out[k.ID] = k.Value
	}
	return out
}

// What is kept is argon2id of HMAC-SHA-256 with the pepper it names, at the
// cost it names: computed here by hand.
func TestHashAnswerIsArgon2id(t *testing.T) {
	path := newFile(t)
	v := openCheap(t, path, vault.Hashing{Memory: 96, Passes: 3})
	hash := hashed(t, v, "  Main   STRASSE ")
	part := strings.Split(string(hash), "$")
	if len(part) != 7 || part[1] != "latchkey1" || part[2] != "argon2id" || part[3] != "v=19" {
		t.Fatalf("the hash is %q", hash)
	}
	id, ok := vault.PepperOf(hash)
	if !ok || part[4] != "m=96,t=3,p=1,pepper="+strconv.FormatUint(uint64(id), 10) {
		t.Fatalf("the hash is %q, of pepper %d", hash, id)
	}
	salt, err := base64.RawStdEncoding.DecodeString(part[5])
	if err != nil || len(salt) != 16 {
		t.Fatalf("the salt is %q, %v", salt, err)
	}
	keyed := hmac.New(sha256.New, peppersOf(t, path)[id])
	keyed.Write([]byte("main strasse"))
	want := base64.RawStdEncoding.EncodeToString(argon2.IDKey(keyed.Sum(nil), salt, 3, 96, 1, 32))
	if part[6] != want {
		t.Errorf("the hash ends in %s, expected %s", part[6], want)
	}
}

func TestDefaultCost(t *testing.T) {
	v := open(t, newFile(t))
	hash := hashed(t, v, "Rex")
	if !bytes.Contains(hash, []byte("$m=47104,t=1,p=1,")) {
		t.Errorf("the hash is %q", hash)
	}
	if !verified(t, v, hash, "rex") || verified(t, v, hash, "max") {
		t.Error("the default cost judges wrongly")
	}
}

func TestVerifyAnswer(t *testing.T) {
	v := openCheap(t, newFile(t), cheap)
	answers := rapid.SampledFrom([]string{"rex", "REX", " rex ", "ｒｅｘ", "max", "rexx", "re x", "7"})
	canonical := func(s string) string { c, _ := v.CanonicalAnswer(s); return c }
	rapid.Check(t, func(r *rapid.T) {
		set, typed := answers.Draw(r, "set"), answers.Draw(r, "typed")
		if got := verified(t, v, hashed(t, v, set), typed); got != (canonical(set) == canonical(typed)) {
			r.Fatalf("the answer %q, and %q is right: %v", set, typed, got)
		}
	})
	if bytes.Equal(hashed(t, v, "rex"), hashed(t, v, "rex")) {
		t.Error("two hashes of one answer are the same")
	}
}

// Costs and peppers change, and what was hashed before is still judged.
func TestAnswersOutliveRotationAndCost(t *testing.T) {
	path := newFile(t)
	before := openCheap(t, path, cheap)
	old := hashed(t, before, "rex")
	if err := vault.Rotate(path, noon); err != nil {
		t.Fatal(err)
	}
	after := openCheap(t, path, vault.Hashing{Memory: 128, Passes: 2})
	for name, v := range map[string]*vault.Vault{"the running one": before, "a new one": after} {
		if !verified(t, v, old, "rex") || verified(t, v, old, "max") {
			t.Errorf("%s misjudges an answer from before", name)
		}
		fresh := hashed(t, v, "rex")
		one, _ := vault.PepperOf(old)
		if other, ok := vault.PepperOf(fresh); !ok || one == other {
			t.Errorf("%s hashes with the old pepper", name)
		}
	}
	if stranger := openCheap(t, newFile(t), cheap); verified(t, stranger, old, "rex") {
		t.Error("without its pepper an answer is right")
	}
}

// none are hashes that nothing fits.
func none(t *testing.T, v *vault.Vault, answer string) map[string][]byte {
	good := string(hashed(t, v, answer))
	strange := string(hashed(t, openCheap(t, newFile(t), cheap), answer))
	change := func(old, now string) []byte {
		if !strings.Contains(good, old) {
			t.Fatalf("%q holds no %q", good, old)
		}
		return []byte(strings.Replace(good, old, now, 1))
	}
	return map[string][]byte{
		"nil": nil, "empty": {}, "not a hash": []byte("rex"), "an unknown pepper": []byte(strange),
		"cut": []byte(good[:len(good)-1]), "longer": []byte(good + "A"), "another version": change("latchkey1", "latchkey2"),
		"no passes": change(",t=1,", ",t=0,"), "endless passes": change(",t=1,", ",t=4000000000,"), "endless memory": change("m=64,", "m=4000000000,"),
		"an overflow": change("m=64,", "m=18446744073709551680,"), "a sign": change("m=64,", "m=+64,"), "a zero in front": change("m=64,", "m=064,"),
		"two lanes": change(",p=1,", ",p=2,"), "a line break": append([]byte(good), '\n'),
	}
}

// The work is the same whatever the hash: as much memory is filled.
func TestVerifyAnswerWorksAsHardForNothing(t *testing.T) {
	const memory = 8 << 10 // KiB
	v := openCheap(t, newFile(t), vault.Hashing{Memory: memory})
	cases := none(t, openCheap(t, newFile(t), cheap), "rex")
	cases["right"] = hashed(t, v, "rex")
	for name, hash := range cases {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		right := verified(t, v, hash, "rex")
		runtime.ReadMemStats(&after)
		if right != (name == "right") {
			t.Errorf("%s: right is %v", name, right)
		}
		if filled := after.TotalAlloc - before.TotalAlloc; filled < memory<<10 || filled > 2*memory<<10 {
			t.Errorf("%s: filled %d bytes, expected %d", name, filled, memory<<10)
		}
	}
}

func TestNothingFitsWhatIsNoHash(t *testing.T) {
	v := openCheap(t, newFile(t), cheap)
	for name, hash := range none(t, v, "rex") {
		if verified(t, v, hash, "rex") {
			t.Errorf("%s: right", name)
		}
		if _, ok := vault.PepperOf(hash); ok && name != "an unknown pepper" {
			t.Errorf("%s: a hash", name)
		}
	}
}

// What is no answer is told before any hash is looked at, so it tells nothing of it.
func TestAnUnfitAnswerIsNotJudged(t *testing.T) {
	v := openCheap(t, newFile(t), cheap)
	good := hashed(t, v, "rex")
	for _, hash := range [][]byte{nil, good} {
		if right, err := v.VerifyAnswer(context.Background(), hash, "a\u200b"); right || bot.KindOf(err) != bot.Invalid {
			t.Errorf("an unfit answer: %v, %v", right, err)
		}
	}
	if _, err := v.HashAnswer(context.Background(), " "); bot.KindOf(err) != bot.Invalid {
		t.Errorf("an empty answer was hashed: %v", err)
	}
}

func FuzzVerifyAnswer(f *testing.F) {
	path := f.TempDir() + "/keys.json"
	if err := vault.New(path, noon); err != nil {
		f.Fatal(err)
	}
	v := openCheap(f, path, vault.Hashing{Memory: 8})
	good := hashed(f, v, "rex")
	f.Add(good)
	f.Add([]byte("$latchkey1$argon2id$v=19$m=64,t=1,p=1,pepper=1$$"))
	f.Add([]byte(nil))
	f.Fuzz(func(t *testing.T, hash []byte) {
		if id, ok := vault.PepperOf(hash); ok && id != 0 && len(hash) > 512 {
			t.Fatalf("a hash of %d bytes", len(hash))
		} else if !ok && verified(t, v, hash, "rex") {
			t.Fatalf("%q is no hash and fits", hash)
		}
	})
}

package vault_test

import (
	"encoding/base32"
	"net/url"
	"strings"
	"testing"
	"time"

	"latchkey/store/vault"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
	"pgregory.net/rapid"
)

// The SHA-1 rows of RFC 6238 appendix B; six digits are the last six of its eight.
func TestStepKnowsTheVectorsOfRFC6238(t *testing.T) {
	v := open(t, newFile(t))
	seed := []byte("12345678901234567890")
	for unix, eight := range map[int64]string{
		59: "94287082", 1111111109: "07081804", 1111111111: "14050471",
		1234567890: "89005924", 2000000000: "69279037", 20000000000: "65353130",
	} {
		step, ok := v.Step(seed, eight[2:], time.Unix(unix, 0))
		if !ok || step != unix/30 {
			t.Errorf("at %d the code %s is of step %d, %v; expected %d", unix, eight[2:], step, ok, unix/30)
		}
	}
}

func TestStepAgreesWithAnotherImplementation(t *testing.T) {
	v := open(t, newFile(t))
	options := totp.ValidateOpts{Period: 30, Skew: 1, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}
	rapid.Check(t, func(r *rapid.T) {
		seed := rapid.SliceOfN(rapid.Byte(), 1, 64).Draw(r, "seed")
		now := time.Unix(rapid.Int64Range(60, 1<<36).Draw(r, "now"), 0)
		off := rapid.IntRange(-4, 4).Draw(r, "steps off")
		secret := base32.StdEncoding.EncodeToString(seed)
		code, err := totp.GenerateCodeCustom(secret, now.Add(time.Duration(off)*30*time.Second), options)
		if err != nil {
			r.Fatal(err)
		}
		want, err := totp.ValidateCustom(code, secret, now, options)
		if err != nil {
			r.Fatal(err)
		}
		step, ok := v.Step(seed, code, now)
		if ok != want {
			r.Fatalf("%d steps off: %v, the other says %v", off, ok, want)
		}
		if near := off >= -1 && off <= 1; near && step < now.Unix()/30+int64(off) {
			r.Fatalf("%d steps off: step %d, expected %d or a later one of the same code", off, step, now.Unix()/30+int64(off))
		}
	})
}

func TestStepRefuses(t *testing.T) {
	v := open(t, newFile(t))
	seed := []byte("12345678901234567890")
	at := time.Unix(59, 0)
	for _, code := range []string{"", "287082 ", " 287082", "28708", "0287082", "94287082", "２８７０８２", "287 082", "287081"} {
		if step, ok := v.Step(seed, code, at); ok {
			t.Errorf("%q is taken as step %d", code, step)
		}
	}
	if _, ok := v.Step(nil, "287082", at); ok {
		t.Error("without a seed a code is taken")
	}
	// 328482 is what an empty seed gives at step 0: nobody may use it.
	empty, err := totp.GenerateCode("", at)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := v.Step([]byte{}, empty, at); ok {
		t.Error("an empty seed's code is taken")
	}
}

func TestStepBeforeTheEpochAndAtItsStart(t *testing.T) {
	v := open(t, newFile(t))
	seed := []byte("12345678901234567890")
	if step, ok := v.Step(seed, "755224", time.Unix(0, 0)); !ok || step != 0 {
		t.Errorf("step 0 (RFC 4226 appendix D) is %d, %v", step, ok)
	}
	if _, ok := v.Step(seed, "755224", time.Unix(-1000, 0)); ok {
		t.Error("a time before 1970 has a step")
	}
}

func TestNewSeedIsNeverTheSame(t *testing.T) {
	seen := map[string]bool{}
	for range 100 {
		seed := vault.NewSeed()
		if len(seed) != 20 {
			t.Fatalf("a seed has %d bytes", len(seed))
		}
		seen[string(seed)] = true
	}
	if len(seen) != 100 {
		t.Errorf("100 seeds are %d different ones", len(seen))
	}
}

func TestKeyURIIsReadByAnotherImplementation(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		issuer := rapid.StringMatching(`[A-Za-zé &=+/?%#:]{1,20}`).Draw(r, "issuer")
		account := rapid.StringMatching(`[a-z0-9@.\\ &+:%梅]{1,30}`).Draw(r, "account")
		seed := rapid.SliceOfN(rapid.Byte(), 1, 40).Draw(r, "seed")
		key, err := otp.NewKeyFromURL(vault.KeyURI(issuer, account, seed))
		if err != nil {
			r.Fatal(err)
		}
		noColon := func(s string) string { return strings.ReplaceAll(s, ":", "-") }
		secret, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(key.Secret())
		if err != nil || string(secret) != string(seed) {
			r.Fatalf("the seed is read as %x, %v", secret, err)
		}
		if key.Issuer() != noColon(issuer) || strings.TrimSpace(key.AccountName()) != strings.TrimSpace(noColon(account)) {
			r.Fatalf("issuer and account are read as %q and %q", key.Issuer(), key.AccountName())
		}
		if key.Type() != "totp" || key.Digits() != otp.DigitsSix || key.Period() != 30 || key.Algorithm() != otp.AlgorithmSHA1 {
			r.Fatalf("the address reads %s", key)
		}
	})
}

func TestKeyURIAsAPhoneReadsIt(t *testing.T) {
	got := vault.KeyURI("Example Helpdesk", "mei@example.com", []byte("12345678901234567890"))
	want := "otpauth://totp/Example%20Helpdesk:mei%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Example%20Helpdesk&algorithm=SHA1&digits=6&period=30"
	if got != want {
		t.Errorf("the address is\n%s, expected\n%s", got, want)
	}
	if _, err := url.Parse(got); err != nil {
		t.Error(err)
	}
}

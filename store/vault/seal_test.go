package vault_test

import (
	"bytes"
	"slices"
	"testing"

	"latchkey/bot"

	"pgregory.net/rapid"
)

func TestMACBindsEachPartToItsPlace(t *testing.T) {
	v := open(t, newFile(t))
	some := rapid.SliceOfN(rapid.StringMatching(`[ab\x00]{0,3}`), 0, 4)
	rapid.Check(t, func(r *rapid.T) {
		made, asked := some.Draw(r, "made"), some.Draw(r, "asked")
		mac, err := v.MAC(made...)
		if err != nil {
			r.Fatal(err)
		}
		if !v.VerifyMAC(mac, made...) {
			r.Fatal("a hash is not known to the vault that made it")
		}
		if got, want := v.VerifyMAC(mac, asked...), slices.Equal(made, asked); got != want {
			r.Fatalf("the hash of %q fits %q: %v", made, asked, got)
		}
	})
}

func TestVerifyMACRefuses(t *testing.T) {
	v, stranger := open(t, newFile(t)), open(t, newFile(t))
	mac, err := v.MAC("ab", "c")
	if err != nil {
		t.Fatal(err)
	}
	if v.VerifyMAC(mac, "a", "bc") {
		t.Error("the parts' borders do not count")
	}
	if stranger.VerifyMAC(mac, "ab", "c") {
		t.Error("other keys know the hash")
	}
	for i := range mac {
		changed := bytes.Clone(mac)
		changed[i] ^= 1
		if v.VerifyMAC(changed, "ab", "c") || v.VerifyMAC(mac[:i], "ab", "c") {
			t.Fatalf("a hash changed or cut at byte %d is taken", i)
		}
	}
}

func TestSealedOpensAtItsPlaceOnly(t *testing.T) {
	v := open(t, newFile(t))
	place := rapid.SliceOfN(rapid.StringMatching(`[ab]{0,2}`), 3, 3)
	rapid.Check(t, func(r *rapid.T) {
		plain := rapid.SliceOf(rapid.Byte()).Draw(r, "plain")
		at, asked := place.Draw(r, "at"), place.Draw(r, "asked")
		sealed, err := v.Seal(plain, at[0], at[1], at[2])
		if err != nil {
			r.Fatal(err)
		}
		got, err := v.Open(sealed, asked[0], asked[1], asked[2])
		if slices.Equal(at, asked) {
			if err != nil || !bytes.Equal(got, plain) {
				r.Fatalf("what was sealed opens as %x, %v", got, err)
			}
		} else if bot.KindOf(err) != bot.Internal {
			r.Fatalf("what was sealed at %q opens at %q: %v", at, asked, err)
		}
		sealed[rapid.IntRange(0, len(sealed)-1).Draw(r, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(r, "bit")
		if _, err := v.Open(sealed, at[0], at[1], at[2]); err == nil {
			r.Fatal("a changed secret opens")
		}
	})
}

func TestSealingTwiceDiffers(t *testing.T) {
	v := open(t, newFile(t))
	seen := map[string]bool{}
	for range 100 {
		sealed, err := v.Seal([]byte("seed"), "t", "r", "c")
		if err != nil {
			t.Fatal(err)
		}
		seen[string(sealed)] = true
		if bytes.Contains(sealed, []byte("seed")) {
			t.Fatal("the secret is in clear")
		}
	}
	if len(seen) != 100 {
		t.Errorf("100 sealings gave %d texts", len(seen))
	}
}

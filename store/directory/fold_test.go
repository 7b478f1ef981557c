package directory

import (
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

func TestSame(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"mei", "MEI", true}, {"é", "E\u0301", true}, {"σ", "ς", true}, {"ß", "ẞ", true}, {"Å", "å", true},
		{"ａlice", "alice", false}, {"ﬁ", "fi", false}, {"ſ", "s", false}, {"ı", "i", false}, {"İ", "i", false}, {"ß", "ss", false},
		{"é", "e", false}, {"alice", "alice ", false}, {"а", "a", false}, {"²", "2", false}, {"\u212a", "k", true}, // the Kelvin sign is K by NFC
		{"ＡＢ", "ａｂ", true},
	} {
		if same(c.a, c.b) != c.want {
			t.Errorf("%q and %q: same is %t", c.a, c.b, !c.want)
		}
	}
}

func TestFoldIsAForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOf(rapid.Rune()).Draw(t, "s")
		once := fold(s)
		if fold(once) != once {
			t.Fatalf("%q folds to %q and then to %q", s, once, fold(once))
		}
		for i, r := range []rune(once) {
			if unicode.IsUpper(r) && unicode.ToLower(r) != r && unicode.ToLower(r) > 127 {
				t.Fatalf("%q keeps %q at %d", once, r, i)
			}
		}
	})
}

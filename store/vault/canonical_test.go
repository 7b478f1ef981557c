package vault_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"latchkey/bot"
	"latchkey/store/vault"

	"golang.org/x/text/unicode/norm"
)

func TestCanonicalAnswer(t *testing.T) {
	v := open(t, newFile(t))
	for typed, want := range map[string]string{
		"Rex":                          "rex",
		"  New \u00a0 York\u3000City ": "new york city",
		"STRASSE":                      "strasse",
		"Straße":                       "strasse",
		"Ｆｌｕｆｆｙ　４２":                    "fluffy 42",
		"cafe\u0301":                   "caf\u00e9",
		"ΣΊΣΥΦΟΣ":                      "σίσυφοσ",
		"Σίσυφος":                      "σίσυφοσ",
		"İzmir":                        "i̇zmir",
		"ﬁnch":                         "finch",
		"①":                            "1",
		"東京タワー":                        "東京タワー",
		"Tシャツ":                         "tシャツ",
		"서울 타워":                        "서울 타워",
		"Москва-Moscow":                "москва-moscow",
		"Анна O'Neil":                  "анна o'neil",
		"אבגד":                         "אבגד",
		"\uab70\u13a0":                 "\u13a0\u13a0", // both cases of a Cherokee letter
		"7":                            "7",
		"🐱":                            "🐱",
		strings.Repeat("ﬁ", 64):        strings.Repeat("fi", 64),
	} {
		got, err := v.CanonicalAnswer(typed)
		if err != nil || got != want {
			t.Errorf("%q became %q, %v; expected %q", typed, got, err, want)
		}
	}
}

func TestCanonicalAnswerRefuses(t *testing.T) {
	v := open(t, newFile(t))
	for typed, says := range map[string]string{
		"":                            "is empty",
		" \u00a0\u2003 ":              "is empty",
		"a\tb":                        "cannot be seen",
		"Rex\n":                       "cannot be seen",
		"a\x00":                       "cannot be seen",
		"a\u200bb":                    "cannot be seen", // zero width space
		"a\u200d":                     "cannot be seen", // zero width joiner
		"\ufeffrex":                   "cannot be seen", // byte order mark
		"a\u00adb":                    "cannot be seen", // soft hyphen
		"\u202erex":                   "cannot be seen", // right-to-left override
		"a\u034fb":                    "cannot be seen", // combining grapheme joiner
		"\u3164":                      "cannot be seen", // Hangul filler
		"\uffa0":                      "cannot be seen", // its half-width form, which NFKC makes of it
		"a\ufe0f":                     "cannot be seen", // variation selector
		"a\u2028b":                    "cannot be seen", // line separator
		"a\ue000":                     "cannot be seen", // private use
		"a\u0378":                     "cannot be seen", // not assigned
		"a\xff":                       "is no character",
		"p\u0430ris":                  "mixes Latin and Cyrillic", // a of Cyrillic
		"new p\u0430ris":              "mixes Latin and Cyrillic",
		"\u039funa":                   "mixes Greek and Latin", // omicron
		"東京ж":                         "mixes Han and Cyrillic",
		"かな글":                         "mixes Hiragana and Hangul",
		strings.Repeat("a", 129):      "longer than 128",
		strings.Repeat("ﬁ", 65):       "longer than 128",
		strings.Repeat("a", 10_000):   "longer than 128",
		strings.Repeat("a b ", 2_500): "longer than 128",
	} {
		got, err := v.CanonicalAnswer(typed)
		if got != "" || bot.KindOf(err) != bot.Invalid || !strings.Contains(bot.TextOf(err), says) {
			t.Errorf("%.40q became %q, %v; expected that it %s", typed, got, err, says)
		}
	}
}

// Whatever is typed, an answer has one spelling, which is its own.
func FuzzCanonicalAnswer(f *testing.F) {
	for _, s := range []string{"Rex", " New  York", "Straße", "ＡＢ", "\u00a8x", "\u1fb3\u0345", "ᾳͅ", "\u03d2\u0301", "ﷺ", "\u0130", "p\u0430ris", "\u200b", "\u1e9e", "x\u0345\u0301", "\u2126", "㋿", "\uab70", "\u13f5", "\U0001d7ce"} {
		f.Add(s)
	}
	v := new(vault.Vault)
	f.Fuzz(func(t *testing.T, typed string) {
		once, err := v.CanonicalAnswer(typed)
		if err != nil {
			if text := bot.TextOf(err); once != "" || bot.KindOf(err) != bot.Invalid || !strings.HasSuffix(text, ".") {
				t.Fatalf("%q: %q, %v", typed, once, err)
			}
			return
		}
		if twice, err := v.CanonicalAnswer(once); err != nil || twice != once {
			t.Fatalf("%q became %q, and that %q, %v", typed, once, twice, err)
		}
		if n := utf8.RuneCountInString(once); n < 1 || n > 128 || !norm.NFKC.IsNormalString(once) ||
			once != strings.Join(strings.Fields(once), " ") {
			t.Fatalf("%q became %q", typed, once)
		}
		for _, same := range []string{"\u3000" + typed + "  ", norm.NFD.String(typed), norm.NFKC.String(typed)} {
			if len(same) > 4096 {
				continue
			}
			if got, err := v.CanonicalAnswer(same); err != nil || got != once {
				t.Fatalf("%q became %q, and %q became %q, %v", typed, once, same, got, err)
			}
		}
	})
}

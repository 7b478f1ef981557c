package bot_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"latchkey/bot"
)

func TestMask(t *testing.T) {
	for address, want := range map[string]string{
		"mei@example.com":         "m•••@example.com",
		"m@example.com":           "•••@example.com",
		"@example.com":            "•••@example.com",
		"Ömer@example.com":        "Ö•••@example.com",
		"\"a@b\"@example.com":     "\"•••@example.com",
		"mei.lin+x@example.com":   "m•••@example.com",
		"+15550100":               "•••00",
		"123":                     "•••",
		"":                        "•••",
		"١٢٣٤٥٦":                  "•••٥٦",
		"\xff\xfe@example.com":    "•••@example.com",
		"mei@" + "a.example@evil": "m•••@evil",
	} {
		if got := bot.Mask(address); got != want {
			t.Errorf("Mask(%q) = %q, want %q", address, got, want)
		}
	}
}

// TestMaskHides: never the whole local part, nor more than two characters of it
// or of a number.
func TestMaskHides(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		local := rapid.StringN(1, 20, -1).Draw(t, "local")
		address := local
		if strings.Contains(local, "@") || rapid.Bool().Draw(t, "mail") {
			address += "@example.com"
		}
		got := bot.Mask(address)
		shown := strings.TrimSuffix(strings.Replace(got, "•••", "", 1), "@example.com")
		if !utf8.ValidString(got) && utf8.ValidString(address) {
			t.Fatalf("%q became %q, which is no text", address, got)
		}
		if !strings.Contains(local, "•") && (utf8.RuneCountInString(shown) > 2 || shown == local) {
			t.Fatalf("%q shows %q", address, got)
		}
	})
}

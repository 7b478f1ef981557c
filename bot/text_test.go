package bot_test

import (
	"testing"

	"latchkey/bot"
)

func TestLine(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"Mei Lin", "Mei Lin"}, {"", ""}, {"長 é\u202e", "長 é\u202e"},
		{"a\nb\r\nc\td", "a b  c d"}, {"a\u0085b\u2028c\u2029d\ve\ff", "a b c d e f"}, {"\x00\x1b[2J\x07\x7f", "  [2J  "},
	} {
		if got := bot.Line(c.text); got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}

func TestSays(t *testing.T) {
	for _, text := range []string{"x", "7", "on the phone", "電話", "☎", "+", "\u200bé", "\u0661"} {
		if !bot.Says(text) {
			t.Errorf("%q says nothing", text)
		}
	}
	for _, text := range []string{"", " ", "\n\t", "\u00a0\u3000", "\u2060\u200b\ufeff", "\u200d\u202e", "\u3164\u115f\uffa0", "\u2800", ".", "…", "\u0301", "---"} {
		if bot.Says(text) {
			t.Errorf("%q says something", text)
		}
	}
}

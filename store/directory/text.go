package directory

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"latchkey/bot"
)

const (
	maxText  = 256 // runes of a search or of a value to look up
	maxWords = 10
)

// literal refuses what no name holds: what is not UTF-8, control characters
// (an escaped NUL ends a value for Active Directory, so "alice\x00" would find
// alice), and characters that are not seen, such as those that turn the
// direction of writing.
func literal(op, text string) error {
	fault := func(format string, args ...any) error { return bot.Ef(bot.Invalid, op, format, args...) }
	if strings.TrimSpace(text) == "" {
		return fault("Say whom to look for: part of a name, a login name or a mail address.")
	}
	if len(text) > maxText*utf8.UTFMax || utf8.RuneCountInString(text) > maxText {
		return fault("That is too long for a name: at most %d characters.", maxText)
	}
	if !utf8.ValidString(text) {
		return fault("That is not readable text (UTF-8).")
	}
	for _, r := range text {
		if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co, unicode.Noncharacter_Code_Point) {
			return fault("The text holds a character that cannot be seen (U+%04X). Type it again instead of pasting it.", r)
		}
	}
	return nil
}

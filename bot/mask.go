package bot

import (
	"strings"
	"unicode/utf8"
)

// Mask hides an address so that its owner knows it and nobody else learns it:
// of a mail address the first character of several before the @ is left, of a
// number of four digits or more the last two.
func Mask(address string) string {
	const hidden = "•••"
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		digits := []rune(address)
		if len(digits) < 4 {
			return hidden
		}
		return hidden + string(digits[len(digits)-2:])
	}
	first, size := utf8.DecodeRuneInString(address[:at])
	if first == utf8.RuneError || size == at {
		return hidden + address[at:]
	}
	return string(first) + hidden + address[at:]
}

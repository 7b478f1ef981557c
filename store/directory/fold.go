package directory

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// fold gives the form by which names are compared: canonical composition (NFC)
// and simple case folding. Compatibility forms stay what they are: a
// full-width letter, a ligature or a superscript never equals a plain one,
// though OpenLDAP's matching rules say so; neither does a letter beyond ASCII
// ever equal one of ASCII, though case folding says so of the long s.
func fold(s string) string {
	ascii := true
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			ascii = false
			break
		}
	}
	if ascii {
		return strings.ToLower(s)
	}
	if !utf8.ValidString(s) {
		return s // some bytes, equal to the same bytes alone
	}
	return norm.NFC.String(strings.Map(foldRune, norm.NFC.String(s)))
}

// foldRune gives one rune for all that differ in case alone.
func foldRune(r rune) rune {
	if r < utf8.RuneSelf {
		return unicode.ToLower(r)
	}
	least := r
	for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
		if next >= utf8.RuneSelf && next < least {
			least = next
		}
	}
	if lower := unicode.ToLower(least); lower >= utf8.RuneSelf {
		return lower
	}
	return least
}

// same reports whether two names are one: see fold.
func same(a, b string) bool { return fold(a) == fold(b) }

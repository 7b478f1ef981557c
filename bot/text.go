package bot

import (
	"strings"
	"unicode"
)

// Line keeps what people and directories wrote on one line: control characters
// and line separators become spaces. A name or a ticket must not make a line
// of its own in a message or a mail.
func Line(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp) {
			return ' '
		}
		return r
	}, s)
}

// Says reports whether a text has a character that can be seen and means
// something: a letter, a digit or a symbol. Blanks of whatever kind, fillers,
// joiners and marks alone do not say anything.
func Says(s string) bool {
	const braillePatternBlank = '\u2800'
	return strings.ContainsFunc(s, func(r rune) bool {
		return r != braillePatternBlank && !unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) &&
			(unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsSymbol(r))
	})
}

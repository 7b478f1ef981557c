package vault

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"latchkey/bot"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

const (
	longestAnswer = 128  // runes, once it is canonical
	longestTyped  = 4096 // bytes: what is longer is refused before any work is done on it
)

// CanonicalAnswer gives the one spelling of an answer: NFKC, blanks at the ends
// removed and those between words collapsed to one space, full case folding,
// and NFKC again (Unicode Standard section 3.13, UAX 15). Applied to what it
// gave it gives the same. Invalid, with a sentence that says how to mend it:
// nothing is left, more than 128 runes, characters that cannot be seen, or a
// word of letters of two scripts, such as a Cyrillic а among Latin letters.
func (*Vault) CanonicalAnswer(typed string) (string, error) {
	if len(typed) > longestTyped {
		return "", tooLong()
	}
	if !utf8.ValidString(typed) || strings.ContainsRune(typed, utf8.RuneError) {
		return "", unfit("The answer holds something that is no character. Type it again.")
	}
	if strings.ContainsFunc(typed, hidden) {
		return "", unfit("The answer holds a line break, a tab or another character that cannot be seen. Type it again instead of pasting it.")
	}
	answer, settled := settle(typed)
	switch {
	case answer == "":
		return "", unfit("The answer is empty. Type one.")
	case !settled || strings.ContainsFunc(answer, hidden):
		return "", unfit("The answer holds a character that cannot be seen. Type it again with other letters.")
	case utf8.RuneCountInString(answer) > longestAnswer:
		return "", tooLong()
	}
	if one, other := mixed(answer); one != "" {
		return "", unfit("One word of the answer mixes %s and %s letters, which may look the same and are not. Type that word again, all of it on one keyboard layout.", one, other)
	}
	return answer, nil
}

func tooLong() error {
	return unfit("The answer is longer than %d characters. Type a shorter one.", longestAnswer)
}

func unfit(format string, args ...any) error {
	return bot.Ef(bot.Invalid, "read answer", format, args...)
}

// settle spells a text until that changes nothing: folding can make what NFKC
// composes otherwise, and that again a blank at an end. ok is false where it
// does not come to an end, which no text is known to do.
func settle(s string) (out string, ok bool) {
	const enough = 8
	for range enough {
		if out = spelled(s); out == s {
			return out, true
		}
		s = out
	}
	return s, false
}

func spelled(s string) string {
	s = strings.Join(strings.Fields(norm.NFKC.String(s)), " ")
	return norm.NFKC.String(folded(s))
}

// folded is full case folding. The library turns each case of Cherokee into the
// other one, while Unicode's CaseFolding.txt folds both to the capital letter.
func folded(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cherokee, r) {
			return unicode.ToUpper(r)
		}
		return r
	}, cases.Fold().String(s))
}

// hidden reports a character that nobody sees or that Unicode has not given a
// meaning yet, and so may normalise otherwise tomorrow. Blanks are not hidden.
func hidden(r rune) bool {
	return !unicode.IsGraphic(r) || unicode.In(r, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
}

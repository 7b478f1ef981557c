package vault

import (
	"maps"
	"slices"
	"strings"
	"unicode"
)

// together are the scripts that one word may hold: those of Chinese, Japanese
// and Korean, also beside Latin letters. It is the restriction level "highly
// restrictive" of UTS 39 section 5.2.
func together() [][]string {
	return [][]string{
		{"Latin", "Han", "Hiragana", "Katakana"},
		{"Latin", "Han", "Bopomofo"},
		{"Latin", "Han", "Hangul"},
	}
}

// mixed gives two scripts that one word of the text holds and that do not
// belong together; "" where there is no such word. A word ends at anything that
// is neither letter, mark nor digit.
func mixed(text string) (one, other string) {
	for word := range strings.FieldsFuncSeq(text, betweenWords) {
		if found := scripts(word); !belong(found) {
			return found[0], found[1]
		}
	}
	return "", ""
}

func betweenWords(r rune) bool { return !unicode.In(r, unicode.L, unicode.M, unicode.N) }

// scripts gives the scripts of a word in the order in which they appear; what
// every script has, such as digits, is of none.
func scripts(word string) []string {
	var found []string
	for _, r := range word {
		if slices.ContainsFunc(found, func(name string) bool { return unicode.Is(unicode.Scripts[name], r) }) {
			continue // most words are of one script
		}
		if name := script(r); name != "" {
			found = append(found, name)
		}
	}
	return found
}

func belong(found []string) bool {
	return len(found) < 2 || slices.ContainsFunc(together(), func(set []string) bool {
		return !slices.ContainsFunc(found, func(name string) bool { return !slices.Contains(set, name) })
	})
}

// script names the script of a letter; "" for what is common to several.
func script(r rune) string {
	switch {
	case unicode.In(r, unicode.Latin):
		return "Latin"
	case unicode.In(r, unicode.Common, unicode.Inherited):
		return ""
	}
	// In one order, so that a letter takes as long each time.
	for _, name := range slices.Sorted(maps.Keys(unicode.Scripts)) {
		if unicode.Is(unicode.Scripts[name], r) {
			return name
		}
	}
	return ""
}

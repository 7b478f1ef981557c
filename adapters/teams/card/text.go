package card

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	ellipsis   = "…"
	isolate    = '\u2068' // FIRST STRONG ISOLATE and its end (UAX 9): what stands
	isolateEnd = '\u2069' // between them cannot turn the words around it
	joiner     = '\u2060' // WORD JOINER: not to be seen, and parts what would be read together
)

// line makes one line of at most most runes of any words: nothing invisible,
// right-to-left words isolated. Spaces at its ends stay: it may be a part of a
// sentence.
func line(s string, most int) string {
	// Of 10 kB in a directory no more is looked at than can be shown.
	if enough := 16*max(most, 0) + 64; len(s) > enough {
		s = s[:enough]
	}
	return bounded(strings.Map(shown, strings.ToValidUTF8(s, "\ufffd")), most)
}

// name is line without spaces at its ends, for words that stand alone.
func name(s string, most int) string { return strings.TrimSpace(line(strings.TrimSpace(s), most)) }

// typed keeps the lines of what somebody has written.
func typed(s string, most int) string {
	lines := strings.Split(strings.ToValidUTF8(s, "\ufffd"), "\n")
	for i, l := range lines {
		lines[i] = strings.Map(shown, l)
	}
	return cut(strings.Join(lines, "\n"), most)
}

// shown replaces what a screen cannot show, or shows as something else.
func shown(r rune) rune {
	switch {
	case r >= ' ' && r <= '~': // nearly all of them
		return r
	case r == '\u2028', r == '\u2029', r == '\u0085', unicode.IsSpace(r):
		return ' '
	case r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
		return -1 // directions of their own could end ours
	case r == '\u200c', r == '\u200d', r == '\u200e', r == '\u200f', r == '\u061c':
		return r // writing needs joiners and marks
	case unicode.Is(unicode.Cf, r):
		return -1
	case unicode.IsControl(r), r >= '\ufdd0' && r <= '\ufdef', r&0xfffe == 0xfffe:
		return '\ufffd'
	}
	return r
}

// bounded cuts to most runes, isolates included.
func bounded(s string, most int) string {
	if !strings.ContainsFunc(s, rightToLeft) {
		return cut(s, most)
	}
	if s = cut(s, most-2); s == "" {
		return ""
	}
	return string(isolate) + s + string(isolateEnd)
}

func cut(s string, most int) string {
	switch {
	case most < 1:
		return ""
	case utf8.RuneCountInString(s) <= most:
		return s
	}
	return string([]rune(s)[:most-1]) + ellipsis
}

// rightToLeft reports whether a rune can turn the words around it.
func rightToLeft(r rune) bool {
	return r >= 0x0590 && (r == '\u200e' || r == '\u200f' || r == '\u061c' ||
		unicode.In(r, unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Thaana, unicode.Nko, unicode.Samaritan,
			unicode.Mandaic, unicode.Adlam, unicode.Mende_Kikakui, unicode.Hanifi_Rohingya, unicode.Yezidi))
}

// blank reports whether a reader would see nothing.
func blank(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) })
}

// or gives the words, or others where there is nothing to read.
func or(s, otherwise string) string {
	if blank(s) {
		return otherwise
	}
	return s
}

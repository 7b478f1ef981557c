package slack

import (
	"strings"
	"unicode"
	"unicode/utf8"

	slackgo "github.com/slack-go/slack"
)

// Unicode's isolates (UAX 9): what stands between them cannot turn the words
// around it.
const (
	firstStrongIsolate = '\u2068'
	popIsolate         = '\u2069'
	ellipsis           = "…"
)

// clean makes one line of at most most runes of any words: no control or
// invisible characters, right-to-left words isolated.
func clean(s string, most int) string {
	return bounded(strings.TrimSpace(strings.ReplaceAll(scrub(head(s, most)), "\n", " ")), most)
}

// cleanLines is clean for text that may have several lines, and that may be a
// part of a sentence: spaces at its ends stay.
func cleanLines(s string, most int) string { return bounded(scrub(head(s, most)), most) }

// head keeps as much of very long words as can be shown in the end, whatever
// of it is scrubbed: 10 kB in a directory must not cost as much each time.
func head(s string, most int) string {
	if limit := 16*max(most, 0) + 64; len(s) > limit {
		return s[:limit] // a rune cut in two is scrubbed
	}
	return s
}

// scrub replaces what a screen cannot show, or shows as something else.
func scrub(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\u2028', r == '\u2029', r == '\u0085':
			return '\n'
		case r == '\t', r == '\r', unicode.IsSpace(r):
			return ' '
		case r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
			return -1 // an embedding or isolate of theirs could end ours
		case r == '\u200c', r == '\u200d', r == '\u200e', r == '\u200f', r == '\u061c':
			return r // joiners and marks, which writing needs
		case unicode.Is(unicode.Cf, r):
			return -1
		case unicode.IsControl(r), !utf8.ValidRune(r), r >= '\ufdd0' && r <= '\ufdef', r&0xfffe == 0xfffe:
			return '\ufffd'
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
}

// bounded cuts to most runes, isolates included, with an ellipsis.
func bounded(s string, most int) string {
	isolate := strings.ContainsFunc(s, rightToLeft)
	if isolate {
		most -= 2
	}
	if most < 1 {
		return ""
	}
	if utf8.RuneCountInString(s) > most {
		s = string([]rune(s)[:most-1]) + ellipsis
	}
	if isolate && s != "" {
		s = string(firstStrongIsolate) + s + string(popIsolate)
	}
	return s
}

func rightToLeft(r rune) bool {
	if r < 0x0590 {
		return false
	}
	return r == '\u200f' || r == '\u061c' || r == '\u200e' ||
		unicode.In(r, unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Thaana, unicode.Nko, unicode.Samaritan,
			unicode.Mandaic, unicode.Adlam, unicode.Mende_Kikakui, unicode.Hanifi_Rohingya, unicode.Yezidi)
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

// plain makes a plain_text object. emoji stays off: a name with colons in it
// is a name.
func plain(s string) *slackgo.TextBlockObject {
	return slackgo.NewTextBlockObject(slackgo.PlainTextType, s, false, false)
}

// escape keeps words from being read as mentions and links where Slack reads
// markup: in the top-level text of a message.
func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

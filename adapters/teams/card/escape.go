package card

import (
	"regexp"
	"strings"
	"unicode"
)

// Names are written by strangers. Teams reads three things into a text: its
// subset of Markdown (in text blocks and facts, and the renderer's own default
// in check boxes too), character references, and {{DATE()}}.

// plain keeps braces from being read as {{DATE()}}, which is expanded in every
// kind of text. It is enough where no Markdown is read.
func plain(s string) string {
	if strings.IndexByte(s, '{') < 0 {
		return s
	}
	var out strings.Builder
	for i, r := range s {
		out.WriteRune(r)
		if rest := s[i+1:]; r == '{' && (rest == "" || rest[0] == '{') {
			out.WriteRune(joiner)
		}
	}
	return out.String()
}

// reference is a character reference of HTML.
var reference = regexp.MustCompile(`&(#?[0-9A-Za-z]{1,32};)`)

// numbered begins an ordered list.
var numbered = regexp.MustCompile(`^(\s*[0-9]{1,9})([.)])`)

// markdown writes words so that a reader of Markdown reads them as they are.
func markdown(s string) string {
	const marks = "\\`*_[]<~"
	if !strings.ContainsAny(s, marks) {
		return references(plain(s))
	}
	var out strings.Builder
	for _, r := range plain(s) {
		if strings.ContainsRune(marks, r) {
			out.WriteByte('\\')
		}
		out.WriteRune(r)
	}
	return references(out.String())
}

// begin keeps the start of a whole text, as markdown gives it, from being read
// as a list, a heading or a quotation.
func begin(s string) string {
	if blank := len(s) - len(strings.TrimLeft(s, " ")); blank < len(s) && strings.IndexByte("#>+-=", s[blank]) >= 0 {
		return s[:blank] + `\` + s[blank:]
	}
	return numbered.ReplaceAllString(s, `$1\$2`)
}

// inert writes words for where it is not certain whether Markdown is read: they
// look the same both ways. What cannot be kept apart by an invisible joiner is
// replaced by its lookalike.
func inert(s string) string {
	runes := []rune(plain(s))
	var out strings.Builder
	out.Grow(len(s) + len(s)/8)
	if len(runes) > 0 && (strings.ContainsRune("#>+-=", runes[0]) || unicode.IsDigit(runes[0])) {
		out.WriteRune(joiner)
	}
	word := func(i int) bool {
		return i >= 0 && i < len(runes) && (unicode.IsLetter(runes[i]) || unicode.IsDigit(runes[i]))
	}
	for i, r := range runes {
		switch {
		case r == '*':
			r = '∗'
		case r == '`':
			r = 'ˋ'
		case r == '_' && (!word(i-1) || !word(i+1)):
			r = '＿'
		}
		out.WriteRune(r)
		if strings.ContainsRune(`\]<~`, r) {
			out.WriteRune(joiner)
		}
	}
	return references(out.String())
}

// references keeps character references and addresses from being read as such.
func references(s string) string {
	if strings.IndexByte(s, '&') >= 0 {
		s = reference.ReplaceAllString(s, "&"+string(joiner)+"$1")
	}
	return strings.ReplaceAll(s, "://", ":"+string(joiner)+"//")
}

package directory

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode"

	"latchkey/bot"

	"github.com/go-ldap/ldap/v3"
	"golang.org/x/text/unicode/norm"
)

// mostFound is how many accounts a search judges. Who has so many hits has not
// said whom he means.
const mostFound = 500

// word is one word of a search: part of a name, or the login name in it, exactly.
// plain is the same word as other keyboards write it: nil where that is the same.
type word struct {
	part, login string
	plain       *word
}

// narrowed gives the compatibility form of a word (NFKC): full-width letters, as
// Japanese and Chinese keyboards write them, are plain ones. Only what an agent
// types is read so, who then sees whom it has found: a name in the directory
// stays what it is, see fold. "" where there is none, or it is no word.
func narrowed(text string) string {
	p := norm.NFKC.String(text)
	if p == text || strings.ContainsFunc(p, unicode.IsSpace) || literal("search", p) != nil {
		return ""
	}
	return p
}

func (s *Store) words(ctx context.Context, c *connection, texts []string) ([]word, error) {
	domain := s.domain
	label, _, _ := strings.Cut(domain, ".")
	var out []word
	read := func(text string) (w word, err error) {
		w.part = text
		if before, login, found := strings.Cut(text, `\`); found {
			short, err := s.dialect.short(ctx, c)
			if err != nil {
				return w, err
			}
			for _, own := range []string{short, label, domain, s.name} {
				if own != "" && same(before, own) {
					w.login = login
				}
			}
		} else if at := strings.LastIndexByte(text, '@'); at > 0 && domain != "" && same(text[at+1:], domain) {
			w.login = text[:at]
		}
		return w, nil
	}
	for _, text := range texts {
		w, err := read(text)
		if err != nil {
			return nil, err
		}
		if plain := narrowed(text); plain != "" {
			other, err := read(plain)
			if err != nil {
				return nil, err
			}
			w.plain = &other
		}
		out = append(out, w)
	}
	return out, nil
}

func (w word) filter(n names) string {
	var out strings.Builder
	part := ldap.EscapeFilter(w.part)
	for _, a := range n.searched() {
		out.WriteString("(" + a + "=*" + part + "*)")
	}
	if w.login != "" {
		out.WriteString("(" + n.login + "=" + ldap.EscapeFilter(w.login) + ")")
	}
	if w.plain != nil {
		out.WriteString(w.plain.filter(n))
	}
	return "(|" + out.String() + ")"
}

func (w word) in(n names, e entry) bool {
	part := fold(w.part)
	for _, a := range n.searched() {
		for _, v := range e.all(a) {
			if strings.Contains(fold(v), part) {
				return true
			}
		}
	}
	for _, v := range e.all(n.login) {
		if w.login != "" && same(v, w.login) {
			return true
		}
	}
	return w.plain != nil && w.plain.in(n, e)
}

// hit is an entry that holds all words. Of hundreds a page is shown: an account
// is made of those alone.
type hit struct {
	guid  string
	entry entry
	lock  bot.Lock // where locked accounts are asked for, perhaps without its end
	order [2]string
}

// match gives who holds all words, in order.
func (s *Store) match(ctx context.Context, c *connection, q bot.Query, texts []string) (hits []hit, cut bool, err error) {
	words, err := s.words(ctx, c, texts)
	if err != nil {
		return nil, false, err
	}
	var filter strings.Builder
	for _, w := range words {
		filter.WriteString(w.filter(s.names))
	}
	var found []entry
	switch {
	case q.Locked:
		found, cut, err = s.locked(ctx, c, filter.String())
	case q.Everybody:
		found, cut, err = c.search(ctx, query{base: s.config.Base, scope: ldap.ScopeWholeSubtree, filter: s.names.only(filter.String()),
			attributes: s.names.listed(false), most: mostEverybody, limit: everybodyLimit})
	default:
		found, cut, err = c.search(ctx, query{base: s.config.Base, scope: ldap.ScopeWholeSubtree, filter: s.names.only(filter.String()),
			attributes: s.names.listed(false), most: mostFound})
	}
	if err != nil {
		return nil, false, err
	}
	for _, e := range found {
		h := hit{guid: s.dialect.guid(e), entry: e}
		login := e.get(s.names.login)
		if h.guid == "" || login == "" || slices.ContainsFunc(words, func(w word) bool { return !w.in(s.names, e) }) {
			continue
		}
		if q.Locked {
			if h.lock, err = s.dialect.lock(ctx, c, e); err != nil {
				return nil, false, err
			}
			if !isLocked(h.lock) {
				continue
			}
		}
		h.order = [2]string{fold(s.displayed(e)), fold(login)}
		hits = append(hits, h)
	}
	slices.SortFunc(hits, func(a, b hit) int { return cmp.Or(byLock(a, b), byName(a, b)) })
	return hits, cut, nil
}

// byLock: the newest lock first; those of which its time is not known last.
func byLock(a, b hit) int { return b.lock.Since.Compare(a.lock.Since) }

func byName(a, b hit) int {
	return cmp.Or(cmp.Compare(a.order[0], b.order[0]), cmp.Compare(a.order[1], b.order[1]), cmp.Compare(a.guid, b.guid))
}

package directory

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"latchkey/bot"

	"github.com/go-ldap/ldap/v3"
)

const (
	// mostFound is how many entries a search reads. Who has so many hits has not
	// said whom he means.
	mostFound = 500
	// mostLooked is how many entries a search for locked accounts reads: the
	// mark of a lock outlives it, until the person signs in again, and
	// thousands of old ones must not hide one that counts.
	mostLooked = 10_000
	// lookLimit is how long it goes on to read them; then it makes do.
	lookLimit = 2 * time.Second
)

// word is one word of a search: part of a name, or the login name in it, exactly.
type word struct{ part, login string }

func (s *Store) words(ctx context.Context, c *connection, texts []string) ([]word, error) {
	domain := domainOf(s.config.Base)
	label, _, _ := strings.Cut(domain, ".")
	var out []word
	for _, text := range texts {
		w := word{part: text}
		if before, login, found := strings.Cut(text, `\`); found {
			short, err := s.dialect.short(ctx, c)
			if err != nil {
				return nil, err
			}
			for _, own := range []string{short, label, domain, s.name} {
				if own != "" && same(before, own) {
					w.login = login
				}
			}
		} else if at := strings.LastIndexByte(text, '@'); at > 0 && domain != "" && same(text[at+1:], domain) {
			w.login = text[:at]
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
	return false
}

// match gives who holds all words, in order: with what the entry itself tells,
// and of the lock what glance does.
func (s *Store) match(ctx context.Context, c *connection, locked bool, texts []string) (matched []bot.Account, cut bool, err error) {
	n := s.dialect.names()
	words, err := s.words(ctx, c, texts)
	if err != nil {
		return nil, false, err
	}
	var filter strings.Builder
	for _, w := range words {
		filter.WriteString(w.filter(n))
	}
	q := query{base: s.config.Base, scope: ldap.ScopeWholeSubtree, attributes: n.listed(locked), most: mostFound}
	if locked {
		q.most = mostLooked
		filter.WriteString(n.locked)
	}
	q.filter = n.only(filter.String())
	began := time.Now()
	cut, err = c.pages(ctx, q, func(page []entry) (enough bool, err error) {
		for _, e := range page {
			a, ok := s.person(e)
			if !ok || slices.ContainsFunc(words, func(w word) bool { return !w.in(n, e) }) {
				continue
			}
			if err := s.dialect.glance(ctx, c, e, &a); err != nil {
				return false, err
			}
			if !locked || isLocked(a) {
				matched = append(matched, a)
			}
		}
		return time.Since(began) > lookLimit, nil
	})
	if err != nil {
		return nil, false, err
	}
	sortHits(matched, locked)
	return matched, cut, nil
}

func isLocked(a bot.Account) bool {
	return a.Lock.State == bot.Locked || a.Lock.State == bot.LockedByAdministrator
}

// sortHits sorts by name; locked ones by the time of the lock before that, the
// newest first, and those of which it is not known last.
func sortHits(all []bot.Account, locked bool) {
	names := make(map[bot.AccountID][2]string, len(all))
	for _, a := range all {
		names[a.ID] = [2]string{fold(a.DisplayName), fold(a.Login)}
	}
	slices.SortFunc(all, func(a, b bot.Account) int {
		if locked && !a.Lock.Since.Equal(b.Lock.Since) {
			return b.Lock.Since.Compare(a.Lock.Since)
		}
		m, n := names[a.ID], names[b.ID]
		return cmp.Or(cmp.Compare(m[0], n[0]), cmp.Compare(m[1], n[1]), cmp.Compare(a.ID.GUID, b.ID.GUID))
	})
}

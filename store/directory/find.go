package directory

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"latchkey/bot"

	"github.com/go-ldap/ldap/v3"
	"go.uber.org/zap"
)

// mostFound is how many entries a search reads. Who has so many hits has not
// said whom he means.
const mostFound = 500

// Find searches people by parts of names, login names and mail addresses; of
// several words each has to be somewhere. DOMAIN\login and login@domain find
// the login name too, where the domain is this store's.
//
// Servers compare more loosely than people expect, so each hit is looked at
// again: it counts only if it really holds each word, by fold. Invalid for
// text that no name holds.
func (s *Store) Find(ctx context.Context, q bot.Query) (bot.Hits, error) {
	const op = "search"
	text := strings.TrimSpace(q.Text)
	if err := literal(op, text); err != nil {
		return bot.Hits{}, err
	}
	if q.Offset < 0 || q.Limit < 1 || q.Limit > 100 {
		return bot.Hits{}, bot.Ef(bot.Invalid, op, "A search gives 1 to 100 hits, from offset 0 or more.")
	}
	if len(strings.Fields(text)) > maxWords {
		return bot.Hits{}, bot.Ef(bot.Invalid, op, "That is too much for a name: at most %d words.", maxWords)
	}
	var hits bot.Hits
	err := s.read(ctx, op, func(ctx context.Context, c *connection) (err error) {
		hits, err = s.find(ctx, c, q, strings.Fields(text))
		return err
	})
	return hits, err
}

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

// hit is an entry that holds all words.
type hit struct {
	entry entry
	order [3]string
}

func (s *Store) find(ctx context.Context, c *connection, q bot.Query, texts []string) (bot.Hits, error) {
	n := s.dialect.names()
	words, err := s.words(ctx, c, texts)
	if err != nil {
		return bot.Hits{}, err
	}
	var filter strings.Builder
	for _, w := range words {
		filter.WriteString(w.filter(n))
	}
	found, cut, err := c.search(ctx, query{base: s.config.Base, scope: ldap.ScopeWholeSubtree,
		filter: n.only(filter.String()), attributes: n.attributes(), most: mostFound})
	if err != nil {
		return bot.Hits{}, err
	}
	var all []hit
	for _, e := range found {
		holds := !slices.ContainsFunc(words, func(w word) bool { return !w.in(n, e) })
		if a, ok := s.person(e); ok && holds {
			all = append(all, hit{e, [3]string{fold(a.DisplayName), fold(a.Login), a.ID.GUID}})
		}
	}
	slices.SortFunc(all, func(a, b hit) int {
		return cmp.Or(cmp.Compare(a.order[0], b.order[0]), cmp.Compare(a.order[1], b.order[1]), cmp.Compare(a.order[2], b.order[2]))
	})
	hits := bot.Hits{Total: len(all), Cut: cut}
	for _, h := range all[min(q.Offset, len(all)):min(q.Offset+q.Limit, len(all))] {
		a, err := s.account(ctx, c, h.entry)
		if bot.KindOf(err) == bot.Denied {
			// One that may not be read does not spoil the list.
			s.log.Warn("account left out of a search: its state may not be read", zap.String("store", s.name), zap.String("guid", a.ID.GUID))
			hits.Total--
			continue
		}
		if err != nil {
			return bot.Hits{}, err
		}
		hits.Accounts = append(hits.Accounts, a)
	}
	return hits, nil
}

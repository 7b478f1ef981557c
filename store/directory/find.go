package directory

import (
	"context"
	"slices"
	"strings"

	"latchkey/bot"

	"github.com/go-ldap/ldap/v3"
	"go.uber.org/zap"
)

const (
	mostHits = 500
	// mostAtOnce is how many accounts of a page are read with one filter.
	mostAtOnce = 100
)

// Find searches people by parts of names, login names and mail addresses; of
// several words each has to be somewhere. DOMAIN\login and login@domain find
// the login name too, where the domain is this store's.
//
// Servers compare more loosely than people expect, so each hit is looked at
// again: it counts only if it really holds each word, by fold. Invalid for
// text that no name holds.
//
// It reads at most 500 entries, or 10,000 where locked accounts are asked for,
// in two seconds; Hits.Cut says that there are more. What Active Directory
// computes for each account is read of the page's accounts alone, together:
// a page costs two searches, and one for each policy that tells the end of a lock.
func (s *Store) Find(ctx context.Context, q bot.Query) (bot.Hits, error) {
	const op = "search"
	texts, err := asked(op, q)
	if err != nil {
		return bot.Hits{}, err
	}
	limited, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	var matched []bot.Account
	var hits bot.Hits
	err = s.read(limited, op, func(ctx context.Context, c *connection) (err error) {
		matched, hits.Cut, err = s.match(ctx, c, q.Locked, texts)
		return err
	})
	if err != nil {
		return bot.Hits{}, err
	}
	if q.Only != nil {
		// Not within read: that may run twice, and would hold a connection.
		wanted, err := q.Only(ctx, matched)
		if err != nil {
			return bot.Hits{}, err
		}
		all := matched
		matched = nil
		for _, a := range all {
			if wanted(a.ID) {
				matched = append(matched, a)
			}
		}
	}
	page := matched[min(q.Offset, len(matched)):]
	page = page[:min(q.Limit, len(page))]
	if hits.Accounts, err = s.whole(limited, op, page, q.Locked); err != nil {
		return bot.Hits{}, err
	}
	hits.Total = len(matched) - len(page) + len(hits.Accounts)
	return hits, nil
}

// asked gives the words of a search that can be made.
func asked(op string, q bot.Query) (texts []string, err error) {
	text := strings.TrimSpace(q.Text)
	if text != "" || !q.Locked {
		if err := literal(op, text); err != nil {
			return nil, err
		}
	}
	if q.Offset < 0 || q.Limit < 1 || q.Limit > mostHits {
		return nil, bot.Ef(bot.Invalid, op, "A search gives 1 to %d hits, from offset 0 or more.", mostHits)
	}
	if texts = strings.Fields(text); len(texts) > maxWords {
		return nil, bot.Ef(bot.Invalid, op, "That is too much for a name: at most %d words.", maxWords)
	}
	return texts, nil
}

// whole reads what a search has not read of the accounts of its page. It leaves
// out who is gone, or no longer locked, or may not be read, which does not
// spoil the list.
func (s *Store) whole(ctx context.Context, op string, page []bot.Account, locked bool) ([]bot.Account, error) {
	if len(s.dialect.names().computed) == 0 || len(page) == 0 {
		return page, nil
	}
	var read map[string]bot.Account
	err := s.read(ctx, op, func(ctx context.Context, c *connection) error {
		read = make(map[string]bot.Account, len(page))
		for some := range slices.Chunk(page, mostAtOnce) {
			if err := s.some(ctx, c, some, read); err != nil {
				return err
			}
		}
		return nil
	})
	var out []bot.Account
	for _, a := range page {
		if a, ok := read[a.ID.GUID]; ok && (!locked || isLocked(a)) {
			out = append(out, a)
		}
	}
	return out, err
}

// some reads accounts by their ids with one search.
func (s *Store) some(ctx context.Context, c *connection, wanted []bot.Account, read map[string]bot.Account) error {
	n := s.dialect.names()
	var filter strings.Builder
	for _, a := range wanted {
		filter.WriteString(s.dialect.match(a.ID.GUID))
	}
	found, _, err := c.search(ctx, query{base: s.config.Base, scope: ldap.ScopeWholeSubtree, filter: n.only("(|" + filter.String() + ")"),
		attributes: n.attributes(), most: len(wanted) + 1})
	if err != nil {
		return err
	}
	for _, e := range found {
		a, err := s.account(ctx, c, e)
		if bot.KindOf(err) == bot.Denied {
			s.log.Warn("account left out of a search: its state may not be read", zap.String("store", s.name), zap.String("guid", a.ID.GUID))
			continue
		}
		if err != nil {
			return err
		}
		read[a.ID.GUID] = a
	}
	return nil
}

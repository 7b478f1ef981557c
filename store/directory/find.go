package directory

import (
	"context"
	"strings"
	"time"

	"latchkey/bot"

	"go.uber.org/zap"
)

// mostHits is how many hits one page may have.
const mostHits = 500

// Of Query.Everybody: how many accounts are looked at, and how long that may take.
const (
	mostEverybody  = 20_000
	everybodyLimit = 10 * time.Second
)

// Find searches people by parts of names, login names and mail addresses; of
// several words each has to be somewhere. DOMAIN\login and login@domain find
// the login name too, where the domain is this store's.
//
// Full-width letters find plain ones, too: see narrowed.
//
// Servers compare more loosely than people expect, so each hit is looked at
// again: it counts only if it really holds each word, by fold. Invalid for
// text that no name holds.
//
// It judges at most 500 entries; where locked accounts are asked for it looks
// at 10,000 marks of locks, for two seconds. Hits.Cut says that there are more.
// What Active Directory computes for each account is read of the page's
// accounts alone, together: a page costs two searches there, and one for each
// policy that tells the end of a lock. What Query.Only sees is therefore
// without Disabled, Expired and Password, and has of Lock the state and its
// beginning, where locked accounts are asked for, and nothing otherwise.
func (s *Store) Find(ctx context.Context, q bot.Query) (bot.Hits, error) {
	const op = "search"
	texts, err := asked(op, q)
	if err != nil {
		return bot.Hits{}, err
	}
	limit := callLimit
	if q.Everybody {
		limit = everybodyLimit
	}
	var matched []hit
	var hits bot.Hits
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	err = s.readWithin(ctx, limit, op, func(ctx context.Context, c *connection) (err error) {
		if matched, hits.Cut, err = s.match(ctx, c, q, texts); err == nil && q.Only == nil {
			hits.Accounts, err = s.whole(ctx, c, onPage(matched, q), q.Locked)
		}
		return err
	})
	if err != nil {
		return bot.Hits{}, err
	}
	if q.Only != nil {
		// Not within read: that may run twice, and would hold a connection.
		if matched, err = s.only(ctx, q, matched); err != nil {
			return bot.Hits{}, err
		}
		err = s.readWithin(ctx, limit, op, func(ctx context.Context, c *connection) (err error) {
			hits.Accounts, err = s.whole(ctx, c, onPage(matched, q), q.Locked)
			return err
		})
		if err != nil {
			return bot.Hits{}, err
		}
	}
	hits.Total = len(matched) - len(onPage(matched, q)) + len(hits.Accounts)
	return hits, nil
}

func onPage(matched []hit, q bot.Query) []hit {
	page := matched[min(q.Offset, len(matched)):]
	return page[:min(q.Limit, len(page))]
}

// only keeps those who are wanted.
func (s *Store) only(ctx context.Context, q bot.Query, matched []hit) (kept []hit, err error) {
	accounts := make([]bot.Account, 0, len(matched))
	for _, h := range matched {
		if a, ok := s.person(h.entry); ok {
			a.Lock = h.lock
			accounts = append(accounts, a)
		}
	}
	wanted, err := q.Only(ctx, accounts)
	if err != nil {
		return nil, err
	}
	for _, h := range matched {
		if wanted(bot.AccountID{Store: s.name, GUID: h.guid}) {
			kept = append(kept, h)
		}
	}
	return kept, nil
}

// asked gives the words of a search that can be made.
func asked(op string, q bot.Query) (texts []string, err error) {
	text := strings.TrimSpace(q.Text)
	if text != "" || !q.Locked && !q.Everybody {
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

// whole makes accounts of the hits of a page. It leaves out who is gone, or no
// longer locked, or may not be read, which does not spoil the list.
func (s *Store) whole(ctx context.Context, c *connection, page []hit, locked bool) (out []bot.Account, err error) {
	if len(page) == 0 {
		return nil, nil
	}
	entries, err := s.complete(ctx, c, page)
	if err != nil {
		return nil, err
	}
	whole := make(map[string]bot.Account, len(page))
	for _, e := range entries {
		a, ok := s.person(e)
		if !ok {
			continue
		}
		err := s.dialect.describe(ctx, c, e, &a)
		if bot.KindOf(err) == bot.Denied {
			s.log.Warn("account left out of a search: its state may not be read", zap.String("store", s.name), zap.String("guid", a.ID.GUID))
			continue
		}
		if err != nil {
			return nil, err
		}
		whole[a.ID.GUID] = a
	}
	for _, h := range page {
		if a, ok := whole[h.guid]; ok && (!locked || isLocked(a.Lock)) {
			out = append(out, a)
		}
	}
	return out, nil
}

// complete gives the entries of a page with all attributes.
func (s *Store) complete(ctx context.Context, c *connection, page []hit) (entries []entry, err error) {
	if len(s.names.computed) > 0 {
		return s.entries(ctx, c, page, s.names.attributes())
	}
	for _, h := range page {
		entries = append(entries, h.entry)
	}
	return entries, nil
}

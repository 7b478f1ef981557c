package directory

import (
	"context"
	"slices"
	"strings"
	"time"

	"latchkey/bot"

	"github.com/go-ldap/ldap/v3"
)

const (
	// mostMarks is how many marks of a lock are looked at: a mark outlives its
	// lock, until the person signs in again, and thousands of old ones must
	// not hide one that counts.
	mostMarks = 10_000
	// lookLimit is how long it goes on to read them; then it makes do.
	lookLimit = 2 * time.Second
	// mostAtOnce is how many accounts are read with one filter.
	mostAtOnce = 100
)

func isLocked(l bot.Lock) bool { return l.State == bot.Locked || l.State == bot.LockedByAdministrator }

// locked gives the entries of those who are locked now and pass the filter: of
// many the 500 with the newest locks. Of the marks it reads little, and keeps
// nothing of those whose lock is over.
func (s *Store) locked(ctx context.Context, c *connection, filter string) (found []entry, cut bool, err error) {
	var marked []hit // id and lock alone
	began := time.Now()
	q := query{base: s.config.Base, scope: ldap.ScopeWholeSubtree, filter: s.names.only(filter + s.names.locked),
		attributes: append([]string{s.names.id}, s.names.lock...), most: mostMarks}
	cut, err = c.pages(ctx, q, func(page []entry) (enough bool, err error) {
		for _, e := range page {
			h := hit{guid: s.dialect.guid(e)}
			if h.lock, err = s.dialect.lock(ctx, c, e); err != nil {
				return false, err
			}
			if h.guid != "" && isLocked(h.lock) {
				marked = append(marked, h)
			}
		}
		return time.Since(began) > lookLimit, nil
	})
	if err != nil {
		return nil, false, err
	}
	slices.SortFunc(marked, byLock)
	if len(marked) > mostFound {
		marked, cut = marked[:mostFound], true
	}
	found, err = s.entries(ctx, c, marked, s.names.listed(true))
	return found, cut, err
}

// entries reads accounts again by their ids, many with one search, in no
// order. Who is gone is not among them.
func (s *Store) entries(ctx context.Context, c *connection, of []hit, attributes []string) (found []entry, err error) {
	for some := range slices.Chunk(of, mostAtOnce) {
		var filter strings.Builder
		for _, h := range some {
			filter.WriteString(s.dialect.match(h.guid))
		}
		// One more than there are: so the server says at once that these are all.
		page, _, err := c.search(ctx, query{base: s.config.Base, scope: ldap.ScopeWholeSubtree, filter: s.names.only("(|" + filter.String() + ")"),
			attributes: attributes, most: len(some) + 1})
		if err != nil {
			return nil, err
		}
		found = append(found, page...)
	}
	return found, nil
}

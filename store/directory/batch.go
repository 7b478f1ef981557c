package directory

import (
	"context"
	"slices"
	"strings"

	"latchkey/bot"

	"github.com/go-ldap/ldap/v3"
)

const (
	// MostLogins is how many login names one call of Logins takes, so that its
	// time and memory have a bound.
	MostLogins = 500
	// loginsAtOnce is how many of them one filter asks for: servers refuse
	// filters of many thousand parts, and their answer fits one page.
	loginsAtOnce = 100
)

// Match is what Logins says of one login name.
type Match struct {
	// Account has no state: neither lock, password nor disabled is read.
	Account bot.Account
	Err     error // nil, or what Lookup says: NotFound, Conflict, Invalid
}

// Logins looks up many accounts by their login names: for each name, what
// Lookup by FieldLogin says, but for the state, at the price of a search a
// hundred names. Invalid for more than MostLogins; another error says that the
// directory did not answer, and nothing of any name.
func (s *Store) Logins(ctx context.Context, logins []string) (map[string]Match, error) {
	const op = "look up accounts"
	if len(logins) > MostLogins {
		return nil, bot.Ef(bot.Invalid, op, "At most %d login names are looked up at once.", MostLogins)
	}
	var out map[string]Match
	err := s.read(ctx, op, func(ctx context.Context, c *connection) error {
		b := batch{store: s, connection: c, found: make(map[string]Match, len(logins))}
		out = b.found
		return b.all(ctx, logins)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// batch is one call of Logins.
type batch struct {
	store      *Store
	connection *connection
	found      map[string]Match // by login name as it was asked
}

func (b *batch) all(ctx context.Context, logins []string) error {
	var together []string
	for _, login := range logins {
		if err := literal("look up an account", login); err != nil {
			b.found[login] = Match{Err: err}
		} else if certain(login) {
			together = append(together, login)
		} else if err := b.some(ctx, []string{login}); err != nil {
			return err
		}
	}
	for part := range slices.Chunk(together, loginsAtOnce) {
		if err := b.some(ctx, part); err != nil {
			return err
		}
	}
	return nil
}

// certain reports whether a server's equality of this name with another such
// name is that of fold. With other characters it may be looser (accents,
// ligatures, repeated spaces), so that one of two names asked together might
// hide what is to be said of the other.
func certain(login string) bool {
	return !strings.ContainsFunc(login, func(r rune) bool { return r <= ' ' || r > '~' })
}

// some asks for a few names. An entry that the server took for one of them and
// that is none by fold makes one of them a Conflict: which, smaller questions tell.
func (b *batch) some(ctx context.Context, logins []string) error {
	entries, cut, err := b.search(ctx, logins)
	if err != nil {
		return err
	}
	of := make(map[string][]entry, len(logins))
	stray := cut
	for _, e := range entries {
		if hits := b.named(e, logins); len(hits) > 0 {
			for _, login := range hits {
				of[login] = append(of[login], e)
			}
		} else {
			stray = true
		}
	}
	if stray && len(logins) > 1 {
		half := len(logins) / 2
		if err := b.some(ctx, logins[:half]); err != nil {
			return err
		}
		return b.some(ctx, logins[half:])
	}
	for _, login := range logins {
		b.found[login] = b.match(of[login], len(logins) == 1 && (len(entries) > 1 || cut))
	}
	return nil
}

func (b *batch) search(ctx context.Context, logins []string) ([]entry, bool, error) {
	n := b.store.dialect.names()
	n.state = nil
	var filter strings.Builder
	for _, login := range logins {
		filter.WriteString("(" + n.login + "=" + ldap.EscapeFilter(login) + ")")
	}
	found, cut, err := b.connection.search(ctx, query{base: b.store.config.Base, scope: ldap.ScopeWholeSubtree,
		filter: n.only("(|" + filter.String() + ")"), attributes: n.attributes(), most: 2 * loginsAtOnce})
	if codeIs(err, ldap.LDAPResultNoSuchObject) { // as for Lookup: nobody is there
		return nil, false, nil
	}
	return found, cut, err
}

// named gives those of the names that the entry has.
func (b *batch) named(e entry, logins []string) []string {
	var out []string
	for _, have := range e.all(b.store.dialect.names().login) {
		for _, login := range logins {
			if same(have, login) && !slices.Contains(out, login) {
				out = append(out, login)
			}
		}
	}
	return out
}

// match makes of the entries with a name what Lookup makes of them. doubtful:
// the server gave another entry for the same name.
func (b *batch) match(entries []entry, doubtful bool) Match {
	s := b.store
	switch {
	case doubtful || len(entries) > 1:
		return Match{Err: bot.Ef(bot.Conflict, "look up an account in "+s.name,
			"Two accounts in the directory %s have this value, so it is not clear who is meant.", s.name)}
	case len(entries) == 0:
		return Match{Err: s.gone()}
	}
	a, ok := s.person(entries[0])
	if !ok {
		return Match{Err: bot.E(bot.Internal, "read an account of "+s.name+" that has no id or no login", nil)}
	}
	return Match{Account: a}
}

package directory

import (
	"context"
	"slices"

	"latchkey/bot"

	"github.com/go-ldap/ldap/v3"
)

// Account reads one account by its immutable id; NotFound if there is none
// below the base (any more).
func (s *Store) Account(ctx context.Context, guid string) (bot.Account, error) {
	var a bot.Account
	err := s.read(ctx, "read an account", func(ctx context.Context, c *connection) (err error) {
		_, a, err = s.byID(ctx, c, guid)
		return err
	})
	return a, err
}

// Written reads like Account, but from the server that Unlock writes to:
// others may not have heard of a write yet.
func (s *Store) Written(ctx context.Context, guid string) (bot.Account, error) {
	const op = "read an account back"
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	v, err := s.writer(ctx)
	if err != nil {
		return bot.Account{}, s.fault(op, err)
	}
	var a bot.Account
	err = s.readFrom(ctx, v, func(ctx context.Context, c *connection) (err error) {
		_, a, err = s.byID(ctx, c, guid)
		return err
	})
	return a, s.fault(op, err)
}

// byID reads an entry and what it says; the id is compared again.
func (s *Store) byID(ctx context.Context, c *connection, guid string) (entry, bot.Account, error) {
	filter := s.dialect.match(guid)
	if filter == "" {
		return entry{}, bot.Account{}, s.gone()
	}
	e, err := s.one(ctx, c, query{base: s.config.Base, scope: ldap.ScopeWholeSubtree, filter: filter})
	if err != nil {
		return entry{}, bot.Account{}, err
	}
	if s.dialect.guid(e) != guid {
		return entry{}, bot.Account{}, s.gone()
	}
	a, err := s.account(ctx, c, e)
	return e, a, err
}

// one asks for two and requires one.
func (s *Store) one(ctx context.Context, c *connection, q query) (entry, error) {
	n := s.names
	q.filter, q.attributes, q.most = n.only(q.filter), n.attributes(), 2
	found, cut, err := c.search(ctx, q)
	switch {
	case codeIs(err, ldap.LDAPResultNoSuchObject, ldap.LDAPResultInvalidDNSyntax):
		return entry{}, s.gone()
	case err != nil:
		return entry{}, err
	case len(found) > 1 || cut && q.scope != ldap.ScopeBaseObject:
		return entry{}, bot.Ef(bot.Conflict, "look up an account in "+s.name,
			"Two accounts in the directory %s have this value, so it is not clear who is meant.", s.name)
	case len(found) == 0:
		return entry{}, s.gone()
	}
	return found[0], nil
}

func (s *Store) gone() error {
	return bot.Ef(bot.NotFound, "look up an account in "+s.name, "There is no such account in the directory %s.", s.name)
}

// Lookup finds exactly one account by a field's exact value. What came back is
// compared by fold: a server's looser rules make nobody somebody else. Two
// that the server takes for equal are a Conflict even if one of them is equal
// by fold.
func (s *Store) Lookup(ctx context.Context, f bot.Field, value string) (bot.Account, error) {
	const op = "look up an account"
	n := s.names
	q := query{base: s.config.Base, scope: ldap.ScopeWholeSubtree}
	equal := func(e entry) bool {
		return slices.ContainsFunc(e.all(n.field(f)), func(v string) bool { return same(v, value) })
	}
	if f == bot.FieldDN {
		want, err := Canonical(value)
		if err != nil {
			return bot.Account{}, err
		}
		if base, _ := Canonical(s.config.Base); !want.Under(base) {
			return bot.Account{}, s.gone()
		}
		q = query{base: value, scope: ldap.ScopeBaseObject}
		equal = func(e entry) bool { dn, err := Canonical(e.dn); return err == nil && dn == want }
	} else {
		if n.field(f) == "" {
			return bot.Account{}, bot.Ef(bot.Invalid, op, "Accounts of the directory %s have no %s.", s.name, f)
		}
		if err := literal(op, value); err != nil {
			return bot.Account{}, err
		}
		q.filter = "(" + n.field(f) + "=" + ldap.EscapeFilter(value) + ")"
	}
	var a bot.Account
	err := s.read(ctx, op, func(ctx context.Context, c *connection) error {
		e, err := s.one(ctx, c, q)
		if err == nil && !equal(e) {
			err = s.gone()
		}
		if err == nil {
			a, err = s.account(ctx, c, e)
		}
		return err
	})
	return a, err
}

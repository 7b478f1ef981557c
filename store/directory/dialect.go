package directory

import (
	"context"
	"slices"
	"strings"

	"latchkey/bot"

	"github.com/go-ldap/ldap/v3"
)

// dialect is what differs between kinds of directories.
type dialect interface {
	names() names
	// guid reads the immutable id of an entry, "" where it has none; match
	// gives the filter that finds it again, "" where the text is no such id.
	guid(entry) string
	match(guid string) (filter string)
	// describe sets state: lock, password, disabled, expired. It may read more,
	// but once for all accounts of a page alike.
	describe(context.Context, *connection, entry, *bot.Account) error
	// lock tells of an account's lock what those of names.lock do, which may
	// lack its end.
	lock(context.Context, *connection, entry) (bot.Lock, error)
	// groups gives the names of all groups of the entry, as the server spells them.
	groups(context.Context, *connection, entry) ([]string, error)
	// short gives the name that stands before the backslash of DOMAIN\login, "" where there is none.
	short(context.Context, *connection) (string, error)
	// wants are the attributes that the dialect itself searches by; indexed
	// tells what is indexed, nil where that may not be seen.
	wants() []want
	indexed(context.Context, *connection) (*indexed, error)
	// clear makes the one change that unlocks what has been seen.
	clear(request *ldap.ModifyRequest, seen string)
}

// names are a kind's names of attributes. Empty ones are not read.
type names struct {
	people                                                                       string // the filter of what counts as an account
	id                                                                           string
	login, upn, first, last, display, common, mail, mobile, title, manager, link string
	department                                                                   []string // the first that is there
	state                                                                        []string // further ones, for describe and groups
	// computed are further ones that cost the server work: of all who match a
	// search they are not read, but of the page's accounts.
	computed []string
	lock     []string // those that tell who is locked
	locked   string   // the filter of who may be
}

// attributes are all that an account is made of.
func (n names) attributes() []string { return append(n.listed(false), n.computed...) }

// listed are those that a search reads of everybody who matches.
func (n names) listed(locked bool) []string {
	out := append([]string{n.id, n.login, n.upn, n.first, n.last, n.display, n.common, n.mail, n.mobile, n.title, n.manager, n.link}, n.state...)
	out = append(out, n.department...)
	if locked {
		out = append(out, n.lock...)
	}
	kept := out[:0]
	for _, a := range out {
		if a != "" && !slices.Contains(kept, a) {
			kept = append(kept, a)
		}
	}
	return kept
}

// searched are those that a search looks into.
func (n names) searched() []string {
	var out []string
	for _, a := range []string{n.first, n.last, n.display, n.common, n.login, n.mail, n.upn} {
		if a != "" {
			out = append(out, a)
		}
	}
	return out
}

// field gives the attribute of a field, "" where there is none.
func (n names) field(f bot.Field) string {
	switch f {
	case bot.FieldLogin:
		return n.login
	case bot.FieldMail:
		return n.mail
	case bot.FieldUPN:
		return n.upn
	case bot.FieldLink:
		return n.link
	}
	return ""
}

// person makes the part of an account that is the same on every kind; ok is
// false for what is no account: it has no id, no login or no readable name.
func (s *Store) person(e entry) (a bot.Account, ok bool) {
	n := s.names
	dn, err := Canonical(e.dn)
	a = bot.Account{
		ID: bot.AccountID{Store: s.name, GUID: s.dialect.guid(e)}, DN: dn,
		Login: e.get(n.login), UPN: e.get(n.upn), First: e.get(n.first), Last: e.get(n.last),
		Mail: e.get(n.mail), Mobile: e.get(n.mobile), Title: e.get(n.title),
		Domain: s.domain, Link: e.get(n.link),
	}
	for _, d := range n.department {
		if a.Department == "" {
			a.Department = e.get(d)
		}
	}
	if m := e.get(n.manager); m != "" {
		a.Manager, _ = Canonical(m) // a manager who is no name is none
	}
	a.DisplayName = s.displayed(e)
	return a, err == nil && a.ID.GUID != "" && a.Login != ""
}

// displayed is the name that people see: never empty where there is a login.
func (s *Store) displayed(e entry) string {
	for _, name := range []string{e.get(s.names.display), e.get(s.names.common)} {
		if strings.TrimSpace(name) != "" {
			return name
		}
	}
	return e.get(s.names.login)
}

// account makes the whole of it.
func (s *Store) account(ctx context.Context, c *connection, e entry) (bot.Account, error) {
	a, ok := s.person(e)
	if !ok {
		return a, bot.E(bot.Internal, "read an account of "+s.name+" that has no id or no login", nil)
	}
	return a, s.dialect.describe(ctx, c, e, &a)
}

// only adds the filter of what counts as an account.
func (n names) only(filter string) string { return "(&" + n.people + filter + ")" }

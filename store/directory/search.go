package directory

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/go-ldap/ldap/v3"
)

// query is one search below a base.
type query struct {
	base       string
	scope      int
	filter     string
	attributes []string
	most       int           // entries to read
	limit      time.Duration // of all pages together; 0: searchLimit
}

// entry is what came back. Names of attributes are without options; case does
// not count in them. Operational ones are there if asked for.
type entry struct {
	dn         string
	attributes []attribute
}

type attribute struct {
	name   string
	values [][]byte
}

func (e entry) values(name string) [][]byte {
	for _, a := range e.attributes {
		if len(a.name) == len(name) && strings.EqualFold(a.name, name) {
			return a.values
		}
	}
	return nil
}

func (e entry) all(name string) []string {
	var out []string
	for _, v := range e.values(name) {
		out = append(out, string(v))
	}
	return out
}

func (e entry) bytes(name string) []byte {
	if v := e.values(name); name != "" && len(v) > 0 {
		return v[0]
	}
	return nil
}

func (e entry) get(name string) string { return string(e.bytes(name)) }

// search reads up to q.most entries, in pages. cut: there are more, or the
// server was not willing to give more; what came is still good. References to
// other servers are never followed.
func (c *connection) search(ctx context.Context, q query) (found []entry, cut bool, err error) {
	cut, err = c.pages(ctx, q, func(page []entry) (enough bool, err error) {
		found = append(found, page...)
		return false, nil
	})
	return found, cut, err
}

func readEntry(from *ldap.Entry) entry {
	e := entry{dn: from.DN, attributes: make([]attribute, 0, len(from.Attributes))}
	for _, a := range from.Attributes {
		name, _, _ := strings.Cut(a.Name, ";")
		i := slices.IndexFunc(e.attributes, func(b attribute) bool { return strings.EqualFold(b.name, name) })
		if i < 0 {
			e.attributes = append(e.attributes, attribute{name, a.ByteValues})
			continue
		}
		e.attributes[i].values = append(e.attributes[i].values, a.ByteValues...)
	}
	return e
}

// base reads one entry; ok is false where there is none, or none that may be seen.
func (c *connection) base(ctx context.Context, dn, filter string, attributes ...string) (e entry, ok bool, err error) {
	found, _, err := c.search(ctx, query{base: dn, scope: ldap.ScopeBaseObject, filter: filter, attributes: attributes})
	if codeIs(err, ldap.LDAPResultNoSuchObject) {
		return entry{}, false, nil
	}
	if err != nil || len(found) != 1 {
		return entry{}, false, err
	}
	return found[0], true, nil
}

// remembered reads one entry once a call: all accounts of a page share it.
// The zero entry: there is none, or it may not be read.
func (c *connection) remembered(ctx context.Context, dn string, attributes ...string) (entry, error) {
	if e, ok := c.memo[dn]; ok {
		return e, nil
	}
	e, _, err := c.base(ctx, dn, anything, attributes...)
	if codeIs(err, ldap.LDAPResultInsufficientAccessRights) {
		e, err = entry{}, nil
	}
	if err == nil {
		if c.memo == nil {
			c.memo = map[string]entry{}
		}
		c.memo[dn] = e
	}
	return e, err
}

const anything = "(objectClass=*)"

// rootDSE is what a server says of itself (RFC 4512 5.1, MS-ADTS 3.1.1.3.2).
type rootDSE struct {
	namingContexts []string
	domain         string // defaultNamingContext
	configuration  string // configurationNamingContext
	service        string // dsServiceName: its own NTDS settings
	currentTime    string
	capabilities   []string
	controls       []string
	class          string // structuralObjectClass
	vendor         string // vendorName (RFC 3045)
}

func (c *connection) readRoot(ctx context.Context) (rootDSE, error) {
	e, _, err := c.base(ctx, "", anything, "namingContexts", "defaultNamingContext", "configurationNamingContext",
		"dsServiceName", "currentTime", "supportedCapabilities", "supportedControl", "structuralObjectClass", "vendorName")
	return rootDSE{
		namingContexts: e.all("namingContexts"), domain: e.get("defaultNamingContext"),
		configuration: e.get("configurationNamingContext"), service: e.get("dsServiceName"),
		currentTime: e.get("currentTime"), capabilities: e.all("supportedCapabilities"),
		controls: e.all("supportedControl"), class: e.get("structuralObjectClass"), vendor: e.get("vendorName"),
	}, err
}

// suffix gives the naming context that holds base: groups may be anywhere in it.
func (r rootDSE) suffix(base string) string {
	if r.domain != "" {
		return r.domain
	}
	want, _ := Canonical(base)
	best := base
	for _, context := range r.namingContexts {
		dn, err := Canonical(context)
		if err == nil && want.Under(dn) && len(context) < len(best) {
			best = context
		}
	}
	return best
}

package directory

import (
	"context"
	"slices"
	"strings"

	"github.com/go-ldap/ldap/v3"
)

func (d openLDAP) wants() []want {
	return []want{{"objectClass", whole}, {"entryUUID", whole}, {"member", whole}, {"uniqueMember", whole}, {"pwdAccountLockedTime", presence}}
}

// indexed reads olcDbIndex of the database that holds the base, where cn=config
// may be read, which is rare.
func (d openLDAP) indexed(ctx context.Context, c *connection) (*indexed, error) {
	found, _, err := c.search(ctx, query{base: "cn=config", scope: ldap.ScopeWholeSubtree, most: 100,
		filter: "(&(objectClass=olcDatabaseConfig)(olcSuffix=*))", attributes: []string{"olcSuffix", "olcDbIndex"}})
	if err != nil && !answered(err) {
		return nil, err
	}
	base, _ := Canonical(d.store.config.Base)
	var holder *indexLines
	longest := -1
	for _, e := range found {
		for _, suffix := range e.all("olcSuffix") {
			if dn, err := Canonical(suffix); err == nil && (dn == "" || base.Under(dn)) && len(dn) > longest {
				longest, holder = len(dn), &indexLines{e.dn, e.all("olcDbIndex")}
			}
		}
	}
	if holder == nil {
		return nil, nil
	}
	return &indexed{has: holder.has, mend: holder.mend}, nil
}

// indexLines are the values of olcDbIndex: "cn,sn pres,eq,sub" (slapd-mdb(5)).
type indexLines struct {
	dn    string
	lines []string
}

// kinds gives the kinds of index that an attribute has, and the line that says so.
func (x *indexLines) kinds(attribute string) (kinds []string, line string) {
	var usual []string
	for _, l := range x.lines {
		names, types, _ := strings.Cut(strings.TrimSpace(l), " ")
		these := strings.FieldsFunc(strings.ToLower(types), func(r rune) bool { return r == ',' || r == ' ' })
		for _, name := range strings.Split(names, ",") {
			switch {
			case strings.EqualFold(name, "default"):
				usual = these
			case strings.EqualFold(name, attribute):
				kinds, line = append(kinds, these...), l
				if len(these) == 0 {
					kinds = append(kinds, usual...)
				}
			}
		}
	}
	return kinds, line
}

func (x *indexLines) has(w want) bool {
	kinds, line := x.kinds(w.attribute)
	if line == "" && slices.Contains([]string{"cn", "sn", "givenname"}, strings.ToLower(w.attribute)) { // subtypes of name
		if kinds, _ = x.kinds("name"); slices.Contains(kinds, "nosubtypes") {
			return false
		}
	}
	return slices.ContainsFunc(kinds, func(kind string) bool {
		return kind == slapdKind(w.matching) || kind == "subany" && w.matching == inside
	})
}

func slapdKind(m matching) string { return [...]string{"eq", "sub", "pres"}[m] }

// mend replaces the line of an attribute that has one: slapd takes no second.
func (x *indexLines) mend(missing []want) string {
	var remove, add []string
	var done []string
	for _, w := range missing {
		if slices.Contains(done, w.attribute) {
			continue
		}
		done = append(done, w.attribute)
		kinds, line := x.kinds(w.attribute)
		if names, _, _ := strings.Cut(line, " "); line != "" && !strings.Contains(names, ",") {
			remove = append(remove, "olcDbIndex: "+line)
		}
		for _, other := range missing {
			if kind := slapdKind(other.matching); other.attribute == w.attribute && !slices.Contains(kinds, kind) {
				kinds = append(kinds, kind)
			}
		}
		add = append(add, "olcDbIndex: "+w.attribute+" "+strings.Join(kinds, ","))
	}
	lines := []string{"dn: " + x.dn, "changetype: modify"}
	if len(remove) > 0 {
		lines = append(append(append(lines, "delete: olcDbIndex"), remove...), "-")
	}
	lines = append(append(lines, "add: olcDbIndex"), add...)
	return "as root on the server: " + ldif(lines, "ldapmodify -Y EXTERNAL -H ldapi:///") + " (slapd builds the indexes while it serves)"
}

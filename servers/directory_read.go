package servers

import (
	"fmt"
	"strings"
	"testing"

	"github.com/go-ldap/ldap/v3"
)

// Values reads one attribute, operational ones too; values may be binary. It
// is empty when the attribute is absent.
func (d *Directory) Values(tb testing.TB, dn, attribute string) []string {
	tb.Helper()
	found := d.Search(tb, dn, anyEntry, attribute)
	return found[dn][strings.ToLower(attribute)]
}

// Value is the first of Values, or "".
func (d *Directory) Value(tb testing.TB, dn, attribute string) string {
	tb.Helper()
	if values := d.Values(tb, dn, attribute); len(values) > 0 {
		return values[0]
	}
	return ""
}

// Search looks below base with a filter (base itself alone when the filter is
// "(objectClass=*)") and returns DN -> attribute name in lower case -> values.
func (d *Directory) Search(tb testing.TB, base, filter string, attributes ...string) map[string]map[string][]string {
	tb.Helper()
	entries, err := d.search(base, filter, attributes...)
	if err != nil {
		tb.Fatal(err)
	}
	return entries
}

func (d *Directory) search(base, filter string, attributes ...string) (map[string]map[string][]string, error) {
	scope := ldap.ScopeWholeSubtree
	if filter == anyEntry {
		scope = ldap.ScopeBaseObject
	}
	request := ldap.NewSearchRequest(base, scope, ldap.NeverDerefAliases, 0, 0, false, filter, attributes, nil)
	entries := map[string]map[string][]string{}
	err := d.asAdmin(func(conn *ldap.Conn) error {
		result, err := conn.SearchWithPaging(request, 500)
		if err != nil {
			return fmt.Errorf("searching %s below %s: %w", filter, base, err)
		}
		for _, entry := range result.Entries {
			values := map[string][]string{}
			for _, attribute := range entry.Attributes {
				values[strings.ToLower(attribute.Name)] = attribute.Values
			}
			dn := entry.DN
			if scope == ldap.ScopeBaseObject {
				dn = base // spelled as the caller spells it
			}
			entries[dn] = values
		}
		return nil
	})
	return entries, err
}

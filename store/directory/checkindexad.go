package directory

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/go-ldap/ldap/v3"
)

// Bits of searchFlags (MS-ADTS 2.2.9): an index of values, and one of their parts.
const (
	flagIndex = 0x1
	flagTuple = 0x20
)

// wants: member is a link, which is always followed by an index.
func (d activeDirectory) wants() []want {
	return []want{{"objectGUID", whole}, {"lockoutTime", whole}}
}

// indexed reads the schema, which every account may unless somebody took care
// that it may not.
func (d activeDirectory) indexed(ctx context.Context, c *connection) (*indexed, error) {
	var filter strings.Builder
	for _, w := range d.store.wants() {
		filter.WriteString("(lDAPDisplayName=" + ldap.EscapeFilter(w.attribute) + ")")
	}
	found, _, err := c.search(ctx, query{base: "CN=Schema," + c.root.configuration, scope: ldap.ScopeSingleLevel, most: 100,
		filter: "(&(objectClass=attributeSchema)(|" + filter.String() + "))", attributes: []string{"lDAPDisplayName", "searchFlags"}})
	if codeIs(err, ldap.LDAPResultNoSuchObject, ldap.LDAPResultInsufficientAccessRights) || err == nil && len(found) == 0 {
		return nil, nil
	}
	// Samba has no index of parts, whatever its schema says.
	samba := strings.HasPrefix(c.root.vendor, "Samba")
	schema := schemaFlags{dn: map[string]string{}, flags: map[string]int64{}}
	for _, e := range found {
		name := strings.ToLower(e.get("lDAPDisplayName"))
		schema.dn[name] = e.dn
		schema.flags[name], _ = strconv.ParseInt(e.get("searchFlags"), 10, 64)
	}
	mend := schema.powerShell
	if samba {
		mend = schema.ldbmodify
	}
	return &indexed{mend: mend, has: func(w want) bool {
		flags, seen := schema.flags[strings.ToLower(w.attribute)]
		return !seen || samba && w.matching == inside || flags&bits(w) == bits(w)
	}}, err
}

func bits(w want) int64 {
	if w.matching == inside {
		return flagTuple
	}
	return flagIndex
}

// schemaFlags are the searchFlags of attributes, by name in lower case.
type schemaFlags struct {
	dn    map[string]string
	flags map[string]int64
}

func (schemaFlags) powerShell(missing []want) string {
	var commands []string
	for _, bit := range []int64{flagIndex, flagTuple} {
		var filter strings.Builder
		for _, w := range missing {
			if one := "(lDAPDisplayName=" + w.attribute + ")"; bits(w) == bit && !strings.Contains(filter.String(), one) {
				filter.WriteString(one)
			}
		}
		if filter.Len() > 0 {
			commands = append(commands, fmt.Sprintf("Get-ADObject -SearchBase (Get-ADRootDSE).schemaNamingContext -LDAPFilter '(|%s)' -Properties searchFlags | "+
				"ForEach-Object { Set-ADObject $_ -Replace @{searchFlags = $_.searchFlags -bor %d} }", filter.String(), bit))
		}
	}
	return "as a member of Schema Admins, in PowerShell on the schema master: `" + strings.Join(commands, "; ") + "` (the controllers build the indexes while they serve)"
}

func (f schemaFlags) ldbmodify(missing []want) string {
	var lines, done []string
	for _, w := range missing {
		name := strings.ToLower(w.attribute)
		if slices.Contains(done, name) {
			continue
		}
		done = append(done, name)
		lines = append(lines, "dn: "+f.dn[name], "changetype: modify", "replace: searchFlags",
			"searchFlags: "+strconv.FormatInt(f.flags[name]|flagIndex, 10), "")
	}
	return "as root on the schema master: " + ldif(lines, `ldbmodify -H /var/lib/samba/private/sam.ldb --option='dsdb:schema update allowed=true'`) + " and restart samba"
}

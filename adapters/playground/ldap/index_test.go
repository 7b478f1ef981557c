package ldap_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"latchkey/adapters/playground/ldap"
	"latchkey/bot"
	"latchkey/store/directory"
)

// What `check` says of a schema that Windows has and Samba has not: indexes of
// parts of values.
func TestCheckReadsTheSchemasIndexes(t *testing.T) {
	r := start(t, ldap.Options{Flavour: ldap.ActiveDirectory, Domain: "corp.example.test"})
	flags := func(name string) string { return "CN=" + name + ",CN=Schema,CN=Configuration," + r.Base() }
	// As Windows comes (MS-ADA1 to MS-ADA3).
	for name, value := range map[string]string{"sAMAccountName": "13", "userPrincipalName": "1", "mail": "1", "givenName": "5", "sn": "5",
		"displayName": "5", "cn": "1", "objectGUID": "9", "employeeID": "0", "lockoutTime": "0"} {
		must(t, r.Server.Add(ldap.Entry{DN: flags(name), Attributes: map[string][]string{"objectClass": {"attributeSchema"},
			"lDAPDisplayName": {name}, "searchFlags": {value}}}))
	}
	s, err := directory.Open(r.Config(), nil)
	must(t, err)
	t.Cleanup(s.Close)
	finding := func() bot.Finding {
		all := s.Check(context.Background(), directory.Plan{})
		i := slices.IndexFunc(all, func(f bot.Finding) bool { return strings.Contains(f.What, "index") })
		if i < 0 {
			t.Fatalf("no word of indexes: %+v", all)
		}
		return all[i]
	}
	f := finding()
	const missing = "no index of lockoutTime, employeeID; givenName, sn, displayName, cn, sAMAccountName, mail, userPrincipalName for parts of values"
	if f.Level != bot.LevelWarning || !strings.HasSuffix(f.What, missing) {
		t.Errorf("the finding is %+v", f)
	}
	for _, part := range []string{"'(|(lDAPDisplayName=lockoutTime)(lDAPDisplayName=employeeID))' -Properties searchFlags | ForEach-Object { Set-ADObject $_ -Replace @{searchFlags = $_.searchFlags -bor 1} }",
		"(lDAPDisplayName=userPrincipalName))' -Properties searchFlags | ForEach-Object { Set-ADObject $_ -Replace @{searchFlags = $_.searchFlags -bor 32} }"} {
		if !strings.Contains(f.Mend, part) {
			t.Errorf("the command lacks %s: %s", part, f.Mend)
		}
	}
	for _, name := range []string{"sAMAccountName", "userPrincipalName", "mail", "givenName", "sn", "displayName", "cn", "employeeID"} {
		r.Set(t, flags(name), "searchFlags", "37")
	}
	r.Set(t, flags("lockoutTime"), "searchFlags", "1")
	if f := finding(); f.Level != bot.LevelOK || !strings.Contains(f.What, "all attributes") {
		t.Errorf("with all indexes the finding is %+v", f)
	}
}

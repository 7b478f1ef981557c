package directory_test

import (
	"flag"
	"strconv"
	"testing"
	"time"

	"latchkey/servers"
	"latchkey/store/directory"
	"latchkey/store/directory/conformance"

	"github.com/go-ldap/ldap/v3"
)

// The stories of outages wait more than they work: more of them at once than
// there are processors.
func TestMain(m *testing.M) {
	if err := flag.Set("test.parallel", "8"); err != nil {
		panic(err)
	}
	servers.Main(m)
}

func TestSamba(t *testing.T) {
	t.Parallel()
	set := func(attribute, value string) func(testing.TB, conformance.Server, string) {
		return func(tb testing.TB, s conformance.Server, dn string) { s.Set(tb, dn, attribute, value) }
	}
	conformance.Run(t, conformance.Harness{
		Shared: func(tb testing.TB) conformance.Server { return samba{servers.SharedSamba(tb)} },
		Own: func(tb testing.TB) conformance.Process {
			return samba{servers.StartSamba(tb, servers.SambaSpec{})}
		},
		Brief: func(tb testing.TB) (conformance.Server, func(testing.TB, string), time.Duration) {
			const lasts = 2 * time.Second
			return samba{servers.StartSamba(tb, servers.SambaSpec{LockoutDuration: lasts})}, func(testing.TB, string) {}, lasts
		},
		Disable:       func(tb testing.TB, s conformance.Server, dn string) { s.(samba).Disable(tb, dn) },
		ExpireAccount: set("accountExpires", strconv.FormatInt(116444736000000000+time.Now().Add(-time.Hour).UnixNano()/100, 10)),
		MustChange:    func(tb testing.TB, s conformance.Server, dn string) { s.(samba).ExpirePassword(tb, dn) },
		UPN:           true,
		Short:         "CORP",
	})
}

// samba is a domain controller as the suite sees it.
type samba struct{ *servers.Samba }

func (s samba) Config() directory.Config {
	return directory.Config{Name: "corp", Kind: directory.ActiveDirectory, URLs: []string{s.URL}, Base: s.Base, CA: s.CA,
		BindDN: s.Unlocker.DN, BindPassword: s.Unlocker.Password, WriteTo: directory.WriteToPDC, LinkAttribute: "employeeID"}
}

func (s samba) PlainURL() string               { return s.Samba.PlainURL }
func (s samba) Inside(tb testing.TB) string    { return s.OwnOU(tb, s.People) }
func (s samba) Outside(tb testing.TB) string   { return s.OwnOU(tb, s.External) }
func (s samba) GroupBase(tb testing.TB) string { return s.OwnOU(tb, s.Groups) }

func (s samba) Add(tb testing.TB, p conformance.Person) conformance.Account {
	user := servers.User{Login: p.Login, Under: p.Under, First: p.First, Last: p.Last, Display: p.Display, Mail: p.Mail}
	if p.Link != "" {
		user.Attributes = map[string][]string{"employeeID": {p.Link}}
	}
	return conformance.Account(s.AddUser(tb, user))
}

// AddGroup: the name may hold what a sAMAccountName may not.
func (s samba) AddGroup(tb testing.TB, parent, name string, members ...string) string {
	dn := "CN=" + ldap.EscapeDN(name) + "," + parent
	s.Samba.Add(tb, dn, map[string][]string{"objectClass": {"group"}, "sAMAccountName": {servers.Unique("group")}, "member": members})
	return dn
}

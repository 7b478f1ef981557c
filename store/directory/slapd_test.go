package directory_test

import (
	"testing"
	"time"

	"latchkey/servers"
	"latchkey/store/directory"
	"latchkey/store/directory/conformance"
)

func TestSlapd(t *testing.T) {
	t.Parallel()
	conformance.Run(t, conformance.Harness{
		Shared: func(tb testing.TB) conformance.Server { return slapd{servers.SharedSlapd(tb)} },
		Own: func(tb testing.TB) conformance.Process {
			return slapd{servers.StartSlapd(tb, servers.SlapdSpec{})}
		},
		Brief: func(tb testing.TB) (conformance.Server, func(testing.TB, string), time.Duration) {
			s := slapd{servers.SharedSlapd(tb)}
			return s, func(tb testing.TB, dn string) { s.SetPolicy(tb, dn, s.ShortPolicy) }, 3 * time.Second
		},
		ExpireAccount: func(tb testing.TB, s conformance.Server, dn string) {
			s.Set(tb, dn, "pwdEndTime", time.Now().Add(-time.Minute).UTC().Format("20060102150405Z"))
		},
		ExpirePassword: func(tb testing.TB, s conformance.Server, dn string) {
			s.(slapd).SetPasswordAge(tb, dn, 91*24*time.Hour)
		},
		MustChange:  func(tb testing.TB, s conformance.Server, dn string) { s.Set(tb, dn, "pwdReset", "TRUE") },
		LockForGood: func(tb testing.TB, s conformance.Server, dn string) { s.(slapd).LockByAdministrator(tb, dn) },
		Short:       "example",
	})
}

// slapd is an OpenLDAP server as the suite sees it.
type slapd struct{ *servers.Slapd }

func (s slapd) Config() directory.Config {
	return directory.Config{Name: "lab", Kind: directory.OpenLDAP, URLs: []string{s.URL}, Base: s.Base, CA: s.CA,
		BindDN: s.Unlocker.DN, BindPassword: s.Unlocker.Password, LinkAttribute: "employeeNumber", DefaultPolicy: s.DefaultPolicy}
}

func (s slapd) PlainURL() string               { return s.Slapd.PlainURL }
func (s slapd) Inside(tb testing.TB) string    { return s.OwnOU(tb, s.People) }
func (s slapd) Outside(tb testing.TB) string   { return s.OwnOU(tb, s.External) }
func (s slapd) GroupBase(tb testing.TB) string { return s.OwnOU(tb, s.Groups) }

func (s slapd) Add(tb testing.TB, p conformance.Person) conformance.Account {
	user := servers.User{Login: p.Login, Under: p.Under, First: p.First, Last: p.Last, Display: p.Display, Mail: p.Mail}
	if p.Link != "" {
		user.Attributes = map[string][]string{"employeeNumber": {p.Link}}
	}
	return conformance.Account(s.AddUser(tb, user))
}

package ldap_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"latchkey/adapters/playground/ldap"
	"latchkey/store/directory"
	"latchkey/store/directory/conformance"
)

func TestActiveDirectoryConforms(t *testing.T) {
	t.Parallel()
	set := func(attribute, value string) func(testing.TB, conformance.Server, string) {
		return func(tb testing.TB, s conformance.Server, dn string) { s.Set(tb, dn, attribute, value) }
	}
	shared := start(t, ldap.Options{Flavour: ldap.ActiveDirectory, Domain: "corp.example.test"})
	conformance.Run(t, conformance.Harness{
		Shared: func(testing.TB) conformance.Server { return shared },
		Own: func(tb testing.TB) conformance.Process {
			return start(tb, ldap.Options{Flavour: ldap.ActiveDirectory, Domain: "corp.example.test"})
		},
		Brief: func(tb testing.TB) (conformance.Server, func(testing.TB, string), time.Duration) {
			const lasts = time.Second
			return start(tb, ldap.Options{Flavour: ldap.ActiveDirectory, Domain: "corp.example.test", Duration: lasts}), func(testing.TB, string) {}, lasts
		},
		Disable:        set("userAccountControl", "514"),
		ExpireAccount:  set("accountExpires", fileTime(time.Now().Add(-time.Hour))),
		ExpirePassword: set("pwdLastSet", fileTime(time.Now().Add(-91*24*time.Hour))),
		MustChange:     set("pwdLastSet", "0"),
		UPN:            true,
		Short:          "CORP",
	})
}

func TestOpenLDAPConforms(t *testing.T) {
	t.Parallel()
	set := func(attribute, value string) func(testing.TB, conformance.Server, string) {
		return func(tb testing.TB, s conformance.Server, dn string) { s.Set(tb, dn, attribute, value) }
	}
	shared := start(t, ldap.Options{Flavour: ldap.OpenLDAP, Domain: "example.test"})
	stamp := func(ago time.Duration) string { return time.Now().Add(-ago).UTC().Format("20060102150405Z") }
	conformance.Run(t, conformance.Harness{
		Shared: func(testing.TB) conformance.Server { return shared },
		Own: func(tb testing.TB) conformance.Process {
			return start(tb, ldap.Options{Flavour: ldap.OpenLDAP, Domain: "example.test"})
		},
		Brief: func(testing.TB) (conformance.Server, func(testing.TB, string), time.Duration) {
			short := "cn=short,ou=policies," + shared.Base()
			if shared.Values(short, "cn") == nil {
				must(t, shared.Server.Add(ldap.Entry{DN: short, Attributes: map[string][]string{"objectClass": {"device", "pwdPolicy"},
					"pwdLockout": {"TRUE"}, "pwdMaxFailure": {"3"}, "pwdLockoutDuration": {"2"}, "pwdFailureCountInterval": {"2"}}}))
			}
			return shared, func(tb testing.TB, dn string) { shared.Set(tb, dn, "pwdPolicySubentry", short) }, 2 * time.Second
		},
		ExpireAccount:  set("pwdEndTime", stamp(time.Minute)),
		ExpirePassword: set("pwdChangedTime", stamp(91*24*time.Hour)),
		MustChange:     set("pwdReset", "TRUE"),
		LockForGood:    set("pwdAccountLockedTime", "000001010000Z"),
		Short:          "example",
	})
}

// fileTime is a time in 100 ns since 1601.
func fileTime(t time.Time) string {
	return strconv.FormatInt(116444736000000000+t.UnixNano()/100, 10)
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

// running is a directory with a service account, and containers where that has
// its right and where not.
type running struct {
	*ldap.Server
	opts                     ldap.Options
	service, servicePassword string
	inside, outside, groups  string
}

func start(tb testing.TB, opts ldap.Options) *running {
	tb.Helper()
	s, err := ldap.New(opts)
	must(tb, err)
	r := &running{Server: s, opts: opts, servicePassword: rand.Text()}
	must(tb, s.Start("127.0.0.1:0"))
	tb.Cleanup(func() { must(tb, s.Close()) })
	for name, at := range map[string]*string{"People": &r.inside, "External": &r.outside, "Groups": &r.groups} {
		*at, err = s.AddOU(s.Base(), name)
		must(tb, err)
	}
	at, err := s.AddOU(s.Base(), "Service")
	must(tb, err)
	r.service, err = s.AddUser(ldap.User{Login: "svc-unlock", Under: at, Password: r.servicePassword})
	must(tb, err)
	must(tb, s.Delegate(r.service, r.inside))
	return r
}

func (r *running) Config() directory.Config {
	c := directory.Config{Name: "corp", Kind: r.opts.Flavour, URLs: []string{r.URL()}, Base: r.Base(), CA: r.CA(),
		BindDN: r.service, BindPassword: r.servicePassword, LinkAttribute: "employeeID", DefaultPolicy: r.DefaultPolicy()}
	if r.opts.Flavour == ldap.OpenLDAP {
		c.Name, c.LinkAttribute = "lab", "employeeNumber"
	}
	return c
}

func unique(prefix string) string { return prefix + "-" + strings.ToLower(rand.Text()[:8]) }

func (r *running) ou(tb testing.TB, under string) string {
	tb.Helper()
	dn, err := r.AddOU(under, unique("t"))
	must(tb, err)
	return dn
}

func (r *running) Inside(tb testing.TB) string    { return r.ou(tb, r.inside) }
func (r *running) Outside(tb testing.TB) string   { return r.ou(tb, r.outside) }
func (r *running) GroupBase(tb testing.TB) string { return r.ou(tb, r.groups) }

func (r *running) Add(tb testing.TB, p conformance.Person) conformance.Account {
	tb.Helper()
	a := conformance.Account{Login: p.Login, Password: rand.Text()}
	if a.Login == "" {
		a.Login = unique("user")
	}
	var err error
	a.DN, err = r.AddUser(ldap.User{Login: a.Login, Under: p.Under, Password: a.Password, First: p.First, Last: p.Last,
		Display: p.Display, Mail: p.Mail, Number: p.Link})
	must(tb, err)
	return a
}

func (r *running) AddGroup(tb testing.TB, parent, name string, members ...string) string {
	tb.Helper()
	dn, err := r.Server.AddGroup(parent, name, members...)
	must(tb, err)
	return dn
}

func (r *running) AddMembers(tb testing.TB, group string, members ...string) {
	tb.Helper()
	must(tb, r.AddMember(group, members...))
}

func (r *running) Set(tb testing.TB, dn, attribute string, values ...string) {
	tb.Helper()
	must(tb, r.Server.Set(dn, attribute, values...))
}

func (r *running) Delete(tb testing.TB, dn string) { tb.Helper(); must(tb, r.Remove(dn)) }

func (r *running) Move(tb testing.TB, dn, parent string) string {
	tb.Helper()
	moved, err := r.Server.Move(dn, parent)
	must(tb, err)
	return moved
}

func (r *running) Lock(tb testing.TB, dn string) {
	tb.Helper()
	for range 3 {
		if err := r.Bind(dn, "wrong-"+rand.Text()); err == nil {
			tb.Fatal("a wrong password is let in")
		}
	}
	if w, err := r.SignIn(context.Background(), dn, "wrong-"+rand.Text()); err != nil || w != ldap.Locked {
		tb.Fatalf("after three wrong passwords: %s, %v", w, err)
	}
}

func (r *running) Unlock(tb testing.TB, dn string) {
	tb.Helper()
	if r.opts.Flavour == ldap.ActiveDirectory {
		r.Set(tb, dn, "lockoutTime", "0")
		return
	}
	r.Set(tb, dn, "pwdAccountLockedTime")
}

func (r *running) Bind(dn, password string) error {
	w, err := r.SignIn(context.Background(), dn, password)
	if err == nil && w != ldap.Welcomed && w != ldap.MustChange {
		err = fmt.Errorf("the directory says: %s", w)
	}
	return err
}

func (r *running) Pause(testing.TB)  { r.Hang() }
func (r *running) Resume(testing.TB) { r.Back() }
func (r *running) Kill(testing.TB)   { r.Away() }
func (r *running) Start(testing.TB)  { r.Back() }

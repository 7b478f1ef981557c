package ldap_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"strings"
	"testing"
	"time"

	client "github.com/go-ldap/ldap/v3"
	"pgregory.net/rapid"

	"latchkey/adapters/playground/ldap"
)

// restored is a second server with all that the first one holds.
func restored(tb testing.TB, from *ldap.Server, opts ldap.Options) *ldap.Server {
	tb.Helper()
	kept, err := from.State()
	must(tb, err)
	to, err := ldap.New(opts)
	must(tb, err)
	must(tb, to.Restore(kept))
	again, err := to.State()
	must(tb, err)
	if !bytes.Equal(kept, again) {
		tb.Errorf("what is restored differs from what was kept")
	}
	must(tb, to.Start("127.0.0.1:0"))
	tb.Cleanup(func() { must(tb, to.Close()) })
	return to
}

func is(tb testing.TB, s *ldap.Server, login, password string, want ldap.Attempt) {
	tb.Helper()
	if got, err := s.SignIn(context.Background(), login, password); err != nil || got != want {
		tb.Errorf("%s with %s: %q, %v, expected %q", login, password, got, err, want)
	}
}

// Locks, failures that were counted, passwords and the one right outlive the
// server, by the clock that goes on.
func TestWhatIsKeptIsRestored(t *testing.T) {
	c := newClock()
	for _, flavour := range []string{ldap.ActiveDirectory, ldap.OpenLDAP} {
		t.Run(flavour, func(t *testing.T) {
			opts := ldap.Options{Flavour: flavour, Domain: "corp.example.test", Now: c.now}
			one := start(t, opts)
			add := func(login string) string {
				dn, err := one.AddUser(ldap.User{Login: login, Under: one.inside, First: "Zoë, \"Z\"", Last: login, Password: "right"})
				must(t, err)
				return dn
			}
			locked, counted, service := add("locked"), add("counted"), add("service")
			moved, err := one.Server.Move(add("moved"), one.outside)
			must(t, err)
			must(t, one.Remove(add("gone")))
			add("gone") // another one, who has another id
			must(t, one.SetPassword(counted, "newer"))
			must(t, one.Delegate(service, one.inside))
			for range 3 {
				is(t, one.Server, "locked", "wrong", ldap.Wrong)
			}
			is(t, one.Server, "counted", "wrong", ldap.Wrong)
			is(t, one.Server, "counted", "wrong", ldap.Wrong)

			two := restored(t, one.Server, opts)
			is(t, two, "locked", "right", ldap.Locked)
			is(t, two, "moved", "right", ldap.Welcomed)
			is(t, two, "counted", "right", ldap.Wrong)
			is(t, two, "counted", "newer", ldap.Locked) // the third counted
			for _, id := range []string{"objectGUID", "entryUUID", "objectSid"} {
				for _, dn := range []string{locked, moved} {
					if a, b := fmt.Sprint(one.Values(dn, id)), fmt.Sprint(two.Values(dn, id)); a != b {
						t.Errorf("%s of %s was %s and is %s", id, dn, a, b)
					}
				}
			}
			next := ldap.User{Login: "after", Under: one.inside, Password: "right"}
			dn, err := one.AddUser(next)
			must(t, err)
			_, err = two.AddUser(next)
			must(t, err)
			if a, b := fmt.Sprint(one.Values(dn, "objectSid")), fmt.Sprint(two.Values(dn, "objectSid")); a != b {
				t.Error("who comes next gets another SID than without the restart")
			}
			unlock(t, two, service, locked, true)
			unlock(t, two, service, moved, false)
			is(t, two, "locked", "right", ldap.Welcomed)
			c.move(30 * time.Minute)
			is(t, two, "counted", "newer", ldap.Welcomed)
		})
	}
}

// unlock is what the bot writes.
func unlock(t *testing.T, s *ldap.Server, service, dn string, allowed bool) {
	t.Helper()
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(s.CA())
	conn, err := client.DialURL(s.URL(), client.DialWithTLSConfig(&tls.Config{RootCAs: roots}))
	must(t, err)
	defer conn.Close() //nolint:errcheck // nothing is lost with it
	must(t, conn.Bind(service, "right"))
	m := client.NewModifyRequest(dn, nil)
	if strings.HasPrefix(dn, "uid=") {
		m.Delete("pwdAccountLockedTime", nil)
	} else {
		m.Replace("lockoutTime", []string{"0"})
	}
	err = conn.Modify(m)
	if denied := client.IsErrorWithCode(err, client.LDAPResultInsufficientAccessRights); allowed && err != nil || !allowed && !denied {
		t.Errorf("unlocking %s: %v", dn, err)
	}
}

// Whatever was done, what is kept of it is restored to the same.
func TestAnythingIsKept(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := newClock()
		opts := ldap.Options{Flavour: rapid.SampledFrom([]string{ldap.ActiveDirectory, ldap.OpenLDAP}).Draw(t, "flavour"), Domain: "corp.example.test", Now: c.now}
		s, err := ldap.New(opts)
		ok := func(err error) {
			if err != nil {
				t.Fatal(err)
			}
		}
		ok(err)
		var people []string
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			some := rapid.SampledFrom(append(people, "")).Draw(t, "who")
			switch rapid.IntRange(0, 4).Draw(t, "what") {
			case 0:
				dn, err := s.AddUser(ldap.User{Login: fmt.Sprintf("u%d", len(people)), Under: s.Base(), Password: "right",
					Display: fmt.Sprint(rapid.StringMatching(`[\p{L},+"\\<>;= #]{0,6}x`).Draw(t, "name"), len(people))})
				ok(err)
				people = append(people, dn)
			case 1:
				if some != "" {
					ok(s.SetPassword(some, rapid.String().Draw(t, "password")))
				}
			case 2:
				if some != "" {
					ok(s.Set(some, "description", rapid.SliceOfN(rapid.StringMatching(`[\p{L} ]{0,5}x`), 0, 1).Draw(t, "description")...))
				}
			case 3:
				if some != "" {
					ok(s.Delegate(some, s.Base()))
				}
			case 4:
				c.move(time.Minute)
			}
		}
		kept, err := s.State()
		ok(err)
		to, err := ldap.New(opts)
		ok(err)
		ok(to.Restore(kept))
		again, err := to.State()
		ok(err)
		if !bytes.Equal(kept, again) {
			t.Fatalf("kept\n%s\nrestored\n%s", kept, again)
		}
	})
}

func TestWhatIsNotRestored(t *testing.T) {
	opts := ldap.Options{Flavour: ldap.OpenLDAP, Domain: "corp.example.test"}
	s, err := ldap.New(opts)
	must(t, err)
	before, err := s.State()
	must(t, err)
	for name, change := range map[string]func(string) string{
		"cut":               func(s string) string { return s[:len(s)/2] },
		"empty":             func(string) string { return "{}" },
		"another kind":      func(s string) string { return strings.Replace(s, `"openldap"`, `"active_directory"`, 1) },
		"another domain":    func(s string) string { return strings.Replace(s, "corp.example.test", "lab.example.test", 1) },
		"no key":            func(s string) string { return strings.Replace(s, `"key":`, `"lock":`, 1) },
		"no administrator":  func(s string) string { return strings.Replace(s, `"admin":"cn=admin`, `"admin":"cn=nobody`, 1) },
		"no such attribute": func(s string) string { return strings.Replace(s, `"pwdmaxage"`, `"pwdage"`, 1) },
		"hangs nowhere":     func(s string) string { return strings.Replace(s, `"dn":"ou=policies,`, `"dn":"ou=others,`, 1) },
		"wrong value":       func(s string) string { return strings.Replace(s, `"pwdmaxage":["`, `"pwdmaxage":["QUFB`, 1) },
		"another root":      func(s string) string { return strings.Replace(s, `"dn":"dc=corp,`, `"dn":"dc=cosa,`, 1) },
	} {
		bad := change(string(before))
		if bad == string(before) {
			t.Fatalf("%s: nothing was changed", name)
		}
		if err := s.Restore([]byte(bad)); err == nil {
			t.Errorf("%s: it is restored", name)
		}
	}
	after, err := s.State()
	must(t, err)
	if !bytes.Equal(before, after) {
		t.Error("a refused state has changed the directory")
	}
	must(t, s.Start("127.0.0.1:0"))
	defer s.Close() //nolint:errcheck // nothing is lost with it
	if s.Restore(before) == nil {
		t.Error("a running directory is changed under its clients")
	}
}

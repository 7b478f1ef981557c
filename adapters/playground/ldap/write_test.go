package ldap_test

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"latchkey/adapters/playground/ldap"

	client "github.com/go-ldap/ldap/v3"
)

func modify(dn string, fill func(*client.ModifyRequest)) *client.ModifyRequest {
	m := client.NewModifyRequest(dn, nil)
	fill(m)
	return m
}

// The service account unlocks below its container and does nothing else.
func TestTheServiceAccountWritesNothingElse(t *testing.T) {
	flavours(t, ldap.Options{}, func(t *testing.T, r *running, dn string) {
		conn := r.bound(t)
		lock := map[string]string{ldap.ActiveDirectory: "lockoutTime", ldap.OpenLDAP: "pwdAccountLockedTime"}[r.opts.Flavour]
		unseen := map[string]string{ldap.ActiveDirectory: "1", ldap.OpenLDAP: "20010101000000Z"}[r.opts.Flavour]
		out := r.Add(t, person(r.outside))
		r.Lock(t, out.DN)
		r.Lock(t, dn)
		for name, c := range map[string]struct {
			m    *client.ModifyRequest
			want int
		}{
			"mail":           {modify(dn, func(m *client.ModifyRequest) { m.Replace("mail", []string{"x@example.test"}) }), 50},
			"its own":        {modify(r.service, func(m *client.ModifyRequest) { m.Replace("mail", []string{"x@example.test"}) }), 50},
			"password":       {modify(dn, func(m *client.ModifyRequest) { m.Replace("userPassword", []string{"x"}) }), 50},
			"a group":        {modify(r.AddGroup(t, r.inside, "g"), func(m *client.ModifyRequest) { m.Add("member", []string{r.service}) }), 50},
			"a group's lock": {modify(r.AddGroup(t, r.inside, "h"), func(m *client.ModifyRequest) { m.Delete(lock, nil) }), 50},
			"outside":        {modify(out.DN, func(m *client.ModifyRequest) { m.Delete(lock, r.Values(out.DN, lock)) }), 50},
			"the container":  {modify(r.inside, func(m *client.ModifyRequest) { m.Delete(lock, nil) }), 50},
			"lock and mail":  {modify(dn, func(m *client.ModifyRequest) { m.Delete(lock, nil); m.Replace("mail", []string{"x"}) }), 50},
			"nobody":         {modify("cn=nobody,"+r.inside, func(m *client.ModifyRequest) { m.Delete(lock, nil) }), 32},
			"a value not seen": {modify(dn, func(m *client.ModifyRequest) {
				m.Delete(lock, []string{unseen})
			}), 16},
		} {
			if err := conn.Modify(c.m); code(err) != c.want {
				t.Errorf("%s: %v, expected %d", name, err, c.want)
			}
		}
		if r.Values(dn, "mail") != nil || r.Values(dn, lock) == nil {
			t.Error("a refused change was made in part")
		}
		err := conn.Modify(modify(dn, func(m *client.ModifyRequest) { m.Add(lock, []string{"000001010000Z"}) }))
		if want := map[string]int{ldap.ActiveDirectory: 21, ldap.OpenLDAP: 50}[r.opts.Flavour]; code(err) != want {
			t.Errorf("adding an administrator's lock: %v", err)
		}
		if r.opts.Flavour == ldap.ActiveDirectory {
			if err := conn.Modify(modify(dn, func(m *client.ModifyRequest) { m.Replace(lock, []string{"5"}) })); code(err) != 53 {
				t.Errorf("a lockoutTime of 5: %v", err)
			}
			if got := r.Values(dn, "allowedAttributesEffective"); !slices.Contains(got, "mail") {
				t.Errorf("the administrator may write %v", got)
			}
		}
		must(t, conn.Modify(modify(dn, func(m *client.ModifyRequest) {
			m.Delete(lock, r.Values(dn, lock))
			if r.opts.Flavour == ldap.ActiveDirectory {
				m.Add(lock, []string{"0"})
			}
		})))
		r.signIn(t, "wrong", ldap.Wrong)
		r.signIn(t, "right", ldap.Welcomed)
	})
}

func TestTheAdministratorModifies(t *testing.T) {
	flavours(t, ldap.Options{AdminPassword: "of-the-admin"}, func(t *testing.T, r *running, dn string) {
		conn := r.dial(t)
		must(t, conn.Bind(r.Administrator(), "of-the-admin"))
		id := map[string]string{ldap.ActiveDirectory: "objectGUID", ldap.OpenLDAP: "entryUUID"}[r.opts.Flavour]
		for name, c := range map[string]struct {
			fill func(*client.ModifyRequest)
			want int
		}{
			"replace":          {func(m *client.ModifyRequest) { m.Replace("title", []string{"One"}) }, 0},
			"add":              {func(m *client.ModifyRequest) { m.Add("mobile", []string{"+1", "+2"}) }, 0},
			"unknown":          {func(m *client.ModifyRequest) { m.Replace("noSuchThing", []string{"x"}) }, 17},
			"the id":           {func(m *client.ModifyRequest) { m.Replace(id, []string{"x"}) }, 19},
			"computed":         {func(m *client.ModifyRequest) { m.Replace("memberOf", []string{dn}) }, 19},
			"not a name":       {func(m *client.ModifyRequest) { m.Replace("manager", []string{"x"}) }, 21},
			"empty":            {func(m *client.ModifyRequest) { m.Replace("title", []string{""}) }, 21},
			"not UTF-8":        {func(m *client.ModifyRequest) { m.Replace("title", []string{"\xff"}) }, 21},
			"twice":            {func(m *client.ModifyRequest) { m.Add("title", []string{"x", "X"}) }, 20},
			"two of one":       {func(m *client.ModifyRequest) { m.Replace("displayName", []string{"x", "y"}) }, 19},
			"all or nothing":   {func(m *client.ModifyRequest) { m.Replace("pager", []string{"1"}); m.Delete("l", nil) }, 16},
			"nothing to add":   {func(m *client.ModifyRequest) { m.Add("pager", nil) }, 2},
			"delete and add":   {func(m *client.ModifyRequest) { m.Delete("sn", []string{"lin"}); m.Add("sn", []string{"Tan"}) }, 0},
			"clear":            {func(m *client.ModifyRequest) { m.Replace("givenName", nil) }, 0},
			"clear what isn't": {func(m *client.ModifyRequest) { m.Replace("l", nil) }, 0},
		} {
			if err := conn.Modify(modify(dn, c.fill)); code(err) != c.want {
				t.Errorf("%s: %v, expected %d", name, err, c.want)
			}
		}
		for name, want := range map[string]string{"title": "One", "mobile": "+1 +2", "sn": "Tan", "givenName": "", "pager": ""} {
			if got := strings.Join(r.Values(dn, name), " "); got != want {
				t.Errorf("%s is %q, expected %q", name, got, want)
			}
		}
		for value, want := range map[string]bool{"tan": true, "lin": false} {
			if got, err := conn.Compare(dn, "sn", value); err != nil || got != want {
				t.Errorf("comparing %s: %t, %v", value, got, err)
			}
		}
		if _, err := conn.Compare(dn, "noSuchThing", "x"); code(err) != 17 {
			t.Errorf("comparing what is not known: %v", err)
		}
		if err := conn.Del(client.NewDelRequest(dn, nil)); code(err) != 53 {
			t.Errorf("deleting over the wire: %v", err)
		}
	})
}

// One of many who saw the same lock clears it.
func TestCompareAndSet(t *testing.T) {
	flavours(t, ldap.Options{}, func(t *testing.T, r *running, dn string) {
		lock := map[string]string{ldap.ActiveDirectory: "lockoutTime", ldap.OpenLDAP: "pwdAccountLockedTime"}[r.opts.Flavour]
		r.Lock(t, dn)
		seen := r.Values(dn, lock)
		var won, lost atomic.Int32
		var done sync.WaitGroup
		for range 20 {
			conn := r.bound(t)
			done.Go(func() {
				err := conn.Modify(modify(dn, func(m *client.ModifyRequest) {
					m.Delete(lock, seen)
					if r.opts.Flavour == ldap.ActiveDirectory {
						m.Add(lock, []string{"0"})
					}
				}))
				switch code(err) {
				case 0:
					won.Add(1)
				case 16:
					lost.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		done.Wait()
		if won.Load() != 1 || lost.Load() != 19 {
			t.Errorf("%d won, %d lost", won.Load(), lost.Load())
		}
	})
}

// Who must change the password may do nothing before that.
func TestMustChange(t *testing.T) {
	r := start(t, ldap.Options{Flavour: ldap.OpenLDAP, Domain: "example.test"})
	who := r.Add(t, person(r.inside))
	r.Set(t, who.DN, "pwdReset", "TRUE")
	conn := r.dial(t)
	must(t, conn.Bind(who.DN, who.Password))
	if _, err := conn.Search(search(r.Base(), "(uid=*)")); code(err) != 50 {
		t.Errorf("a search: %v", err)
	}
	if err := conn.Modify(modify(who.DN, func(m *client.ModifyRequest) { m.Replace("title", []string{"x"}) })); code(err) != 50 {
		t.Errorf("a modify: %v", err)
	}
}

package ldap_test

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"latchkey/adapters/playground/ldap"

	client "github.com/go-ldap/ldap/v3"
	"pgregory.net/rapid"
)

// clock is moved by hand.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.at }

func (c *clock) move(d time.Duration) { c.mu.Lock(); defer c.mu.Unlock(); c.at = c.at.Add(d) }

// flavours runs a test on both, with one person in each.
func flavours(t *testing.T, opts ldap.Options, test func(*testing.T, *running, string)) {
	for _, flavour := range []string{ldap.ActiveDirectory, ldap.OpenLDAP} {
		t.Run(flavour, func(t *testing.T) {
			opts.Flavour, opts.Domain = flavour, "corp.example.test"
			r := start(t, opts)
			dn, err := r.AddUser(ldap.User{Login: "mlin", Under: r.inside, First: "Mei", Last: "Lin", Password: "right"})
			must(t, err)
			test(t, r, dn)
		})
	}
}

func (r *running) signIn(tb testing.TB, password string, want ldap.Attempt) {
	tb.Helper()
	if got, err := r.SignIn(context.Background(), "mlin", password); err != nil || got != want {
		tb.Errorf("%s: %q, %v, expected %q", password, got, err, want)
	}
}

func TestALockHoldsAndRunsOut(t *testing.T) {
	c := newClock()
	flavours(t, ldap.Options{Now: c.now}, func(t *testing.T, r *running, dn string) {
		for range 3 {
			r.signIn(t, "wrong", ldap.Wrong)
		}
		r.signIn(t, "right", ldap.Locked)
		c.move(29 * time.Minute)
		r.signIn(t, "wrong", ldap.Locked) // does not lengthen it
		r.signIn(t, "right", ldap.Locked)
		c.move(time.Minute)
		r.signIn(t, "wrong", ldap.Wrong) // the old ones do not count any more
		r.signIn(t, "wrong", ldap.Wrong)
		r.signIn(t, "right", ldap.Welcomed)
		r.signIn(t, "wrong", ldap.Wrong) // and a success begins anew
		r.signIn(t, "wrong", ldap.Wrong)
		r.signIn(t, "right", ldap.Welcomed)
		r.signIn(t, "wrong", ldap.Wrong)
		r.signIn(t, "wrong", ldap.Wrong)
		c.move(31 * time.Minute)
		r.signIn(t, "wrong", ldap.Wrong) // those lie too far back
		r.signIn(t, "right", ldap.Welcomed)
	})
}

func TestALockWithoutAnEnd(t *testing.T) {
	c := newClock()
	flavours(t, ldap.Options{Now: c.now, Duration: ldap.Forever, Threshold: 2, MaxAge: ldap.Forever}, func(t *testing.T, r *running, dn string) {
		r.signIn(t, "wrong", ldap.Wrong)
		r.signIn(t, "wrong", ldap.Wrong)
		c.move(10 * 365 * 24 * time.Hour)
		r.signIn(t, "right", ldap.Locked)
		r.Unlock(t, dn)
		r.signIn(t, "right", ldap.Welcomed)
	})
}

// Sub-codes are Active Directory's own words; all but the lock's come to who
// has the password alone.
func TestSubCodes(t *testing.T) {
	c := newClock()
	r := start(t, ldap.Options{Flavour: ldap.ActiveDirectory, Domain: "corp.example.test", Now: c.now})
	for data, prepare := range map[string]func(dn string){
		"533": func(dn string) { r.Set(t, dn, "userAccountControl", "514") },
		"701": func(dn string) { r.Set(t, dn, "accountExpires", fileTime(c.now().Add(-time.Hour))) },
		"773": func(dn string) { r.Set(t, dn, "pwdLastSet", "0") },
		"532": func(dn string) { r.Set(t, dn, "pwdLastSet", fileTime(c.now().Add(-91*24*time.Hour))) },
		"775": func(dn string) { r.Lock(t, dn) },
		"":    func(string) {},
	} {
		login := unique("u")
		dn, err := r.AddUser(ldap.User{Login: login, Under: r.inside, Password: "right"})
		must(t, err)
		prepare(dn)
		for _, name := range []string{dn, strings.ToUpper(dn), login + "@corp.example.test", strings.ToUpper(login) + "@CORP.example.test", `CORP\` + login, `corp.example.test\` + login} {
			if got := subCode(r.dial(t).Bind(name, "right")); got != data {
				t.Errorf("%s: sub-code %q, expected %q", name, got, data)
			}
		}
		if want := map[bool]string{true: "775", false: "52e"}[data == "775"]; subCode(r.dial(t).Bind(dn, "wrong")) != want {
			t.Errorf("a wrong password of an account in state %s tells of it", data)
		}
	}
	for _, name := range []string{"CN=nobody," + r.inside, r.inside, `CORP\nobody`, `ELSEWHERE\svc-unlock`, "nobody@corp.example.test", "svc-unlock@elsewhere.test", "svc-unlock", "*", `CORP\*`, "="} {
		if got := subCode(r.dial(t).Bind(name, "right")); got != "52e" {
			t.Errorf("%s: sub-code %q", name, got)
		}
	}
}

func subCode(err error) string {
	if err == nil {
		return ""
	}
	_, data, _ := strings.Cut(err.Error(), " data ")
	data, _, _ = strings.Cut(data, ",")
	return data
}

// lockoutTime outlives the lock, and only the server's own computation tells.
func TestWhatALockLeavesBehind(t *testing.T) {
	c := newClock()
	r := start(t, ldap.Options{Flavour: ldap.ActiveDirectory, Domain: "corp.example.test", Now: c.now})
	who := r.Add(t, person(r.inside))
	value := func(name string) string { return strings.Join(r.Values(who.DN, name), " ") }
	r.Lock(t, who.DN)
	if value("lockoutTime") != fileTime(c.now()) || value("badPwdCount") != "3" || value("msDS-User-Account-Control-Computed") != "16" {
		t.Errorf("locked: %s %s %s", value("lockoutTime"), value("badPwdCount"), value("msDS-User-Account-Control-Computed"))
	}
	c.move(31 * time.Minute)
	if value("lockoutTime") == "0" || value("msDS-User-Account-Control-Computed") != "0" {
		t.Errorf("run out: %s %s", value("lockoutTime"), value("msDS-User-Account-Control-Computed"))
	}
	must(t, r.Bind(who.DN, who.Password))
	if value("lockoutTime") != "0" || value("badPwdCount") != "0" {
		t.Errorf("after a success: %s %s", value("lockoutTime"), value("badPwdCount"))
	}
	c.move(91 * 24 * time.Hour)
	if bits, _ := strconv.Atoi(value("msDS-User-Account-Control-Computed")); bits != 0x800000 {
		t.Errorf("an expired password: %x", bits)
	}
}

// However tries, unlocks and time follow one another: who is locked is not let
// in, and who is not locked is.
func TestLocksBehaveAsAModelSays(t *testing.T) {
	c := newClock()
	flavours(t, ldap.Options{Now: c.now, MaxAge: ldap.Forever}, func(t *testing.T, r *running, _ string) {
		rapid.Check(t, func(t *rapid.T) {
			dn, err := r.AddUser(ldap.User{Login: unique("u"), Under: r.inside, Password: "right"})
			if err != nil {
				t.Fatal(err)
			}
			var failures []time.Time
			var until time.Time
			for range rapid.IntRange(1, 15).Draw(t, "steps") {
				c.move(time.Second)
				password := "right"
				switch rapid.SampledFrom([]string{"right", "wrong", "wrong", "wrong", "wait", "unlock"}).Draw(t, "step") {
				case "wait":
					c.move(rapid.SampledFrom([]time.Duration{time.Minute, 31 * time.Minute}).Draw(t, "wait"))
					continue
				case "unlock":
					name := map[string]string{ldap.ActiveDirectory: "lockoutTime", ldap.OpenLDAP: "pwdAccountLockedTime"}[r.opts.Flavour]
					if r.clear(dn, name) {
						failures, until = nil, time.Time{}
					}
					continue
				case "wrong":
					password = "wrong"
				}
				want := ldap.Welcomed
				now := c.now()
				switch {
				case now.Before(until):
					want = ldap.Locked
				case password == "right":
					failures = nil
				default:
					want = ldap.Wrong
					failures = recent(failures, now, r.opts.Flavour)
					if failures = append(failures, now); len(failures) >= 3 {
						until = now.Add(30 * time.Minute)
					}
				}
				if got, err := r.SignIn(context.Background(), dn, password); err != nil || got != want {
					t.Fatalf("%s: %q, %v, expected %q", password, got, err, want)
				}
			}
		})
	})
}

// recent keeps what still counts: Active Directory looks at the distance to the
// last one, OpenLDAP at each.
func recent(failures []time.Time, now time.Time, flavour string) []time.Time {
	const window = 30 * time.Minute
	if flavour == ldap.ActiveDirectory {
		if len(failures) > 0 && now.Sub(failures[len(failures)-1]) >= window {
			return nil
		}
		return failures
	}
	var out []time.Time
	for _, f := range failures {
		if now.Sub(f) < window {
			out = append(out, f)
		}
	}
	return out
}

// clear unlocks as the bot does, by the service account; false: there was no lock to clear.
func (r *running) clear(dn, name string) bool {
	conn, err := client.DialURL(r.URL(), client.DialWithTLSConfig(r.trust()))
	if err != nil {
		return false
	}
	defer conn.Close()
	seen := r.Values(dn, name)
	if len(seen) == 0 || conn.Bind(r.service, r.servicePassword) != nil {
		return false
	}
	request := client.NewModifyRequest(dn, nil)
	request.Delete(name, seen)
	if r.opts.Flavour == ldap.ActiveDirectory {
		request.Add(name, []string{"0"})
	}
	return conn.Modify(request) == nil
}

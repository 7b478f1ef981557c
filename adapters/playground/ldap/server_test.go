package ldap_test

import (
	"context"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"latchkey/adapters/playground/ldap"
)

func TestOptionsThatCannotWork(t *testing.T) {
	for name, change := range map[string]func(*ldap.Options){
		"flavour": func(o *ldap.Options) { o.Flavour = "389ds" }, "no domain": func(o *ldap.Options) { o.Domain = "" },
		"domain": func(o *ldap.Options) { o.Domain = "Corp.Example" }, "label": func(o *ldap.Options) { o.Domain = "corp" },
		"threshold": func(o *ldap.Options) { o.Threshold = -1 }, "duration": func(o *ldap.Options) { o.Duration = time.Millisecond },
		"window": func(o *ldap.Options) { o.Duration, o.Window = time.Minute, time.Hour }, "age": func(o *ldap.Options) { o.MaxAge = time.Second },
		"endless window": func(o *ldap.Options) { o.Window = ldap.Forever },
	} {
		o := ldap.Options{Flavour: ldap.ActiveDirectory, Domain: "corp.example.test"}
		change(&o)
		if _, err := ldap.New(o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestStartRefuses(t *testing.T) {
	s, err := ldap.New(ldap.Options{Flavour: ldap.OpenLDAP, Domain: "example.test"})
	must(t, err)
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer taken.Close()
	for _, addr := range []string{"", "0.0.0.0:0", "192.0.2.1:0", "localhost:0", "127.0.0.1", ":0", taken.Addr().String()} {
		if err := s.Start(addr); err == nil {
			t.Errorf("it started on %q", addr)
		}
	}
	if s.URL() != "" || s.CA() != nil {
		t.Error("it has an address before it is started")
	}
	if _, err := s.SignIn(context.Background(), "x", "y"); err == nil {
		t.Error("somebody signs in before it is started")
	}
	must(t, s.Start("127.0.0.1:0"))
	if err := s.Start("127.0.0.1:0"); err == nil {
		t.Error("it started twice")
	}
	must(t, s.Close())
	must(t, s.Close())
}

func TestAwayAndHanging(t *testing.T) {
	flavours(t, ldap.Options{}, func(t *testing.T, r *running, dn string) {
		open := r.raw(t, true)
		_, err := open.Write(message(1, extended("1.2.3")))
		must(t, err)
		_, err = io.ReadFull(open, make([]byte, 10))
		must(t, err)
		r.Away()
		if _, err := io.ReadAll(open); err == nil {
			t.Error("an open connection ends in peace")
		}
		began := time.Now()
		if _, err := r.SignIn(context.Background(), "mlin", "right"); err == nil || time.Since(began) > time.Second {
			t.Errorf("signing in at a server that is away: %v after %v", err, time.Since(began))
		}
		r.Back()
		r.signIn(t, "right", ldap.Welcomed)

		stuck := r.raw(t, true)
		_, err = stuck.Write(message(1, extended("1.2.3")))
		must(t, err)
		_, err = io.ReadFull(stuck, make([]byte, 10))
		must(t, err)
		r.Hang()
		r.Hang()
		short, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
		defer cancel()
		if _, err := r.SignIn(short, "mlin", "right"); err == nil || time.Since(began) > 2*time.Second {
			t.Errorf("signing in at a server that hangs: %v", err)
		}
		_, err = stuck.Write(message(2, extended("1.2.3")))
		must(t, err)
		must(t, stuck.SetReadDeadline(time.Now().Add(100*time.Millisecond)))
		rest, err := io.ReadAll(stuck)
		if netErr, ok := err.(net.Error); !ok || !netErr.Timeout() || strings.Contains(string(rest), "\x02\x01\x02") {
			t.Errorf("a server that hangs answered %x, %v", rest, err)
		}
		r.Back()
		r.Back()
		r.signIn(t, "right", ldap.Welcomed)
		r.Hang() // and closes so, at the test's end
	})
}

// The door holds so many; who comes then is turned away, and the others are served.
func TestConnectionsAreBounded(t *testing.T) {
	r := start(t, ldap.Options{Flavour: ldap.OpenLDAP, Domain: "example.test"})
	ours := r.bound(t)
	const tried, welcome = 300, 256
	turned := make(chan struct{}, tried)
	for range tried {
		conn, err := net.Dial("tcp", strings.TrimPrefix(r.URL(), "ldaps://"))
		if err != nil {
			turned <- struct{}{}
			continue
		}
		defer conn.Close()
		go func() { // it says nothing, and hears something when it is turned away alone
			_, _ = conn.Read(make([]byte, 1))
			turned <- struct{}{}
		}()
	}
	for n := range tried + 1 - welcome {
		select {
		case <-turned:
		case <-time.After(5 * time.Second):
			t.Fatalf("%d of %d were turned away", n, tried)
		}
	}
	if _, err := ours.Search(search(r.Base(), "(uid=*)")); err != nil {
		t.Error(err)
	}
}

func TestSignInByEachName(t *testing.T) {
	flavours(t, ldap.Options{}, func(t *testing.T, r *running, dn string) {
		names := []string{"mlin", "MLIN", dn}
		if r.opts.Flavour == ldap.ActiveDirectory {
			names = append(names, `CORP\mlin`, "mlin@corp.example.test")
		}
		for _, name := range names {
			if got, err := r.SignIn(context.Background(), name, "right"); err != nil || got != ldap.Welcomed {
				t.Errorf("%s: %q, %v", name, got, err)
			}
		}
		for _, name := range []string{"nobody", "", "*", "uid=*", "\x00", strings.Repeat("x", 200<<10)} {
			if got, err := r.SignIn(context.Background(), name, "right"); err == nil && got != ldap.Wrong {
				t.Errorf("%.20q: %q, %v", name, got, err)
			}
		}
		if got, err := r.SignIn(context.Background(), "mlin", ""); err != nil || got != ldap.Wrong {
			t.Errorf("without a password: %q, %v", got, err)
		}
	})
}

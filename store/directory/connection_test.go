package directory

import (
	"bytes"
	"context"
	"errors"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"latchkey/bot"
	"latchkey/servers"

	ber "github.com/go-asn1-ber/asn1-ber"
	"go.uber.org/goleak"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"
)

const secret = "a-password-that-nobody-may-see"

// strange is a server that answers as told, and keeps what it was sent.
type strange struct {
	address string
	mu      sync.Mutex
	heard   bytes.Buffer
}

func (s *strange) said() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.heard.String()
}

// speak starts a server; answer is what it says to each piece that it hears
// (nil: it hangs up), and greeting what it says before.
func speak(tb testing.TB, greeting []byte, answer func(heard []byte) []byte) *strange {
	tb.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	s := &strange{address: listener.Addr().String()}
	var done sync.WaitGroup
	serve := func(conn net.Conn) {
		defer conn.Close() //nolint:errcheck // a strange server
		_, _ = conn.Write(greeting)
		buffer := make([]byte, 64<<10)
		for {
			n, err := conn.Read(buffer)
			if err != nil {
				return
			}
			s.mu.Lock()
			s.heard.Write(buffer[:n])
			s.mu.Unlock()
			reply := answer(buffer[:n])
			if reply == nil {
				return
			}
			_, _ = conn.Write(reply)
		}
	}
	done.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			done.Go(func() { serve(conn) })
		}
	})
	tb.Cleanup(func() { _ = listener.Close(); done.Wait() })
	return s
}

// extended is an ExtendedResponse with a result code.
func extended(id int64, code int64) []byte {
	message := ber.NewSequence("message")
	message.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagInteger, id, "id"))
	response := ber.Encode(ber.ClassApplication, ber.TypeConstructed, 24, nil, "response")
	response.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagEnumerated, code, "code"))
	response.AppendChild(ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, "", "dn"))
	response.AppendChild(ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, "no", "text"))
	message.AppendChild(response)
	return message.Bytes()
}

func strangeStore(tb testing.TB, log *zap.Logger, urls ...string) *Store {
	tb.Helper()
	s, err := Open(Config{Name: "corp", Kind: OpenLDAP, URLs: urls, Base: "dc=x", BindDN: "cn=svc,dc=x", BindPassword: secret}, log)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// Whatever a server does: a clear message in time, no secret in plain text or
// in the log, and nothing left running.
func TestStrangeServers(t *testing.T) {
	ignore := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, ignore) }) // the last of the cleanups
	hang := func([]byte) []byte { return []byte{} }
	var done sync.WaitGroup
	for name, s := range map[string]struct {
		scheme string
		peer   *strange
	}{
		"refuses StartTLS":           {"ldap", speak(t, nil, func([]byte) []byte { return extended(1, 2) })},
		"agrees to StartTLS, no TLS": {"ldap", speak(t, nil, func([]byte) []byte { return extended(1, 0) })},
		"answers another message":    {"ldap", speak(t, nil, func([]byte) []byte { return extended(7, 0) })},
		"disconnects with a notice":  {"ldap", speak(t, nil, func([]byte) []byte { return extended(0, 52) })},
		"says nothing":               {"ldap", speak(t, nil, hang)},
		"says nothing to TLS":        {"ldaps", speak(t, nil, hang)},
		"hangs up":                   {"ldap", speak(t, nil, func([]byte) []byte { return nil })},
		"hangs up on TLS":            {"ldaps", speak(t, nil, func([]byte) []byte { return nil })},
		"speaks HTTP":                {"ldap", speak(t, []byte("HTTP/1.1 400 Bad Request\r\n\r\n"), hang)},
		"speaks plain LDAP to TLS":   {"ldaps", speak(t, nil, func([]byte) []byte { return extended(1, 0) })},
		"sends an endless length":    {"ldap", speak(t, []byte{0x30, 0x84, 0x7f, 0xff, 0xff, 0xff}, hang)},
		"sends deep nesting":         {"ldap", speak(t, bytes.Repeat([]byte{0x30, 0x80}, 5000), hang)},
		"sends noise":                {"ldaps", speak(t, bytes.Repeat([]byte{0xff, 0x00, 0x30}, 5000), hang)},
	} {
		done.Go(func() {
			core, logs := observer.New(zap.DebugLevel)
			store := strangeStore(t, zap.New(core), s.scheme+"://"+s.peer.address)
			began := time.Now()
			_, err := store.Find(context.Background(), bot.Query{Text: "mei", Limit: 1})
			store.Close()
			if took := time.Since(began); took > 3*time.Second {
				t.Errorf("%s: it took %v", name, took)
			}
			if bot.KindOf(err) != bot.Unavailable || bot.TextOf(err) == "" {
				t.Errorf("%s: it gave %v", name, err)
			}
			if strings.Contains(s.peer.said(), secret) || strings.Contains(s.peer.said(), "mei") {
				t.Errorf("%s: something was said in plain text", name)
			}
			for _, entry := range logs.All() {
				if entry.Level > zap.WarnLevel || strings.Contains(entry.Message, secret) || strings.Contains(entry.Message, "mei") {
					t.Errorf("%s: the log says %s %v", name, entry.Message, entry.Context)
				}
			}
			if logs.Len() == 0 {
				t.Errorf("%s: the log does not say that the server was not reached", name)
			}
		})
	}
	done.Wait()
}

// A connection that has served is taken again, and not when it is too old,
// idle for too long or broken.
func TestConnectionsAreKept(t *testing.T) {
	ignore := goleak.IgnoreCurrent()
	sl := servers.StartSlapd(t, servers.SlapdSpec{})
	s, err := Open(Config{Name: "lab", Kind: OpenLDAP, URLs: []string{sl.URL}, Base: sl.Base, BindDN: sl.Reader.DN, BindPassword: sl.Reader.Password, CA: sl.CA}, nil)
	if err != nil {
		t.Fatal(err)
	}
	who := sl.AddUser(t, servers.User{})
	look := func() {
		if _, err := s.Lookup(context.Background(), bot.FieldLogin, who.Login); err != nil {
			t.Fatal(err)
		}
	}
	for range 20 {
		look()
	}
	pool := s.servers[0].pool
	if made := pool.Stat().TotalResources(); made != 1 {
		t.Errorf("20 calls one after the other made %d connections", made)
	}
	var done sync.WaitGroup
	for range 50 {
		done.Go(look)
	}
	done.Wait()
	if open := pool.Stat().TotalResources(); open > connectionsPerServer {
		t.Errorf("%d connections are open", open)
	}
	for _, held := range pool.AcquireAllIdle() {
		_ = held.Value().socket.Close() // as a firewall would
		held.Release()
	}
	look()
	s.Close()
	if _, err := s.Lookup(context.Background(), bot.FieldLogin, who.Login); bot.KindOf(err) != bot.Unavailable {
		t.Errorf("a closed store gave %v", err)
	}
	sl.Stop(t)
	goleak.VerifyNone(t, ignore)
}

func TestOpenRefusesWhatCannotWork(t *testing.T) {
	good := Config{Name: "corp", Kind: ActiveDirectory, URLs: []string{"ldaps://dc1.example.test", "ldap://[::1]:389"}, Base: "DC=x", BindDN: "CN=a,DC=x", BindPassword: "p"}
	for name, change := range map[string]func(*Config){
		"no name": func(c *Config) { c.Name = "" }, "kind": func(c *Config) { c.Kind = "ldap" }, "no urls": func(c *Config) { c.URLs = nil },
		"base": func(c *Config) { c.Base = "corp" }, "no base": func(c *Config) { c.Base = "" }, "bind_dn": func(c *Config) { c.BindDN = "svc@corp" },
		"no password": func(c *Config) { c.BindPassword = "" }, "policy": func(c *Config) { c.DefaultPolicy = "default" },
		"link": func(c *Config) { c.LinkAttribute = "a)(b" }, "mail": func(c *Config) { c.Attributes.Mail = "mail;x" }, "ca": func(c *Config) { c.CA = []byte("no") },
		"write_to": func(c *Config) { c.WriteTo = "ldaps://other" }, "pdc": func(c *Config) { c.Kind, c.WriteTo = OpenLDAP, WriteToPDC },
		"http": func(c *Config) { c.URLs = []string{"http://x"} }, "no host": func(c *Config) { c.URLs = []string{"ldaps://"} },
		"user": func(c *Config) { c.URLs = []string{"ldaps://u:" + secret + "@x"} }, "path": func(c *Config) { c.URLs = []string{"ldaps://x/dc=x"} },
		"ldapi": func(c *Config) { c.URLs = []string{"ldapi:///"} }, "garbled": func(c *Config) { c.URLs = []string{"ldaps://%zz" + secret} },
	} {
		c := good
		change(&c)
		s, err := Open(c, nil)
		if bot.KindOf(err) != bot.Invalid || bot.TextOf(err) == "" || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil {
			s.Close()
		}
	}
	s, err := Open(good, nil)
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
}

// A write that never left is no write that may have landed.
func TestWriteThatNeverLeft(t *testing.T) {
	sl := servers.SharedSlapd(t)
	s, err := Open(Config{Name: "lab", Kind: OpenLDAP, URLs: []string{sl.URL}, Base: sl.Base, BindDN: sl.Unlocker.DN, BindPassword: sl.Unlocker.Password, CA: sl.CA}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	for name, c := range map[string]struct {
		ctx   context.Context
		spoil func(*connection)
	}{
		"broken":   {context.Background(), func(c *connection) { _ = c.socket.Close() }},
		"too late": {ended, func(*connection) {}},
	} {
		held, err := s.servers[0].acquire(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		c.spoil(held.Value())
		err = s.write(c.ctx, held.Value(), "uid=nobody,"+sl.People, bot.Grant{})
		held.Destroy()
		if bot.KindOf(err) != bot.Unavailable || errors.Is(err, bot.ErrUnanswered) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

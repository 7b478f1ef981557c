package ldap_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"latchkey/adapters/playground/ldap"
	"latchkey/store/directory/conformance"

	ber "github.com/go-asn1-ber/asn1-ber"
	client "github.com/go-ldap/ldap/v3"
)

func person(under string) conformance.Person { return conformance.Person{Under: under} }

func (r *running) trust() *tls.Config {
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(r.CA())
	return &tls.Config{RootCAs: pool, ServerName: "127.0.0.1"}
}

// dial is go-ldap's connection, anonymous yet.
func (r *running) dial(tb testing.TB) *client.Conn {
	tb.Helper()
	conn, err := client.DialURL(r.URL(), client.DialWithTLSConfig(r.trust()))
	must(tb, err)
	conn.SetTimeout(5 * time.Second)
	tb.Cleanup(func() { _ = conn.Close() })
	return conn
}

func (r *running) bound(tb testing.TB) *client.Conn {
	tb.Helper()
	conn := r.dial(tb)
	must(tb, conn.Bind(r.service, r.servicePassword))
	return conn
}

// raw is a connection on which anything can be said, with TLS if secure.
func (r *running) raw(tb testing.TB, secure bool) net.Conn {
	tb.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(r.URL(), "ldaps://"))
	must(tb, err)
	if secure {
		conn = tls.Client(conn, r.trust())
	}
	must(tb, conn.SetDeadline(time.Now().Add(5*time.Second)))
	tb.Cleanup(func() { _ = conn.Close() })
	return conn
}

// code is the result code of an error, -1 of what is none.
func code(err error) int {
	var e *client.Error
	switch {
	case err == nil:
		return 0
	case errors.As(err, &e):
		return int(e.ResultCode)
	}
	return -1
}

func search(base, filter string, attributes ...string) *client.SearchRequest {
	return client.NewSearchRequest(base, client.ScopeWholeSubtree, client.NeverDerefAliases, 0, 0, false, filter, attributes, nil)
}

func TestWhoHasNotSignedInSeesTheRootAlone(t *testing.T) {
	flavours(t, ldap.Options{}, func(t *testing.T, r *running, dn string) {
		refused := map[string]int{ldap.ActiveDirectory: 1, ldap.OpenLDAP: 32}[r.opts.Flavour]
		conn := r.dial(t)
		try := func(when string) {
			t.Helper()
			if _, err := conn.Search(search(r.Base(), "(cn=*)")); code(err) != refused {
				t.Errorf("%s: a search gave %v", when, err)
			}
			change := client.NewModifyRequest(dn, nil)
			change.Replace("title", []string{"x"})
			if err := conn.Modify(change); code(err) != refused {
				t.Errorf("%s: a modify gave %v", when, err)
			}
			if _, err := conn.Compare(dn, "cn", "Mei Lin"); code(err) != refused {
				t.Errorf("%s: a compare gave %v", when, err)
			}
		}
		try("before a bind")
		must(t, conn.Bind(dn, "right"))
		if code(conn.Bind(dn, "wrong")) != 49 {
			t.Error("a wrong password is taken")
		}
		try("after a failed bind")
		if code(conn.UnauthenticatedBind(dn)) != 53 {
			t.Error("a bind without a password is taken")
		}
		try("after a bind without a password")
		root, err := conn.Search(client.NewSearchRequest("", client.ScopeBaseObject, 0, 0, 0, false, "(objectClass=*)", []string{"namingContexts", "supportedldapversion"}, nil))
		if err != nil || len(root.Entries) != 1 || len(root.Entries[0].Attributes) != 2 {
			t.Errorf("the root: %+v, %v", root, err)
		}
	})
}

func TestNoPasswordInPlainText(t *testing.T) {
	flavours(t, ldap.Options{}, func(t *testing.T, r *running, dn string) {
		conn, err := client.DialURL(r.PlainURL())
		must(t, err)
		defer conn.Close()
		want := map[string]int{ldap.ActiveDirectory: 8, ldap.OpenLDAP: 13}[r.opts.Flavour]
		if err := conn.Bind(dn, "right"); code(err) != want {
			t.Errorf("in plain text: %v", err)
		}
		must(t, conn.StartTLS(r.trust()))
		must(t, conn.Bind(dn, "right"))
		if who, err := conn.WhoAmI(nil); err != nil || who.AuthzID != map[string]string{ldap.ActiveDirectory: `u:CORP\mlin`, ldap.OpenLDAP: "dn:" + dn}[r.opts.Flavour] {
			t.Errorf("who am I: %+v, %v", who, err)
		}
		if err := conn.StartTLS(r.trust()); err == nil {
			t.Error("TLS begins twice")
		}
	})
}

// What somebody puts behind StartTLS in plain text is not taken for secured.
func TestNothingIsSlippedInBehindStartTLS(t *testing.T) {
	r := start(t, ldap.Options{Flavour: ldap.ActiveDirectory, Domain: "corp.example.test"})
	conn := r.raw(t, false)
	whoami := message(2, extended("1.3.6.1.4.1.4203.1.11.3"))
	_, err := conn.Write(append(message(1, extended("1.3.6.1.4.1.1466.20037")), whoami...))
	must(t, err)
	answer, err := io.ReadAll(conn)
	must(t, err)
	if p := ber.DecodePacket(answer); p == nil || p.Children[1].Children[0].Value.(int64) != 1 {
		t.Errorf("the answer is %x", answer)
	}
}

func message(id int64, op *ber.Packet) []byte {
	m := ber.NewSequence("")
	m.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagInteger, id, ""))
	m.AppendChild(op)
	return m.Bytes()
}

func extended(name string) *ber.Packet {
	p := ber.Encode(ber.ClassApplication, ber.TypeConstructed, 23, nil, "")
	p.AppendChild(ber.NewString(ber.ClassContext, ber.TypePrimitive, 0, name, ""))
	return p
}

// Requests that are sent without waiting are answered in their order.
func TestPipelining(t *testing.T) {
	r := start(t, ldap.Options{Flavour: ldap.OpenLDAP, Domain: "example.test"})
	conn := r.raw(t, true)
	var all bytes.Buffer
	const many = 50
	for id := range int64(many) {
		all.Write(message(id+1, extended("1.3.6.1.4.1.4203.1.11.3")))
		abandon := ber.NewInteger(ber.ClassApplication, ber.TypePrimitive, 16, id+1, "")
		all.Write(message(many+id+1, abandon))
	}
	all.Write(message(1000, ber.Encode(ber.ClassApplication, ber.TypePrimitive, 2, nil, ""))) // unbind
	go func() { _, _ = conn.Write(all.Bytes()) }()
	for id := range int64(many) {
		p, err := ber.ReadPacket(conn)
		if err != nil || p.Children[0].Value.(int64) != id+1 {
			t.Fatalf("answer %d: %v", id+1, err)
		}
	}
	if _, err := ber.ReadPacket(conn); !errors.Is(err, io.EOF) {
		t.Errorf("after the last: %v", err)
	}
}

// What is no message ends the connection with a notice, at once, and takes no memory.
func TestWhatIsNoMessage(t *testing.T) {
	r := start(t, ldap.Options{Flavour: ldap.ActiveDirectory, Domain: "corp.example.test"})
	deep := []byte{}
	for range 60 {
		deep = append([]byte{0xa2, 0x82, byte(len(deep) >> 8), byte(len(deep))}, deep...)
	}
	whole := message(1, extended("1.3.6.1.4.1.4203.1.11.3"))
	for name, raw := range map[string][]byte{
		"HTTP": []byte("GET / HTTP/1.0\r\n\r\n"), "huge": {0x30, 0x84, 0x7f, 0xff, 0xff, 0xff}, "endless": {0x30, 0x80, 2, 1, 1, 0, 0},
		"nine octets of length": {0x30, 0x89, 1, 1, 1, 1, 1, 1, 1, 1, 1}, "empty": {0x30, 0}, "no operation": {0x30, 3, 2, 1, 1},
		"negative id": append([]byte{0x30, byte(len(whole) - 2), 2, 1, 0xff}, whole[5:]...), "text for an id": {0x30, 5, 4, 1, 'a', 0x42, 0},
		"an answer": message(1, ber.Encode(ber.ClassApplication, ber.TypeConstructed, 24, nil, "")), "a real number": {0x30, 8, 2, 1, 1, 0x63, 3, 9, 1, 0},
		"inner element too long": {0x30, 7, 2, 1, 1, 0x63, 5, 4, 1}, "too deep": append([]byte{0x30, 0x82, byte((len(deep) + 3) >> 8), byte(len(deep) + 3), 2, 1, 1}, deep...),
	} {
		conn := r.raw(t, true)
		_, err := conn.Write(raw)
		must(t, err)
		answer, err := io.ReadAll(conn)
		if err != nil || !bytes.Contains(answer, []byte("1.3.6.1.4.1.1466.20036")) {
			t.Errorf("%s: %q, %v", name, answer, err)
		}
	}
}

// Requests that are messages but malformed in themselves are told so.
func TestMalformedRequests(t *testing.T) {
	r := start(t, ldap.Options{Flavour: ldap.ActiveDirectory, Domain: "corp.example.test"})
	app := func(tag ber.Tag, children ...*ber.Packet) *ber.Packet {
		p := ber.Encode(ber.ClassApplication, ber.TypeConstructed, tag, nil, "")
		for _, c := range children {
			p.AppendChild(c)
		}
		return p
	}
	text := func(s string) *ber.Packet {
		return ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, s, "")
	}
	number := func(n int64) *ber.Packet {
		return ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagInteger, n, "")
	}
	simple := func(s string) *ber.Packet { return ber.NewString(ber.ClassContext, ber.TypePrimitive, 0, s, "") }
	sasl := ber.Encode(ber.ClassContext, ber.TypeConstructed, 3, nil, "")
	for name, c := range map[string]struct {
		op   *ber.Packet
		want int64
	}{
		"empty bind": {app(0), 2}, "empty search": {app(3), 2}, "empty modify": {app(6), 2}, "empty compare": {app(14), 2}, "empty extended": {app(23), 2},
		"version 2": {app(0, number(2), text("cn=x"), simple("x")), 2}, "SASL": {app(0, number(3), text(""), sasl), 7},
		"bind without a name": {app(0, number(3), simple("x")), 2}, "unknown extended": {extended("1.2.3"), 2},
		"add": {app(8, text("cn=x")), 53}, "modify DN": {app(12, text("cn=x")), 53}, "search in a text": {app(3, text("")), 2},
		"modify without changes": {app(6, text("cn=x"), ber.NewSequence("")), 2},
	} {
		conn := r.raw(t, true)
		_, err := conn.Write(message(7, c.op))
		must(t, err)
		p, err := ber.ReadPacket(conn)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := p.Children[1].Children[0].Value.(int64); got != c.want || p.Children[0].Value.(int64) != 7 {
			t.Errorf("%s: result %d, expected %d", name, got, c.want)
		}
	}
}

func TestCriticalControlThatIsNotKnown(t *testing.T) {
	r := start(t, ldap.Options{Flavour: ldap.ActiveDirectory, Domain: "corp.example.test"})
	conn := r.bound(t)
	for critical, want := range map[bool]int{true: 12, false: 0} {
		q := search(r.Base(), "(cn=svc-unlock)")
		q.Controls = []client.Control{client.NewControlString("1.2.3.4", critical, "")}
		if _, err := conn.Search(q); code(err) != want {
			t.Errorf("critical %t: %v", critical, err)
		}
	}
}

func TestManyClientsAtOnce(t *testing.T) {
	flavours(t, ldap.Options{Threshold: 1000}, func(t *testing.T, r *running, dn string) {
		var done sync.WaitGroup
		for i := range 50 {
			done.Go(func() {
				conn, err := client.DialURL(r.URL(), client.DialWithTLSConfig(r.trust()))
				if err != nil {
					t.Error(err)
					return
				}
				defer conn.Close()
				for range 10 {
					if i%5 == 0 && code(conn.Bind(dn, "wrong")) != 49 {
						t.Error("a wrong password is taken")
					}
					if err := conn.Bind(dn, "right"); err != nil {
						t.Error(err)
					}
					if found, err := conn.Search(search(r.Base(), "(givenName=Mei)", "*", "+")); err != nil || len(found.Entries) != 1 {
						t.Errorf("%+v, %v", found, err)
					}
					if _, err := r.AddUser(ldap.User{Login: unique("u"), Under: r.inside, Password: "x"}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		done.Wait()
	})
}

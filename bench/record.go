package main

import (
	"crypto/tls"
	"net"
	"path/filepath"
	"sync"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"

	"latchkey/servers"
)

// recorder stands before slapd and writes down which searches come, so that
// the same ones can be made bare. Nothing is measured through it.
type recorder struct {
	address string

	mu       sync.Mutex
	searches []*ldap.SearchRequest
	fault    error
}

// record has slapd's own certificate: it names the address that both have.
func record(s *stand, slapd *servers.Slapd) *recorder {
	certificate, err := tls.LoadX509KeyPair(filepath.Join(slapd.Dir, "cert.pem"), filepath.Join(slapd.Dir, "key.pem"))
	s.ok(err)
	l, err := tls.Listen("tcp", net.JoinHostPort(slapd.Host, "0"), &tls.Config{Certificates: []tls.Certificate{certificate}})
	s.ok(err)
	s.Cleanup(func() { _ = l.Close() })
	r := &recorder{address: l.Addr().String()}
	target := slapd.URL[len("ldaps://"):]
	go func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			server, err := tls.Dial("tcp", target, &tls.Config{RootCAs: slapd.Pool()})
			if err != nil {
				_ = client.Close()
				continue
			}
			go r.up(client, server)
			go func() { r.copy(server, client, func(*ber.Packet) {}) }()
		}
	}()
	return r
}

func (r *recorder) up(client, server net.Conn) {
	r.copy(client, server, func(p *ber.Packet) {
		if len(p.Children) < 2 || p.Children[1].Tag != ldap.ApplicationSearchRequest {
			return
		}
		search, err := searchOf(p)
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.searches = append(r.searches, search); err != nil {
			r.fault = err
		}
	})
}

// copy hands messages on.
func (r *recorder) copy(from, to net.Conn, see func(*ber.Packet)) {
	defer to.Close()
	for {
		p, err := ber.ReadPacket(from)
		if err != nil {
			return
		}
		see(p)
		if _, err := to.Write(p.Bytes()); err != nil {
			return
		}
	}
}

// searchOf reads a SearchRequest (RFC 4511 4.5.1).
func searchOf(p *ber.Packet) (*ldap.SearchRequest, error) {
	op := p.Children[1].Children
	number := func(i int) int { n, _ := op[i].Value.(int64); return int(n) }
	filter, err := ldap.DecompileFilter(op[6])
	if err != nil {
		return nil, err
	}
	base, _ := op[0].Value.(string)
	typesOnly, _ := op[5].Value.(bool)
	var attributes []string
	for _, a := range op[7].Children {
		name, _ := a.Value.(string)
		attributes = append(attributes, name)
	}
	search := ldap.NewSearchRequest(base, number(1), number(2), number(3), number(4), typesOnly, filter, attributes, nil)
	if len(p.Children) > 2 {
		for _, c := range p.Children[2].Children {
			control, err := ldap.DecodeControl(c)
			if err != nil {
				return nil, err
			}
			search.Controls = append(search.Controls, control)
		}
	}
	return search, nil
}

// take gives what came since the last time.
func (r *recorder) take(s *stand) []*ldap.SearchRequest {
	r.mu.Lock()
	defer r.mu.Unlock()
	s.ok(r.fault)
	out := r.searches
	r.searches = nil
	return out
}

// repeat makes the searches one after the other; a page goes on where the one
// before it ended.
func repeat(l *ldap.Conn, searches []*ldap.SearchRequest) error {
	var cookie []byte
	for _, search := range searches {
		if page, ok := ldap.FindControl(search.Controls, ldap.ControlTypePaging).(*ldap.ControlPaging); ok && len(page.Cookie) > 0 {
			page.SetCookie(cookie)
		}
		result, err := l.Search(search)
		if err != nil && !ldap.IsErrorWithCode(err, ldap.LDAPResultSizeLimitExceeded) {
			return err
		}
		if page, ok := ldap.FindControl(result.Controls, ldap.ControlTypePaging).(*ldap.ControlPaging); ok {
			cookie = page.Cookie
		}
	}
	return nil
}

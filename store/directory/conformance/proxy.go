package conformance

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"latchkey/store/directory"
)

// proxy stands before a server, ends TLS and begins it again, and so sees each
// message. It hands everything on, until it is told what to do with the next modify.
type proxy struct {
	tb       testing.TB
	target   *tls.Config
	address  string
	listener net.Listener
	modifies chan struct{} // one for each that came
	searches atomic.Int64  // that came

	mu     sync.Mutex
	rule   rule
	code   byte   // with answer
	late   func() // hands on a modify that was held
	broken bool
	conns  map[net.Conn]bool // by the server's and the client's side; true: nothing is carried any more
	done   sync.WaitGroup
}

// rule is what becomes of a modify.
type rule int

const (
	handOn     rule = iota
	holdModify      // it does not reach the server before release
	holdAnswer      // it does, but the client never hears of it
	cutAfter        // it does, and the connection breaks at once
	answer          // it does not; the client hears a result code
)

// before puts a proxy before the server of c and gives a configuration that leads through it.
func before(tb testing.TB, c directory.Config) (*proxy, directory.Config) {
	tb.Helper()
	u, err := url.Parse(c.URLs[0])
	if err != nil {
		tb.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(c.CA)
	address := u.Host
	if u.Port() == "" {
		address = net.JoinHostPort(u.Host, "636")
	}
	certificate, ca := selfMade(tb)
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{certificate}})
	if err != nil {
		tb.Fatal(err)
	}
	p := &proxy{tb: tb, target: &tls.Config{RootCAs: roots, ServerName: u.Hostname()}, address: address, listener: listener,
		modifies: make(chan struct{}, 100), conns: map[net.Conn]bool{}}
	p.done.Go(p.accept)
	tb.Cleanup(func() {
		_ = listener.Close()
		p.cut()
		p.done.Wait()
	})
	c.URLs = []string{"ldaps://" + listener.Addr().String()}
	c.CA = ca
	if c.WriteTo != directory.WriteToPDC {
		c.WriteTo = ""
	}
	return p, c
}

func (p *proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		server, err := tls.Dial("tcp", p.address, p.target)
		if err != nil {
			_ = client.Close()
			continue
		}
		p.mu.Lock()
		if p.broken {
			_, _ = client.Close(), server.Close()
			p.mu.Unlock()
			continue
		}
		p.conns[client], p.conns[server] = false, false
		p.mu.Unlock()
		p.done.Go(func() { p.up(client, server) })
		p.done.Go(func() { p.down(server, client) })
	}
}

// up carries requests. A client that goes away does not take its requests back.
func (p *proxy) up(client, server net.Conn) {
	in := bufio.NewReader(client)
	for {
		message, operation, err := readMessage(in)
		if err != nil {
			return
		}
		if p.frozen(client) {
			continue
		}
		if operation == searchRequest {
			p.searches.Add(1)
		}
		if operation == modifyRequest {
			p.mu.Lock()
			held := p.rule == holdModify
			if held {
				p.late = func() { _, _ = server.Write(message) }
			}
			rule, code := p.rule, p.code
			p.mu.Unlock()
			p.modifies <- struct{}{}
			if rule == answer {
				_, _ = client.Write(modifyAnswer(message, code))
			}
			if held || rule == answer {
				continue
			}
		}
		if _, err := server.Write(message); err != nil {
			return
		}
	}
}

// down carries answers.
func (p *proxy) down(server, client net.Conn) {
	in := bufio.NewReader(server)
	for {
		message, operation, err := readMessage(in)
		if err != nil {
			_ = client.Close()
			return
		}
		p.mu.Lock()
		rule := p.rule
		p.mu.Unlock()
		switch {
		case operation == modifyResponse && rule == holdAnswer:
			continue
		case operation == modifyResponse && rule == cutAfter:
			_ = client.Close()
			return
		}
		if _, err := client.Write(message); err != nil {
			return
		}
	}
}

// modifyAnswer is a ModifyResponse with a result code and nothing else (RFC
// 4511 4.6) to a request with an id of one to three bytes.
func modifyAnswer(request []byte, code byte) []byte {
	header := 2
	if request[1] > 0x80 {
		header += int(request[1] & 0x7f)
	}
	id := request[header : header+2+int(request[header+1])]
	result := []byte{modifyResponse, 7, 0x0a, 1, code, 0x04, 0, 0x04, 0}
	return append(append([]byte{0x30, byte(len(id) + len(result))}, id...), result...)
}

func (p *proxy) set(r rule) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.rule = r
}

// release lets a held modify reach the server.
func (p *proxy) release() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.late()
}

// freeze lets every connection that is open stay open and carry nothing any
// more, as a firewall does that has forgotten them. New ones are carried.
func (p *proxy) freeze() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.conns {
		p.conns[c] = true
	}
}

func (p *proxy) frozen(c net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.conns[c]
}

// cut breaks all connections; until mend nothing new gets through.
func (p *proxy) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.broken = true
	for c := range p.conns {
		_ = c.Close()
		delete(p.conns, c)
	}
}

func (p *proxy) mend() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.broken = false
}

// Application tags of RFC 4511 4.6.
const (
	searchRequest  = 0x63
	modifyRequest  = 0x66
	modifyResponse = 0x67
)

// readMessage reads one LDAPMessage as it came and tells its operation: after
// the sequence's header and the message id.
func readMessage(in *bufio.Reader) (message []byte, operation byte, err error) {
	head, err := in.Peek(2)
	if err != nil {
		return nil, 0, err
	}
	header, length := 2, int(head[1])
	if head[1] > 0x80 {
		header += int(head[1] & 0x7f)
		if head, err = in.Peek(header); err != nil {
			return nil, 0, err
		}
		length = 0
		for _, b := range head[2:] {
			length = length<<8 | int(b)
		}
	}
	message = make([]byte, header+length)
	if _, err := io.ReadFull(in, message); err != nil {
		return nil, 0, err
	}
	if at := header + 2; at < len(message) {
		if at += int(message[header+1]); at < len(message) {
			operation = message[at]
		}
	}
	return message, operation, nil
}

// selfMade is a certificate for 127.0.0.1 that is its own authority.
func selfMade(tb testing.TB) (tls.Certificate, []byte) {
	tb.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "proxy"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		tb.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

package directory

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"sync/atomic"
	"time"

	"github.com/go-ldap/ldap/v3"
)

// The deadlines. go-ldap has none of its own: it waits for ever.
const (
	dialLimit   = 2 * time.Second // TCP, and TLS or StartTLS
	bindLimit   = 2 * time.Second
	searchLimit = 3 * time.Second // all pages together
	modifyLimit = 5 * time.Second
	// goLDAPLimit stands behind those, and bounds what go-ldap does by itself.
	goLDAPLimit = 2 * modifyLimit
)

// connection is one bound connection. It is used by one call at a time.
type connection struct {
	ldap   *ldap.Conn
	socket *socket
	root   rootDSE
	used   bool             // it has served a call
	manner manner           // that its server did not refuse
	memo   map[string]entry // what this call has read once, for all entries alike
	broken atomic.Bool      // a deadline passed or it failed: never to be used again
}

// socket counts what was sent, so that a write that never left is told from
// one that may have landed.
type socket struct {
	net.Conn
	sent atomic.Int64
}

func (s *socket) Write(b []byte) (int, error) {
	n, err := s.Conn.Write(b)
	s.sent.Add(int64(n))
	return n, err
}

// dial connects, secures and binds, and reads the rootDSE.
func dial(ctx context.Context, to endpoint, dn, password string) (*connection, error) {
	secured, cancel := context.WithTimeout(ctx, dialLimit)
	defer cancel()
	tcp, err := (&net.Dialer{}).DialContext(secured, "tcp", to.address)
	if err != nil {
		return nil, &netError{"connect", err}
	}
	c := &connection{socket: &socket{Conn: tcp}}
	if err := c.secure(secured, to); err != nil {
		c.broken.Store(true)
		c.close()
		return nil, err
	}
	bound, cancel := context.WithTimeout(ctx, bindLimit)
	defer cancel()
	err = c.do(bound, bindLimit, func(l *ldap.Conn) error { return l.Bind(dn, password) })
	if err != nil {
		c.close()
		return nil, &bindError{err}
	}
	if c.root, err = c.readRoot(bound); err != nil && !answered(err) { // a server may keep its rootDSE to itself
		c.close()
		return nil, &netError{"read the rootDSE", err}
	}
	return c, nil
}

// secure speaks TLS before anything else, or after StartTLS; nothing else is
// ever said in plain text.
func (c *connection) secure(ctx context.Context, to endpoint) error {
	if !to.startTLS {
		conn := tls.Client(c.socket, to.tls)
		if err := conn.HandshakeContext(ctx); err != nil {
			return &netError{"begin TLS", err}
		}
		c.start(ldap.NewConn(conn, true))
		return nil
	}
	c.start(ldap.NewConn(c.socket, false))
	// While it waits for the answer to StartTLS go-ldap stops reading after one
	// message, whatever it was, and then does not notice that the socket is closed.
	c.ldap.SetTimeout(dialLimit)
	if err := c.do(ctx, dialLimit, func(l *ldap.Conn) error { return l.StartTLS(to.tls) }); err != nil {
		return &netError{"begin TLS by StartTLS", err}
	}
	c.ldap.SetTimeout(goLDAPLimit)
	return nil
}

func (c *connection) start(l *ldap.Conn) {
	c.ldap = l
	l.SetTimeout(goLDAPLimit)
	l.Start()
}

// do runs one exchange. When its time is over or ctx ends, the socket is
// closed, which makes go-ldap give up.
func (c *connection) do(ctx context.Context, limit time.Duration, exchange func(*ldap.Conn) error) error {
	if end, ok := ctx.Deadline(); !ok || time.Until(end) > limit {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, limit)
		defer cancel()
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() {
		c.broken.Store(true)
		_ = c.socket.Close()
	})
	err := exchange(c.ldap)
	if !stop() {
		c.broken.Store(true)
		if err != nil {
			return fmt.Errorf("%w: %w", ctx.Err(), err)
		}
		return nil
	}
	if err != nil && !answered(err) {
		c.broken.Store(true)
	}
	return err
}

// begin starts a call and reports whether the connection has served one before.
func (c *connection) begin() (used bool) {
	used, c.used, c.memo = c.used, true, nil
	return used
}

func (c *connection) usable() bool { return !c.broken.Load() && !c.ldap.IsClosing() }

func (c *connection) close() {
	if c.broken.Load() {
		_ = c.socket.Close() // first: nothing shall wait for who does not answer
	}
	if c.ldap != nil {
		_ = c.ldap.Close()
	}
}

// netError: the server was not reached, or the connection broke.
type netError struct {
	doing string
	err   error
}

func (e *netError) Error() string { return e.doing + ": " + e.err.Error() }
func (e *netError) Unwrap() error { return e.err }

// bindError: the bind of the service account failed, or was not answered.
type bindError struct{ err error }

func (e *bindError) Error() string { return "bind as the service account: " + e.err.Error() }
func (e *bindError) Unwrap() error { return e.err }

// answered reports whether an error is the server's own answer (RFC 4511
// 4.1.9); every other one leaves the connection in doubt.
func answered(err error) bool {
	var net *netError
	_, ok := resultCode(err)
	return ok && !errors.As(err, &net) // StartTLS refused: not a word was said that matters
}

// resultCode gives the code of the server's answer.
func resultCode(err error) (code uint16, ok bool) {
	var e *ldap.Error
	if !errors.As(err, &e) || e.ResultCode == ldap.LDAPResultSuccess || e.ResultCode >= ldap.ErrorNetwork {
		return 0, false
	}
	return e.ResultCode, true
}

// codeIs reports whether the server answered with one of the codes.
func codeIs(err error, codes ...uint16) bool {
	got, ok := resultCode(err)
	for _, c := range codes {
		if ok && got == c {
			return true
		}
	}
	return false
}

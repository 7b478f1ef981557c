package ldap

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"net"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"
)

// tlsHandshake is the first byte of a TLS client (RFC 8446 5.1).
const tlsHandshake = 0x16

// By the wall clock.
const (
	handshakeLimit = 10 * time.Second
	idleLimit      = 15 * time.Minute
)

// session is one connection: it is read and answered message by message, so
// that what was sent without waiting is answered in order.
type session struct {
	server *Server
	conn   net.Conn
	in     *bufio.Reader
	out    *bufio.Writer
	secure bool
	who    *entry // nil: anonymous
	must   bool   // change the password before anything else
	paging pagings
}

// peeked is a connection of which some bytes have been looked at.
type peeked struct {
	net.Conn
	in *bufio.Reader
}

func (p peeked) Read(b []byte) (int, error) { return p.in.Read(b) }

// serve tells by the first byte whether a client begins with TLS.
func (s *Server) serve(raw net.Conn) {
	c := &session{server: s}
	c.over(raw)
	_ = raw.SetReadDeadline(time.Now().Add(handshakeLimit))
	first, err := c.in.Peek(1)
	if err != nil {
		return
	}
	if first[0] == tlsHandshake && c.secured() != nil {
		return
	}
	for c.once() {
	}
}

func (c *session) over(conn net.Conn) {
	c.conn, c.in, c.out = conn, bufio.NewReader(conn), bufio.NewWriter(conn)
}

// secured begins TLS.
func (c *session) secured() error {
	ctx, cancel := context.WithTimeout(context.Background(), handshakeLimit)
	defer cancel()
	conn := tls.Server(peeked{c.conn, c.in}, c.server.tls)
	if err := conn.HandshakeContext(ctx); err != nil {
		return err
	}
	c.over(conn)
	c.secure = true
	return nil
}

// once answers one message; false ends the connection.
func (c *session) once() bool {
	_ = c.conn.SetReadDeadline(time.Now().Add(idleLimit))
	m, err := readMessage(c.in)
	if err != nil {
		if errors.Is(err, errMalformed) {
			c.disconnect()
		}
		return false
	}
	goOn := c.answer(m)
	return c.out.Flush() == nil && goOn
}

// disconnect is the notice of disconnection (RFC 4511 4.4.1).
func (c *session) disconnect() {
	c.say(0, response(extendedResponse, outcome{code: codeProtocolError, text: errMalformed.Error(),
		more: []*ber.Packet{contextString(extendedNameTag, disconnectionName)}}), nil)
	_ = c.out.Flush()
}

func (c *session) say(id int64, op *ber.Packet, controls []*ber.Packet) {
	_, _ = c.out.Write(envelope(id, op, controls).Bytes()) // Flush tells of an error
}

func (c *session) end(id int64, tag ber.Tag, o outcome) { c.say(id, response(tag, o), o.controls) }

// answer does what a message asks for; false ends the connection.
func (c *session) answer(m message) bool {
	tag, known := responses(m.op.Tag)
	switch m.op.Tag {
	case unbindRequest:
		return false
	case abandonRequest:
		return true // what came before it has been answered
	}
	if !known {
		c.disconnect()
		return false
	}
	for _, control := range m.controls {
		if control.critical && !c.server.knows(control.kind) {
			c.end(m.id, tag, outcomeOf(refuse(codeUnavailableCritical, "the control %s is not known here", control.kind)))
			return true
		}
	}
	switch m.op.Tag {
	case bindRequest:
		c.end(m.id, tag, c.bind(m))
	case searchRequest:
		c.end(m.id, tag, c.search(m))
	case modifyRequest:
		c.end(m.id, tag, outcomeOf(c.modify(m)))
	case compareRequest:
		c.end(m.id, tag, outcomeOf(c.compare(m)))
	case extendedRequest:
		return c.extended(m)
	default:
		c.end(m.id, tag, outcomeOf(refuse(codeUnwilling, "entries are made and moved by the program that runs this directory alone")))
	}
	return true
}

// responses gives the tag with which a request is answered.
func responses(request ber.Tag) (ber.Tag, bool) {
	switch request {
	case bindRequest:
		return bindResponse, true
	case searchRequest:
		return searchDone, true
	case modifyRequest:
		return modifyResponse, true
	case addRequest:
		return addResponse, true
	case deleteRequest:
		return deleteResponse, true
	case renameRequest:
		return renameResponse, true
	case compareRequest:
		return compareResponse, true
	case extendedRequest:
		return extendedResponse, true
	}
	return 0, false
}

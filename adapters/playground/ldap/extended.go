package ldap

import (
	ber "github.com/go-asn1-ber/asn1-ber"
)

const (
	startTLSName = "1.3.6.1.4.1.1466.20037"  // RFC 4511 4.14
	whoAmIName   = "1.3.6.1.4.1.4203.1.11.3" // RFC 4532
)

// extended answers extended operations; false ends the connection.
func (c *session) extended(m message) bool {
	if m.op.TagType != ber.TypeConstructed || len(m.op.Children) == 0 || m.op.Children[0].Tag != 0 {
		c.end(m.id, extendedResponse, outcomeOf(refuse(codeProtocolError, "an extended request has a name")))
		return true
	}
	switch kind := content(m.op.Children[0]); kind {
	case startTLSName:
		return c.startTLS(m.id)
	case whoAmIName:
		o := outcome{more: []*ber.Packet{contextString(extendedValueTag, c.server.authorization(c.who))}}
		c.end(m.id, extendedResponse, o)
	default:
		c.end(m.id, extendedResponse, outcomeOf(refuse(codeProtocolError, "this extended operation is not known here")))
	}
	return true
}

// startTLS begins TLS after the answer. What a client, or somebody on the way,
// has sent behind the request in plain text must not be taken for a part of
// what is secured: then the connection ends.
func (c *session) startTLS(id int64) bool {
	o := outcome{more: []*ber.Packet{contextString(extendedNameTag, startTLSName)}}
	switch {
	case c.secure:
		o = outcomeOf(refuse(codeOperationsError, "TLS has begun already"))
	case c.in.Buffered() > 0:
		o = outcomeOf(refuse(codeOperationsError, "nothing may be sent between StartTLS and its answer"))
	}
	c.end(id, extendedResponse, o)
	if c.out.Flush() != nil || o.code != codeSuccess {
		return c.secure
	}
	c.who, c.must = nil, false
	return c.secured() == nil
}

// authorization is the authzId of an account (RFC 4513 5.2.1.8), "" of nobody.
func (s *Server) authorization(who *entry) string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if who == nil || who.gone {
		return ""
	}
	return s.dialect.authorization(who)
}

package ldap

import (
	"crypto/hmac"
	"crypto/sha256"

	ber "github.com/go-asn1-ber/asn1-ber"
)

// verdict is what comes of a password.
type verdict struct {
	refusal *refusal // nil: it is the right one, and the account may sign in
	policy  int      // ppolicy's error, or policyQuiet
	must    bool     // change the password before anything else
}

// bind is a simple bind (RFC 4511 4.2). A failed one leaves the connection
// anonymous.
func (c *session) bind(m message) outcome {
	c.who, c.must = nil, false
	f := fieldsOf(m.op)
	version, name, how := f.number(ber.TagInteger), f.text(), f.next()
	switch {
	case f.bad || f.more() || how.ClassType != ber.ClassContext:
		return outcomeOf(refuse(codeProtocolError, "this is not a bind request"))
	case version != 3:
		return outcomeOf(refuse(codeProtocolError, "version 3 alone is spoken here"))
	case how.Tag != passwordTag || how.TagType != ber.TypePrimitive:
		return outcomeOf(refuse(codeAuthUnsupported, "simple binds alone are taken here"))
	}
	password := content(how)
	switch {
	case name == "" && password == "":
		return outcome{}
	case password == "":
		// A client that forgot the password must not take it for a success (RFC 4513 5.1.2).
		return outcomeOf(refuse(codeUnwilling, "a bind with a name and no password proves nothing"))
	case !c.secure:
		return outcomeOf(c.server.dialect.insecure())
	}
	who, v := c.server.judge(name, password)
	if v.refusal == nil {
		c.who, c.must = who, v.must
	}
	o := outcomeOf(v.refusal)
	if c.server.knows(policyControl) && asks(m, policyControl) {
		o.controls = []*ber.Packet{v.control()}
	}
	return o
}

// asks reports whether a request has a control.
func asks(m message, kind string) bool {
	for _, control := range m.controls {
		if control.kind == kind {
			return true
		}
	}
	return false
}

// judge tries a password, and counts.
func (s *Server) judge(name, password string) (*entry, verdict) {
	s.mu.Lock()
	defer s.mu.Unlock()
	who := s.dialect.account(name)
	return who, s.dialect.judge(who, password, s.now())
}

// digest is quick on purpose: the demo's passwords stand in its guide, and the
// many wrong ones of a test shall cost nothing.
func (s *Server) digest(password string) []byte {
	mac := hmac.New(sha256.New, s.key)
	mac.Write([]byte(password))
	return mac.Sum(nil)
}

func (s *Server) passwordIs(e *entry, password string) bool {
	return len(e.secret) > 0 && hmac.Equal(e.secret, s.digest(password))
}

// The control of draft-behera-ldap-password-policy-10 6.
const (
	policyControl    = "1.3.6.1.4.1.42.2.27.8.5.1"
	policyQuiet      = -1
	policyExpired    = 0
	policyLocked     = 1
	policyMustChange = 2
)

func (v verdict) control() *ber.Packet {
	value := ber.NewSequence("")
	if v.policy != policyQuiet {
		value.AppendChild(ber.NewInteger(ber.ClassContext, ber.TypePrimitive, 1, int64(v.policy), ""))
	}
	return answerControl(policyControl, value.Bytes())
}

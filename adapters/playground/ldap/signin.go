package ldap

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"strings"

	ber "github.com/go-asn1-ber/asn1-ber"
)

// Attempt is what comes of an attempt to sign in.
type Attempt string

// What can come of an attempt. Somebody who is not there is Wrong, as a wrong
// password is.
const (
	Welcomed        Attempt = "welcome"
	Wrong           Attempt = "wrong name or password"
	Locked          Attempt = "the account is locked"
	Disabled        Attempt = "the account is disabled"
	AccountExpired  Attempt = "the account has expired"
	PasswordExpired Attempt = "the password has expired"
	MustChange      Attempt = "the password must be changed"
)

// SignIn tries a password as a workstation would: by a bind over LDAPS, which
// counts. The name is a login, on Active Directory also login@domain or
// DOMAIN\login, or a DN. An error says that the directory did not answer.
func (s *Server) SignIn(ctx context.Context, name, password string) (Attempt, error) {
	if password == "" {
		return Wrong, nil // no workstation sends it
	}
	conn, err := s.dialOwn(ctx)
	if err != nil {
		return "", fmt.Errorf("signing in: %w", err)
	}
	defer conn.Close() //nolint:errcheck // nothing is lost with it
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	bind := application(bindRequest)
	bind.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagInteger, 3, ""))
	bind.AppendChild(octetString(s.bindName(name)))
	bind.AppendChild(contextString(passwordTag, password))
	ask := ber.NewSequence("")
	ask.AppendChild(octetString(policyControl))
	if _, err := conn.Write(envelope(1, bind, []*ber.Packet{ask}).Bytes()); err != nil {
		return "", fmt.Errorf("signing in: %w", errors.Join(ctx.Err(), err))
	}
	m, err := readMessage(bufio.NewReader(conn))
	if err != nil {
		return "", fmt.Errorf("signing in: %w", errors.Join(ctx.Err(), err))
	}
	return attempt(m)
}

func (s *Server) dialOwn(ctx context.Context) (*tls.Conn, error) {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(s.CA())
	address := strings.TrimPrefix(s.URL(), "ldaps://")
	conn, err := (&tls.Dialer{Config: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	return conn.(*tls.Conn), nil
}

// bindName makes of a login what a bind takes, as a workstation does that
// knows its domain.
func (s *Server) bindName(name string) string {
	if strings.ContainsAny(name, `=@\`) {
		return name
	}
	if s.opts.Flavour == ActiveDirectory {
		return s.opts.Short + `\` + name
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	if e := s.only("uid", name); e != nil {
		return e.dn
	}
	return "uid=" + escape(name) + "," + s.opts.base()
}

// attempt reads the answer to a bind: Active Directory tells in the diagnostic
// message, OpenLDAP in the control.
func attempt(m message) (Attempt, error) {
	f := fieldsOf(m.op)
	code, _, text := f.number(ber.TagEnumerated), f.text(), f.text()
	if f.bad || m.op.Tag != bindResponse {
		return "", fmt.Errorf("signing in: %w", errMalformed)
	}
	if code != codeSuccess && code != codeInvalidCredentials {
		return "", fmt.Errorf("signing in: %w", refuse(int(code), "%s", text))
	}
	_, data, _ := strings.Cut(text, " data ")
	data, _, _ = strings.Cut(data, ",")
	switch policy := policyOf(m); {
	case data == dataLocked || policy == policyLocked:
		return Locked, nil
	case data == dataDisabled:
		return Disabled, nil
	case data == dataAccountExpired:
		return AccountExpired, nil
	case data == dataPasswordExpired || policy == policyExpired:
		return PasswordExpired, nil
	case data == dataMustChange || policy == policyMustChange:
		return MustChange, nil
	case code != codeSuccess:
		return Wrong, nil
	}
	return Welcomed, nil
}

// policyOf reads the error of the password policy control, policyQuiet where there is none.
func policyOf(m message) int {
	for _, c := range m.controls {
		if p, err := ber.DecodePacketErr(c.value); c.kind == policyControl && err == nil {
			for _, child := range p.Children {
				if n, err := ber.ParseInt64(child.Data.Bytes()); err == nil && child.Tag == 1 {
					return int(n)
				}
			}
		}
	}
	return policyQuiet
}

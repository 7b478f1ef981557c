package directory

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"latchkey/bot"

	"github.com/go-ldap/ldap/v3"
)

// Plan is what the configuration relies on and Check is to try.
type Plan struct {
	// Containers hold the accounts that are to be unlocked; none: all below the base.
	Containers []bot.DN
	// Names are groups and containers that roles and protection name: a name
	// that is nowhere gives nobody a role and protects nobody.
	Names []bot.DN
}

const (
	checkLimit      = 60 * time.Second
	certificateSoon = 21 * 24 * time.Hour
	clockSkew       = 30 * time.Second
	slowSearch      = 500 * time.Millisecond
)

// Check tries everything that Find and Unlock need and says, line by line,
// what is wrong and how to mend it. It changes nothing. On OpenLDAP, where
// rights cannot be asked for, it sends modifies that delete a value which is
// not there: the answer tells whether the account may.
func (s *Store) Check(ctx context.Context, plan Plan) []bot.Finding {
	ctx, cancel := context.WithTimeout(ctx, checkLimit)
	defer cancel()
	r := &report{store: s}
	answering := 0
	for _, v := range s.servers {
		reached, refused := r.server(ctx, v)
		if refused {
			return r.findings // each further bind would count towards a lock of the account
		}
		if reached {
			answering++
		}
	}
	if answering == 0 {
		return r.findings
	}
	v := r.writer(ctx)
	if v == nil {
		return r.findings
	}
	err := s.readFrom(ctx, v, func(ctx context.Context, c *connection) error {
		before := len(r.findings)
		for _, try := range []func(context.Context, *connection) error{
			r.attributes, func(ctx context.Context, c *connection) error { return r.names(ctx, c, plan.Names) },
			r.indexes, r.speed, r.policies, func(ctx context.Context, c *connection) error { return r.rights(ctx, c, plan.Containers) },
		} {
			if err := try(ctx, c); err != nil {
				r.findings = r.findings[:before] // it may be tried again
				return err
			}
		}
		return nil
	})
	if err != nil {
		r.fault("what an unlock needs could not be tried: "+cause(err), "see that "+v.url+" answers and that the account of bind_dn may read below base")
	}
	return r.findings
}

// report collects findings.
type report struct {
	store    *Store
	findings []bot.Finding
}

func (r *report) add(level bot.Level, what, mend string) {
	r.findings = append(r.findings, bot.Finding{Part: "directory " + r.store.name, Level: level, What: what, Mend: mend})
}

func (r *report) ok(what string)            { r.add(bot.LevelOK, what, "") }
func (r *report) warning(what, mend string) { r.add(bot.LevelWarning, what, mend) }
func (r *report) fault(what, mend string)   { r.add(bot.LevelFault, what, mend) }

// server connects anew and looks at TLS, bind, kind, base and clock.
func (r *report) server(ctx context.Context, v *server) (reached, refused bool) {
	began := time.Now()
	c, err := dial(ctx, v.endpoint, r.store.config.BindDN, r.store.config.BindPassword)
	if err != nil {
		refused = r.unreached(v, err)
		return false, refused
	}
	took := time.Since(began)
	defer c.close()
	r.ok(fmt.Sprintf("%s answers, secured and bound, in %d ms", v.url, took.Milliseconds()))
	if state, ok := c.ldap.TLSConnectionState(); ok {
		r.certificate(v, state)
	}
	if r.kind(v, c.root); !r.base(ctx, v, c) {
		return true, false
	}
	if there := generalizedTime(c.root.currentTime); !there.IsZero() {
		if skew := time.Since(there); skew.Abs() > clockSkew+took {
			r.warning(fmt.Sprintf("the clock of %s differs from ours by %s", v.url, skew.Round(time.Second)), "set both by the same time server: ends of locks and ages of passwords are judged by them")
		}
	}
	return true, false
}

// unreached says why, as far as the server tells.
func (r *report) unreached(v *server, err error) (refused bool) {
	var bind *bindError
	if errors.As(err, &bind) && codeIs(err, ldap.LDAPResultInvalidCredentials) {
		r.store.refused.set(err)
		why := map[string]string{"52e": "the password is wrong", "525": "there is no such account", "533": "the account is disabled", "775": "the account is locked",
			"701": "the account has expired", "532": "the password has expired", "773": "the password must be changed", "530": "the account may not sign in at this hour"}
		_, data, _ := strings.Cut(err.Error(), " data ")
		data, _, _ = strings.Cut(data, ",")
		r.fault(v.url+" refuses bind_dn: "+or(why[data], "the name or the password is wrong"), "put bind_dn and bind_password right, and see that the account is enabled and not locked")
		return true
	}
	r.fault(v.url+" is not usable: "+cause(err), "see that the address is right and reachable, and that ca_file is the authority of its certificate, which must name the host of the address")
	return false
}

// cause is an error without what it was wrapped in.
func cause(err error) string {
	if text := bot.TextOf(err); text != "" {
		return strings.TrimSuffix(text, ".")
	}
	return err.Error()
}

func (r *report) certificate(v *server, state tls.ConnectionState) {
	if len(state.PeerCertificates) == 0 {
		return
	}
	until := state.PeerCertificates[0].NotAfter
	if left := time.Until(until); left < certificateSoon {
		r.warning(fmt.Sprintf("the certificate of %s ends on %s", v.url, until.UTC().Format(time.DateOnly)), "renew it in time: afterwards nobody is found or unlocked")
	}
}

// What servers say of themselves (MS-ADTS 3.1.1.3.4.3; draft-behera-ldap-password-policy-10 6.1).
const (
	capabilityActiveDirectory = "1.2.840.113556.1.4.800"
	capabilityReadOnly        = "1.2.840.113556.1.4.1920"
	controlPasswordPolicy     = "1.3.6.1.4.1.42.2.27.8.5.1"
)

func (r *report) kind(v *server, root rootDSE) {
	isAD := slices.Contains(root.capabilities, capabilityActiveDirectory)
	switch {
	case isAD != (r.store.config.Kind == ActiveDirectory):
		r.fault(fmt.Sprintf("%s is not a server of kind %s", v.url, r.store.config.Kind), "put kind right: locks are read and cleared in another way on each kind")
	case !isAD && !slices.Contains(root.controls, controlPasswordPolicy):
		r.warning(v.url+" does not offer the password policy control", "load the overlay ppolicy: without it nobody is ever locked")
	case !isAD && root.class != "" && root.class != "OpenLDAProotDSE":
		r.warning(v.url+" does not say that it is OpenLDAP", "see that kind is right")
	}
}

func (r *report) base(ctx context.Context, v *server, c *connection) bool {
	_, there, err := c.base(ctx, r.store.config.Base, anything, "1.1")
	switch {
	case err != nil:
		r.fault(fmt.Sprintf("base cannot be read on %s: %s", v.url, cause(err)), "see that base is right and that the account of bind_dn may read it")
	case !there:
		r.fault(fmt.Sprintf("base does not exist on %s, or may not be seen", v.url), "see that base is right and that the account of bind_dn may read it")
	}
	return err == nil && there
}

// writer finds the server that is written to.
func (r *report) writer(ctx context.Context) *server {
	v, err := r.store.writer(ctx)
	if err != nil {
		r.fault("the server to write to is not found: "+cause(err), "add the domain controller with the PDC emulator role to urls, or name one of urls in write_to")
		return nil
	}
	err = r.store.readFrom(ctx, v, func(_ context.Context, c *connection) error {
		if slices.Contains(c.root.capabilities, capabilityReadOnly) {
			r.fault(v.url+" is a read-only domain controller", "name a writable one in write_to")
		}
		return nil
	})
	if err != nil {
		r.fault(fmt.Sprintf("the server to write to, %s, is not usable: %s", v.url, cause(err)), "nothing can be unlocked until it answers; name another of urls in write_to if it is gone for good")
		return nil
	}
	if r.store.config.WriteTo == WriteToPDC {
		r.ok(v.url + " is the PDC emulator: locks are cleared there")
	}
	return v
}

// speed makes one search as people do.
func (r *report) speed(ctx context.Context, c *connection) error {
	w := word{part: "no-such-name-" + r.store.name}
	n := r.store.names
	began := time.Now()
	_, _, err := c.search(ctx, query{base: r.store.config.Base, scope: ldap.ScopeWholeSubtree, filter: n.only(w.filter(n)), attributes: []string{"1.1"}, most: mostFound})
	if took := time.Since(began); err == nil && took > slowSearch {
		r.warning(fmt.Sprintf("a search takes %d ms", took.Milliseconds()), "index for substrings: "+strings.Join(n.searched(), ", "))
	}
	return err
}

package directory

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/url"
	"regexp"
	"slices"
	"time"

	"latchkey/bot"
)

// The kinds of directories.
const (
	ActiveDirectory = "active_directory"
	OpenLDAP        = "openldap"
)

// WriteToPDC is the word of Config.WriteTo for the domain controller that
// holds the PDC emulator role.
const WriteToPDC = "pdc"

// Config says which directory a Store speaks to, and how.
type Config struct {
	Name         string   // of the identity store
	Kind         string   // ActiveDirectory or OpenLDAP
	URLs         []string // ldaps://host[:port], or ldap://host[:port] with StartTLS, which is required; tried in this order
	Base         string   // below which people are
	BindDN       string   // the service account
	BindPassword string
	CA           []byte // PEM; empty: the system's authorities
	// WriteTo is WriteToPDC or one of URLs. Empty: WriteToPDC on
	// ActiveDirectory, the first of URLs on OpenLDAP.
	WriteTo       string
	LinkAttribute string // empty: no account is linked
	// DefaultPolicy is OpenLDAP's ppolicy_default: the policy of accounts that
	// name none. Empty: not known.
	DefaultPolicy string
	Attributes    Attributes
	// PlainReplace clears Active Directory's lock by replacing lockoutTime,
	// which has been compared just before, instead of by compare-and-set in
	// one modify: for a server that refuses the latter.
	PlainReplace bool
	// Now judges whether a lock of OpenLDAP has run out, which LDAP does not
	// tell: a clock that differs from the server's makes the state wrong for as
	// long as they differ. nil: time.Now.
	Now func() time.Time
}

// Attributes names attributes that are not the usual ones; empty: the usual.
type Attributes struct {
	Mobile, Mail, Manager string
}

var attributeSyntax = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]{0,63}$`)

// endpoint is one of the URLs, read.
type endpoint struct {
	url      string
	address  string // host:port
	startTLS bool
	tls      *tls.Config
}

func (c *Config) validate() error {
	fault := func(format string, args ...any) error {
		return bot.Ef(bot.Invalid, "open a directory", format, args...)
	}
	if c.Name == "" {
		return fault("An identity store needs a name.")
	}
	if c.Kind != ActiveDirectory && c.Kind != OpenLDAP {
		return fault("The kind of identity store %s is %s or %s.", c.Name, ActiveDirectory, OpenLDAP)
	}
	if len(c.URLs) == 0 {
		return fault("Identity store %s needs at least one of urls.", c.Name)
	}
	for key, dn := range map[string]string{"base": c.Base, "bind_dn": c.BindDN, "default_policy": c.DefaultPolicy} {
		if dn == "" && key == "default_policy" {
			continue
		}
		if _, err := Canonical(dn); err != nil {
			return fault("%s of identity store %s: %s", key, c.Name, bot.TextOf(err))
		}
	}
	if c.BindPassword == "" {
		return fault("Identity store %s needs bind_password: a bind without one is anonymous.", c.Name)
	}
	for _, name := range []string{c.LinkAttribute, c.Attributes.Mail, c.Attributes.Mobile, c.Attributes.Manager} {
		if name != "" && !attributeSyntax.MatchString(name) {
			return fault("%q in identity store %s is not the name of an attribute.", name, c.Name)
		}
	}
	switch {
	case c.WriteTo == WriteToPDC && c.Kind != ActiveDirectory:
		return fault("write_to of identity store %s is one of its urls: there is no PDC emulator outside of Active Directory.", c.Name)
	case c.WriteTo != "" && c.WriteTo != WriteToPDC && !slices.Contains(c.URLs, c.WriteTo):
		return fault("write_to of identity store %s is not one of its urls.", c.Name)
	}
	return nil
}

// endpoints reads the URLs. Each name is checked against the server's certificate.
func (c *Config) endpoints() ([]endpoint, error) {
	var roots *x509.CertPool
	if len(c.CA) > 0 {
		roots = x509.NewCertPool()
		if !roots.AppendCertsFromPEM(c.CA) {
			return nil, bot.Ef(bot.Invalid, "open a directory", "ca_file of identity store %s holds no certificate in PEM.", c.Name)
		}
	}
	var out []endpoint
	for _, raw := range c.URLs {
		u, err := url.Parse(raw)
		if err != nil || u.Scheme != "ldaps" && u.Scheme != "ldap" || u.Hostname() == "" ||
			u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.Path != "" && u.Path != "/" {
			return nil, bot.Ef(bot.Invalid, "open a directory",
				"An address of identity store %s is not like ldaps://host or ldap://host:port.", c.Name)
		}
		port := u.Port()
		if port == "" {
			port = map[string]string{"ldaps": "636", "ldap": "389"}[u.Scheme]
		}
		out = append(out, endpoint{
			url: raw, address: net.JoinHostPort(u.Hostname(), port), startTLS: u.Scheme == "ldap",
			tls: &tls.Config{RootCAs: roots, ServerName: u.Hostname(), MinVersion: tls.VersionTLS12},
		})
	}
	return out, nil
}

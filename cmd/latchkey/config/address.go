package config

import (
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// Address is a URL taken apart. Values from the environment and from files
// were put in after that, so they are exactly what was meant, whatever
// characters they hold.
type Address struct {
	Scheme   string
	User     string
	Password Secret
	Host     string // name or IP address, without brackets; of PostgreSQL several, with commas
	Port     string // digits; empty: the scheme's own; as many as hosts
	Path     string
	Query    string // without the question mark
}

// IsZero reports whether there is none.
func (a Address) IsZero() bool { return a == Address{} }

// URL gives the address with its password in it, escaped where it must be. Its
// String method is for dialling, not for people.
func (a Address) URL() *url.URL {
	u := &url.URL{Scheme: a.Scheme, Host: a.HostPort(), Path: a.Path, RawQuery: a.Query}
	switch {
	case !a.Password.IsZero():
		u.User = url.UserPassword(a.User, a.Password.Reveal())
	case a.User != "":
		u.User = url.User(a.User)
	}
	if a.several() {
		a.onQuery(u)
	}
	return u
}

// HostPort gives host or host:port, with brackets where they are needed.
func (a Address) HostPort() string {
	if a.several() {
		return a.hosts()
	}
	if a.Port != "" {
		return net.JoinHostPort(a.Host, a.Port)
	}
	if strings.Contains(a.Host, ":") {
		return "[" + a.Host + "]"
	}
	return a.Host
}

// String gives the address without user, password and query: for people and logs.
func (a Address) String() string {
	if a.IsZero() {
		return ""
	}
	return (&url.URL{Scheme: a.Scheme, Host: a.HostPort(), Path: a.Path}).String()
}

// MarshalText gives what String gives.
func (a Address) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// Loopback reports whether the host is this machine by its number or as localhost.
func (a Address) Loopback() bool { return allLoopback(a.Host) }

const notAddress = "is not an address; write scheme://host:port, and put a password that holds special characters into ${NAME}"

// scan parses the address with marks in the place of what comes from outside,
// and then puts that in.
func (a *Address) scan(t text) string {
	if !strings.Contains(t.said(), "://") { // all of it, or its beginning, is from outside
		t = text{{said: t.joined()}}
	}
	mark := "mark"
	for strings.Contains(t.joined(), mark) {
		mark += "x"
	}
	var b strings.Builder
	var swap []string
	for i, p := range t {
		if !p.outside {
			b.WriteString(p.said)
			continue
		}
		m := mark + strconv.Itoa(i) + "z"
		b.WriteString(m)
		swap = append(swap, m, p.said)
	}
	one, list := severalHosts(b.String())
	u, port, ok := splitAddress(one)
	if !ok {
		return notAddress
	}
	in := strings.NewReplacer(swap...).Replace
	password, _ := u.User.Password()
	host := in(u.Host)
	if list != "" {
		host = in(list)
	}
	if isPostgres(in(u.Scheme)) && strings.Contains(host, ",") {
		if host, port, ok = splitHosts(host); !ok {
			return notAddress
		}
	} else if h, p, err := net.SplitHostPort(host); err == nil && port == "" {
		host, port = h, p // a variable held host:port
	}
	path := in(u.Path)
	if strings.HasPrefix(host, "/") {
		host, path = "", host+path // sqlite://${PATH}: a variable held the whole path
	}
	*a = Address{Scheme: in(u.Scheme), User: in(u.User.Username()), Password: NewSecret(in(password)),
		Host: strings.Trim(host, "[]"), Port: in(port), Path: path, Query: in(u.RawQuery)}
	if !a.several() && (a.Host != "" && !validHost(a.Host) || a.Port != "" && !validPort(a.Port)) {
		return notAddress
	}
	return ""
}

// said gives what stands in the file itself.
func (t text) said() string {
	var b strings.Builder
	for _, p := range t {
		if !p.outside {
			b.WriteString(p.said)
		}
	}
	return b.String()
}

// splitAddress parses an address whose port may still be a mark, which
// net/url would refuse.
func splitAddress(s string) (u *url.URL, port string, ok bool) {
	scheme, rest, found := strings.Cut(s, "://")
	if !found {
		return nil, "", false
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	authority := rest[:end]
	at := strings.LastIndex(authority, "@") + 1
	if colon := strings.LastIndex(authority, ":"); colon >= at && !strings.HasSuffix(authority, "]") {
		port = authority[colon+1:]
		authority = authority[:colon]
		if port == "" || strings.Contains(authority[at:], ":") && !strings.HasSuffix(authority, "]") {
			return nil, "", false
		}
	}
	u, err := url.Parse(scheme + "://" + authority + rest[end:])
	if err != nil || u.Opaque != "" || u.Fragment != "" {
		return nil, "", false
	}
	return u, port, true
}

var hostName = regexp.MustCompile(`^[A-Za-z0-9_]([A-Za-z0-9_-]{0,62})(\.[A-Za-z0-9_-]{1,63})*\.?$`)

func validHost(s string) bool {
	if _, err := netip.ParseAddr(s); err == nil {
		return true
	}
	return len(s) <= 253 && hostName.MatchString(s)
}

func validPort(s string) bool {
	n, err := strconv.ParseUint(s, 10, 16)
	return err == nil && n > 0
}

// HostPort is host:port; the host may be empty (all addresses) and the port 0
// (any that is free) where something listens.
type HostPort string

func (h *HostPort) scan(t text) string {
	host, port, err := net.SplitHostPort(t.joined())
	if err != nil || host != "" && !validHost(host) || port != "0" && !validPort(port) {
		return "is not host:port; write it as 127.0.0.1:8443, [::1]:8443 or :8443"
	}
	*h = HostPort(t.joined())
	return ""
}

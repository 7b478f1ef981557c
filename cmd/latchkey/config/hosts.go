package config

import (
	"net"
	"net/netip"
	"net/url"
	"strings"
)

// A PostgreSQL address may name several hosts before the path, each with a port
// of its own, as libpq writes them: host,host or host:port,host:port. Host and
// Port of an Address then hold as many, with commas between them. net/url knows
// no such thing, so the way to the server names them behind the question mark.

const postgresPort = "5432"

// severalHosts takes the list of hosts out of an address of PostgreSQL, and puts
// the one host there that net/url accepts.
func severalHosts(s string) (one, list string) {
	scheme, rest, _ := strings.Cut(s, "://")
	if !isPostgres(scheme) {
		return s, ""
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	at := strings.LastIndex(rest[:end], "@") + 1
	if list = rest[at:end]; !strings.Contains(list, ",") {
		return s, ""
	}
	return scheme + "://" + rest[:at] + "several" + rest[end:], list
}

func isPostgres(scheme string) bool {
	scheme = strings.ToLower(scheme)
	return scheme == "postgres" || scheme == "postgresql"
}

// splitHosts gives hosts and ports of a list, each with commas between them;
// ports are empty where none is named.
func splitHosts(list string) (hosts, ports string, ok bool) {
	var h, p []string
	named := false
	for one := range strings.SplitSeq(list, ",") {
		host, port := strings.Trim(one, "[]"), postgresPort
		if a, b, err := net.SplitHostPort(one); err == nil {
			host, port, named = a, b, true
		}
		if !validHost(host) || !validPort(port) {
			return "", "", false
		}
		h, p = append(h, host), append(p, port)
	}
	if named {
		ports = strings.Join(p, ",")
	}
	return strings.Join(h, ","), ports, true
}

// several reports whether the address names more than one host.
func (a Address) several() bool { return strings.Contains(a.Host, ",") }

// hosts are all that the address names, with their ports, as they are written.
func (a Address) hosts() string {
	ports := strings.Split(a.Port, ",")
	var out []string
	for i, host := range strings.Split(a.Host, ",") {
		one := Address{Host: host}
		if i < len(ports) {
			one.Port = ports[i]
		}
		out = append(out, one.HostPort())
	}
	return strings.Join(out, ",")
}

// onQuery gives the way to several hosts as drivers take it.
func (a Address) onQuery(u *url.URL) {
	q := url.Values{"host": {a.Host}}
	if a.Port != "" {
		q.Set("port", a.Port)
	}
	u.Host, u.RawQuery = "", strings.Trim(q.Encode()+"&"+a.Query, "&")
}

// allLoopback reports whether each host is this machine.
func allLoopback(hosts string) bool {
	for host := range strings.SplitSeq(hosts, ",") {
		if ip, err := netip.ParseAddr(host); host != "localhost" && (err != nil || !ip.IsLoopback()) {
			return false
		}
	}
	return true
}

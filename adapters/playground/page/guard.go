package page

import (
	"crypto/subtle"
	"net"
	"net/http"
	"net/netip"
)

// runHeader names the run that a tab belongs to. A foreign page cannot set it:
// browsers ask first, and get no.
const runHeader = "X-Latchkey-Run"

// staleTab is what a tab of an earlier run is told.
const staleTab = "This tab belongs to an earlier run of the demo. Load the page again."

// stranger tells why a request is not from a page of ours on this machine, or
// "". A name that somebody's DNS points at loopback is refused by its Host, a
// request from another page by what the browser says about it.
func stranger(r *http.Request) string {
	host := r.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if ip, err := netip.ParseAddr(trimBrackets(host)); host != "localhost" && (err != nil || !ip.IsLoopback()) {
		return "Open the playground by the address that the program printed: http://127.0.0.1 and its port."
	}
	if site := r.Header.Get("Sec-Fetch-Site"); site == "cross-site" || site == "same-site" {
		if r.Method != http.MethodGet || r.Header.Get("Sec-Fetch-Mode") != "navigate" {
			return "The playground takes requests of its own page alone."
		}
	}
	if origin := r.Header.Get("Origin"); origin != "" && origin != "http://"+r.Host {
		return "The playground takes requests of its own page alone."
	}
	return ""
}

func trimBrackets(host string) string {
	if len(host) > 1 && host[0] == '[' && host[len(host)-1] == ']' {
		return host[1 : len(host)-1]
	}
	return host
}

// current tells whether a run id is that of this program.
func (p *Page) current(run string) bool {
	return subtle.ConstantTimeCompare([]byte(run), []byte(p.run)) == 1
}

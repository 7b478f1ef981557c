package identity

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
)

// Cloud is where Microsoft's services are: one block of the configuration.
type Cloud struct {
	TokenURL     string   // where the bot gets its own tokens
	Scope        string   // what it asks for there
	Issuer       string   // iss of tokens that come with activities
	MetadataURL  string   // the OpenID document that names the signing keys
	ServiceHosts []string // hosts, or host:port, that may be a serviceUrl
}

// CloudOf gives the addresses of a cloud (public, gcc, gcchigh or dod; "" is
// public) for a tenant, or an error that names the choices.
func CloudOf(name, tenant string) (Cloud, error) {
	commercial := Cloud{
		TokenURL:    "https://login.microsoftonline.com/" + url.PathEscape(tenant) + "/oauth2/v2.0/token",
		Scope:       "https://api.botframework.com/.default",
		Issuer:      "https://api.botframework.com",
		MetadataURL: "https://login.botframework.com/v1/.well-known/openidconfiguration",
	}
	government := Cloud{
		TokenURL:    "https://login.microsoftonline.us/" + url.PathEscape(tenant) + "/oauth2/v2.0/token",
		Scope:       "https://api.botframework.us/.default",
		Issuer:      "https://api.botframework.us",
		MetadataURL: "https://login.botframework.azure.us/v1/.well-known/openidconfiguration",
	}
	at := func(c Cloud, host string) (Cloud, error) { c.ServiceHosts = []string{host}; return c, nil }
	switch name {
	case "", "public":
		return at(commercial, "smba.trafficmanager.net")
	case "gcc":
		return at(commercial, "smba.infra.gcc.teams.microsoft.com")
	case "gcchigh":
		return at(government, "smba.infra.gov.teams.microsoft.us")
	case "dod":
		return at(government, "smba.infra.dod.teams.microsoft.us")
	}
	return Cloud{}, fmt.Errorf("there is no Microsoft cloud %q: choose public, gcc, gcchigh or dod", name)
}

// Serves reports whether a serviceUrl is one that the bot may send its token
// to: https on a listed host, and nothing in it that could be read as another
// host. Plain http passes for a listed loopback address alone, for tests.
func (c Cloud) Serves(serviceURL string) bool {
	u, err := url.Parse(serviceURL)
	if err != nil || u.User != nil || u.Opaque != "" || u.RawQuery != "" || u.ForceQuery || strings.ContainsAny(serviceURL, "\\#@%") {
		return false
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())) {
		return false
	}
	return slices.ContainsFunc(c.ServiceHosts, func(host string) bool {
		if strings.EqualFold(host, u.Host) {
			return true
		}
		free := u.Port() == "443" && u.Scheme == "https" || loopback(u.Hostname())
		return free && strings.EqualFold(host, u.Hostname())
	})
}

func (c Cloud) validate() error {
	if c.Issuer == "" || len(c.ServiceHosts) == 0 || slices.Contains(c.ServiceHosts, "") {
		return errors.New("the cloud needs an issuer and at least one service host")
	}
	if !fetchable(c.MetadataURL) {
		return fmt.Errorf("the OpenID metadata address %q is not https", c.MetadataURL)
	}
	return nil
}

// fetchable reports whether keys may be had from an address: whoever can
// change them on the way can sign for Microsoft.
func fetchable(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Host != "" && u.User == nil && (u.Scheme == "https" || u.Scheme == "http" && loopback(u.Hostname()))
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

package ldap

import (
	"encoding/binary"
	"strings"
	"time"
)

// compute gives the attributes that are made when they are asked for (MS-ADTS
// 3.1.1.4.5).
func (d *activeDirectory) compute(l lens, name string) []string {
	e := l.entry
	person := e.holds("objectClass", "user")
	switch name {
	case "distinguishedName":
		return []string{e.dn}
	case "memberOf":
		return d.memberOf(e)
	case "subschemaSubentry":
		return []string{"CN=Aggregate,CN=Schema," + d.configuration()}
	case "allowedAttributesEffective":
		return d.writable(l.who, e)
	case "canonicalName":
		return []string{canonicalName(e.dn, d.opts.Domain)}
	case "primaryGroupToken":
		if sid := e.get("objectSid"); e.holds("objectClass", "group") && len(sid) > 4 {
			return []string{decimal(int64(binary.LittleEndian.Uint32([]byte(sid[len(sid)-4:]))))}
		}
	case "tokenGroups":
		if person {
			return d.tokenGroups(e)
		}
	case "msDS-UserPasswordExpiryTimeComputed":
		if person {
			return []string{decimal(d.passwordEnds(e))}
		}
	case "msDS-User-Account-Control-Computed":
		if !person {
			return nil
		}
		bits := int64(0)
		if d.locked(e, l.now) {
			bits |= uacLockout
		}
		if d.passwordExpired(e, l.now) {
			bits |= uacPasswordExpired
		}
		return []string{decimal(bits)}
	}
	return nil
}

// memberOf does not name the primary group (MS-ADTS 3.1.1.4.5).
func (s *Server) memberOf(e *entry) []string {
	var out []string
	for _, g := range s.tree.holders("member", e.key) {
		out = append(out, g.dn)
	}
	return out
}

// tokenGroups are the ids of all groups, nested ones and the primary one among them.
func (d *activeDirectory) tokenGroups(e *entry) []string {
	primary := d.accountSID(uint32(e.number("primaryGroupID")))
	groups := d.tree.closure("member", e.key)
	for _, g := range d.tree.holders("objectSid", primary) {
		for above := range d.tree.closure("member", g.key) {
			groups[above] = true
		}
	}
	out := []string{primary}
	for g := range groups {
		if sid := g.get("objectSid"); sid != "" && sid != primary {
			out = append(out, sid)
		}
	}
	return out
}

// canonicalName is corp.example.com/Staff/Mei Lin.
func canonicalName(dn, domain string) string {
	n, _ := parseName(dn)
	out := domain + "/"
	var path []string
	for i := len(n) - 1; i >= 0; i-- {
		if !strings.EqualFold(n[i][0].kind, "dc") {
			path = append(path, strings.ReplaceAll(n[i][0].value, "/", `\/`))
		}
	}
	return out + strings.Join(path, "/")
}

// What a controller says of itself (MS-ADTS 3.1.1.3.2 to 3.1.1.3.4).
const (
	capabilityDirectory = "1.2.840.113556.1.4.800"
	capabilityWindows   = "1.2.840.113556.1.4.1670"
	functionalLevel2016 = "7"
)

func (d *activeDirectory) controls() []string { return []string{pageControl} }

func (d *activeDirectory) limit() int { return 1000 } // MaxPageSize

// references lead to the other naming contexts.
func (d *activeDirectory) references() []string {
	return []string{"ldap://" + d.opts.Domain + "/" + strings.ReplaceAll(d.configuration(), " ", "%20")}
}

func (d *activeDirectory) rootDSE(now time.Time) map[string][]string {
	base, configuration := d.opts.base(), d.configuration()
	_, server, _ := strings.Cut(d.settings(), ",")
	return map[string][]string{
		"namingContexts":       {base, configuration, "CN=Schema," + configuration},
		"defaultNamingContext": {base}, "rootDomainNamingContext": {base},
		"configurationNamingContext": {configuration}, "schemaNamingContext": {"CN=Schema," + configuration},
		"subschemaSubentry": {"CN=Aggregate,CN=Schema," + configuration},
		"dsServiceName":     {d.settings()}, "serverName": {server}, "dnsHostName": {"dc1." + d.opts.Domain},
		"ldapServiceName": {d.opts.Domain + ":dc1$@" + strings.ToUpper(d.opts.Domain)},
		"currentTime":     {generalizedAD(now)}, "supportedLDAPVersion": {"3"},
		"supportedControl": d.controls(), "supportedExtension": {startTLSName, whoAmIName},
		"supportedCapabilities": {capabilityDirectory, capabilityWindows},
		"isSynchronized":        {"TRUE"}, "isGlobalCatalogReady": {"TRUE"},
		"domainFunctionality": {functionalLevel2016}, "forestFunctionality": {functionalLevel2016},
		"domainControllerFunctionality": {functionalLevel2016},
	}
}

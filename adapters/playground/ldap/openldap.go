package ldap

import (
	"fmt"
	"slices"
	"time"
)

// openLDAP is slapd with the overlays ppolicy, memberof and lastbind, whose
// access list lets everybody read who has signed in.
type openLDAP struct{ *Server }

const subschemaName = "cn=Subschema"

// DefaultPolicy is the name of the password policy of those who have no other
// one: OpenLDAP's ppolicy_default; "" on Active Directory.
func (s *Server) DefaultPolicy() string {
	if s.opts.Flavour != OpenLDAP {
		return ""
	}
	return "cn=default,ou=policies," + s.opts.base()
}

// agelessPolicy is that of accounts whose password does not expire.
func (d openLDAP) agelessPolicy() string { return "cn=ageless,ou=policies," + d.opts.base() }

func (d openLDAP) schema() schema { return newSchema(commonAttributes(), openLDAPAttributes()) }

func (d openLDAP) seed() error {
	base := d.opts.base()
	one := func(dn string, attributes map[string][]string) error {
		_, err := d.add(Entry{dn, attributes})
		return err
	}
	class := func(names ...string) map[string][]string { return map[string][]string{"objectClass": names} }
	policy := func(age time.Duration) map[string][]string {
		out := given(map[string]string{"pwdAttribute": "userPassword", "pwdLockout": "TRUE", "pwdMustChange": "TRUE",
			"pwdMaxFailure": decimal(int64(d.opts.Threshold)), "pwdLockoutDuration": seconds(d.opts.Duration),
			"pwdFailureCountInterval": seconds(d.opts.Window), "pwdMaxAge": seconds(age)})
		out["objectClass"] = []string{"device", "pwdPolicy"}
		return out
	}
	suffix := class("dcObject", "organization")
	suffix["o"] = []string{d.opts.Domain}
	types := class("subentry", "subschema", "extensibleObject")
	types["attributeTypes"] = d.schema().published()
	for _, e := range []Entry{{base, suffix}, {subschemaName, types}, {"ou=policies," + base, class("organizationalUnit")},
		{d.DefaultPolicy(), policy(d.opts.MaxAge)}, {d.agelessPolicy(), policy(Forever)}, {"cn=admin," + base, class("organizationalRole", "simpleSecurityObject")}} {
		if err := one(e.DN, e.Attributes); err != nil {
			return err
		}
	}
	admin, _ := d.locate("cn=admin," + base)
	d.tree.put(admin, "pwdPolicySubentry", d.agelessPolicy())
	d.setPassword(admin, d.opts.AdminPassword, d.now())
	d.admin = admin
	return nil
}

func (d openLDAP) person(u User) Entry {
	last := u.Last
	if last == "" {
		last = u.Login
	}
	cn := u.Display
	if cn == "" {
		cn = last
	}
	policy := ""
	if u.PasswordNeverExpires {
		policy = d.agelessPolicy()
	}
	return Entry{"uid=" + escape(u.Login) + "," + u.Under, given(map[string]string{
		"objectClass": "inetOrgPerson", "uid": u.Login, "cn": cn, "sn": last, "givenName": u.First, "displayName": u.Display,
		"mail": u.Mail, "mobile": u.Mobile, "title": u.Title, "ou": u.Department, "manager": u.Manager, "employeeNumber": u.Number,
		"pwdPolicySubentry": policy,
	})}
}

func (d openLDAP) groupClass() string { return "groupOfNames" }

func (d openLDAP) born(e *entry, now time.Time) error {
	id := d.uuid(e)
	d.tree.put(e, "entryUUID", fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:]))
	class := e.all("objectClass")
	d.tree.put(e, "structuralObjectClass", class[len(class)-1].raw)
	d.tree.put(e, "createTimestamp", generalized(now))
	d.tree.put(e, "modifyTimestamp", generalized(now))
	return nil
}

func (d openLDAP) passwordSet(e *entry, now time.Time) {
	d.tree.put(e, "pwdChangedTime", generalized(now))
}

// account: names are distinguished names alone.
func (d openLDAP) account(name string) *entry {
	n, err := parseName(name)
	if err != nil {
		return nil
	}
	e, itself := d.tree.nearest(n)
	if !itself {
		return nil
	}
	return e
}

func (d openLDAP) assertion(a *attribute, raw string) (string, error) { return a.normal(raw) }

func (d openLDAP) insecure() *refusal {
	return refuse(codeConfidentiality, "TLS confidentiality required")
}

// anonymous: who may see nothing is told that there is nothing.
func (d openLDAP) anonymous() *refusal { return &refusal{code: codeNoSuchObject} }

func (d openLDAP) authorization(e *entry) string { return "dn:" + e.dn }

func (d openLDAP) unlocks() (string, bool) { return "pwdAccountLockedTime", true }

func (d openLDAP) controls() []string { return []string{pageControl, policyControl} }

func (d openLDAP) limit() int { return 500 }

func (d openLDAP) references() []string { return nil }

func (d openLDAP) compute(l lens, name string) []string {
	switch name {
	case "memberOf":
		return d.memberOf(l.entry)
	case "entryDN":
		return []string{l.entry.dn}
	case "subschemaSubentry":
		return []string{subschemaName}
	case "hasSubordinates":
		if len(l.entry.children) > 0 {
			return []string{"TRUE"}
		}
		return []string{"FALSE"}
	}
	return nil
}

func (d openLDAP) rootDSE(time.Time) map[string][]string {
	return map[string][]string{
		"objectClass": {"top", "OpenLDAProotDSE"}, "structuralObjectClass": {"OpenLDAProotDSE"},
		"namingContexts": {d.opts.base()}, "subschemaSubentry": {subschemaName}, "supportedLDAPVersion": {"3"},
		"supportedControl": d.controls(), "supportedExtension": {startTLSName, whoAmIName},
		"supportedFeatures": {"1.3.6.1.4.1.4203.1.5.1", "1.3.6.1.4.1.4203.1.5.3"}, // + for all operational attributes; true and false filters
	}
}

// written: with a lock that is deleted go the failures that led to it, so that
// the next wrong password does not lock again; a replace leaves them.
func (d openLDAP) written(e *entry, changes []change, now time.Time) *refusal {
	if slices.ContainsFunc(changes, func(ch change) bool { return ch.kind == changeDelete && ch.attribute.name == "pwdAccountLockedTime" }) {
		d.tree.put(e, "pwdFailureTime")
	}
	d.tree.put(e, "modifyTimestamp", generalized(now))
	return nil
}

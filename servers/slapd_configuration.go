package servers

import (
	"fmt"
	"strings"
)

// configurationText is a slapd.conf(5). The access list is the smallest that
// lets a bot find, read and unlock people: "=rscdz" is to read, search, compare
// and delete values, without "a" to add any.
func (s *Slapd) configurationText(spec SlapdSpec) string {
	const others = "index objectClass,entryCSN,entryUUID,employeeNumber eq\nindex member,uniqueMember,memberOf,pwdAccountLockedTime pres,eq\n"
	index := map[string]string{
		"":     others + "index cn,displayName,mail,sn,givenName,uid pres,eq,sub",
		"sub":  others + "index cn,displayName,mail,sn,givenName,uid pres,eq,sub",
		"eq":   others + "index cn,displayName,mail,sn,givenName,uid eq",
		"none": "",
	}[spec.Index]
	configuration := ""
	if spec.ConfigReadable {
		configuration = "database config\nrootdn \"" + s.Admin.DN + "\"\naccess to * by dn.exact=\"" + s.Unlocker.DN + "\" read by * none\n"
	}
	limits := orElse(spec.Limits, "size.soft=500 size.hard=1000 size.pr=500 size.prtotal=unlimited time=30")
	defaultPolicy := `ppolicy_default "` + s.DefaultPolicy + `"`
	if spec.NoDefaultPolicy {
		defaultPolicy = ""
	}
	return strings.NewReplacer("@DIR@", s.Dir, "@BASE@", s.Base, "@PEOPLE@", s.People,
		"@ROOTDN@", s.Admin.DN, "@ROOTPW@", s.Admin.Password,
		"@UNLOCKER@", s.Unlocker.DN, "@READER@", s.Reader.DN, "@BOTS@", "ou=bots,"+s.Base, "@NOBODY@", s.Nobody.DN,
		"@INDEX@", index, "@DEFAULT@", defaultPolicy, "@CONFIG@", configuration, "@LIMITS@", limits).Replace(`include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
pidfile @DIR@/slapd.pid
argsfile @DIR@/slapd.args
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload ppolicy
moduleload memberof
moduleload accesslog
moduleload sssvlv
TLSCACertificateFile @DIR@/ca.pem
TLSCertificateFile @DIR@/cert.pem
TLSCertificateKeyFile @DIR@/key.pem
sizelimit size.soft=500 size.hard=1000 size.prtotal=unlimited
timelimit 30
threads 8

@CONFIG@
# The directory's own log of what was written, by whom; read by the tests.
database mdb
suffix "cn=log"
rootdn "@ROOTDN@"
directory @DIR@/log
maxsize 268435456
index reqStart,reqDN eq
access to * by * none

database mdb
suffix "@BASE@"
rootdn "@ROOTDN@"
rootpw @ROOTPW@
directory @DIR@/db
maxsize 4294967296
lastbind on
@INDEX@
overlay memberof
memberof-group-oc groupOfNames
memberof-refint true
overlay ppolicy
@DEFAULT@
ppolicy_use_lockout
overlay accesslog
logdb "cn=log"
logops writes
logsuccess FALSE
overlay sssvlv

access to dn.subtree="@BASE@" attrs=userPassword by self =xw by anonymous auth by * none
access to * by dn.exact="@NOBODY@" none by * break
access to dn.subtree="@PEOPLE@" attrs=pwdAccountLockedTime by dn.exact="@UNLOCKER@" =rscdz by dn.subtree="@BOTS@" read by * none
access to attrs=pwdAccountLockedTime,pwdFailureTime,pwdChangedTime,pwdReset,pwdLastSuccess,pwdPolicySubentry by dn.subtree="@BOTS@" read by * none
access to * by users read by * none
limits dn.exact="@UNLOCKER@" @LIMITS@
limits dn.exact="@ROOTDN@" size=unlimited time=unlimited
`)
}

// firstEntries is LDIF. The containers and the service accounts; people come
// over LDAP, so that ppolicy sees their passwords.
func (s *Slapd) firstEntries() string {
	var ldif strings.Builder
	fmt.Fprintf(&ldif, "dn: %s\nobjectClass: dcObject\nobjectClass: organization\ndc: example\no: Example\n\n", s.Base)
	for _, name := range []string{"people", "external", "groups", "bots", "policies"} {
		fmt.Fprintf(&ldif, "dn: ou=%s,%s\nobjectClass: organizationalUnit\nou: %s\n\n", name, s.Base, name)
	}
	for _, policy := range []struct {
		dn, name        string
		lockout, window int
	}{
		{s.DefaultPolicy, "default", 1800, 0},
		{s.ShortPolicy, "short", 3, 3},
		{s.ForeverPolicy, "forever", 0, 0},
	} {
		fmt.Fprintf(&ldif, "dn: %s\nobjectClass: device\nobjectClass: pwdPolicy\ncn: %s\npwdAttribute: userPassword\n"+
			"pwdLockout: TRUE\npwdMaxFailure: %d\npwdLockoutDuration: %d\npwdFailureCountInterval: %d\n"+
			"pwdMaxAge: 7776000\npwdMustChange: TRUE\npwdSafeModify: FALSE\n\n",
			policy.dn, policy.name, LockoutThreshold, policy.lockout, policy.window)
	}
	for _, account := range []Account{s.Unlocker, s.Reader, s.Nobody} {
		fmt.Fprintf(&ldif, "dn: %s\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\ncn: %s\nuserPassword: %s\n\n",
			account.DN, account.Login, account.Password)
	}
	return ldif.String()
}

package ldap

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"strings"
	"time"
)

// activeDirectory is a domain controller with all roles, as Windows and Samba
// have them (MS-ADTS).
type activeDirectory struct {
	*Server
	domainSID []byte
	nextRID   uint32
}

// Relative ids of the accounts and groups that every domain has (MS-DTYP 2.4.2.4).
const (
	ridAdministrator = 500
	ridDomainAdmins  = 512
	ridDomainUsers   = 513
	firstRID         = 1104
)

func newActiveDirectory(s *Server) *activeDirectory {
	sum := sha256.Sum256([]byte(s.opts.Domain))
	numbers := []uint32{21}
	for i := range 3 {
		numbers = append(numbers, binary.BigEndian.Uint32(sum[4*i:]))
	}
	return &activeDirectory{Server: s, domainSID: sid(numbers...), nextRID: firstRID}
}

// sid writes S-1-5-… (MS-DTYP 2.4.2.2).
func sid(numbers ...uint32) []byte {
	out := []byte{1, byte(len(numbers)), 0, 0, 0, 0, 0, 5}
	for _, n := range numbers {
		out = binary.LittleEndian.AppendUint32(out, n)
	}
	return out
}

// accountSID is the domain's with a relative id behind it.
func (d *activeDirectory) accountSID(rid uint32) string {
	out := binary.LittleEndian.AppendUint32(append([]byte(nil), d.domainSID...), rid)
	out[1]++
	return string(out)
}

func (d *activeDirectory) schema() schema {
	return newSchema(commonAttributes(), activeDirectoryAttributes())
}

func (d *activeDirectory) configuration() string { return "CN=Configuration," + d.opts.base() }

// settings is the name of the one controller's own settings.
func (d *activeDirectory) settings() string {
	return "CN=NTDS Settings,CN=DC1,CN=Servers,CN=Default-First-Site-Name,CN=Sites," + d.configuration()
}

func (d *activeDirectory) seed() error {
	base, configuration := d.opts.base(), d.configuration()
	one := func(dn, class string, more ...string) Entry {
		e := Entry{dn, map[string][]string{"objectClass": {class}}}
		for i := 0; i+1 < len(more); i += 2 {
			e.Attributes[more[i]] = append(e.Attributes[more[i]], more[i+1])
		}
		return e
	}
	_, server, _ := strings.Cut(d.settings(), ",")
	for _, e := range []Entry{
		one(base, "domainDNS", "lockoutThreshold", decimal(int64(d.opts.Threshold)), "lockoutDuration", decimal(interval(d.opts.Duration)),
			"lockOutObservationWindow", decimal(interval(d.opts.Window)), "maxPwdAge", decimal(interval(d.opts.MaxAge)), "minPwdAge", "0",
			"fSMORoleOwner", d.settings()),
		one(configuration, "configuration"), one("CN=Schema,"+configuration, "dMD"),
		one("CN=Aggregate,CN=Schema,"+configuration, "subSchema", d.types()...),
		one("CN=Partitions,"+configuration, "crossRefContainer"),
		one("CN="+escape(d.opts.Short)+",CN=Partitions,"+configuration, "crossRef", "nCName", base, "nETBIOSName", d.opts.Short, "dnsRoot", d.opts.Domain),
		one("CN=Sites,"+configuration, "sitesContainer"), one("CN=Default-First-Site-Name,CN=Sites,"+configuration, "site"),
		one("CN=Servers,CN=Default-First-Site-Name,CN=Sites,"+configuration, "serversContainer"),
		one(server, "server", "dNSHostName", "dc1."+d.opts.Domain), one(d.settings(), "nTDSDSA"),
		one("CN=Users,"+base, "container"), one("CN=Computers,"+base, "container"), one("OU=Domain Controllers,"+base, "organizationalUnit"),
		one("CN=Domain Admins,CN=Users,"+base, "group"), one("CN=Domain Users,CN=Users,"+base, "group"),
	} {
		if _, err := d.add(e); err != nil {
			return err
		}
	}
	for dn, rid := range map[string]uint32{"CN=Domain Admins,CN=Users," + base: ridDomainAdmins, "CN=Domain Users,CN=Users," + base: ridDomainUsers} {
		e, _ := d.locate(dn)
		d.tree.put(e, "objectSid", d.accountSID(rid))
	}
	for _, dn := range []string{configuration, "CN=Schema," + configuration} {
		e, _ := d.locate(dn)
		e.context = true
	}
	e, _ := d.locate(base)
	d.tree.put(e, "objectSid", string(d.domainSID))
	admin, err := d.add(d.person(User{Login: "Administrator", Display: "Administrator", Under: "CN=Users," + base, PasswordNeverExpires: true}))
	if err != nil {
		return err
	}
	d.tree.put(admin, "objectSid", d.accountSID(ridAdministrator))
	admins, _ := d.locate("CN=Domain Admins,CN=Users," + base)
	d.tree.put(admins, "member", admin.dn)
	d.setPassword(admin, d.opts.AdminPassword, d.now())
	d.admin, d.nextRID = admin, firstRID
	return nil
}

// types are pairs for one.
func (d *activeDirectory) types() []string {
	var out []string
	for _, t := range d.schema().published() {
		out = append(out, "attributeTypes", t)
	}
	return out
}

// person: accounts are named by their display name, as the management console
// names them.
func (d *activeDirectory) person(u User) Entry {
	control := int64(uacNormal)
	if u.Disabled {
		control |= uacDisabled
	}
	if u.PasswordNeverExpires {
		control |= uacNeverExpires
	}
	cn := u.Display
	if cn == "" {
		cn = u.Login
	}
	return Entry{"CN=" + escape(cn) + "," + u.Under, given(map[string]string{
		"objectClass": "user", "sAMAccountName": u.Login, "userPrincipalName": u.Login + "@" + d.opts.Domain, "userAccountControl": decimal(control),
		"givenName": u.First, "sn": u.Last, "displayName": u.Display, "mail": u.Mail, "mobile": u.Mobile, "title": u.Title,
		"department": u.Department, "manager": u.Manager, "employeeID": u.Number,
	})}
}

// given leaves out what is empty.
func given(values map[string]string) map[string][]string {
	out := map[string][]string{}
	for name, v := range values {
		if v != "" {
			out[name] = []string{v}
		}
	}
	return out
}

func (d *activeDirectory) groupClass() string { return "group" }

// Values of sAMAccountType and groupType (MS-ADTS 2.2.12, MS-SAMR 2.2.1.9).
const (
	samUser           = 0x30000000
	samGroup          = 0x10000000
	globalSecurity    = -0x80000000 | 2
	writableInstance  = 4
	noExpiry          = never
	personsCategory   = "Person"
	mostAccountNameAD = 20
)

var errAccountName = errors.New("the account name is missing, too long or taken")

// born gives what a domain controller gives to new objects (MS-ADTS 3.1.1.5.2,
// MS-SAMR 3.1.1.8.1).
func (d *activeDirectory) born(e *entry, now time.Time) error {
	t, id := d.tree, d.uuid(e)
	t.put(e, "objectGUID", string(id[:]))
	n, _ := parseName(e.dn) // read before
	t.put(e, "name", n[0][0].value)
	stamp := generalizedAD(now)
	t.put(e, "whenCreated", stamp)
	t.put(e, "whenChanged", stamp)
	t.put(e, "instanceType", decimal(writableInstance))
	class := e.all("objectClass")
	category := class[len(class)-1].raw
	account := category == "user" || category == "computer" || category == "group"
	if category == "user" {
		category = personsCategory
	}
	t.put(e, "objectCategory", d.category(category))
	if !account {
		return nil
	}
	if e.get("sAMAccountName") == "" && category == "group" {
		t.put(e, "sAMAccountName", n[0][0].value)
	}
	login := e.all("sAMAccountName")
	if len(login) != 1 || len(t.holders("sAMAccountName", login[0].norm)) > 0 || category != "group" && len(login[0].raw) > mostAccountNameAD {
		return errAccountName
	}
	t.put(e, "objectSid", d.accountSID(d.nextRID))
	d.nextRID++
	if category == "group" {
		t.put(e, "sAMAccountType", decimal(samGroup))
		t.put(e, "groupType", decimal(globalSecurity))
		return nil
	}
	for name, v := range map[string]int64{"sAMAccountType": samUser, "primaryGroupID": ridDomainUsers, "accountExpires": noExpiry,
		"pwdLastSet": 0, "badPwdCount": 0, "badPasswordTime": 0, "lastLogon": 0, "logonCount": 0} {
		t.put(e, name, decimal(v))
	}
	if e.get("userAccountControl") == "" {
		t.put(e, "userAccountControl", decimal(uacNormal))
	}
	return nil
}

// category is the name of a class in the schema.
func (d *activeDirectory) category(class string) string {
	return "CN=" + escape(class) + ",CN=Schema," + d.configuration()
}

// assertion: objectCategory is asked for by the class's name (MS-ADTS 3.1.1.3.1.3.5).
func (d *activeDirectory) assertion(a *attribute, raw string) (string, error) {
	if a.name == "objectCategory" && !strings.Contains(raw, "=") {
		if strings.EqualFold(raw, "user") {
			raw = personsCategory
		}
		raw = d.category(raw)
	}
	return a.normal(raw)
}

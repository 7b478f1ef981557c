package directory

import (
	"context"
	"strconv"
	"strings"
	"time"

	"latchkey/bot"

	"github.com/go-ldap/ldap/v3"
)

// Bits of userAccountControl and msDS-User-Account-Control-Computed (MS-ADTS
// 2.2.16 and 3.1.1.4.5.17).
const (
	uacDisabled       = 0x2
	uacLockout        = 0x10
	uacNeverExpires   = 0x10000
	uacPasswordIsOver = 0x800000
)

// activeDirectory is Windows and Samba.
type activeDirectory struct{ store *Store }

func (d activeDirectory) names() names {
	c := d.store.config
	return names{
		// Of the persons, contacts are no users; of the users, computers are no persons.
		people: "(objectCategory=person)(objectClass=user)",
		id:     "objectGUID", login: "sAMAccountName", upn: "userPrincipalName",
		first: "givenName", last: "sn", display: "displayName", common: "cn",
		mail: or(c.Attributes.Mail, "mail"), mobile: or(c.Attributes.Mobile, "mobile"), manager: or(c.Attributes.Manager, "manager"),
		title: "title", department: []string{"department"}, link: c.LinkAttribute,
		state: []string{"userAccountControl", "accountExpires", "lockoutTime", "badPwdCount", "badPasswordTime", "pwdLastSet",
			"objectSid", "primaryGroupID"},
		computed: []string{"msDS-User-Account-Control-Computed", "msDS-UserPasswordExpiryTimeComputed", "msDS-ResultantPSO"},
		lock:     []string{"lockoutTime", "msDS-User-Account-Control-Computed"},
		locked:   "(lockoutTime>=1)",
	}
}

func or(name, usual string) string {
	if name == "" {
		return usual
	}
	return name
}

// guid writes an objectGUID as Active Directory displays it: the first three
// parts are little-endian (MS-DTYP 2.3.4).
func (activeDirectory) guid(e entry) string {
	b := e.bytes("objectGUID")
	if len(b) != 16 {
		return ""
	}
	return hyphenated([16]byte{b[3], b[2], b[1], b[0], b[5], b[4], b[7], b[6], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]})
}

func (activeDirectory) match(guid string) string {
	b, ok := parseGUID(guid)
	if !ok {
		return ""
	}
	raw := []byte{b[3], b[2], b[1], b[0], b[5], b[4], b[7], b[6], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]}
	return "(objectGUID=" + escapeBytes(raw) + ")"
}

// describe takes the server's own computation for the truth: lockoutTime alone
// outlives the lock.
func (d activeDirectory) describe(ctx context.Context, c *connection, e entry, a *bot.Account) error {
	control, err1 := strconv.ParseInt(e.get("userAccountControl"), 10, 64)
	computed, err2 := strconv.ParseInt(e.get("msDS-User-Account-Control-Computed"), 10, 64)
	if err1 != nil || err2 != nil {
		return bot.Ef(bot.Denied, "read an account of "+d.store.name,
			"Latchkey's own account may not read userAccountControl of this account in the directory %s, so nobody can say whether it is locked.", d.store.name)
	}
	a.Disabled = control&uacDisabled != 0
	if expires := fileTime(e.get("accountExpires")); !expires.IsZero() {
		a.Expired = !d.store.now().Before(expires)
	}
	lastSet := e.get("pwdLastSet")
	a.Password = bot.Password{
		LastSet: fileTime(lastSet), Expires: fileTime(e.get("msDS-UserPasswordExpiryTimeComputed")),
		Expired: computed&uacPasswordIsOver != 0, MustChange: lastSet == "0" && control&uacNeverExpires == 0,
	}
	a.Lock = lockComputed(e, computed)
	if a.Lock.State == bot.Unlocked {
		return nil
	}
	duration, err := d.lockoutDuration(ctx, c, e.get("msDS-ResultantPSO"))
	if err == nil && duration > 0 && !a.Lock.Since.IsZero() {
		a.Lock.Until = a.Lock.Since.Add(duration)
	}
	return err
}

func lockComputed(e entry, computed int64) bot.Lock {
	l := bot.Lock{State: bot.Unlocked, Value: e.get("lockoutTime"), LastBadPassword: fileTime(e.get("badPasswordTime"))}
	l.BadPasswords, _ = strconv.Atoi(e.get("badPwdCount"))
	if computed&uacLockout != 0 {
		l.State, l.Since = bot.Locked, fileTime(l.Value)
	}
	return l
}

// lock is without its end, which a policy tells. An account whose state may not
// be read is none that is known to be locked.
func (activeDirectory) lock(_ context.Context, _ *connection, e entry) (bot.Lock, error) {
	computed, _ := strconv.ParseInt(e.get("msDS-User-Account-Control-Computed"), 10, 64)
	return lockComputed(e, computed), nil
}

// lockoutDuration is that of the account's fine-grained policy, where it has
// one, and of the domain otherwise. 0: until somebody unlocks it, or not known,
// since a fine-grained policy is usually not readable.
func (activeDirectory) lockoutDuration(ctx context.Context, c *connection, pso string) (time.Duration, error) {
	holder, attribute := c.root.domain, "lockoutDuration"
	if pso != "" {
		holder, attribute = pso, "msDS-LockoutDuration"
	}
	e, err := c.remembered(ctx, holder, attribute)
	return interval(e.get(attribute)), err
}

// groups: the in-chain rule walks member for us, from the account and from
// its primary group, of which no member attribute tells.
func (d activeDirectory) groups(ctx context.Context, c *connection, e entry) ([]string, error) {
	filter := inChain(e.dn)
	var out []string
	primary, _, err := c.search(ctx, query{base: c.root.suffix(d.store.config.Base), scope: ldap.ScopeWholeSubtree,
		filter:     "(objectSid=" + escapeBytes(primaryGroup(e.bytes("objectSid"), e.get("primaryGroupID"))) + ")",
		attributes: []string{"1.1"}, most: 2})
	if err != nil {
		return nil, err
	}
	if len(primary) != 1 {
		// Without it the list would lack groups, among them perhaps one that protects.
		return nil, bot.Ef(bot.Denied, "read the primary group in "+d.store.name,
			"Latchkey's own account may not read the primary group of this account in the directory %s.", d.store.name)
	}
	out = append(out, primary[0].dn)
	filter += inChain(primary[0].dn)
	found, cut, err := c.search(ctx, query{base: c.root.suffix(d.store.config.Base), scope: ldap.ScopeWholeSubtree,
		filter: "(&(objectClass=group)(|" + filter + "))", attributes: []string{"1.1"}, most: mostGroups})
	if err == nil && cut {
		err = d.store.tooManyGroups()
	}
	for _, g := range found {
		out = append(out, g.dn)
	}
	return out, err
}

// inChain is LDAP_MATCHING_RULE_IN_CHAIN (MS-ADTS 3.1.1.3.4.4.3) on member.
func inChain(dn string) string {
	return "(member:1.2.840.113556.1.4.1941:=" + ldap.EscapeFilter(dn) + ")"
}

// short reads the domain's NetBIOS name.
func (d activeDirectory) short(ctx context.Context, c *connection) (string, error) {
	if c.root.configuration == "" {
		return "", nil
	}
	found, _, err := c.search(ctx, query{base: "CN=Partitions," + c.root.configuration, scope: ldap.ScopeSingleLevel,
		filter: "(&(nETBIOSName=*)(nCName=" + ldap.EscapeFilter(c.root.domain) + "))", attributes: []string{"nETBIOSName"}, most: 2})
	if err != nil || len(found) != 1 {
		return "", err
	}
	return found[0].get("nETBIOSName"), nil
}

// clear is the literal 0 and nothing else. Deleting the value seen in the same
// modify makes it compare-and-set: 16 when it is another one by now. Samba
// does so; Windows could not be tried, and Config.PlainReplace is the way out
// for a server that refuses it.
func (d activeDirectory) clear(request *ldap.ModifyRequest, seen string) {
	if d.store.config.PlainReplace {
		request.Replace("lockoutTime", []string{"0"})
		return
	}
	request.Delete("lockoutTime", []string{seen})
	request.Add("lockoutTime", []string{"0"})
}

// primaryGroup makes the objectSid of the primary group: the domain's part of
// the account's, and the relative id (MS-ADTS 3.1.1.4.5.19).
func primaryGroup(sid []byte, rid string) []byte {
	id, err := strconv.ParseUint(strings.TrimSpace(rid), 10, 32)
	if err != nil || len(sid) < 12 {
		return nil
	}
	out := append([]byte(nil), sid[:len(sid)-4]...)
	return append(out, byte(id), byte(id>>8), byte(id>>16), byte(id>>24))
}

package directory

import (
	"context"
	"strings"
	"time"

	"latchkey/bot"

	"github.com/go-ldap/ldap/v3"
)

// openLDAP is slapd with the overlay ppolicy.
type openLDAP struct{ store *Store }

func (d openLDAP) names() names {
	c := d.store.config
	return names{
		people: "(uid=*)(|(objectClass=person)(objectClass=posixAccount))",
		id:     "entryUUID", login: "uid",
		first: "givenName", last: "sn", display: "displayName", common: "cn",
		mail: or(c.Attributes.Mail, "mail"), mobile: or(c.Attributes.Mobile, "mobile"), manager: or(c.Attributes.Manager, "manager"),
		title: "title", department: []string{"departmentNumber", "ou"}, link: c.LinkAttribute,
		// Operational: they come to who asks by name.
		state: []string{"pwdAccountLockedTime", "pwdFailureTime", "pwdChangedTime", "pwdReset", "pwdPolicySubentry",
			"pwdStartTime", "pwdEndTime", "pwdLastSuccess"},
		lock:   []string{"pwdAccountLockedTime", "pwdPolicySubentry"},
		locked: "(pwdAccountLockedTime=*)",
	}
}

func (openLDAP) guid(e entry) string {
	id := strings.ToLower(e.get("entryUUID"))
	if _, ok := parseGUID(id); !ok {
		return ""
	}
	return id
}

func (openLDAP) match(guid string) string {
	if _, ok := parseGUID(guid); !ok {
		return ""
	}
	return "(entryUUID=" + guid + ")"
}

// policy is the part of a password policy that tells who is locked and for how long.
type policy struct {
	known      bool
	locks      bool          // pwdLockout
	duration   time.Duration // pwdLockoutDuration; 0: until somebody unlocks
	age        time.Duration // pwdMaxAge; 0: a password never expires
	idle       time.Duration // pwdMaxIdle; 0: an account may lie idle for ever
	mustChange bool          // pwdMustChange: pwdReset counts
}

// policy reads the policy in force: the account's own, else the overlay's
// default, which only the configuration tells.
func (d openLDAP) policy(ctx context.Context, c *connection, own string) (policy, error) {
	dn := or(own, d.store.config.DefaultPolicy)
	if dn == "" {
		return policy{}, nil
	}
	e, err := c.remembered(ctx, dn, "objectClass", "pwdLockout", "pwdLockoutDuration", "pwdMaxAge", "pwdMaxIdle", "pwdMustChange")
	return policy{
		known: e.get("objectClass") != "", locks: e.get("pwdLockout") == "TRUE", duration: seconds(e.get("pwdLockoutDuration")),
		age: seconds(e.get("pwdMaxAge")), idle: seconds(e.get("pwdMaxIdle")), mustChange: e.get("pwdMustChange") == "TRUE",
	}, err
}

// describe computes what the server does not tell. Where the policy is not
// known a lock counts as one that does not end: better said too often than
// not at all.
func (d openLDAP) describe(ctx context.Context, c *connection, e entry, a *bot.Account) error {
	p, err := d.policy(ctx, c, e.get("pwdPolicySubentry"))
	if err != nil {
		return err
	}
	now := d.store.now()
	a.Lock = lockOf(e, p, now)
	a.Password = bot.Password{LastSet: generalizedTime(e.get("pwdChangedTime"))}
	if p.age > 0 && !a.Password.LastSet.IsZero() {
		a.Password.Expires = a.Password.LastSet.Add(p.age)
		a.Password.Expired = !now.Before(a.Password.Expires)
	}
	a.Password.MustChange = e.get("pwdReset") == "TRUE" && (p.mustChange || !p.known)
	begins, ends := generalizedTime(e.get("pwdStartTime")), generalizedTime(e.get("pwdEndTime"))
	used := generalizedTime(e.get("pwdLastSuccess"))
	// None of these is a lock: clearing pwdAccountLockedTime lets nobody in.
	a.Expired = now.Before(begins) || !ends.IsZero() && !now.Before(ends) ||
		p.idle > 0 && !used.IsZero() && now.Truncate(time.Second).After(used.Add(p.idle)) // by the second, as slapd does
	return nil
}

func (d openLDAP) lock(ctx context.Context, c *connection, e entry) (bot.Lock, error) {
	p, err := d.policy(ctx, c, e.get("pwdPolicySubentry"))
	return lockOf(e, p, d.store.now()), err
}

func lockOf(e entry, p policy, now time.Time) bot.Lock {
	l := bot.Lock{State: bot.Unlocked, Value: e.get("pwdAccountLockedTime")}
	for _, f := range e.all("pwdFailureTime") {
		l.BadPasswords++
		if t := generalizedTime(f); t.After(l.LastBadPassword) {
			l.LastBadPassword = t
		}
	}
	switch {
	case l.Value == "":
		return l
	// 000001010000Z, in any spelling, is a lock that no clock ends: ours to say,
	// not to undo (draft-behera-ldap-password-policy-10 5.3.3).
	case generalizedTime(l.Value).Year() < 1:
		l.State = bot.LockedByAdministrator
		return l
	case p.known && !p.locks:
		return l
	}
	since := generalizedTime(l.Value)
	if p.duration > 0 && !since.IsZero() {
		if until := since.Add(p.duration); now.Before(until) {
			l.State, l.Since, l.Until = bot.Locked, since, until
		}
		return l
	}
	l.State, l.Since = bot.Locked, since
	return l
}

// groups walks member and uniqueMember upwards, a level at a time. The
// overlay memberof is not asked: it is not everywhere, and not for what was
// there before it.
func (d openLDAP) groups(ctx context.Context, c *connection, e entry) ([]string, error) {
	const levels, atOnce = 50, 20
	base := c.root.suffix(d.store.config.Base)
	seen := map[bot.DN]bool{}
	var out []string
	level := []string{e.dn}
	for range levels {
		var next []string
		for len(level) > 0 {
			n := min(atOnce, len(level))
			var filter strings.Builder
			for _, dn := range level[:n] {
				v := ldap.EscapeFilter(dn)
				filter.WriteString("(member=" + v + ")(uniqueMember=" + v + ")")
			}
			level = level[n:]
			found, cut, err := c.search(ctx, query{base: base, scope: ldap.ScopeWholeSubtree,
				filter: "(|" + filter.String() + ")", attributes: []string{"1.1"}, most: mostGroups})
			if err != nil {
				return nil, err
			}
			for _, g := range found {
				dn, err := Canonical(g.dn)
				if err != nil {
					return nil, bot.E(bot.Internal, "read the name of a group in "+d.store.name, err)
				}
				if !seen[dn] {
					seen[dn] = true
					next = append(next, g.dn)
				}
			}
			if cut || len(seen) > mostGroups {
				return nil, d.store.tooManyGroups()
			}
		}
		if len(next) == 0 {
			return out, nil
		}
		out, level = append(out, next...), next
	}
	return nil, d.store.tooManyGroups()
}

// short: an OpenLDAP tree has no such name.
func (openLDAP) short(context.Context, *connection) (string, error) { return "", nil }

// clear deletes the value seen: 16 when it is another one by now. Not a
// replace, which leaves the failure times, so that one wrong password locks again.
func (openLDAP) clear(request *ldap.ModifyRequest, seen string) {
	request.Delete("pwdAccountLockedTime", []string{seen})
}

package directory

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"latchkey/bot"

	"github.com/go-ldap/ldap/v3"
)

const (
	mostSampled      = 500 // accounts looked at to find where accounts are
	sampledPerParent = 3
	mostTried        = 60
)

// rights samples accounts below each container, some from each place where
// there are any, and asks what the service account may write of them.
func (r *report) rights(ctx context.Context, c *connection, containers []bot.DN) error {
	if len(containers) == 0 {
		base, _ := Canonical(r.store.config.Base)
		containers = []bot.DN{base}
	}
	more := map[string]bool{}
	for _, container := range containers {
		if err := r.rightsBelow(ctx, c, container, more); err != nil {
			return err
		}
	}
	if len(more) > 0 {
		names := make([]string, 0, len(more))
		for a := range more {
			names = append(names, a)
		}
		slices.Sort(names)
		r.warning(fmt.Sprintf("the account of bind_dn may write more than the lock: %s", few(names)), "take those rights away: who steals its password must not be able to do more than unlock")
	}
	return nil
}

func (r *report) rightsBelow(ctx context.Context, c *connection, container bot.DN, more map[string]bool) error {
	sample, err := r.sample(ctx, c, string(container))
	if err != nil {
		return err
	}
	if len(sample) == 0 {
		r.warning(fmt.Sprintf("there are no accounts below %s, or they may not be seen", container), "see that the container is right and that the account of bind_dn may read it")
		return nil
	}
	var refused []string // places
	may := 0
	for _, e := range sample {
		writes, err := r.writable(ctx, c, e.dn)
		if err != nil {
			return err
		}
		lock := false
		for _, a := range writes {
			if strings.EqualFold(a, lockAttribute(r.store.config.Kind)) {
				lock = true
			} else {
				more[a] = true
			}
		}
		if place := parent(e.dn); lock {
			may++
		} else if !slices.Contains(refused, place) {
			refused = append(refused, place)
		}
	}
	mend := fmt.Sprintf("delegate to it the right to write %s of the users there, and nothing else", lockAttribute(r.store.config.Kind))
	switch {
	case may == 0:
		r.fault(fmt.Sprintf("the account of bind_dn may unlock none of %d accounts tried below %s", len(sample), container), mend)
	case len(refused) > 0:
		r.warning(fmt.Sprintf("the account of bind_dn may unlock %d of %d accounts tried below %s; not in: %s", may, len(sample), container, few(refused)), mend+", or leave it so where nobody is to be unlocked")
	default:
		r.ok(fmt.Sprintf("the account of bind_dn may unlock all %d accounts tried below %s", len(sample), container))
	}
	return nil
}

func lockAttribute(kind string) string {
	if kind == ActiveDirectory {
		return "lockoutTime"
	}
	return "pwdAccountLockedTime"
}

// sample takes a few accounts from each place below a container, but not the
// service account itself, which may write more of itself.
func (r *report) sample(ctx context.Context, c *connection, container string) ([]entry, error) {
	n := r.store.names
	found, _, err := c.search(ctx, query{base: container, scope: ldap.ScopeWholeSubtree, filter: n.only(""), attributes: []string{"1.1"}, most: mostSampled})
	if codeIs(err, ldap.LDAPResultNoSuchObject) {
		return nil, nil
	}
	own, _ := Canonical(r.store.config.BindDN)
	count := map[string]int{}
	var out []entry
	for _, e := range found {
		dn, _ := Canonical(e.dn)
		if place := parent(e.dn); dn != own && count[place] < sampledPerParent && len(out) < mostTried {
			count[place]++
			out = append(out, e)
		}
	}
	return out, err
}

// writable gives the attributes that the service account may write of an
// entry. Active Directory tells (MS-ADTS 3.1.1.4.5.18). Elsewhere it is tried,
// with values that are not there.
func (r *report) writable(ctx context.Context, c *connection, dn string) ([]string, error) {
	if r.store.config.Kind == ActiveDirectory {
		e, _, err := c.base(ctx, dn, anything, "allowedAttributesEffective")
		return e.all("allowedAttributesEffective"), err
	}
	var out []string
	for _, try := range [][2]string{{"pwdAccountLockedTime", "19700101000000Z"}, {"mail", "nobody@latchkey.invalid"}} {
		request := ldap.NewModifyRequest(dn, nil)
		request.Delete(try[0], []string{try[1]})
		err := c.do(ctx, modifyLimit, func(l *ldap.Conn) error { return l.Modify(request) })
		switch {
		case codeIs(err, ldap.LDAPResultNoSuchAttribute):
			out = append(out, try[0])
		case err != nil && !answered(err):
			return nil, err
		}
	}
	return out, nil
}

// parent is the name of the entry above.
func parent(dn string) string {
	for at := 0; at < len(dn); {
		at += separator(dn[at:])
		if at < len(dn) && dn[at] == ',' {
			return strings.TrimLeft(dn[at+1:], " ")
		}
		at++ // '+'
	}
	return ""
}

// few lists the first of many.
func few(all []string) string {
	const most = 5
	if len(all) <= most {
		return strings.Join(all, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(all[:most], ", "), len(all)-most)
}

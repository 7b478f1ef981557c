package ldap_test

import (
	"slices"
	"strings"
	"testing"

	"latchkey/adapters/playground/ldap"
)

func TestAddRefuses(t *testing.T) {
	flavours(t, ldap.Options{}, func(t *testing.T, r *running, dn string) {
		class := func(more ...string) map[string][]string {
			out := map[string][]string{"objectClass": {"device"}}
			for i := 0; i < len(more); i += 2 {
				out[more[i]] = append(out[more[i]], more[i+1])
			}
			return out
		}
		for name, e := range map[string]ldap.Entry{
			"no name": {"", class()}, "not a name": {"x", class()}, "there already": {strings.ToUpper(dn), class()}, "no parent": {"cn=x,ou=nowhere," + r.Base(), class()},
			"outside": {"dc=elsewhere", class()}, "unknown attribute": {"cn=x," + r.inside, class("noSuchThing", "x")}, "computed": {"cn=x," + r.inside, class("memberOf", dn)},
			"wrong syntax": {"cn=x," + r.inside, class("manager", "x")}, "two of one": {"cn=x," + r.inside, class("displayName", "x", "displayName", "y")},
			"a name of no attribute": {"noSuchThing=x," + r.inside, class()},
		} {
			if err := r.Server.Add(e); err == nil {
				t.Errorf("%s: it was added", name)
			}
		}
		if _, err := r.AddUser(ldap.User{Login: "mlin", Under: r.inside, First: "Mei", Last: "Lin"}); err == nil {
			t.Error("a second one of the same name was added")
		}
		for name, err := range map[string]error{
			"no group": r.AddMember("cn=x,"+r.inside, dn), "no member": r.AddMember(r.AddGroup(t, r.groups, "g"), "cn=x,"+r.inside),
			"password of nobody": r.SetPassword("cn=x,"+r.inside, "x"), "attribute of nobody": r.Server.Set("cn=x,"+r.inside, "title", "x"),
			"no attribute": r.Server.Set(dn, "noSuchThing", "x"), "a wrong value": r.Server.Set(dn, "manager", "x"), "a computed one": r.Server.Set(dn, "memberOf", dn),
			"delegating to nobody": r.Delegate("cn=x,"+r.inside, r.inside), "delegating nothing": r.Delegate(dn, "cn=x,"+r.inside),
			"removing a container": r.Remove(r.inside), "removing nobody": r.Remove("cn=x," + r.inside), "removing all": r.Remove(r.Base()), "removing the administrator": r.Remove(r.Administrator()),
		} {
			if err == nil {
				t.Errorf("%s: no error", name)
			}
		}
		for _, to := range []string{"ou=nowhere," + r.Base(), dn, r.inside} {
			if _, err := r.Server.Move(dn, to); err == nil {
				t.Errorf("moved to %s", to)
			}
		}
		if _, err := r.Server.Move(r.Base(), r.inside); err == nil {
			t.Error("the root was moved")
		}
	})
}

func TestActiveDirectoryWantsUniqueAccountNames(t *testing.T) {
	r := start(t, ldap.Options{Flavour: ldap.ActiveDirectory, Domain: "corp.example.test"})
	r.Add(t, person(r.inside))
	for name, u := range map[string]ldap.User{
		"taken": {Login: "SVC-unlock", Display: "Another", Under: r.inside}, "too long": {Login: strings.Repeat("x", 21), Under: r.inside}, "none": {Display: "No Login", Under: r.inside},
	} {
		if _, err := r.AddUser(u); err == nil {
			t.Errorf("%s: it was added", name)
		}
	}
}

// Mentions follow who moves, with all that is below, and go with who goes.
func TestMovingAndRemoving(t *testing.T) {
	flavours(t, ldap.Options{}, func(t *testing.T, r *running, dn string) {
		team, err := r.AddOU(r.inside, `Team, "A" + B`)
		must(t, err)
		below, err := r.AddUser(ldap.User{Login: "deep", Under: team, Display: "Deep, Down", Password: "right", Manager: dn})
		must(t, err)
		group := r.AddGroup(t, r.groups, "g", below, dn)
		moved, err := r.Server.Move(team, r.outside)
		must(t, err)
		deep := below[:len(below)-len(team)] + moved
		if got := r.Values(group, "member"); !slices.Equal(got, []string{deep, dn}) {
			t.Errorf("the members are %q", got)
		}
		if got := r.Values(deep, "memberOf"); !slices.Equal(got, []string{group}) || r.Values(below, "objectClass") != nil {
			t.Errorf("%s is in %q", deep, got)
		}
		must(t, r.Bind(deep, "right"))
		again := r.Move(t, dn, r.outside)
		if got := r.Values(deep, "manager"); !slices.Equal(got, []string{again}) {
			t.Errorf("the manager is %q", got)
		}
		must(t, r.Remove(again))
		if r.Values(deep, "manager") != nil || !slices.Equal(r.Values(group, "member"), []string{deep}) {
			t.Errorf("who is gone is mentioned: %q %q", r.Values(deep, "manager"), r.Values(group, "member"))
		}
		if err := r.Bind(again, "right"); err == nil {
			t.Error("who is gone signs in")
		}
	})
}

// An account that is removed loses what it was bound to, at once.
func TestRemovedWhileBound(t *testing.T) {
	r := start(t, ldap.Options{Flavour: ldap.OpenLDAP, Domain: "example.test"})
	conn := r.bound(t)
	must(t, r.Remove(r.service))
	if _, err := conn.Search(search(r.Base(), "(uid=*)")); code(err) != 32 {
		t.Errorf("a search gave %v", err)
	}
	if who, err := conn.WhoAmI(nil); err != nil || who.AuthzID != "" {
		t.Errorf("it is %+v, %v", who, err)
	}
}

// What is kept of somebody elsewhere holds after a new start, and is not the
// next one's of the same name.
func TestIdsAreTheSameEachTime(t *testing.T) {
	for flavour, name := range map[string]string{ldap.ActiveDirectory: "objectGUID", ldap.OpenLDAP: "entryUUID"} {
		ids := map[string]string{}
		for round := range 2 {
			r := start(t, ldap.Options{Flavour: flavour, Domain: "corp.example.test"})
			for range 2 {
				for _, login := range []string{"a", "b"} {
					dn, err := r.AddUser(ldap.User{Login: login, Under: r.inside})
					must(t, err)
					id := strings.Join(r.Values(dn, name), " ")
					if round == 0 && ids[id] != "" {
						t.Errorf("%s of %s is that of %s too", name, login, ids[id])
					}
					if round == 1 && ids[id] != login {
						t.Errorf("%s of %s is another one", name, login)
					}
					ids[id] = login
					must(t, r.Remove(dn))
				}
			}
		}
	}
}

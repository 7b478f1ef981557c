package directory_test

import (
	"context"
	"strings"
	"testing"

	"latchkey/bot"
	"latchkey/servers"
	"latchkey/store/directory"
	"latchkey/store/directory/conformance"
)

// wantFinding fails unless a finding of the level holds each of the texts. A
// mend is there for all that is not well.
func wantFinding(t *testing.T, all []bot.Finding, level bot.Level, texts ...string) bot.Finding {
	t.Helper()
	for _, f := range all {
		if f.Level != bot.LevelOK && f.Mend == "" {
			t.Errorf("no word on how to mend: %s", f.What)
		}
		found := f.Level == level
		for _, text := range texts {
			found = found && strings.Contains(strings.ToLower(f.What), strings.ToLower(text))
		}
		if found {
			return f
		}
	}
	t.Errorf("no %s says %q: %+v", level, texts, all)
	return bot.Finding{}
}

func dn(t *testing.T, name string) bot.DN {
	t.Helper()
	c, err := directory.Canonical(name)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// both are one server of each kind, with what checks need.
func both(t *testing.T) map[string]checked {
	t.Helper()
	dc, sl := samba{servers.StartSamba(t, servers.SambaSpec{})}, slapd{servers.StartSlapd(t, servers.SlapdSpec{})}
	s := open(t, dc.Config())
	dc.mend(t, wantFinding(t, s.Check(context.Background(), directory.Plan{}), bot.LevelWarning, "no index"))
	return map[string]checked{
		"samba": {dc, dc.Unlocker, dc.Reader, dc.Admin, dc.People, dc.External},
		"slapd": {sl, sl.Unlocker, sl.Reader, sl.Admin, sl.People, sl.External},
	}
}

type checked struct {
	conformance.Server
	unlocker, reader, admin servers.Account
	people, external        string
}

func TestCheckTellsRightsBeforehand(t *testing.T) {
	ctx := context.Background()
	for name, srv := range both(t) {
		t.Run(name, func(t *testing.T) {
			in := srv.Add(t, conformance.Person{Under: srv.Inside(t)})
			out := srv.Add(t, conformance.Person{Under: srv.Outside(t)})
			check := func(who servers.Account, containers ...bot.DN) []bot.Finding {
				c := srv.Config()
				c.BindDN, c.BindPassword = who.DN, who.Password
				return open(t, c).Check(ctx, directory.Plan{Containers: containers})
			}
			people, external := dn(t, srv.people), dn(t, srv.external)

			good := check(srv.unlocker, people)
			wantFinding(t, good, bot.LevelOK, "may unlock all 1 accounts", string(people))
			wantFinding(t, good, bot.LevelOK, srv.Config().URLs[0], "answers")
			if worst := bot.Worst(good); worst != bot.LevelOK {
				t.Errorf("a good set-up is found %s: %+v", worst, good)
			}
			wantFinding(t, check(srv.unlocker, external), bot.LevelFault, "unlock none", string(external))
			wantFinding(t, check(srv.unlocker), bot.LevelWarning, "not in", out.DN[strings.Index(out.DN, ",")+1:])
			wantFinding(t, check(srv.reader, people), bot.LevelFault, "unlock none")
			wantFinding(t, check(srv.admin, people), bot.LevelWarning, "more than the lock")
			wantFinding(t, check(srv.unlocker, dn(t, "ou=nowhere,"+srv.Config().Base)), bot.LevelWarning, "no accounts")
			for _, who := range []conformance.Account{in, out} { // nothing was changed
				if err := srv.Bind(who.DN, who.Password); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

func TestCheckFindsWhatIsWrong(t *testing.T) {
	ctx := context.Background()
	for name, srv := range both(t) {
		t.Run(name, func(t *testing.T) {
			srv.Add(t, conformance.Person{Under: srv.Inside(t)})
			check := func(change func(*directory.Config), names ...bot.DN) []bot.Finding {
				c := srv.Config()
				change(&c)
				return open(t, c).Check(ctx, directory.Plan{Containers: []bot.DN{dn(t, srv.people)}, Names: names})
			}
			as := func(*directory.Config) {}
			group := dn(t, srv.AddGroup(t, srv.GroupBase(t), "desk"))
			if all := check(as, group, dn(t, srv.people)); bot.Worst(all) != bot.LevelOK {
				t.Errorf("names that exist: %+v", all)
			}
			wantFinding(t, check(as, "cn=nobody,"+dn(t, srv.people)), bot.LevelFault, "does not exist", "cn=nobody")
			if name == "slapd" { // which takes two spaces for one
				spaced := dn(t, srv.AddGroup(t, srv.GroupBase(t), "wide  desk"))
				wantFinding(t, check(as, bot.DN(strings.Replace(string(spaced), "  ", " ", 1))), bot.LevelFault, "is spelled", string(spaced))
			}
			wantFinding(t, check(as, "dc=elsewhere,dc=test"), bot.LevelFault, "does not exist")
			wantFinding(t, check(func(c *directory.Config) { c.BindPassword = "wrong" }), bot.LevelFault, "refuses bind_dn")
			wantFinding(t, check(func(c *directory.Config) { c.CA = nil }), bot.LevelFault, "certificate")
			wantFinding(t, check(func(c *directory.Config) { c.URLs, c.WriteTo = []string{"ldaps://127.0.0.1:1"}, "" }), bot.LevelFault, "not usable")
			wantFinding(t, check(func(c *directory.Config) { c.Base = "ou=nowhere," + c.Base }), bot.LevelFault, "base does not exist")
			wantFinding(t, check(func(c *directory.Config) { c.LinkAttribute = "noSuchThing" }), bot.LevelFault, "link_attribute", "noSuchThing")
			wantFinding(t, check(func(c *directory.Config) { c.Attributes.Mobile = "telephoneNumberX" }), bot.LevelFault, "attributes.mobile")
			wantFinding(t, check(func(c *directory.Config) {
				c.WriteTo = ""
				c.Kind = map[string]string{directory.ActiveDirectory: directory.OpenLDAP, directory.OpenLDAP: directory.ActiveDirectory}[c.Kind]
			}), bot.LevelFault, "not a server of kind")
			if name == "slapd" {
				wantFinding(t, check(func(c *directory.Config) { c.DefaultPolicy = "" }), bot.LevelWarning, "default_policy is not set")
				wantFinding(t, check(func(c *directory.Config) { c.DefaultPolicy = "cn=none," + c.Base }), bot.LevelFault, "default_policy does not exist")
			} else {
				wantFinding(t, check(func(c *directory.Config) { c.LinkAttribute = "pager" }), bot.LevelWarning, "link_attribute pager", "users write")
			}
			if all := check(as); bot.Worst(all) != bot.LevelOK {
				t.Errorf("after all that: %+v", all)
			}
		})
	}
}

package cast_test

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"

	"latchkey/adapters/playground/cast"
	"latchkey/adapters/playground/ldap"
	"latchkey/bot"
	"latchkey/store/directory"

	"github.com/google/go-cmp/cmp"
)

// reserved: see the package's doc.
var reserved = regexp.MustCompile(`^\+1(202|312|415)55501\d\d$`)

func TestPeopleAreDistinctAndWellFormed(t *testing.T) {
	people := cast.People()
	if len(people) < 120 {
		t.Errorf("%d people", len(people))
	}
	seen := map[string]string{}
	for _, p := range people {
		for what, v := range map[string]string{"login": p.Login, "mail": p.Mail, "mobile": p.Mobile, "number": p.Number, "name": p.Name()} {
			if other, taken := seen[what+v]; taken || v == "" {
				t.Errorf("%s and %s have the %s %q", p.Login, other, what, v)
			}
			seen[what+v] = p.Login
		}
		if strings.Trim(p.Mail, "abcdefghijklmnopqrstuvwxyz-.@") != "" || !strings.HasSuffix(p.Mail, "@example.com") {
			t.Errorf("the address %s", p.Mail)
		}
		if !reserved.MatchString(p.Mobile) {
			t.Errorf("%s has the number %s, which may be somebody's", p.Login, p.Mobile)
		}
		if p.Title == "" || p.Department == "" || len(p.Login) > 20 {
			t.Errorf("%+v", p)
		}
	}
	if diff := cmp.Diff(people, cast.People()); diff != "" {
		t.Error(diff)
	}
}

func TestManagersAreATree(t *testing.T) {
	led := map[string]int{}
	for _, p := range cast.People() {
		led[p.Manager]++
		steps := 0
		for up := p; up.Manager != "" && steps < 10; steps++ {
			manager, there := cast.Find(up.Manager)
			if !there {
				t.Fatalf("%s is led by %s, who is not there", up.Login, up.Manager)
			}
			up = manager
		}
		if steps == 10 {
			t.Errorf("%s is led in a ring", p.Login)
		}
	}
	if led[""] != 1 || len(led) < 20 {
		t.Errorf("who leads how many: %v", led)
	}
}

// What the stories rely on.
func TestNamedPeople(t *testing.T) {
	ctx := context.Background()
	corp, lab := start(t, ldap.ActiveDirectory, "corp.example.com", cast.Corp), start(t, ldap.OpenLDAP, "lab.example.com", cast.Lab)
	find := func(s *directory.Store, login string) bot.Account {
		a, err := s.Lookup(ctx, bot.FieldLogin, login)
		if err != nil {
			t.Fatalf("%s: %v", login, err)
		}
		return a
	}
	groups := func(s *directory.Store, login string) string {
		all, err := s.Groups(ctx, find(s, login).ID.GUID)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, dn := range all {
			out = append(out, string(dn))
		}
		return strings.Join(out, "\n")
	}
	hits, err := corp.store.Find(ctx, bot.Query{Text: "mei", Limit: 10})
	if err != nil || hits.Total != 1 || hits.Accounts[0].Login != "mlin" {
		t.Errorf("searching mei: %+v, %v", hits, err)
	}
	mei := find(corp.store, "mlin")
	if manager := find(corp.store, "mruiz"); manager.DN != mei.Manager || mei.DisplayName != "Mei Lin" || mei.Mobile == "" {
		t.Errorf("Mei is %+v, Marta %+v", mei, manager)
	}
	if linked, err := lab.store.Lookup(ctx, bot.FieldLink, mei.Link); err != nil || linked.Login != "mlin" || mei.Link == "" {
		t.Errorf("Mei in the lab: %+v, %v", linked, err)
	}
	for login, group := range map[string]string{"dreyes": cast.Helpdesk, "rwest": cast.Helpdesk, "ubrandt": cast.HelpdeskLeads,
		"nquist": cast.HelpdeskTrainees, "aadmin": cast.DomainAdmins, "tberg": "All Staff"} {
		if got := groups(corp.store, login); !strings.Contains(got, "cn="+strings.ToLower(group)+",") {
			t.Errorf("%s is not in %s: %s", login, group, got)
		}
	}
	for _, login := range []string{"nquist", "ubrandt", "tberg", "mlin"} {
		if got := groups(corp.store, login); strings.Contains(got, "cn=helpdesk,") || strings.Contains(got, "cn=domain admins,") {
			t.Errorf("%s is in %s", login, got)
		}
	}
	if got := groups(lab.store, "mlin"); !strings.Contains(got, cast.LabUsers) {
		t.Errorf("in the lab Mei is in %s", got)
	}
	staff, _ := directory.Canonical("OU=Staff," + corp.Base())
	if ada := find(corp.store, "aadmin"); ada.DN.Under(staff) || !mei.DN.Under(staff) {
		t.Errorf("Ada is %s, Mei %s", ada.DN, mei.DN)
	}
}

func TestEverybodyCanSignIn(t *testing.T) {
	ctx := context.Background()
	corp, lab := start(t, ldap.ActiveDirectory, "corp.example.com", cast.Corp), start(t, ldap.OpenLDAP, "lab.example.com", cast.Lab)
	for _, p := range cast.People() {
		want := ldap.Welcomed
		switch {
		case p.Disabled:
			want = ldap.Disabled
		case p.MustChange:
			want = ldap.MustChange
		}
		if got, err := corp.SignIn(ctx, p.Login, p.Password()); err != nil || got != want {
			t.Errorf("%s in corp: %s, %v", p.Login, got, err)
		}
		if got, err := lab.SignIn(ctx, p.Login, p.Password()); err != nil || (got == ldap.Welcomed) != p.Lab {
			t.Errorf("%s in the lab: %s, %v", p.Login, got, err)
		}
	}
}

// An administrator's first look at a filled directory finds nothing to mend.
func TestCheckIsContent(t *testing.T) {
	corp, lab := start(t, ldap.ActiveDirectory, "corp.example.com", cast.Corp), start(t, ldap.OpenLDAP, "lab.example.com", cast.Lab)
	for s, containers := range map[*filled][]string{corp: {"OU=Staff," + corp.Base()}, lab: {"ou=people," + lab.Base()}} {
		var plan directory.Plan
		for _, name := range containers {
			dn, err := directory.Canonical(name)
			if err != nil {
				t.Fatal(err)
			}
			plan.Containers, plan.Names = append(plan.Containers, dn), append(plan.Names, dn)
		}
		findings := s.store.Check(context.Background(), plan)
		if bot.Worst(findings) != bot.LevelOK {
			t.Errorf("%+v", slices.DeleteFunc(findings, func(f bot.Finding) bool { return f.Level == bot.LevelOK }))
		}
	}
}

// filled is a directory with its people, and the bot's way to it.
type filled struct {
	*ldap.Server
	store *directory.Store
}

func start(t *testing.T, flavour, domain string, fill func(*ldap.Server, string) (string, error)) *filled {
	t.Helper()
	const password = "of-the-service"
	s, err := ldap.New(ldap.Options{Flavour: flavour, Domain: domain})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	service, err := fill(s, password)
	if err != nil {
		t.Fatal(err)
	}
	link := "employeeID"
	if flavour == ldap.OpenLDAP {
		link = "employeeNumber"
	}
	store, err := directory.Open(directory.Config{Name: "store", Kind: flavour, URLs: []string{s.URL()}, Base: s.Base(), CA: s.CA(),
		BindDN: service, BindPassword: password, LinkAttribute: link, DefaultPolicy: s.DefaultPolicy()}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	return &filled{s, store}
}

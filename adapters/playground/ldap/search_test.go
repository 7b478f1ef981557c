package ldap_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"latchkey/adapters/playground/ldap"

	client "github.com/go-ldap/ldap/v3"
	"github.com/google/go-cmp/cmp"
)

// logins gives who is found, sorted.
func logins(tb testing.TB, conn *client.Conn, r *running, base, filter string) string {
	tb.Helper()
	name := map[string]string{ldap.ActiveDirectory: "sAMAccountName", ldap.OpenLDAP: "uid"}[r.opts.Flavour]
	found, err := conn.Search(search(base, filter, name))
	if err != nil {
		tb.Errorf("%s: %v", filter, err)
		return ""
	}
	var out []string
	for _, e := range found.Entries {
		if login := e.GetAttributeValue(name); login != "" {
			out = append(out, login)
		}
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

func TestFilters(t *testing.T) {
	for _, flavour := range []string{ldap.ActiveDirectory, ldap.OpenLDAP} {
		r := start(t, ldap.Options{Flavour: flavour, Domain: "corp.example.test"})
		var dns []string
		for _, u := range []ldap.User{{Login: "ana", First: "Ana", Last: "Lopez (Ext)", Mail: "ana@example.test", Title: "a*b"},
			{Login: "bo", First: "Bo", Last: `Back\slash`, Title: "Chief of Staff"}, {Login: "cy", First: "Ćy", Last: "Ωmega"}} {
			u.Under, u.Password = r.inside, "x"
			dn, err := r.AddUser(u)
			must(t, err)
			dns = append(dns, dn)
		}
		inner := r.AddGroup(t, r.groups, "inner", dns[0])
		outer := r.AddGroup(t, r.groups, "outer", inner)
		must(t, r.AddMember(inner, outer)) // a ring
		must(t, r.Server.Set(dns[1], "manager", dns[0]))
		conn := r.bound(t)
		ana := client.EscapeFilter(dns[0])
		for filter, want := range map[string]string{
			"(givenName=ana)": "ana", "(givenname=ANA)": "ana", "(givenName=an)": "", "(GIVENNAME;lang-en=ana)": "ana",
			"(sn=*)": "ana bo cy", "(title=*)": "ana bo", "(!(title=*))": "cy", "(!(noSuchThing=x))": "", "(noSuchThing=*)": "",
			`(sn=Lopez \28Ext\29)`: "ana", `(sn=back\5cslash)`: "bo", `(title=a\2ab)`: "ana", "(title=a*b)": "ana", `(sn=ωMEGA)`: "cy", "(givenName=ćY)": "cy",
			"(title=*hief*st*)": "bo", "(title=chief*staff)": "bo", "(title=staff*chief)": "", "(title=*ff)": "bo", "(title=*f*f*f*f*)": "bo", "(title=*f*f*f*f*f*)": "",
			"(sn~=LOPEZ \\28EXT\\29)": "ana", "(|(givenName=ana)(givenName=bo))": "ana bo", "(&(givenName=ana)(givenName=bo))": "",
			"(&(sn=*)(!(|(givenName=ana)(title=chief*))))": "cy", "(givenName:=ana)": "ana", "(givenName:caseIgnoreMatch:=ana)": "",
			"(objectClass=person)": "ana bo cy", "(manager=" + strings.ToUpper(ana) + ")": "bo", "(manager=nonsense)": "", "(!(manager=nonsense))": "",
			"(memberOf=" + inner + ")": "ana", "(memberOf=" + outer + ")": "", "(ou:dn:=People)": "ana bo cy", "(ou:=People)": "",
			"(&)": "ana bo cy", "(|)": "",
		} {
			if got := logins(t, conn, r, r.inside, filter); got != want {
				t.Errorf("%s: %s found %q, expected %q", flavour, filter, got, want)
			}
		}
		inChain := ":1.2.840.113556.1.4.1941:="
		for filter, want := range map[string]string{
			"(memberOf" + inChain + outer + ")": "ana", "(manager" + inChain + ana + ")": "bo", "(memberOf" + inChain + ana + ")": "",
			"(userAccountControl:1.2.840.113556.1.4.803:=512)": "ana bo cy", "(userAccountControl:1.2.840.113556.1.4.803:=514)": "",
			"(userAccountControl:1.2.840.113556.1.4.804:=514)": "ana bo cy", "(accountExpires>=1)": "ana bo cy", "(logonCount<=0)": "ana bo cy",
			"(lockoutTime>=1)": "", "(objectCategory=person)": "ana bo cy", "(objectCategory=user)": "ana bo cy", "(objectCategory=group)": "inner outer",
			"(anr=an)": "ana", "(anr=lopez)": "ana", "(anr=bo b)": "bo", "(msDS-User-Account-Control-Computed=0)": "",
			"(member" + inChain + ana + ")": "inner outer",
		} {
			base := r.inside
			if strings.Contains(want, "inner") {
				base = r.groups
			}
			if got := logins(t, conn, r, base, filter); flavour == ldap.ActiveDirectory && got != want {
				t.Errorf("%s found %q, expected %q", filter, got, want)
			}
		}
	}
}

func TestFiltersAreBounded(t *testing.T) {
	r := start(t, ldap.Options{Flavour: ldap.ActiveDirectory, Domain: "corp.example.test"})
	conn := r.bound(t)
	nested := func(levels int) string {
		return strings.Repeat("(!", levels) + "(cn=x)" + strings.Repeat(")", levels)
	}
	if _, err := conn.Search(search(r.Base(), nested(30))); err != nil {
		t.Errorf("30 levels: %v", err)
	}
	if _, err := conn.Search(search(r.Base(), nested(35))); code(err) != 2 {
		t.Errorf("35 levels: %v", err)
	}
	wide := "(|" + strings.Repeat("(cn=x)", 5000) + ")"
	if found, err := conn.Search(search(r.Base(), wide)); err != nil || len(found.Entries) != 0 {
		t.Errorf("5000 parts: %v", err)
	}
}

func TestAttributesThatAreAskedFor(t *testing.T) {
	flavours(t, ldap.Options{}, func(t *testing.T, r *running, dn string) {
		conn := r.bound(t)
		names := func(attributes ...string) map[string]bool {
			found, err := conn.Search(client.NewSearchRequest(dn, client.ScopeBaseObject, 0, 0, 0, false, "(objectClass=*)", attributes, nil))
			must(t, err)
			out := map[string]bool{}
			for _, a := range found.Entries[0].Attributes {
				out[a.Name] = true
			}
			return out
		}
		id := map[string]string{ldap.ActiveDirectory: "objectGUID", ldap.OpenLDAP: "entryUUID"}[r.opts.Flavour]
		if got := names("1.1"); len(got) != 0 {
			t.Errorf("1.1: %v", got)
		}
		if got := names("SN", "mail", id, "noSuchThing"); !cmp.Equal(got, map[string]bool{"SN": true, id: true}) {
			t.Errorf("by name: %v", got)
		}
		all, more := names(), names("+")
		if !all["sn"] || all["subschemaSubentry"] || more["sn"] || !more["subschemaSubentry"] || all["entryUUID"] {
			t.Errorf("*: %v, +: %v", all, more)
		}
		for _, secret := range []string{"userPassword", "unicodePwd"} {
			if got := names(secret, "*", "+"); got[secret] {
				t.Errorf("%s is shown", secret)
			}
		}
		found, err := conn.Search(client.NewSearchRequest(dn, client.ScopeBaseObject, 0, 0, 0, true, "(objectClass=*)", []string{"sn"}, nil))
		if err != nil || len(found.Entries[0].Attributes) != 1 || len(found.Entries[0].Attributes[0].Values) != 0 {
			t.Errorf("types only: %v", err)
		}
	})
}

func TestScopesAndNames(t *testing.T) {
	flavours(t, ldap.Options{}, func(t *testing.T, r *running, dn string) {
		conn := r.bound(t)
		count := func(base string, scope int) int {
			found, err := conn.Search(client.NewSearchRequest(base, scope, 0, 0, 0, false, "(objectClass=*)", []string{"1.1"}, nil))
			if err != nil {
				return -code(err)
			}
			for _, e := range found.Entries {
				if r.opts.Flavour == ldap.ActiveDirectory && strings.Contains(e.DN, "CN=Configuration") != strings.Contains(base, "CN=Configuration") {
					t.Errorf("a search below %q leaves its naming context: %s", base, e.DN)
				}
			}
			return len(found.Entries)
		}
		if got := []int{count(r.inside, client.ScopeBaseObject), count(r.inside, client.ScopeSingleLevel), count(r.inside, client.ScopeWholeSubtree), count(strings.ToUpper(dn), client.ScopeBaseObject)}; !slices.Equal(got, []int{1, 1, 2, 1}) {
			t.Errorf("counts %v", got)
		}
		count(r.Base(), client.ScopeWholeSubtree)
		for name, want := range map[string]int{"ou=nowhere," + r.Base(): -32, "nonsense": -34, "=": -34, "cn=a\\zz": -34, "": -32, "dc=elsewhere": -32, strings.Repeat("cn=a,", 2000) + r.Base(): -34} {
			if got := count(name, client.ScopeWholeSubtree); got != want {
				t.Errorf("below %.30q: %d, expected %d", name, got, want)
			}
		}
		_, err := conn.Search(search("cn=x,ou=nowhere,"+r.inside, "(cn=*)"))
		if e, ok := err.(*client.Error); !ok || e.MatchedDN != r.inside {
			t.Errorf("the nearest name: %+v", err)
		}
	})
}

func TestPages(t *testing.T) {
	for flavour, limit := range map[string]int{ldap.ActiveDirectory: 1000, ldap.OpenLDAP: 500} {
		r := start(t, ldap.Options{Flavour: flavour, Domain: "corp.example.test"})
		many := limit + 30
		for i := range many {
			_, err := r.AddUser(ldap.User{Login: fmt.Sprintf("u%04d", i), Under: r.inside})
			must(t, err)
		}
		conn := r.bound(t)
		for _, size := range []uint32{7, 250, 5000} {
			found, err := conn.SearchWithPaging(search(r.inside, "(sn=*)"), size)
			if flavour == ldap.ActiveDirectory {
				found, err = conn.SearchWithPaging(search(r.inside, "(sAMAccountName=u*)"), size)
			}
			seen := map[string]bool{}
			if err == nil {
				for _, e := range found.Entries {
					seen[e.DN] = true
				}
			}
			if len(seen) != many || len(found.Entries) != many {
				t.Errorf("%s: pages of %d gave %d, %v", flavour, size, len(seen), err)
			}
		}
		found, err := conn.Search(search(r.inside, "(objectClass=person)"))
		if code(err) != 4 || len(found.Entries) != limit {
			t.Errorf("%s without pages: %v", flavour, err)
		}
		q := search(r.inside, "(objectClass=person)")
		q.SizeLimit = 3
		if found, err = conn.Search(q); code(err) != 4 || len(found.Entries) != 3 {
			t.Errorf("%s: a limit of 3: %v", flavour, err)
		}
		page := client.NewControlPaging(10)
		page.SetCookie([]byte("made up"))
		q = search(r.inside, "(objectClass=person)")
		q.Controls = []client.Control{page}
		if _, err := conn.Search(q); code(err) != 53 {
			t.Errorf("%s: a cookie of nobody: %v", flavour, err)
		}
	}
}

// Who goes between two pages does not come back as a shadow.
func TestSomebodyGoesBetweenPages(t *testing.T) {
	r := start(t, ldap.Options{Flavour: ldap.OpenLDAP, Domain: "example.test"})
	for i := range 4 {
		_, err := r.AddUser(ldap.User{Login: fmt.Sprintf("u%d", i), Under: r.inside})
		must(t, err)
	}
	conn := r.bound(t)
	page := client.NewControlPaging(2)
	q := search(r.inside, "(uid=u*)")
	q.Controls = []client.Control{page}
	first, err := conn.Search(q)
	must(t, err)
	must(t, r.Remove("uid=u3,"+r.inside))
	page.SetCookie(client.FindControl(first.Controls, client.ControlTypePaging).(*client.ControlPaging).Cookie)
	second, err := conn.Search(q)
	if err != nil || len(first.Entries) != 2 || len(second.Entries) != 1 {
		t.Errorf("%v, %d and %d", err, len(first.Entries), len(second.Entries))
	}
	if _, err := conn.Search(q); code(err) != 53 {
		t.Errorf("a page twice: %v", err)
	}
}

package directory_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/bot"
	"latchkey/servers"
	"latchkey/store/directory"
	"latchkey/store/directory/conformance"

	"github.com/go-ldap/ldap/v3"
	"github.com/google/go-cmp/cmp"
)

// What the server itself has written down of an unlock.
func TestOneDeleteOfTheValueSeen(t *testing.T) {
	sl := slapd{servers.SharedSlapd(t)}
	s := open(t, sl.Config())
	who := sl.Add(t, conformance.Person{Under: sl.Inside(t)})
	sl.Lock(t, who.DN)
	a := read(t, s, who.Login)
	if err := s.Unlock(context.Background(), conformance.Grant(t, a)); err != nil {
		t.Fatal(err)
	}
	writes := slices.DeleteFunc(sl.Writes(t, who.DN), func(w servers.Write) bool { return !strings.EqualFold(w.By, sl.Unlocker.DN) })
	if len(writes) != 1 || writes[0].Result != "0" || !slices.Contains(writes[0].Changes, "pwdAccountLockedTime:- "+a.Lock.Value) {
		t.Errorf("the server's own log of what we wrote: %+v", writes)
	}
}

func TestPoliciesOfOpenLDAP(t *testing.T) {
	sl := slapd{servers.SharedSlapd(t)}
	c := sl.Config()
	s := open(t, c)
	c.DefaultPolicy = ""
	unaware := open(t, c)
	under := sl.Inside(t)
	lockUnder := func(policy string) conformance.Account {
		who := sl.Add(t, conformance.Person{Under: under})
		if policy != "" {
			sl.SetPolicy(t, who.DN, policy)
		}
		sl.Lock(t, who.DN)
		return who
	}
	who := lockUnder(sl.ForeverPolicy)
	if l := read(t, s, who.Login).Lock; l.State != bot.Locked || l.Since.IsZero() || !l.Until.IsZero() {
		t.Errorf("a lock without an end reads %+v", l)
	}
	who = lockUnder("")
	if l := read(t, unaware, who.Login).Lock; l.State != bot.Locked || !l.Until.IsZero() {
		t.Errorf("where the default policy is not known the lock reads %+v", l)
	}
	c = sl.Config()
	c.Now = func() time.Time { return time.Now().Add(31 * time.Minute) }
	if l := read(t, open(t, c), who.Login).Lock; l.State != bot.Unlocked {
		t.Errorf("half an hour later the lock reads %+v", l)
	}

	idle := "cn=" + servers.Unique("idle") + ",ou=policies," + sl.Base
	sl.Slapd.Add(t, idle, map[string][]string{"objectClass": {"device", "pwdPolicy"}, "pwdAttribute": {"userPassword"}, "pwdLockout": {"TRUE"}, "pwdMaxIdle": {"1"}})
	who = sl.Add(t, conformance.Person{Under: under})
	sl.SetPolicy(t, who.DN, idle)
	if err := sl.Bind(who.DN, who.Password); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(5 * time.Second); !read(t, s, who.Login).Expired; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("who was idle for too long reads %+v", read(t, s, who.Login))
		}
	}
	if err := sl.Bind(who.DN, who.Password); err == nil || read(t, s, who.Login).Lock.State != bot.Unlocked {
		t.Errorf("who was idle for too long: bind %v, reads %+v", err, read(t, s, who.Login))
	}

	lax := "cn=" + servers.Unique("lax") + ",ou=policies," + sl.Base
	sl.Slapd.Add(t, lax, map[string][]string{"objectClass": {"device", "pwdPolicy"}, "pwdAttribute": {"userPassword"}, "pwdLockout": {"FALSE"}})
	who = lockUnder("")
	sl.SetPolicy(t, who.DN, lax)
	if err := sl.Bind(who.DN, who.Password); err != nil {
		t.Fatalf("a policy that locks nobody: %v", err)
	}
	if l := read(t, s, who.Login).Lock; l.State != bot.Unlocked {
		t.Errorf("under a policy that locks nobody the lock reads %+v", l)
	}
}

func TestUniqueNamesAndSecondUIDs(t *testing.T) {
	sl := slapd{servers.SharedSlapd(t)}
	s := open(t, sl.Config())
	who := sl.Add(t, conformance.Person{Under: sl.Inside(t)})
	second := servers.Unique("also")
	sl.Set(t, who.DN, "uid", who.Login, second)
	if a := read(t, s, second); a.Login != who.Login && a.Login != second {
		t.Errorf("by the second uid: %+v", a)
	}
	group := "cn=" + servers.Unique("g") + "," + sl.GroupBase(t)
	sl.Slapd.Add(t, group, map[string][]string{"objectClass": {"groupOfUniqueNames"}, "uniqueMember": {strings.ToUpper(who.DN)}})
	above := sl.AddGroup(t, sl.GroupBase(t), servers.Unique("above"), group)
	got, err := s.Groups(context.Background(), read(t, s, second).ID.GUID)
	want := []bot.DN{}
	for _, g := range []string{group, above} {
		dn, _ := directory.Canonical(g)
		want = append(want, dn)
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Error(err, diff)
	}
}

func TestMoreThanASearchReads(t *testing.T) {
	sl := slapd{servers.StartSlapd(t, servers.SlapdSpec{})}
	s := open(t, sl.Config())
	conn, err := ldap.DialURL(sl.Slapd.PlainURL) // one for all: the harness takes a new one each time
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close() //nolint:errcheck // nothing is lost with it
	if err := conn.Bind(sl.Admin.DN, sl.Admin.Password); err != nil {
		t.Fatal(err)
	}
	for i := range 503 {
		uid := fmt.Sprintf("many%03d", i)
		add := ldap.NewAddRequest("uid="+uid+","+sl.People, nil)
		for name, value := range map[string]string{"objectClass": "inetOrgPerson", "uid": uid, "cn": "Many", "sn": "Many", "mail": "many@example.test"} {
			add.Attribute(name, []string{value})
		}
		if err := conn.Add(add); err != nil {
			t.Fatal(err)
		}
	}
	hits, err := s.Find(context.Background(), bot.Query{Text: "many", Limit: 100, Offset: 450})
	if err != nil || !hits.Cut || hits.Total != 500 || len(hits.Accounts) != 50 {
		t.Errorf("%d hits on the page, total %d, cut %t, %v", len(hits.Accounts), hits.Total, hits.Cut, err)
	}
	if hits, err = s.Find(context.Background(), bot.Query{Text: "many50", Limit: 100}); err != nil || hits.Cut || hits.Total != 3 {
		t.Errorf("total %d, cut %t, %v", hits.Total, hits.Cut, err)
	}
	if _, err := s.Lookup(context.Background(), bot.FieldMail, "many@example.test"); bot.KindOf(err) != bot.Conflict {
		t.Errorf("503 with one address: %v", err)
	}
}

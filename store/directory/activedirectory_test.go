package directory_test

import (
	"context"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"latchkey/bot"
	"latchkey/servers"
	"latchkey/store/directory"
	"latchkey/store/directory/conformance"
)

func open(tb testing.TB, c directory.Config) *directory.Store {
	tb.Helper()
	s, err := directory.Open(c, nil)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(s.Close)
	return s
}

func read(tb testing.TB, s *directory.Store, login string) bot.Account {
	tb.Helper()
	a, err := s.Lookup(context.Background(), bot.FieldLogin, login)
	if err != nil {
		tb.Fatal(err)
	}
	return a
}

// The role moves, and is asked for each time.
func TestWritesToThePDCEmulatorAlone(t *testing.T) {
	ctx := context.Background()
	dc, other := samba{servers.SharedSamba(t)}, samba{servers.StartSamba(t, servers.SambaSpec{})}
	other.handRoleOver(t)
	who := dc.Add(t, conformance.Person{Under: dc.Inside(t)})
	c := dc.Config()
	c.CA = append(slices.Clone(c.CA), other.CA...)
	c.URLs = []string{other.URL, dc.URL}
	both := open(t, c)
	dc.Lock(t, who.DN)
	a := read(t, open(t, dc.Config()), who.Login)
	if b, err := both.Written(ctx, a.ID.GUID); err != nil || b.Lock != a.Lock {
		t.Fatalf("reading from the one that is written to: %+v, %v", b, err)
	}
	if err := both.Unlock(ctx, conformance.Grant(t, a)); err != nil {
		t.Fatal(err)
	}
	if dc.Locked(t, who.DN) {
		t.Error("the account is locked on the PDC emulator")
	}

	c.URLs = []string{other.URL}
	none := open(t, c)
	it := other.Add(t, conformance.Person{Under: other.Inside(t)})
	other.Lock(t, it.DN)
	err := none.Unlock(ctx, conformance.Grant(t, read(t, none, it.Login)))
	if bot.KindOf(err) != bot.Unavailable || !strings.Contains(bot.TextOf(err), "PDC emulator") {
		t.Errorf("without a PDC emulator: %v", err)
	}
	if !other.Locked(t, it.DN) {
		t.Error("a server that is not the PDC emulator was written to")
	}
	if worst := bot.Worst(none.Check(ctx, directory.Plan{})); worst != bot.LevelFault {
		t.Errorf("check finds nothing worse than %s", worst)
	}
	c.WriteTo = other.URL
	if err := open(t, c).Unlock(ctx, conformance.Grant(t, read(t, none, it.Login))); err != nil {
		t.Errorf("with write_to: %v", err)
	}
}

// handRoleOver gives the PDC emulator's role to a controller that only its
// entries know of. Samba lets nobody make those over LDAP.
func (s samba) handRoleOver(t *testing.T) {
	t.Helper()
	settings := "CN=NTDS Settings,CN=DC9,CN=Servers,CN=Default-First-Site-Name,CN=Sites,CN=Configuration," + s.Base
	_, controller, _ := strings.Cut(settings, ",")
	add := exec.Command("ldbadd", "--relax", "-H", filepath.Join(s.Dir, "private", "sam.ldb"))
	add.Stdin = strings.NewReader("dn: " + controller + "\nobjectClass: server\n\ndn: " + settings + "\nobjectClass: nTDSDSA\n")
	if out, err := add.CombinedOutput(); err != nil {
		t.Fatalf("ldbadd: %v\n%s", err, out)
	}
	s.Set(t, s.Base, "fSMORoleOwner", settings)
}

func TestPlainReplaceClearsTheLockThatWasSeen(t *testing.T) {
	dc := samba{servers.SharedSamba(t)}
	c := dc.Config()
	c.PlainReplace = true
	s := open(t, c)
	who := dc.Add(t, conformance.Person{Under: dc.Inside(t)})
	dc.Lock(t, who.DN)
	grant := conformance.Grant(t, read(t, s, who.Login))
	dc.Unlock(t, who.DN)
	dc.Lock(t, who.DN)
	if err := s.Unlock(context.Background(), grant); bot.KindOf(err) != bot.Conflict || !dc.Locked(t, who.DN) {
		t.Errorf("another lock than the one seen: %v", err)
	}
	if err := s.Unlock(context.Background(), conformance.Grant(t, read(t, s, who.Login))); err != nil {
		t.Fatal(err)
	}
	if got := dc.Value(t, who.DN, "lockoutTime"); got != "0" {
		t.Errorf("lockoutTime is %s", got)
	}
}

func TestLockUntilAnAdministratorUnlocks(t *testing.T) {
	dc := samba{servers.StartSamba(t, servers.SambaSpec{LockoutDuration: servers.Forever})}
	s := open(t, dc.Config())
	who := dc.Add(t, conformance.Person{Under: dc.Inside(t)})
	dc.Lock(t, who.DN)
	if l := read(t, s, who.Login).Lock; l.State != bot.Locked || !l.Until.IsZero() || l.Since.IsZero() {
		t.Errorf("the lock reads %+v", l)
	}
}

// A fine-grained policy tells the end of the lock, to who may read it.
func TestFineGrainedPolicy(t *testing.T) {
	dc := samba{servers.StartSamba(t, servers.SambaSpec{})}
	who := dc.Add(t, conformance.Person{Under: dc.Inside(t)})
	pso := "CN=strict,CN=Password Settings Container,CN=System," + dc.Base
	minutes := func(n int64) []string { return []string{strconv.FormatInt(-n*60*1e7, 10)} }
	dc.Samba.Add(t, pso, map[string][]string{"objectClass": {"msDS-PasswordSettings"}, "msDS-PasswordSettingsPrecedence": {"1"},
		"msDS-PasswordReversibleEncryptionEnabled": {"FALSE"}, "msDS-PasswordHistoryLength": {"0"}, "msDS-PasswordComplexityEnabled": {"FALSE"},
		"msDS-MinimumPasswordLength": {"1"}, "msDS-MinimumPasswordAge": {"0"}, "msDS-MaximumPasswordAge": minutes(60 * 24), "msDS-LockoutThreshold": {"3"},
		"msDS-LockoutObservationWindow": minutes(90), "msDS-LockoutDuration": minutes(90), "msDS-PSOAppliesTo": {who.DN}})
	dc.Lock(t, who.DN)
	c := dc.Config()
	c.BindDN, c.BindPassword = dc.Admin.DN, dc.Admin.Password
	l := read(t, open(t, c), who.Login).Lock
	if got := l.Until.Sub(l.Since); l.State != bot.Locked || got != 90*time.Minute {
		t.Errorf("the lock of 90 minutes reads %+v", l)
	}
	if l := read(t, open(t, dc.Config()), who.Login).Lock; l.State != bot.Locked || !l.Until.IsZero() {
		t.Errorf("to who may not read the policy the lock reads %+v", l)
	}
}

// No member attribute tells of the primary group.
func TestPrimaryGroup(t *testing.T) {
	dc := samba{servers.SharedSamba(t)}
	s := open(t, dc.Config())
	who := dc.Add(t, conformance.Person{Under: dc.Inside(t)})
	base := dc.GroupBase(t)
	first := dc.AddGroup(t, base, servers.Unique("first"), who.DN)
	above := dc.AddGroup(t, base, servers.Unique("above"), first)
	sid := dc.Value(t, first, "objectSid")
	rid := uint32(sid[len(sid)-4]) | uint32(sid[len(sid)-3])<<8 | uint32(sid[len(sid)-2])<<16 | uint32(sid[len(sid)-1])<<24
	dc.Set(t, who.DN, "primaryGroupID", strconv.FormatUint(uint64(rid), 10))
	got, err := s.Groups(context.Background(), read(t, s, who.Login).ID.GUID)
	for _, want := range []string{first, above} {
		if dn, _ := directory.Canonical(want); err != nil || !slices.Contains(got, dn) {
			t.Errorf("%s is not among %s, %v", want, got, err)
		}
	}
}

func TestComputersAndContactsAreNoAccounts(t *testing.T) {
	dc := samba{servers.SharedSamba(t)}
	s := open(t, dc.Config())
	under, name := dc.Inside(t), servers.Unique("x")
	dc.Samba.Add(t, "CN="+name+"1,"+under, map[string][]string{"objectClass": {"computer"}, "sAMAccountName": {name + "$"}, "userAccountControl": {"4096"}})
	dc.Samba.Add(t, "CN="+name+"2,"+under, map[string][]string{"objectClass": {"contact"}, "mail": {name + "@example.test"}})
	if hits, err := s.Find(context.Background(), bot.Query{Text: name, Limit: 10}); err != nil || hits.Total != 0 {
		t.Errorf("found %+v, %v", hits, err)
	}
	for field, value := range map[bot.Field]string{bot.FieldLogin: name + "$", bot.FieldMail: name + "@example.test", bot.FieldDN: "CN=" + name + "1," + under} {
		if a, err := s.Lookup(context.Background(), field, value); bot.KindOf(err) != bot.NotFound {
			t.Errorf("%s %s is %+v, %v", field, value, a, err)
		}
	}
}

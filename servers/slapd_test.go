package servers

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestSlapdLocksAndUnlocks(t *testing.T) {
	directory := SharedSlapd(t)
	account := directory.AddUser(t, User{First: "Mei", Last: "Tan", Under: directory.OwnOU(t, directory.People)})
	if err := directory.Bind(account.DN, account.Password); err != nil {
		t.Fatal(err)
	}
	directory.Lock(t, account.DN)
	if code, _ := Refusal(directory.Bind(account.DN, account.Password)); code != 49 {
		t.Errorf("the right password for a locked account answered %d", code)
	}
	if err := directory.SetAs(directory.Unlocker, account.DN, "mail", "x@example.test"); err == nil {
		t.Error("the unlocker may write mail")
	}
	directory.Unlock(t, account.DN)
	if err := directory.Bind(account.DN, account.Password); err != nil {
		t.Error(err)
	}
}

func TestSlapdDelegatesPeopleAlone(t *testing.T) {
	directory := SharedSlapd(t)
	inside := directory.AddUser(t, User{Under: directory.OwnOU(t, directory.People)})
	outside := directory.AddUser(t, User{Under: directory.OwnOU(t, directory.External)})
	directory.Lock(t, inside.DN)
	directory.Lock(t, outside.DN)
	seen := directory.Value(t, inside.DN, "pwdAccountLockedTime")
	if err := directory.DeleteAs(directory.Unlocker, inside.DN, "pwdAccountLockedTime", seen); err != nil {
		t.Error(err)
	}
	if directory.Locked(t, inside.DN) {
		t.Error("still locked after the delegated unlock")
	}
	seen = directory.Value(t, outside.DN, "pwdAccountLockedTime")
	if code, _ := Refusal(directory.DeleteAs(directory.Unlocker, outside.DN, "pwdAccountLockedTime", seen)); code != 50 {
		t.Errorf("unlocking outside answered %d, expected 50", code)
	}
	want := []Write{{
		By: directory.Unlocker.DN, Target: outside.DN, Kind: "modify", Result: "50",
		// The overlay adds the second: what it clears together with a lock.
		Changes: []string{"pwdAccountLockedTime:- " + seen, "pwdFailureTime:-"},
	}}
	got := directory.Writes(t, outside.DN)
	if diff := cmp.Diff(want, got[max(0, len(got)-1):]); diff != "" {
		t.Errorf("the last of %d writes in the directory's log differs (-want +got):\n%s", len(got), diff)
	}
}

func TestSlapdPolicies(t *testing.T) {
	directory := SharedSlapd(t)
	ou := directory.OwnOU(t, directory.People)
	short := directory.AddUser(t, User{Under: ou})
	directory.SetPolicy(t, short.DN, directory.ShortPolicy)
	directory.Lock(t, short.DN)
	for deadline := time.Now().Add(10 * time.Second); directory.Bind(short.DN, short.Password) != nil; time.Sleep(10 * pollEvery) {
		if time.Now().After(deadline) {
			t.Fatal("a lock of three seconds does not run out")
		}
	}
	admins := directory.AddUser(t, User{Under: ou})
	directory.LockByAdministrator(t, admins.DN)
	if code, _ := Refusal(directory.Bind(admins.DN, admins.Password)); code != 49 {
		t.Errorf("an account locked by the administrator answered %d", code)
	}
	old := directory.AddUser(t, User{Under: ou})
	directory.SetPasswordAge(t, old.DN, 48*time.Hour)
	if changed := directory.Value(t, old.DN, "pwdChangedTime"); !strings.HasPrefix(changed, time.Now().Add(-48*time.Hour).UTC().Format("200601021504")) {
		t.Errorf("pwdChangedTime is %s", changed)
	}
}

func TestSlapdKnowsGroupsOfAPerson(t *testing.T) {
	directory := SharedSlapd(t)
	ou := directory.OwnOU(t, directory.Groups)
	account := directory.AddUser(t, User{Under: directory.OwnOU(t, directory.People)})
	inner := directory.AddGroup(t, ou, "inner", account.DN)
	directory.AddGroup(t, ou, "outer", inner)
	if diff := cmp.Diff([]string{inner}, directory.Values(t, account.DN, "memberOf")); diff != "" {
		t.Error(diff)
	}
}

func TestSlapdStopsAndStartsAgain(t *testing.T) {
	directory := StartSlapd(t, SlapdSpec{Index: "none"})
	account := directory.AddUser(t, User{})
	directory.Kill(t)
	if directory.Running() {
		t.Error("running after SIGKILL")
	}
	directory.Start(t)
	if err := directory.Bind(account.DN, account.Password); err != nil {
		t.Error(err)
	}
	directory.Stop(t)
}

func TestSlapdWithACrowd(t *testing.T) {
	directory := StartSlapd(t, SlapdSpec{Crowd: Crowd{People: 600, Locked: 3, Stale: 5}})
	dn := "uid=p000500," + directory.People
	got := map[string][]string{}
	for _, name := range []string{"displayName", "employeeNumber", "mobile", "manager"} {
		got[name] = directory.Values(t, dn, name)
	}
	want := map[string][]string{"displayName": {"Anna Hroorovic"}, "employeeNumber": {"E500"}, "mobile": {"+65 80000500"}, "manager": {"uid=p000025," + directory.People}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	locked := 0
	for i := range 600 {
		if directory.Locked(t, fmt.Sprintf("uid=p%06d,%s", i, directory.People)) {
			locked++
		}
	}
	if locked != 8 {
		t.Errorf("%d have the mark of a lock, expected 8", locked)
	}
}

package servers

import (
	"syscall"
	"testing"
	"time"
)

func TestSambaLocksAfterThreeWrongBinds(t *testing.T) {
	dc := SharedSamba(t)
	mei := dc.AddUser(t, User{Login: "mei", First: "Mei", Last: "Tan", Mail: "mei@example.test", Under: dc.OwnOU(t, dc.People)})
	if err := dc.Bind(mei.DN, mei.Password); err != nil {
		t.Fatal(err)
	}
	if err := dc.Bind("mei@corp.example.test", mei.Password); err != nil {
		t.Fatal(err)
	}
	dc.Lock(t, mei.DN)
	if code, data := Refusal(dc.Bind(mei.DN, mei.Password)); code != 49 || data != "775" {
		t.Errorf("the right password for a locked account answered %d %q", code, data)
	}
	dc.Unlock(t, mei.DN)
	if err := dc.Bind(mei.DN, mei.Password); err != nil {
		t.Error(err)
	}
	if code, data := Refusal(dc.Bind(mei.DN, "wrong")); code != 49 || data != "52e" {
		t.Errorf("a wrong password answered %d %q", code, data)
	}
}

func TestSambaRefusesDisabledAndExpired(t *testing.T) {
	dc := SharedSamba(t)
	account := dc.AddUser(t, User{Login: "dora", Under: dc.OwnOU(t, dc.People)})
	dc.ExpirePassword(t, account.DN)
	if _, data := Refusal(dc.Bind(account.DN, account.Password)); data != "773" {
		t.Errorf("an expired password answered %q", data)
	}
	dc.Disable(t, account.DN)
	if _, data := Refusal(dc.Bind(account.DN, account.Password)); data != "533" {
		t.Errorf("a disabled account answered %q", data)
	}
	dc.Enable(t, account.DN)
	dc.SetPassword(t, account.DN, "An0ther-password")
	if err := dc.Bind(account.DN, "An0ther-password"); err != nil {
		t.Error(err)
	}
}

func TestSambaDelegatesOneOUAlone(t *testing.T) {
	dc := SharedSamba(t)
	inside := dc.AddUser(t, User{Login: "ina", Under: dc.OwnOU(t, dc.People)})
	outside := dc.AddUser(t, User{Login: "oda", Under: dc.OwnOU(t, dc.External)})
	dc.Lock(t, inside.DN)
	dc.Lock(t, outside.DN)
	if err := dc.SetAs(dc.Unlocker, inside.DN, "lockoutTime", "0"); err != nil {
		t.Error(err)
	}
	if dc.Locked(t, inside.DN) {
		t.Error("still locked after the delegated unlock")
	}
	if code, _ := Refusal(dc.SetAs(dc.Unlocker, outside.DN, "lockoutTime", "0")); code != 50 {
		t.Errorf("unlocking outside of the delegated OU answered %d, expected 50", code)
	}
	if code, _ := Refusal(dc.SetAs(dc.Unlocker, inside.DN, "mail", "x@example.test")); code != 50 {
		t.Errorf("writing mail answered %d, expected 50", code)
	}
	if code, _ := Refusal(dc.SetAs(dc.Reader, inside.DN, "lockoutTime", "0")); code != 50 {
		t.Errorf("the reader's unlock answered %d, expected 50", code)
	}
	own := dc.OwnOU(t, dc.External)
	dc.Delegate(t, own, dc.Reader)
	ula := dc.AddUser(t, User{Login: "ula", Under: own})
	if err := dc.SetAs(dc.Reader, ula.DN, "lockoutTime", "0"); err != nil {
		t.Error(err)
	}
}

func TestSambaGroupsNest(t *testing.T) {
	dc := SharedSamba(t)
	ou := dc.OwnOU(t, dc.Groups)
	account := dc.AddUser(t, User{Login: "gil", Under: dc.OwnOU(t, dc.People)})
	inner := dc.AddGroup(t, ou, "inner", account.DN)
	outer := dc.AddGroup(t, ou, "outer")
	dc.AddMembers(t, outer, inner)
	found := dc.Search(t, ou, "(member:1.2.840.113556.1.4.1941:="+account.DN+")", "cn")
	if len(found) != 2 {
		t.Errorf("%d groups hold the person, expected 2: %v", len(found), found)
	}
}

func TestTwoSambasAtOnce(t *testing.T) {
	first := SharedSamba(t)
	second := StartSamba(t, SambaSpec{LockoutDuration: time.Second})
	if first.Host == second.Host {
		t.Fatalf("both are on %s", first.Host)
	}
	account := second.AddUser(t, User{Login: "una"})
	if code, _ := Refusal(first.Bind(account.DN, account.Password)); code != 49 {
		t.Errorf("a person of the second answered %d on the first", code)
	}
	second.Lock(t, account.DN)
	for deadline := time.Now().Add(10 * time.Second); second.Bind(account.DN, account.Password) != nil; time.Sleep(pollEvery) {
		if time.Now().After(deadline) {
			t.Fatal("a lock of one second does not run out")
		}
	}
}

func TestSambaStopsAndStartsAgain(t *testing.T) {
	dc := StartSamba(t, SambaSpec{})
	account := dc.AddUser(t, User{Login: "ada"})
	pid := dc.PID()
	dc.Stop(t)
	if err := syscall.Kill(-pid, 0); err != syscall.ESRCH {
		t.Errorf("the stopped server's group %d is still there: %v", pid, err)
	}
	if code, _ := Refusal(dc.Bind(account.DN, account.Password)); code == 0 {
		t.Error("a stopped server lets people in")
	}
	dc.Start(t)
	if err := dc.Bind(account.DN, account.Password); err != nil {
		t.Error(err)
	}
	dc.Pause(t)
	dc.Resume(t)
	if err := dc.Bind(account.DN, account.Password); err != nil {
		t.Error(err)
	}
	dc.Kill(t)
	if dc.Running() {
		t.Error("running after SIGKILL")
	}
}

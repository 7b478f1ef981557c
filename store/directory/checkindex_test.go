package directory_test

import (
	"context"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"latchkey/bot"
	"latchkey/servers"
	"latchkey/store/directory"
	"latchkey/store/directory/conformance"
)

// mend runs the command of a finding, as an administrator does who copies it.
func (s samba) mend(t *testing.T, f bot.Finding) {
	t.Helper()
	shell(t, f, "/var/lib/samba/private/sam.ldb", filepath.Join(s.Dir, "private", "sam.ldb"))
}

func (s slapd) mend(t *testing.T, f bot.Finding) {
	t.Helper()
	shell(t, f, "-Y EXTERNAL -H ldapi:///", "-x -D "+s.Admin.DN+" -w "+s.Admin.Password+" -H "+s.Slapd.PlainURL)
}

func shell(t *testing.T, f bot.Finding, usual, here string) {
	t.Helper()
	parts := strings.Split(f.Mend, "`")
	if len(parts) != 3 || !strings.Contains(parts[1], usual) {
		t.Fatalf("no command with %q mends it: %s", usual, f.Mend)
	}
	out, err := exec.Command("sh", "-c", strings.Replace(parts[1], usual, here, 1)).CombinedOutput()
	if err != nil {
		t.Fatalf("the command that mends it: %v\n%s\n%s", err, parts[1], out)
	}
}

func TestCheckFindsMissingIndexesOfSamba(t *testing.T) {
	ctx := context.Background()
	dc := samba{servers.StartSamba(t, servers.SambaSpec{})}
	who := dc.Add(t, conformance.Person{Under: dc.Inside(t), Last: "Ito", Link: "E-7"})
	s := open(t, dc.Config())
	f := wantFinding(t, s.Check(ctx, directory.Plan{}), bot.LevelWarning, "no index of lockoutTime, employeeID")
	if strings.Contains(f.What, "parts of values") {
		t.Errorf("Samba has no index of parts, and is asked for one: %s", f.What)
	}
	dc.mend(t, f)
	wantFinding(t, s.Check(ctx, directory.Plan{}), bot.LevelOK, "all attributes", "indexed")
	dc.Kill(t)
	dc.Start(t)
	if a, err := s.Lookup(ctx, bot.FieldLink, "E-7"); err != nil || a.Login != who.Login {
		t.Errorf("by the link attribute, now that it is indexed: %+v, %v", a, err)
	}
}

func TestCheckFindsMissingIndexesOfSlapd(t *testing.T) {
	ctx := context.Background()
	for index, says := range map[string]string{
		"none": "no index of objectClass, entryUUID, member, uniqueMember, uid, mail, employeeNumber; " +
			"givenName, sn, displayName, cn, uid, mail for parts of values; pwdAccountLockedTime for presence",
		"eq": "no index of givenName, sn, displayName, cn, uid, mail for parts of values",
	} {
		t.Run(index, func(t *testing.T) {
			sl := slapd{servers.StartSlapd(t, servers.SlapdSpec{Index: index, ConfigReadable: true})}
			who := sl.Add(t, conformance.Person{Under: sl.Inside(t), Last: "Ito", Link: "E-7"})
			s := open(t, sl.Config())
			all := s.Check(ctx, directory.Plan{})
			f := wantFinding(t, all, bot.LevelWarning, says)
			if !strings.HasSuffix(f.What, says) {
				t.Errorf("it says more: %s", f.What)
			}
			sl.mend(t, f)
			wantFinding(t, s.Check(ctx, directory.Plan{}), bot.LevelOK, "all attributes", "indexed")
			wantFound(t, s, who.Login)
		})
	}
	t.Run("not to be seen", func(t *testing.T) {
		s := open(t, slapd{servers.SharedSlapd(t)}.Config())
		wantFinding(t, s.Check(ctx, directory.Plan{}), bot.LevelOK, "could not be seen", "uid, mail, employeeNumber", "for parts of values", "pwdAccountLockedTime")
	})
	t.Run("all there", func(t *testing.T) {
		s := open(t, slapd{servers.StartSlapd(t, servers.SlapdSpec{ConfigReadable: true})}.Config())
		wantFinding(t, s.Check(ctx, directory.Plan{}), bot.LevelOK, "all attributes", "indexed")
	})
}

// wantFound searches by the new indexes, or while they are being made.
func wantFound(t *testing.T, s *directory.Store, login string) {
	t.Helper()
	if hits, err := s.Find(context.Background(), bot.Query{Text: "ito", Limit: 10}); err != nil || len(hits.Accounts) != 1 || hits.Accounts[0].Login != login {
		t.Errorf("after the indexes were made: %+v, %v", hits, err)
	}
}

package servers

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const (
	ldapPort, ldapsPort = 389, 636
	sambaRealm          = "corp.example.test"
	sambaBase           = "DC=corp,DC=example,DC=test"
)

// Forever as a lockout's duration: until an administrator unlocks.
const Forever time.Duration = -1

// SambaSpec says what differs from the usual.
type SambaSpec struct {
	// LockoutDuration is 30 minutes when 0, at least a second otherwise, or Forever.
	LockoutDuration time.Duration
}

// Samba is an Active Directory domain controller: LDAP and LDAPS alone, three
// wrong binds lock, passwords may be changed at any time.
type Samba struct {
	*Process
	Directory
}

// StartSamba starts a domain controller for this test alone, in about a second.
// It needs root, since the ports are fixed below 1024. The first on a machine
// takes some seconds more: provisioning is done once and kept.
func StartSamba(tb testing.TB, spec SambaSpec) *Samba {
	tb.Helper()
	Used(tb, "samba")
	dc, err := startSamba(spec)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := dc.discard(); err != nil {
			tb.Error(err)
		}
	})
	return dc
}

// SharedSamba is the domain controller that all tests of the package share.
func SharedSamba(tb testing.TB) *Samba {
	tb.Helper()
	Used(tb, "samba")
	return shared.samba.get(tb, func() (*Samba, func() error, error) {
		dc, err := startSamba(SambaSpec{})
		if err != nil {
			return nil, nil, err
		}
		return dc, dc.discard, nil
	})
}

func startSamba(spec SambaSpec) (*Samba, error) {
	template, err := sambaTemplate()
	if err != nil {
		return nil, err
	}
	dc, err := newSamba()
	if err != nil {
		return nil, err
	}
	if err = dc.fill(template); err == nil {
		err = dc.run()
	}
	if err == nil && spec.LockoutDuration != 0 {
		err = dc.setLockoutDuration(spec.LockoutDuration)
	}
	if err != nil {
		_ = dc.discard() // the first error is the one to tell
		return nil, fmt.Errorf("starting samba: %w", err)
	}
	return dc, nil
}

// newSamba makes the handle; the folder is still empty.
func newSamba() (*Samba, error) {
	if os.Geteuid() != 0 {
		return nil, fmt.Errorf("samba needs root for its fixed ports: run the tests with `make test`, which uses sudo where it has to")
	}
	process, err := newProcess("samba", "samba")
	if err != nil {
		return nil, err
	}
	people, service := "OU=People,"+sambaBase, "OU=Service,"+sambaBase
	dc := &Samba{Process: process, Directory: Directory{
		URL: "ldaps://" + process.Host, PlainURL: "ldap://" + process.Host,
		Base: sambaBase, People: people, External: "OU=External," + sambaBase, Groups: "OU=Groups," + sambaBase,
		Admin:    Account{DN: "CN=Administrator,CN=Users," + sambaBase, Login: "Administrator", Password: "Adm1n-of-the-tests"},
		Unlocker: Account{DN: "CN=svc-unlock," + service, Login: "svc-unlock", Password: "Unl0ck-of-the-tests"},
		Reader:   Account{DN: "CN=svc-read," + service, Login: "svc-read", Password: "Re4d-of-the-tests"},
	}}
	process.args = []string{"--foreground", "--model=single", "--no-process-group", "--debuglevel=1", "--configfile=" + dc.configuration()}
	process.ready = func() error { return dc.Bind(dc.Admin.DN, dc.Admin.Password) }
	return dc, nil
}

func (s *Samba) configuration() string { return filepath.Join(s.Dir, "smb.conf") }

// fill lays a copy of the provisioned data, certificates for this address and
// a configuration that names this folder into s.Dir.
func (s *Samba) fill(template string) error {
	for _, part := range []string{"private", "state"} {
		// cp keeps owners, modes and extended attributes, which Samba minds.
		if out, err := exec.Command("cp", "-a", filepath.Join(template, part), s.Dir).CombinedOutput(); err != nil {
			return fmt.Errorf("copying samba's data: %w: %s", err, out)
		}
	}
	return s.configure()
}

func (s *Samba) configure() error {
	trust, err := newTrust(s.Dir, s.Host, "dc1."+sambaRealm)
	if err != nil {
		return err
	}
	s.Trust = trust
	for _, dir := range []string{"log", "run", "ncalrpc", "cache"} {
		if err := os.MkdirAll(filepath.Join(s.Dir, dir), 0o700); err != nil {
			return fmt.Errorf("making samba's folders: %w", err)
		}
	}
	// The LDAP service alone: no file, name or Kerberos service, and no DNS.
	text := strings.NewReplacer("DIR", s.Dir, "HOST", s.Host, "REALM", strings.ToUpper(sambaRealm)).Replace(`[global]
	netbios name = DC1
	realm = REALM
	workgroup = CORP
	server role = active directory domain controller
	server services = ldap
	dcerpc endpoint servers = none
	interfaces = HOST/8
	bind interfaces only = yes
	private dir = DIR/private
	state directory = DIR/state
	lock directory = DIR
	cache directory = DIR/cache
	pid directory = DIR/run
	ncalrpc dir = DIR/ncalrpc
	binddns dir = DIR/run
	ntp signd socket directory = DIR/run
	winbindd socket directory = DIR/run/winbindd
	log file = DIR/log/log.%m
	logging = file
	tls enabled = yes
	tls cafile = DIR/ca.pem
	tls certfile = DIR/cert.pem
	tls keyfile = DIR/key.pem
	idmap_ldb:use rfc2307 = yes
`)
	if err := os.WriteFile(s.configuration(), []byte(text), 0o600); err != nil {
		return fmt.Errorf("writing samba's configuration: %w", err)
	}
	return nil
}

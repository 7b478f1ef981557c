package servers

import (
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-ldap/ldap/v3"
)

const (
	slapdPort, slapdTLSPort = 3890, 6360
	slapdBase               = "dc=example,dc=test"
)

// SlapdSpec says what differs from the usual.
type SlapdSpec struct {
	// Index is what cn, displayName, mail, sn, givenName and uid are indexed
	// for: "sub" (and eq, the usual), "eq" or "none". With "none" there are no
	// other indexes either.
	Index string
	// ConfigReadable lets the Unlocker read cn=config, which is usually the
	// administrator's alone.
	ConfigReadable bool
	// Limits are those of the Unlocker's searches, in the words of slapd.conf(5);
	// empty: 500 entries and a thousand on request, pages of 500 without an end.
	Limits string
	// Crowd is there from the start. A hundred thousand take some seconds.
	Crowd Crowd
	// NoDefaultPolicy leaves the overlay without one: who has no
	// pwdPolicySubentry is then never locked.
	NoDefaultPolicy bool
}

// Slapd is an OpenLDAP server with the overlays ppolicy (three wrong binds
// lock; a locked bind says so to who asks with the ppolicy control), memberof,
// accesslog and sssvlv. It needs no root.
type Slapd struct {
	*Process
	Directory
	// Policies: the overlay's default locks for 30 minutes, Short for 3
	// seconds, Forever until an administrator unlocks.
	DefaultPolicy, ShortPolicy, ForeverPolicy string
	// Nobody may bind and read nothing.
	Nobody Account
}

// StartSlapd starts a directory for this test alone, in about 0.2 s.
func StartSlapd(tb testing.TB, spec SlapdSpec) *Slapd {
	tb.Helper()
	Used(tb, "slapd")
	directory, err := startSlapd(spec)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := directory.discard(); err != nil {
			tb.Error(err)
		}
	})
	return directory
}

// SharedSlapd is the directory that all tests of the package share.
func SharedSlapd(tb testing.TB) *Slapd {
	tb.Helper()
	Used(tb, "slapd")
	return shared.slapd.get(tb, func() (*Slapd, func() error, error) {
		directory, err := startSlapd(SlapdSpec{})
		if err != nil {
			return nil, nil, err
		}
		return directory, directory.discard, nil
	})
}

func startSlapd(spec SlapdSpec) (*Slapd, error) {
	process, err := newProcess("slapd", "slapd")
	if err != nil {
		return nil, err
	}
	plain := "ldap://" + net.JoinHostPort(process.Host, strconv.Itoa(slapdPort))
	secure := "ldaps://" + net.JoinHostPort(process.Host, strconv.Itoa(slapdTLSPort))
	policy := func(name string) string { return "cn=" + name + ",ou=policies," + slapdBase }
	bot := func(name, password string) Account {
		return Account{DN: "cn=" + name + ",ou=bots," + slapdBase, Login: name, Password: password}
	}
	s := &Slapd{
		Process: process,
		Directory: Directory{
			URL: secure, PlainURL: plain, Base: slapdBase,
			People: "ou=people," + slapdBase, External: "ou=external," + slapdBase, Groups: "ou=groups," + slapdBase,
			Admin:    Account{DN: "cn=admin," + slapdBase, Login: "admin", Password: "admin-of-the-tests"},
			Unlocker: bot("svc-unlock", "unlock-of-the-tests"),
			Reader:   bot("svc-read", "read-of-the-tests"),
			// Relax Rules: the administrator may set pwdChangedTime and the like.
			adminControls: []ldap.Control{ldap.NewControlString("1.3.6.1.4.1.4203.666.5.12", true, "")},
		},
		DefaultPolicy: policy("default"), ShortPolicy: policy("short"), ForeverPolicy: policy("forever"),
		Nobody: bot("svc-nothing", "nothing-of-the-tests"),
	}
	process.args = []string{"-d", "0", "-f", filepath.Join(process.Dir, "slapd.conf"), "-h", plain + "/ " + secure + "/"}
	process.ready = func() error { return s.Bind(s.Admin.DN, s.Admin.Password) }
	if err = s.prepare(spec); err == nil {
		err = process.run()
	}
	if err != nil {
		_ = process.discard() // the first error is the one to tell
		return nil, fmt.Errorf("starting slapd: %w", err)
	}
	return s, nil
}

// prepare writes certificates and configuration and loads the first entries.
func (s *Slapd) prepare(spec SlapdSpec) (err error) {
	if s.Trust, err = newTrust(s.Dir, s.Host, "ldap.example.test"); err != nil {
		return err
	}
	for _, dir := range []string{"db", "log"} {
		if err := os.Mkdir(filepath.Join(s.Dir, dir), 0o700); err != nil {
			return fmt.Errorf("making slapd's folders: %w", err)
		}
	}
	configuration := filepath.Join(s.Dir, "slapd.conf")
	if err := os.WriteFile(configuration, []byte(s.configurationText(spec)), 0o600); err != nil {
		return fmt.Errorf("writing slapd's configuration: %w", err)
	}
	slapadd, err := findProgram("slapadd")
	if err != nil {
		return err
	}
	load := exec.Command(slapadd, "-q", "-f", configuration, "-b", s.Base)
	ldif, crowd := io.Pipe()
	go func() {
		_ = crowd.CloseWithError(spec.Crowd.writeTo(crowd, s.People, time.Now()))
	}()
	load.Stdin = io.MultiReader(strings.NewReader(s.firstEntries()), ldif)
	out, err := load.CombinedOutput()
	_ = ldif.Close()
	if err != nil {
		return fmt.Errorf("loading slapd's first entries: %w\n%s", err, out)
	}
	return nil
}

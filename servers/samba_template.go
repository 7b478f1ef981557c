package servers

import (
	"crypto/sha256"
	_ "embed" // the template is keyed by the code that makes it
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

//go:embed samba_template.go
var sambaTemplateCode string

// sambaTemplate returns a folder with a provisioned and seeded domain. Making
// it takes seconds, so it is kept in the user's cache, under a key that changes
// with this file and with Samba's version; a lock lets one test binary make it
// while the others wait.
func sambaTemplate() (string, error) {
	samba, err := findProgram("samba")
	if err != nil {
		return "", err
	}
	version, err := exec.Command(samba, "--version").Output()
	if err != nil {
		return "", fmt.Errorf("asking samba for its version: %w", err)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir() // no HOME: as in some services
	}
	root := filepath.Join(cache, "latchkey-tests")
	if err := os.MkdirAll(root, 0o700); err != nil {
		return "", fmt.Errorf("making the cache folder: %w", err)
	}
	key := sha256.Sum256([]byte(sambaTemplateCode + string(version)))
	folder := filepath.Join(root, "samba-"+hex.EncodeToString(key[:8]))
	lock, err := lockFile(folder+".lock", syscall.LOCK_EX)
	if err != nil {
		return "", err
	}
	defer lock.Close()
	if _, err := os.Stat(folder); err == nil {
		return folder, nil
	}
	if err := makeSambaTemplate(folder); err != nil {
		return "", fmt.Errorf("making the samba domain: %w", err)
	}
	return folder, nil
}

// makeSambaTemplate provisions in a folder of its own, seeds the running
// server, stops it and only then gives the data its name: a half-made template
// is never found.
func makeSambaTemplate(folder string) (err error) {
	dc, err := newSamba()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, dc.discard()) }()
	if err := dc.provision(); err != nil {
		return err
	}
	if err := dc.run(); err != nil {
		return err
	}
	if err := dc.seed(); err != nil {
		return err
	}
	if err := dc.delegate(dc.People, dc.Unlocker); err != nil {
		return err
	}
	if err := dc.end(syscall.SIGTERM); err != nil {
		return err
	}
	half := folder + ".half"
	if err := os.RemoveAll(half); err != nil {
		return fmt.Errorf("removing an unfinished template: %w", err)
	}
	if err := os.Mkdir(half, 0o700); err != nil {
		return fmt.Errorf("making the template's folder: %w", err)
	}
	if out, err := exec.Command("cp", "-a", filepath.Join(dc.Dir, "private"), filepath.Join(dc.Dir, "state"), half).CombinedOutput(); err != nil {
		return fmt.Errorf("keeping the template: %w: %s", err, out)
	}
	return os.Rename(half, folder)
}

func (s *Samba) provision() error {
	// A configuration of our own, so that the machine's is never read.
	empty := filepath.Join(s.Dir, "empty.conf")
	if err := os.WriteFile(empty, []byte("[global]\n"), 0o600); err != nil {
		return fmt.Errorf("writing an empty configuration: %w", err)
	}
	out, err := exec.Command("samba-tool", "domain", "provision", "--configfile="+empty, "--targetdir="+s.Dir,
		"--realm="+strings.ToUpper(sambaRealm), "--domain=CORP", "--server-role=dc", "--host-name=dc1", "--host-ip="+s.Host,
		"--adminpass="+s.Admin.Password, "--dns-backend=NONE", "--use-rfc2307").CombinedOutput()
	if err != nil {
		return fmt.Errorf("samba-tool domain provision: %w\n%s", err, out)
	}
	return s.configure()
}

func (s *Samba) seed() error {
	const halfAnHour = 30 * time.Minute
	err := s.setPolicy(map[string]string{
		"lockoutThreshold":         strconv.Itoa(LockoutThreshold),
		"lockoutDuration":          interval(halfAnHour),
		"lockOutObservationWindow": interval(halfAnHour),
		"minPwdAge":                "0",
	})
	if err != nil {
		return err
	}
	for _, name := range []string{"People", "External", "Groups", "Service"} {
		err := s.add("OU="+name+","+s.Base, map[string][]string{"objectClass": {"organizationalUnit"}, "ou": {name}})
		if err != nil {
			return err
		}
	}
	for _, account := range []Account{s.Unlocker, s.Reader} {
		_, err := s.addUser(User{Login: account.Login, Password: account.Password, Under: "OU=Service," + s.Base})
		if err != nil {
			return err
		}
	}
	return nil
}

// Delegate gives an account the right to read and write lockoutTime of the
// users below a container, and no other, by one entry in the container's
// access list (MS-ADTS 5.1.3). The server may be running.
func (s *Samba) Delegate(tb testing.TB, container string, account Account) {
	tb.Helper()
	if err := s.delegate(container, account); err != nil {
		tb.Fatal(err)
	}
}

func (s *Samba) delegate(container string, account Account) error {
	entries, err := s.search(account.DN, anyEntry, "objectSid")
	if err != nil {
		return err
	}
	sid, err := sidText([]byte(entries[account.DN]["objectsid"][0]))
	if err != nil {
		return err
	}
	const lockoutTime, user = "28630ebf-41d5-11d1-a9c1-0000f80367c1", "bf967aba-0de6-11d0-a285-00aa003049e2"
	out, err := exec.Command("samba-tool", "dsacl", "set", "--configfile="+s.configuration(),
		"-H", filepath.Join(s.Dir, "private", "sam.ldb"), "--action=allow", "--objectdn="+container,
		"--sddl=(OA;CIIO;RPWP;"+lockoutTime+";"+user+";"+sid+")").CombinedOutput()
	if err != nil {
		return fmt.Errorf("delegating lockoutTime below %s: %w\n%s", container, err, out)
	}
	return nil
}

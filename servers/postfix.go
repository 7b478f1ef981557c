package servers

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

const (
	smtpPort, smtpsPort = 2525, 4650
	mailDomain          = "example.test"
	mailHost            = "mail.example.test"
)

// PostfixSpec says what differs from the usual: nothing yet.
type PostfixSpec struct{}

// Postfix is a mail server that delivers every address of its domain into a
// folder and refuses all others. It offers STARTTLS on one port and TLS from
// the first byte on another, and takes mail after a login alone. Mail to
// reject@ is refused for good (554), to later@ for now (451).
type Postfix struct {
	*Process
	Trust
	// Addr (STARTTLS) and TLSAddr (implicit TLS) are host:port.
	Addr, TLSAddr string
	// Username and Password are for AUTH PLAIN or LOGIN.
	Username, Password string
	// Domain is where mail may go.
	Domain string
}

// StartPostfix starts a mail server for this test alone, in about a second. It
// needs root, since postfix runs its parts as several users.
func StartPostfix(tb testing.TB, spec PostfixSpec) *Postfix {
	tb.Helper()
	Used(tb, "postfix")
	server, err := startPostfix(spec)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := server.discard(); err != nil {
			tb.Error(err)
		}
	})
	return server
}

// SharedPostfix is the mail server that all tests of the package share: send
// to random addresses.
func SharedPostfix(tb testing.TB) *Postfix {
	tb.Helper()
	Used(tb, "postfix")
	return shared.postfix.get(tb, func() (*Postfix, func() error, error) {
		server, err := startPostfix(PostfixSpec{})
		if err != nil {
			return nil, nil, err
		}
		return server, server.discard, nil
	})
}

func startPostfix(PostfixSpec) (*Postfix, error) {
	if os.Geteuid() != 0 {
		return nil, fmt.Errorf("postfix needs root for its several users: run the tests with `make test`, which uses sudo where it has to")
	}
	process, err := newProcess("postfix", "postfix")
	if err != nil {
		return nil, err
	}
	s := &Postfix{
		Process:  process,
		Addr:     net.JoinHostPort(process.Host, strconv.Itoa(smtpPort)),
		TLSAddr:  net.JoinHostPort(process.Host, strconv.Itoa(smtpsPort)),
		Username: "latchkey", Password: "mail-of-the-tests",
		Domain: mailDomain,
	}
	process.env = []string{"MAIL_CONFIG=" + s.in("etc")}
	process.args = []string{"-s"} // in the foreground
	process.ready = s.greets
	if err = s.prepare(); err == nil {
		err = s.check()
	}
	if err == nil {
		err = process.run()
	}
	if err != nil {
		_ = process.discard() // the first error is the one to tell
		return nil, fmt.Errorf("starting postfix: %w", err)
	}
	return s, nil
}

// Inbox returns the whole text of each message delivered to an address of
// Domain, oldest first.
func (s *Postfix) Inbox(tb testing.TB, address string) []string {
	tb.Helper()
	folder := s.in("mail", "all", "new")
	entries, err := os.ReadDir(folder)
	if os.IsNotExist(err) {
		return nil // nothing came yet
	}
	if err != nil {
		tb.Fatalf("reading the inbox of %s: %v", address, err)
	}
	var mails []string
	for _, entry := range entries { // Maildir names begin with the time
		text, err := os.ReadFile(filepath.Join(folder, entry.Name()))
		if err != nil {
			tb.Fatalf("reading a mail to %s: %v", address, err)
		}
		if strings.Contains(string(text), "\nDelivered-To: "+address+"\n") {
			mails = append(mails, string(text))
		}
	}
	return mails
}

// WaitForMail waits up to ten seconds until an address has at least n messages
// and returns all of them.
func (s *Postfix) WaitForMail(tb testing.TB, address string, n int) []string {
	tb.Helper()
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(pollEvery) {
		mails := s.Inbox(tb, address)
		if len(mails) >= n {
			return mails
		}
		if time.Now().After(deadline) {
			tb.Fatalf("%s has %d mails, expected %d\n%s", address, len(mails), n, s.Log())
		}
	}
}

func (s *Postfix) in(parts ...string) string {
	return filepath.Join(append([]string{s.Dir}, parts...)...)
}

func (s *Postfix) prepare() (err error) {
	if s.Trust, err = newTrust(s.Dir, s.Host, mailHost); err != nil {
		return err
	}
	for _, dir := range []string{"etc", "etc/sasl", "spool", "data", "mail"} {
		if err := os.Mkdir(s.in(dir), 0o755); err != nil {
			return fmt.Errorf("making postfix's folders: %w", err)
		}
	}
	files := map[string]string{
		"etc/main.cf":         s.mainText(),
		"etc/master.cf":       s.masterText(),
		"etc/recipients":      "/^reject@/ REJECT no such user\n/^later@/ 451 4.7.1 come back later\n",
		"etc/sasl/smtpd.conf": "pwcheck_method: auxprop\nauxprop_plugin: sasldb\nsasldb_path: " + s.in("sasldb2") + "\nmech_list: PLAIN LOGIN\n",
	}
	for name, text := range files {
		if err := os.WriteFile(s.in(name), []byte(text), 0o644); err != nil {
			return fmt.Errorf("writing the configuration of postfix: %w", err)
		}
	}
	if err := s.setLogin(); err != nil {
		return err
	}
	// What the start script reads beside our own files.
	for _, name := range []string{"postfix-files", "dynamicmaps.cf", "dynamicmaps.cf.d"} {
		if out, err := exec.Command("cp", "-r", "/etc/postfix/"+name, s.in("etc")).CombinedOutput(); err != nil {
			return fmt.Errorf("copying postfix's own tables: %w: %s", err, out)
		}
	}
	for path, owner := range map[string]string{"data": "postfix", "sasldb2": "postfix", "mail": "nobody"} {
		if err := giveTo(s.in(path), owner); err != nil {
			return err
		}
	}
	return nil
}

// check makes the queue's folders, and finds the daemon to run: the command
// "postfix start" would put it into a session that we do not hold.
func (s *Postfix) check() error {
	if out, err := exec.Command(s.path, "-c", s.in("etc"), "check").CombinedOutput(); err != nil {
		return fmt.Errorf("postfix check: %w\n%s\n%s", err, out, s.Log())
	}
	postconf, err := findProgram("postconf")
	if err != nil {
		return err
	}
	daemons, err := exec.Command(postconf, "-c", s.in("etc"), "-h", "daemon_directory").Output()
	if err != nil {
		return fmt.Errorf("asking postfix for its daemons: %w", err)
	}
	s.path = filepath.Join(strings.TrimSpace(string(daemons)), "master")
	return nil
}

// setLogin writes the one login into a Cyrus SASL database.
func (s *Postfix) setLogin() error {
	program, err := findProgram("saslpasswd2")
	if err != nil {
		return err
	}
	set := exec.Command(program, "-p", "-c", "-f", s.in("sasldb2"), "-u", mailHost, s.Username)
	set.Stdin = strings.NewReader(s.Password + "\n")
	if out, err := set.CombinedOutput(); err != nil {
		return fmt.Errorf("writing the login of postfix: %w\n%s", err, out)
	}
	return nil
}

func giveTo(path, owner string) error {
	account, err := user.Lookup(owner)
	if err != nil {
		return fmt.Errorf("looking up the owner of %s: %w", path, err)
	}
	id, err := strconv.Atoi(account.Uid)
	if err != nil {
		return fmt.Errorf("reading the id of %s: %w", owner, err)
	}
	return os.Chown(path, id, -1)
}

// greets checks the first line of an SMTP conversation (RFC 5321 4.2).
func (s *Postfix) greets() error {
	conn, err := net.DialTimeout("tcp", s.Addr, time.Second)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(time.Second)); err != nil {
		return err
	}
	line, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil {
		return err
	}
	if !strings.HasPrefix(line, "220 ") {
		return fmt.Errorf("postfix greets with %q", line)
	}
	return nil
}

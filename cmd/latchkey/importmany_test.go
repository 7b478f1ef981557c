package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"latchkey/servers"
)

// What an import of 100,000 rows may cost. It takes about 20 s and 110 MB, and
// 5 s to find the fault in the last; the bounds leave room for a machine that
// does other things too.
const (
	manyRows    = 100_000
	mostTime    = 2 * time.Minute
	mostMemory  = 192 << 10 // KiB
	lastLine    = manyRows + 1
	lastOfAll   = "corp,p099999,email,p099999@home.test"
	faultOfLast = "corp,p099999,email,nowhere"
)

// A file of 100,000 people whose last row is at fault: nothing is imported,
// and the line is named. With that row mended, all of them are.
func TestImportManyRows(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	fill(t, s.directory, manyRows)
	at := desk{work: t.TempDir(), env: append(os.Environ(), "LISTEN=127.0.0.1:0", "ADMIN=127.0.0.1:0")}
	for name, value := range s.environment(at.work) {
		at.env = append(at.env, name+"="+value)
	}
	at.write(t, "latchkey.yaml", func(w io.Writer) { _, _ = io.WriteString(w, testConfiguration) })
	at.latchkey(t, 0, "keys", "new")
	people := func(last string) func(io.Writer) {
		return func(w io.Writer) {
			_, _ = fmt.Fprintln(w, "store,user,type,value")
			for i := range manyRows - 1 {
				_, _ = fmt.Fprintf(w, "corp,p%06d,email,p%06d@home.test\n", i, i)
			}
			_, _ = fmt.Fprintln(w, last)
		}
	}
	at.write(t, "people.csv", people(faultOfLast))
	said := at.latchkey(t, 1, "enroll", "import", "people.csv")
	if !strings.Contains(said, fmt.Sprintf("people.csv:%d: value: is not a mail address", lastLine)) ||
		!strings.Contains(said, fmt.Sprintf("Nothing was imported: people.csv has a fault in line %d.", lastLine)) {
		t.Errorf("the fault in the last row is told so: %.500s", said)
	}
	if _, err := os.Stat(filepath.Join(at.work, "latchkey.db")); err == nil {
		t.Error("the database was made")
	}
	at.write(t, "people.csv", people(lastOfAll))
	if said := at.latchkey(t, 0, "enroll", "import", "people.csv"); !strings.Contains(said, "Imported 100000 rows: 100000 e-mail.") {
		t.Errorf("importing said %.500s", said)
	}
	if said := at.latchkey(t, 0, "history", "verify"); !strings.Contains(said, "History is whole: 100000 records") {
		t.Errorf("history says %.500s", said)
	}
}

// fill puts people into a directory at rest, as an administrator would.
func fill(t *testing.T, s *servers.Slapd, n int) {
	t.Helper()
	s.Stop(t)
	load := exec.Command("slapadd", "-q", "-f", filepath.Join(s.Dir, "slapd.conf"), "-b", s.Base)
	load.Env = append(os.Environ(), "PATH="+os.Getenv("PATH")+":/usr/sbin:/sbin")
	if at, err := exec.LookPath("/usr/sbin/slapadd"); err == nil {
		load.Path, load.Err = at, nil
	}
	in, err := load.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	load.Stdout, load.Stderr = &out, &out
	if err := load.Start(); err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriter(in)
	for i := range n {
		_, _ = fmt.Fprintf(w, "dn: uid=p%06d,%s\nobjectClass: inetOrgPerson\nuid: p%06d\nsn: Person\ncn: Person %d\n\n", i, s.People, i, i)
	}
	_, _ = w.Flush(), in.Close()
	if err := load.Wait(); err != nil {
		t.Fatalf("loading people: %v\n%.500s", err, out.String())
	}
	s.Start(t)
}

// desk is where an administrator types commands.
type desk struct {
	work string
	env  []string
}

func (d desk) write(t *testing.T, name string, content func(io.Writer)) {
	t.Helper()
	f, err := os.OpenFile(filepath.Join(d.work, name), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriter(f)
	content(w)
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// latchkey runs a command and gives what it said, within the bounds.
func (d desk) latchkey(t *testing.T, code int, args ...string) string {
	t.Helper()
	began := time.Now()
	c := exec.CommandContext(t.Context(), "latchkey", append(args, "--config", "latchkey.yaml")...)
	c.Dir, c.Env = d.work, d.env
	out, err := c.CombinedOutput()
	if c.ProcessState == nil {
		t.Fatal(err)
	}
	used, took := c.ProcessState.SysUsage().(*syscall.Rusage).Maxrss, time.Since(began)
	t.Logf("latchkey %s: %v, at most %d MB", strings.Join(args, " "), took.Round(time.Millisecond), used>>10)
	if got := c.ProcessState.ExitCode(); got != code {
		t.Fatalf("latchkey %s: exit code %d, not %d: %.500s", strings.Join(args, " "), got, code, out)
	}
	if took > mostTime || used > mostMemory {
		t.Errorf("latchkey %s took %v and %d MB", strings.Join(args, " "), took, used>>10)
	}
	return string(out)
}

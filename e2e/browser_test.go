package e2e

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The demo, as a newcomer sees it: the stories of the page run in a browser
// against the started program. Their pictures are in build/screenshots.
func TestDemoInTheBrowser(t *testing.T) {
	t.Parallel()
	address, pid := startDemo(t)
	ctx, cancel := context.WithTimeout(t.Context(), 12*time.Minute)
	defer cancel()
	browser, err := filepath.Abs("browser")
	if err != nil {
		t.Fatal(err)
	}
	built, err := filepath.Abs(program)
	if err != nil {
		t.Fatal(err)
	}
	command := func(name string, args ...string) {
		t.Helper()
		c := exec.CommandContext(ctx, name, args...)
		c.Dir, c.Env = browser, append(os.Environ(), "LATCHKEY_DEMO="+address, "LATCHKEY_PROGRAM="+built)
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
		}
	}
	command("npm", "ci", "--no-audit", "--no-fund", "--silent")
	command("node", "--test")
	const most = 120 << 10 // kB
	if peak := peakMemory(t, pid); peak > most {
		t.Errorf("the demo took %d kB at its peak, more than %d", peak, most)
	} else {
		t.Logf("the demo took %d kB at its peak", peak)
	}
}

// peakMemory is the most that a process ever had resident, in kB.
func peakMemory(t *testing.T, pid int) int {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		var peak int
		if n, _ := fmt.Sscanf(line, "VmHWM: %d kB", &peak); n == 1 {
			return peak
		}
	}
	t.Fatal("the process tells no peak")
	return 0
}

// startDemo starts the demo on a free port and gives the address that it prints.
func startDemo(t *testing.T, args ...string) (address string, pid int) {
	t.Helper()
	address, cmd, stop := runDemo(t, args...)
	t.Cleanup(stop)
	return address, cmd.Process.Pid
}

// runDemo starts the demo, by default on a free port. stop ends it as Ctrl-C does.
func runDemo(t *testing.T, args ...string) (address string, cmd *exec.Cmd, stop func()) {
	t.Helper()
	cmd = exec.Command(program, append([]string{"demo", "--listen", "127.0.0.1:0"}, args...)...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	stop = func() {
		t.Helper()
		_ = cmd.Process.Signal(os.Interrupt)
		if err := cmd.Wait(); err != nil || errs.Len() > 0 {
			t.Errorf("the demo did not end well: %v\n%s", err, errs.String())
		}
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		_ = cmd.Wait()
		t.Fatalf("the demo printed no address: %v\n%s", err, errs.String())
	}
	t.Logf("ready after %s", time.Since(begun).Round(time.Millisecond))
	for word := range strings.FieldsSeq(line) {
		if strings.HasPrefix(word, "http://") {
			return word, cmd, stop
		}
	}
	stop()
	t.Fatalf("no address in %q", line)
	return "", nil, nil
}

// A port in use, a folder that cannot be written, two demos at once: one plain
// sentence each.
func TestDemoRefusals(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	address, _ := startDemo(t, "--keep", folder)
	address = strings.TrimPrefix(address, "http://")
	file := filepath.Join(t.TempDir(), "file")
	write(t, file, "")
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"--listen", address}, "another demo or program may be using the port"},
		{[]string{"--listen", "127.0.0.1:0", "--keep", folder}, "another demo is running in this folder"},
		{[]string{"--listen", "0.0.0.0:0"}, "loopback only"},
		{[]string{"--listen", "8080"}, "not an address"},
		{[]string{"--listen", "127.0.0.1:99999"}, "cannot listen on 127.0.0.1:99999: address 99999: invalid port"},
		{[]string{"--listen", address, "--keep", folder}, "another demo or program may be using the port"},
		{[]string{"--listen", "127.0.0.1:0", "--keep", "/proc/demo"}, "the folder cannot be made"},
		{[]string{"--listen", "127.0.0.1:0", "--keep", "/proc/self"}, "the folder cannot be written to"},
		{[]string{"--listen", "127.0.0.1:0", "--keep", file}, "the folder cannot be made: not a directory"},
	} {
		_, errs, code := run(t, append([]string{"demo"}, c.args...)...)
		if code != 1 || !strings.Contains(errs, c.says) || strings.Count(strings.TrimSpace(errs), "\n") != 0 {
			t.Errorf("demo %s: exit %d, %q", strings.Join(c.args, " "), code, errs)
		}
	}
}

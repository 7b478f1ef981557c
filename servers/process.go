package servers

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

const (
	readyWithin = 20 * time.Second
	stopWithin  = 10 * time.Second
	pollEvery   = 20 * time.Millisecond
)

// Process is one running server. It leads a session and group of its own, so that
// every signal reaches the server's children too, and the kernel kills it when
// the test binary dies without stopping it.
type Process struct {
	// Dir is the private folder of configuration, data and log.
	Dir string
	// Host is the 127.x address that no other server on this machine uses.
	Host string

	name  string
	path  string
	args  []string
	env   []string
	ready func() error
	// stopBy asks for an orderly end; 0 is SIGTERM. who runs it; nil is the test's own user.
	stopBy syscall.Signal
	who    *syscall.Credential

	mu      sync.Mutex
	cmd     *exec.Cmd
	done    chan struct{}
	release func()
}

// newProcess leases an address and makes the private folder. The path is
// looked up here, so that a server that is not installed fails first.
func newProcess(name, program string) (*Process, error) {
	path, err := findProgram(program)
	if err != nil {
		return nil, err
	}
	host, release, err := leaseAddress()
	if err != nil {
		return nil, fmt.Errorf("leasing a loopback address for %s: %w", name, err)
	}
	// Not the test's own folder: its long name would not fit into the 108
	// bytes of a Unix socket's address.
	dir, err := os.MkdirTemp("", "lk-"+name+"-")
	if err != nil {
		release()
		return nil, fmt.Errorf("making the folder of %s: %w", name, err)
	}
	// Postfix's unprivileged daemons have to pass through it.
	if err := os.Chmod(dir, 0o755); err != nil {
		release()
		return nil, fmt.Errorf("opening the folder of %s: %w", name, err)
	}
	return &Process{Dir: dir, Host: host, name: name, path: path, release: release}, nil
}

// findProgram also looks where an ordinary user's PATH does not lead.
func findProgram(program string) (string, error) {
	if path, err := exec.LookPath(program); err == nil {
		return path, nil
	}
	for _, dir := range []string{"/usr/sbin", "/sbin", "/usr/local/sbin"} {
		if path, err := exec.LookPath(filepath.Join(dir, program)); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("%s is not installed: `make test` installs the servers that the tests need", program)
}

func (p *Process) launch() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.alive() {
		return fmt.Errorf("%s is running already", p.name)
	}
	output, err := os.OpenFile(p.outputFile(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("opening the output file of %s: %w", p.name, err)
	}
	defer output.Close()
	cmd := exec.Command(p.path, p.args...)
	cmd.Dir = p.Dir
	cmd.Env = append(os.Environ(), p.env...)
	cmd.Stdout, cmd.Stderr = output, output
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGKILL, Credential: p.who}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("starting %s: %w", p.name, err)
	}
	done := make(chan struct{})
	go func() {
		_ = cmd.Wait() // its exit code says nothing that the log does not say better
		close(done)
	}()
	p.cmd, p.done = cmd, done
	return nil
}

// run launches the server and waits until it answers.
func (p *Process) run() error {
	if err := p.launch(); err != nil {
		return err
	}
	deadline := time.Now().Add(readyWithin)
	for {
		err := p.ready()
		if err == nil {
			return nil
		}
		if !p.Running() {
			return fmt.Errorf("%s stopped while starting: %w\n%s", p.name, err, p.Log())
		}
		if time.Now().After(deadline) {
			return errors.Join(fmt.Errorf("%s did not answer within %v: %w\n%s", p.name, readyWithin, err, p.Log()), p.end(syscall.SIGKILL))
		}
		time.Sleep(pollEvery)
	}
}

// Running reports whether the server's process is there; a paused one is.
func (p *Process) Running() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.alive()
}

func (p *Process) alive() bool {
	if p.cmd == nil {
		return false
	}
	select {
	case <-p.done:
		return false
	default:
		return true
	}
}

// PID is the process that leads the server's group, or 0 when it is not running.
func (p *Process) PID() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.alive() {
		return 0
	}
	return p.cmd.Process.Pid
}

// Start starts the server again after Stop or Kill: the same address, ports
// and data. It returns when the server answers.
func (p *Process) Start(tb testing.TB) {
	tb.Helper()
	if err := p.run(); err != nil {
		tb.Fatal(err)
	}
}

// Stop ends the server in its own orderly way and waits until it is gone.
// Its data stays until the test's end.
func (p *Process) Stop(tb testing.TB) {
	tb.Helper()
	if err := p.end(p.politely()); err != nil {
		tb.Fatal(err)
	}
}

// Kill ends the server with SIGKILL, as a crash would, and waits until it is gone.
func (p *Process) Kill(tb testing.TB) {
	tb.Helper()
	if err := p.end(syscall.SIGKILL); err != nil {
		tb.Fatal(err)
	}
}

// Pause stops the server with SIGSTOP: connections are accepted by the kernel
// and nobody answers.
func (p *Process) Pause(tb testing.TB) {
	tb.Helper()
	if err := p.signal(syscall.SIGSTOP); err != nil {
		tb.Fatal(err)
	}
	for begun := time.Now(); !stopped(p.PID()); time.Sleep(time.Millisecond) {
		if time.Since(begun) > stopWithin {
			tb.Fatalf("%s has not stopped %s after SIGSTOP", p.name, stopWithin)
		}
	}
}

// stopped says whether all threads of a process stand still. On a busy machine
// a thread that runs on another processor answers for a while after the signal.
func stopped(pid int) bool {
	threads, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", pid))
	for _, t := range threads {
		stat, err := os.ReadFile(t)
		if err != nil {
			continue // the thread has ended meanwhile
		}
		// "pid (name) state …": the name may hold anything (proc_pid_stat(5)).
		if _, after, _ := strings.Cut(string(stat[bytes.LastIndexByte(stat, ')')+1:]), " "); !strings.HasPrefix(after, "T") {
			return false
		}
	}
	return len(threads) > 0
}

// Resume lets a paused server go on.
func (p *Process) Resume(tb testing.TB) {
	tb.Helper()
	if err := p.signal(syscall.SIGCONT); err != nil {
		tb.Fatal(err)
	}
}

func (p *Process) politely() syscall.Signal {
	if p.stopBy == 0 {
		return syscall.SIGTERM
	}
	return p.stopBy
}

// Log returns the end of what the server wrote, for a failing test to show.
func (p *Process) Log() string {
	const most = 4000
	text, err := os.ReadFile(p.outputFile())
	if err != nil {
		return err.Error()
	}
	if len(text) > most {
		text = text[len(text)-most:]
	}
	return strings.TrimSpace(string(bytes.ToValidUTF8(text, []byte("?"))))
}

func (p *Process) outputFile() string { return filepath.Join(p.Dir, p.name+".out") }

// discard ends the server and removes what it left.
func (p *Process) discard() error {
	err := p.end(p.politely())
	err = errors.Join(err, os.RemoveAll(p.Dir))
	p.release()
	return err
}

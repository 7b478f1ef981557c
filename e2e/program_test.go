package e2e

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"latchkey/servers"
)

// program is the built binary, made once for all stories.
const program = "../build/e2e/latchkey"

func TestMain(m *testing.M) {
	build := exec.Command("go", "build", "-o", program, "latchkey/cmd/latchkey")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		_, _ = io.WriteString(os.Stderr, "build latchkey: "+err.Error()+"\n"+string(out))
		os.Exit(1)
	}
	servers.Main(m)
}

// run runs a command of the program to its end.
func run(t *testing.T, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, args...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("run latchkey %s: %v", strings.Join(args, " "), err)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

// must runs a command that has to succeed.
func must(t *testing.T, args ...string) string {
	t.Helper()
	out, errs, code := run(t, args...)
	if code != 0 {
		t.Fatalf("latchkey %s: exit %d\n%s%s", strings.Join(args, " "), code, out, errs)
	}
	return out
}

// bot is a running `latchkey serve`.
type bot struct {
	t       *testing.T
	config  string
	listen  string
	admin   string
	cmd     *exec.Cmd
	ended   chan struct{}
	mu      sync.Mutex
	written bytes.Buffer
	scraped string // of /metrics, before it stopped
}

func (b *bot) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.written.Write(p)
}

// log is all that the program has written so far.
func (b *bot) log() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.written.String()
}

// start starts the program and waits until it is ready.
func (b *bot) start() {
	b.t.Helper()
	b.cmd = exec.Command(program, "serve", "--config", b.config)
	b.cmd.Stdout, b.cmd.Stderr = b, b
	b.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := b.cmd.Start(); err != nil {
		b.t.Fatal(err)
	}
	ended := make(chan struct{})
	b.ended = ended
	go func(c *exec.Cmd) { _ = c.Wait(); close(ended) }(b.cmd)
	if !eventually(15*time.Second, func() bool { return b.ready() || over(ended) }) || over(ended) {
		b.t.Fatalf("latchkey serve did not become ready:\n%s", b.log())
	}
}

func (b *bot) ready() bool {
	answer, err := http.Get("http://" + b.admin + "/readyz")
	if err != nil {
		return false
	}
	defer answer.Body.Close()
	return answer.StatusCode == http.StatusOK
}

// kill ends the program as a crash does.
func (b *bot) kill() {
	b.t.Helper()
	if err := b.cmd.Process.Kill(); err != nil {
		b.t.Fatal(err)
	}
	<-b.ended
}

// stop ends the program in its own orderly way.
func (b *bot) stop() {
	b.t.Helper()
	if over(b.ended) {
		return
	}
	b.scrape()
	_ = b.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-b.ended:
	case <-time.After(15 * time.Second):
		_ = b.cmd.Process.Kill()
		<-b.ended
		b.t.Errorf("latchkey serve did not stop within 15 s:\n%s", b.log())
	}
}

// scrape keeps what /metrics says now.
func (b *bot) scrape() {
	answer, err := http.Get("http://" + b.admin + "/metrics")
	if err != nil {
		return // it has ended, or hangs as the story wants it
	}
	defer answer.Body.Close()
	text, _ := io.ReadAll(answer.Body)
	b.scraped += string(text)
}

func over(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// eventually looks again until check holds; false when patience ends first.
func eventually(patience time.Duration, check func() bool) bool {
	deadline := time.Now().Add(patience)
	for !check() {
		if time.Now().After(deadline) {
			return false
		}
		time.Sleep(20 * time.Millisecond)
	}
	return true
}

// freePort gives a loopback address that nothing listens on.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

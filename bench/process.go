package main

import (
	"bytes"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// child is a process that is measured as a whole.
type child struct {
	cmd *exec.Cmd
	at  string // host:port of what is measured
	out *bytes.Buffer
}

// launch starts a program and waits until ready answers 200.
func launch(s *stand, at, ready, program string, args ...string) *child {
	c := &child{cmd: exec.Command(program, args...), at: at, out: &bytes.Buffer{}}
	c.cmd.Stderr = c.out // read after its end alone
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	s.ok(c.cmd.Start())
	ended := make(chan struct{})
	go func() { _ = c.cmd.Wait(); close(ended) }()
	s.Cleanup(func() {
		_ = c.cmd.Process.Signal(syscall.SIGTERM)
		select {
		case <-ended:
		case <-time.After(15 * time.Second):
			_ = c.cmd.Process.Kill()
			<-ended
		}
	})
	for deadline := time.Now().Add(20 * time.Second); !answers(ready); time.Sleep(20 * time.Millisecond) {
		select {
		case <-ended:
			s.Fatalf("%s ended:\n%s", program, c.out)
		default:
		}
		if time.Now().After(deadline) {
			s.Fatalf("%s did not become ready", program)
		}
	}
	return c
}

func answers(url string) bool {
	answer, err := http.Get(url)
	if err != nil {
		return false
	}
	_ = answer.Body.Close()
	return answer.StatusCode == http.StatusOK
}

// tick is the unit of times in /proc: USER_HZ, which is 100 on all that Go
// runs on under Linux (proc(5)).
const tick = 10 * time.Millisecond

// processor is the time that all threads have used: fields 14 and 15 of stat.
func (c *child) processor(s *stand) time.Duration {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(c.cmd.Process.Pid) + "/stat")
	s.ok(err)
	_, rest, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(rest)
	var sum int64
	for _, f := range fields[11:13] {
		n, err := strconv.ParseInt(f, 10, 64)
		s.ok(err)
		sum += n
	}
	return time.Duration(sum) * tick
}

// memory is the largest resident set so far, in bytes: VmHWM of proc(5).
func (c *child) memory(s *stand) int64 {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(c.cmd.Process.Pid) + "/status")
	s.ok(err)
	for line := range strings.Lines(string(text)) {
		if value, found := strings.CutPrefix(line, "VmHWM:"); found {
			n, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "kB")), 10, 64)
			s.ok(err)
			return n << 10
		}
	}
	s.Fatal("the system does not tell how much memory a process has had")
	return 0
}

func freeAddress(s *stand) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	s.ok(err)
	defer l.Close()
	return l.Addr().String()
}

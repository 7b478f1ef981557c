package servers

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Configure changes a setting of the running server for all connections, and
// returns when new ones have it.
func (s *Postgres) Configure(tb testing.TB, name, value string) {
	tb.Helper()
	if err := s.do(s.address("postgres", s.Admin), "SET default_transaction_read_only = off",
		"ALTER SYSTEM SET "+name+" = '"+value+"'", "SELECT pg_reload_conf()"); err != nil {
		tb.Fatal(err)
	}
	var has string
	for end := time.Now().Add(readyWithin); time.Now().Before(end); time.Sleep(pollEvery) {
		db, err := sql.Open("pgx", s.address("postgres", s.Admin))
		if err != nil {
			tb.Fatal(err)
		}
		err = db.QueryRow("SELECT current_setting($1)", name).Scan(&has)
		_ = db.Close()
		if err == nil && has == value {
			return
		}
	}
	tb.Fatalf("%s is %q and not %q after %v", name, has, value, readyWithin)
}

// Kill ends the server and all its processes at once with SIGKILL, as a power
// failure would, and waits until they are gone.
func (s *Postgres) Kill(tb testing.TB) {
	tb.Helper()
	children := s.children()
	s.Process.Kill(tb)
	for _, child := range children {
		_ = syscall.Kill(child, syscall.SIGKILL) // it may have gone with its parent
	}
	for end := time.Now().Add(stopWithin); ; time.Sleep(pollEvery) {
		left := 0
		for _, child := range children {
			if commandOf(child) == "postgres" {
				left++
			}
		}
		if left == 0 {
			return
		}
		if time.Now().After(end) {
			tb.Fatalf("%d processes of postgres outlive it", left)
		}
	}
}

// Pause stops the server and all its processes with SIGSTOP: connections are
// accepted by the kernel and nobody answers.
func (s *Postgres) Pause(tb testing.TB) {
	tb.Helper()
	s.Process.Pause(tb)
	for _, child := range s.children() {
		_ = syscall.Kill(child, syscall.SIGSTOP) // it may have ended by itself
	}
}

// Resume lets a paused server go on.
func (s *Postgres) Resume(tb testing.TB) {
	tb.Helper()
	for _, child := range s.children() {
		_ = syscall.Kill(child, syscall.SIGCONT) // it may have ended by itself
	}
	s.Process.Resume(tb)
}

// KillBackend kills, with SIGKILL, the process that serves a connection by its
// number (pg_backend_pid): the server then ends all connections and recovers.
func (s *Postgres) KillBackend(tb testing.TB, pid int) {
	tb.Helper()
	for _, child := range s.children() {
		if child == pid {
			if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
				tb.Fatal(err)
			}
			return
		}
	}
	tb.Fatalf("%d is not a process of this server", pid)
}

// WaitReady returns when the server answers again.
func (s *Postgres) WaitReady(tb testing.TB) {
	tb.Helper()
	var err error
	for end := time.Now().Add(readyWithin); time.Now().Before(end); time.Sleep(pollEvery) {
		if err = s.ping(); err == nil {
			return
		}
	}
	tb.Fatalf("postgres does not answer: %v\n%s", err, s.Log())
}

// FillDisk leaves no more than the given number of KiB free on the server's
// own file system, which PostgresSpec.Disk asks for; FreeDisk undoes it.
func (s *Postgres) FillDisk(tb testing.TB, left int64) {
	tb.Helper()
	if !s.mounted {
		tb.Fatal("this server has no file system of its own: see PostgresSpec.Disk")
	}
	var disk syscall.Statfs_t
	if err := syscall.Statfs(s.data, &disk); err != nil {
		tb.Fatal(err)
	}
	s.ballast = filepath.Join(s.data, "ballast")
	size := int64(disk.Bavail)*disk.Bsize - left<<10
	if err := os.WriteFile(s.ballast, make([]byte, max(size, 0)), 0o600); err != nil {
		tb.Fatal(err)
	}
}

// FreeDisk undoes FillDisk.
func (s *Postgres) FreeDisk(tb testing.TB) {
	tb.Helper()
	if err := os.Remove(s.ballast); err != nil {
		tb.Fatal(err)
	}
}

// children are the processes that the server has started itself: each leads a
// session of its own, so that signals to the server's group do not reach them.
func (s *Postgres) children() []int {
	parent := s.PID()
	if parent <= 1 {
		return nil
	}
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return nil
	}
	var out []int
	for _, stat := range stats {
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(stat)))
		if err != nil || pid <= 1 {
			continue
		}
		text, err := os.ReadFile(stat)
		if err != nil {
			continue // gone since
		}
		_, rest, _ := strings.Cut(string(text), ") ") // after the program's name
		if fields := strings.Fields(rest); len(fields) > 1 && fields[1] == strconv.Itoa(parent) {
			out = append(out, pid)
		}
	}
	return out
}

// commandOf is the name of a process's program; "" where it is gone or a zombie.
func commandOf(pid int) string {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return ""
	}
	before, after, _ := strings.Cut(string(text), ") ")
	if strings.HasPrefix(after, "Z") {
		return ""
	}
	_, name, _ := strings.Cut(before, "(")
	return name
}

package directory_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"latchkey/servers"
)

func (s samba) Pause(tb testing.TB) { pause(tb, s.Process) }
func (s slapd) Pause(tb testing.TB) { pause(tb, s.Process) }

// pause waits until every thread of the server has stopped: a signal is sent
// before it has come to all, and one of them may still answer a request.
func pause(tb testing.TB, p *servers.Process) {
	tb.Helper()
	p.Pause(tb)
	for deadline := time.Now().Add(5 * time.Second); !stopped(tb, p.PID()); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			tb.Fatal("a paused server has not stopped")
		}
	}
}

// stopped looks at state and group of each thread, fields 3 and 5 of
// /proc/PID/task/TID/stat (proc(5)).
func stopped(tb testing.TB, group int) bool {
	tb.Helper()
	stats, err := filepath.Glob("/proc/[0-9]*/task/[0-9]*/stat")
	if err != nil {
		tb.Fatal(err)
	}
	for _, stat := range stats {
		text, err := os.ReadFile(stat)
		if err != nil {
			continue // gone since
		}
		_, rest, _ := strings.Cut(string(text), ") ")
		if fields := strings.Fields(rest); len(fields) > 2 && fields[2] == strconv.Itoa(group) && !strings.Contains("TtZX", fields[0]) {
			return false
		}
	}
	return true
}

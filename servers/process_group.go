package servers

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func (p *Process) signal(sig syscall.Signal) error {
	pid := p.PID()
	if pid <= 1 { // -1 and 0 would mean everybody
		return fmt.Errorf("%s is not running", p.name)
	}
	if err := syscall.Kill(-pid, sig); err != nil {
		return fmt.Errorf("sending %v to %s: %w", sig, p.name, err)
	}
	return nil
}

// end sends sig to the group and waits until all of it is gone; who does not
// go is killed.
func (p *Process) end(sig syscall.Signal) error {
	group := p.PID()
	if group == 0 {
		return nil
	}
	if err := p.signal(sig); err != nil {
		return err
	}
	if sig != syscall.SIGKILL {
		_ = p.signal(syscall.SIGCONT) // a paused one would not hear the first; it may be gone already
	}
	if err := p.waitGone(group); err == nil || sig == syscall.SIGKILL {
		return err
	}
	_ = syscall.Kill(-group, syscall.SIGKILL) // the log below says what matters
	if err := p.waitGone(group); err != nil {
		return err
	}
	return fmt.Errorf("%s did not stop within %v and was killed\n%s", p.name, stopWithin, p.Log())
}

func (p *Process) waitGone(group int) error {
	late := time.After(stopWithin)
	select {
	case <-p.done:
	case <-late:
		return fmt.Errorf("%s is still there after %v", p.name, stopWithin)
	}
	// Postfix's parts end a moment after the one that leads them, and hold
	// its ports until then.
	for {
		left, err := groupMembers(group)
		if err != nil || left == 0 {
			return err
		}
		select {
		case <-late:
			return fmt.Errorf("%d parts of %s are still there after %v", left, p.name, stopWithin)
		case <-time.After(pollEvery):
		}
	}
}

// groupMembers counts the processes of a group, from field 5 of
// /proc/PID/stat (proc(5)). Ended ones that nobody has waited for do not count.
func groupMembers(group int) (int, error) {
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return 0, fmt.Errorf("looking for processes: %w", err)
	}
	count := 0
	for _, stat := range stats {
		text, err := os.ReadFile(stat)
		if err != nil {
			continue // gone since
		}
		_, rest, _ := strings.Cut(string(text), ") ") // after the program's name
		fields := strings.Fields(rest)
		if len(fields) > 2 && fields[0] != "Z" && fields[2] == strconv.Itoa(group) {
			count++
		}
	}
	return count, nil
}

package e2e

import (
	"bufio"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"
)

// monitor writes down every command that reaches a Redis, with its arguments
// (MONITOR), also after that was away for a while.
type monitor struct {
	mu   sync.Mutex
	all  strings.Builder
	conn net.Conn
	over bool
	done chan struct{}
}

// listen begins; it returns once the server has taken MONITOR.
func (s *stage) listen() *monitor {
	s.t.Helper()
	m := &monitor{done: make(chan struct{})}
	heard := make(chan struct{})
	go m.run(s.redis.Addr, s.redis.Password, sync.OnceFunc(func() { close(heard) }))
	s.t.Cleanup(m.stop)
	select {
	case <-heard:
	case <-time.After(10 * time.Second):
		s.t.Fatal("Redis does not take MONITOR")
	}
	return m
}

func (m *monitor) run(address, password string, heard func()) {
	defer close(m.done)
	for !m.ended() {
		conn, err := net.DialTimeout("tcp", address, time.Second)
		if err != nil {
			time.Sleep(20 * time.Millisecond)
			continue
		}
		if !m.take(conn) {
			_ = conn.Close()
			return
		}
		_, _ = fmt.Fprintf(conn, "AUTH %s\r\nMONITOR\r\n", password)
		lines := bufio.NewReader(conn)
		for ok := 0; ; {
			line, err := lines.ReadString('\n')
			if err != nil {
				break
			}
			if ok++; ok == 2 {
				heard()
			}
			m.keep(line)
		}
		_ = conn.Close()
	}
}

func (m *monitor) take(conn net.Conn) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.conn = conn
	return !m.over
}

func (m *monitor) keep(line string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.all.WriteString(line)
}

func (m *monitor) ended() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.over
}

// text is what was heard so far.
func (m *monitor) text() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.all.String()
}

func (m *monitor) stop() {
	m.mu.Lock()
	m.over = true
	if m.conn != nil {
		_ = m.conn.Close()
	}
	m.mu.Unlock()
	<-m.done
}

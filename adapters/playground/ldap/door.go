package ldap

import (
	"net"
	"sync"
	"time"
)

// writeLimit is how long an answer may wait for a client that does not read.
const writeLimit = 10 * time.Second

// door lets connections in, and makes the server seem away or stuck.
type door struct {
	mu      sync.Mutex // guards what follows
	away    bool
	closed  bool
	passage chan struct{} // closed: what is said passes
	inside  map[*guarded]bool

	speaking sync.RWMutex // held for reading while an answer leaves
	gone     chan struct{}
}

func newDoor() *door {
	passage := make(chan struct{})
	close(passage)
	return &door{passage: passage, inside: map[*guarded]bool{}, gone: make(chan struct{})}
}

// guarded is a connection on which nothing passes while the server is stuck.
type guarded struct {
	net.Conn
	door *door
}

func (d *door) enter(conn net.Conn) (*guarded, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.away || d.closed || len(d.inside) >= mostConnections {
		cut(conn)
		return nil, false
	}
	g := &guarded{conn, d}
	d.inside[g] = true
	return g, true
}

func (d *door) leave(g *guarded) {
	_ = g.Close()
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.inside, g)
}

func (d *door) shut() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.away = true
	d.cutAll()
}

func (d *door) stick() {
	d.mu.Lock()
	select {
	case <-d.passage:
		d.passage = make(chan struct{})
	default:
	}
	d.mu.Unlock()
	d.speaking.Lock() // who was about to answer has done so
	defer d.speaking.Unlock()
}

func (d *door) open() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.away = false
	select {
	case <-d.passage:
	default:
		close(d.passage)
	}
}

func (d *door) close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.closed {
		close(d.gone)
	}
	d.closed = true
	d.cutAll()
}

// cutAll wants mu held.
func (d *door) cutAll() {
	for g := range d.inside {
		cut(g.Conn)
	}
}

// cut resets a connection: nobody waits for a goodbye.
func cut(conn net.Conn) {
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

// wait waits while the server is stuck.
func (d *door) wait() {
	d.mu.Lock()
	passage := d.passage
	d.mu.Unlock()
	select {
	case <-d.gone:
	case <-passage:
	}
}

func (g *guarded) Read(b []byte) (int, error) {
	n, err := g.Conn.Read(b)
	g.door.wait()
	return n, err
}

func (g *guarded) Write(b []byte) (int, error) {
	for {
		g.door.wait()
		g.door.speaking.RLock()
		if g.door.passes() {
			defer g.door.speaking.RUnlock()
			_ = g.SetWriteDeadline(time.Now().Add(writeLimit))
			return g.Conn.Write(b)
		}
		g.door.speaking.RUnlock()
	}
}

// passes reports whether the server is not stuck, or gone altogether.
func (d *door) passes() bool {
	d.mu.Lock()
	passage := d.passage
	d.mu.Unlock()
	select {
	case <-d.gone:
		return true
	case <-passage:
		return true
	default:
		return false
	}
}

package ldap

import (
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"
)

// mostConnections bounds what is open at once; more are cut at once.
const mostConnections = 256

// Server is one directory. All methods may be used from several goroutines.
type Server struct {
	opts    Options
	dialect dialect
	key     []byte // of the passwords' digests
	door    *door

	mu     sync.RWMutex // guards all that follows
	tree   *tree
	rights []right
	admin  *entry
	births map[string]int // how often each name was added; see uuid

	listener net.Listener
	tls      *tls.Config
	ca       []byte
	done     sync.WaitGroup // of all goroutines
}

// New makes a directory that holds what every one has, and an administrator.
// It listens nowhere yet: see Start.
func New(opts Options) (*Server, error) {
	opts = opts.withDefaults()
	if err := opts.validate(); err != nil {
		return nil, fmt.Errorf("making a directory: %w", err)
	}
	s := &Server{opts: opts, door: newDoor(), births: map[string]int{}, key: make([]byte, 32)}
	if _, err := rand.Read(s.key); err != nil {
		return nil, fmt.Errorf("making a directory's key: %w", err)
	}
	if opts.Flavour == ActiveDirectory {
		s.dialect = newActiveDirectory(s)
	} else {
		s.dialect = openLDAP{s}
	}
	s.tree = &tree{schema: s.dialect.schema(), entries: map[string]*entry{}}
	if err := s.dialect.seed(); err != nil {
		return nil, fmt.Errorf("filling a new directory: %w", err)
	}
	return s, nil
}

// Start serves on addr, which must be a loopback address such as 127.0.0.1:0,
// until Close: LDAPS, and plain LDAP with StartTLS on the same port.
func (s *Server) Start(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	ip := net.ParseIP(host)
	if err != nil || ip == nil || !ip.IsLoopback() {
		return fmt.Errorf("starting the directory: %q is not a loopback address with a port, such as 127.0.0.1:0", addr)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.listener != nil {
		return errors.New("starting the directory: it is started already")
	}
	certificate, ca, err := newCertificate("dc1."+s.opts.Domain, ip)
	if err != nil {
		return fmt.Errorf("starting the directory: %w", err)
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("starting the directory: %w", err)
	}
	s.listener, s.ca = listener, ca
	s.tls = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	s.done.Go(func() { s.accept(listener) })
	return nil
}

// accept takes connections until the listener is closed.
func (s *Server) accept(listener net.Listener) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		if guarded, ok := s.door.enter(conn); ok {
			s.done.Go(func() {
				defer s.door.leave(guarded)
				s.serve(guarded)
			})
		}
	}
}

// Close ends all connections and waits for them. A closed server stays closed.
func (s *Server) Close() error {
	s.mu.Lock()
	listener := s.listener
	s.mu.Unlock()
	s.door.close()
	if listener == nil {
		return nil
	}
	err := listener.Close()
	s.done.Wait()
	if err != nil && !errors.Is(err, net.ErrClosed) {
		return fmt.Errorf("stopping the directory: %w", err)
	}
	return nil
}

// Away cuts every connection, and each new one at once, until Back: as a
// server that is down. The port stays taken.
func (s *Server) Away() { s.door.shut() }

// Hang lets every connection open and answers nothing more, not even a TLS
// handshake, until Back: as a server that is stuck. No answer leaves after Hang
// has returned. What was asked meanwhile is answered then.
func (s *Server) Hang() { s.door.stick() }

// Back ends Away and Hang.
func (s *Server) Back() { s.door.open() }

// URL is the address, ldaps://…; "" before Start.
func (s *Server) URL() string { return s.url("ldaps://") }

// PlainURL is the same server with ldap://, which gives no password a hearing
// before StartTLS.
func (s *Server) PlainURL() string { return s.url("ldap://") }

func (s *Server) url(scheme string) string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.listener == nil {
		return ""
	}
	return scheme + s.listener.Addr().String()
}

// CA is the authority of the server's certificate in PEM, made at Start for
// this server alone; nil before.
func (s *Server) CA() []byte { s.mu.RLock(); defer s.mu.RUnlock(); return s.ca }

// Base is the name of the tree's root.
func (s *Server) Base() string { return s.opts.base() }

// Administrator is the name of the account that may change everything.
func (s *Server) Administrator() string { s.mu.RLock(); defer s.mu.RUnlock(); return s.admin.dn }

func (s *Server) now() time.Time { return s.opts.Now() }

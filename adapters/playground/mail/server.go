package mail

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
)

// The login that the server takes. It is a toy's: anyone may know it.
const (
	Username = "latchkey"
	Password = "pass@word/of:the playground" // what an address has to escape
)

const (
	messageLimit   = 1 << 20 // bytes
	recipientLimit = 10      // of one mail
	mailboxLimit   = 200     // mails kept of one address, the newest
	idleLimit      = time.Minute
)

// Server is a running mail server. Its methods may be called at any time.
type Server struct {
	address string // host:port, the same after Away and Back
	tls     *tls.Config

	mu       sync.Mutex
	serving  *smtp.Server // nil while away
	listener net.Listener
	done     chan struct{} // closed when serving has ended
	boxes    map[string][]Message
	arrived  chan struct{} // closed and replaced at each arrival
	delay    time.Duration
	rejected map[string]int
	closed   chan struct{} // ends what waits for a delay
}

// Start listens on addr, host:port, where port 0 picks a free one. config
// holds the certificate; without TLS no login and no mail is taken.
func Start(addr string, config *tls.Config) (*Server, error) {
	s := &Server{address: addr, tls: config, boxes: map[string][]Message{}, rejected: map[string]int{}, arrived: make(chan struct{}), closed: make(chan struct{})}
	if err := s.Back(); err != nil {
		return nil, err
	}
	return s, nil
}

// Addr is where it listens, host:port.
func (s *Server) Addr() string { return s.address }

// Close stops it for good.
func (s *Server) Close() error {
	s.mu.Lock()
	select {
	case <-s.closed:
	default:
		close(s.closed)
	}
	s.mu.Unlock()
	return s.Away()
}

// Away stops listening and drops every connection, as a server that is down
// does. The mailboxes stay.
func (s *Server) Away() error {
	s.mu.Lock()
	serving, listener, done := s.serving, s.listener, s.done
	s.serving = nil
	s.mu.Unlock()
	if serving == nil {
		return nil
	}
	// serving may not have begun to listen: the listener is closed here too.
	err := errors.Join(listener.Close(), serving.Close())
	<-done
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// Back listens again on the same address.
func (s *Server) Back() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.serving != nil {
		return nil
	}
	select {
	case <-s.closed:
		return errors.New("the mail server of the playground is closed")
	default:
	}
	listener, err := net.Listen("tcp", s.address)
	if err != nil {
		return fmt.Errorf("listening for mail: %w", err)
	}
	s.address = listener.Addr().String()
	serving := smtp.NewServer(backend{s})
	serving.Domain = "mail.playground.test"
	serving.TLSConfig = s.tls
	serving.MaxMessageBytes, serving.MaxRecipients = messageLimit, recipientLimit
	serving.ReadTimeout, serving.WriteTimeout = idleLimit, idleLimit
	serving.EnableSMTPUTF8 = true
	serving.ErrorLog = log.New(io.Discard, "", 0) // dropped connections are what it is for
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = serving.Serve(listener) // ends with Away, which knows why
	}()
	s.serving, s.listener, s.done = serving, listener, done
	return nil
}

// Delay makes the server wait before it takes each mail; 0 ends that.
func (s *Server) Delay(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.delay = d
}

// Reject makes the server refuse a recipient: with 550 for good, with 451 for
// now; 0 ends that.
func (s *Server) Reject(address string, code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rejected[fold(address)] = code
}

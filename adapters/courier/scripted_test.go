package courier_test

import (
	"bufio"
	"crypto/tls"
	"encoding/pem"
	"net"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"latchkey/adapters/courier"
)

// scripted is a mail server that answers each command as a test says: with a
// line, or by hanging, trickling or dropping the connection.
type scripted struct {
	answers map[string]string // by command ("GREETING" first, "." the mail's end); what is missing gets a good answer
	plain   bool              // offers no STARTTLS
	tls     *tls.Config
	ca      []byte
	host    string
	port    int

	mu      sync.Mutex
	heard   []string        // every line of every client, in the clear or not
	reached map[string]bool // steps that were answered, or not
}

// What an answer may be beside a line.
const (
	hang    = "hang"
	trickle = "trickle"
	drop    = "drop"
)

func startScripted(t *testing.T, answers map[string]string) *scripted {
	t.Helper()
	s := &scripted{answers: answers, reached: map[string]bool{}}
	s.tls, s.ca = loopbackCertificate(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	over := make(chan struct{})
	t.Cleanup(func() { close(over); _ = listener.Close() })
	s.host, s.port = "127.0.0.1", listener.Addr().(*net.TCPAddr).Port
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() { s.converse(conn, over); _ = conn.Close() }()
		}
	}()
	return s
}

// loopbackCertificate is the standard library's own for tests on 127.0.0.1.
func loopbackCertificate(t *testing.T) (*tls.Config, []byte) {
	t.Helper()
	lender := httptest.NewTLSServer(nil)
	defer lender.Close()
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: lender.Certificate().Raw})
	return &tls.Config{Certificates: lender.TLS.Certificates}, ca
}

func (s *scripted) converse(conn net.Conn, over chan struct{}) {
	if !s.answer(conn, over, "GREETING", "220 scripted") {
		return
	}
	lines := bufio.NewScanner(conn)
	for lines.Scan() {
		line := lines.Text()
		s.mu.Lock()
		s.heard = append(s.heard, line)
		s.mu.Unlock()
		word, _, _ := strings.Cut(strings.ToUpper(line), " ")
		good := "250 fine"
		switch word {
		case "EHLO":
			good = "250-scripted\r\n250-STARTTLS\r\n250 AUTH PLAIN"
			if s.plain {
				good = "250-scripted\r\n250 AUTH PLAIN"
			}
		case "STARTTLS":
			good = "220 go on"
		case "AUTH":
			good = "235 welcome"
		case "DATA":
			good = "354 go on"
		case "QUIT":
			good = "221 bye"
		}
		if _, tlsNow := conn.(*tls.Conn); tlsNow && word == "EHLO" {
			word = "EHLO over TLS"
		}
		if !s.answer(conn, over, word, good) {
			return
		}
		switch {
		case word == "STARTTLS":
			conn = tls.Server(conn, s.tls)
			lines = bufio.NewScanner(conn)
		case word == "DATA" && s.answers["DATA"] == "":
			for lines.Scan() && lines.Text() != "." {
			}
			if !s.answer(conn, over, ".", "250 taken") {
				return
			}
		}
	}
}

func (s *scripted) answer(conn net.Conn, over chan struct{}, word, good string) bool {
	s.mu.Lock()
	s.reached[word] = true
	s.mu.Unlock()
	switch say := s.answers[word]; say {
	case "":
		_, err := conn.Write([]byte(good + "\r\n"))
		return err == nil
	case hang:
		<-over
		return false
	case trickle:
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-over:
				return false
			case <-tick.C:
				if _, err := conn.Write([]byte("250-and\r\n")); err != nil {
					return false
				}
			}
		}
	case drop:
		return false
	default:
		_, err := conn.Write([]byte(say + "\r\n"))
		return err == nil
	}
}

func (s *scripted) hasHeard(part string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Contains(strings.Join(s.heard, "\n"), part)
}

func (s *scripted) hasReached(step string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.reached[step]
}

func (s *scripted) config() courier.Config {
	return courier.Config{Host: s.host, Port: s.port, TLSMode: courier.STARTTLS, User: "latchkey", Password: "s3cret@/:", From: "Helpdesk <helpdesk@example.test>", CA: s.ca}
}

func open(t *testing.T, c courier.Config) *courier.Courier {
	t.Helper()
	made, err := courier.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

package session_test

import (
	"crypto/rand"
	"io"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"latchkey/servers"
	"latchkey/store/session"
)

// lossy stands before a server and can lose an answer: the server has done
// what it was asked, and the connection ends before it says so.
type lossy struct {
	address string
	loses   atomic.Bool
	lost    atomic.Int32
}

func startLossy(t *testing.T, server string) *lossy {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	p := &lossy{address: listener.Addr().String()}
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			go p.carry(client, server)
		}
	}()
	return p
}

func (p *lossy) carry(client net.Conn, server string) {
	defer client.Close() //nolint:errcheck // the test is over, or the answer lost
	behind, err := net.Dial("tcp", server)
	if err != nil {
		return
	}
	defer behind.Close() //nolint:errcheck // as above
	go func() {
		_, _ = io.Copy(behind, client)
		_ = behind.Close()
	}()
	buffer := make([]byte, 1<<16)
	for {
		n, err := behind.Read(buffer)
		if err != nil {
			return
		}
		if p.loses.CompareAndSwap(true, false) {
			p.lost.Add(1)
			return
		}
		if _, err := client.Write(buffer[:n]); err != nil {
			return
		}
	}
}

func TestALostAnswerIsAskedForAgainAndDoneOnce(t *testing.T) {
	server := servers.SharedRedis(t)
	c := restricted(server)
	proxy := startLossy(t, server.Addr)
	c.Addresses = []string{proxy.address}
	s := open(t, c)
	id, ends := keep(t, s), time.Now().Add(time.Hour)
	if err := s.Save(t.Context(), id, 1, []byte("second"), ends); err != nil {
		t.Fatal(err)
	}
	if _, err := s.First(t.Context(), rand.Text(), time.Hour); err != nil { // the scripts are known to the server now
		t.Fatal(err)
	}

	losing := func(call func() error) {
		t.Helper()
		before := proxy.lost.Load()
		proxy.loses.Store(true)
		if err := call(); err != nil {
			t.Errorf("with its answer lost a call ended in %v", err)
		}
		if proxy.lost.Load() != before+1 {
			t.Fatal("no answer was lost: this test shows nothing")
		}
	}
	made := rand.Text()
	losing(func() error { return s.Create(t.Context(), made, []byte("first"), ends) })
	losing(func() error { return s.Save(t.Context(), id, 2, []byte("third"), ends) })
	losing(func() error {
		first, err := s.First(t.Context(), id, time.Hour)
		if !first {
			t.Error("the second sending of the first counts as a repeat")
		}
		return err
	})
	wantVersion(t, s, made, 1)
	wantVersion(t, s, id, 3)
	if first, err := s.First(t.Context(), id, time.Hour); err != nil || first {
		t.Errorf("a repeat counts as the first: %v, %v", first, err)
	}
}

func wantVersion(t *testing.T, s *session.Store, id string, version int64) {
	t.Helper()
	if _, got, err := s.Load(t.Context(), id); err != nil || got != version {
		t.Errorf("the version is %d, %v; expected %d", got, err, version)
	}
}

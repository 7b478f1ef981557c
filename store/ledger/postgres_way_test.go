package ledger_test

import (
	"bytes"
	"net"
	"strings"
	"sync"
	"testing"

	"latchkey/bot"
	"latchkey/servers"
	"latchkey/store/ledger"
)

func TestOpenSaysWhatIsWrongWithThePostgresURL(t *testing.T) {
	for url, advice := range map[string]string{
		"postgres://latchkey@192.0.2.1/latchkey?sslmode=disable":            "in the open",
		"postgres://latchkey@192.0.2.1/latchkey?sslmode=allow":              "in the open",
		"postgres://latchkey@192.0.2.1/latchkey?sslmode=prefer":             "in the open",
		"postgres://latchkey@127.0.0.1/latchkey?sslmode=disable&host=db":    "in the open",
		"postgres://latchkey@192.0.2.1/latchkey?sslmode=require":            "proved to be the server",
		"postgres://latchkey@192.0.2.1/latchkey?sslrootcert=/nowhere.pem":   "sslrootcert that cannot be read",
		"postgres://latchkey@192.0.2.1/latchkey?sslmode=perhaps":            "cannot be read",
		"postgres://latchkey@192.0.2.1/":                                    "no role or no database",
		"postgres://192.0.2.1/latchkey":                                     "no role or no database",
		"postgres://latchkey:%zz@192.0.2.1/latchkey":                        "cannot be read",
		"postgresql://latchkey:secret@192.0.2.1/latchkey?sslmode=disable":   "in the open",
		"postgres://latchkey@localhost,192.0.2.1/latchkey?sslmode=disable":  "in the open",
		"postgres://latchkey:geheim@192.0.2.1:99999/latchkey":               "cannot be read",
		"postgres://latchkey:geheim@192.0.2.1/latchkey?connect_timeout=bad": "cannot be read",
	} {
		_, err := ledger.Open(t.Context(), ledger.Config{URL: url, NewID: func() string { return "" }})
		if bot.KindOf(err) != bot.Invalid || !strings.Contains(bot.TextOf(err), advice) {
			t.Errorf("%q: %v", url, err)
		}
		if err != nil && (strings.Contains(err.Error(), "geheim") || strings.Contains(err.Error(), "secret")) {
			t.Errorf("the error holds the password: %v", err)
		}
	}
}

func TestOpenSaysWhyAServerIsNotReached(t *testing.T) {
	server := servers.SharedPostgres(t)
	d := server.NewDatabase(t)
	for name, c := range map[string]struct{ url, advice string }{
		"nobody listens":    {strings.Replace(d.URL, server.Addr, "127.0.0.1:1", 1), "cannot be reached"},
		"wrong password":    {strings.Replace(d.URL, server.Server.Password, "another", 1), "refuses Latchkey's role or its password"},
		"no such role":      {strings.Replace(d.URL, server.Server.Name+":", "nobody:", 1), "refuses Latchkey's role or its password"},
		"no such database":  {strings.Replace(d.URL, d.Name, "elsewhere", 1), "does not exist on its server"},
		"another authority": {strings.Replace(d.URL, "sslrootcert=", "sslrootcert="+otherAuthority(t)+"&was=", 1), "cannot be verified"},
	} {
		t.Run(name, func(t *testing.T) {
			if name == "another authority" {
				c.url = c.url[:strings.Index(c.url, "&was=")]
			}
			_, err := ledger.Open(t.Context(), ledger.Config{URL: c.url, NewID: func() string { return "" }})
			plain(t, err, bot.Unavailable, c.advice)
			if strings.Contains(err.Error(), server.Server.Password) {
				t.Errorf("the error holds the password: %v", err)
			}
		})
	}
	c := onServer(t, server).Config
	c.URL = strings.Replace(c.URL, "verify-full", "disable", 1) // loopback may
	fill(t, opened(t, c), 1)
	c.URL += "&nonsense=1"
	_, err := ledger.Open(t.Context(), c)
	plain(t, err, bot.Invalid, "does not know a setting")
}

// otherAuthority is the certificate of one that did not sign the server's.
func otherAuthority(t *testing.T) string {
	t.Helper()
	return servers.StartRedis(t, servers.RedisSpec{}).CAFile
}

func TestOpenAServerWithoutTLS(t *testing.T) {
	server := servers.StartPostgres(t, servers.PostgresSpec{NoTLS: true})
	d := server.NewDatabase(t)
	c := ledger.Config{URL: strings.Replace(d.OwnerURL, "sslmode=disable", "sslmode=verify-full", 1), NewID: func() string { return "" }}
	_, err := ledger.Open(t.Context(), c)
	plain(t, err, bot.Unavailable, "speaks no TLS")
	c.URL, _, _ = strings.Cut(d.OwnerURL, "?") // loopback takes what there is
	opened(t, c)
}

// line is a way to a server on which a test can cut connections.
type line struct {
	net.Listener
	to string

	mu   sync.Mutex
	at   []byte // what a client sends when its connection is to be cut
	sent bool   // the server gets it, and the client no answer
}

func newLine(t *testing.T, to string) *line {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := &line{Listener: listener, to: to}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			all.Go(func() { l.serve(client) })
		}
	})
	t.Cleanup(func() { _ = listener.Close(); all.Wait() })
	return l
}

// cut cuts the next connection on which a client sends the text: before the
// server has it, or when the server has answered it.
func (l *line) cut(text string, sent bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.at, l.sent = []byte(text), sent
}

// due reports whether the chunk is where to cut, once.
func (l *line) due(chunk []byte) (cut, sent bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.at) == 0 || !bytes.Contains(chunk, l.at) {
		return false, false
	}
	l.at = nil
	return true, l.sent
}

func (l *line) serve(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("tcp", l.to)
	if err != nil {
		return
	}
	defer server.Close()
	answered := make(chan bool, 1)
	var mute sync.Mutex
	muted := false
	var back sync.WaitGroup
	back.Go(func() {
		chunk := make([]byte, 64<<10)
		for {
			n, err := server.Read(chunk)
			mute.Lock()
			stop := muted
			mute.Unlock()
			if err != nil || stop {
				answered <- true
				_ = client.Close()
				return
			}
			if _, err := client.Write(chunk[:n]); err != nil {
				return
			}
		}
	})
	chunk := make([]byte, 64<<10)
	for {
		n, err := client.Read(chunk)
		if err != nil {
			break
		}
		cut, sent := l.due(chunk[:n])
		if cut && !sent {
			break
		}
		if cut {
			mute.Lock()
			muted = true
			mute.Unlock()
		}
		if _, err := server.Write(chunk[:n]); err != nil {
			break
		}
		if cut {
			<-answered
			break
		}
	}
	_ = server.Close()
	_ = client.Close()
	back.Wait()
}

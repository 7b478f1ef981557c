package courier_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"latchkey/adapters/courier"
	"latchkey/bot"
	"latchkey/servers"
)

func TestMain(m *testing.M) { servers.Main(m) }

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func postfix(t *testing.T, server *servers.Postfix, mode courier.TLSMode) courier.Config {
	t.Helper()
	address := server.Addr
	if mode == courier.Implicit {
		address = server.TLSAddr
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	return courier.Config{Host: host, Port: number, TLSMode: mode, User: server.Username, Password: server.Password,
		From: "Hélpdesk <helpdesk@" + server.Domain + ">", CA: server.CA, Now: func() time.Time { return noon }}
}

func TestPostfixDelivers(t *testing.T) {
	server := servers.SharedPostfix(t)
	const subject = "Ihr Code – 梅"
	text := "Your code is 012345.\n.\n.. dots and ümlauts = kept\n" + strings.Repeat("long ", 500) + "\n"
	for _, mode := range []courier.TLSMode{courier.STARTTLS, courier.Implicit} {
		t.Run(string(mode), func(t *testing.T) {
			to := servers.Unique("mei") + "@" + server.Domain
			if err := open(t, postfix(t, server, mode)).Deliver(t.Context(), to, subject, text); err != nil {
				t.Fatalf("%v\n%s", err, server.Log())
			}
			got := parse(t, server.WaitForMail(t, to, 1)[0])
			for name, want := range map[string]string{
				"From": "Hélpdesk <helpdesk@" + server.Domain + ">", "To": "<" + to + ">", "Subject": subject,
				"Date": "Mon, 23 Nov 2026 12:00:00 +0000", "Auto-Submitted": "auto-generated", "User-Agent": "", "X-Mailer": "", "Bcc": "",
			} {
				decoded, err := new(mime.WordDecoder).DecodeHeader(got.header.Get(name))
				if err != nil || decoded != want {
					t.Errorf("%s is %q, %v; expected %q", name, decoded, err, want)
				}
			}
			if id := got.header.Get("Message-Id"); !strings.HasSuffix(id, "@"+server.Domain+">") || len(id) < 30 {
				t.Errorf("Message-ID is %q", id)
			}
			if kind := got.header.Get("Content-Type"); kind != "text/plain; charset=UTF-8" {
				t.Errorf("Content-Type is %q", kind)
			}
			if strings.TrimRight(got.text, "\n") != strings.TrimRight(text, "\n") {
				t.Errorf("the text reads %q", got.text)
			}
			if !strings.Contains(got.header.Get("Received"), "from "+server.Domain+" ") {
				t.Errorf("the greeting was not the sender's domain: %s", got.header.Get("Received"))
			}
		})
	}
}

type received struct {
	raw    string
	header mail.Header
	text   string
}

func parse(t *testing.T, raw string) received {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatalf("%v in %q", err, raw)
	}
	text, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	if err != nil {
		t.Fatal(err)
	}
	return received{raw: raw, header: m.Header, text: string(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")))}
}

func TestPostfixRefuses(t *testing.T) {
	server := servers.SharedPostfix(t)
	c := open(t, postfix(t, server, courier.STARTTLS))
	for recipient, want := range map[string]struct {
		kind bot.Kind
		says string
	}{
		"reject@" + server.Domain: {bot.Invalid, "refuses to send to this address"},
		"later@" + server.Domain:  {bot.Unavailable, "nothing for this address just now"},
	} {
		err := c.Deliver(t.Context(), recipient, "subject", "text")
		if bot.KindOf(err) != want.kind || !strings.Contains(bot.TextOf(err), want.says) || strings.Contains(err.Error(), recipient) {
			t.Errorf("%s answered %v", recipient, err)
		}
	}
	if err := c.Deliver(t.Context(), "mei@elsewhere.test", "subject", "text"); bot.KindOf(err) != bot.NotFound && bot.KindOf(err) != bot.Invalid {
		t.Errorf("another domain answered %v", err)
	}
}

func TestPostfixHeadersCannotBeInjected(t *testing.T) {
	server := servers.SharedPostfix(t)
	c := open(t, postfix(t, server, courier.STARTTLS))
	to, other := servers.Unique("mei")+"@"+server.Domain, servers.Unique("other")+"@"+server.Domain
	for n, subject := range []string{
		"x\r\nBcc: " + other, "x\nBcc: " + other, "x\r\n\r\nnew body", "x\rBcc: " + other, "ü\r\nBcc: " + other, "x\u2028Bcc: " + other, "x\x00y", strings.Repeat("long ü ", 200) + "\r\nBcc: " + other,
	} {
		if err := c.Deliver(t.Context(), to, subject, "the text"); err != nil {
			t.Errorf("%q answered %v", subject, err)
			continue
		}
		got := parse(t, server.WaitForMail(t, to, n+1)[n])
		if got.header.Get("Bcc") != "" || strings.TrimSpace(got.text) != "the text" {
			t.Errorf("%q became\n%s", subject, got.raw)
		}
		// Encoded words would carry a break past the header, into what reads it.
		if decoded, err := new(mime.WordDecoder).DecodeHeader(got.header.Get("Subject")); err != nil || strings.ContainsFunc(decoded, unicode.IsControl) {
			t.Errorf("%q became the subject %q, %v", subject, decoded, err)
		}
	}
}

func TestCheckOfPostfix(t *testing.T) {
	server := servers.SharedPostfix(t)
	good := func(mode courier.TLSMode) courier.Config { return postfix(t, server, mode) }
	change := func(mode courier.TLSMode, by func(*courier.Config)) courier.Config {
		c := good(mode)
		by(&c)
		return c
	}
	port := func(address string) int {
		_, text, _ := net.SplitHostPort(address)
		n, _ := strconv.Atoi(text)
		return n
	}
	other := startScripted(t, nil).config()
	other.Host = "localhost" // its certificate is for 127.0.0.1
	for _, c := range []struct {
		name   string
		config courier.Config
		level  bot.Level
		mend   string
	}{
		{"good", good(courier.STARTTLS), bot.LevelOK, ""},
		{"good over TLS", good(courier.Implicit), bot.LevelOK, ""},
		{"wrong password", change(courier.STARTTLS, func(c *courier.Config) { c.Password = "wrong" }), bot.LevelFault, "password of mail.url"},
		{"unknown authority", change(courier.STARTTLS, func(c *courier.Config) { c.CA = nil }), bot.LevelFault, "mail.ca_file"},
		{"unknown authority over TLS", change(courier.Implicit, func(c *courier.Config) { c.CA = nil }), bot.LevelFault, "mail.ca_file"},
		{"another name", other, bot.LevelFault, "another name"},
		{"the authority of another server", change(courier.Implicit, func(c *courier.Config) { c.CA = other.CA }), bot.LevelFault, "mail.ca_file"},
		{"TLS on the STARTTLS port", change(courier.Implicit, func(c *courier.Config) { c.Port = port(server.Addr) }), bot.LevelFault, "use smtp://"},
		{"STARTTLS on the TLS port", change(courier.STARTTLS, func(c *courier.Config) { c.Port = port(server.TLSAddr) }), bot.LevelFault, "smtps://"},
		{"nobody there", change(courier.STARTTLS, func(c *courier.Config) { c.Port = 1 }), bot.LevelFault, "the server runs"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
			defer cancel()
			found := open(t, c.config).Check(ctx)
			if len(found) != 1 || found[0].Part != "mail" || found[0].Level != c.level || !strings.Contains(found[0].Mend, c.mend) || found[0].What == "" {
				t.Errorf("found %+v", found)
			}
			if text := fmt.Sprint(found); strings.Contains(text, c.config.Password) {
				t.Error("the finding holds the password")
			}
		})
	}
}

func TestAPausedPostfixIsUnavailableAndComesBack(t *testing.T) {
	server := servers.StartPostfix(t, servers.PostfixSpec{})
	c := open(t, postfix(t, server, courier.STARTTLS))
	to := "mei@" + server.Domain
	server.Pause(t)
	soon, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	if err := c.Deliver(soon, to, "subject", "text"); bot.KindOf(err) != bot.Unavailable || !strings.Contains(bot.TextOf(err), "does not answer") {
		t.Errorf("a paused server answered %v", err)
	}
	server.Resume(t)
	if err := c.Deliver(t.Context(), to, "subject", "text"); err != nil {
		t.Errorf("resumed, it answered %v", err)
	}
	server.Stop(t)
	if err := c.Deliver(t.Context(), to, "subject", "text"); bot.KindOf(err) != bot.Unavailable {
		t.Errorf("a stopped server answered %v", err)
	}
	server.Start(t)
	if err := c.Deliver(t.Context(), to, "subject", "text"); err != nil {
		t.Errorf("started again, it answered %v", err)
	}
}

func TestManyDeliveriesAtOnce(t *testing.T) {
	server := servers.SharedPostfix(t)
	c := open(t, postfix(t, server, courier.STARTTLS))
	to := servers.Unique("mei") + "@" + server.Domain
	var all sync.WaitGroup
	for n := range 8 {
		all.Go(func() {
			if err := c.Deliver(t.Context(), to, "subject", fmt.Sprint("text ", n)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	seen := map[string]bool{}
	for _, raw := range server.WaitForMail(t, to, 8) {
		seen[strings.TrimSpace(parse(t, raw).text)] = true
	}
	if len(seen) != 8 {
		t.Errorf("of 8 mails %d are different", len(seen))
	}
}

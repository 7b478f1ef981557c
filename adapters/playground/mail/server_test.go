package mail_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"latchkey/adapters/playground/mail"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// start gives a server and what its clients trust.
func start(t *testing.T) (*mail.Server, *tls.Config) {
	t.Helper()
	lender := httptest.NewTLSServer(nil) // its certificate is for 127.0.0.1
	pool := x509.NewCertPool()
	pool.AddCert(lender.Certificate())
	config := &tls.Config{Certificates: lender.TLS.Certificates}
	lender.Close()
	server, err := mail.Start("127.0.0.1:0", config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return server, &tls.Config{RootCAs: pool}
}

const text = "From: Helpdesk <helpdesk@example.test>\r\nSubject: =?utf-8?q?Ihr_Code_=E6=A2=85?=\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\nDer Code f=C3=BCr Sie: 012345\r\n..\r\n"

func send(server *mail.Server, trust *tls.Config, to ...string) error {
	client, err := smtp.DialStartTLS(server.Addr(), trust)
	if err != nil {
		return err
	}
	defer client.Close() //nolint:errcheck // quit below is what counts
	if err := client.Auth(sasl.NewPlainClient("", mail.Username, mail.Password)); err != nil {
		return err
	}
	if err := client.SendMail("helpdesk@example.test", to, strings.NewReader(text)); err != nil {
		return err
	}
	return client.Quit()
}

func TestAMailIsReadAsItsReaderSeesIt(t *testing.T) {
	server, trust := start(t)
	if err := send(server, trust, "Mei@example.test", "jo@example.test"); err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{"mei@example.test", "MEI@example.test", "jo@example.test"} {
		box, err := server.Wait(t.Context(), address, 1)
		if err != nil || len(box) != 1 {
			t.Fatalf("%s has %v, %v", address, box, err)
		}
		m := box[0]
		if m.From != "helpdesk@example.test" || m.Subject != "Ihr Code 梅" || m.Text != "Der Code für Sie: 012345\n..\n" || time.Since(m.At) > time.Minute {
			t.Errorf("the mail reads %+v", m)
		}
	}
	if got := fmt.Sprint(server.Addresses()); got != "[jo@example.test mei@example.test]" {
		t.Errorf("addresses with mail: %s", got)
	}
	if box := server.Mailbox("nobody@example.test"); len(box) != 0 {
		t.Errorf("nobody has %v", box)
	}
}

func TestNothingWithoutTLSAndLogin(t *testing.T) {
	server, trust := start(t)
	clear, err := smtp.Dial(server.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer clear.Close() //nolint:errcheck // nothing is lost with it
	if clear.SupportsAuth(sasl.Plain) {
		t.Error("a login is offered in the clear")
	}
	wantCode(t, clear.Mail("helpdesk@example.test", nil), 530)
	encrypted, err := smtp.DialStartTLS(server.Addr(), trust)
	if err != nil {
		t.Fatal(err)
	}
	defer encrypted.Close() //nolint:errcheck // nothing is lost with it
	wantCode(t, encrypted.Auth(sasl.NewPlainClient("", mail.Username, "wrong")), 535)
	wantCode(t, encrypted.Auth(sasl.NewPlainClient("", "wrong", mail.Password)), 535)
	wantCode(t, encrypted.Mail("helpdesk@example.test", nil), 530)
}

func TestReject(t *testing.T) {
	server, trust := start(t)
	for _, code := range []int{550, 451} {
		server.Reject("Mei@example.test", code)
		wantCode(t, send(server, trust, "mei@example.test"), code)
		if err := send(server, trust, "jo@example.test"); err != nil {
			t.Error(err)
		}
	}
	server.Reject("mei@example.test", 0)
	if err := send(server, trust, "mei@example.test"); err != nil || len(server.Mailbox("mei@example.test")) != 1 {
		t.Errorf("no longer rejected: %v, %d mails", err, len(server.Mailbox("mei@example.test")))
	}
}

func wantCode(t *testing.T, err error, code int) {
	t.Helper()
	var reply *smtp.SMTPError
	if !errors.As(err, &reply) || reply.Code != code {
		t.Errorf("answered %v, expected %d", err, code)
	}
}

func TestAwayAndBack(t *testing.T) {
	server, trust := start(t)
	open, err := smtp.DialStartTLS(server.Addr(), trust)
	if err != nil {
		t.Fatal(err)
	}
	defer open.Close() //nolint:errcheck // the server has closed it
	if err := send(server, trust, "mei@example.test"); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if err := server.Away(); err != nil {
			t.Fatal(err)
		}
		if err := open.Noop(); err == nil {
			t.Error("an open connection outlives the server")
		}
		if err := send(server, trust, "mei@example.test"); err == nil {
			t.Error("mail is taken by a server that is away")
		}
		if err := server.Back(); err != nil {
			t.Fatal(err)
		}
	}
	if err := send(server, trust, "mei@example.test"); err != nil || len(server.Mailbox("mei@example.test")) != 2 {
		t.Errorf("back again: %v, %d mails", err, len(server.Mailbox("mei@example.test")))
	}
	if err := server.Close(); err != nil {
		t.Error(err)
	}
	if server.Back() == nil {
		t.Error("a closed server comes back")
	}
}

func TestDelayAndWait(t *testing.T) {
	server, trust := start(t)
	server.Delay(100 * time.Millisecond)
	began := time.Now()
	done := make(chan error, 1)
	go func() { done <- send(server, trust, "mei@example.test") }()
	if _, err := server.Wait(t.Context(), "mei@example.test", 1); err != nil {
		t.Error(err)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took < 100*time.Millisecond {
		t.Errorf("the mail was there after %v", took)
	}
	soon, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if box, err := server.Wait(soon, "mei@example.test", 2); !errors.Is(err, context.DeadlineExceeded) || len(box) != 1 {
		t.Errorf("waiting for a second mail gave %d, %v", len(box), err)
	}
}

func TestClosingEndsADelay(t *testing.T) {
	server, trust := start(t)
	server.Delay(time.Hour)
	done := make(chan error, 1)
	go func() { done <- send(server, trust, "mei@example.test") }()
	// The delay has begun when its mail is on the way; closing must end it either way.
	if err := server.Close(); err != nil {
		t.Error(err)
	}
	if err := <-done; err == nil {
		t.Error("the mail was taken")
	}
}

func TestAMailboxKeepsTheNewest(t *testing.T) {
	server, trust := start(t)
	client, err := smtp.DialStartTLS(server.Addr(), trust)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close() //nolint:errcheck // quit below is what counts
	if err := client.Auth(sasl.NewPlainClient("", mail.Username, mail.Password)); err != nil {
		t.Fatal(err)
	}
	for n := range 210 {
		if err := client.SendMail("x@example.test", []string{"mei@example.test"}, strings.NewReader(fmt.Sprintf("Subject: %d\r\n\r\n", n))); err != nil {
			t.Fatal(err)
		}
	}
	if err := client.Quit(); err != nil {
		t.Error(err)
	}
	box := server.Mailbox("mei@example.test")
	if len(box) != 200 || box[0].Subject != "10" || box[199].Subject != "209" {
		t.Errorf("%d mails are kept, from %s to %s", len(box), box[0].Subject, box[len(box)-1].Subject)
	}
}

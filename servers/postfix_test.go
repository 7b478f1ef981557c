package servers

import (
	"context"
	"crypto/tls"
	"strings"
	"testing"
	"time"

	"github.com/wneessen/go-mail"
)

// send speaks as a real mail library does.
func send(t *testing.T, server *Postfix, to string, implicit bool) error {
	t.Helper()
	message := mail.NewMsg()
	if err := message.From("latchkey@example.test"); err != nil {
		t.Fatal(err)
	}
	if err := message.To(to); err != nil {
		t.Fatal(err)
	}
	message.Subject("a test")
	message.SetBodyString(mail.TypeTextPlain, "hello "+to)
	port, security := smtpPort, mail.WithTLSPolicy(mail.TLSMandatory)
	if implicit {
		port, security = smtpsPort, mail.WithSSL()
	}
	client, err := mail.NewClient(server.Host, mail.WithPort(port), security, mail.WithTimeout(10*time.Second),
		mail.WithTLSConfig(&tls.Config{RootCAs: server.Pool(), ServerName: server.Host}),
		mail.WithSMTPAuth(mail.SMTPAuthPlain), mail.WithUsername(server.Username), mail.WithPassword(server.Password))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	return client.DialAndSendWithContext(ctx, message)
}

func TestPostfixDeliversOverBothKindsOfTLS(t *testing.T) {
	server := SharedPostfix(t)
	address := Unique("mei") + "@" + server.Domain
	for n, implicit := range []bool{false, true} {
		if err := send(t, server, address, implicit); err != nil {
			t.Fatalf("implicit TLS %v: %v\n%s", implicit, err, server.Log())
		}
		mails := server.WaitForMail(t, address, n+1)
		if last := mails[n]; !strings.Contains(last, "hello "+address) {
			t.Errorf("the mail reads %q", last)
		}
	}
}

func TestPostfixRefuses(t *testing.T) {
	server := SharedPostfix(t)
	for recipient, code := range map[string]string{
		"reject@" + server.Domain: "554", "later@" + server.Domain: "451", "someone@elsewhere.test": "5",
	} {
		if err := send(t, server, recipient, false); err == nil || !strings.Contains(err.Error(), code) {
			t.Errorf("mail to %s answered %v, expected %s", recipient, err, code)
		}
	}
	stranger := *server
	stranger.Password = "wrong"
	if err := send(t, &stranger, "mei@"+server.Domain, false); err == nil || !strings.Contains(err.Error(), "535") {
		t.Errorf("a wrong login answered %v, expected 535", err)
	}
}

func TestPostfixStopsWithAllItsParts(t *testing.T) {
	server := StartPostfix(t, PostfixSpec{})
	server.Pause(t)
	if err := server.greets(); err == nil {
		t.Error("a paused server greets")
	}
	server.Resume(t)
	pid := server.PID()
	server.Stop(t)
	if left, err := groupMembers(pid); left != 0 || err != nil {
		t.Errorf("%d processes of the stopped server are left: %v", left, err)
	}
	server.Start(t)
	if err := send(t, server, "mei@"+server.Domain, false); err != nil {
		t.Error(err)
	}
}

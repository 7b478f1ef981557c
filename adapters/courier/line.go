package courier

import (
	"context"
	"crypto/tls"
	"net"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
)

// quitTime is for the goodbye, when the mail is with the server already.
const quitTime = time.Second

// line is one conversation with the server, encrypted and logged in. Its
// connection has one deadline for everything: the library's own are for each
// step, and a server that trickles could stretch them.
type line struct {
	raw    net.Conn
	client *smtp.Client
	stop   func() bool // ends the watch on the context
}

// connect dials, encrypts and logs in.
func (c *Courier) connect(ctx context.Context) (*line, *problem) {
	raw, err := new(net.Dialer).DialContext(ctx, "tcp", c.address)
	if err != nil {
		return nil, silent(err)
	}
	deadline, _ := ctx.Deadline()
	if err := raw.SetDeadline(deadline); err != nil {
		return nil, silent(err)
	}
	l := &line{raw: raw, stop: context.AfterFunc(ctx, func() { _ = raw.SetDeadline(time.Unix(1, 0)) })}
	if p := l.encrypt(ctx, c); p != nil {
		l.close()
		return nil, p
	}
	if p := l.login(c); p != nil {
		l.close()
		return nil, p
	}
	return l, nil
}

func (l *line) encrypt(ctx context.Context, c *Courier) *problem {
	conn := l.raw
	if c.config.TLSMode == Implicit {
		encrypted := tls.Client(l.raw, c.tls)
		if err := encrypted.HandshakeContext(ctx); err != nil {
			return untrusted(err)
		}
		conn = encrypted
	}
	client, err := smtp.NewClient(conn, c.config.Host)
	if err != nil {
		return refused("greeting", err)
	}
	l.client = client
	// The name of this machine is nobody's business; the sender's domain is known.
	if err := client.Hello(c.domain()); err != nil {
		return refused("EHLO", err)
	}
	if c.config.TLSMode == Implicit {
		return nil
	}
	if offered, _ := client.Extension("STARTTLS"); !offered {
		return unencrypted()
	}
	if err := client.StartTLS(c.tls); err != nil {
		return untrusted(err)
	}
	return nil
}

// login uses the first mechanism that the server offers. The password goes
// over TLS with a verified name, so the plainest is as good as any.
func (l *line) login(c *Courier) *problem {
	if c.config.User == "" {
		return nil
	}
	_, offered := l.client.Extension("AUTH")
	for _, mechanism := range strings.Fields(strings.ToUpper(offered)) {
		var auth smtp.Auth
		switch mechanism {
		case "PLAIN":
			auth = smtp.PlainAuth("", c.config.User, c.config.Password, c.config.Host, false)
		case "LOGIN":
			auth = smtp.LoginAuth(c.config.User, c.config.Password, c.config.Host, false)
		case "SCRAM-SHA-256":
			auth = smtp.ScramSHA256Auth(c.config.User, c.config.Password)
		default:
			continue
		}
		if err := l.client.Auth(auth); err != nil {
			return loginRefused(err)
		}
		return nil
	}
	return noLogin()
}

// send hands the mail over. It is taken when the answer to its end has come.
func (l *line) send(from, to string, m *gomail.Msg) *problem {
	if isASCII(to) {
		l.client.SkipSMTPUTF8(true) // asking for more than is needed could strand the mail further on
	} else if international, _ := l.client.Extension("SMTPUTF8"); !international {
		return notASCII()
	}
	if err := l.client.Mail(from); err != nil {
		return senderRefused(err)
	}
	if err := l.client.Rcpt(to); err != nil {
		return recipientRefused(err)
	}
	body, err := l.client.Data()
	if err != nil {
		return mailRefused(err)
	}
	if _, err := m.WriteTo(body); err != nil {
		return silent(err)
	}
	if err := body.Close(); err != nil {
		return endRefused(err)
	}
	return nil
}

// quit says goodbye. Whatever comes back, the mail is delivered.
func (l *line) quit() {
	if l.stop() {
		_ = l.raw.SetDeadline(time.Now().Add(quitTime))
		_ = l.client.Quit()
	}
}

func (l *line) close() {
	l.stop()
	_ = l.raw.Close()
}

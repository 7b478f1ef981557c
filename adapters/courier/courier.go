package courier

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/mail"
	"strconv"
	"strings"
	"time"

	"latchkey/bot"
)

// sendTime is all that a delivery may take, from the dial to the server's last answer.
const sendTime = 10 * time.Second

// TLSMode says when encryption begins. There is no mode without.
type TLSMode string

// The modes.
const (
	STARTTLS TLSMode = "starttls" // smtp://: the server must offer it
	Implicit TLSMode = "implicit" // smtps://: from the first byte
)

// Config says which server takes mail. The parts are those of mail.url, taken
// apart by the caller before secrets were put in, so that they need no escape.
type Config struct {
	Host           string
	Port           int // 0: 587 with STARTTLS, 465 with Implicit
	TLSMode        TLSMode
	User, Password string // User "": no login
	From           string // "Helpdesk <helpdesk@example.com>"
	CA             []byte // PEM of the authorities to trust instead of the system's; nil: the system's
	// Now is the clock for the mail's date; nil means the system's.
	Now func() time.Time
}

// Courier sends through one mail server. It may be used by many at once; each
// delivery has a connection of its own.
type Courier struct {
	config  Config
	address string // host:port
	from    *mail.Address
	tls     *tls.Config
}

// New checks the configuration and does not connect: Check does. Its errors
// are Invalid, with a text that names the key to mend.
func New(c Config) (*Courier, error) {
	bad := func(format string, args ...any) error { return bot.Ef(bot.Invalid, "prepare mail", format, args...) }
	defaultPort := 587
	switch c.TLSMode {
	case STARTTLS:
	case Implicit:
		defaultPort = 465
	default:
		return nil, bad("mail.url must begin with smtp:// (STARTTLS) or smtps://")
	}
	if c.Port == 0 {
		c.Port = defaultPort
	}
	if c.Host == "" || strings.ContainsAny(c.Host, " \t\r\n/@") || c.Port < 1 || c.Port > 65535 {
		return nil, bad("mail.url names no server: write smtps://user:password@host:port")
	}
	from, err := mail.ParseAddress(c.From)
	if err != nil || !isASCII(from.Address) || strings.ContainsAny(c.From, "\r\n") {
		return nil, bad("mail.from is not one mail address: write it as Helpdesk <helpdesk@example.com>")
	}
	trust := &tls.Config{ServerName: c.Host, MinVersion: tls.VersionTLS12}
	if c.CA != nil {
		trust.RootCAs = x509.NewCertPool()
		if !trust.RootCAs.AppendCertsFromPEM(c.CA) {
			return nil, bad("mail.ca_file holds no certificate in PEM form")
		}
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return &Courier{config: c, address: net.JoinHostPort(c.Host, strconv.Itoa(c.Port)), from: from, tls: trust}, nil
}

// Deliver sends one mail of plain text to exactly one bare address. Invalid:
// to is no such address, or the server refuses the mail for good. NotFound: the
// server has no such mailbox. Unavailable: not now; with bot.ErrMaybeSent it may
// have been taken all the same, since the server's last answer did not come.
func (c *Courier) Deliver(ctx context.Context, to, subject, text string) error {
	address, err := recipient(to)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	line, problem := c.connect(ctx)
	if problem != nil {
		return problem.error()
	}
	defer line.close()
	if problem := line.send(envelope(c.from), envelope(address), c.compose(address, subject, text)); problem != nil {
		return problem.error()
	}
	line.quit()
	return nil
}

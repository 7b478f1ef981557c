package courier

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"strings"

	"latchkey/bot"
)

// problem is why the server did not take a mail. what and mend are for people:
// sentences without an address, a text or a word of the server's, which likes
// to repeat both.
type problem struct {
	kind  bot.Kind
	what  string // for who waits for the mail
	mend  string // for the administrator; empty where there is nothing to mend
	cause error  // for the log, under the same rule
}

// error tells who waits what is wrong, and the log how to mend it.
func (p *problem) error() error {
	cause := p.cause
	if p.mend != "" {
		cause = fmt.Errorf("%w; to mend it: %s", cause, p.mend)
	}
	return &bot.Error{Kind: p.kind, Op: "deliver mail", Text: p.what, Err: cause}
}

func (p *problem) finding() bot.Finding {
	return bot.Finding{Part: part, Level: bot.LevelFault, What: "mail.url: " + strings.TrimSuffix(p.what, ".") + " (" + p.cause.Error() + ").", Mend: p.mend}
}

// silent: the way to the server failed, or its time was up.
func silent(err error) *problem {
	return &problem{kind: bot.Unavailable, what: "The mail server does not answer.",
		mend: "see that the server runs, that mail.url has its host and port, and smtps:// where the port is for TLS from the first byte", cause: wordless(err)}
}

// wordless drops what a server said that does not speak SMTP.
func wordless(err error) error {
	var garbled textproto.ProtocolError
	if errors.As(err, &garbled) {
		return errors.New("what it answers is not SMTP")
	}
	return err
}

// refused: the server answered no where it concerns neither login nor mail.
func refused(step string, err error) *problem {
	code, cause := answer(step, err)
	if code == 0 {
		return silent(err)
	}
	return &problem{kind: bot.Unavailable, what: "The mail server takes no mail just now.",
		mend: "see the mail server's log", cause: cause}
}

func unencrypted() *problem {
	return &problem{kind: bot.Unavailable, what: "The mail server offers no encryption (STARTTLS), so nothing was sent.",
		mend: "switch STARTTLS on there, or use smtps:// in mail.url", cause: errors.New("EHLO does not name STARTTLS")}
}

// untrusted tells a failed handshake from a server that went silent.
func untrusted(err error) *problem {
	p := &problem{kind: bot.Unavailable, what: "The encrypted connection to the mail server failed, so nothing was sent.", cause: err}
	var authority x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	var record tls.RecordHeaderError
	var network *net.OpError
	switch {
	case errors.As(err, &authority):
		p.mend = "its certificate is of an unknown authority: name the authority's certificate in mail.ca_file"
	case errors.As(err, &name):
		p.mend = "its certificate is for another name: write the name of the certificate into mail.url"
	case errors.As(err, &invalid):
		p.mend = "its certificate is not valid: see its dates, and this machine's clock"
	case errors.As(err, &record):
		p.mend = "it does not begin with TLS on this port: use smtp:// in mail.url, or the port for smtps"
	case strings.HasPrefix(err.Error(), "tls: "), errors.As(err, &network) && (network.Op == "remote error" || network.Op == "local error"):
		p.mend = "it refused the handshake: it must speak TLS 1.2 or newer, without a client certificate"
	default: // silence, or an answer without TLS
		return refused("STARTTLS", err)
	}
	return p
}

func loginRefused(err error) *problem {
	code, cause := answer("AUTH", err)
	if code < 500 {
		return refused("AUTH", err)
	}
	return &problem{kind: bot.Unavailable, what: "The mail server refuses Latchkey's login.",
		mend: "correct the user and password of mail.url", cause: cause}
}

func noLogin() *problem {
	return &problem{kind: bot.Unavailable, what: "The mail server offers no login that Latchkey knows.",
		mend: "let it offer AUTH PLAIN, or take the user out of mail.url", cause: errors.New("EHLO names no AUTH mechanism of PLAIN, LOGIN, SCRAM-SHA-256")}
}

func notASCII() *problem {
	return &problem{kind: bot.Invalid, what: "The mail server cannot send to an address with letters beyond ASCII.",
		cause: errors.New("EHLO does not name SMTPUTF8")}
}

func senderRefused(err error) *problem {
	code, cause := answer("MAIL FROM", err)
	if code < 500 {
		return refused("MAIL FROM", err)
	}
	return &problem{kind: bot.Unavailable, what: "The mail server refuses Latchkey as a sender.",
		mend: "correct mail.from, or let the login of mail.url send as that address", cause: cause}
}

// recipientRefused reads RFC 5321 section 4.2.3 and RFC 3463: x.1.x is about
// the address, x.2.x about the mailbox, x.7.x a policy.
func recipientRefused(err error) *problem {
	code, cause := answer("RCPT TO", err)
	enhanced := enhancedCode(err)
	switch {
	case code >= 400 && code < 500: // greylisting, mostly
		return &problem{kind: bot.Unavailable, what: "The mail server takes nothing for this address just now.", cause: cause}
	case code < 500:
		return refused("RCPT TO", err)
	case code == 530 || code == 503: // not logged in
		return loginRefused(err)
	case strings.HasPrefix(enhanced, "5.1."), enhanced == "" && (code == 550 || code == 551 || code == 553):
		return &problem{kind: bot.NotFound, what: "The mail server knows no such mailbox.", cause: cause}
	case strings.HasPrefix(enhanced, "5.2."), code == 552:
		return &problem{kind: bot.Invalid, what: "The mailbox takes no more mail.", cause: cause}
	}
	return &problem{kind: bot.Invalid, what: "The mail server refuses to send to this address.", cause: cause}
}

func mailRefused(err error) *problem {
	code, cause := answer("DATA", err)
	if code < 500 {
		return refused("DATA", err)
	}
	return &problem{kind: bot.Invalid, what: "The mail server refuses this mail.", mend: "see the mail server's log", cause: cause}
}

// endRefused: the whole mail was handed over. Without an answer to its end
// nobody knows whether the server has taken it.
func endRefused(err error) *problem {
	p := mailRefused(err)
	if code, _ := answer("DATA", err); code == 0 {
		p.cause = errors.Join(bot.ErrMaybeSent, p.cause)
	}
	return p
}

// answer gives the server's code, 0 where it did not answer, and an error that
// says no more than step and codes.
func answer(step string, err error) (code int, cause error) {
	var reply *textproto.Error
	if !errors.As(err, &reply) {
		return 0, err
	}
	return reply.Code, fmt.Errorf("%s was answered %s", step, strings.TrimSpace(fmt.Sprint(reply.Code, " ", enhancedCode(err))))
}

// enhancedCode gives the code of RFC 3463 that begins the server's words, or "".
func enhancedCode(err error) string {
	var reply *textproto.Error
	if !errors.As(err, &reply) {
		return ""
	}
	word, _, _ := strings.Cut(reply.Msg, " ")
	digits := strings.Split(word, ".")
	if len(digits) != 3 || digits[0] == "" || strings.Trim(word, "0123456789.") != "" {
		return ""
	}
	return word
}

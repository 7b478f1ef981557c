package sms

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"latchkey/bot"
)

// longestRetry bounds what a gateway may ask people to wait.
const longestRetry = time.Hour

// problem is why a gateway did not take a message. what and mend are for
// people: sentences without a number, a text or a word of the gateway's, which
// likes to repeat both.
type problem struct {
	kind  bot.Kind
	what  string        // for who waits for the message
	key   string        // of the configuration, for check
	mend  string        // for the administrator; empty where there is nothing to mend
	retry time.Duration // with Throttled; 0: not known
	cause error         // for the log, under the same rule
}

// error tells who waits what is wrong, and the log how to mend it.
func (p *problem) error() error {
	cause := p.cause
	if p.mend != "" {
		cause = fmt.Errorf("%w; to mend it: %s", cause, p.mend)
	}
	return &bot.Error{Kind: p.kind, Op: "deliver text message", Text: p.what, RetryAfter: p.retry, Err: cause}
}

func (p *problem) finding() bot.Finding {
	return bot.Finding{Part: part, Level: bot.LevelFault, What: p.key + ": " + strings.TrimSuffix(p.what, ".") + " (" + p.cause.Error() + ").", Mend: p.mend}
}

// silent: the way to the gateway failed, or its time was up.
func silent(key string, err error) *problem {
	p := &problem{kind: bot.Unavailable, what: "The gateway of text messages does not answer.", key: key,
		mend: "see that " + key + " is right, and that this machine reaches it", cause: wordless(err)}
	var authority x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	var record tls.RecordHeaderError
	switch {
	case errors.As(err, &authority):
		p.mend = "its certificate is of an unknown authority: name the authority's certificate in sms.webhook.ca_file, or add it to the system's"
	case errors.As(err, &name):
		p.mend = "its certificate is for another name: write the name of the certificate into " + key
	case errors.As(err, &invalid):
		p.mend = "its certificate is not valid: see its dates, and this machine's clock"
	case errors.As(err, &record):
		p.mend = "it does not speak TLS on this port: correct " + key
	default:
		return p
	}
	p.what = "The encrypted connection to the gateway of text messages failed, so nothing was sent."
	return p
}

// wordless drops the address, which may hold a token, and what a server said
// that does not speak HTTP.
func wordless(err error) error {
	var address *url.Error
	if errors.As(err, &address) {
		err = address.Err
	}
	var network *net.OpError
	var certificate *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return fmt.Errorf("its time was up: %w", context.DeadlineExceeded)
	case errors.Is(err, context.Canceled):
		return context.Canceled
	case errors.As(err, &record):
		return errors.New("what it answers is not TLS")
	case errors.As(err, &network), errors.As(err, &certificate):
		return err
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("it ended the connection")
	}
	return errors.New("what it answers is not HTTP")
}

// answered says no more of an answer than its numbers.
func answered(status, code int) error {
	if code > 0 {
		return fmt.Errorf("the message was answered with HTTP status %d and error %d", status, code)
	}
	return fmt.Errorf("the message was answered with HTTP status %d", status)
}

// byStatus reads a refusal by its HTTP status alone.
func byStatus(g gateway, a answer, code int) *problem {
	cause := answered(a.status, code)
	address, credentials := g.keys()
	switch {
	case a.status == http.StatusTooManyRequests, a.status == http.StatusServiceUnavailable && a.retry != "":
		return &problem{kind: bot.Throttled, what: "The gateway of text messages takes no more of them just now.", key: address,
			mend: "see the limits of the gateway", retry: retryAfter(a.retry, time.Now()), cause: cause}
	case a.status == http.StatusUnauthorized, a.status == http.StatusForbidden:
		return &problem{kind: bot.Unavailable, what: "The gateway of text messages refuses Latchkey's credentials.", key: credentials,
			mend: "correct " + credentials, cause: cause}
	case a.status >= 300 && a.status < 400:
		return &problem{kind: bot.Unavailable, what: "The gateway of text messages has moved, so nothing was sent.", key: address,
			mend: "it redirects, which is not followed: write the gateway's own address into " + address, cause: cause}
	case a.status >= 500:
		return &problem{kind: bot.Unavailable, what: "The gateway of text messages takes no message just now.", key: address,
			mend: "see the gateway's own log and status", cause: cause}
	}
	return &problem{kind: bot.Invalid, what: "The gateway of text messages refuses this message.", key: address, cause: cause}
}

// nowhere: no gateway is at the address.
func nowhere(g gateway, cause error) *problem {
	address, _ := g.keys()
	return &problem{kind: bot.Unavailable, what: "The gateway of text messages is not where Latchkey looks for it.", key: address,
		mend: "correct " + address, cause: cause}
}

// strange: the answer is not one that the gateway gives.
func strange(g gateway, status int) *problem {
	address, _ := g.keys()
	return &problem{kind: bot.Unavailable, what: "What answers is not the gateway of text messages.", key: address,
		mend: "correct " + address + ", or see what stands in between", cause: answered(status, 0)}
}

func suspended(g gateway, cause error) *problem {
	_, credentials := g.keys()
	return &problem{kind: bot.Unavailable, what: "The gateway of text messages has suspended Latchkey's account.", key: credentials,
		mend: "see the account's page there: it may have to be paid or confirmed", cause: cause}
}

// retryAfter reads the header (RFC 9110 section 10.2.3): seconds or a date; 0
// where it says nothing of use.
func retryAfter(said string, now time.Time) time.Duration {
	wait := time.Duration(0)
	if n, err := strconv.Atoi(strings.TrimSpace(said)); err == nil && n >= 0 {
		wait = time.Duration(min(n, int(longestRetry/time.Second))) * time.Second
	} else if at, err := http.ParseTime(said); err == nil {
		wait = at.Sub(now)
	}
	return min(max(wait, 0), longestRetry)
}

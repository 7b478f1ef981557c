package sms

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"latchkey/bot"
)

// sendTime is all that a delivery may take, from the dial to the end of the answer.
const sendTime = 10 * time.Second

// answerLimit is more than any gateway says of one message, in bytes.
const answerLimit = 64 << 10

// Courier sends through one gateway. It may be used by many at once; each
// delivery has a connection of its own.
type Courier struct {
	gateway gateway
	client  *http.Client
}

// gateway is what differs between Twilio and a webhook.
type gateway interface {
	// request asks for a message to be sent.
	request(ctx context.Context, to, text string) (*http.Request, error)
	// read says why the message was not taken; nil: it was.
	read(a answer) *problem
	// try finds out, without sending, whether the gateway would take a message.
	try(ctx context.Context, c *Courier) bot.Finding
	// keys are where the configuration names its address and its credentials.
	keys() (address, credentials string)
}

// answer is what a gateway said.
type answer struct {
	status int
	retry  string // the header Retry-After
	body   []byte
}

// e164 is an international number (ITU-T E.164) and nothing else.
var e164 = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)

// Deliver sends one text message to exactly one number in E.164 form, as
// Number gives it. A message has no subject, so that subject is not sent.
// Invalid: to is no such number, or takes no messages. NotFound: no phone has
// the number. Throttled: the gateway is asked too often. Unavailable: not now;
// it may have been taken all the same where the answer did not come.
func (c *Courier) Deliver(ctx context.Context, to, _, text string) error {
	if !e164.MatchString(to) {
		return bot.Ef(bot.Invalid, "deliver text message", "This is not one international mobile number, such as +4915123456789.")
	}
	ctx, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	r, err := c.gateway.request(ctx, to, text)
	if err != nil {
		return bot.E(bot.Internal, "prepare text message", wordless(err))
	}
	a, problem := c.ask(r)
	if problem == nil {
		problem = c.gateway.read(a)
	}
	if problem != nil {
		return problem.error()
	}
	return nil
}

// ask sends a request and reads the whole answer.
func (c *Courier) ask(r *http.Request) (answer, *problem) {
	address, _ := c.gateway.keys()
	got, err := c.client.Do(r)
	if err != nil {
		return answer{}, silent(address, err)
	}
	defer func() { _ = got.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(got.Body, answerLimit))
	if err != nil {
		return answer{}, silent(address, err)
	}
	return answer{got.StatusCode, got.Header.Get("Retry-After"), body}, nil
}

// newClient follows no redirect: what it sends is for the configured address alone.
func newClient(trust *tls.Config) *http.Client {
	return &http.Client{
		Transport: &http.Transport{Proxy: http.ProxyFromEnvironment, TLSClientConfig: trust, DisableKeepAlives: true,
			ForceAttemptHTTP2: true, MaxResponseHeaderBytes: answerLimit},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// trusting gives the TLS settings that believe the authorities in pem, or the
// system's where there is none.
func trusting(pem []byte) (*tls.Config, bool) {
	c := &tls.Config{MinVersion: tls.VersionTLS12}
	if pem == nil {
		return c, true
	}
	c.RootCAs = x509.NewCertPool()
	return c, c.RootCAs.AppendCertsFromPEM(pem)
}

// addressOf reads an address that codes and credentials may be sent to: https,
// or plain http on this machine.
func addressOf(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.User != nil || u.Fragment != "" {
		return nil, errors.New("no such address")
	}
	ip := net.ParseIP(u.Hostname())
	local := strings.EqualFold(u.Hostname(), "localhost") || ip != nil && ip.IsLoopback()
	if u.Scheme != "https" && (u.Scheme != "http" || !local) {
		return nil, errors.New("it would be sent in the clear")
	}
	return u, nil
}

func unfit(format string, args ...any) error {
	return bot.Ef(bot.Invalid, "prepare text messages", format, args...)
}

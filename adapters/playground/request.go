package playground

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Where Slack sends what.
const (
	commandsPath     = "/slack/commands"
	interactionsPath = "/slack/interactions"
	eventsPath       = "/slack/events"
	optionsPath      = "/slack/options"
)

// The headers of a signed request
// (docs.slack.dev/authentication/verifying-requests-from-slack).
const (
	HeaderSignature = "X-Slack-Signature"
	HeaderTimestamp = "X-Slack-Request-Timestamp"
)

// Request is what Slack would send to the bot, not sent yet. A story that
// attacks changes it first: header, body, signature.
type Request struct {
	Kind   string // command, block_actions, …
	User   string // on whose behalf
	Path   string
	Header http.Header
	Body   []byte
	// Envelope is the id under which it goes in Socket Mode: whoever sends the
	// same request again sends the same envelope again.
	Envelope string

	// settle carries out the answer on the screens; nil leaves them alone.
	settle func(x *Exchange)
}

// Clone copies a request, so that one can be changed and the other kept.
func (r Request) Clone() Request {
	r.Header, r.Body = r.Header.Clone(), bytes.Clone(r.Body)
	return r
}

// Sign signs a request with the workspace's secret at the present time.
// In Socket Mode it gets an envelope of its own.
func (w *Workspace) Sign(r *Request) {
	SignWith(r, w.opts.SigningSecret, w.opts.Now())
	r.Envelope = newEnvelopeID()
}

// SignWith signs a request with any secret as of any time: stale, early, wrong.
func SignWith(r *Request, secret string, at time.Time) {
	stamp := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(mac, "v0:%s:", stamp)
	mac.Write(r.Body)
	r.Header.Set(HeaderTimestamp, stamp)
	r.Header.Set(HeaderSignature, "v0="+hex.EncodeToString(mac.Sum(nil)))
}

// newRequest makes a signed request.
func (w *Workspace) newRequest(kind, user, path, contentType string, body []byte) Request {
	r := Request{Kind: kind, User: user, Path: path, Body: body, Header: http.Header{}}
	r.Header.Set("Content-Type", contentType)
	r.Header.Set("User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)")
	w.Sign(&r)
	return r
}

// formRequest makes a signed request with a form as its body.
func (w *Workspace) formRequest(kind, user, path string, form url.Values) Request {
	return w.newRequest(kind, user, path, "application/x-www-form-urlencoded", []byte(form.Encode()))
}

// Send sends a request once, as it is, and logs the exchange. The screens stay
// as they are, whatever the answer. No answer in time is an Exchange with
// Failure operation_timeout, not an error; an error means that nothing could
// be sent or the connection broke.
func (w *Workspace) Send(ctx context.Context, r Request) (Exchange, error) {
	r.settle = nil
	return w.Deliver(ctx, r)
}

// Deliver sends a request as Send does, and carries out the answer on the
// screens, as a click or a command would. An answer that Slack would not take
// is in Failure, and in Problems.
func (w *Workspace) Deliver(ctx context.Context, r Request) (Exchange, error) {
	w.mu.Lock()
	base := w.botURL
	w.mu.Unlock()
	x := Exchange{Kind: r.Kind, User: r.User, Path: r.Path, Request: r, At: w.opts.Now()}
	if base == "" && !w.opts.SocketMode {
		return x, errors.New("the playground does not know where the bot listens: set Options.BotURL or call SetBotURL")
	}
	var err error
	if w.opts.SocketMode {
		err = w.overSocket(ctx, r, &x)
	} else {
		err = w.roundTrip(ctx, base, r, &x)
	}
	if x.Failure == "" && err == nil {
		if x.Status < 200 || x.Status > 299 {
			x.Failure = fmt.Sprintf("http_status_%d", x.Status)
		} else if r.settle != nil {
			r.settle(&x)
		}
	}
	if r.settle != nil && x.Failure != "" {
		w.problem("%s", x)
	}
	w.logExchange(x)
	return x, err
}

// roundTrip fills in the answer's part of x.
func (w *Workspace) roundTrip(ctx context.Context, base string, r Request, x *Exchange) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, base+r.Path, bytes.NewReader(r.Body))
	if err != nil {
		return fmt.Errorf("making the request to %s: %w", r.Path, err)
	}
	req.Header = r.Header.Clone()
	began := time.Now()
	resp, err := w.client.Do(req)
	if err == nil {
		defer resp.Body.Close()
		x.Status, x.Type = resp.StatusCode, resp.Header.Get("Content-Type")
		x.Answer, err = io.ReadAll(io.LimitReader(resp.Body, maxBody))
	}
	x.Took = time.Since(began)
	var timeout interface{ Timeout() bool }
	switch {
	case err == nil:
		return nil
	case ctx.Err() == nil && errors.As(err, &timeout) && timeout.Timeout():
		x.Failure, x.Status = "operation_timeout", 0
		return nil
	}
	x.Failure = "dispatch_failed"
	return fmt.Errorf("sending %s to the bot: %w", r.Kind, err)
}

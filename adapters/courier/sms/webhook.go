package sms

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"latchkey/bot"
)

// Webhook is a gateway that takes {"to": "+15550100", "text": "…"} by POST and
// answers with a status of 200 to 299 when it has taken the message.
type Webhook struct {
	URL     string            // https, or http on this machine
	Headers map[string]string // of each request; the values are secret
	CA      []byte            // PEM of the authorities to trust instead of the system's; nil: the system's
}

// NewWebhook checks the settings and does not connect: Check does. Its errors
// are Invalid, with a text that names the key to mend.
func NewWebhook(w Webhook) (*Courier, error) {
	address, err := addressOf(w.URL)
	if err != nil {
		return nil, unfit("sms.webhook.url must be an address such as https://sms.example.com/send")
	}
	for name, value := range w.Headers {
		if !headerName(name) || strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
			return nil, unfit("sms.webhook.headers: %q cannot be sent as a header of an HTTP request", name)
		}
	}
	trust, ok := trusting(w.CA)
	if !ok {
		return nil, unfit("sms.webhook.ca_file holds no certificate in PEM form")
	}
	return &Courier{gateway: &webhook{w, address, trust}, client: newClient(trust)}, nil
}

// headerName: a token (RFC 9110 section 5.6.2) that does not say how the
// request itself is to be read.
func headerName(name string) bool {
	reserved := []string{"host", "content-length", "transfer-encoding", "connection", "content-type"}
	return name != "" && !slices.Contains(reserved, strings.ToLower(name)) && !strings.ContainsFunc(name, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, r)
	})
}

type webhook struct {
	Webhook
	address *url.URL
	trust   *tls.Config
}

func (w *webhook) keys() (address, credentials string) {
	return "sms.webhook.url", "sms.webhook.headers"
}

func (w *webhook) request(ctx context.Context, to, text string) (*http.Request, error) {
	body, err := json.Marshal(map[string]string{"to": to, "text": text})
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.address.String(), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	for name, value := range w.Headers {
		r.Header.Set(name, value)
	}
	r.Header.Set("Content-Type", "application/json")
	return r, nil
}

func (w *webhook) read(a answer) *problem {
	switch {
	case a.status >= 200 && a.status < 300:
		return nil
	case a.status == http.StatusNotFound, a.status == http.StatusMethodNotAllowed, a.status == http.StatusGone, a.status == http.StatusUnsupportedMediaType:
		return nowhere(w, answered(a.status, 0))
	case a.status == http.StatusBadRequest, a.status == http.StatusUnprocessableEntity:
		return &problem{kind: bot.Invalid, what: "The gateway of text messages refuses to send to this number.", key: "sms.webhook", cause: answered(a.status, 0)}
	}
	return byStatus(w, a, 0)
}

// try connects and encrypts. Whether the gateway takes the headers cannot be
// known without sending.
func (w *webhook) try(ctx context.Context, _ *Courier) bot.Finding {
	port := w.address.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[w.address.Scheme]
	}
	at := net.JoinHostPort(w.address.Hostname(), port)
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", at)
	if err != nil {
		return silent("sms.webhook.url", err).finding()
	}
	defer func() { _ = conn.Close() }()
	how := "without TLS, on this machine"
	if w.address.Scheme == "https" {
		config := w.trust.Clone()
		config.ServerName = w.address.Hostname()
		if err := tls.Client(conn, config).HandshakeContext(ctx); err != nil {
			return silent("sms.webhook.url", err).finding()
		}
		how = "over TLS"
	}
	return bot.Finding{Part: part, Level: bot.LevelOK, What: at + " can be reached " + how + "; whether it takes the headers shows with the first message"}
}

package connector

import (
	"net/http"
	"strings"
	"time"

	"latchkey/adapters/teams/identity"
	"latchkey/bot"
)

// Config says as whom the bot speaks, and where. Exactly one credential is set.
type Config struct {
	Cloud         identity.Cloud
	AppID, Tenant string

	Secret         string // a client secret
	Certificate    []byte // PEM: the certificate and its private key
	FederatedToken string // path of a file with a token of another issuer (workload identity), read anew each time

	Now func() time.Time // nil: time.Now
}

func (c Config) validate() error {
	var faults []string
	bad := func(wrong bool, text string) {
		if wrong {
			faults = append(faults, text)
		}
	}
	bad(c.AppID == "" || c.Tenant == "", "app_id and tenant_id are needed")
	given := 0
	for _, set := range []bool{c.Secret != "", len(c.Certificate) > 0, c.FederatedToken != ""} {
		if set {
			given++
		}
	}
	bad(given != 1, "give one of client_secret, certificate_file and federated_token_file")
	bad(c.Cloud.TokenURL == "" || c.Cloud.Scope == "", "cloud: token_url and scope are needed")
	bad(len(c.Cloud.ServiceHosts) == 0, "cloud: service_hosts is empty")
	if len(faults) > 0 {
		return bot.Ef(bot.Invalid, "configure teams", "teams: %s", strings.Join(faults, "; "))
	}
	return nil
}

// Client speaks to the Connector. It is safe for concurrent use.
type Client struct {
	cfg    Config
	http   *http.Client
	tokens *tokens
	pace   *pace
	jitter func(time.Duration) time.Duration
}

// callLife bounds one try of one call.
const callLife = 8 * time.Second

// New makes a client, or says everything that is wrong with cfg at once
// (Invalid). It calls nobody.
func New(cfg Config) (*Client, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 8
	transport.ResponseHeaderTimeout = callLife
	transport.MaxResponseHeaderBytes = 64 << 10
	client := &http.Client{Timeout: callLife, Transport: transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	asked, err := source(cfg, client)
	if err != nil {
		return nil, err
	}
	return &Client{cfg: cfg, http: client, tokens: newTokens(asked, cfg.Now), pace: newPace(cfg.Now), jitter: jitter}, nil
}

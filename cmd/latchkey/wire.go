package main

import (
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"os"
	"strconv"
	"strings"

	"go.uber.org/zap"

	"latchkey/adapters/courier"
	"latchkey/adapters/courier/sms"
	"latchkey/adapters/slack"
	"latchkey/adapters/teams"
	"latchkey/adapters/teams/connector"
	"latchkey/adapters/teams/identity"
	"latchkey/bot"
	"latchkey/cmd/latchkey/config"
	"latchkey/cmd/latchkey/serve"
	"latchkey/store/directory"
	"latchkey/store/session"
	"latchkey/store/vault"
)

// newID gives the ids that serve gives.
func newID() string { return serve.NewID() }

// load reads the configuration.
func (p *program) load() (*config.Config, error) {
	return config.Load(p.config, config.System(directory.Canonical))
}

func policy(cfg *config.Config) (*bot.Policy, error) { return config.Policy(cfg, directory.Canonical) }

func (p *program) vaultOptions() []vault.Option {
	if p.hashing == nil {
		return nil
	}
	return []vault.Option{p.hashing}
}

func openVault(cfg *config.Config, log *zap.Logger, options ...vault.Option) (*vault.Vault, error) {
	return vault.Open(cfg.Keys.File, log, options...)
}

// openDirectory prepares one identity store; it connects to nothing yet.
func (p *program) openDirectory(s config.IdentityStore, log *zap.Logger) (*directory.Store, error) {
	ca, err := authority("ca_file of identity store "+s.Name, s.CAFile)
	if err != nil {
		return nil, err
	}
	c := directory.Config{
		Name: s.Name, Kind: s.Kind, Base: string(s.Base), BindDN: string(s.BindDN), BindPassword: s.BindPassword.Reveal(),
		CA: ca, WriteTo: s.WriteTo, LinkAttribute: s.LinkAttribute, DefaultPolicy: string(s.DefaultPolicy),
		Attributes: directory.Attributes{Mobile: s.Attributes.Mobile, Mail: s.Attributes.Mail, Manager: s.Attributes.Manager},
		Now:        p.now,
	}
	for _, u := range s.URLs {
		c.URLs = append(c.URLs, u.String())
	}
	if w := s.Writer(); w != nil {
		c.WriteTo = w.String()
	}
	return directory.Open(c, log)
}

// openSession prepares Redis; it connects to nothing yet.
func (p *program) openSession(cfg *config.Config) (*session.Store, error) {
	r := cfg.Redis
	c := session.Config{Master: r.Master, Username: r.Username, Password: r.Password.Reveal(), Prefix: r.Prefix, Now: p.now}
	for _, a := range r.Addresses {
		c.Addresses = append(c.Addresses, string(a))
	}
	if r.TLS {
		ca, err := authority("redis.ca_file", r.CAFile)
		if err != nil {
			return nil, err
		}
		c.TLS = &tls.Config{MinVersion: tls.VersionTLS12}
		if ca != nil {
			c.TLS.RootCAs = x509.NewCertPool()
			if !c.TLS.RootCAs.AppendCertsFromPEM(ca) {
				return nil, bot.Ef(bot.Invalid, "open Redis", "redis.ca_file %s holds no certificate in PEM.", r.CAFile)
			}
		}
	}
	return session.New(c)
}

// openCourier prepares the way to the mail server; nil where there is none.
func (p *program) openCourier(cfg *config.Config) (*courier.Courier, error) {
	m := cfg.Mail
	if m == nil {
		return nil, nil
	}
	ca, err := authority("mail.ca_file", m.CAFile)
	if err != nil {
		return nil, err
	}
	c := courier.Config{Host: m.URL.Host, TLSMode: courier.STARTTLS, User: m.URL.User, Password: m.URL.Password.Reveal(),
		From: m.From, CA: ca, Now: p.now}
	if m.URL.Scheme == "smtps" {
		c.TLSMode = courier.Implicit
	}
	if m.URL.Port != "" {
		if c.Port, err = strconv.Atoi(m.URL.Port); err != nil {
			return nil, bot.E(bot.Invalid, "read mail.url", err)
		}
	}
	return courier.New(c)
}

// openTexts prepares the way to the gateway of text messages; nil where there
// is none.
func openTexts(cfg *config.Config) (*sms.Courier, error) {
	s := cfg.SMS
	if s == nil {
		return nil, nil
	}
	if s.Region != "" && !sms.KnownRegion(s.Region) {
		return nil, bot.Ef(bot.Invalid, "read sms.region", "sms.region is no country that has numbers: write its two letters, such as DE.")
	}
	if t := s.Twilio; t != nil {
		return sms.NewTwilio(sms.Twilio{AccountSID: t.AccountSID, AuthToken: t.AuthToken.Reveal(), From: t.From, APIURL: t.APIURL.String()})
	}
	ca, err := authority("sms.webhook.ca_file", s.Webhook.CAFile)
	if err != nil {
		return nil, err
	}
	headers := make(map[string]string, len(s.Webhook.Headers))
	for name, value := range s.Webhook.Headers {
		headers[name] = value.Reveal()
	}
	return sms.NewWebhook(sms.Webhook{URL: s.Webhook.URL.String(), Headers: headers, CA: ca})
}

// enrolledBy gives what enrolling in chat has to know.
func enrolledBy(cfg *config.Config) serve.Enrolling {
	return serve.Enrolling{Public: strings.TrimRight(cfg.Server.PublicURL.String(), "/"),
		Number: func(typed string) (string, error) { return sms.Number(typed, cfg.Region()) }}
}

// slackConfig gives what the Slack adapter has to know, or nil.
func slackConfig(cfg *config.Config) *slack.Config {
	s := cfg.Slack
	if s == nil {
		return nil
	}
	c := &slack.Config{BotToken: s.BotToken.Reveal(), Workspace: s.Workspace, AuditChannel: s.AuditChannel,
		APIURL: s.APIURL.String(), ResponseHosts: s.ResponseHosts, Command: "/unlock"}
	if s.Mode == "socket" {
		c.AppToken = s.AppToken.Reveal()
	}
	for _, secret := range s.SigningSecret {
		c.SigningSecrets = append(c.SigningSecrets, secret.Reveal())
	}
	return c
}

// teamsConfig gives what the Teams adapter has to know, or nil.
func (p *program) teamsConfig(cfg *config.Config) (*teams.Config, error) {
	t := cfg.Teams
	if t == nil {
		return nil, nil
	}
	tenant := strings.ToLower(t.TenantID)
	c := cmp.Or(t.Cloud, &config.TeamsCloud{})
	cloud, err := identity.CloudOf(c.Name, tenant)
	if err != nil {
		return nil, bot.E(bot.Internal, "configure teams", err)
	}
	cloud = identity.Cloud{TokenURL: cmp.Or(c.TokenURL.String(), cloud.TokenURL), Scope: cmp.Or(c.Scope, cloud.Scope),
		Issuer: cmp.Or(c.Issuer, cloud.Issuer), MetadataURL: cmp.Or(c.OpenIDMetadataURL.String(), cloud.MetadataURL), ServiceHosts: cloud.ServiceHosts}
	if len(c.ServiceHosts) > 0 {
		cloud.ServiceHosts = c.ServiceHosts
	}
	pem, err := authority("teams.certificate_file", t.Certificate)
	if err != nil {
		return nil, err
	}
	return &teams.Config{AppID: t.AppID, Tenant: tenant, Cloud: cloud, AuditChannel: t.AuditChannel,
		Credential: connector.Config{Secret: t.ClientSecret.Reveal(), Certificate: pem, FederatedToken: t.Federated, Now: p.now},
		Endpoint:   strings.TrimRight(cfg.Server.PublicURL.String(), "/") + "/api/messages"}, nil
}

// authority reads a PEM file; no name is no file.
func authority(key, path string) ([]byte, error) {
	if path == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(path)
	if err != nil {
		return nil, &bot.Error{Kind: bot.Invalid, Op: "read certificates", Err: err,
			Text: key + " cannot be read: " + err.Error() + ". Put the authority's certificate there, in PEM."}
	}
	return pem, nil
}

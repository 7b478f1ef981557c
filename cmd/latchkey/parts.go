package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"time"

	"go.uber.org/zap"

	"latchkey/bot"
	"latchkey/cmd/latchkey/config"
	"latchkey/cmd/latchkey/serve"
	"latchkey/store/ledger"
)

// openParts is everything that serving needs, and what closes it again.
type openParts struct {
	serve.Parts
	records *ledger.Ledger // the same as Parts.Ledger
	closers []func()
}

// close closes what was opened, the last first.
func (o *openParts) close() {
	for i := len(o.closers) - 1; i >= 0; i-- {
		o.closers[i]()
	}
	o.closers = nil
}

func (o *openParts) closeLater(f func()) { o.closers = append(o.closers, f) }

// parts opens everything that serving needs; where one part cannot be opened,
// the others are closed again. The caller calls close.
func (p *program) parts(ctx context.Context, cfg *config.Config, log *zap.Logger) (*openParts, error) {
	o := &openParts{Parts: serve.Parts{Listen: string(cfg.Server.Listen), Admin: string(cfg.Server.Admin), Version: version,
		Rules: config.PeopleRules(cfg), Slack: slackConfig(cfg), Enrolling: enrolledBy(cfg), Now: p.now, Log: log, Directories: make(map[string]bot.Directory)}}
	for _, open := range []func() error{
		func() error { return p.openSettings(o, cfg) },
		func() error { return p.openRecords(ctx, o, cfg) },
		func() error { return p.openServers(o, cfg) },
	} {
		if err := open(); err != nil {
			o.close()
			return nil, err
		}
	}
	return o, nil
}

// openSettings fills in what the configuration and the files beside it say.
func (p *program) openSettings(o *openParts, cfg *config.Config) (err error) {
	if o.Policy, err = policy(cfg); err != nil {
		return err
	}
	if o.Teams, err = p.teamsConfig(cfg); err != nil {
		return err
	}
	pair, err := keyPair(cfg)
	if err != nil {
		return err
	}
	if pair != nil {
		o.TLS = &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{*pair}}
	}
	return nil
}

// openRecords opens keys and database.
func (p *program) openRecords(ctx context.Context, o *openParts, cfg *config.Config) error {
	keys, err := openVault(cfg, o.Log, p.vaultOptions()...)
	if err != nil {
		return err
	}
	records, err := p.serveLedger(ctx, cfg, o.Log)
	if err != nil {
		return err
	}
	o.closeLater(func() { _ = records.Close() })
	some, all, err := keysFit(ctx, records, keys)
	switch {
	case err != nil:
		return err
	case !some:
		return strangeKeys(cfg.Keys.File, some)
	case !all:
		o.Log.Warn("key file does not open the newest or the oldest of what is sealed", zap.String("key", "keys.file"))
	}
	o.Vault, o.Ledger, o.records = keys, records, records
	return nil
}

// openServers prepares what is reached over the network; it connects to nothing yet.
func (p *program) openServers(o *openParts, cfg *config.Config) error {
	sessions, err := p.openSession(cfg)
	if err != nil {
		return err
	}
	o.closeLater(func() { _ = sessions.Close() })
	o.Session = sessions
	self, err := p.instance(cfg)
	if err != nil {
		return err
	}
	o.Instance = sessions.Register(self)
	for _, s := range cfg.Stores {
		d, err := p.openDirectory(s, o.Log)
		if err != nil {
			return fmt.Errorf("open directory %s: %w", s.Name, err)
		}
		o.closeLater(d.Close)
		o.Directories[s.Name] = d
	}
	mail, err := p.openCourier(cfg)
	if err != nil {
		return err
	}
	if mail != nil { // a nil pointer within the interface would not be nil
		o.Courier = mail
		o.Pace = time.Minute / time.Duration(cfg.Mail.RemindersPerMinute)
	}
	texts, err := openTexts(cfg)
	if err != nil {
		return err
	}
	if texts != nil {
		o.Texts = texts
	}
	return nil
}

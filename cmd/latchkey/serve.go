package main

import (
	"context"
	"crypto/tls"

	"github.com/spf13/cobra"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"latchkey/bot"
	"latchkey/cmd/latchkey/config"
	"latchkey/cmd/latchkey/serve"
	"latchkey/store/session"
)

func (p *program) serveCommand() *cobra.Command {
	return p.command("serve", "Serve the bot, until SIGINT or SIGTERM", p.serve)
}

// serve opens all parts and runs the bot. What the configuration asks for and
// this version does not do stops it where it restricts, and is logged elsewhere.
func (p *program) serve(ctx context.Context) error {
	cfg, err := p.load()
	if err != nil {
		return err
	}
	stop, warn := config.NotYet(cfg)
	if len(stop) > 0 {
		return bot.E(bot.Invalid, "serve", stop)
	}
	log := p.logger()
	defer func() { _ = log.Sync() }()
	for _, f := range warn {
		log.Warn("configuration is not served yet", zap.String("key", f.Key), zap.Int("line", f.Line), zap.String("effect", f.Mend))
	}
	session.LogLibrary(log)
	parts, closeAll, err := p.parts(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer closeAll()
	return serve.Run(ctx, parts)
}

// logger writes JSON to the error output, one line an event.
func (p *program) logger() *zap.Logger {
	c := zap.NewProductionEncoderConfig()
	c.EncodeTime = zapcore.RFC3339NanoTimeEncoder
	c.EncodeDuration = zapcore.StringDurationEncoder
	return zap.New(zapcore.NewCore(zapcore.NewJSONEncoder(c), zapcore.Lock(zapcore.AddSync(p.err)), zap.InfoLevel))
}

// parts opens everything that serving needs, and gives what closes it again.
func (p *program) parts(ctx context.Context, cfg *config.Config, log *zap.Logger) (parts serve.Parts, closeAll func(), err error) {
	var open []func()
	closeAll = func() {
		for i := len(open) - 1; i >= 0; i-- {
			open[i]()
		}
	}
	defer func() {
		if err != nil {
			closeAll()
		}
	}()
	parts = serve.Parts{Listen: string(cfg.Server.Listen), Admin: string(cfg.Server.Admin), Version: version,
		Rules: config.PeopleRules(cfg), Slack: slackConfig(cfg), Now: p.now, Log: log, Directories: make(map[string]bot.Directory)}
	if parts.Policy, err = policy(cfg); err != nil {
		return parts, nil, err
	}
	pair, err := keyPair(cfg)
	if err != nil {
		return parts, nil, err
	}
	if pair != nil {
		parts.TLS = &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{*pair}}
	}
	if parts.Vault, err = openVault(cfg, log); err != nil {
		return parts, nil, err
	}
	records, err := p.openLedger(ctx, cfg, log)
	if err != nil {
		return parts, nil, err
	}
	open = append(open, func() { _ = records.Close() })
	sessions, err := p.openSession(cfg)
	if err != nil {
		return parts, nil, err
	}
	open = append(open, func() { _ = sessions.Close() })
	for _, s := range cfg.Stores {
		d, err := p.openDirectory(s, log)
		if err != nil {
			return parts, nil, err
		}
		open = append(open, d.Close)
		parts.Directories[s.Name] = d
	}
	parts.Ledger, parts.Session = records, sessions
	mail, err := p.openCourier(cfg)
	if err != nil {
		return parts, nil, err
	}
	if mail != nil { // a nil pointer within the interface would not be nil
		parts.Courier = mail
	}
	return parts, closeAll, nil
}

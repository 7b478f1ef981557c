package main

import (
	"context"

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
	parts, err := p.parts(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer parts.close()
	parts.Check = p.quickCheck(cfg, parts)
	return serve.Run(ctx, parts.Parts)
}

// logger writes JSON to the error output, one line an event.
func (p *program) logger() *zap.Logger {
	c := zap.NewProductionEncoderConfig()
	c.EncodeTime = zapcore.RFC3339NanoTimeEncoder
	c.EncodeDuration = zapcore.StringDurationEncoder
	return zap.New(zapcore.NewCore(zapcore.NewJSONEncoder(c), zapcore.Lock(zapcore.AddSync(p.err)), zap.InfoLevel))
}

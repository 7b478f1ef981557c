package main

import (
	"context"

	"go.uber.org/zap"

	"latchkey/bot"
	"latchkey/cmd/latchkey/config"
	"latchkey/store/ledger"
)

// opened is what most commands work on.
type opened struct {
	cfg     *config.Config
	ledger  *ledger.Ledger
	account bot.Account // zero where no subject was asked for
}

// onLedger reads the configuration, finds the subject where there is one,
// opens the ledger, and closes it after do.
func (p *program) onLedger(ctx context.Context, s subject, do func(opened) error) error {
	return p.on(ctx, s, p.openLedger, do)
}

// onRecord is onLedger for commands that only read: they make no database.
func (p *program) onRecord(ctx context.Context, s subject, do func(opened) error) error {
	return p.on(ctx, s, p.readLedger, do)
}

type openLedger = func(context.Context, *config.Config, *zap.Logger) (*ledger.Ledger, error)

func (p *program) on(ctx context.Context, s subject, open openLedger, do func(opened) error) error {
	cfg, err := p.load()
	if err != nil {
		return err
	}
	o := opened{cfg: cfg}
	if s != (subject{}) {
		if o.account, err = p.account(ctx, cfg, s); err != nil {
			return err
		}
	}
	if o.ledger, err = open(ctx, cfg, zap.NewNop()); err != nil {
		return err
	}
	defer func() { _ = o.ledger.Close() }()
	return do(o)
}

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
	if o.ledger, err = p.openLedger(ctx, cfg, zap.NewNop()); err != nil {
		return err
	}
	defer func() { _ = o.ledger.Close() }()
	return do(o)
}

// onRecord is onLedger for commands that only read: they make no database.
func (p *program) onRecord(ctx context.Context, s subject, do func(opened) error) error {
	cfg, err := p.load()
	if err != nil {
		return err
	}
	if err := existing(cfg); err != nil {
		return err
	}
	return p.onLedger(ctx, s, do)
}

package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"
	"go.uber.org/zap"

	"latchkey/cmd/latchkey/config"
	"latchkey/store/ledger"
)

type migrateAnswer struct {
	From int64 `json:"from"` // 0: there was no schema
	To   int64 `json:"to"`
}

func (p *program) migrateCommand() *cobra.Command {
	return p.command("migrate", "Bring the database's schema up to date, as the owner where database.owner_url is set", p.migrate)
}

// migrate is safe to run beside serve and at any number of times.
func (p *program) migrate(ctx context.Context) error {
	cfg, err := p.load()
	if err != nil {
		return err
	}
	done, err := openedOrWhose(cfg, func() (migrateAnswer, error) {
		from, to, err := ledger.Migrate(ctx, p.ledgerConfig(cfg, zap.NewNop()))
		return migrateAnswer{from, to}, err
	})
	if err != nil {
		return err
	}
	text := fmt.Sprintf("The database has schema %d, as it should; nothing was changed.", done.To)
	switch {
	case done.From == 0:
		text = fmt.Sprintf("The database was empty and has schema %d now.", done.To)
	case done.From < done.To:
		text = fmt.Sprintf("The database had schema %d and has %d now.", done.From, done.To)
	}
	return p.answer(done, text+granted(cfg))
}

// granted says to whom the owner has given what serving takes.
func granted(cfg *config.Config) string {
	if cfg.Database.OwnerURL.IsZero() {
		return ""
	}
	return fmt.Sprintf(" The role %s may serve with it, and may neither change nor remove history.", cfg.Database.URL.User)
}

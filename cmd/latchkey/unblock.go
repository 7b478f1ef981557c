package main

import (
	"context"

	"github.com/spf13/cobra"

	"latchkey/bot"
)

func (p *program) unblockCommand() *cobra.Command {
	var s subject
	c := p.command("unblock", "Let an account be authenticated again after too many wrong values", func(ctx context.Context) error {
		return p.onLedger(ctx, s, func(o opened) error {
			if err := o.ledger.Clear(ctx, o.account.ID, p.recordOn(o.account, bot.ActionUnblock)); err != nil {
				return err
			}
			return p.answer(map[string]any{"person": personOf(o.account)},
				personOf(o.account).String()+" can be authenticated again. The account in the directory was not touched.")
		})
	})
	s.flags(c)
	return need(c, "store", "user")
}

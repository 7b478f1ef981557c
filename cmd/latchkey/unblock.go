package main

import (
	"context"

	"github.com/spf13/cobra"

	"latchkey/bot"
)

type unblockAnswer struct {
	Person  person `json:"person"`
	Changed bool   `json:"changed"` // false: was not locked out
}

func (p *program) unblockCommand() *cobra.Command {
	var s subject
	c := p.command("unblock", "Let an account be authenticated again after too many wrong values", func(ctx context.Context) error {
		return p.onLedger(ctx, s, func(o opened) error {
			who := personOf(o.account)
			standing, err := o.ledger.Standing(ctx, o.account.ID, p.now(), o.cfg.Limits.Target.WrongInARow)
			if err != nil {
				return err
			}
			if standing.LockedOutUntil.IsZero() && !standing.Stopped && standing.WrongToday < o.cfg.Limits.Target.WrongPerDay {
				return p.answer(unblockAnswer{who, false}, who.String()+" was not locked out of authentication; nothing was changed. This command has nothing to do with a locked account in the directory.")
			}
			if err := o.ledger.Clear(ctx, o.account.ID, p.recordOn(o.account, bot.ActionUnblock)); err != nil {
				return err
			}
			return p.answer(unblockAnswer{who, true},
				who.String()+" can be authenticated again. The account in the directory was not touched.")
		})
	})
	s.flags(c)
	return need(c, "store", "user")
}

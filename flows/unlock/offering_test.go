package unlock

import (
	"context"
	"testing"

	"latchkey/bot"
	"latchkey/bot/bottest"
	"latchkey/flows"
)

// TestPageUnlockCannotBeOffered: the ledger is away for a moment just then. The
// page that stands has a button that leads on.
func TestPageUnlockCannotBeOffered(t *testing.T) {
	for name, open := range map[string]func(*stage){
		"from the list":          func(s *stage) { s.command(flows.Begin, "mei@corp") },
		"from page Authenticate": func(s *stage) { s.enroll(bot.Email); s.toProof(); s.press(flows.Skip) },
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			s.w.Agents.Helpdesk.Mode = bot.UnrestrictedMode
			away := &noOffers{Ledger: s.w.Ledger, down: true}
			s.seen.Unlocker.Records = away
			open(s)
			s.in(AwaitingConfirm)
			away.down = false
			for _, k := range buttonsOf(s.page) {
				if k == flows.Back {
					s.press(k).see("unlock")
					return
				}
			}
			t.Fatalf("page %q has no button that leads to page Unlock: %v", s.page.ID, buttonsOf(s.page))
		})
	}
}

// noOffers is a ledger that cannot write grants while it is down.
type noOffers struct {
	bottest.Ledger
	down bool
}

func (n *noOffers) Offer(ctx context.Context, o []bot.Offer) error {
	if n.down {
		return errAway
	}
	return n.Ledger.Offer(ctx, o)
}

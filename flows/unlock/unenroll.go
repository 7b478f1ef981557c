package unlock

import (
	"context"

	"latchkey/bot"
	"latchkey/flows"
)

// effects of taking enrollments away
type (
	readHeld struct{}
	unenroll struct{ ids []string }
)

// heldFound is what the user's account is enrolled with, or why the agent may
// not take it away.
type heldFound struct {
	facts   bot.Facts
	refused bot.Reason
}

// heldRow is one check box of page Unenroll.
type heldRow struct {
	ID   string   `json:"id"`
	Type bot.Type `json:"type"`
}

// removal is what is ticked, and then confirmed, on page Unenroll. It leads to
// no unlock: the case ends with it, or goes back to where the policy leads now.
func (t *turn) removal() (flows.Move, error) {
	switch t.h.Kind {
	case heldRead:
		return t.held()
	case flows.Unenroll:
		return t.ticked()
	case flows.Confirm:
		if t.r.Page.ID != "unenroll_confirm" || len(t.b.Taken) == 0 {
			return flows.Move{}, bot.E(bot.Denied, "confirm what was not shown", nil)
		}
		return flows.Move{Effect: unenroll{t.b.Taken}}, nil
	case unenrolled:
		if why := t.h.Found.(bot.Reason); why != "" {
			return t.finish(Refused, pageNotUnenrolled(t.b.Name, why))
		}
		return t.finish(Done, pageUnenrolled(t.b.Name, t.taken()))
	case flows.Back:
		return flows.Move{Effect: readCase{}}, nil
	case caseRead:
		return t.read()
	}
	return t.strange()
}

func (t *turn) held() (flows.Move, error) {
	f := t.h.Found.(heldFound)
	t.b.Taken, t.b.Held = nil, nil
	if f.refused != "" {
		return t.finish(Refused, pageNotUnenrolled(t.b.Name, f.refused))
	}
	for _, e := range bot.Held(f.facts) {
		t.b.Held = append(t.b.Held, heldRow{e.ID, e.Type})
	}
	return t.to(AwaitingRemoval, pageUnenroll(f.facts)), nil
}

// ticked reads what was chosen. Row numbers that the page did not show are not
// a mistake that a page can make.
func (t *turn) ticked() (flows.Move, error) {
	if t.r.Page.ID != "unenroll" {
		return flows.Move{}, bot.E(bot.Denied, "tick what was not shown", nil)
	}
	t.b.Taken = nil
	rows := map[int]bool{}
	for _, n := range t.h.Event.Rows {
		if n < 0 || n >= len(t.b.Held) || rows[n] {
			return flows.Move{}, bot.E(bot.Denied, "tick row", nil)
		}
		rows[n] = true
		t.b.Taken = append(t.b.Taken, t.b.Held[n].ID)
	}
	if len(t.b.Taken) == 0 {
		return t.to(AwaitingRemoval, withNotice(t.r.Page, "Tick at least one type, or go back.")), nil
	}
	return t.to(AwaitingRemoval, pageUnenrollConfirm(t.b.Name, t.b.Target.Store, t.taken(), len(t.b.Taken) == len(t.b.Held))), nil
}

// taken names what is ticked.
func (t *turn) taken() []bot.Type {
	var types []bot.Type
	for _, h := range t.b.Held {
		for _, id := range t.b.Taken {
			if h.ID == id {
				types = append(types, h.Type)
			}
		}
	}
	return types
}

func (c *Conversation) readHeld(ctx context.Context, t turn) (heldFound, error) {
	f, err := c.Desk.Facts(ctx, t.kase(false))
	if err != nil {
		return heldFound{}, err
	}
	found := heldFound{facts: f, refused: bot.MayUnenroll(f)}
	return found, c.recordWhy(ctx, f, found.refused)
}

func (c *Conversation) unenroll(ctx context.Context, t turn, ids []string) (bot.Reason, error) {
	f, err := c.Desk.Facts(ctx, t.kase(false))
	if err != nil {
		return "", err
	}
	why, err := c.Unenroller.Unenroll(ctx, f, ids)
	if err != nil {
		return "", err
	}
	return why, c.recordWhy(ctx, f, why)
}

func (c *Conversation) recordWhy(ctx context.Context, f bot.Facts, why bot.Reason) error {
	if why == "" {
		return nil
	}
	return c.Journal.Append(ctx, bot.Refusal(f, c.Desk.NewID(), why))
}

package unlock

import (
	"time"

	"latchkey/bot"
	"latchkey/flows"
)

// effects beside unlocking
type (
	clearLockout struct{}
	lift         struct{}
)

// cleared: the user can be authenticated again, or it says why not.
func (t *turn) cleared(why bot.Reason) (flows.Move, error) {
	if why != "" {
		return t.to(AwaitingProof, t.pageTypeRefused(why, time.Time{})), nil
	}
	return flows.Move{Effect: readCase{}}, nil
}

// pageTypeRefused adds the way out to what a limit forbids.
func (t *turn) pageTypeRefused(why bot.Reason, until time.Time) flows.Page {
	p := pageTypeRefused(t.b.Name, t.b.Type, why, until)
	if why == bot.AuthenticationOff && !t.b.Self && t.h.Agent.Role.Can(bot.ClearAuthenticationLockout) {
		last := &p.Blocks[len(p.Blocks)-1]
		last.Buttons = append(last.Buttons, clearButton(t.b.Name))
	}
	return p
}

func clearButton(who string) flows.Button {
	return flows.Button{Kind: flows.Clear, Label: "Clear the lockout", Name: clip("Clear the authentication lockout of "+who, 75),
		Confirm: &flows.Confirmation{Title: "Clear the lockout?", Yes: "Clear", No: "Leave it",
			Text: "Wrong values were entered for this user. Clear it only if you know who entered them. It is recorded."}}
}

// lockoutBlocks say on page Authenticate that nothing can be verified now: that
// is the authentication lockout of the user's role, and not the directory's lock.
func lockoutBlocks(c caseFound) []flows.Block {
	var until time.Time
	stopped := false
	for _, t := range c.Decision.Types {
		s := c.Facts.Standing[t.Enrollment.Account]
		stopped = stopped || s.Stopped
		if c.Facts.Now.Before(s.LockedOutUntil) && s.LockedOutUntil.After(until) {
			until = s.LockedOutUntil
		}
	}
	who := c.Facts.Accounts[0].DisplayName
	switch {
	case stopped:
		return []flows.Block{say("authenticate.stopped", flows.Bad, "Authentication of ", who,
			" has stopped after very many wrong values in a row. An administrator has to clear it with latchkey unblock.")}
	case until.IsZero():
		return nil
	}
	blocks := []flows.Block{say("authenticate.locked_out", flows.Bad, "Authentication of ", who, " is locked out after wrong values. It is possible again: ", until,
		". This is not the lock of the account in the directory.")}
	if bot.MayClear(c.Facts) {
		blocks = append(blocks, flows.Block{Buttons: []flows.Button{clearButton(who)}})
	}
	return blocks
}

// pageLifted says what became of a freeze.
func pageLifted(who string, why bot.Reason) flows.Page {
	p := flows.Page{ID: "lifted", Title: "Freeze", Close: "Close"}
	if why != "" {
		p.Blocks = append(p.Blocks, say("lifted.refused", flows.Bad, "Not lifted, because ", becauseYou(why), "."))
		return p
	}
	p.Blocks = append(p.Blocks, say("lifted", flows.Good, "The freeze of ", who, " is lifted, and the audit channel is told. Begin the case again with /unlock."))
	return p
}

package unlock

import (
	"strings"
	"unicode/utf8"

	"latchkey/bot"
	"latchkey/flows"
)

// effects of page Unlock
type (
	offer struct {
		c     caseFound
		first bool // the page was not shown before in this session
	}
	unlock struct {
		rows           []offerRow
		reason, ticket string
	}
	remind struct{}
)

// confirm is page Unlock, and what comes of its button.
func (t *turn) confirm() (flows.Move, error) {
	switch t.h.Kind {
	case offered:
		o := t.h.Found.(offersFound)
		t.b.Offers = o.rows
		return t.to(AwaitingConfirm, pageUnlock(o.c, o.rows, "")), nil
	case flows.Unlock:
		return t.order()
	case wrote:
		return t.wrote()
	case flows.OpenHistory:
		return flows.Move{Effect: recall{}}, nil
	case recalled:
		return t.showHistory()
	case flows.Back, flows.Resume:
		return flows.Move{Effect: readCase{proceed: true}}, nil
	case caseRead:
		return t.read()
	}
	return t.strange()
}

// order reads what was ticked. Row numbers that page Unlock did not show are
// not a mistake that a page can make.
func (t *turn) order() (flows.Move, error) {
	rows := map[int]bool{}
	var ticked []offerRow
	for _, n := range t.h.Event.Rows {
		if n < 0 || n >= len(t.b.Offers) {
			return flows.Move{}, bot.E(bot.Denied, "tick row", nil)
		}
		if !rows[n] {
			ticked = append(ticked, t.b.Offers[n])
		}
		rows[n] = true
	}
	reason := strings.TrimSpace(t.h.Event.Fields[fieldReason])
	ticket := strings.TrimSpace(t.h.Event.Fields[fieldTicket])
	rule := bot.ReasonNone
	if !t.b.Self {
		rule = t.h.Agent.Role.Helpdesk.Reason
	}
	switch {
	case len(ticked) == 0:
		return t.again("Tick at least one account."), nil
	case rule == bot.ReasonRequired && !bot.Says(reason):
		return t.again("Your role asks for a reason: say in a few words why the account is unlocked."), nil
	case utf8.RuneCountInString(reason) > maxReason || utf8.RuneCountInString(ticket) > maxTicket:
		return t.again("The reason has at most 500 characters, the ticket at most 100."), nil
	}
	t.to(Unlocking, pageUnlocking(t.b.Name))
	return flows.Move{Effect: unlock{ticked, reason, ticket}}, nil
}

// again shows page Unlock as it stands with a sentence above it.
func (t *turn) again(why string) flows.Move {
	return t.to(AwaitingConfirm, withNotice(t.r.Page, why))
}

func (t *turn) wrote() (flows.Move, error) {
	results := t.h.Found.([]bot.Done)
	page := pageResults(t.b.Name, results)
	over, pending := false, false
	for _, d := range results {
		over = over || d.Result.Usable() || d.Result == bot.LockedAgain // what was proved unlocks an account once
		pending = pending || d.Pending
	}
	switch {
	case pending:
		return t.finish(Unknown, page)
	case over:
		return t.finish(Done, page)
	}
	page.Blocks = append(page.Blocks, flows.Block{Buttons: []flows.Button{{Kind: flows.Back, Label: "Back to page Unlock"}}})
	page.Keeps = true
	return t.to(AwaitingConfirm, page), nil
}

// refused: what is left is to remind the user to enroll, or to lift a freeze.
func (t *turn) refused() (flows.Move, error) {
	switch t.h.Kind {
	case flows.Remind:
		return flows.Move{Effect: remind{}}, nil
	case reminded:
		return t.to(Refused, pageReminded(t.r.Page, t.h.Found.(bot.Reminded))), nil
	case flows.Lift:
		return flows.Move{Effect: lift{}}, nil
	case lifted:
		return t.to(Refused, pageLifted(t.b.Name, t.h.Found.(bot.Reason))), nil
	}
	return t.strange()
}

// showHistory lays History over the page, or is the end of `/unlock history WHO`.
func (t *turn) showHistory() (flows.Move, error) {
	found := t.h.Found.(historyFound)
	if t.b.ForHistory && found.refused != "" {
		return t.finish(Refused, PageRefused(found.refused))
	}
	page := pageHistory(found, !t.b.ForHistory)
	if t.b.ForHistory {
		return t.finish(ReadingHistory, page)
	}
	return t.to(t.r.State, page), nil
}

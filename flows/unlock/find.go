package unlock

import (
	"strings"

	"latchkey/bot"
	"latchkey/flows"
)

// effects of finding and reading
type (
	search struct {
		text   string
		offset int
	}
	readCase struct{ proceed bool }
	recall   struct{} // read history
)

// find: who is it?
func (t *turn) find() (flows.Move, error) {
	switch t.h.Kind {
	case flows.Begin, flows.BeginHistory:
		return t.begin()
	case flows.Search:
		return t.search(t.h.Event.Fields[fieldWho])
	case flows.More:
		return flows.Move{Effect: search{t.b.Query, t.b.Offset + t.n}}, nil
	case found:
		return t.found()
	case flows.Pick:
		if t.h.Event.Row < 0 || t.h.Event.Row >= len(t.b.Hits) {
			return flows.Move{}, bot.E(bot.Denied, "pick row", nil)
		}
		return t.picked(t.b.Hits[t.h.Event.Row])
	case caseRead:
		return t.read()
	case recalled:
		return t.showHistory()
	}
	return t.strange()
}

func (t *turn) begin() (flows.Move, error) {
	t.b.ForHistory = t.h.Kind == flows.BeginHistory
	role := t.h.Agent.Role
	if t.b.ForHistory && !role.Can(bot.ViewHistory) {
		return t.finish(Refused, PageRefused(bot.NoViewHistory))
	}
	if !t.b.ForHistory && !role.Can(bot.UnlockAnyAccount) {
		return t.finish(Refused, PageRefused(bot.NoPermission))
	}
	t.to(AwaitingQuery, pageQuery(t.b.ForHistory, t.h.Event.Text, nil))
	if strings.TrimSpace(t.h.Event.Text) == "" {
		return flows.Move{}, nil
	}
	return t.search(t.h.Event.Text)
}

func (t *turn) search(text string) (flows.Move, error) {
	t.b.Query = strings.TrimSpace(text)
	if t.b.Query == "" {
		why := flows.Say("Type at least one letter of a name, a login name or a mail address.")
		return t.to(AwaitingQuery, pageQuery(t.b.ForHistory, "", why)), nil
	}
	t.r.Page = pageQuery(t.b.ForHistory, t.b.Query, nil)
	return flows.Move{Effect: search{t.b.Query, 0}}, nil
}

func (t *turn) found() (flows.Move, error) {
	f := t.h.Found.(searchFound)
	t.b.Offset, t.b.Hits = f.offset, nil
	for _, h := range f.Hits {
		t.b.Hits = append(t.b.Hits, h.Account.ID)
	}
	if len(t.b.Hits) == 0 {
		return t.to(AwaitingQuery, pageQuery(t.b.ForHistory, t.b.Query, nobody(t.b.Query, f))), nil
	}
	t.to(AwaitingPick, pagePick(t.b.ForHistory, t.b.Query, f, t.n))
	if f.Total == 1 && len(f.Unread) == 0 {
		return t.picked(t.b.Hits[0])
	}
	return flows.Move{}, nil
}

func (t *turn) picked(id bot.AccountID) (flows.Move, error) {
	t.b.Target = id
	if t.b.ForHistory {
		return flows.Move{Effect: recall{}}, nil
	}
	t.r.Subject = id.String()
	return flows.Move{Effect: readCase{}}, nil
}

// read goes where the decision leads.
func (t *turn) read() (flows.Move, error) {
	c := t.h.Found.(caseFound)
	t.b.Name = c.Facts.Accounts[0].DisplayName
	t.b.Type, t.b.Challenge, t.b.Masked, t.b.Proceed = "", "", "", c.Facts.Case.Proceed
	switch c.Decision.Page {
	case bot.PageAuthenticate:
		t.b.Proceed = false
		return t.to(AwaitingProof, pageAuthenticate(c, nil)), nil
	case bot.PageUnlock:
		t.to(AwaitingConfirm, pageNotWritten(t.b.Name)) // stands only where the offers cannot be written
		return flows.Move{Effect: offer{c, len(t.b.Offers) == 0}}, nil
	case bot.PageRefused:
		return t.finish(Refused, pageRefusedCase(c, t.h.Agent.Role.Can(bot.PermitRemind)))
	}
	return t.strange()
}

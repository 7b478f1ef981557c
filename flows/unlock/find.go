package unlock

import (
	"strings"

	"latchkey/bot"
	"latchkey/flows"
)

// effects of finding and reading
type (
	search struct {
		looked
		offset int
	}
	findAuthor struct {
		looked
		chat bot.Chatter
	}
	introduce struct{ id bot.AccountID } // read who that is
	readCase  struct{ proceed bool }
	recall    struct{} // read history
)

// find: who is it?
func (t *turn) find() (flows.Move, error) {
	switch t.h.Kind {
	case flows.BeginMe:
		return t.beginSelf()
	case flows.Begin, flows.BeginHistory, flows.BeginLocked, flows.BeginAuthor:
		return t.begin()
	case flows.Search:
		return t.search(t.h.Event.Fields[fieldWho])
	case flows.More:
		return flows.Move{Effect: search{t.b.Looked, t.b.Offset + t.n}}, nil
	case flows.Previous:
		return flows.Move{Effect: search{t.b.Looked, max(0, t.b.Offset-t.n)}}, nil
	case found:
		return t.found()
	case flows.Pick:
		if t.h.Event.Row < 0 || t.h.Event.Row >= len(t.b.Hits) {
			return flows.Move{}, bot.E(bot.Denied, "pick row", nil)
		}
		return t.pick(t.b.Hits[t.h.Event.Row])
	case introduced:
		return t.introduced(t.h.Found.(personFound))
	case flows.Confirm:
		if t.r.Page.ID != "person" {
			return flows.Move{}, bot.E(bot.Denied, "confirm nobody who was shown", nil)
		}
		return t.confirmed()
	case flows.Back:
		return t.toList()
	case caseRead:
		return t.read()
	case recalled:
		return t.showHistory()
	}
	return t.strange()
}

func (t *turn) begin() (flows.Move, error) {
	t.b.ForHistory, t.b.Author = t.h.Kind == flows.BeginHistory, t.h.Kind == flows.BeginAuthor
	role := t.h.Agent.Role
	if t.b.ForHistory && !role.Can(bot.ViewHistory) {
		return t.finish(Refused, PageRefused(bot.NoViewHistory))
	}
	if !t.b.ForHistory && !role.Can(bot.UnlockAnyAccount) && !role.Can(bot.PermitUnenroll) && !role.Can(bot.PermitRemind) {
		return t.finish(Refused, PageRefused(bot.NoPermission))
	}
	t.b.Confirmed = t.b.Author && t.h.Event.Confirmed
	typed := strings.TrimSpace(t.h.Event.Text)
	t.to(AwaitingQuery, t.pageQuery(typed, nil))
	switch {
	case t.b.Author: // what a person calls himself is no command
		t.seek(looked{Text: typed})
		return flows.Move{Effect: findAuthor{t.b.Looked, t.h.Event.Author}}, nil
	case typed == "" && t.h.Kind != flows.BeginLocked:
		return flows.Move{}, nil
	}
	return t.search(typed)
}

// beginSelf: it is known who it is.
func (t *turn) beginSelf() (flows.Move, error) {
	me := t.h.Agent.Account
	t.b.Self, t.b.Target, t.b.Name = true, me.ID, me.DisplayName
	t.to(AwaitingPick, Waiting(flows.BeginMe))
	return flows.Move{Effect: readCase{}}, nil
}

func (t *turn) search(typed string) (flows.Move, error) {
	l, why := readLooked(typed, t.h.Agent.Role.ActsOn)
	l = l.narrow(t.h.Event.Fields, t.h.Agent.Role.ActsOn)
	l.Locked = t.h.Kind == flows.BeginLocked
	t.b.Confirmed = false // what an agent types is no word of the chat's
	switch {
	case why != "":
	case l.Text == "" && !l.Locked:
		why = "Type at least one letter of a name, a login name or a mail address."
	default:
		return t.seek(l), nil
	}
	t.b.Looked = l
	return t.to(AwaitingQuery, t.pageQuery(typed, flows.Say(why))), nil
}

func (t *turn) seek(l looked) flows.Move {
	t.b.Looked = l
	t.r.Page = t.pageQuery(l.Text, nil)
	return flows.Move{Effect: search{l, 0}}
}

func (t *turn) found() (flows.Move, error) {
	f := t.h.Found.(searchFound)
	t.b.Offset, t.b.Hits, t.b.Target = f.offset, nil, bot.AccountID{}
	for _, h := range f.Hits {
		t.b.Hits = append(t.b.Hits, h.Account.ID)
	}
	if len(t.b.Hits) == 0 && f.offset > 0 { // fewer than before
		return flows.Move{Effect: search{t.b.Looked, 0}}, nil
	}
	if len(t.b.Hits) == 0 {
		return t.to(AwaitingQuery, t.pageQuery(t.b.Looked.Text, nobody(t.b.Looked, f))), nil
	}
	t.to(AwaitingPick, t.pagePick(f))
	alone := f.Total == 1 && len(f.Unread) == 0 && !f.Cut
	t.b.Several, t.b.Bound = !alone || t.b.Author, f.Bound
	if alone && !t.b.Looked.Locked {
		return t.pick(t.b.Hits[0])
	}
	return flows.Move{}, nil
}

// pick takes an account from the list. Where more than one could be meant, the
// agent looks again before anything is done.
func (t *turn) pick(id bot.AccountID) (flows.Move, error) {
	t.b.Target = id
	if t.b.Several && !t.b.ForHistory {
		return flows.Move{Effect: introduce{id}}, nil
	}
	return t.confirmed()
}

// introduced shows who was picked. That he wrote the message is said where the
// chat vouches for it: by a binding, or by the very address that he has there.
func (t *turn) introduced(f personFound) (flows.Move, error) {
	why := severalPeople
	if t.b.Author {
		why = perhapsAuthor
	}
	if t.b.Author && (t.b.Bound || t.b.Confirmed && strings.EqualFold(f.Account.Mail, t.b.Looked.Text)) {
		why = surelyAuthor
	}
	return t.to(AwaitingPick, pagePerson(f, why)), nil
}

func (t *turn) confirmed() (flows.Move, error) {
	if t.b.Target.IsZero() {
		return flows.Move{}, bot.E(bot.Denied, "confirm nobody", nil)
	}
	if t.b.ForHistory {
		return flows.Move{Effect: recall{}}, nil
	}
	t.r.Subject = t.b.Target.String()
	return flows.Move{Effect: readCase{}}, nil
}

// toList leads from a person back to where he was found.
func (t *turn) toList() (flows.Move, error) {
	t.b.Target = bot.AccountID{}
	if len(t.b.Hits) == 1 {
		return t.to(AwaitingQuery, t.pageQuery(t.b.Looked.Text, nil)), nil
	}
	return flows.Move{Effect: search{t.b.Looked, t.b.Offset}}, nil
}

// read goes where the decision leads.
func (t *turn) read() (flows.Move, error) {
	c := t.h.Found.(caseFound)
	t.b.Name = c.Facts.Accounts[0].DisplayName
	t.b.Type, t.b.Challenge, t.b.Masked, t.b.Proceed = "", "", "", c.Facts.Case.Proceed
	t.b.Asked, t.b.Sealed = nil, nil
	switch c.Decision.Page {
	case bot.PageAuthenticate:
		t.b.Proceed, t.b.Safer = false, saferThanMobile(c)
		return t.to(AwaitingProof, pageAuthenticate(c, nil)), nil
	case bot.PageUnlock:
		t.to(AwaitingConfirm, pageNotWritten(t.b.Name)) // stands only where the offers cannot be written
		return flows.Move{Effect: offer{c, len(t.b.Offers) == 0}}, nil
	case bot.PageRefused:
		return t.finish(Refused, pageRefusedCase(c))
	}
	return t.strange()
}

package enroll

import (
	"latchkey/bot"
	"latchkey/flows"
)

// others shows the accounts that may be his.
func (t *turn) others() (flows.Move, error) {
	all := t.h.Found.([]bot.Other)
	t.b = body{}
	for _, o := range all {
		t.b.Others = append(t.b.Others, other{o.Account.ID, o.Account.Login})
	}
	return t.to(AwaitingAccount, pageOthers(all)), nil
}

// account chooses one of them. A row that there is not, no page has offered.
func (t *turn) account() (flows.Move, error) {
	switch t.h.Kind {
	case flows.Link, flows.Unlink:
		row := t.h.Event.Row
		if row < 1 || row > len(t.b.Others) {
			return flows.Move{}, bot.E(bot.Denied, "choose account", nil)
		}
		t.b.Other, t.b.Do = t.b.Others[row-1], bot.Linking
		if t.h.Kind == flows.Unlink {
			t.b.Do = bot.Unlinking
		}
		return flows.Move{Effect: prepareLink{t.b.Do, t.b.Other.Account}}, nil
	case prepared:
		return t.prepared()
	}
	return t.strange()
}

// pageOthers lists accounts in other stores, each with what can be done.
func pageOthers(all []bot.Other) flows.Page {
	p := flows.Page{ID: "enroll_accounts", Title: "My other accounts", Close: "Close"}
	if len(all) == 0 {
		p.Blocks = append(p.Blocks, say("accounts.none", flows.Plain, "No account in another identity store looks like yours: none has your mail address, or your login and name. Those that are linked by the stores themselves are not listed here."))
	} else {
		p.Blocks = append(p.Blocks, say("accounts.how", flows.Plain, "Linked accounts are treated as one person's: the helpdesk sees them together. To link one, you prove yourself on both sides."))
	}
	for i, o := range all {
		row := flows.Row{Title: o.Account.Login + " in " + o.Account.ID.Store, Detail: flows.Say(o.Account.DisplayName)}
		switch {
		case o.Linked:
			row.More = append(row.More, flows.Say("Linked by you"))
			row.Button = &flows.Button{Kind: flows.Unlink, Row: i + 1, Label: "Unlink", Name: clip("Unlink "+row.Title, 75)}
		case o.Cannot != "":
			row.More = append(row.More, flows.Say(o.Cannot))
		default:
			row.Button = &flows.Button{Kind: flows.Link, Row: i + 1, Label: "Link", Name: clip("Link "+row.Title, 75)}
		}
		p.Blocks = append(p.Blocks, flows.Block{Row: &row})
	}
	p.Blocks = append(p.Blocks, flows.Block{Buttons: []flows.Button{overviewButton()}})
	return p
}

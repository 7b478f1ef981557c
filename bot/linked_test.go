package bot_test

import (
	"testing"

	"latchkey/bot"
	"latchkey/bot/bottest"
)

// TestLinkedByThePerson: what somebody has linked by himself is his, and is not
// any more when he has unlinked it. A store has one account of his.
func TestLinkedByThePerson(t *testing.T) {
	o := openOffice(t)
	lab := bot.AccountID{Store: "lab", GUID: "omar-" + o.Omar.GUID}
	o.Lab.Put(bot.Account{ID: lab, DN: "cn=omar," + bottest.LabBase, Login: "omar", DisplayName: "Omar Said", Lock: bot.Lock{State: bot.Unlocked}})
	record := func(a bot.Action, id bot.AccountID) bot.Record {
		r := bot.Record{ID: o.IDs.New(), At: o.Clock.Now(), Action: a, Status: bot.StatusSuccess, Store: id.Store, Client: bot.ClientSlack,
			Target: bot.Party{Kind: bot.ActorEndUser, Account: id}}
		r.Operation = r.ID
		return r
	}
	c := o.Case("s1")
	c.Target = o.Omar
	same := func() int { return len(o.facts(c).Same) }
	if n := same(); n != 1 {
		t.Fatalf("%d accounts before anything is linked", n)
	}
	if err := o.Ledger.Link(t.Context(), o.Omar, lab, record(bot.ActionLink, o.Omar), record(bot.ActionLink, lab)); err != nil {
		t.Fatal(err)
	}
	if f := o.facts(c); len(f.Same) != 2 || f.Same[1] != lab || len(f.Accounts) != 2 {
		t.Fatalf("linked: %v", f.Same)
	}
	o.Lab.Fail(bottest.Faults{Down: true})
	if f := o.facts(c); len(f.Same) != 1 || len(f.Unread) != 1 {
		t.Fatalf("a store that is away: %v, unread %v", f.Same, f.Unread)
	}
	o.Lab.Fail(bottest.Faults{})
	if err := o.Ledger.Unlink(t.Context(), o.Omar, lab, record(bot.ActionUnlink, o.Omar), record(bot.ActionUnlink, lab)); err != nil {
		t.Fatal(err)
	}
	if n := same(); n != 1 {
		t.Fatalf("%d accounts after unlinking", n)
	}
}

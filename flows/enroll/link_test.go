package enroll

import (
	"context"
	"testing"

	"latchkey/bot"
	"latchkey/flows"
)

// alone makes Mei's account in lab one that looks like hers, and that no
// attribute links.
func (s *stage) alone() *stage {
	s.w.Lab.Change(s.w.MeiLab, func(a *bot.Account) { a.Link, a.Mail = "", "mei@corp.example" })
	return s
}

// there enrolls the account in lab.
func (s *stage) there(t bot.Type) bot.Enrollment {
	s.t.Helper()
	e, err := s.w.Enroll(context.Background(), s.w.MeiLab, t)
	if err != nil {
		s.t.Fatal(err)
	}
	return e
}

func (s *stage) linked() []bot.AccountID {
	s.t.Helper()
	ids, err := s.l.Linked(context.Background(), s.w.Mei)
	if err != nil {
		s.t.Fatal(err)
	}
	return ids
}

// Linked when a type is passed on both sides, and unlinked again; history and
// notices on both.
func TestLinking(t *testing.T) {
	s := newStage(t).alone()
	s.admin(bot.Mobile)
	s.begin().press(flows.Propose, "").see("enroll_accounts", "Nothing is enrolled on that account")
	app := s.there(bot.Authenticator)
	s.press(flows.Overview, "").press(flows.Propose, "").see("enroll_accounts", "mlin in lab")
	s.give(flows.Event{Kind: flows.Link, Row: 1}).see("enroll_ways", "your own side first", "•••01")
	s.press(flows.SendCode, bot.Mobile).code(bot.Mobile, s.w.Texts.Code()).see("enroll_ways", "Now prove that the account mlin in lab is yours")
	if len(s.linked()) != 0 {
		t.Fatal("linked by one side")
	}
	s.press(flows.ChooseType, bot.Authenticator).code(bot.Authenticator, s.w.Right(app)).see("enrollments", "Linked: mlin in lab")
	if got := s.linked(); len(got) != 1 || got[0] != s.w.MeiLab {
		t.Fatalf("linked: %v", got)
	}
	s.press(flows.Propose, "").see("enroll_accounts", "Linked by you")
	s.give(flows.Event{Kind: flows.Unlink, Row: 1}).press(flows.SendCode, bot.Mobile).code(bot.Mobile, s.w.Texts.Code()).see("enrollments", "No longer linked: mlin in lab")
	if len(s.linked()) != 0 {
		t.Fatal("still linked")
	}
	told := map[bot.AccountID]int{}
	for _, r := range s.everything() {
		if r.Action == bot.ActionLink || r.Action == bot.ActionUnlink {
			told[r.Target.Account]++
			if r.Actor.Account != s.w.Mei || r.Detail == "" || r.Helpdesk {
				t.Errorf("recorded: %+v", r)
			}
		}
	}
	if told[s.w.Mei] != 2 || told[s.w.MeiLab] != 2 {
		t.Errorf("history: %v", told)
	}
	if n := len(s.due()); n != 4 {
		t.Errorf("%d notices", n)
	}
}

func (s *stage) everything() []bot.Record {
	s.t.Helper()
	all, err := s.l.History(context.Background(), bot.HistoryQuery{Limit: 1000})
	if err != nil {
		s.t.Fatal(err)
	}
	return all
}

// One side alone links nothing, whatever the other's session says; and what was
// proved there changes no enrollment.
func TestOneSideLinksNothing(t *testing.T) {
	s := newStage(t).alone()
	s.admin(bot.Email)
	app := s.there(bot.Authenticator)
	s.begin().press(flows.Propose, "").give(flows.Event{Kind: flows.Link, Row: 1}).press(flows.SendCode, bot.Email)
	me := s.self()
	if _, err := s.n.FinishLink(t.Context(), me, bot.Linking, s.w.MeiLab); bot.KindOf(err) != bot.Expired {
		t.Errorf("by no side: %v", err)
	}
	there := me
	there.Other = s.w.MeiLab
	o, err := s.n.OpenProof(t.Context(), there, bot.Authenticator)
	if err != nil {
		t.Fatal(err)
	}
	if v, err := s.n.Prove(t.Context(), there, bot.Authenticator, o.Challenge, s.w.Right(app)); err != nil || !v.Passed {
		t.Fatalf("%+v, %v", v, err)
	}
	if _, err := s.n.FinishLink(t.Context(), me, bot.Linking, s.w.MeiLab); bot.KindOf(err) != bot.Expired {
		t.Errorf("by the other side alone: %v", err)
	}
	if _, err := s.n.Remove(t.Context(), there, bot.Email); bot.KindOf(err) != bot.Expired {
		t.Errorf("the other side's proof removes: %v", err)
	}
	if _, err := s.n.SendNew(t.Context(), there, bot.Adding, bot.Mobile, "+4915123450009"); bot.KindOf(err) != bot.Expired {
		t.Errorf("the other side's proof enrolls: %v", err)
	}
	s.code(bot.Email, s.w.Mail.Code()).see("enroll_ways")
	if _, err := s.n.FinishLink(t.Context(), me, bot.Linking, s.w.MeiLab); err != nil {
		t.Errorf("by both sides: %v", err)
	}
	if _, err := s.n.FinishLink(t.Context(), me, bot.Linking, s.w.MeiLab); err == nil {
		t.Error("twice by one proof")
	}
}

// Who is proposed: exactly one account a store that looks like his; no
// protected one, none that another attribute tells apart, none that is linked
// by it already.
func TestWhoIsProposed(t *testing.T) {
	twin := bot.Account{Login: "mei", DisplayName: "Somebody Else", Mail: "else@lab.example", Lock: bot.Lock{State: bot.Unlocked}}
	for name, c := range map[string]struct {
		change func(*stage)
		want   int
	}{
		"same mail":                   {func(s *stage) { s.alone() }, 1},
		"linked by attribute":         {func(*stage) {}, 0},
		"another person by attribute": {func(s *stage) { s.alone(); s.w.Lab.Change(s.w.MeiLab, func(a *bot.Account) { a.Link = "9" }) }, 0},
		"same login and name": {func(s *stage) {
			s.w.Lab.Change(s.w.MeiLab, func(a *bot.Account) { a.Link, a.Login = "", "mei" })
		}, 1},
		"same login, another name": {func(s *stage) {
			s.w.Lab.Change(s.w.MeiLab, func(a *bot.Account) { a.Link, a.Login, a.DisplayName = "", "mei", "Meinhard Lindt" })
		}, 0},
		"two of one mail": {func(s *stage) {
			s.alone()
			two := twin
			two.ID, two.DN, two.Login, two.Mail = bot.AccountID{Store: "lab", GUID: "two"}, "cn=two,dc=lab,dc=example", "two", "mei@corp.example"
			s.w.Lab.Put(two)
		}, 0},
		"protected there": {func(s *stage) {
			s.alone()
			s.w.Policy.Stores[1].ProtectedContainers = []bot.DN{"dc=lab,dc=example"}
		}, 0},
		"protected here": {func(s *stage) {
			s.alone()
			s.w.Policy.Stores[0].ProtectedContainers = []bot.DN{"dc=corp,dc=example"}
		}, 0},
		"disabled": {func(s *stage) {
			s.alone()
			s.w.Lab.Change(s.w.MeiLab, func(a *bot.Account) { a.Disabled = true })
		}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			s.there(bot.Email)
			s.admin(bot.Email)
			c.change(s)
			others, err := s.n.Others(t.Context(), bot.Self{Account: s.w.Mei, Chat: s.chat})
			if err != nil || len(others) != c.want {
				t.Fatalf("proposed: %+v, %v", others, err)
			}
			if c.want == 0 {
				if _, err := s.n.PrepareLink(t.Context(), bot.Self{Account: s.w.Mei, Chat: s.chat}, bot.Linking, s.w.MeiLab); err == nil {
					t.Error("begun all the same")
				}
			}
		})
	}
}

// A row that no page has offered chooses nobody.
func TestRowsOfAccounts(t *testing.T) {
	s := newStage(t).alone()
	s.begin().press(flows.Propose, "")
	for _, row := range []int{-1, 0, 2, 1 << 30} {
		s.send(flows.Event{Kind: flows.Link, Row: row, Token: s.page.Token})
		if bot.KindOf(s.err) != bot.Denied {
			t.Errorf("row %d: %v", row, s.err)
		}
	}
	s.press(flows.Overview, "").press(flows.Propose, "").press(flows.Cancel, "")
}

// Nothing enrolled on his own side: the directory's address does not link.
func TestDirectoryDoesNotLink(t *testing.T) {
	s := newStage(t).alone()
	s.there(bot.Email)
	s.begin().press(flows.Propose, "").give(flows.Event{Kind: flows.Link, Row: 1}).see("enroll_ways", "has to be enrolled on each")
	s.send(flows.Event{Kind: flows.SendCode, Type: bot.Email, Token: s.page.Token})
	if bot.KindOf(s.err) != bot.Denied {
		t.Errorf("a way that was not offered: %v", s.err)
	}
}

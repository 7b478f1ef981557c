package unlock

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/bot"
	"latchkey/bot/bottest"
	"latchkey/flows"
)

// unenrollStory: Mei has lost her phone. What is ticked goes, after it was said
// what is lost; by that nobody comes nearer to an unlock.
func unenrollStory(s *stage) {
	e := s.enroll(bot.Authenticator)
	s.enroll(bot.Email)
	s.toProof().press(flows.OpenUnenroll).see("unenroll").in(AwaitingRemoval)
	s.press(flows.Unenroll).see("unenroll") // nothing ticked
	s.give(flows.Event{Kind: flows.Unenroll, Rows: []int{1}}).see("unenroll_confirm").in(AwaitingRemoval)
	if text := said(s.page); !strings.Contains(text, "you take away: authenticator") || strings.Contains(text, "Nothing is left") {
		s.t.Fatalf("what is lost: %s", text)
	}
	s.press(flows.Back).see("authenticate").in(AwaitingProof)
	s.code(bot.Authenticator, s.w.Right(e))
	s.press(flows.OpenUnenroll).give(flows.Event{Kind: flows.Unenroll, Rows: []int{0, 1}}).see("unenroll_confirm")
	if !strings.Contains(said(s.page), "Nothing is left") {
		s.t.Fatalf("what is lost: %s", said(s.page))
	}
	s.actorStays()
	s.w.Corp.Fail(bottest.Faults{Down: true})
	s.press(flows.Confirm).see("unenroll_confirm").in(AwaitingRemoval)
	s.w.Corp.Fail(bottest.Faults{})
	s.press(flows.Confirm).see("unenrolled").in(Done)
	if left, err := s.w.Ledger.Enrollments(context.Background(), []bot.AccountID{s.w.Mei}); err != nil || len(left) != 0 {
		s.t.Fatalf("left: %v, %v", left, err)
	}
	s.command(flows.Begin, "mei").see("refused").in(Refused)
	if !strings.Contains(said(s.page), "not enrolled with any authentication type") || slices.Contains(buttonsOf(s.page), flows.OpenUnenroll) {
		s.t.Fatalf("afterwards: %s, buttons %v", said(s.page), buttonsOf(s.page))
	}
}

// unenrollElsewhereStory: also where the case has gone on, or has ended.
func unenrollElsewhereStory(s *stage) {
	s.enroll(bot.Mobile)
	s.w.Agents.Helpdesk.Mode = bot.UnrestrictedMode
	s.w.Policy.Stores[0].Types = []bot.Type{bot.Email} // hers is used no more
	s.command(flows.Begin, "mei").see("unlock").press(flows.OpenUnenroll).see("unenroll")
	s.press(flows.Back).see("unlock").in(AwaitingConfirm)
	s.press(flows.OpenUnenroll).press(flows.Cancel).in(Cancelled)
	s.w.Agents.Permissions = []bot.Permission{bot.PermitUnenroll} // that alone
	s.command(flows.Begin, "mei").see("refused").press(flows.OpenUnenroll).see("unenroll").in(AwaitingRemoval)
	s.press(flows.Back).see("refused").in(Refused)
	s.press(flows.OpenUnenroll).press(flows.Closed).in(Cancelled)
	s.w.Agents.Permissions = []bot.Permission{bot.UnlockAnyAccount}
	if s.command(flows.Begin, "mei"); slices.Contains(buttonsOf(s.page), flows.OpenUnenroll) {
		s.t.Fatalf("offered without the permission: %v", buttonsOf(s.page))
	}
}

// unenrollRefusedStory: the permission is asked for at each step.
func unenrollRefusedStory(s *stage) {
	s.enroll(bot.Mobile)
	allowed := func(p ...bot.Permission) { s.w.Agents.Permissions = p }
	lost := func() { allowed(bot.UnlockAnyAccount) }
	refused := func() {
		s.t.Helper()
		if s.see("not_unenrolled").in(Refused); !strings.Contains(said(s.page), "your role lacks the permission Unenroll") {
			s.t.Fatalf("the page says %s", said(s.page))
		}
		allowed(bot.UnlockAnyAccount, bot.PermitUnenroll)
	}
	s.toProof()
	lost()
	s.press(flows.OpenUnenroll)
	refused()
	s.command(flows.Begin, "mei").press(flows.OpenUnenroll).give(flows.Event{Kind: flows.Unenroll, Rows: []int{0}})
	lost()
	s.press(flows.Confirm)
	refused()
	s.w.Corp.Change(s.w.Mei, func(a *bot.Account) { a.Lock = bot.Lock{State: bot.Unlocked} })
	s.w.Lab.Change(s.w.MeiLab, func(a *bot.Account) { a.Lock = bot.Lock{State: bot.Unlocked} })
	s.command(flows.Begin, "mei").see("refused")
	lost()
	s.press(flows.OpenUnenroll)
	refused()
	s.w.Corp.Change(s.w.Mei, func(a *bot.Account) { a.Lock = bot.Lock{State: bot.Locked, Value: "9"} })
	s.w.Agents.Helpdesk.Mode, s.w.Policy.Stores[0].Types = bot.UnrestrictedMode, []bot.Type{bot.Email}
	s.command(flows.Begin, "mei").see("unlock")
	lost()
	s.press(flows.OpenUnenroll)
	refused()
	if left, err := s.w.Ledger.Enrollments(context.Background(), []bot.AccountID{s.w.Mei}); err != nil || len(left) != 1 {
		s.t.Fatalf("left: %v, %v", left, err)
	}
	s.command(flows.Begin, "dana@corp") // himself
	if slices.Contains(buttonsOf(s.page), flows.OpenUnenroll) {
		s.t.Fatalf("offered for himself: %v", buttonsOf(s.page))
	}
}

// TestUnenrollForged: rows that were not shown, a confirmation of what was not,
// and the types of a page before.
func TestUnenrollForged(t *testing.T) {
	s := newStage(t)
	s.enroll(bot.Email)
	s.toProof().press(flows.OpenUnenroll).see("unenroll")
	for name, ev := range map[string]flows.Event{
		"a row too far":         {Kind: flows.Unenroll, Rows: []int{1}},
		"a row twice":           {Kind: flows.Unenroll, Rows: []int{0, 0}},
		"below":                 {Kind: flows.Unenroll, Rows: []int{-1}},
		"confirmed, not ticked": {Kind: flows.Confirm},
	} {
		ev.Token = s.page.Token
		if s.send(ev); bot.KindOf(s.err) != bot.Denied {
			t.Errorf("%s: %v", name, s.err)
		}
	}
	s.give(flows.Event{Kind: flows.Unenroll, Rows: []int{0}}).see("unenroll_confirm")
	if s.send(flows.Event{Kind: flows.Unenroll, Rows: []int{0}, Token: s.page.Token}); bot.KindOf(s.err) != bot.Denied {
		t.Errorf("ticked on the page after: %v", s.err)
	}
}

func unenrollPages(out map[string]flows.Page) {
	c := caseOf(meiLin(), bot.Decision{Page: bot.PageRefused, Refused: bot.NotLocked})
	c.Facts.Policy.Stores = []bot.StorePolicy{{Name: "corp", Base: "dc=corp,dc=example"}}
	c.Facts.Agent.Role.ActsOn = []string{"corp"}
	for i, t := range []bot.Type{bot.Mobile, bot.Authenticator, bot.SecurityQuestions} {
		c.Facts.Enrollments = append(c.Facts.Enrollments, bot.Enrollment{ID: "e1", Account: meiLin().ID, Type: t, Address: "+15550199",
			Since: shown.Add(-time.Duration(i) * 24 * time.Hour)})
	}
	out["refused_unenroll"] = pageRefusedCase(c)
	c.Facts.Enrollments = append(c.Facts.Enrollments, bot.Enrollment{ID: "e1", Account: inLab(meiLin()).ID, Type: bot.Email})
	out["unenroll"] = pageUnenroll(c.Facts)
	out["unenroll_again"] = withNotice(pageUnenroll(c.Facts), "Tick at least one type, or go back.")
	c.Facts.Enrollments = nil
	out["unenroll_none"] = pageUnenroll(c.Facts)
	out["unenroll_confirm"] = pageUnenrollConfirm("Mei Lin", "corp", []bot.Type{bot.Mobile, bot.Authenticator}, false)
	out["unenroll_confirm_all"] = pageUnenrollConfirm("Mei Lin", "corp", []bot.Type{bot.Email}, true)
	out["unenrolled"] = pageUnenrolled("Mei Lin", []bot.Type{bot.Mobile, bot.Authenticator})
	for _, why := range []bot.Reason{bot.NoUnenroll, bot.OwnAccount, bot.Frozen, bot.ProtectedTarget} {
		out["not_unenrolled_"+string(why)] = pageNotUnenrolled("Mei Lin", why)
	}
}

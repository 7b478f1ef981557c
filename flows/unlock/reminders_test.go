package unlock

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"

	"latchkey/bot"
	"latchkey/bot/bottest"
	"latchkey/flows"
)

func (s *stage) says(words ...string) *stage {
	s.t.Helper()
	for _, w := range words {
		if !strings.Contains(said(s.page), w) {
			s.t.Fatalf("page %s does not say %q: %s", s.page.ID, w, said(s.page))
		}
	}
	return s
}

// reports lets the reporter tell what is due, and gives the last message.
func (s *stage) reports() flows.Page {
	s.t.Helper()
	r := Reporter{Jobs: s.w.Ledger, Messengers: map[string]flows.Messenger{"slack": s.mem}, Log: zap.NewNop()}
	if err := r.Report(context.Background()); err != nil {
		s.t.Fatalf("reporting: %v", err)
	}
	return s.mem.cards[len(s.mem.cards)-1]
}

// remindManyStory: a search for who is not enrolled, its number, the mails one
// by one, how far it is, and the report.
func remindManyStory(s *stage) {
	s.command(flows.Begin, "i")
	if slices.Contains(buttonsOf(s.page), flows.RemindMany) {
		s.t.Fatalf("offered to everybody who was found: %v", buttonsOf(s.page))
	}
	s.command(flows.Begin, "without:email i").see("pick").press(flows.RemindMany).see("remind").in(AwaitingReminders)
	s.press(flows.CountCrowd).see("remind").says("Tick at least one type.")
	s.actorStays()
	s.w.Corp.Fail(bottest.Faults{Down: true})
	s.w.Lab.Fail(bottest.Faults{Down: true})
	s.give(flows.Event{Kind: flows.CountCrowd, Rows: []int{2}}).see("remind").in(AwaitingReminders)
	s.w.Corp.Fail(bottest.Faults{})
	s.w.Lab.Fail(bottest.Faults{})
	s.press(flows.Back).see("pick").in(AwaitingPick)
	s.press(flows.RemindMany).give(flows.Event{Kind: flows.CountCrowd, Rows: []int{2}}).see("remind_confirm")
	s.says("4 people will be sent a mail", "enroll with e-mail", "every 1s", "at least 4s")
	s.press(flows.Back).see("remind")
	s.give(flows.Event{Kind: flows.CountCrowd, Rows: []int{2}}).see("remind_confirm")
	nia := bot.AccountID{Store: "corp", GUID: "nia-" + s.w.IDs.New()}
	s.w.Corp.Put(bot.Account{ID: nia, DN: "cn=nia," + bottest.Staff, Login: "nia", DisplayName: "Nia", Mail: "nia@corp.example", Lock: bot.Lock{State: bot.Unlocked}})
	s.press(flows.Confirm).see("remind_confirm").says("5 people") // more than were confirmed
	s.press(flows.Confirm).see("reminding").in(Done)
	if n := len(s.w.Mail.Letters()); n != 0 {
		s.t.Fatalf("%d letters at once", n)
	}
	if p := s.reports(); !strings.Contains(said(p), "0 of 5 reminded") || !slices.Contains(buttonsOf(p), flows.StopReminders) {
		s.t.Fatalf("at first: %s", said(p))
	}
	s.command(flows.BeginRemind, "in:corp").give(flows.Event{Kind: flows.CountCrowd, Rows: []int{2}}).press(flows.Confirm).see("remind_confirm").says("under way already")
	for s.step() {
	}
	if p := s.reports(); !strings.Contains(said(p), "Done: 5 of 5 reminded") || len(buttonsOf(p)) != 0 {
		s.t.Fatalf("at last: %s", said(p))
	}
	if l := s.w.Mail.Letters(); len(l) != 5 || !strings.Contains(l[0].Text, "e-mail") {
		s.t.Fatalf("%d letters: %v", len(l), l)
	}
}

// step lets one person be reminded; false: nobody is left.
func (s *stage) step() bool {
	s.t.Helper()
	wait, err := s.w.Reminders().Step(context.Background())
	if err != nil {
		s.t.Fatalf("stepping: %v", err)
	}
	s.w.Clock.Move(wait)
	return wait > 0
}

// remindStoreStory: everybody of a store, and stopped on the way.
func remindStoreStory(s *stage) {
	s.w.Agents.Permissions = []bot.Permission{bot.PermitRemind} // that alone
	s.command(flows.BeginRemind, "in:corp").see("remind").in(AwaitingReminders)
	s.give(flows.Event{Kind: flows.CountCrowd, Rows: []int{0, 3}}).see("remind_confirm").says("3 people", "security questions and authenticator")
	s.press(flows.Confirm).see("reminding")
	s.step()
	s.command(flows.StopReminders, "").see("reminders_stopped").in(Done).says("1 of 3 reminded")
	for s.step() {
	}
	if p := s.reports(); !strings.Contains(said(p), "Stopped by you: 1 of 3 reminded") || len(s.w.Mail.Letters()) != 1 {
		s.t.Fatalf("at last: %s; %d letters", said(p), len(s.w.Mail.Letters()))
	}
	s.command(flows.StopReminders, "").see("waiting").in(AwaitingReminders).says("No reminders of yours are under way")
	s.press(flows.Cancel).in(Cancelled)
	s.command(flows.BeginRemind, "").press(flows.Closed).in(Cancelled)
}

func remindNobodyStory(s *stage) {
	s.command(flows.BeginRemind, "in:nowhere").see("not_reminded").in(Refused)
	s.command(flows.BeginRemind, "zzz").give(flows.Event{Kind: flows.CountCrowd, Rows: []int{1}}).see("remind_confirm").says("nobody to remind")
	s.press(flows.Confirm).see("remind_confirm")
	s.command(flows.Begin, "without:email i").see("pick")
	s.w.Agents.Permissions = []bot.Permission{bot.UnlockAnyAccount}
	s.press(flows.RemindMany).see("refused").in(Refused)
	s.command(flows.BeginRemind, "").see("refused").in(Refused)
	if s.command(flows.Begin, "without:email i").see("pick"); slices.Contains(buttonsOf(s.page), flows.RemindMany) {
		s.t.Fatalf("offered without the permission: %v", buttonsOf(s.page))
	}
	s.w.Agents.Permissions = bot.Permissions()
	s.command(flows.Begin, "without:email i").press(flows.RemindMany).see("remind")
	for _, id := range []bot.AccountID{s.w.Mei, s.w.Omar, s.w.Finn} {
		s.w.Corp.Remove(id)
	}
	s.w.Lab.Remove(s.w.MeiLab)
	s.press(flows.Back).see("query").in(AwaitingQuery)
}

// TestRemindForged: rows that were not shown, and a number that was not.
func TestRemindForged(t *testing.T) {
	s := newStage(t)
	s.command(flows.BeginRemind, "in:corp").see("remind")
	for name, ev := range map[string]flows.Event{
		"a row too far": {Kind: flows.CountCrowd, Rows: []int{4}}, "below": {Kind: flows.CountCrowd, Rows: []int{-1}},
		"twice": {Kind: flows.CountCrowd, Rows: []int{1, 1}}, "not counted": {Kind: flows.Confirm},
	} {
		ev.Token = s.page.Token
		if s.send(ev); bot.KindOf(s.err) != bot.Denied {
			t.Errorf("%s: %v", name, s.err)
		}
	}
}

func reminderPages(out map[string]flows.Page) {
	without := looked{Text: "mei", Store: "corp", Enrollment: bot.EnrollmentFilter{Type: bot.Email, Not: true}}
	all := looked{Enrollment: bot.EnrollmentFilter{Not: true}}
	role := &bot.Role{Permissions: bot.Permissions()}
	out["pick_remind"] = pagePick(false, without, stores, searchFound{Found: bot.Found{Hits: []bot.Hit{{Account: meiLin()}, {Account: inLab(meiLin())}}, Total: 12}}, 5, remindButtons(role, without)...)
	out["remind"] = pageRemind(without, []bot.Type{bot.Email}, stores, true, nil)
	out["remind_store"] = pageRemind(all, nil, stores, false, flows.Say("Tick at least one type."))
	types := []bot.Type{bot.Email, bot.Authenticator}
	out["remind_confirm"] = pageRemindConfirm(crowdFound{n: 10_000}, without, types, time.Second)
	out["remind_confirm_cut"] = pageRemindConfirm(crowdFound{n: 20_000, cut: true, unread: []string{"lab"}}, all, types, time.Second)
	out["remind_confirm_one"] = pageRemindConfirm(crowdFound{n: 1}, all, types, time.Second)
	out["remind_confirm_nobody"] = pageRemindConfirm(crowdFound{}, all, types, time.Second)
	out["reminding"] = pageReminding(10_000, time.Second)
	out["not_reminded"] = pageNotReminded("There is no authentication type “fax”.")
	j := bot.ReminderJob{Types: types, Record: bot.Record{Detail: "10,000 people in corp not enrolled"},
		Counts: bot.JobCounts{bot.RemindSent: 312, bot.RemindRefused: 4, bot.RemindNoMail: 12, bot.RemindWaiting: 9_672}}
	out["reminders_stopped"] = pageRemindersStopped(j)
	out["reminders_running"] = cardReminders(j)
	j.Until = shown.Add(4 * time.Minute)
	out["reminders_waiting"] = cardReminders(j)
	j.Counts = bot.JobCounts{bot.RemindSent: 9_000, bot.RemindRefused: 4, bot.RemindNoMail: 12, bot.RemindUnknown: 1, bot.RemindEnrolled: 900, bot.RemindRecent: 80, bot.RemindLeftOut: 3}
	for _, how := range []bot.JobEnd{bot.JobDone, bot.JobStopped, bot.JobNoAgent} {
		j.How = how
		out["reminders_end_"+string(how)] = cardReminders(j)
	}
}

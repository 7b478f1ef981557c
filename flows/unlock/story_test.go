package unlock

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/bot"
	"latchkey/bot/bottest"
	"latchkey/flows"
)

var errAway = bot.E(bot.Unavailable, "reach a server", errors.New("nobody answers"))

// TestStories plays the conversation, and then demands that every arrow of the
// table was taken by one of the stories.
func TestStories(t *testing.T) {
	clock := bottest.NewClock()
	l := openLedger(t, clock.Now)
	taken := make(map[flows.Transition]bool)
	for name, play := range stories() {
		t.Run(name, func(t *testing.T) {
			clock.Move(24 * time.Hour)
			play(stageOn(t, bottest.NewWorld(l, clock), taken))
		})
	}
	for _, arrow := range table() {
		if !taken[arrow] {
			t.Errorf("no story takes %q on %q to %q", arrow.From, arrow.On, arrow.To)
		}
	}
}

func stories() map[string]func(*stage) {
	return map[string]func(*stage){
		"restricted, by authenticator":              restrictedStory,
		"a code by mail":                            mailStory,
		"wrong codes":                               wrongStory,
		"a limit forbids another value":             limitStory,
		"unrestricted, skipped":                     skippedStory,
		"unrestricted, unenrolled":                  unenrolledStory,
		"without the permission":                    noPermissionStory,
		"nobody is found":                           nobodyStory,
		"one of several is picked":                  pickStory,
		"cancelled and closed before anybody is up": earlyEndStory,
		"cancelled and closed in a case":            lateEndStory,
		"history from the pages":                    historyStory,
		"history by command":                        historyCommandStory,
		"refused, and reminded":                     remindStory,
		"the directory is away":                     awayStory,
		"the reason is missing":                     reasonStory,
		"the write is not answered":                 unansweredStory,
		"the write is denied":                       deniedStory,
		"nothing can be written":                    notWrittenStory,
		"locked again at once":                      lockedAgainStory,
		"what was passed no longer counts":          staleStory,
		"unlocked by somebody else meanwhile":       meanwhileStory,
		"the linked account too":                    linkedStory,
	}
}

func restrictedStory(s *stage) {
	e := s.enroll(bot.Authenticator)
	s.command(flows.Begin, "mei").see("pick") // in corp and in lab
	s.give(flows.Event{Kind: flows.Pick, Row: 0}).see("authenticate").in(AwaitingProof)
	if s.page.Submit != nil {
		s.t.Fatalf("Next is offered before anything was passed")
	}
	s.give(flows.Event{Kind: flows.ChooseType, Type: bot.Authenticator}).see("code")
	s.code(bot.Authenticator, s.w.Right(e)).see("authenticate").in(AwaitingProof)
	s.press(flows.Next).see("unlock").in(AwaitingConfirm)
	s.give(flows.Event{Kind: flows.Unlock, Rows: []int{0}}).see("done").in(Done)
	if got := s.w.Corp.Writes(); !slices.Equal(got, []bot.AccountID{s.w.Mei}) {
		s.t.Fatalf("the directory was written for %v", got)
	}
	if !strings.Contains(said(s.page), "Unlocked: Mei Lin") {
		s.t.Fatalf("the result does not say so: %s", said(s.page))
	}
}

func mailStory(s *stage) {
	e := s.enroll(bot.Email)
	s.toProof().give(flows.Event{Kind: flows.ChooseType, Type: bot.Email}).see("send")
	if n := len(s.w.Mail.Letters()); n != 0 {
		s.t.Fatalf("%d letters went out before Send code was pressed", n)
	}
	s.give(flows.Event{Kind: flows.SendCode, Type: bot.Email}).see("code")
	first := s.w.Right(e)
	s.give(flows.Event{Kind: flows.SendCode, Type: bot.Email}).see("code")
	if second := s.w.Right(e); first != second {
		s.code(bot.Email, first).see("code") // a new code ends the old one
	}
	s.code(bot.Email, "12 34 56").see("code") // garbled: no try
	s.code(bot.Email, s.w.Right(e)).see("authenticate")
	s.press(flows.Overview).see("authenticate").press(flows.Next).see("unlock")
}

func wrongStory(s *stage) {
	e := s.enroll(bot.Authenticator)
	s.w.Users.Authentication.Lockout = bot.Lockout{}
	s.toProof().give(flows.Event{Kind: flows.ChooseType, Type: bot.Authenticator})
	for range 4 {
		s.code(bot.Authenticator, s.w.Wrong(e)).see("code")
	}
	s.code(bot.Authenticator, s.w.Wrong(e)).see("over")
	s.code(bot.Authenticator, s.w.Right(e)).see("authenticate") // there is no challenge to answer
	if s.page.Submit != nil {
		s.t.Fatalf("Next is offered after five wrong codes")
	}
	s.press(flows.Skip).see("authenticate").in(AwaitingProof)
	s.press(flows.Next).see("authenticate").in(AwaitingProof)
}

func limitStory(s *stage) {
	e := s.enroll(bot.Authenticator)
	s.w.Users.Authentication.Lockout = bot.Lockout{Failures: 2, Duration: time.Minute}
	s.toProof().give(flows.Event{Kind: flows.ChooseType, Type: bot.Authenticator})
	s.code(bot.Authenticator, s.w.Wrong(e)).see("code")
	s.code(bot.Authenticator, s.w.Wrong(e)).see("type_refused")
	s.give(flows.Event{Kind: flows.ChooseType, Type: bot.Authenticator}).see("type_refused")
	s.w.Clock.Move(2 * time.Minute)
	s.give(flows.Event{Kind: flows.ChooseType, Type: bot.Authenticator}).see("code")
}

func skippedStory(s *stage) {
	s.enroll(bot.Email)
	s.w.Agents.Helpdesk.Mode = bot.UnrestrictedMode
	s.toProof().press(flows.Skip).see("unlock").in(AwaitingConfirm)
	if !strings.Contains(said(s.page), "skipped") {
		s.t.Fatalf("the page does not say that it was skipped")
	}
}

func unenrolledStory(s *stage) {
	s.w.Agents.Helpdesk.Mode = bot.UnrestrictedMode
	s.command(flows.Begin, "mei@corp").see("unlock").in(AwaitingConfirm)
}

func noPermissionStory(s *stage) {
	s.w.Agents.Permissions = nil
	s.command(flows.Begin, "mei").see("refused").in(Refused)
	s.command(flows.BeginHistory, "mei").see("refused").in(Refused)
}

func nobodyStory(s *stage) {
	s.command(flows.Begin, "").see("query").in(AwaitingQuery)
	s.give(searching("zzz")).see("query").in(AwaitingQuery)
	s.give(searching("  ")).see("query").in(AwaitingQuery)
	s.give(searching("mei")).see("pick").in(AwaitingPick)
	s.give(searching("zzz")).see("query").in(AwaitingQuery)
}

func searching(text string) flows.Event {
	return flows.Event{Kind: flows.Search, Fields: map[string]string{fieldWho: text}}
}

func pickStory(s *stage) {
	s.enroll(bot.Email)
	for i := range 7 {
		id := bot.AccountID{Store: "corp", GUID: s.w.IDs.New()}
		s.w.Corp.Put(bot.Account{ID: id, DisplayName: "Mei Twin", Login: "twin" + string(rune('0'+i)), Lock: bot.Lock{State: bot.Unlocked}})
	}
	s.command(flows.Begin, "mei").see("pick")
	s.press(flows.More).see("pick").in(AwaitingPick)
	s.give(flows.Event{Kind: flows.Pick, Row: 3}).see("refused").in(Refused) // a twin, not locked
}

func earlyEndStory(s *stage) {
	s.command(flows.Begin, "").press(flows.Cancel).see("cancelled").in(Cancelled)
	s.press(flows.Cancel).see("cancelled")
	s.command(flows.Begin, "").press(flows.Closed).in(Cancelled)
	s.command(flows.Begin, "mei").press(flows.Cancel).in(Cancelled)
	s.command(flows.Begin, "mei").press(flows.Closed).in(Cancelled)
}

func lateEndStory(s *stage) {
	e := s.enroll(bot.Authenticator)
	s.toProof().press(flows.Closed).in(AwaitingProof)
	s.press(flows.Resume).see("authenticate").in(AwaitingProof)
	s.give(flows.Event{Kind: flows.ChooseType, Type: bot.Authenticator}).code(bot.Authenticator, s.w.Right(e)).press(flows.Next).see("unlock")
	s.press(flows.Closed).in(AwaitingConfirm)
	s.press(flows.Resume).see("unlock").press(flows.Cancel).see("cancelled").in(Cancelled)
	if last := s.mem.cards[len(s.mem.cards)-1]; len(last.Blocks) == 0 || strings.Contains(said(last), "Continue") {
		s.t.Fatalf("the card still leads to the cancelled case: %s", said(last))
	}
	s.toProof().press(flows.Cancel).in(Cancelled)
}

func historyStory(s *stage) {
	e := s.enroll(bot.Authenticator)
	s.toProof().press(flows.OpenHistory).see("history").in(AwaitingProof)
	s.press(flows.Back).see("authenticate")
	s.give(flows.Event{Kind: flows.ChooseType, Type: bot.Authenticator}).code(bot.Authenticator, s.w.Right(e)).press(flows.Next)
	s.press(flows.OpenHistory).see("history").in(AwaitingConfirm)
	s.press(flows.Back).see("unlock").in(AwaitingConfirm)
	s.w.Agents.Permissions = []bot.Permission{bot.UnlockAnyAccount}
	s.press(flows.OpenHistory).see("history").press(flows.Back).see("unlock")
}

func historyCommandStory(s *stage) {
	s.command(flows.BeginHistory, "").see("query").in(AwaitingQuery)
	s.give(searching("omar")).see("history").in(ReadingHistory)
	s.press(flows.Cancel).in(Cancelled)
	s.command(flows.BeginHistory, "omar").press(flows.Closed).in(Cancelled)
	s.w.Agents.Helpdesk.Containers = []bot.DN{"ou=elsewhere," + bottest.CorpBase}
	s.command(flows.BeginHistory, "omar").see("refused").in(Refused)
}

func remindStory(s *stage) {
	s.command(flows.Begin, "omar").see("refused").in(Refused)
	s.w.Mail.Fail(errAway)
	s.press(flows.Remind).see("refused").in(Refused)
	s.w.Mail.Fail(nil)
	s.press(flows.Remind).see("refused").in(Refused)
	if l := s.w.Mail.Letters(); len(l) != 1 || l[0].To != "omar@corp.example" {
		s.t.Fatalf("letters: %v", l)
	}
}

func awayStory(s *stage) {
	e := s.enroll(bot.Authenticator)
	away := func(p play) {
		s.w.Corp.Fail(bottest.Faults{Down: true})
		s.w.Lab.Fail(bottest.Faults{Down: true})
		p()
		if s.page.Blocks[0].Text == nil || s.page.Blocks[0].Text.ID != "failed" {
			s.t.Fatalf("the page does not begin with what failed: %s", said(s.page))
		}
		s.w.Corp.Fail(bottest.Faults{})
		s.w.Lab.Fail(bottest.Faults{})
	}
	s.actorStays()
	away(func() { s.command(flows.Begin, "mei").see("query").in(AwaitingQuery) })
	s.give(searching("mei")).see("pick")
	away(func() { s.give(flows.Event{Kind: flows.Pick, Row: 0}).see("pick").in(AwaitingPick) })
	s.give(flows.Event{Kind: flows.Pick, Row: 0}).see("authenticate")
	away(func() { s.press(flows.Overview).see("authenticate").in(AwaitingProof) })
	s.give(flows.Event{Kind: flows.ChooseType, Type: bot.Authenticator}).see("code")
	fresh := s.page.Blocks
	away(func() { s.code(bot.Authenticator, s.w.Right(e)).see("code") })
	if freshOf(fresh) == freshOf(s.page.Blocks) {
		s.w.Clock.Move(time.Second)
	}
	s.code(bot.Authenticator, s.w.Right(e)).see("authenticate").press(flows.Next).see("unlock")
	away(func() { s.press(flows.OpenHistory).see("unlock").in(AwaitingConfirm) })
	away(func() { s.give(flows.Event{Kind: flows.Unlock, Rows: []int{0}}).see("not_written").in(AwaitingConfirm) })
	s.press(flows.Back).see("unlock").give(flows.Event{Kind: flows.Unlock, Rows: []int{0}}).see("done")
}

type play = func()

func freshOf(blocks []flows.Block) string {
	for _, b := range blocks {
		if b.Input != nil {
			return b.Input.Fresh
		}
	}
	return ""
}

// actorStays lets the dispatcher know Dana while the directory is away from
// everybody else: what fails then is the effect.
func (s *stage) actorStays() {
	agent, err := s.w.Desk().Agent(context.Background(), s.w.Dana)
	if err != nil {
		s.t.Fatalf("reading Dana: %v", err)
	}
	s.d.Authority = known{agent}
}

type known struct{ agent bot.AgentFacts }

func (k known) Identify(context.Context, bot.Chatter, string, string, string) (bot.AccountID, bot.Reason, error) {
	return k.agent.Account.ID, "", nil
}

func (k known) Agent(context.Context, bot.AccountID) (bot.AgentFacts, error) { return k.agent, nil }

func reasonStory(s *stage) {
	s.w.Agents.Helpdesk.Mode, s.w.Agents.Helpdesk.Reason = bot.UnrestrictedMode, bot.ReasonRequired
	s.command(flows.Begin, "mei@corp").see("unlock")
	s.give(flows.Event{Kind: flows.Unlock}).see("unlock").in(AwaitingConfirm)
	s.give(flows.Event{Kind: flows.Unlock, Rows: []int{0}}).see("unlock").in(AwaitingConfirm)
	blank := map[string]string{fieldReason: "\u2060 \u200b\u3164"}
	s.give(flows.Event{Kind: flows.Unlock, Rows: []int{0}, Fields: blank}).see("unlock").in(AwaitingConfirm)
	long := strings.Repeat("x", maxReason+1)
	s.give(flows.Event{Kind: flows.Unlock, Rows: []int{0}, Fields: map[string]string{fieldReason: long}}).see("unlock").in(AwaitingConfirm)
	if len(s.w.Corp.Writes()) > 0 {
		s.t.Fatalf("unlocked without a reason")
	}
	s.give(flows.Event{Kind: flows.Unlock, Rows: []int{0, 0}, Fields: map[string]string{fieldReason: "on the phone", fieldTicket: "INC-1"}}).see("done").in(Done)
}

func unansweredStory(s *stage) {
	s.w.Corp.Fail(bottest.Faults{Unlock: func(bot.Grant, func() error) error { return bot.E(bot.Unavailable, "modify", bot.ErrUnanswered) }})
	s.toUnlock().give(flows.Event{Kind: flows.Unlock, Rows: []int{0}}).see("done").in(Unknown)
	s.press(flows.Unlock).see("done").in(Unknown) // a second click changes nothing
}

func deniedStory(s *stage) {
	s.w.Corp.Fail(bottest.Faults{Unlock: func(bot.Grant, func() error) error { return bot.E(bot.Denied, "modify", nil) }})
	s.toUnlock().give(flows.Event{Kind: flows.Unlock, Rows: []int{0}}).see("done").in(AwaitingConfirm)
	s.w.Corp.Fail(bottest.Faults{})
	s.press(flows.Back).see("unlock").give(flows.Event{Kind: flows.Unlock, Rows: []int{0}}).in(Done)
}

// lockedAgainStory: a guesser is at work. What was proved is used up, by way of
// the page that stands and of any that stood before.
func lockedAgainStory(s *stage) {
	e := s.enroll(bot.Authenticator)
	s.toProof().give(flows.Event{Kind: flows.ChooseType, Type: bot.Authenticator})
	s.code(bot.Authenticator, s.w.Right(e)).press(flows.Next).see("unlock")
	s.w.Corp.Fail(bottest.Faults{Unlock: func(_ bot.Grant, apply func() error) error {
		err := apply()
		s.w.Corp.Change(s.w.Mei, func(a *bot.Account) { a.Lock = bot.Lock{State: bot.Locked, Value: "guessed"} })
		return err
	}})
	s.give(flows.Event{Kind: flows.Unlock, Rows: []int{0}}).see("done").in(Done)
	if slices.Contains(buttonsOf(s.page), flows.Back) || !strings.Contains(said(s.page), "Begin a new case") {
		s.t.Fatalf("the page leads back to page Unlock: %s", said(s.page))
	}
	if fresh := s.command(flows.Begin, "mei@corp").see("authenticate"); fresh.page.Submit != nil {
		s.t.Fatalf("the new case counts what was proved in the old one")
	}
}

func notWrittenStory(s *stage) {
	s.toUnlock().actorStays()
	s.w.Corp.Fail(bottest.Faults{Down: true})
	s.give(flows.Event{Kind: flows.Unlock, Rows: []int{0}}).see("not_written").in(AwaitingConfirm)
	s.w.Corp.Fail(bottest.Faults{})
	s.press(flows.Back).see("unlock")
}

func staleStory(s *stage) {
	e := s.enroll(bot.Authenticator)
	s.w.Policy.Limits.EvidenceLife = 2 * time.Minute
	s.toProof().give(flows.Event{Kind: flows.ChooseType, Type: bot.Authenticator})
	s.code(bot.Authenticator, s.w.Right(e)).press(flows.Next).see("unlock")
	s.w.Clock.Move(3 * time.Minute)
	s.give(flows.Event{Kind: flows.Unlock, Rows: []int{0}}).see("done").in(AwaitingConfirm)
	if len(s.w.Corp.Writes()) > 0 {
		s.t.Fatalf("unlocked on evidence that no longer counts")
	}
	s.press(flows.Back).see("authenticate").in(AwaitingProof)
}

func meanwhileStory(s *stage) {
	e := s.enroll(bot.Authenticator)
	s.toProof().give(flows.Event{Kind: flows.ChooseType, Type: bot.Authenticator})
	s.code(bot.Authenticator, s.w.Right(e)).press(flows.Next).see("unlock")
	open := func(a *bot.Account) { a.Lock = bot.Lock{State: bot.Unlocked} }
	s.w.Corp.Change(s.w.Mei, open)
	s.w.Lab.Change(s.w.MeiLab, open)
	s.press(flows.Back).see("refused").in(Refused)

	s.w.Corp.Change(s.w.Mei, func(a *bot.Account) { a.Lock = bot.Lock{State: bot.Locked, Value: "99"} })
	s.toProof()
	s.w.Corp.Change(s.w.Mei, open)
	s.press(flows.Next).see("refused").in(Refused)
}

func linkedStory(s *stage) {
	s.toUnlock()
	if _, b := s.record(); len(b.Offers) != 2 {
		s.t.Fatalf("%d accounts are offered, want Mei's two", len(b.Offers))
	}
	s.w.Lab.Fail(bottest.Faults{Unlock: func(bot.Grant, func() error) error { return bot.E(bot.Denied, "modify", nil) }})
	s.give(flows.Event{Kind: flows.Unlock, Rows: []int{0, 1}}).see("done").in(Done)
	if text := said(s.page); !strings.Contains(text, "Unlocked: Mei Lin (mei) in corp") || !strings.Contains(text, "Not unlocked: Mei Lin (mlin) in lab") {
		s.t.Fatalf("each account should have its own result: %s", text)
	}
}

// toProof goes to page Authenticate of Mei's account in corp.
func (s *stage) toProof() *stage {
	s.t.Helper()
	return s.command(flows.Begin, "mei@corp").see("authenticate").in(AwaitingProof)
}

// toUnlock goes to page Unlock without authenticating, in unrestricted mode.
func (s *stage) toUnlock() *stage {
	s.t.Helper()
	s.w.Agents.Helpdesk.Mode = bot.UnrestrictedMode
	return s.command(flows.Begin, "mei@corp").see("unlock").in(AwaitingConfirm)
}

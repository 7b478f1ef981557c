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
		"by text message":                           mobileStory,
		"wrong codes":                               wrongStory,
		"a limit forbids another value":             limitStory,
		"unrestricted, skipped":                     skippedStory,
		"unrestricted, unenrolled":                  unenrolledStory,
		"without the permission":                    noPermissionStory,
		"nobody is found":                           nobodyStory,
		"one of several is picked":                  pickStory,
		"a search is narrowed down":                 narrowStory,
		"who is locked":                             lockedStory,
		"the author of a message":                   authorStory,
		"the right person":                          personStory,
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
		"security questions":                        questionsStory,
		"authentication locked out, and cleared":    lockoutStory,
		"locked out, without the permission":        notClearedStory,
		"asked in the chat":                         chatStory,
		"five wrong digits":                         chatOverStory,
		"this is not me":                            notMeStory,
		"by oneself":                                selfStory,
		"many are reminded":                         remindManyStory,
		"many are reminded, of a store":             remindStoreStory,
		"nobody is reminded":                        remindNobodyStory,
		"enrollments are taken away":                unenrollStory,
		"taken away from other pages":               unenrollElsewhereStory,
		"taken away no more":                        unenrollRefusedStory,
		"the linked account too":                    linkedStory,
	}
}

func restrictedStory(s *stage) {
	e := s.enroll(bot.Authenticator)
	s.command(flows.Begin, "mei").see("authenticate").in(AwaitingProof) // in corp and in lab, and one person
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

// mobileStory: nothing goes to the phone before Send code is pressed, the page
// names what is safer, and the whole number is on none.
func mobileStory(s *stage) {
	e := s.enroll(bot.Mobile)
	shows := func(words ...string) {
		s.t.Helper()
		for _, w := range words {
			if !strings.Contains(said(s.page), w) {
				s.t.Fatalf("the page does not say %q: %s", w, said(s.page))
			}
		}
	}
	s.watch = func(p flows.Page) {
		if strings.Contains(said(p), "1512345") {
			s.t.Fatalf("the number stands on the page: %s", said(p))
		}
	}
	s.toProof().give(flows.Event{Kind: flows.ChooseType, Type: bot.Mobile}).see("send")
	shows("restricted", "still to be enrolled with: authenticator")
	s.press(flows.Overview)
	s.enroll(bot.Authenticator)
	s.press(flows.Overview).give(flows.Event{Kind: flows.ChooseType, Type: bot.Mobile}).see("send")
	shows("enrolled already: authenticator")
	if n := len(s.w.Texts.Letters()); n != 0 {
		s.t.Fatalf("%d messages went out before Send code was pressed", n)
	}
	s.w.Texts.Fail(bot.Ef(bot.Invalid, "deliver", "The phone refuses text messages of the helpdesk."))
	s.give(flows.Event{Kind: flows.SendCode, Type: bot.Mobile}).see("send")
	shows("The phone refuses text messages", "use another type")
	s.w.Texts.Fail(nil)
	s.give(flows.Event{Kind: flows.SendCode, Type: bot.Mobile}).see("code")
	shows("•••01")
	s.code(bot.Mobile, s.w.Wrong(e)).see("code")
	s.code(bot.Mobile, s.w.Right(e)).see("authenticate")
	s.press(flows.Next).see("unlock")
	if len(s.w.Mail.Letters()) != 0 {
		s.t.Fatalf("a mail went out")
	}
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
	s.command(flows.BeginLocked, "").see("refused").in(Refused)
	s.command(flows.BeginAuthor, "mei@corp.example").see("refused").in(Refused)
}

func nobodyStory(s *stage) {
	s.command(flows.Begin, "").see("query").in(AwaitingQuery)
	s.give(searching("zzz")).see("query").in(AwaitingQuery)
	s.give(searching("  ")).see("query").in(AwaitingQuery)
	s.give(searching("i")).see("pick").in(AwaitingPick)
	s.give(searching("zzz")).see("query").in(AwaitingQuery)
	s.give(searching("i")).see("pick")
	s.give(searching("  ")).see("query").in(AwaitingQuery)
}

// narrowStory: what narrows a search down is typed, or chosen.
func narrowStory(s *stage) {
	s.enroll(bot.Email)
	why := func(want string) {
		s.t.Helper()
		if !strings.Contains(said(s.page), want) {
			s.t.Fatalf("the page does not say %q: %s", want, said(s.page))
		}
	}
	s.command(flows.Begin, "in:nowhere mei").see("query").in(AwaitingQuery)
	why("It acts on corp and lab.")
	s.command(flows.Begin, "with:yubikey mei").see("query")
	why("There are security_questions, mobile, email, authenticator and chat.")
	s.command(flows.Begin, "IN:lab").see("query") // a name like any other
	s.command(flows.Begin, "in:lab mei").see("refused")
	if _, b := s.record(); b.Target != s.w.MeiLab {
		s.t.Fatalf("in:lab found %v", b.Target)
	}
	s.command(flows.Begin, "with:email i").see("authenticate")
	s.command(flows.Begin, "without:email in:corp i").see("pick")
	why("1 to 2 of 2 found for “i” in corp not enrolled with e-mail.") // Finn and Omar
	s.command(flows.Begin, "")
	ev := searching("i")
	ev.Fields[fieldStore], ev.Fields[fieldEnrollment] = "2", "0"
	s.give(ev).see("refused") // of lab there is Mei's account alone
	s.command(flows.Begin, "")
	ev.Fields[fieldStore], ev.Fields[fieldEnrollment] = "0", "7" // not enrolled with mobile
	s.give(ev).see("pick")
	why("not enrolled with mobile")
	for _, nonsense := range []string{"", "-1", "99", "corp", "1e3"} {
		s.command(flows.Begin, "")
		ev.Fields[fieldStore], ev.Fields[fieldEnrollment] = nonsense, nonsense
		s.give(ev).see("pick")
		why("1 to 3 of 3 found for “i”.")
	}
}

// lockedStory: who is locked now, the newest lock first, and none of them is
// taken without a second look.
func lockedStory(s *stage) {
	s.enroll(bot.Authenticator)
	s.w.Corp.Change(s.w.Omar, func(a *bot.Account) { a.Lock.Since = a.Lock.Since.Add(time.Minute) })
	s.command(flows.BeginLocked, "").see("locked").in(AwaitingPick)
	if got := rowTitles(s.page); !slices.Equal(got, []string{"Omar Said (omar)", "Mei Lin (mei)"}) {
		s.t.Fatalf("locked: %q", got)
	}
	s.give(flows.Event{Kind: flows.Pick, Row: 1}).see("person").press(flows.Back).see("locked")
	s.give(flows.Event{Kind: flows.Pick, Row: 1}).see("person").press(flows.Confirm).see("authenticate")
	s.w.Agents.Helpdesk.Containers = []bot.DN{"ou=sales," + bottest.Staff}
	s.command(flows.BeginLocked, "in:corp").see("locked")
	if got := rowTitles(s.page); !slices.Equal(got, []string{"Mei Lin (mei)"}) {
		s.t.Fatalf("locked within reach: %q", got)
	}
	s.w.Corp.Put(s.account(s.w.Mei), bottest.Admins)
	s.command(flows.BeginLocked, "in:corp").see("locked")
	if row := s.page.Blocks[1].Row; row.Button != nil || !strings.Contains(said(s.page), "Protected") {
		s.t.Fatalf("a protected account can be chosen: %+v", row)
	}
	s.w.Corp.Change(s.w.Mei, func(a *bot.Account) { a.Lock = bot.Lock{State: bot.Unlocked} })
	s.command(flows.BeginLocked, "in:corp").see("query")
	if !strings.Contains(said(s.page), "Nobody within your reach is locked now") {
		s.t.Fatalf("nobody is locked: %s", said(s.page))
	}
}

// account reads an account of corp.
func (s *stage) account(id bot.AccountID) bot.Account {
	s.t.Helper()
	a, err := s.w.Corp.Account(context.Background(), id.GUID)
	if err != nil {
		s.t.Fatalf("reading %v: %v", id, err)
	}
	return a
}

func rowTitles(p flows.Page) []string {
	var out []string
	for _, b := range p.Blocks {
		if b.Row != nil {
			out = append(out, b.Row.Title)
		}
	}
	return out
}

// authorStory: the author of a message is looked at before anything is done,
// and what he calls himself is no command.
func authorStory(s *stage) {
	s.enroll(bot.Authenticator)
	s.command(flows.BeginAuthor, "mei@corp.example").see("person").in(AwaitingPick)
	s.press(flows.Back).see("query").in(AwaitingQuery)
	s.command(flows.BeginAuthor, "mei@corp.example").press(flows.Confirm).see("authenticate")
	s.command(flows.BeginAuthor, "in:lab").see("query")
	if in := s.page.Blocks[1].Input; in == nil || in.Initial != "in:lab" {
		s.t.Fatalf("the form does not have the author filled in: %s", said(s.page))
	}
}

// personStory: department and manager tell two of one name apart.
func personStory(s *stage) {
	s.w.Corp.Change(s.w.Mei, func(a *bot.Account) { a.Department, a.Manager = "Sales", bot.DN("cn=finn,ou=it,"+bottest.CorpBase) })
	s.command(flows.Begin, "i").give(flows.Event{Kind: flows.Pick, Row: 1}).see("person")
	for _, want := range []string{"Sales", "Finn Berg", "corp and lab"} {
		if !strings.Contains(said(s.page), want) {
			s.t.Fatalf("the page does not say %q: %s", want, said(s.page))
		}
	}
	s.w.Corp.Remove(s.w.Mei)
	s.press(flows.Confirm).see("person").in(AwaitingPick) // gone meanwhile
	s.command(flows.Begin, "i").see("pick")
	s.give(flows.Event{Kind: flows.Pick, Row: 0}).see("person") // Finn, whose manager is not known
	if !strings.Contains(said(s.page), "not known") {
		s.t.Fatalf("%s", said(s.page))
	}
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
	s.press(flows.Previous).see("pick").press(flows.Previous).see("pick").press(flows.More).in(AwaitingPick)
	s.give(flows.Event{Kind: flows.Pick, Row: 2}).see("person").in(AwaitingPick)
	s.press(flows.Back).see("pick").give(flows.Event{Kind: flows.Pick, Row: 2}).see("person")
	s.press(flows.Confirm).see("refused").in(Refused) // a twin, not locked
}

func earlyEndStory(s *stage) {
	s.command(flows.Begin, "").press(flows.Cancel).see("cancelled").in(Cancelled)
	s.press(flows.Cancel).see("cancelled")
	s.command(flows.Begin, "").press(flows.Closed).in(Cancelled)
	s.command(flows.Begin, "i").press(flows.Cancel).in(Cancelled)
	s.command(flows.Begin, "i").press(flows.Closed).in(Cancelled)
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
	s.give(searching("i")).see("pick")
	away(func() { s.give(flows.Event{Kind: flows.Pick, Row: 1}).see("pick").in(AwaitingPick) })
	s.give(flows.Event{Kind: flows.Pick, Row: 1}).see("person").press(flows.Confirm).see("authenticate")
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

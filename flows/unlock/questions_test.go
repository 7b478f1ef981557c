package unlock

import (
	"context"
	"strconv"
	"strings"
	"time"

	"latchkey/bot"
	"latchkey/flows"
)

// questionsStory: each answer is judged by itself, what was right stands
// without its answer, and X right ones pass the type.
func questionsStory(s *stage) {
	s.enroll(bot.SecurityQuestions)
	s.w.Agents.Helpdesk.Questions = 2
	s.toProof().give(flows.Event{Kind: flows.ChooseType, Type: bot.SecurityQuestions}).see("questions")
	s.answer("", "", "").see("questions")
	s.shows("Type at least one answer.")
	s.answer("answer 0", "wrong", "").see("questions").in(AwaitingProof)
	s.shows("Answered right: question 0?", "Not right. 4 tries are left.")
	if text := said(s.page); strings.Contains(text, "answer 0") {
		s.t.Fatalf("an answer is on the page: %s", text)
	}
	s.press(flows.Overview).see("authenticate")
	s.shows("1 of 2 answered right")
	s.give(flows.Event{Kind: flows.ChooseType, Type: bot.SecurityQuestions}).see("questions")
	s.answer("", "\x01", "Answer  2").see("authenticate")
	s.shows("Passed: security questions.")
	s.press(flows.Next).see("unlock")
}

// lockoutStory: wrong values lock authentication out, which page Authenticate
// says with its end; who has the permission clears it.
func lockoutStory(s *stage) {
	s.enroll(bot.SecurityQuestions)
	s.toProof().give(flows.Event{Kind: flows.ChooseType, Type: bot.SecurityQuestions}).see("questions")
	s.answer("wrong", "wrong", "wrong").see("questions")
	s.answer("wrong", "wrong", "wrong").see("type_refused")
	s.shows("This does not change the lock of the account in the directory.")
	s.press(flows.Overview).see("authenticate")
	s.shows("is locked out after wrong values")
	s.press(flows.Clear).see("authenticate")
	if strings.Contains(said(s.page), "locked out") {
		s.t.Fatalf("still locked out: %s", said(s.page))
	}
	s.give(flows.Event{Kind: flows.ChooseType, Type: bot.SecurityQuestions}).see("questions")
	s.answer("answer 0", "answer 1", "answer 2").see("authenticate")
}

// notClearedStory: without the permission the lockout stays.
func notClearedStory(s *stage) {
	s.enroll(bot.SecurityQuestions)
	s.toProof().give(flows.Event{Kind: flows.ChooseType, Type: bot.SecurityQuestions}).see("questions")
	s.answer("wrong", "wrong", "wrong").answer("wrong", "wrong", "wrong").see("type_refused")
	s.w.Agents.Permissions = []bot.Permission{bot.UnlockAnyAccount}
	s.press(flows.Clear).see("type_refused")
	s.shows("lacks the permission")
	s.press(flows.Overview).see("authenticate")
	s.shows("is locked out after wrong values")
}

// chatStory: the digits are on the agent's page alone, and in no record; the
// user's answer changes that page.
func chatStory(s *stage) {
	s.chatty()
	s.toProof().give(flows.Event{Kind: flows.ChooseType, Type: bot.Chat}).see("send")
	s.give(flows.Event{Kind: flows.SendCode, Type: bot.Chat, View: "V1"}).see("digits")
	digits := s.digits()
	r, _ := s.record()
	if strings.Contains(string(r.Body), digits) || strings.Contains(said(r.Page), digits[:3]) {
		s.t.Fatalf("the record holds the digits")
	}
	s.shows("Say first: " + s.w.Pushes.Sent()[0].Phrase)
	s.code(bot.Chat, digits).see("authenticate").in(AwaitingProof) // the agent cannot enter them
	s.give(flows.Event{Kind: flows.SendCode, Type: bot.Chat}).see("digits")
	push := s.w.Pushes.Sent()[1].Push
	s.userEnters(push, "000 000")
	s.userEnters(push, wrongDigits(s.digits()))
	s.shows("The user has entered other digits. 4 tries are left.")
	s.userEnters(push, s.digits()).see("authenticate")
	if got := s.mem.shown[len(s.mem.shown)-1]; got.view != "V1" || got.page.ID != "authenticate" {
		s.t.Fatalf("shown in %q: %q", got.view, got.page.ID)
	}
	s.press(flows.Next).see("unlock")
}

// chatOverStory: five wrong entries end the challenge.
func chatOverStory(s *stage) {
	s.chatty()
	s.w.Users.Authentication.Lockout.Failures = 50
	s.toProof().give(flows.Event{Kind: flows.SendCode, Type: bot.Chat}).see("digits")
	push := s.w.Pushes.Sent()[0].Push
	for range 5 {
		s.userEnters(push, wrongDigits(s.digitsOr("123456")))
	}
	s.see("over").in(AwaitingProof)
}

// notMeStory: the user's word ends the case, on page Authenticate and on page
// Unlock, and freezes both modes until somebody with the permission lifts it.
func notMeStory(s *stage) {
	s.chatty()
	s.toProof().give(flows.Event{Kind: flows.SendCode, Type: bot.Chat}).see("digits")
	s.userDenies(s.w.Pushes.Sent()[0].Push).see("denied").in(Refused)
	s.w.Agents.Helpdesk = bot.HelpdeskPolicy{Mode: bot.UnrestrictedMode}
	s.command(flows.Begin, "mei").see("refused").in(Refused)
	s.shows("it was not he who asked")
	s.press(flows.Lift).see("lifted").in(Refused)
	s.command(flows.Begin, "mei").see("authenticate").press(flows.Skip).see("unlock")
	s.give(flows.Event{Kind: flows.Back})
	s.userDenies(s.w.Pushes.Sent()[0].Push).see("denied").in(Refused)
	s.w.Agents.Permissions = []bot.Permission{bot.UnlockAnyAccount}
	s.command(flows.Begin, "mei").see("refused")
	s.press(flows.Lift).see("lifted")
	s.shows("Not lifted")
}

// selfStory: a locked user proves what his own role asks for, and unlocks
// himself; the chat is no proof.
func selfStory(s *stage) {
	s.chatty()
	e := s.enroll(bot.Authenticator)
	s.w.Users.Permissions = []bot.Permission{bot.UnlockMyAccount}
	s.w.Users.Authentication.Enforced = []bot.Type{bot.Authenticator}
	s.as = meiChat(s)
	s.command(flows.BeginMe, "").see("authenticate").in(AwaitingProof)
	if text := said(s.page); strings.Contains(text, "Chat") || strings.Contains(text, "History") {
		s.t.Fatalf("not for oneself: %s", text)
	}
	s.give(flows.Event{Kind: flows.Skip, Type: bot.Chat}).see("authenticate")
	s.give(flows.Event{Kind: flows.ChooseType, Type: bot.Authenticator}).see("code")
	s.code(bot.Authenticator, s.w.Right(e)).see("authenticate")
	s.press(flows.Next).see("unlock")
	s.give(flows.Event{Kind: flows.Unlock, Rows: []int{0}}).see("done").in(Done)
	s.command(flows.BeginMe, "").see("refused")
	s.shows("Your account is not locked")
	s.as = bot.Chatter{}
}

// chatty binds Mei's chat, and enrolls her, since chat makes nobody enrolled.
func (s *stage) chatty() {
	s.t.Helper()
	s.enroll(bot.Email)
	r := bot.Record{ID: s.w.IDs.New(), Action: bot.ActionBind, Status: bot.StatusSuccess, Client: bot.ClientCommandLine}
	r.Operation = r.ID
	if err := s.w.Ledger.Bind(context.Background(), meiChat(s), s.w.Mei, r); err != nil {
		s.t.Fatalf("binding: %v", err)
	}
	s.w.Clock.Move(s.w.Policy.EnrollmentMinAge) // a binding is too new before
	s.w.Corp.Change(s.w.Mei, func(a *bot.Account) {
		a.Lock = bot.Lock{State: bot.Locked, Value: s.w.IDs.New(), Since: s.w.Clock.Now().Add(-time.Minute)}
	})
}

func meiChat(s *stage) bot.Chatter {
	return bot.Chatter{Platform: "slack", Tenant: "T1", User: "M-" + s.w.Mei.GUID}
}

// answer types answers to the questions that are still open.
func (s *stage) answer(typed ...string) *stage {
	s.t.Helper()
	fields := make(map[string]string)
	for i, a := range typed {
		fields[fieldAnswer+strconv.Itoa(i)] = a
	}
	return s.give(flows.Event{Kind: flows.Verify, Type: bot.SecurityQuestions, Fields: fields})
}

func (s *stage) shows(words ...string) {
	s.t.Helper()
	for _, w := range words {
		if !strings.Contains(said(s.page), w) {
			s.t.Fatalf("%q is not on the page: %s", w, said(s.page))
		}
	}
}

// digits reads them from the agent's page.
func (s *stage) digits() string {
	s.t.Helper()
	for _, b := range s.page.Blocks {
		if b.Text != nil && b.Text.ID == digitsShown {
			return strings.ReplaceAll(b.Text.Said.Plain(), " ", "")
		}
	}
	s.t.Fatalf("no digits on the page: %s", said(s.page))
	return ""
}

func (s *stage) digitsOr(other string) string {
	if s.page.ID != "digits" {
		return other
	}
	return s.digits()
}

func wrongDigits(right string) string {
	if right[0] == '9' {
		return "8" + right[1:]
	}
	return "9" + right[1:]
}

// userEnters is what the user's own record does, and tells the agent's.
func (s *stage) userEnters(p bot.Push, typed string) *stage {
	s.t.Helper()
	return s.user(p, func(f bot.Facts) (flows.EventKind, any, error) {
		v, err := s.w.Verifier().Answered(context.Background(), f, meiChat(s), p.Challenge, typed)
		return flows.UserAnswered, v, err
	})
}

func (s *stage) userDenies(p bot.Push) *stage {
	s.t.Helper()
	return s.user(p, func(f bot.Facts) (flows.EventKind, any, error) {
		held, err := s.w.Keeper().NotMe(context.Background(), f, meiChat(s))
		return flows.UserDenied, held, err
	})
}

func (s *stage) user(p bot.Push, do func(bot.Facts) (flows.EventKind, any, error)) *stage {
	s.t.Helper()
	f, err := s.w.Desk().Facts(context.Background(), p.Case)
	if err != nil {
		s.t.Fatalf("the user's side: %v", err)
	}
	kind, found, err := do(f)
	if err != nil {
		s.t.Fatalf("the user's side: %v", err)
	}
	id := idOf(s.page.Token)
	if err := s.d.Tell(context.Background(), id, kind, found); err != nil {
		s.t.Fatalf("telling the agent: %v", err)
	}
	s.give(flows.Event{Kind: flows.Look})
	return s
}

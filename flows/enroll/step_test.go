package enroll

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"latchkey/bot"
	"latchkey/bot/bottest"
	"latchkey/flows"
)

func states() []flows.State {
	return []flows.State{"", AwaitingChoice, AwaitingAccount, AwaitingProof, AwaitingAddress, AwaitingCode, AwaitingApp, AwaitingAnswers, Cancelled, "awaitingproof"}
}

func findings() []flows.EventKind {
	return []flows.EventKind{ownRead, prepared, opened, judged, sent, linkOpened, finished, changed, othersRead, otherSide, flows.Failed}
}

func recordIn(s flows.State) flows.Record {
	r := flows.Record{ID: "s1", State: s, Page: pageReading()}
	if s != "" {
		r.Body = json.RawMessage(`{"do":"add","type":"mobile","proof":"p1","challenge":"c1","by":"email","ways":[{"type":"email"}]}`)
	}
	return r
}

// What a state does not know is Invalid, and never counts as something else;
// what says it is a finding, and is none, is Invalid, too.
func TestUnknownEvents(t *testing.T) {
	c := &Conversation{}
	people := []flows.EventKind{flows.BeginEnroll, flows.Begin, flows.Add, flows.Change, flows.Remove, flows.SetAddress, flows.SetAnswers, flows.Renew, flows.Propose, flows.Link, flows.Unlink,
		flows.SendCode, flows.ChooseType, flows.Verify, flows.Overview, flows.Back, flows.Unlock, flows.Next, flows.Skip, "", "odd"}
	for _, s := range states() {
		for _, k := range append(people, findings()...) {
			h := flows.Happening{Kind: k, Event: flows.Event{Type: bot.Email}, Now: shown}
			m, err := c.Step(recordIn(s), h)
			found := isFinding(k)
			if (!c.Table().Knows(s, k) || found) && (bot.KindOf(err) != bot.Invalid || m.Effect != nil) {
				t.Errorf("%q on %q: effect %v, error %v", s, k, m.Effect, err)
			}
			row := k == flows.Link || k == flows.Unlink // has a test of its own
			if c.Table().Knows(s, k) && !found && !row && err != nil {
				t.Errorf("%q on %q: %v", s, k, err)
			}
		}
	}
}

func isFinding(k flows.EventKind) bool {
	return slices.Contains(findings(), k)
}

// A step changes nothing of what it is given, and gives the same for the same.
func TestStepIsPure(t *testing.T) {
	c := &Conversation{}
	for _, a := range table() {
		if isFinding(a.On) || a.On == flows.Link || a.On == flows.Unlink { // the row has a test of its own
			continue
		}
		r := recordIn(a.From)
		before, _ := json.Marshal(r)
		h := flows.Happening{Kind: a.On, Event: flows.Event{Type: bot.Email, Fields: map[string]string{fieldCode: "1"}}, Now: shown}
		one, err1 := c.Step(r, h)
		two, err2 := c.Step(r, h)
		if err1 != nil || err2 != nil {
			t.Errorf("%v: %v, %v", a, err1, err2)
			continue
		}
		if diff := cmp.Diff(one.Record, two.Record); diff != "" || !reflect.DeepEqual(one.Effect, two.Effect) {
			t.Errorf("%v: two steps differ:\n%s", a, diff)
		}
		if after, _ := json.Marshal(r); string(after) != string(before) {
			t.Errorf("%v changed the record", a)
		}
	}
}

// Every arrow of the table is taken by an honest or an unlucky person.
func TestEveryArrowIsTaken(t *testing.T) {
	s := newStage(t)
	limits := &s.w.Policy.Limits
	limits.CodesPerHour, limits.WrongPerDay = 1000, 1000
	s.w.Users.Authentication.Lockout.Failures = 0
	away := bot.E(bot.Unavailable, "reach", nil)
	begin := func() *stage { // with the proof given
		return s.begin().press(flows.Add, bot.Mobile).press(flows.SendCode, bot.Email).code(bot.Email, s.w.Mail.Code()).see("enroll_address")
	}
	s.begin().press(flows.Overview, "").press(flows.Change, bot.Mobile).press(flows.Closed, "")
	s.begin().press(flows.Cancel, "")
	s.begin().press(flows.Add, bot.Mobile).press(flows.SendCode, bot.Email).code(bot.Email, "").press(flows.Back, "").press(flows.Overview, "")
	s.w.Mail.Fail(away)
	s.press(flows.Add, bot.Mobile).press(flows.SendCode, bot.Email).see("enroll_ways", "does not answer")
	s.w.Mail.Fail(nil)
	s.press(flows.Closed, "")
	s.begin().press(flows.Add, bot.Mobile).press(flows.Cancel, "")

	begin().fill(flows.SetAddress, bot.Mobile, fieldAddress, "x").press(flows.Overview, "")
	begin().press(flows.Closed, "")
	begin().press(flows.Cancel, "")
	begin()
	limits.WrongPerDay = 0
	s.fill(flows.SetAddress, bot.Mobile, fieldAddress, "+4915123450001").see("enroll_stopped")
	limits.WrongPerDay = 1000
	for _, then := range []flows.EventKind{flows.Overview, flows.Closed, flows.Cancel, flows.Back, flows.SendCode} {
		begin().fill(flows.SetAddress, bot.Mobile, fieldAddress, "+4915123450001").see("enroll_new_code").press(then, bot.Mobile)
	}
	s.see("enroll_new_code").code(bot.Mobile, "").see("enroll_new_code")
	s.w.Texts.Fail(away)
	s.press(flows.SendCode, bot.Mobile).see("enroll_new_code", "does not answer")
	s.w.Texts.Fail(nil)
	s.press(flows.SendCode, bot.Mobile).code(bot.Mobile, s.w.Texts.Code()).see("enrollments", "Mobile is enrolled")

	app := func() *stage {
		return s.begin().press(flows.Add, bot.Authenticator).press(flows.SendCode, bot.Email).code(bot.Email, s.w.Mail.Code()).see("enroll_app")
	}
	for _, then := range []flows.EventKind{flows.Overview, flows.Closed, flows.Cancel} {
		app().press(then, "")
	}
	app()
	s.mem.away = away
	s.press(flows.Renew, "").see("enroll_app", "does not answer")
	s.mem.away = nil
	s.press(flows.Renew, "").code(bot.Authenticator, "1")
	shown, err := s.n.Reveal(t.Context(), s.link()[len("https://latchkey.example.com/e/"):])
	if err != nil {
		t.Fatal(err)
	}
	s.code(bot.Authenticator, bottest.TOTP(shown.Seed, s.w.Clock.Now())).see("enrollments")

	answers := func() *stage {
		return s.begin().press(flows.Add, bot.SecurityQuestions).press(flows.SendCode, bot.Email).code(bot.Email, s.w.Mail.Code()).see("enroll_answers")
	}
	for _, then := range []flows.EventKind{flows.Overview, flows.Closed, flows.Cancel} {
		answers().press(then, "")
	}
	answers().fill(flows.SetAnswers, "").see("enroll_answers")
	s.fill(flows.SetAnswers, "", "pick.1", "1", "answer.1", "Elm Row", "pick.2", "2", "answer.2", "Rex").see("enrollments")

	s.press(flows.Remove, bot.SecurityQuestions).press(flows.SendCode, bot.Email).code(bot.Email, s.w.Mail.Code()).see("enrollments", "removed")
	s.wait()
	s.begin().press(flows.Remove, bot.Mobile).press(flows.ChooseType, bot.Authenticator).press(flows.Closed, "")
	s.alone()
	mobile, app2 := s.held()[bot.Mobile], s.there(bot.Authenticator)
	link := func() *stage { return s.begin().press(flows.Propose, "").see("enroll_accounts") }
	link().press(flows.Closed, "")
	link().press(flows.Cancel, "")
	link().press(flows.Overview, "")
	s.w.Lab.Change(s.w.MeiLab, func(a *bot.Account) { a.Disabled = true })
	link().press(flows.Overview, "")
	s.w.Lab.Change(s.w.MeiLab, func(a *bot.Account) { a.Disabled = false })
	link()
	s.w.Lab.Change(s.w.MeiLab, func(a *bot.Account) { a.Disabled = true })
	s.give(flows.Event{Kind: flows.Link, Row: 1}).see("enroll_accounts", "not to be had")
	s.w.Lab.Change(s.w.MeiLab, func(a *bot.Account) { a.Disabled = false })
	s.give(flows.Event{Kind: flows.Link, Row: 1}).press(flows.SendCode, mobile.Type).code(mobile.Type, s.w.Texts.Code())
	s.press(flows.ChooseType, bot.Authenticator).code(bot.Authenticator, s.w.Right(app2)).see("enrollments", "Linked")
	link().give(flows.Event{Kind: flows.Unlink, Row: 1})
	for _, a := range table() {
		if a == (flows.Transition{From: AwaitingProof, On: linkOpened, To: AwaitingProof}) {
			continue // between the proof and the link, another replica has reached the limit
		}
		if !s.taken[a] {
			t.Errorf("nobody takes %s on %s to %s", a.From, a.On, a.To)
		}
	}
}

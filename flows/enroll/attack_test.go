package enroll

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/bot"
	"latchkey/bot/bottest"
	"latchkey/flows"
)

// self is Mei with the proof of the page that stands.
func (s *stage) self() bot.Self {
	s.t.Helper()
	var b body
	if err := json.Unmarshal(s.stored().Body, &b); err != nil {
		s.t.Fatal(err)
	}
	return bot.Self{Account: s.w.Mei, Chat: s.chat, Workspace: "T1", Proof: b.Proof}
}

// A proof counts once, also for somebody who brings an older session record
// back: the ledger knows that it was used.
func TestProofCountsOnce(t *testing.T) {
	s := newStage(t)
	s.admin(bot.Email)
	s.admin(bot.Mobile)
	s.begin().press(flows.Remove, bot.Mobile).press(flows.SendCode, bot.Email)
	me := s.self()
	s.code(bot.Email, s.w.Mail.Code()).see("enrollments", "Mobile is removed")
	if _, err := s.n.Remove(t.Context(), me, bot.Email); bot.KindOf(err) != bot.Conflict {
		t.Errorf("a second change by the same proof: %v", err)
	}
	if _, err := s.n.SetAnswers(t.Context(), me, bot.Adding, []bot.Answered{{Question: "Which book have you read twice?", Answer: "Middlemarch"}, {Question: "In which street did you grow up?", Answer: "Elm Row"}}); bot.KindOf(err) != bot.Conflict {
		t.Errorf("another change by the same proof: %v", err)
	}
	if _, ok := s.held()[bot.Email]; !ok || len(s.held()) != 1 {
		t.Errorf("left: %v", s.held())
	}
}

// Ten minutes after it was given, a proof is over.
func TestProofRunsOut(t *testing.T) {
	s := newStage(t)
	s.first()
	s.wait()
	s.begin().press(flows.Add, bot.Email).press(flows.SendCode, bot.Mobile).code(bot.Mobile, s.w.Texts.Code()).see("enroll_address")
	me := s.self()
	s.w.Clock.Move(10*time.Minute + time.Second)
	if _, err := s.n.SendNew(t.Context(), me, bot.Adding, bot.Email, "mei@home.example"); bot.KindOf(err) != bot.Expired {
		t.Errorf("ten minutes later: %v", err)
	}
}

// Without a proof, or with one of somebody else's, nothing is changed.
func TestNoProof(t *testing.T) {
	s := newStage(t)
	s.admin(bot.Email)
	ctx := t.Context()
	s.begin().press(flows.Remove, bot.Email)
	none := s.self()
	s.press(flows.SendCode, bot.Email).code(bot.Email, "000000")
	other := none
	other.Account = s.w.Omar
	for name, me := range map[string]bot.Self{"begun": none, "no proof": {Account: s.w.Mei, Chat: s.chat}, "another person": other} {
		if _, err := s.n.Remove(ctx, me, bot.Email); err == nil {
			t.Errorf("%s: removed", name)
		}
		if _, err := s.n.OpenSeed(ctx, me, bot.Adding, ""); err == nil {
			t.Errorf("%s: a seed was drawn", name)
		}
		if _, err := s.n.SendNew(ctx, me, bot.Adding, bot.Mobile, "+4915123450002"); err == nil {
			t.Errorf("%s: a code was sent", name)
		}
		if _, _, err := s.n.FinishAddress(ctx, me, bot.Adding, bot.Mobile, bot.NewAddress{Enrollment: "x", Contact: []byte("x")}, "123456"); err == nil {
			t.Errorf("%s: enrolled", name)
		}
	}
	if len(s.held()) != 1 || len(s.w.Texts.Letters()) != 0 {
		t.Errorf("changed: %v", s.held())
	}
}

// What proved a change proves no unlock: not to an agent, and not to the user
// himself, whatever session they name.
func TestProofIsNoneForAnUnlock(t *testing.T) {
	s := newStage(t)
	s.begin().press(flows.Add, bot.Mobile).press(flows.SendCode, bot.Email)
	me := s.self()
	s.code(bot.Email, s.w.Mail.Code()).see("enroll_address")
	if _, err := s.w.Enroll(t.Context(), s.w.Mei, bot.Email); err != nil {
		t.Fatal(err)
	}
	s.w.Corp.Change(s.w.Mei, func(a *bot.Account) { a.Lock = bot.Lock{State: bot.Locked, Value: "9"} })
	for name, c := range map[string]bot.Case{
		"an agent, in the proof's session": {Session: me.Proof, Chat: s.w.DanaChat, Agent: s.w.Dana, Target: s.w.Mei, Proceed: true},
		"himself, in the proof's session":  {Session: me.Proof, Chat: s.chat, Agent: s.w.Mei, Target: s.w.Mei, Proceed: true, Self: true},
	} {
		f, err := s.w.Desk().Facts(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		if len(f.Evidence) == 0 {
			t.Fatalf("%s: there is no evidence, so nothing was tried", name)
		}
		if d := bot.Decide(f); d.Page == bot.PageUnlock || len(d.Verified) > 0 {
			t.Errorf("%s: %s, verified %v", name, d.Page, d.Verified)
		}
	}
}

// Wrong values count for the account, here as at the helpdesk: the role's
// lockout ends both.
func TestLockoutCountsHere(t *testing.T) {
	s := newStage(t)
	s.admin(bot.Authenticator)
	s.begin().press(flows.Remove, bot.Authenticator).press(flows.ChooseType, bot.Authenticator)
	for range 4 {
		s.code(bot.Authenticator, "000000").see("enroll_proof")
	}
	s.code(bot.Authenticator, "000000").see("enroll_stopped", "possible again")
	s.begin().press(flows.Remove, bot.Authenticator).press(flows.ChooseType, bot.Authenticator).see("enroll_stopped")
	standing, err := s.l.Standing(t.Context(), s.w.Mei, s.w.Clock.Now(), 100)
	if err != nil || !standing.LockedOutUntil.After(s.w.Clock.Now()) || standing.WrongToday != 5 {
		t.Errorf("the account stands at %+v, %v", standing, err)
	}
}

// The first proof is counted, too, though it is of no enrollment.
func TestFirstProofIsCounted(t *testing.T) {
	s := newStage(t)
	s.begin().press(flows.Add, bot.Authenticator).press(flows.SendCode, bot.Email)
	for range 4 {
		s.code(bot.Email, "000000")
	}
	s.code(bot.Email, "000000").see("enroll_stopped")
	s.begin().press(flows.Add, bot.Authenticator).press(flows.SendCode, bot.Email).see("enroll_stopped")
}

// Who may not: no permission, locked, disabled. Asked at every event.
func TestAdmission(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*stage)
		want   flows.PageID
	}{
		"no permission": {func(s *stage) { s.w.Users.Permissions = nil }, "refused_no_enroll"},
		"locked": {func(s *stage) {
			s.w.Corp.Change(s.w.Mei, func(a *bot.Account) { a.Lock = bot.Lock{State: bot.Locked, Value: "1"} })
		}, "refused_agent_locked"},
		"disabled": {func(s *stage) { s.w.Corp.Change(s.w.Mei, func(a *bot.Account) { a.Disabled = true }) }, "refused_agent_disabled"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			s.admin(bot.Email)
			s.begin().press(flows.Remove, bot.Email).press(flows.SendCode, bot.Email)
			me, code := s.self(), s.w.Mail.Code()
			c.change(s)
			s.code(bot.Email, code).see(c.want)
			if v, err := s.n.Prove(t.Context(), me, bot.Email, "any", code); bot.KindOf(err) != bot.Denied {
				t.Errorf("the core takes it: %+v, %v", v, err)
			}
			s.begin().see(c.want)
			if len(s.held()) != 1 {
				t.Error("removed")
			}
		})
	}
}

// What the store does not use, what nobody can be sent to, and what has no page
// is offered to nobody, and refused to whoever asks.
func TestWhatIsNotOffered(t *testing.T) {
	s := newStage(t)
	s.w.Policy.Stores[0].Types = []bot.Type{bot.Email, bot.Mobile, bot.Authenticator, bot.Chat}
	s.n.Public = ""
	delete(s.n.Couriers, bot.Mobile)
	s.begin().see("enrollments", "no public address", "No gateway of text messages is configured", "this chat is bound to your account")
	for _, b := range s.page.Blocks {
		if b.Row != nil && b.Row.Button != nil && b.Row.Button.Type != bot.Email {
			t.Errorf("%s is offered", b.Row.Button.Type)
		}
	}
	for _, kind := range []bot.Type{bot.Mobile, bot.Authenticator, bot.SecurityQuestions} {
		s.press(flows.Add, kind).see("enrollments", "Nothing was changed")
	}
	for _, kind := range []bot.Type{bot.Chat, "fingerprint", ""} {
		s.send(flows.Event{Kind: flows.Add, Type: kind, Token: s.page.Token})
		if bot.KindOf(s.err) != bot.Denied {
			t.Errorf("%q: %v", kind, s.err)
		}
	}
}

// No mail address in the directory: an administrator has to begin.
func TestNoFirstWay(t *testing.T) {
	s := newStage(t)
	s.w.Corp.Change(s.w.Mei, func(a *bot.Account) { a.Mail = "" })
	s.begin().press(flows.Add, bot.Mobile).see("enroll_ways", "An administrator has to begin")
}

// Of two replicas that change at the same moment, by proofs of their own, one
// adds and the other is told.
func TestTwoAtOnce(t *testing.T) {
	s := newStage(t)
	type proof struct {
		me bot.Self
		a  bot.NewAddress
		c  string
	}
	var proofs []proof
	for range 2 {
		s.begin().press(flows.Add, bot.Mobile).press(flows.SendCode, bot.Email).code(bot.Email, s.w.Mail.Code())
		me := s.self()
		a, err := s.n.SendNew(t.Context(), me, bot.Adding, bot.Mobile, "+4915123450001")
		if err != nil {
			t.Fatal(err)
		}
		proofs = append(proofs, proof{me, a, s.w.Texts.Code()})
	}
	errs := make(chan error, 2)
	for _, p := range proofs {
		go func() {
			v, _, err := s.n.FinishAddress(context.Background(), p.me, bot.Adding, bot.Mobile, p.a, p.c)
			if err == nil && !v.Passed {
				err = bot.Ef(bot.Internal, "finish", "%+v", v)
			}
			errs <- err
		}()
	}
	first, second := bot.KindOf(<-errs), bot.KindOf(<-errs)
	if kinds := []bot.Kind{first, second}; !slices.Contains(kinds, "") || !slices.Contains(kinds, bot.Conflict) {
		t.Errorf("ended as %q and %q", first, second)
	}
}

// No secret stands in what a session keeps: no code, no address, no answer.
func TestRecordsHoldNoSecret(t *testing.T) {
	s := newStage(t)
	s.begin().press(flows.Add, bot.Email).press(flows.SendCode, bot.Email)
	codes := []string{s.w.Mail.Code()}
	s.code(bot.Email, codes[0])
	s.fill(flows.SetAddress, bot.Email, fieldAddress, "canary.address@home.example")
	codes = append(codes, s.w.Mail.Code())
	for id, k := range s.mem.records {
		for _, secret := range append(codes, "canary.address") {
			// The sealing of the tests hides nothing, so the contact is looked at apart.
			if data := strings.ReplaceAll(string(k.data), encoded(s), ""); strings.Contains(data, secret) {
				t.Errorf("record %s holds %q", id, secret)
			}
		}
	}
	for _, r := range s.history() {
		if data, _ := json.Marshal(r); strings.Contains(string(data), "canary") || strings.Contains(string(data), codes[1]) {
			t.Errorf("history: %s", data)
		}
	}
}

func encoded(s *stage) string {
	var b body
	if err := json.Unmarshal(s.stored().Body, &b); err != nil {
		s.t.Fatal(err)
	}
	data, _ := json.Marshal(b.Contact)
	return string(data)
}

// Redis gone for seeds: said, and no try is spent.
func TestSeedsAway(t *testing.T) {
	s := newStage(t)
	s.begin().press(flows.Add, bot.Authenticator).press(flows.SendCode, bot.Email).code(bot.Email, s.w.Mail.Code()).see("enroll_app")
	s.mem.away = bot.E(bot.Unavailable, "read seed", nil)
	s.code(bot.Authenticator, "123456").see("enroll_app", "does not answer")
	s.mem.away = nil
	s.mem.seeds = map[string]kept{}
	s.code(bot.Authenticator, "123456").see("enroll_new_over", "New link")
	s.press(flows.Renew, "").see("enroll_app")
	shown, err := s.n.Reveal(t.Context(), s.link()[len("https://latchkey.example.com/e/"):])
	if err != nil {
		t.Fatal(err)
	}
	s.code(bot.Authenticator, bottest.TOTP(shown.Seed, s.w.Clock.Now())).see("enrollments", "Authenticator is enrolled")
}

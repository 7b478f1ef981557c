package bot_test

import (
	"strings"
	"testing"
	"time"

	"latchkey/bot"
	"latchkey/bot/bottest"
)

// proving is a case on Mei, with one type open.
type proving struct {
	*office
	c bot.Case
	e bot.Enrollment
	bot.Opened
}

func openProving(t *testing.T, typ bot.Type) *proving {
	t.Helper()
	o := openOffice(t)
	p := &proving{office: o, c: o.Case("s1"), e: o.enroll(o.Mei, typ)}
	p.Opened = o.open(p.c, typ)
	if p.Challenge == "" || p.Opened.Refused != "" {
		t.Fatalf("not opened: %+v", p.Opened)
	}
	return p
}

func (p *proving) say(typed string) bot.Verdict {
	p.t.Helper()
	return p.verify(p.c, p.Challenge, p.e.Type, typed)
}

// tries gives how many values of Mei count as wrong.
func (p *proving) tries(id bot.AccountID) int {
	p.t.Helper()
	s, err := p.Ledger.Standing(p.t.Context(), id, p.Clock.Now(), 100)
	if err != nil {
		p.t.Fatal(err)
	}
	return s.WrongToday
}

func (p *proving) passed() []bot.Evidence {
	p.t.Helper()
	e, err := p.Ledger.Evidence(p.t.Context(), p.c.Session)
	if err != nil {
		p.t.Fatal(err)
	}
	return e
}

func TestRightCode(t *testing.T) {
	for _, typ := range []bot.Type{bot.Email, bot.Mobile, bot.Authenticator} {
		p := openProving(t, typ)
		if v := p.say(p.Right(p.e)); !v.Passed || v.Refused != "" {
			t.Fatalf("%s: %+v", typ, v)
		}
		ev := p.passed()
		if len(ev) != 1 || ev[0].Type != typ || ev[0].Enrollment != p.e.ID || ev[0].Target != p.Mei || ev[0].Agent != p.Dana ||
			ev[0].Session != "s1" || ev[0].Challenge != p.Challenge || !ev[0].Expires.Equal(p.Clock.Now().Add(15*time.Minute)) {
			t.Errorf("%s: evidence %+v", typ, ev)
		}
		r := p.history(bot.ActionAuthenticate)
		if len(r) != 1 || r[0].Status != bot.StatusSuccess || len(r[0].Types) != 1 || r[0].Types[0] != typ || !r[0].Helpdesk {
			t.Errorf("%s: history %+v", typ, r)
		}
		if p.tries(p.Mei) != 0 {
			t.Errorf("%s: a right value counts as wrong", typ)
		}
	}
}

// TestCodeIsUsedOnce: by whom it was overheard, it is worth nothing.
func TestCodeIsUsedOnce(t *testing.T) {
	p := openProving(t, bot.Authenticator)
	code := p.Right(p.e)
	if !p.say(code).Passed {
		t.Fatal("the right code is not")
	}
	again := p.open(p.c, bot.Authenticator)
	if v := p.verify(p.c, again.Challenge, bot.Authenticator, code); v.Passed || !v.Replayed {
		t.Errorf("the same code in a new challenge: %+v", v)
	}
	other := p.Case("s2")
	other.Agent, other.Chat = p.Finn, p.FinnChat
	finns := p.open(other, bot.Authenticator)
	if v := p.verify(other, finns.Challenge, bot.Authenticator, code); v.Passed || !v.Replayed {
		t.Errorf("the same code with another agent: %+v", v)
	}
	p.Clock.Move(-30 * time.Second)
	earlier := p.Right(p.e)
	p.Clock.Move(30 * time.Second)
	if v := p.verify(other, finns.Challenge, bot.Authenticator, earlier); v.Passed || !v.Replayed {
		t.Errorf("the code before the one that was used: %+v", v)
	}
	p.Clock.Move(30 * time.Second)
	if v := p.verify(other, finns.Challenge, bot.Authenticator, p.Right(p.e)); !v.Passed {
		t.Errorf("the next code: %+v", v)
	}

	p = openProving(t, bot.Email)
	code = p.Right(p.e)
	if !p.say(code).Passed {
		t.Fatal("the right code is not")
	}
	if v := p.say(code); v.Passed || v.Refused != bot.ChallengeOver {
		t.Errorf("a mailed code twice: %+v", v)
	}
}

func TestWrongCodes(t *testing.T) {
	for _, typ := range []bot.Type{bot.Email, bot.Mobile, bot.Authenticator} {
		p := openProving(t, typ)
		p.Users.Authentication.Lockout = bot.Lockout{}
		for n := 1; n <= 5; n++ {
			if v := p.say(p.Wrong(p.e)); v.Passed || v.Left != 5-n || v.Refused != "" {
				t.Fatalf("%s, try %d: %+v", typ, n, v)
			}
		}
		if v := p.say(p.Right(p.e)); v.Passed || v.Refused != bot.ChallengeOver {
			t.Errorf("%s, sixth try: %+v", typ, v)
		}
		if len(p.passed()) != 0 || p.tries(p.Mei) != 5 || len(p.history(bot.ActionAuthenticate)) != 5 {
			t.Errorf("%s: evidence %v, %d tries, %d records", typ, p.passed(), p.tries(p.Mei), len(p.history(bot.ActionAuthenticate)))
		}
	}
}

// TestTriesThatCostNothing: what is no code, and what we have lost.
func TestTriesThatCostNothing(t *testing.T) {
	for _, typ := range []bot.Type{bot.Email, bot.Mobile, bot.Authenticator} {
		p := openProving(t, typ)
		for _, typed := range []string{"", " ", "12345", "1234567", "12345a", "12 34 56", "-12345", "１２３", "123456\n", strings.Repeat("9", 10000)} {
			if v := p.say(typed); !v.Garbled || v.Passed {
				t.Errorf("%s: %q: %+v", typ, typed, v)
			}
		}
		wide := strings.Map(func(r rune) rune { return r - '0' + '０' }, p.Right(p.e))
		if v := p.say(wide); !v.Passed {
			t.Errorf("%s: full-width digits: %+v", typ, v)
		}
		if p.tries(p.Mei) != 0 {
			t.Errorf("%s: %d tries were spent", typ, p.tries(p.Mei))
		}
	}
	p := openProving(t, bot.Email)
	code := p.Right(p.e)
	p.Codes.Lose()
	if v := p.say(code); v.Refused != bot.ChallengeOver || p.tries(p.Mei) != 0 {
		t.Errorf("after the code book was lost: %+v, %d tries", v, p.tries(p.Mei))
	}
	p.Codes.Fail(bot.E(bot.Unavailable, "read code", nil))
	if _, err := p.Verifier().Verify(t.Context(), p.facts(p.c), p.Challenge, bot.Email, code); bot.KindOf(err) != bot.Unavailable || p.tries(p.Mei) != 0 {
		t.Errorf("with the code book away: %v, %d tries", err, p.tries(p.Mei))
	}
}

// TestNewCodeEndsTheOld, and both end by themselves.
func TestNewCodeEndsTheOld(t *testing.T) {
	p := openProving(t, bot.Email)
	first, code := p.Challenge, p.Right(p.e)
	p.Opened = p.open(p.c, bot.Email)
	if v := p.verify(p.c, first, bot.Email, code); v.Passed || v.Refused != bot.ChallengeOver {
		t.Errorf("the old code: %+v", v)
	}
	if second := p.Right(p.e); second != code {
		if v := p.verify(p.c, p.Challenge, bot.Email, code); v.Passed {
			t.Errorf("the old code in the new challenge: %+v", v)
		}
	}
	p.Clock.Move(5 * time.Minute)
	if v := p.say(p.Right(p.e)); v.Passed || v.Refused != bot.ChallengeOver {
		t.Errorf("after its five minutes: %+v", v)
	}
}

// TestChallengeIsBound to its session, agent, target and type.
func TestChallengeIsBound(t *testing.T) {
	p := openProving(t, bot.Email)
	p.enroll(p.Mei, bot.Authenticator)
	p.enroll(p.Omar, bot.Email)
	code := p.Right(p.e)
	session, agent, target := p.c, p.c, p.c
	session.Session = "s2"
	agent.Agent, agent.Chat = p.Finn, p.FinnChat
	target.Target = p.Omar
	for name, c := range map[string]bot.Case{"session": session, "agent": agent, "target": target} {
		v, err := p.Verifier().Verify(t.Context(), p.facts(c), p.Challenge, bot.Email, code)
		if bot.KindOf(err) != bot.NotFound || v.Passed {
			t.Errorf("another %s: %+v, %v", name, v, err)
		}
	}
	if v, err := p.Verifier().Verify(t.Context(), p.facts(p.c), p.Challenge, bot.Authenticator, code); bot.KindOf(err) != bot.NotFound || v.Passed {
		t.Errorf("another type: %+v, %v", v, err)
	}
	if v := p.verify(p.c, "made up", bot.Email, code); v.Passed || v.Refused != bot.ChallengeOver {
		t.Errorf("a challenge that never was: %+v", v)
	}
	if !p.say(code).Passed {
		t.Error("the code no longer passes where it belongs")
	}
}

func TestCodesSent(t *testing.T) {
	p := openProving(t, bot.Email)
	letters := p.Mail.Letters()
	if len(letters) != 1 || letters[0].To != p.e.Address || !strings.Contains(letters[0].Text, p.Right(p.e)) || !strings.Contains(letters[0].Text, "Mei Lin") {
		t.Fatalf("letters %+v", letters)
	}
	if p.Masked == p.e.Address || strings.Contains(p.Masked, "private.address") || !strings.HasSuffix(p.Masked, "@home.example") {
		t.Errorf("masked: %q", p.Masked)
	}
	p.Policy.Limits.CodesPerHour = 3
	for range 2 {
		p.open(p.c, bot.Email)
	}
	_, err := p.Verifier().Open(t.Context(), p.facts(p.Case("s2")), bot.Email, false)
	if bot.KindOf(err) != bot.Throttled || len(p.Mail.Letters()) != 3 {
		t.Errorf("fourth code in an hour: %v, %d letters", err, len(p.Mail.Letters()))
	}
	p.Clock.Move(time.Hour + time.Minute)
	p.open(p.Case("s3"), bot.Email)
}

// TestTextMessage: it goes to the phone alone, is short, and names nobody.
func TestTextMessage(t *testing.T) {
	p := openProving(t, bot.Mobile)
	sent := p.Texts.Letters()
	if len(sent) != 1 || sent[0].To != bottest.PrivateNumber || len(p.Mail.Letters()) != 0 {
		t.Fatalf("sent %+v and mailed %+v", sent, p.Mail.Letters())
	}
	text := sent[0].Text
	if !strings.Contains(text, p.Right(p.e)) || !strings.Contains(text, "5 min") || strings.Contains(text, "Mei") || len(text) > 160 {
		t.Errorf("%d bytes: %s", len(text), text)
	}
	for _, r := range text {
		if r < ' ' || r > '~' || strings.ContainsRune("^{}\\[~]|`", r) {
			t.Errorf("%q takes more than one place of GSM's alphabet", r)
		}
	}
	if p.Masked != "•••01" {
		t.Errorf("masked: %q", p.Masked)
	}
	p.Policy.Limits.CodesPerHour = 3
	p.open(p.c, bot.Mobile)
	p.enroll(p.Mei, bot.Email)
	p.open(p.c, bot.Email)
	if _, err := p.Verifier().Open(t.Context(), p.facts(p.c), bot.Mobile, false); bot.KindOf(err) != bot.Throttled || len(p.Texts.Letters()) != 2 {
		t.Errorf("the fourth code in an hour, by mail or phone: %v", err)
	}
}

// TestGatewayAway: the mail server is no other way to the phone.
func TestGatewayAway(t *testing.T) {
	p := openProving(t, bot.Mobile)
	code := p.Right(p.e)
	p.Texts.Fail(bot.Ef(bot.Invalid, "deliver", "unsubscribed"))
	if _, err := p.Verifier().Open(t.Context(), p.facts(p.c), bot.Mobile, false); bot.KindOf(err) != bot.Invalid || bot.TextOf(err) != "unsubscribed" {
		t.Errorf("the gateway's own words: %v", err)
	}
	if v := p.say(code); v.Passed || v.Refused != bot.ChallengeOver {
		t.Errorf("the code before: %+v", v)
	}
	sent := p.history(bot.ActionSendCode)
	if len(sent) != 2 || sent[1].Status != bot.StatusFailure || !strings.Contains(sent[1].Detail, "gateway") || strings.Contains(sent[1].Detail, "+49") {
		t.Errorf("history %+v", sent)
	}
	v := p.Verifier()
	delete(v.Couriers, bot.Mobile)
	if _, err := v.Open(t.Context(), p.facts(p.c), bot.Mobile, false); bot.KindOf(err) != bot.Unavailable || !strings.Contains(bot.TextOf(err), "gateway") || len(p.Mail.Letters()) != 0 {
		t.Errorf("no gateway configured: %v", err)
	}
}

// TestMailAway: no code, said at once; the one before is over.
func TestMailAway(t *testing.T) {
	p := openProving(t, bot.Email)
	code := p.Right(p.e)
	p.Mail.Fail(bot.E(bot.Unavailable, "deliver", nil))
	if _, err := p.Verifier().Open(t.Context(), p.facts(p.c), bot.Email, false); bot.KindOf(err) != bot.Unavailable {
		t.Errorf("mail server away: %v", err)
	}
	if v := p.say(code); v.Passed || v.Refused != bot.ChallengeOver {
		t.Errorf("the code before: %+v", v)
	}
	sent := p.history(bot.ActionSendCode)
	if len(sent) != 2 || sent[0].Status != bot.StatusSuccess || sent[1].Status != bot.StatusFailure || strings.Contains(sent[1].Detail, p.e.Address) {
		t.Errorf("history %+v", sent)
	}
	v := p.Verifier()
	v.Couriers = nil
	if _, err := v.Open(t.Context(), p.facts(p.c), bot.Email, false); bot.KindOf(err) != bot.Unavailable || bot.TextOf(err) == "" {
		t.Errorf("no mail configured: %v", err)
	}
	p.Mail.Fail(nil)
	p.Codes.Fail(bot.E(bot.Unavailable, "put code", nil))
	before := len(p.Mail.Letters())
	if _, err := p.Verifier().Open(t.Context(), p.facts(p.c), bot.Email, false); bot.KindOf(err) != bot.Unavailable || len(p.Mail.Letters()) != before {
		t.Errorf("code book away: %v; %d letters more", err, len(p.Mail.Letters())-before)
	}
}

// TestNothingToVerify: a refused case, and types that do not count, are not opened.
func TestNothingToVerify(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*office)
		typ    bot.Type
		want   bot.Reason
	}{
		"a type not enrolled":       {func(*office) {}, bot.Authenticator, bot.NotEnrolled},
		"no type at all":            {func(*office) {}, "", bot.NotEnrolled},
		"switched off by the store": {func(o *office) { o.Policy.Stores[0].Types = []bot.Type{bot.Mobile}; o.enroll(o.Mei, bot.Mobile) }, bot.Email, bot.NotEnrolled},
		"the agent is locked":       {func(o *office) { o.Corp.Change(o.Dana, func(a *bot.Account) { a.Lock.State = bot.Locked }) }, bot.Email, bot.AgentLocked},
		"the user is protected":     {func(o *office) { o.Corp.Put(o.account(o.Mei), "cn=admins,ou=groups,dc=corp,dc=example") }, bot.Email, bot.ProtectedTarget},
	} {
		o := openOffice(t)
		o.enroll(o.Mei, bot.Email)
		c.change(o)
		if opened := o.open(o.Case("s1"), c.typ); opened.Refused != c.want || opened.Challenge != "" {
			t.Errorf("%s: %+v, want %q", name, opened, c.want)
		}
		if v := o.verify(o.Case("s1"), "c", c.typ, "123456"); v.Refused != c.want || v.Passed {
			t.Errorf("%s: %+v, want %q", name, v, c.want)
		}
		if len(o.Mail.Letters()) != 0 {
			t.Errorf("%s: a letter went out", name)
		}
	}
}

// TestNotReadOut: what the user does not read out is judged by its own way
// alone, and an enrollment with the chat is no binding to one.
func TestNotReadOut(t *testing.T) {
	o := openOffice(t)
	o.enroll(o.Mei, bot.Email)
	o.enroll(o.Mei, bot.SecurityQuestions)
	o.enroll(o.Mei, bot.Chat)
	if opened := o.open(o.Case("s1"), bot.Chat); opened.Refused != bot.NotEnrolled || opened.Challenge != "" || len(o.Pushes.Sent()) != 0 {
		t.Errorf("chat without a binding: %+v", opened)
	}
	opened := o.open(o.Case("s1"), bot.SecurityQuestions)
	for challenge, typ := range map[string]bot.Type{opened.Asked[0].Challenge: bot.SecurityQuestions, "c": bot.Chat} {
		v, err := o.Verifier().Verify(t.Context(), o.facts(o.Case("s1")), challenge, typ, "123456")
		if bot.KindOf(err) != bot.Denied || v.Passed {
			t.Errorf("%s as a code that is read out: %+v, %v", typ, v, err)
		}
	}
}

// TestEnrolledAnew: the user was enrolled anew while the code page stood. What
// was opened is over, costs no try, and the new app proves from a new page.
func TestEnrolledAnew(t *testing.T) {
	p := openProving(t, bot.Authenticator)
	p.unenroll()
	p.e = p.enroll(p.Mei, bot.Authenticator)
	if v := p.say(p.Right(p.e)); v.Passed || v.Refused != bot.ChallengeOver || p.tries(p.Mei) != 0 {
		t.Errorf("in the old challenge: %+v, %d tries", v, p.tries(p.Mei))
	}
	p.Opened = p.open(p.c, bot.Authenticator)
	if v := p.say(p.Right(p.e)); !v.Passed {
		t.Errorf("in a new one: %+v", v)
	}
}

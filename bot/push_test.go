package bot_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"latchkey/bot"
)

// bind binds an account to a chat of its own, as an administrator does.
func (o *office) bind(id bot.AccountID, user string) bot.Chatter {
	o.t.Helper()
	chat := bot.Chatter{Platform: "slack", Tenant: "T1", User: user + o.IDs.New()}
	r := bot.Record{ID: o.IDs.New(), At: o.Clock.Now(), Action: bot.ActionBind, Status: bot.StatusSuccess, Detail: bot.ByAdministrator,
		Actor: bot.Party{Kind: bot.ActorAdministrator}, Target: bot.Party{Account: id}, Client: bot.ClientCommandLine}
	r.Operation = r.ID
	if err := o.Ledger.Bind(o.t.Context(), chat, id, r); err != nil {
		o.t.Fatal(err)
	}
	o.Clock.Move(o.Policy.EnrollmentMinAge) // it counts
	return chat
}

// pushing is a case on Mei, who is asked in the chat.
type pushing struct {
	*office
	c    bot.Case
	chat bot.Chatter // hers
	bot.Opened
	digits string
}

func openPushing(t *testing.T) *pushing {
	t.Helper()
	p := &pushing{office: openOffice(t)}
	p.c = p.Case("s1")
	p.Users.Authentication.Lockout = bot.Lockout{}
	p.enroll(p.Mei, bot.Email)
	p.chat = p.bind(p.Mei, "U")
	p.ask()
	return p
}

func (p *pushing) ask() {
	p.t.Helper()
	p.Opened = p.open(p.c, bot.Chat)
	if p.Refused != "" || p.Challenge == "" {
		p.t.Fatalf("not asked: %+v", p.Opened)
	}
	var err error
	if p.digits, err = p.Verifier().Reveal(p.Challenge, p.Sealed); err != nil || len(p.digits) != 6 {
		p.t.Fatalf("digits %q, %v", p.digits, err)
	}
}

func (p *pushing) answered(who bot.Chatter, typed string) (bot.Verdict, error) {
	return p.Verifier().Answered(p.t.Context(), p.facts(p.c), who, p.Challenge, typed)
}

// says is what Mei enters.
func (p *pushing) says(typed string) bot.Verdict {
	p.t.Helper()
	v, err := p.answered(p.chat, typed)
	if err != nil {
		p.t.Fatal(err)
	}
	return v
}

// other is six digits that are not those.
func (p *pushing) other() string {
	if p.digits == "000000" {
		return "111111"
	}
	return "000000"
}

func (p *pushing) wrongToday() int {
	p.t.Helper()
	s, err := p.Ledger.Standing(p.t.Context(), p.Mei, p.Clock.Now(), 100)
	if err != nil {
		p.t.Fatal(err)
	}
	return s.WrongToday
}

// TestDigitsInTheChat: the message goes to the user and holds no digit of them;
// entered there they are evidence of medium strength, once.
func TestDigitsInTheChat(t *testing.T) {
	p := openPushing(t)
	sent := p.Pushes.Sent()
	if len(sent) != 1 || sent[0].To != p.chat || sent[0].Challenge != p.Challenge || sent[0].Account != p.Mei || sent[0].Agent != "Dana Reyes" ||
		sent[0].Phrase == "" || sent[0].Phrase != p.Phrase || !sent[0].Expires.Equal(p.Clock.Now().Add(5*time.Minute)) {
		t.Fatalf("sent %+v", sent)
	}
	if strings.Contains(fmt.Sprintf("%+v", sent), p.digits) {
		t.Error("the message tells the digits")
	}
	if r := p.history(bot.ActionSendCode); len(r) != 1 || r[0].Status != bot.StatusSuccess || r[0].Types[0] != bot.Chat {
		t.Errorf("history %+v", r)
	}
	if v := p.says(p.digits); !v.Passed {
		t.Fatalf("the right digits: %+v", v)
	}
	f := p.facts(p.c)
	if d := bot.Decide(f); len(d.Verified) != 1 || d.Verified[0] != bot.Chat || !d.CanNext {
		t.Errorf("verified %v, next %v", d.Verified, d.CanNext)
	}
	p.Agents.Helpdesk.Assurance = bot.Medium
	if d := bot.Decide(f); !d.CanNext {
		t.Error("they are not of medium strength")
	}
	if v := p.says(p.digits); v.Passed || v.Refused != bot.ChallengeOver {
		t.Errorf("a second time: %+v", v)
	}
}

// TestDigitsOfSomebodyElse: the agent's page shows them, so that nobody but the
// user may answer, and he for this case alone.
func TestDigitsOfSomebodyElse(t *testing.T) {
	p := openPushing(t)
	stranger := p.bind(p.Omar, "O")
	p.ask() // binding took its time
	for name, who := range map[string]bot.Chatter{"the agent": p.DanaChat, "another agent": p.FinnChat, "another user": stranger, "nobody": {},
		"her id in another workspace": {Platform: "slack", Tenant: "T2", User: p.chat.User}, "her id in another chat": {Platform: "teams", Tenant: "T1", User: p.chat.User}} {
		if v, err := p.answered(who, p.digits); bot.KindOf(err) != bot.Denied || v.Passed {
			t.Errorf("%s: %+v, %v", name, v, err)
		}
	}
	agent, target := p.c, p.c
	agent.Agent, agent.Chat = p.Finn, p.FinnChat
	target.Target = p.MeiLab
	p.enroll(p.MeiLab, bot.Email)
	p.Policy.Stores[1].TrustEnrollmentOf = []string{"corp"}
	for name, c := range map[string]bot.Case{"session": p.Case("s2"), "agent": agent} {
		v, err := p.Verifier().Answered(t.Context(), p.facts(c), p.chat, p.Challenge, p.digits)
		if v.Passed || err == nil && v.Refused == "" {
			t.Errorf("with another %s: %+v, %v", name, v, err)
		}
	}
	if p.wrongToday() != 0 {
		t.Errorf("%d tries were spent", p.wrongToday())
	}
	if v, err := p.Verifier().Answered(t.Context(), p.facts(target), p.chat, p.Challenge, p.digits); v.Passed {
		t.Errorf("in a case on another account of hers: %+v, %v", v, err)
	}
	if v := p.says(p.digits); !v.Passed {
		t.Errorf("she herself: %+v", v)
	}
}

// TestDigitsRunOut: five tries, five minutes, the newest challenge, and full
// width or garbage costs nothing.
func TestDigitsRunOut(t *testing.T) {
	p := openPushing(t)
	for _, typed := range []string{"", "12345", "1234567", "12 34 56", "12345a", strings.Repeat("1", 10000)} {
		if v := p.says(typed); !v.Garbled || v.Passed {
			t.Errorf("%.20q: %+v", typed, v)
		}
	}
	for n := 1; n <= 5; n++ {
		if v := p.says(p.other()); v.Passed || v.Left != 5-n || v.Refused != "" {
			t.Fatalf("try %d: %+v", n, v)
		}
	}
	if v := p.says(p.digits); v.Passed || v.Refused != bot.ChallengeOver || p.wrongToday() != 5 {
		t.Errorf("the sixth: %+v, %d count as wrong", v, p.wrongToday())
	}
	p.ask()
	challenge, digits := p.Challenge, p.digits
	p.ask()
	if v, err := p.Verifier().Answered(t.Context(), p.facts(p.c), p.chat, challenge, digits); err != nil || v.Passed || v.Refused != bot.ChallengeOver {
		t.Errorf("in the message before: %+v, %v", v, err)
	}
	if _, err := p.Verifier().Reveal(challenge, p.Sealed); bot.KindOf(err) != bot.Internal {
		t.Errorf("the digits of one challenge as another's: %v", err)
	}
	p.Clock.Move(5 * time.Minute)
	if v := p.says(p.digits); v.Passed || v.Refused != bot.ChallengeOver {
		t.Errorf("after five minutes: %+v", v)
	}
}

// TestPushLimits: three in a case, five in an hour.
func TestPushLimits(t *testing.T) {
	p := openPushing(t)
	again := func(session string) error {
		_, err := p.Verifier().Open(t.Context(), p.facts(p.Case(session)), bot.Chat, false)
		return err
	}
	for n := 2; n <= 4; n++ {
		if err := again("s1"); (bot.KindOf(err) == bot.Throttled) != (n == 4) {
			t.Fatalf("message %d of the case: %v", n, err)
		}
	}
	for n := 4; n <= 6; n++ {
		if err := again("s2"); (bot.KindOf(err) == bot.Throttled) != (n == 6) {
			t.Fatalf("message %d of the hour: %v", n, err)
		}
	}
	if n := len(p.Pushes.Sent()); n != 5 {
		t.Errorf("%d messages went out", n)
	}
	p.open(p.Case("s3"), bot.Email) // codes are counted apart
	p.Clock.Move(time.Hour)
	if err := again("s4"); err != nil {
		t.Errorf("an hour later: %v", err)
	}
}

// TestNotPushed: what was not told is said, and the message before is over.
func TestNotPushed(t *testing.T) {
	p := openPushing(t)
	p.Pushes.Fail = bot.Ef(bot.NotFound, "push", "not on the chat")
	if _, err := p.Verifier().Open(t.Context(), p.facts(p.c), bot.Chat, false); bot.KindOf(err) != bot.NotFound {
		t.Errorf("the chat's own error: %v", err)
	}
	if v := p.says(p.digits); v.Passed || v.Refused != bot.ChallengeOver {
		t.Errorf("the digits before: %+v", v)
	}
	if r := p.history(bot.ActionSendCode); len(r) != 2 || r[1].Status != bot.StatusFailure || r[1].Detail == "" {
		t.Errorf("history %+v", r)
	}
	v := p.Verifier()
	v.Pusher = nil
	if _, err := v.Open(t.Context(), p.facts(p.c), bot.Chat, false); bot.KindOf(err) != bot.Unavailable || bot.TextOf(err) == "" {
		t.Errorf("no chat is served: %v", err)
	}
	own := p.c
	own.Agent, own.Chat, own.Self = p.Mei, p.chat, true
	if opened := p.open(own, bot.Chat); opened.Refused == "" || opened.Challenge != "" {
		t.Errorf("to herself: %+v", opened)
	}
}

// TestGreeting: at the first verification of a case the user is told in the
// chat, too, who asks and with which phrase; it counts as a message.
func TestGreeting(t *testing.T) {
	o := openOffice(t)
	o.enroll(o.Mei, bot.Email)
	chat := o.bind(o.Mei, "U")
	begin := func(c bot.Case, first bool) bot.Opened {
		opened, err := o.Verifier().Open(t.Context(), o.facts(c), bot.Email, first)
		if err != nil {
			t.Fatal(err)
		}
		return opened
	}
	opened := begin(o.Case("s1"), true)
	sent := o.Pushes.Sent()
	if len(sent) != 1 || sent[0].To != chat || sent[0].Challenge != "" || sent[0].Phrase != opened.Phrase || sent[0].Agent != "Dana Reyes" {
		t.Fatalf("sent %+v, phrase %q", sent, opened.Phrase)
	}
	begin(o.Case("s1"), false)
	if n := len(o.Pushes.Sent()); n != 1 {
		t.Errorf("greeted %d times", n)
	}
	for n := 2; n <= 4; n++ {
		if _, err := o.Verifier().Open(t.Context(), o.facts(o.Case("s1")), bot.Chat, false); (bot.KindOf(err) == bot.Throttled) != (n == 4) {
			t.Fatalf("message %d of the case: %v", n, err)
		}
	}
	begin(o.Case("s2"), true)
	begin(o.Case("s3"), true)
	late := begin(o.Case("s4"), true) // the sixth of the hour
	if n := len(o.Pushes.Sent()); n != 5 {
		t.Errorf("%d messages went out", n)
	}
	if letters := o.Mail.Letters(); late.Challenge == "" || late.Phrase == "" || !strings.Contains(letters[len(letters)-1].Text, late.Phrase) {
		t.Errorf("without a greeting: %+v", late)
	}
}

// TestGreetingLost: it costs nothing but the greeting.
func TestGreetingLost(t *testing.T) {
	o := openOffice(t)
	e := o.enroll(o.Mei, bot.Authenticator)
	first := func(v *bot.Verifier, c bot.Case) bot.Opened {
		opened, err := v.Open(t.Context(), o.facts(c), bot.Authenticator, true)
		if err != nil || opened.Challenge == "" {
			t.Fatalf("opened %+v, %v", opened, err)
		}
		return opened
	}
	if opened := first(o.Verifier(), o.Case("s1")); opened.Phrase != "" {
		t.Errorf("not on the chat, and told %q", opened.Phrase)
	}
	o.bind(o.Mei, "U")
	o.Pushes.Fail = bot.E(bot.Unavailable, "push", nil)
	opened := first(o.Verifier(), o.Case("s2"))
	if opened.Phrase != "" {
		t.Errorf("the chat is away, and told %q", opened.Phrase)
	}
	if v := o.verify(o.Case("s2"), opened.Challenge, bot.Authenticator, o.Right(e)); !v.Passed {
		t.Errorf("the code: %+v", v)
	}
	silent := o.Verifier()
	silent.Pusher = nil
	first(silent, o.Case("s3"))
	o.Pushes.Fail = nil
	if opened := first(o.Verifier(), o.Case("s4")); opened.Phrase == "" || len(o.Pushes.Sent()) != 1 {
		t.Errorf("the chat is back: %+v, %d messages", opened, len(o.Pushes.Sent()))
	}
}

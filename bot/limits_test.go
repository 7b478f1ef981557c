package bot_test

import (
	"context"
	"testing"
	"time"

	"latchkey/bot"
)

func TestAuthenticationLockout(t *testing.T) {
	p := openProving(t, bot.Authenticator)
	p.Users.Authentication.Lockout = bot.Lockout{Failures: 3, Duration: 30 * time.Minute}
	email := p.enroll(p.Mei, bot.Email)
	for range 2 {
		p.say(p.Wrong(p.e))
	}
	v := p.say(p.Wrong(p.e))
	if v.Refused != bot.AuthenticationOff || !v.Until.Equal(p.Clock.Now().Add(30*time.Minute)) {
		t.Fatalf("third wrong value: %+v", v)
	}
	if v := p.say(p.Right(p.e)); v.Passed || v.Refused != bot.AuthenticationOff {
		t.Errorf("the right value while locked out: %+v", v)
	}
	other := p.Case("s2")
	other.Agent, other.Chat = p.Finn, p.FinnChat
	for _, typ := range []bot.Type{bot.Authenticator, email.Type} { // through any type and agent
		if opened := p.open(other, typ); opened.Refused != bot.AuthenticationOff || opened.Challenge != "" {
			t.Errorf("%s for another agent: %+v", typ, opened)
		}
	}
	if len(p.Mail.Letters()) != 0 {
		t.Error("a code was sent that nobody could use")
	}
	if a := p.account(p.Mei); a.Lock.Value != "134" {
		t.Errorf("the account in the directory was touched: %+v", a.Lock)
	}
	p.Clock.Move(30 * time.Minute)
	p.c = p.Case("s3")
	p.Opened = p.open(p.c, bot.Authenticator)
	if v := p.say(p.Right(p.e)); !v.Passed {
		t.Errorf("after the lockout: %+v", v)
	}
}

// TestWrongPerDay, TestStopped and TestFleet: the limits beside the role's own.
func TestWrongPerDay(t *testing.T) {
	p := openProving(t, bot.Authenticator)
	p.Users.Authentication.Lockout, p.Policy.Limits.WrongPerDay = bot.Lockout{}, 3
	for range 3 {
		p.say(p.Wrong(p.e))
	}
	if v := p.say(p.Right(p.e)); v.Passed || v.Refused != bot.TooManyWrong || v.Until.IsZero() {
		t.Fatalf("fourth value: %+v", v)
	}
	if opened := p.open(p.Case("s2"), bot.Authenticator); opened.Refused != bot.TooManyWrong {
		t.Fatalf("in another session: %+v", opened)
	}
	p.Clock.Move(24*time.Hour + time.Minute)
	if opened := p.open(p.Case("s3"), bot.Authenticator); opened.Refused != "" {
		t.Fatalf("the next day: %+v", opened)
	}
}

func TestStopped(t *testing.T) {
	p := openProving(t, bot.Authenticator)
	p.Users.Authentication.Lockout, p.Policy.Limits.WrongInARow = bot.Lockout{}, 3
	for range 3 {
		p.say(p.Wrong(p.e))
	}
	if v := p.say(p.Right(p.e)); v.Passed || v.Refused != bot.TargetStopped {
		t.Fatalf("fourth value: %+v", v)
	}
	p.Clock.Move(240 * time.Hour)
	if opened := p.open(p.Case("s2"), bot.Authenticator); opened.Refused != bot.TargetStopped {
		t.Fatalf("ten days later: %+v", opened)
	}
}

func TestFleet(t *testing.T) {
	p := openProving(t, bot.Authenticator)
	p.Users.Authentication.Lockout, p.Policy.Limits.FleetWrongPerHour = bot.Lockout{}, 2
	for range 2 {
		p.say(p.Wrong(p.e))
	}
	o := p.Case("s2")
	o.Target = p.Omar
	e := p.enroll(p.Omar, bot.Authenticator)
	opened := p.open(o, bot.Authenticator)
	if v := p.verify(o, opened.Challenge, bot.Authenticator, p.Right(e)); v.Passed || v.Refused != bot.FleetLimit {
		t.Fatalf("somebody else's first value: %+v", v)
	}
}

// TestLimitsAreKeptAtOnce: many tries at the same moment get no more judged.
func TestLimitsAreKeptAtOnce(t *testing.T) {
	p := openProving(t, bot.Authenticator)
	p.Users.Authentication.Lockout = bot.Lockout{}
	f, wrong := p.facts(p.c), p.Wrong(p.e)
	verdicts := make(chan bot.Verdict, 12)
	for range cap(verdicts) {
		go func() {
			v, err := p.Verifier().Verify(context.Background(), f, p.Challenge, bot.Authenticator, wrong)
			if err != nil {
				t.Error(err)
			}
			verdicts <- v
		}()
	}
	judged := 0
	for range cap(verdicts) {
		if v := <-verdicts; v.Refused == "" {
			judged++
		}
	}
	if judged != 5 || p.tries(p.Mei) != 5 {
		t.Errorf("%d were judged, %d counted; a challenge has 5 tries", judged, p.tries(p.Mei))
	}
}

// TestTrustedHolder: an enrollment held by the linked account counts on that
// account's counters, whoever's case it is.
func TestTrustedHolder(t *testing.T) {
	o := openOffice(t)
	o.Policy.Stores[0].TrustEnrollmentOf = []string{"lab"}
	p := &proving{office: o, c: o.Case("s1"), e: o.enroll(o.MeiLab, bot.Authenticator)}
	p.Opened = p.open(p.c, bot.Authenticator)
	p.say(p.Wrong(p.e))
	if p.tries(o.MeiLab) != 1 || p.tries(o.Mei) != 0 {
		t.Fatalf("counted on lab %d, on corp %d", p.tries(o.MeiLab), p.tries(o.Mei))
	}
	onLab := o.Case("s2")
	onLab.Target = o.MeiLab
	opened := o.open(onLab, bot.Authenticator)
	o.Policy.Limits.WrongPerDay = 2
	o.verify(onLab, opened.Challenge, bot.Authenticator, o.Wrong(p.e))
	if v := p.say(p.Right(p.e)); v.Refused != bot.TooManyWrong {
		t.Fatalf("wrong values of the linked account do not count here: %+v", v)
	}
}

// TestLockoutOfTheHolder: it is that of the role of whoever holds the
// enrollment, where the account of another store was picked; and that of the
// picked account where the holder's role has none.
func TestLockoutOfTheHolder(t *testing.T) {
	for name, c := range map[string]struct{ holder, target int }{
		"of the holder": {2, 0}, "of the holder, not of the target": {2, 4}, "of the target": {0, 2},
	} {
		o := openOffice(t)
		o.Policy.Stores[1].TrustEnrollmentOf = []string{"corp"}
		o.Users.Authentication.Lockout.Failures = c.holder
		o.Policy.Roles = append(o.Policy.Roles, bot.Role{Name: "lab", Store: "lab", Everyone: true,
			Authentication: &bot.AuthenticationPolicy{Lockout: bot.Lockout{Failures: c.target, Duration: time.Minute}}})
		p := &proving{office: o, c: o.Case("s1"), e: o.enroll(o.Mei, bot.Authenticator)}
		p.c.Target = o.MeiLab
		p.Opened = p.open(p.c, bot.Authenticator)
		p.say(p.Wrong(p.e))
		if v := p.say(p.Wrong(p.e)); v.Refused != bot.AuthenticationOff {
			t.Errorf("%s: after two wrong values, where two are allowed: %+v", name, v)
		}
		if v := p.say(p.Right(p.e)); v.Passed || v.Refused != bot.AuthenticationOff {
			t.Errorf("%s: the right value: %+v", name, v)
		}
	}
}

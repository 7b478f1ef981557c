package bot_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/bot"
)

// notMe presses 'This is not me' in a chat, in Dana's case.
func (o *office) notMe(who bot.Chatter) (held bool, err error) {
	return o.Keeper().NotMe(o.t.Context(), o.facts(o.Case("s1")), who)
}

func (o *office) frozen() bool {
	o.t.Helper()
	return bot.Decide(o.facts(o.Case("fresh-"+o.IDs.New()))).Refused == bot.Frozen
}

// TestNotMe freezes every account of the person, for everybody and a day.
func TestNotMe(t *testing.T) {
	o := openOffice(t)
	o.Users.Permissions = []bot.Permission{bot.UnlockMyAccount}
	chat := o.bind(o.Mei, "U")
	order := bot.Order{Case: o.Case("s0"), Offer: o.offers(o.Case("s0"), o.enroll(o.Mei, bot.Email))[0].ID}
	if held, err := o.notMe(chat); err != nil || !held {
		t.Fatalf("held %v, %v", held, err)
	}
	finns := o.Case("s2")
	finns.Agent, finns.Chat, finns.Target = o.Finn, o.FinnChat, o.MeiLab
	own := bot.Case{Session: "s3", Chat: chat, Agent: o.Mei, Target: o.Mei, Self: true}
	for name, c := range map[string]bot.Case{"this agent": o.Case("s1"), "another, on the linked account": finns, "herself": own, "in unrestricted mode": o.Case("s4")} {
		if name == "in unrestricted mode" {
			o.Agents.Helpdesk.Mode = bot.UnrestrictedMode
		}
		if d := bot.Decide(o.facts(c)); d.Page != bot.PageRefused || d.Refused != bot.Frozen {
			t.Errorf("%s: page %s, refused %q", name, d.Page, d.Refused)
		}
		o.Agents.Helpdesk.Mode = bot.RestrictedMode
	}
	if done := o.unlock(order); done.Refused != bot.Frozen {
		t.Errorf("from page Unlock that stood open: %+v", done)
	}
	others := o.Case("s5")
	others.Target = o.Omar
	if d := bot.Decide(o.facts(others)); d.Refused == bot.Frozen {
		t.Error("somebody else is frozen, too")
	}
	o.Clock.Move(24*time.Hour - time.Minute)
	if !o.frozen() {
		t.Error("thawed within the day")
	}
	o.Clock.Move(time.Minute)
	if o.frozen() {
		t.Error("frozen after a day")
	}
}

// TestNotMeIsTold: to history, as the user's own word, and the audit channel.
func TestNotMeIsTold(t *testing.T) {
	o := openOffice(t)
	chat := o.bind(o.Mei, "U")
	o.notices()
	if _, err := o.notMe(chat); err != nil {
		t.Fatal(err)
	}
	r := o.history(bot.ActionNotMe)
	if len(r) != 1 || r[0].Actor.Kind != bot.ActorEndUser || r[0].Actor.Account != o.Mei || r[0].Actor.Chat != chat.String() || r[0].Helpdesk ||
		r[0].Mode != "" || r[0].Target.Account != o.Mei || !strings.Contains(r[0].Detail, "Dana Reyes") {
		t.Errorf("history %+v", r)
	}
	if n := o.notices(); len(n) != 1 || n[0].Kind != bot.NoticeAudit || n[0].Record.Action != bot.ActionNotMe {
		t.Errorf("told %+v", n)
	}
}

// TestNotMeOfSomebodyElse: above all not the agent's.
func TestNotMeOfSomebodyElse(t *testing.T) {
	o := openOffice(t)
	o.bind(o.Mei, "U")
	omars := o.bind(o.Omar, "O")
	for name, who := range map[string]bot.Chatter{"the agent": o.DanaChat, "another user": omars, "nobody": {}} {
		if held, err := o.notMe(who); bot.KindOf(err) != bot.Denied || held {
			t.Errorf("%s: %v, %v", name, held, err)
		}
	}
	if o.frozen() || len(o.history(bot.ActionNotMe)) != 0 {
		t.Error("somebody else froze her account")
	}
}

// TestNotMeThrice: nobody can keep a person out by it for longer than two days
// of a week, lifted or not; it is on record all the same.
func TestNotMeThrice(t *testing.T) {
	o := openOffice(t)
	chat := o.bind(o.Mei, "U")
	for n := 1; n <= 3; n++ {
		held, err := o.notMe(chat)
		if err != nil || held != (n < 3) || o.frozen() != (n < 3) {
			t.Fatalf("time %d: held %v, frozen %v, %v", n, held, o.frozen(), err)
		}
		if n == 1 {
			if why, err := o.Keeper().Lift(t.Context(), o.facts(o.Case("s1"))); why != "" || err != nil {
				t.Fatalf("lift: %q, %v", why, err)
			}
		}
		o.Clock.Move(25 * time.Hour)
	}
	r := o.history(bot.ActionNotMe)
	if len(r) != 3 || !strings.Contains(r[2].Detail, "not frozen") || strings.Contains(r[1].Detail, "not frozen") {
		t.Errorf("history %+v", r)
	}
	audits := slices.DeleteFunc(o.notices(), func(n bot.Notice) bool { return n.Record.Action != bot.ActionNotMe || n.Kind != bot.NoticeAudit })
	if len(audits) != 3 {
		t.Errorf("the audit channel was told %d times", len(audits))
	}
	o.Clock.Move(7 * 24 * time.Hour)
	if held, err := o.notMe(chat); err != nil || !held {
		t.Errorf("the week after: %v, %v", held, err)
	}
}

// keeping is what may lift a freeze, or clear a lockout.
type keeping struct {
	permission bot.Permission
	do         func(k *bot.Keeper, f bot.Facts) (bot.Reason, error)
	may        func(f bot.Facts) bool
}

func keepings(t *testing.T) map[string]keeping {
	return map[string]keeping{
		"lift":  {bot.LiftFreeze, func(k *bot.Keeper, f bot.Facts) (bot.Reason, error) { return k.Lift(t.Context(), f) }, bot.MayLift},
		"clear": {bot.ClearAuthenticationLockout, func(k *bot.Keeper, f bot.Facts) (bot.Reason, error) { return k.ClearLockout(t.Context(), f) }, bot.MayClear},
	}
}

// TestWhoMayKeep: each by a permission of its own, within reach, and nobody for
// himself.
func TestWhoMayKeep(t *testing.T) {
	for name, k := range keepings(t) {
		for what, c := range map[string]struct {
			change func(o *office, c *bot.Case)
			want   bot.Reason
		}{
			"with every other permission": {func(o *office, _ *bot.Case) {
				o.Agents.Permissions = slices.DeleteFunc(bot.Permissions(), func(p bot.Permission) bool { return p == k.permission })
			}, bot.NoPermission},
			"for himself": {func(o *office, c *bot.Case) { c.Target = c.Agent }, bot.OwnAccount},
			"in self-service": {func(o *office, c *bot.Case) {
				o.Corp.Put(o.account(o.Mei), "cn=helpdesk,ou=groups,dc=corp,dc=example")
				o.Corp.Change(o.Mei, func(a *bot.Account) { a.Lock.State = bot.Unlocked })
				c.Agent, c.Self = o.Mei, true
			}, bot.OwnAccount},
			"locked": {func(o *office, _ *bot.Case) {
				o.Corp.Change(o.Dana, func(a *bot.Account) { a.Lock.State = bot.Locked })
			}, bot.AgentLocked},
			"in another store":  {func(o *office, _ *bot.Case) { o.Agents.ActsOn = []string{"lab"} }, bot.OtherStore},
			"out of the place":  {func(o *office, _ *bot.Case) { o.Agents.Helpdesk.Containers = []bot.DN{"ou=guests,dc=corp,dc=example"} }, bot.OutsideReach},
			"a protected user":  {func(o *office, _ *bot.Case) { o.Corp.Put(o.account(o.Mei), "cn=admins,ou=groups,dc=corp,dc=example") }, bot.ProtectedTarget},
			"in no role at all": {func(o *office, _ *bot.Case) { o.Agents.MemberGroups = nil }, bot.NoRole},
		} {
			o := openOffice(t)
			stand := o.hindered()
			kase := o.Case("s1")
			c.change(o, &kase)
			f := o.facts(kase)
			if got, err := k.do(o.Keeper(), f); got != c.want || err != nil || k.may(f) {
				t.Errorf("%s %s: %q, %v, may %v; want %q", name, what, got, err, k.may(f), c.want)
			}
			if !stand(name) {
				t.Errorf("%s %s: it is gone", name, what)
			}
		}
	}
}

// hindered freezes Mei and locks her authentication out; what it gives says
// whether what a keeping ends is still there.
func (o *office) hindered() func(keeping string) bool {
	o.t.Helper()
	o.Users.Authentication.Lockout = bot.Lockout{Failures: 2, Duration: time.Hour}
	e, c := o.enroll(o.Mei, bot.Authenticator), o.Case("hindered")
	opened := o.open(c, bot.Authenticator)
	for range 2 {
		o.verify(c, opened.Challenge, bot.Authenticator, o.Wrong(e))
	}
	r := bot.Record{ID: o.IDs.New(), At: o.Clock.Now(), Action: bot.ActionNotMe, Status: bot.StatusSuccess, Target: bot.Party{Account: o.Mei}}
	r.Operation = r.ID
	held, err := o.Ledger.Freeze(o.t.Context(), bot.Freeze{ID: o.IDs.New(), Accounts: []bot.AccountID{o.Mei, o.MeiLab}, At: o.Clock.Now(),
		Until: o.Clock.Now().Add(time.Hour)}, 2, r)
	if err != nil || !held {
		o.t.Fatal(held, err)
	}
	return func(keeping string) bool {
		o.t.Helper()
		until, err := o.Ledger.Frozen(o.t.Context(), []bot.AccountID{o.MeiLab}, o.Clock.Now())
		s, failed := o.Ledger.Standing(o.t.Context(), o.Mei, o.Clock.Now(), 100)
		if err != nil || failed != nil {
			o.t.Fatal(err, failed)
		}
		if keeping == "lift" {
			return !until.IsZero()
		}
		return o.Clock.Now().Before(s.LockedOutUntil)
	}
}

// TestLiftAndClear: each ends its own hindrance, with a record of who did it,
// and touches nothing in the directory.
func TestLiftAndClear(t *testing.T) {
	o := openOffice(t)
	stand := o.hindered()
	lock := o.account(o.Mei).Lock
	f := o.facts(o.Case("s1"))
	if !bot.MayLift(f) || !bot.MayClear(f) {
		t.Fatal("Dana may not")
	}
	if why, err := o.Keeper().Lift(t.Context(), f); why != "" || err != nil || stand("lift") || !stand("clear") {
		t.Fatalf("lift: %q, %v; frozen %v, locked out %v", why, err, stand("lift"), stand("clear"))
	}
	if why, err := o.Keeper().ClearLockout(t.Context(), f); why != "" || err != nil || stand("clear") {
		t.Fatalf("clear: %q, %v; locked out %v", why, err, stand("clear"))
	}
	for _, action := range []bot.Action{bot.ActionLift, bot.ActionUnblock} {
		r := o.history(action)
		if len(r) != 1 || r[0].Actor.Account != o.Dana || r[0].Target.Account != o.Mei || r[0].Status != bot.StatusSuccess || !r[0].Helpdesk {
			t.Errorf("%s: history %+v", action, r)
		}
	}
	if o.account(o.Mei).Lock != lock {
		t.Error("the lock in the directory was touched")
	}
	if opened := o.open(o.Case("s2"), bot.Authenticator); opened.Refused != "" {
		t.Errorf("she cannot be authenticated: %+v", opened)
	}
	if _, err := o.Keeper().Lift(t.Context(), o.facts(o.Case("s1"))); bot.KindOf(err) != bot.NotFound {
		t.Errorf("lifted a second time: %v", err)
	}
	if why, err := o.Keeper().ClearLockout(t.Context(), o.facts(o.Case("s1"))); why != "" || err != nil || len(o.history(bot.ActionUnblock)) != 1 {
		t.Errorf("cleared a second time: %q, %v", why, err)
	}
}

// TestStoppedIsNotCleared: very many wrong values are an administrator's.
func TestStoppedIsNotCleared(t *testing.T) {
	o := openOffice(t)
	stand := o.hindered()
	o.Policy.Limits.WrongInARow = 2
	if why, err := o.Keeper().ClearLockout(t.Context(), o.facts(o.Case("s1"))); why != bot.TargetStopped || err != nil || !stand("clear") {
		t.Errorf("%q, %v; locked out %v", why, err, stand("clear"))
	}
}

// TestClearingIsNoRefill: who ends a lockout hands no guesser new tries: the
// wrong values of the day, and those in a row, go on counting. A linked account
// out of the agent's reach stays locked out.
func TestClearingIsNoRefill(t *testing.T) {
	o := openOffice(t)
	stand := o.hindered()
	before, err := o.Ledger.Standing(t.Context(), o.Mei, o.Clock.Now(), 100)
	if err != nil || before.WrongToday == 0 || before.WrongInARow == 0 {
		t.Fatalf("%+v, %v", before, err)
	}
	f := o.facts(o.Case("s1"))
	f.Standing[o.MeiLab] = bot.Standing{LockedOutUntil: f.Now.Add(time.Minute)}
	role := *f.Agent.Role
	role.ActsOn = []string{"corp"}
	f.Agent.Role = &role
	if why, err := o.Keeper().ClearLockout(t.Context(), f); why != "" || err != nil || stand("clear") {
		t.Fatalf("%q, %v; locked out %v", why, err, stand("clear"))
	}
	after, err := o.Ledger.Standing(t.Context(), o.Mei, o.Clock.Now(), 100)
	if err != nil || after.WrongToday != before.WrongToday || after.WrongInARow != before.WrongInARow || !after.LockedOutUntil.Before(o.Clock.Now()) {
		t.Errorf("before %+v, after %+v, %v", before, after, err)
	}
	for _, r := range o.history(bot.ActionUnblock) {
		if r.Target.Account != o.Mei {
			t.Errorf("cleared out of reach: %v", r.Target.Account)
		}
	}
}

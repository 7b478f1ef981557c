package bot_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/bot"
)

// idsOf are the ids of what Mei herself holds.
func (o *office) idsOf(f bot.Facts) []string {
	var ids []string
	for _, e := range bot.Held(f) {
		ids = append(ids, e.ID)
	}
	return ids
}

// TestWhoMayUnenroll: by a permission of its own, within reach, nobody for
// himself, never a protected account, and not while its owner says that it is
// not he who asks. What is refused takes nothing away.
func TestWhoMayUnenroll(t *testing.T) {
	for what, c := range map[string]struct {
		change func(o *office, c *bot.Case)
		want   bot.Reason
	}{
		"with it": {func(o *office, _ *bot.Case) { o.Agents.Permissions = []bot.Permission{bot.PermitUnenroll} }, ""},
		"with every other permission": {func(o *office, _ *bot.Case) {
			o.Agents.Permissions = slices.DeleteFunc(bot.Permissions(), func(p bot.Permission) bool { return p == bot.PermitUnenroll })
		}, bot.NoUnenroll},
		"for himself":                  {func(o *office, c *bot.Case) { c.Target = c.Agent; o.enroll(o.Dana, bot.Email) }, bot.OwnAccount},
		"for himself, by a linked one": {func(o *office, _ *bot.Case) { o.Corp.Change(o.Dana, func(a *bot.Account) { a.Link = "3" }) }, bot.OwnAccount},
		"for whom he is in the chat":   {func(o *office, c *bot.Case) { c.Chat = o.bind(o.Mei, "U") }, bot.OwnAccount},
		"in self-service":              {func(_ *office, c *bot.Case) { c.Self = true }, bot.OwnAccount},
		"locked": {func(o *office, _ *bot.Case) {
			o.Corp.Change(o.Dana, func(a *bot.Account) { a.Lock.State = bot.Locked })
		}, bot.AgentLocked},
		"in another store":              {func(o *office, _ *bot.Case) { o.Agents.ActsOn = []string{"lab"} }, bot.OtherStore},
		"out of the place":              {func(o *office, _ *bot.Case) { o.Agents.Helpdesk.Containers = []bot.DN{"ou=guests,dc=corp,dc=example"} }, bot.OutsideReach},
		"a protected user":              {func(o *office, _ *bot.Case) { o.Corp.Put(o.account(o.Mei), "cn=admins,ou=groups,dc=corp,dc=example") }, bot.ProtectedTarget},
		"protected, and may unlock her": {func(o *office, _ *bot.Case) { o.shielded() }, bot.ProtectedTarget},
		"who said that it was not she":  {func(o *office, _ *bot.Case) { _, _ = o.notMe(o.bind(o.Mei, "U")) }, bot.Frozen},
		"in no role at all":             {func(o *office, _ *bot.Case) { o.Agents.MemberGroups = nil }, bot.NoRole},
	} {
		o := openOffice(t)
		o.enroll(o.Mei, bot.Authenticator)
		kase := o.Case("s1")
		c.change(o, &kase)
		f := o.facts(kase)
		before := o.idsOf(f)
		got, err := o.Unenroller().Unenroll(t.Context(), f, before)
		if got != c.want || err != nil || bot.MayUnenroll(f) != c.want {
			t.Errorf("%s: %q, %v, may %q; want %q", what, got, err, bot.MayUnenroll(f), c.want)
		}
		if left := o.idsOf(o.facts(kase)); (len(left) == 0) != (c.want == "") || len(o.history(bot.ActionUnenroll)) != 1-min(1, len(left)) {
			t.Errorf("%s: %d of %d are left, history %v", what, len(left), len(before), o.history(bot.ActionUnenroll))
		}
	}
}

// shielded protects Mei, from everybody but a role that names her group.
func (o *office) shielded() {
	o.Corp.Put(o.account(o.Mei), "cn=admins,ou=groups,dc=corp,dc=example")
	o.Agents.MayUnlockProtected = []bot.DN{"cn=admins,ou=groups,dc=corp,dc=example"}
}

// TestUnenroll takes away what was chosen, with one record, and tells the user
// at every address that is his, and the audit channel.
func TestUnenroll(t *testing.T) {
	o := openOffice(t)
	app, mail, phone := o.enroll(o.Mei, bot.Authenticator), o.enroll(o.Mei, bot.Email), o.enroll(o.Mei, bot.Mobile)
	o.notices()
	if why, err := o.Unenroller().Unenroll(t.Context(), o.facts(o.Case("s1")), []string{mail.ID, phone.ID}); why != "" || err != nil {
		t.Fatalf("%q, %v", why, err)
	}
	if left := o.idsOf(o.facts(o.Case("s1"))); !slices.Equal(left, []string{app.ID}) {
		t.Errorf("left: %v", left)
	}
	r := o.history(bot.ActionUnenroll)
	if len(r) != 1 || r[0].Actor.Account != o.Dana || r[0].Target.Account != o.Mei || !r[0].Helpdesk || r[0].Status != bot.StatusSuccess ||
		!slices.Equal(r[0].Types, []bot.Type{bot.Mobile, bot.Email}) {
		t.Errorf("history %+v", r)
	}
	var to []string
	for _, n := range o.notices() {
		to = append(to, string(n.Kind)+" "+n.To)
		if strings.Contains(n.To, "home.example") || strings.Contains(n.To, "+49") {
			t.Errorf("a personal address stands in the outbox: %q", n.To)
		}
	}
	if len(to) != 4 || !slices.Contains(to, "target mei@corp.example") || !slices.Contains(to, "audit ") {
		t.Errorf("told: %v", to)
	}
}

// TestUnenrollIsNoWayAround: who is left with nothing, or with less than policy
// asks for, cannot be unlocked by the agent who took it away, also where types
// were passed before.
func TestUnenrollIsNoWayAround(t *testing.T) {
	for name, c := range map[string]struct {
		change func(o *office)
		took   bot.Type
		want   bot.Reason
	}{
		"nothing left":            {func(o *office) {}, "", bot.NotEnrolled},
		"one less than at least":  {func(o *office) { o.Agents.Helpdesk.AtLeast = 2; o.enroll(o.Mei, bot.Email) }, bot.Authenticator, bot.MissingEnrollment},
		"the enforced one":        {func(o *office) { o.asUser(); o.enroll(o.Mei, bot.Email) }, bot.Authenticator, bot.MissingEnrollment},
		"the only one that lasts": {func(o *office) { o.Agents.Helpdesk.Assurance = bot.Medium; o.enroll(o.Mei, bot.Mobile) }, bot.Authenticator, bot.MissingEnrollment},
	} {
		o := openOffice(t)
		e := o.enroll(o.Mei, bot.Authenticator)
		c.change(o)
		kase := o.Case("s1")
		opened := o.open(kase, bot.Authenticator)
		if v := o.verify(kase, opened.Challenge, bot.Authenticator, o.Right(e)); !v.Passed {
			t.Fatalf("%s: not passed: %+v", name, v)
		}
		f := o.facts(kase)
		ids := o.idsOf(f)
		if c.took != "" {
			ids = []string{e.ID}
		}
		if why, err := o.Unenroller().Unenroll(t.Context(), f, ids); why != "" || err != nil {
			t.Fatalf("%s: %q, %v", name, why, err)
		}
		kase.Proceed = true
		if d := bot.Decide(o.facts(kase)); d.Page != bot.PageRefused || d.Refused != c.want {
			t.Errorf("%s: page %s, refused %q, want %q", name, d.Page, d.Refused, c.want)
		}
	}
}

func (o *office) asUser() {
	o.Agents.Helpdesk.AsUser = true
	o.Users.Authentication.Enforced = []bot.Type{bot.Authenticator}
}

// TestUnenrollStale: what was replaced since it was shown is not taken away, nor
// is what a linked account holds.
func TestUnenrollStale(t *testing.T) {
	o := openOffice(t)
	e := o.enroll(o.Mei, bot.Authenticator)
	o.Policy.Stores[0].TrustEnrollmentOf = []string{"lab"}
	linked := o.enroll(o.MeiLab, bot.Email)
	for name, ids := range map[string][]string{"nothing": nil, "another's": {e.ID, "made up"}, "the linked account's": {linked.ID}, "twice": {e.ID, e.ID}} {
		if why, err := o.Unenroller().Unenroll(t.Context(), o.facts(o.Case("s1")), ids); bot.KindOf(err) != bot.Conflict {
			t.Errorf("%s: %q, %v", name, why, err)
		}
	}
	if len(o.history(bot.ActionUnenroll)) > 0 {
		t.Error("something was taken away")
	}
}

// TestUnenrollsAnHour: one agent takes from so many users and no more.
func TestUnenrollsAnHour(t *testing.T) {
	o := openOffice(t)
	o.Policy.Limits.UnenrollsPerHour = 1
	asked := map[string]int{}
	u := o.Unenroller()
	u.Allow = func(_ context.Context, key string, limit int, window time.Duration) (bool, time.Duration, error) {
		asked[key]++
		return asked[key] <= limit && window == time.Hour, 7 * time.Minute, nil
	}
	for n, want := range []bot.Kind{"", bot.Throttled} {
		e := o.enroll(o.Mei, bot.Email)
		_, err := u.Unenroll(t.Context(), o.facts(o.Case("s1")), []string{e.ID})
		if bot.KindOf(err) != want {
			t.Errorf("time %d: %v", n+1, err)
		}
	}
	if len(o.history(bot.ActionUnenroll)) != 1 || len(asked) != 1 {
		t.Errorf("history %d, asked %v", len(o.history(bot.ActionUnenroll)), asked)
	}
}

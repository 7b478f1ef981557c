package bot_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"latchkey/bot"
	"latchkey/bot/bottest"
)

func TestKindOf(t *testing.T) {
	plain := errors.New("plain")
	for name, c := range map[string]struct {
		err  error
		want bot.Kind
	}{
		"none":                       {nil, ""},
		"without a kind":             {plain, bot.Internal},
		"with one":                   {bot.E(bot.Denied, "op", plain), bot.Denied},
		"wrapped":                    {fmt.Errorf("reading: %w", bot.E(bot.Throttled, "op", nil)), bot.Throttled},
		"the outermost of two":       {bot.E(bot.Expired, "load", bot.E(bot.NotFound, "get", nil)), bot.Expired},
		"joined with one without":    {errors.Join(plain, bot.E(bot.Conflict, "op", nil)), bot.Conflict},
		"an unanswered modify":       {bot.E(bot.Unavailable, "unlock", bot.ErrUnanswered), bot.Unavailable},
		"an unanswered modify, bare": {bot.ErrUnanswered, bot.Internal},
	} {
		if got := bot.KindOf(c.err); got != c.want {
			t.Errorf("%s: kind %q, want %q", name, got, c.want)
		}
	}
	if !errors.Is(fmt.Errorf("x: %w", bot.E(bot.Unavailable, "unlock", bot.ErrUnanswered)), bot.ErrUnanswered) {
		t.Error("ErrUnanswered is not found through a chain")
	}
}

func TestTextOf(t *testing.T) {
	secret := errors.New("dial tcp 10.0.0.1:636: refused")
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"none":              {nil, ""},
		"without a kind":    {secret, ""},
		"kind, no text":     {bot.E(bot.Unavailable, "search corp", secret), ""},
		"text":              {bot.Ef(bot.Invalid, "op", "Type %d digits.", 6), "Type 6 digits."},
		"text further in":   {bot.E(bot.Expired, "load", bot.Ef(bot.NotFound, "get", "It has ended.")), "It has ended."},
		"the outermost one": {&bot.Error{Kind: bot.Denied, Text: "No.", Err: bot.Ef(bot.Invalid, "op", "inner")}, "No."},
		"wrapped":           {fmt.Errorf("ctx: %w", bot.Ef(bot.Invalid, "op", "Yes.")), "Yes."},
	} {
		if got := bot.TextOf(c.err); got != c.want {
			t.Errorf("%s: text %q, want %q", name, got, c.want)
		}
	}
	whole := (&bot.Error{Kind: bot.Unavailable, Op: "search corp", Err: secret}).Error()
	if !strings.Contains(whole, "search corp") || !strings.Contains(whole, "refused") {
		t.Errorf("for the log: %q", whole)
	}
	if got := bot.E(bot.Denied, "", nil).Error(); got != "denied" {
		t.Errorf("an error with a kind alone says %q", got)
	}
}

func TestUnder(t *testing.T) {
	for _, c := range []struct {
		dn, container bot.DN
		want          bool
	}{
		{meiDN, staff, true}, {meiDN, corpBase, true}, {staff, staff, true},
		{staff, meiDN, false}, {meiDN, "", false}, {"", "", false}, {"", staff, false},
		{"cn=mei,ou=nostaff,dc=corp,dc=example", staff, false},
		{"xou=staff,dc=corp,dc=example", staff, false},
		{"cn=mei,dc=corp,dc=example", labBase, false},
	} {
		if got := c.dn.Under(c.container); got != c.want {
			t.Errorf("%q under %q: %v", c.dn, c.container, got)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		part := rapid.SampledFrom([]string{"ou=a", "ou=b", "dc=a", "ou=aa"})
		name := func(label string) bot.DN {
			return bot.DN(strings.Join(rapid.SliceOfN(part, 0, 4).Draw(t, label), ","))
		}
		d, c := name("dn"), name("container")
		if got, want := d.Under(c), c != "" && (d == c || bottest.Below(d, c)); got != want {
			t.Fatalf("%q under %q: %v", d, c, got)
		}
	})
}

func TestStrengths(t *testing.T) {
	want := map[bot.Type]bot.Strength{questions: bot.Context, email: bot.Context, mobile: bot.Restricted, chat: bot.Medium, totp: bot.Strong}
	for _, typ := range bot.Types() {
		if typ.Strength() != want[typ] || !typ.Valid() {
			t.Errorf("%s: strength %v", typ, typ.Strength())
		}
		s, ok := bot.ParseStrength(typ.Strength().String())
		if !ok || s != typ.Strength() {
			t.Errorf("%q does not parse back", typ.Strength())
		}
	}
	for _, word := range []string{"", "Medium", "weak"} {
		if _, ok := bot.ParseStrength(word); ok {
			t.Errorf("%q is a strength", word)
		}
	}
	for _, typ := range []bot.Type{"", "yubikey", "linked_account", "EMAIL"} {
		if typ.Valid() || typ.Strength() != 0 {
			t.Errorf("%q counts as a type", typ)
		}
	}
}

func TestFresh(t *testing.T) {
	e := bot.Evidence{At: noon, Expires: noon.Add(15 * time.Minute)}
	for after, want := range map[time.Duration]bool{
		0: true, 15*time.Minute - 1: true, 15 * time.Minute: false, time.Hour: false,
		-time.Minute: true, -time.Minute - 1: false,
	} {
		if got := e.Fresh(noon.Add(after)); got != want {
			t.Errorf("%v after it was passed: fresh %v", after, got)
		}
	}
	if (bot.Evidence{}).Fresh(noon) {
		t.Error("the zero evidence counts")
	}
}

// TestRoleOf: the lowest priority number wins; the authentication policy comes
// from the best role that has one; members may be under a container or in a group.
func TestRoleOf(t *testing.T) {
	lead := bot.DN("cn=leads," + corpBase)
	p := bot.Policy{Roles: []bot.Role{
		{Name: "user", Store: "corp", Priority: 100, MemberContainers: []bot.DN{staff}, Authentication: &bot.AuthenticationPolicy{Chosen: 1}},
		{Name: "everyone", Store: "corp", Priority: 200, Everyone: true, Authentication: &bot.AuthenticationPolicy{Chosen: 2}},
		{Name: "helpdesk", Store: "corp", Priority: 10, MemberGroups: []bot.DN{lead}},
		{Name: "lab", Store: "lab", Priority: 1, Everyone: true},
		{Name: "nobody", Store: "corp", Priority: 0},
	}}
	for name, c := range map[string]struct {
		account bot.Account
		groups  []bot.DN
		role    string
		chosen  int
	}{
		"in a container":              {bot.Account{ID: mei, DN: meiDN}, nil, "user", 1},
		"in a group and a container":  {bot.Account{ID: mei, DN: meiDN}, []bot.DN{admins, lead}, "helpdesk", 1},
		"in a group, outside":         {bot.Account{ID: mei, DN: "cn=mei," + corpBase}, []bot.DN{lead}, "helpdesk", 2},
		"in neither":                  {bot.Account{ID: mei, DN: "cn=mei," + corpBase}, nil, "everyone", 2},
		"the container itself":        {bot.Account{ID: mei, DN: staff}, nil, "everyone", 2},
		"of another store, same name": {bot.Account{ID: meiL, DN: meiDN}, []bot.DN{lead}, "lab", 0},
		"of a store without roles":    {bot.Account{ID: bot.AccountID{Store: "x"}, DN: meiDN}, []bot.DN{lead}, "", 0},
	} {
		got, chosen := "", 0
		if r := p.RoleOf(c.account, c.groups); r != nil {
			got = r.Name
		}
		if a := p.AuthenticationOf(c.account, c.groups); a != nil {
			chosen = a.Chosen
		}
		if got != c.role || chosen != c.chosen {
			t.Errorf("%s: role %q, policy %d; want %q, %d", name, got, chosen, c.role, c.chosen)
		}
	}
	if (*bot.Role)(nil).Can(bot.UnlockAnyAccount) {
		t.Error("no role grants a permission")
	}
}

func TestMayViewHistory(t *testing.T) {
	for name, c := range map[string]struct {
		given situation
		drop  bool // the permission
		want  bot.Reason
	}{
		"of a user":                        {situation{}, false, ""},
		"without the permission":           {situation{}, true, bot.NoViewHistory},
		"without unlock any":               {situation{without: true}, false, ""},
		"of himself":                       {situation{agentIs: []bot.AccountID{mei}}, false, ""},
		"of himself, out of the container": {situation{agentIs: []bot.AccountID{mei}, containers: []bot.DN{tier0}}, false, ""},
		"in another store":                 {situation{actsOn: []string{"lab"}}, false, bot.OtherStore},
		"outside the container":            {situation{containers: []bot.DN{"ou=guests," + corpBase}}, false, bot.OutsideReach},
		"of a protected account":           {situation{mei: account{groups: []bot.DN{admins}}}, false, bot.ProtectedTarget},
		"in no role":                       {situation{noRole: true}, false, bot.NoViewHistory},
	} {
		f := c.given.facts()
		if c.drop {
			f.Agent.Role.Permissions = []bot.Permission{bot.UnlockAnyAccount}
		}
		if got := bot.MayViewHistory(f); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestOtherAgents(t *testing.T) {
	party := func(id bot.AccountID, kind bot.ActorKind) bot.Party {
		return bot.Party{Kind: kind, Account: id, Name: id.GUID}
	}
	record := func(actor bot.Party, target bot.AccountID, helpdesk bool) bot.Record {
		return bot.Record{Actor: actor, Target: bot.Party{Account: target}, Helpdesk: helpdesk}
	}
	zoe := bot.AccountID{Store: "corp", GUID: "zoe"}
	danaL := bot.AccountID{Store: "lab", GUID: "dana"}
	f := situation{linked: &account{}, agentIs: []bot.AccountID{danaL}}.facts()
	got := bot.OtherAgents([]bot.Record{
		record(party(finn, bot.ActorAgent), mei, true),
		record(party(finn, bot.ActorAgent), meiL, true),
		record(party(zoe, bot.ActorAgent), meiL, true),
		record(party(dana, bot.ActorAgent), mei, true),
		record(party(danaL, bot.ActorAgent), mei, true),
		record(party(omar, bot.ActorAgent), omar, true),
		record(party(omar, bot.ActorAgent), mei, false),
		record(party(omar, bot.ActorEndUser), mei, true),
	}, f)
	want := []bot.Party{party(finn, bot.ActorAgent), party(zoe, bot.ActorAgent)}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("other agents (-want +got):\n%s", diff)
	}
}

func TestProtects(t *testing.T) {
	f := situation{}.facts()
	a := f.Accounts[0]
	if !bot.Protects(nil, a, f.Agent.Role) {
		t.Error("an account of a store that is not configured is not protected")
	}
	if bot.Protects(f.Policy.Store("corp"), a, nil) {
		t.Error("an ordinary account is protected")
	}
	a.Groups = []bot.DN{admins}
	if !bot.Protects(f.Policy.Store("corp"), a, nil) {
		t.Error("a member of a protected group is not protected")
	}
}

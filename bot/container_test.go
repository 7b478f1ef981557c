package bot_test

import (
	"testing"

	"latchkey/bot"
)

// One store's tree lies within another's: a container limits the inner store
// alone, and the outer one stays whole.
func TestContainerOfAnInnerStore(t *testing.T) {
	const outer, inner = bot.DN("dc=example,dc=com"), bot.DN("dc=corp,dc=example,dc=com")
	role := &bot.Role{Name: "helpdesk", ActsOn: []string{"corp", "lab"}, Permissions: []bot.Permission{bot.UnlockAnyAccount},
		Helpdesk: bot.HelpdeskPolicy{Mode: bot.RestrictedMode, Containers: []bot.DN{"ou=staff," + inner}}}
	policy := &bot.Policy{Limits: bot.DefaultLimits(), Stores: []bot.StorePolicy{{Name: "lab", Base: outer}, {Name: "corp", Base: inner}}}
	for _, c := range []struct {
		store string
		dn    bot.DN
		want  bot.Reason
	}{
		{"lab", "cn=mei,ou=people," + outer, bot.NotEnrolled}, // within reach: refused for another reason
		{"corp", "cn=mei,ou=staff," + inner, bot.NotEnrolled},
		{"corp", "cn=mei,ou=guests," + inner, bot.OutsideReach},
	} {
		id := bot.AccountID{Store: c.store, GUID: "1"}
		f := bot.Facts{Policy: policy, Same: []bot.AccountID{id},
			Agent:    bot.AgentFacts{Account: bot.Account{ID: bot.AccountID{Store: "corp", GUID: "2"}, Lock: bot.Lock{State: bot.Unlocked}}, Role: role},
			Accounts: []bot.TargetAccount{{Account: bot.Account{ID: id, DN: c.dn, Lock: bot.Lock{State: bot.Locked, Value: "1"}}}}}
		if d := bot.Decide(f); d.Refused != c.want {
			t.Errorf("%s in %s: %s, not %s", c.dn, c.store, d.Refused, c.want)
		}
	}
}

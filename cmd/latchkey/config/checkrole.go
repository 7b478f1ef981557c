package config

import (
	"fmt"
	"slices"

	"latchkey/bot"
)

func (c *checker) role(i int) {
	r := c.cfg.Roles[i]
	key := fmt.Sprintf("roles[%d]", i)
	for j := range i {
		if c.cfg.Roles[j].Name == r.Name && c.sound(key+".name") {
			c.fault(key+".name", "%s is the name of another role (line %d); choose another", quote(r.Name), c.line(fmt.Sprintf("roles[%d].name", j)))
		}
	}
	var home, targets []IdentityStore
	if s := c.knownStore(key+".store", r.Store); s != nil {
		home = append(home, *s)
	}
	for j, name := range r.ActsOn {
		if s := c.knownStore(fmt.Sprintf("%s.acts_on[%d]", key, j), name); s != nil {
			targets = append(targets, *s)
		}
	}
	c.once(key+".acts_on", r.ActsOn)
	c.members(key+".members", r.Members, home)
	c.once(key+".permissions", words(r.Permissions))
	if slices.Contains(r.Permissions, bot.UnlockAnyAccount) && len(r.ActsOn) == 0 && !c.bad[key+".acts_on"] {
		c.fault(key+".acts_on", "is missing, though the role has unlock_any_account; name the stores whose accounts its members may unlock")
	}
	c.within(key+".may_unlock_protected", r.MayUnlockProtected, targets)
	if h := r.HelpdeskPolicy; h != nil {
		c.helpdesk(key+".helpdesk_policy", h, targets)
	}
	if a := r.AuthenticationPolicy; a != nil {
		c.once(key+".authentication_policy.enforced", words(a.Enforced))
	}
	if s := r.StepUp; s != nil && s.Agent == 0 && s.Approver == "" && !c.bad[key+".step_up.agent"] && !c.bad[key+".step_up.approver"] {
		c.fault(key+".step_up", "asks for nothing; add agent or approver, or remove it")
	}
}

func (c *checker) members(key string, m Members, home []IdentityStore) {
	named := len(m.Groups) > 0 || len(m.Containers) > 0
	switch {
	case !c.sound(key) || c.bad[key+".groups"] || c.bad[key+".containers"] || c.bad[key+".everyone"]:
	case !named && !m.Everyone:
		c.fault(key, "names nobody; name groups or containers, or write everyone: true")
	case named && m.Everyone:
		c.fault(key+".everyone", "is true beside groups or containers; keep one of them")
	}
	c.within(key+".groups", m.Groups, home)
	c.within(key+".containers", m.Containers, home)
}

func (c *checker) helpdesk(key string, h *HelpdeskPolicy, targets []IdentityStore) {
	if h.Mode == bot.UnrestrictedMode {
		c.unrestricted(key, h)
	}
	c.within(key+".containers", h.Containers, targets)
	a, at := h.Authenticate, key+".authenticate"
	switch {
	case c.bad[at] || c.bad[at+".at_least"] || c.bad[at+".as_user"]:
	case a.AsUser && a.AtLeast > 0:
		c.fault(at+".at_least", "stands beside as_user; keep one of the two")
	case a.AtLeast > 0 && len(targets) > 0 && a.AtLeast > mostTypes(targets):
		c.fault(at+".at_least", "is %d, more than the %d authentication types that the stores of acts_on use; lower it, or add types there", a.AtLeast, mostTypes(targets))
	}
	p, at := h.Approval, key+".approval"
	c.once(at+".when", p.When)
	if len(p.When) > 0 && p.By == "groups" && len(p.Groups) == 0 && !c.bad[at+".groups"] {
		c.fault(at+".groups", "is missing, though by says groups; name who may approve")
	}
	c.within(at+".groups", p.Groups, c.cfg.Stores)
	c.within(at+".fallback_groups", p.FallbackGroups, c.cfg.Stores)
}

// unrestricted refuses what would look like a restriction and be none. A key
// that is written and says nothing is let pass.
func (c *checker) unrestricted(key string, h *HelpdeskPolicy) {
	for _, k := range []struct {
		name string
		says bool
	}{
		{"containers", len(h.Containers) > 0},
		{"authenticate", h.Authenticate.AsUser || h.Authenticate.AtLeast > 0},
		{"security_questions", h.SecurityQuestions > 0},
		{"assurance", h.Assurance != ""},
	} {
		if k.says {
			c.fault(key+"."+k.name, "restricts, but mode is unrestricted; remove it, or write mode: restricted")
		}
	}
}

func mostTypes(stores []IdentityStore) int {
	most := 0
	for _, s := range stores {
		most = max(most, len(s.AuthenticationTypes))
	}
	return most
}

// priorities finds two roles of a store with the same number: who of them wins
// would hang on their order in the file.
func (c *checker) priorities() {
	type rank struct {
		store    string
		priority int
	}
	first := make(map[rank]int)
	for i, r := range c.cfg.Roles {
		at := fmt.Sprintf("roles[%d].priority", i)
		k := rank{r.Store, r.Priority}
		j, taken := first[k]
		switch {
		case !c.sound(at):
		case taken:
			c.fault(at, "%d is the priority of role %s too (line %d); give each role of a store its own", r.Priority, quote(c.cfg.Roles[j].Name), c.line(fmt.Sprintf("roles[%d].priority", j)))
		default:
			first[k] = i
		}
	}
}

package bottest

import (
	"strings"

	"latchkey/bot"
)

// MayUnlock says once more, in other words and by no function of package bot,
// which accounts policy lets the agent unlock on facts in which he has pressed
// Next or Skip. Tests hold Decide against it.
func MayUnlock(f bot.Facts) map[bot.AccountID]bool {
	role := f.Agent.Role
	if !agentInOrder(f) || samePerson(f) || !within(f, f.Accounts[0]) {
		return nil
	}
	may, first := make(map[bot.AccountID]bool), true
	for _, a := range f.Accounts {
		usable := !a.Disabled && !a.Expired && a.Lock.State == bot.Locked
		if !usable || a.UnderWay || a.UnlocksToday >= f.Policy.Limits.UnlocksPerDay || !within(f, a) {
			continue
		}
		proved := role.Helpdesk.Mode == bot.UnrestrictedMode || Proved(role.Helpdesk, a.User, Passed(f, a.ID))
		if first && !proved {
			return nil // page Authenticate is about this one, and is not over
		}
		first = false
		if proved {
			may[a.ID] = true
		}
	}
	return may
}

func agentInOrder(f bot.Facts) bool {
	a := f.Agent
	if a.Role == nil || a.Account.Disabled || a.Account.Expired || a.Account.Lock.State != bot.Unlocked {
		return false
	}
	return hasAny(a.Role.Permissions, bot.UnlockAnyAccount)
}

func samePerson(f bot.Facts) bool {
	his := append([]bot.AccountID{f.Agent.Account.ID}, f.Agent.Linked...)
	for _, a := range f.Accounts {
		if links(f, a.ID.Store) && links(f, f.Agent.Account.ID.Store) && a.Link != "" && strings.EqualFold(a.Link, strings.Trim(f.Agent.Account.Link, " ")) {
			return true
		}
	}
	return hasAny(f.Same, his...)
}

func links(f bot.Facts, store string) bool {
	for _, s := range f.Policy.Stores {
		if s.Name == store {
			return s.Links
		}
	}
	return false
}

// within: the role's stores, protection, and in restricted mode the containers.
func within(f bot.Facts, a bot.TargetAccount) bool {
	role := f.Agent.Role
	var store *bot.StorePolicy
	for i := range f.Policy.Stores {
		if f.Policy.Stores[i].Name == a.ID.Store {
			store = &f.Policy.Stores[i]
		}
	}
	if store == nil || !hasAny(role.ActsOn, a.ID.Store) || hasAny(append(f.Agent.Linked, f.Agent.Account.ID), a.ID) {
		return false
	}
	for _, g := range store.ProtectedGroups {
		if hasAny(a.Groups, g) && !hasAny(role.MayUnlockProtected, g) {
			return false
		}
	}
	for _, c := range store.ProtectedContainers {
		if (a.DN == c || Below(a.DN, c)) && !hasAny(role.MayUnlockProtected, c) {
			return false
		}
	}
	if role.Helpdesk.Mode == bot.UnrestrictedMode {
		return true
	}
	limited, inside := false, false
	for _, c := range role.Helpdesk.Containers {
		if c == store.Base || Below(c, store.Base) {
			limited, inside = true, inside || Below(a.DN, c)
		}
	}
	return inside || !limited
}

// Passed gives the types that the session has passed and that count for an
// account of the user.
func Passed(f bot.Facts, id bot.AccountID) map[bot.Type]bool {
	passed := make(map[bot.Type]bool)
	target := f.Accounts[0].ID
	for _, v := range f.Evidence {
		bound := v.Session == f.Case.Session && v.Agent == f.Agent.Account.ID && v.Target == target
		young := f.Now.Before(v.Expires) && !f.Now.Before(v.At.Add(-60e9))
		for _, e := range f.Enrollments {
			if bound && young && e.ID == v.Enrollment && e.Type == v.Type && Counts(f, e, id) {
				passed[e.Type] = true
			}
		}
	}
	return passed
}

// Counts reports whether an enrollment makes its type one that counts for an
// account of the user.
func Counts(f bot.Facts, e bot.Enrollment, id bot.AccountID) bool {
	if e.Type == bot.Chat || !e.ByAdministrator && f.Now.Sub(e.Since) < f.Policy.EnrollmentMinAge {
		return false
	}
	for _, s := range f.Policy.Stores {
		if s.Name != id.Store || !hasAny(s.Types, e.Type) {
			continue
		}
		if e.Account == id {
			return true
		}
		for _, a := range f.Accounts {
			if a.ID == e.Account && !a.Disabled && !a.Expired && hasAny(s.TrustEnrollmentOf, a.ID.Store) {
				return true
			}
		}
	}
	return false
}

// Proved reports whether the types satisfy restricted mode.
func Proved(h bot.HelpdeskPolicy, user *bot.AuthenticationPolicy, have map[bot.Type]bool) bool {
	if len(have) == 0 {
		return false // helpdesk.md, settled 1: one must be passed whatever else is said
	}
	strongest := 0
	for t := range have {
		strongest = max(strongest, map[bot.Type]int{bot.SecurityQuestions: 1, bot.Email: 1, bot.Mobile: 2, bot.Chat: 3, bot.Authenticator: 4}[t])
	}
	if strongest < int(h.Assurance) {
		return false
	}
	if !h.AsUser {
		return len(have) >= h.AtLeast
	}
	if user == nil {
		return false
	}
	chosen := len(have)
	for _, t := range user.Enforced {
		if !have[t] {
			return false
		}
		chosen--
	}
	return chosen >= user.Chosen
}

// Below reports whether a name lies below another, part by part.
func Below(dn, container bot.DN) bool {
	d, c := strings.Split(string(dn), ","), strings.Split(string(container), ",")
	if container == "" || len(d) <= len(c) {
		return false
	}
	for i := range c {
		if d[len(d)-len(c)+i] != c[i] {
			return false
		}
	}
	return true
}

func hasAny[T comparable](list []T, any ...T) bool {
	for _, x := range list {
		for _, y := range any {
			if x == y {
				return true
			}
		}
	}
	return false
}

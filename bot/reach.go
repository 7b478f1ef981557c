package bot

import "slices"

// reach says why the agent may not act on the account at all, or "".
func reach(f Facts, a TargetAccount) Reason {
	role := f.Agent.Role
	switch {
	case f.Agent.Is(a.ID):
		return OwnAccount
	case !slices.Contains(role.ActsOn, a.ID.Store):
		return OtherStore
	case Protects(f.Policy.Store(a.ID.Store), a, role):
		return ProtectedTarget
	case !f.Policy.within(role, a.Account):
		return OutsideReach
	}
	return ""
}

// within reports whether the account lies where the role may act.
func (p *Policy) within(role *Role, a Account) bool {
	return role.Helpdesk.Mode == UnrestrictedMode || p.contained(a.ID.Store, role.Helpdesk.Containers, a.DN)
}

// contained: each container limits the store whose base holds it, the longest
// one where the bases of several do; a store without a container is whole.
func (p *Policy) contained(store string, containers []DN, dn DN) bool {
	limited := false
	for _, c := range containers {
		if !p.holds(store, c) {
			continue
		}
		if dn != c && dn.Under(c) {
			return true
		}
		limited = true
	}
	return !limited
}

// holds reports whether the container is in the store, and not in another one
// whose tree lies within the store's.
func (p *Policy) holds(store string, container DN) bool {
	s := p.Store(store)
	if s == nil || !container.Under(s.Base) {
		return false
	}
	return !slices.ContainsFunc(p.Stores, func(other StorePolicy) bool {
		return len(other.Base) > len(s.Base) && container.Under(other.Base)
	})
}

// Protects reports whether the store protects the account from the role: each
// group and container that protects it must be named by may_unlock_protected.
// With a nil role it reports whether the account is protected at all.
func Protects(s *StorePolicy, a TargetAccount, role *Role) bool {
	if s == nil {
		return true
	}
	freed := func(dn DN) bool { return role != nil && slices.Contains(role.MayUnlockProtected, dn) }
	for _, g := range s.ProtectedGroups {
		if slices.Contains(a.Groups, g) && !freed(g) {
			return true
		}
	}
	for _, c := range s.ProtectedContainers {
		if a.DN.Under(c) && !freed(c) {
			return true
		}
	}
	return false
}

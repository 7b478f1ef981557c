package bot

import "slices"

// countedTypes gives the types that count for one account of the user, each
// once, and which of them this session has passed.
func countedTypes(f Facts, id AccountID) []TypeStanding {
	var out []TypeStanding
	for _, t := range Types() {
		usable := usableEnrollments(f, t, id)
		if len(usable) == 0 {
			continue
		}
		s := TypeStanding{Type: t, Enrollment: usable[0]}
		for _, e := range usable {
			if passed(f, e) {
				s.Enrollment, s.Passed = e, true
				break
			}
		}
		out = append(out, s)
	}
	return out
}

// usableEnrollments are those of a type that the account's store uses, that are
// old enough, and that are held by the account itself or by a linked account of
// a store that its own trusts; who has left one of them (disabled, expired)
// proves nothing with what he held there. Those on the account itself come first.
func usableEnrollments(f Facts, t Type, id AccountID) []Enrollment {
	s := f.Policy.Store(id.Store)
	if s == nil || t == Chat || !slices.Contains(s.Types, t) {
		return nil // chat makes nobody enrolled
	}
	var own, trusted []Enrollment
	for _, e := range f.Enrollments {
		if e.Type != t || TooNew(f, e) {
			continue
		}
		switch {
		case e.Account == id:
			own = append(own, e)
		case slices.Contains(s.TrustEnrollmentOf, e.Account.Store) && linked(f, e.Account):
			trusted = append(trusted, e)
		}
	}
	return append(own, trusted...)
}

func linked(f Facts, id AccountID) bool {
	return slices.ContainsFunc(f.Accounts, func(a TargetAccount) bool { return a.ID == id && !a.Disabled && !a.Expired })
}

// passedOf are the types among those counted that are passed.
func passedOf(counted []TypeStanding) []Type {
	var out []Type
	for _, t := range counted {
		if t.Passed {
			out = append(out, t.Type)
		}
	}
	return out
}

// TooNew reports whether an enrollment is younger than enrollment.min_age. One
// made by an administrator counts at once.
func TooNew(f Facts, e Enrollment) bool {
	return !e.ByAdministrator && f.Now.Before(e.Since.Add(f.Policy.EnrollmentMinAge))
}

func passed(f Facts, e Enrollment) bool {
	return slices.ContainsFunc(f.Evidence, func(v Evidence) bool { return proves(f, v, e) })
}

// proves reports whether a piece of evidence counts, for this case and now, as
// the enrollment passed.
func proves(f Facts, v Evidence, e Enrollment) bool {
	return v.Enrollment == e.ID && v.Type == e.Type && v.Session == f.Case.Session &&
		v.Target == f.Target() && v.Agent == f.Agent.Account.ID && v.Fresh(f.Now)
}

// missing says what a set of types lacks of what the policy asks for. The same
// rule judges what the user is enrolled with (can he pass at all?) and what he
// has passed.
func missing(h HelpdeskPolicy, user *AuthenticationPolicy, have []Type) Missing {
	var m Missing
	switch {
	case h.AsUser:
		m = missingAsUser(user, have)
	case h.AtLeast > 0:
		m.More = max(0, h.AtLeast-len(have))
	default:
		m.More = max(0, 1-len(have))
	}
	if h.Assurance > 0 && !slices.ContainsFunc(have, func(t Type) bool { return t.Strength() >= h.Assurance }) {
		m.Strength = h.Assurance
	}
	return m
}

func missingAsUser(user *AuthenticationPolicy, have []Type) Missing {
	var m Missing
	others := len(have)
	for _, t := range user.Enforced {
		if slices.Contains(have, t) {
			others--
		} else {
			m.Types = append(m.Types, t)
		}
	}
	m.More = max(0, user.Chosen-others)
	if len(user.Enforced) == 0 && user.Chosen == 0 {
		m.More = max(0, 1-len(have)) // restricted mode never lets nothing pass
	}
	return m
}

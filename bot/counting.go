package bot

import (
	"slices"
	"time"
)

// countedTypes gives the types that count for one account of the user, each
// once, and which of them this session has passed. Chat makes nobody enrolled:
// it counts beside another type, be it questions that are too few to pass.
func countedTypes(f Facts, id AccountID) []TypeStanding {
	var out []TypeStanding
	for _, t := range Types() {
		usable := usableEnrollments(f, t, id)
		if len(usable) == 0 || t == Chat && len(out) == 0 && !shortOfAnswers(f, id) {
			continue
		}
		s := standing(f, usable[0])
		for _, e := range usable[1:] {
			if other := standing(f, e); other.Passed && !s.Passed || !s.Passed && other.Right > s.Right {
				s = other
			}
		}
		out = append(out, s)
	}
	return out
}

// standing is how far the session has come with one enrollment.
func standing(f Facts, e Enrollment) TypeStanding {
	s := TypeStanding{Type: e.Type, Enrollment: e}
	if e.Type != SecurityQuestions {
		s.Passed = passed(f, e, "")
		return s
	}
	s.Needed = questionsNeeded(f, e)
	for _, a := range e.Answers {
		if passed(f, e, a.ID) {
			s.Right++
		}
	}
	s.Passed = s.Right >= s.Needed
	return s
}

// questionsNeeded is how many right answers pass the type: as many as the
// helpdesk policy asks for, or all that the user has.
func questionsNeeded(f Facts, e Enrollment) int {
	if n := f.helpdesk().Questions; n > 0 {
		return n
	}
	return len(e.Answers)
}

// usableEnrollments are those of a type that the account's store uses, that are
// old enough, and that are held by the account itself or by a linked account of
// a store that its own trusts; who has left one of them (disabled, expired)
// proves nothing with what he held there. Those on the account itself come first.
func usableEnrollments(f Facts, t Type, id AccountID) []Enrollment {
	var out []Enrollment
	for _, e := range heldEnrollments(f, t, id) {
		if !TooNew(f, e) && answerable(f, e) {
			out = append(out, e)
		}
	}
	return out
}

// answerable: questions of which more must be answered than there are cannot
// be passed.
func answerable(f Facts, e Enrollment) bool {
	return e.Type != SecurityQuestions || len(e.Answers) >= f.helpdesk().Questions
}

// shortOfAnswers reports whether the user is enrolled with questions, and with
// too few of them.
func shortOfAnswers(f Facts, id AccountID) bool {
	return slices.ContainsFunc(heldEnrollments(f, SecurityQuestions, id), func(e Enrollment) bool { return !TooNew(f, e) && !answerable(f, e) })
}

// heldEnrollments are those that would be usable if they were old enough.
func heldEnrollments(f Facts, t Type, id AccountID) []Enrollment {
	s := f.Policy.Store(id.Store)
	if s == nil || !slices.Contains(s.Types, t) {
		return nil
	}
	var own, trusted []Enrollment
	for _, e := range enrollmentsOf(f, t) {
		switch {
		case e.Account == id:
			own = append(own, e)
		case slices.Contains(s.TrustEnrollmentOf, e.Account.Store) && linked(f, e.Account):
			trusted = append(trusted, e)
		}
	}
	return append(own, trusted...)
}

// enrollmentsOf are the person's of a type. Of chat these are the bindings; the
// chat is never what lets somebody unlock himself there. Questions
// without an answer are none.
func enrollmentsOf(f Facts, t Type) []Enrollment {
	var out []Enrollment
	if t == Chat {
		for _, b := range f.Chats {
			if !f.Case.Self {
				out = append(out, chatEnrollment(b))
			}
		}
		return out
	}
	for _, e := range f.Enrollments {
		if e.Type == t && (t != SecurityQuestions || len(e.Answers) > 0) {
			out = append(out, e)
		}
	}
	return out
}

// chatEnrollment is a binding as something that can be passed.
func chatEnrollment(b Binding) Enrollment {
	return Enrollment{ID: "chat:" + b.Chat.String() + ":" + b.Account.String(), Account: b.Account, Type: Chat,
		Address: b.Chat.String(), Since: b.At, ByAdministrator: b.By == ByAdministrator}
}

// waiting are the types that the user has and that are too new, none of which
// counts already.
func waiting(f Facts, id AccountID, counted []TypeStanding) []Waiting {
	var out []Waiting
	for _, t := range Types() {
		if slices.ContainsFunc(counted, func(s TypeStanding) bool { return s.Type == t }) {
			continue
		}
		var first time.Time
		for _, e := range heldEnrollments(f, t, id) {
			if from := CountsFrom(f.Policy, e); TooNew(f, e) && answerable(f, e) && (first.IsZero() || from.Before(first)) {
				first = from
			}
		}
		if !first.IsZero() {
			out = append(out, Waiting{t, first})
		}
	}
	return out
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

// CountsFrom is when an enrollment begins to count: one made by an
// administrator at once, any other when it has reached enrollment.min_age.
func CountsFrom(p *Policy, e Enrollment) time.Time {
	if e.ByAdministrator {
		return e.Since
	}
	return e.Since.Add(p.EnrollmentMinAge)
}

// TooNew reports whether an enrollment does not count yet.
func TooNew(f Facts, e Enrollment) bool {
	return !e.ByAdministrator && f.Now.Before(CountsFrom(f.Policy, e))
}

func passed(f Facts, e Enrollment, question string) bool {
	return slices.ContainsFunc(f.Evidence, func(v Evidence) bool { return v.Question == question && proves(f, v, e) })
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
	if h.AsUser {
		m = missingAsUser(user, have)
	} else if h.AtLeast > 0 || h.Questions == 0 {
		m.More = max(0, max(h.AtLeast, 1)-len(have))
	}
	if h.Questions > 0 && !slices.Contains(have, SecurityQuestions) && !slices.Contains(m.Types, SecurityQuestions) {
		m.Types = append(m.Types, SecurityQuestions)
		m.More = max(0, m.More-1) // they will count as one
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

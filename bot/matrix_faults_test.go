package bot_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"latchkey/bot"
)

// fault is a program that gets one rule wrong: it decides on facts that were
// changed so that the rule is not seen, or its decision is changed afterwards.
type fault struct {
	name  string
	facts func(f *bot.Facts)
	after func(f bot.Facts, d bot.Decision) bot.Decision
}

// enoughRed ends the search: a fault that turns so many rows red is seen.
const enoughRed = 5

// TestMatrixSeesFaults: each fault turns rows of the matrix red.
func TestMatrixSeesFaults(t *testing.T) {
	cases := slices.Clone(readMatrix(t))
	rand.New(rand.NewPCG(5, 2026)).Shuffle(len(cases), func(i, j int) { cases[i], cases[j] = cases[j], cases[i] })
	all := slices.Concat(faultsOfDemand(), faultsOfCounting(), faultsOfReach(), faultsOfState())
	if len(all) < 10 {
		t.Fatalf("only %d faults", len(all))
	}
	for _, wrong := range all {
		seen, example := 0, row{}
		for _, c := range cases {
			if wrong.decided(c.row) == c.want || (fault{}).decided(c.row) != c.want {
				continue // green, or red without the fault
			}
			if seen++; seen == 1 {
				example = c.row
			}
			if seen == enoughRed {
				break
			}
		}
		if seen == 0 {
			t.Errorf("%s: no row turns red", wrong.name)
			continue
		}
		t.Logf("%-45s seen, as in: %s", wrong.name, example)
	}
}

func (w fault) decided(r row) ruled {
	f := r.facts()
	if w.facts != nil {
		w.facts(&f)
	}
	d := bot.Decide(f)
	if w.after != nil {
		d = w.after(f, d)
	}
	return decided(f, d)
}

// ofHelpdesk gives a fault of the agent's helpdesk policy.
func ofHelpdesk(change func(h *bot.HelpdeskPolicy)) func(*bot.Facts) {
	return func(f *bot.Facts) {
		if f.Agent.Role != nil {
			role := *f.Agent.Role
			change(&role.Helpdesk)
			f.Agent.Role = &role
		}
	}
}

// ofUser gives a fault of the user's authentication policy.
func ofUser(change func(p bot.AuthenticationPolicy) *bot.AuthenticationPolicy) func(*bot.Facts) {
	return func(f *bot.Facts) {
		for i, a := range f.Accounts {
			if a.User != nil {
				f.Accounts[i].User = change(*a.User)
			}
		}
	}
}

func ofStores(change func(s *bot.StorePolicy)) func(*bot.Facts) {
	return func(f *bot.Facts) {
		for i := range f.Policy.Stores {
			change(&f.Policy.Stores[i])
		}
	}
}

func ofAccounts(change func(a *bot.TargetAccount)) func(*bot.Facts) {
	return func(f *bot.Facts) {
		for i := range f.Accounts {
			change(&f.Accounts[i])
		}
	}
}

func ofEvidence(change func(f *bot.Facts, v *bot.Evidence)) func(*bot.Facts) {
	return func(f *bot.Facts) {
		for i := range f.Evidence {
			change(f, &f.Evidence[i])
		}
	}
}

// What restricted mode asks for.
func faultsOfDemand() []fault {
	return []fault{
		{name: "the strength is ignored", facts: ofHelpdesk(func(h *bot.HelpdeskPolicy) { h.Assurance = 0 })},
		{name: "one strength lower will do", facts: ofHelpdesk(func(h *bot.HelpdeskPolicy) { h.Assurance = max(0, h.Assurance-1) })},
		{name: "one type too few will do", facts: ofHelpdesk(func(h *bot.HelpdeskPolicy) { h.AtLeast = max(0, h.AtLeast-1) })},
		{name: "X is not asked for", facts: ofHelpdesk(func(h *bot.HelpdeskPolicy) { h.Questions = 0 })},
		{name: "one right answer passes whatever X is", facts: ofHelpdesk(func(h *bot.HelpdeskPolicy) { h.Questions = min(1, h.Questions) })},
		{name: "as_user asks for any one type", facts: ofHelpdesk(func(h *bot.HelpdeskPolicy) { h.AsUser = false })},
		{name: "enforced types are only counted", facts: ofUser(func(p bot.AuthenticationPolicy) *bot.AuthenticationPolicy {
			return &bot.AuthenticationPolicy{Chosen: p.Chosen + len(p.Enforced)}
		})},
		{name: "chosen types are not counted", facts: ofUser(func(p bot.AuthenticationPolicy) *bot.AuthenticationPolicy {
			return &bot.AuthenticationPolicy{Enforced: p.Enforced}
		})},
		{name: "as_user without a policy asks for one type", facts: ofAccounts(func(a *bot.TargetAccount) {
			if a.User == nil {
				a.User = &bot.AuthenticationPolicy{}
			}
		})},
		{name: "restricted mode can be skipped", after: func(f bot.Facts, d bot.Decision) bot.Decision {
			if d.Page == bot.PageAuthenticate {
				d.CanSkip = true
			}
			return d
		}},
		{name: "Skip opens page Unlock in restricted mode", facts: func(f *bot.Facts) {
			if f.Case.Proceed {
				ofHelpdesk(func(h *bot.HelpdeskPolicy) { h.Mode = bot.UnrestrictedMode })(f)
			}
		}},
	}
}

// What counts as enrolled, and what as passed.
func faultsOfCounting() []fault {
	return []fault{
		{name: "too new counts", facts: func(f *bot.Facts) { f.Policy.EnrollmentMinAge = 0 }},
		{name: "an administrator's waits, too", facts: func(f *bot.Facts) {
			for i := range f.Enrollments {
				f.Enrollments[i].ByAdministrator = false
			}
		}},
		{name: "a type that the store switched off counts", facts: ofStores(func(s *bot.StorePolicy) { s.Types = bot.Types() })},
		{name: "chat makes somebody enrolled", after: func(f bot.Facts, d bot.Decision) bot.Decision {
			if d.Refused == bot.NotEnrolled && len(f.Chats) > 0 {
				d.Page, d.Refused = bot.PageAuthenticate, ""
			}
			return d
		}},
		{name: "chat counts for nothing", facts: func(f *bot.Facts) { f.Chats = nil }},
		{name: "every store trusts every other", facts: ofStores(func(s *bot.StorePolicy) { s.TrustEnrollmentOf = []string{"corp", "lab"} })},
		{name: "evidence of another case counts", facts: ofEvidence(func(f *bot.Facts, v *bot.Evidence) { v.Session = f.Case.Session })},
		{name: "evidence of another agent counts", facts: ofEvidence(func(f *bot.Facts, v *bot.Evidence) { v.Agent = f.Agent.Account.ID })},
		{name: "evidence of another target counts", facts: ofEvidence(func(f *bot.Facts, v *bot.Evidence) { v.Target = f.Target() })},
		{name: "stale evidence counts", facts: ofEvidence(func(f *bot.Facts, v *bot.Evidence) { v.Expires = f.Now.Add(time.Minute) })},
		{name: "one answer counts as often as it is given", facts: func(f *bot.Facts) {
			for i := range f.Evidence {
				for _, e := range f.Enrollments {
					if e.ID == f.Evidence[i].Enrollment && i < len(e.Answers) {
						f.Evidence[i].Question = e.Answers[i].ID
					}
				}
			}
		}},
	}
}

// Whom nobody may act on.
func faultsOfReach() []fault {
	return []fault{
		{name: "the container is ignored", facts: ofHelpdesk(func(h *bot.HelpdeskPolicy) { h.Containers = nil })},
		{name: "protection is ignored", facts: ofStores(func(s *bot.StorePolicy) { s.ProtectedGroups, s.ProtectedContainers = nil, nil })},
		{name: "nested groups protect nobody", facts: ofAccounts(func(a *bot.TargetAccount) {
			if slices.Contains(a.Groups, helperGroup) {
				a.Groups = []bot.DN{leadGroup, helperGroup}
			}
		})},
		{name: "who may unlock one protected thing may all", facts: func(f *bot.Facts) {
			if f.Agent.Role != nil && len(f.Agent.Role.MayUnlockProtected) > 0 {
				role := *f.Agent.Role
				role.MayUnlockProtected = []bot.DN{admins, staff, name("corp/staff/sales")}
				f.Agent.Role = &role
			}
		}},
		{name: "the role acts on every store", facts: func(f *bot.Facts) {
			if f.Agent.Role != nil {
				role := *f.Agent.Role
				role.ActsOn = []string{"corp", "lab"}
				f.Agent.Role = &role
			}
		}},
		{name: "one's own account is anybody's", facts: func(f *bot.Facts) {
			if f.Case.Self {
				return
			}
			for i := range f.Evidence {
				if f.Evidence[i].Agent == f.Agent.Account.ID {
					f.Evidence[i].Agent = finn
				}
			}
			f.Agent.Account.ID, f.Agent.Account.Link, f.Agent.Linked, f.Case.Agent = finn, "", nil, finn
		}},
		{name: "Unlock Any Account is not asked for", facts: func(f *bot.Facts) {
			if f.Agent.Role != nil {
				role := *f.Agent.Role
				role.Permissions = bot.Permissions()
				f.Agent.Role = &role
			}
		}},
		{name: "Unlock My Account is not asked for", facts: func(f *bot.Facts) {
			for i := range f.Policy.Roles {
				f.Policy.Roles[i].Permissions = bot.Permissions()
			}
			if f.Case.Self && f.Agent.Role != nil {
				f.Agent.Role = f.Policy.RoleOf(f.Agent.Account, f.Accounts[0].Groups)
			}
		}},
		{name: "a locked agent works on", facts: func(f *bot.Facts) {
			if !f.Case.Self {
				f.Agent.Account.Lock.State = bot.Unlocked
			}
		}},
	}
}

// What an account is in.
func faultsOfState() []fault {
	return []fault{
		{name: "the freeze is ignored", facts: func(f *bot.Facts) { f.Frozen = time.Time{} }},
		{name: "self-service is not frozen", facts: func(f *bot.Facts) {
			if f.Case.Self {
				f.Frozen = time.Time{}
			}
		}},
		{name: "a fourth unlock of the day", facts: func(f *bot.Facts) { f.Policy.Limits.UnlocksPerDay++ }},
		{name: "two unlocks at once", facts: ofAccounts(func(a *bot.TargetAccount) { a.UnderWay = false })},
		{name: "an administrator's lock is a lock", facts: ofAccounts(func(a *bot.TargetAccount) {
			if a.Lock.State == bot.LockedByAdministrator {
				a.Lock.State = bot.Locked
			}
		})},
		{name: "disabled accounts are unlocked", facts: ofAccounts(func(a *bot.TargetAccount) { a.Disabled = false })},
	}
}

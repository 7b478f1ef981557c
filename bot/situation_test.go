package bot_test

import (
	"time"

	"latchkey/bot"
)

// The people and places of the policy tests.
var (
	noon = time.Date(2026, time.November, 2, 12, 0, 0, 0, time.UTC)

	dana = bot.AccountID{Store: "corp", GUID: "dana"}
	finn = bot.AccountID{Store: "corp", GUID: "finn"} // another agent
	mei  = bot.AccountID{Store: "corp", GUID: "mei"}
	meiL = bot.AccountID{Store: "lab", GUID: "mei"} // linked to mei
	omar = bot.AccountID{Store: "corp", GUID: "omar"}
)

const (
	corpBase = bot.DN("dc=corp,dc=example")
	labBase  = bot.DN("dc=lab,dc=example")
	staff    = bot.DN("ou=staff,dc=corp,dc=example")
	meiDN    = bot.DN("cn=mei,ou=sales,ou=staff,dc=corp,dc=example")
	admins   = bot.DN("cn=admins,dc=corp,dc=example")
	tier0    = bot.DN("ou=tier0,dc=corp,dc=example")
	labTier0 = bot.DN("ou=tier0,dc=lab,dc=example")

	onlyQuestion = "q1" // who is enrolled with security questions has one
)

// situation is a case in the helpdesk's words. Its zero value is the ordinary
// one: Dana, of the helpdesk, in restricted mode with nothing said of how to
// authenticate, works on Mei, who is locked and enrolled with nothing.
type situation struct {
	mode       bot.Mode // "": restricted
	without    bool     // the role lacks Unlock Any Account, and has all other permissions
	noRole     bool
	agent      bot.Account // as far as it differs from an enabled, unlocked one
	agentIs    []bot.AccountID
	agentLink  string   // Mei's is "3"
	actsOn     []string // nil: corp and lab
	containers []bot.DN
	frees      []bot.DN // may_unlock_protected
	asUser     bool
	atLeast    int
	assurance  bot.Strength

	enforced []bot.Type // nil and chosen 0: no role of Mei has an authentication policy
	chosen   int
	inRole   bool                      // it has one, whatever enforced and chosen say
	labRole  *bot.AuthenticationPolicy // of her account in lab

	types    []bot.Type // of store corp; nil: all
	trust    bool       // corp trusts enrollments of lab
	labTrust bool       // lab trusts enrollments of corp
	enrolled []enrolled
	evidence []bot.Evidence // types alone are given; all else as it should be

	mei       account
	linked    *account
	same      []bot.AccountID // more accounts of the person, protected ones
	proceed   bool
	unlockMax int // 0: 3
}

type account struct {
	dn       bot.DN // "": in Sales
	groups   []bot.DN
	lock     bot.LockState // "": locked
	disabled bool
	expired  bool
	unlocks  int
	underWay bool
}

type enrolled struct {
	with    bot.Type
	on      bot.AccountID // zero: mei
	age     time.Duration // 0: a year
	byAdmin bool
}

func (s situation) facts() bot.Facts {
	f := bot.Facts{Now: noon, Policy: s.policy(), Agent: s.agentFacts()}
	f.Case = bot.Case{Session: "s1", Agent: dana, Target: mei, Proceed: s.proceed}
	f.Accounts = []bot.TargetAccount{s.mei.target(mei, meiDN)}
	f.Same = append([]bot.AccountID{mei}, s.same...)
	if s.linked != nil {
		f.Accounts = append(f.Accounts, s.linked.target(meiL, "cn=mei,"+labBase))
		f.Accounts[1].User = s.labRole
		f.Same = append(f.Same, meiL)
	}
	if s.enforced != nil || s.chosen > 0 || s.inRole {
		f.Accounts[0].User = &bot.AuthenticationPolicy{Enforced: s.enforced, Chosen: s.chosen}
	}
	for _, e := range s.enrolled {
		made := bot.Enrollment{ID: "e-" + string(e.with), Account: mei, Type: e.with, Since: noon.AddDate(-1, 0, 0), ByAdministrator: e.byAdmin}
		if !e.on.IsZero() {
			made.ID, made.Account = made.ID+"-"+e.on.Store, e.on
		}
		if e.age > 0 {
			made.Since = noon.Add(-e.age)
		}
		if e.with == bot.SecurityQuestions {
			made.Answers = []bot.Answer{{ID: onlyQuestion}}
		}
		f.Enrollments = append(f.Enrollments, made)
	}
	for i, v := range s.evidence {
		f.Evidence = append(f.Evidence, complete(v, i))
	}
	return f
}

// complete fills in what the evidence does not say.
func complete(v bot.Evidence, i int) bot.Evidence {
	whole := bot.Evidence{ID: "v" + string(rune('0'+i)), Session: "s1", Challenge: "c", Enrollment: "e-" + string(v.Type), Type: v.Type,
		Target: mei, Agent: dana, At: noon.Add(-time.Minute), Expires: noon.Add(14 * time.Minute)}
	if v.Type == bot.SecurityQuestions {
		whole.Question = onlyQuestion
	}
	if v.Session != "" {
		whole.Session = v.Session
	}
	if v.Enrollment != "" {
		whole.Enrollment = v.Enrollment
	}
	if !v.Target.IsZero() {
		whole.Target = v.Target
	}
	if !v.Agent.IsZero() {
		whole.Agent = v.Agent
	}
	if !v.At.IsZero() {
		whole.At = v.At
	}
	if !v.Expires.IsZero() {
		whole.Expires = v.Expires
	}
	return whole
}

func (s situation) policy() *bot.Policy {
	p := &bot.Policy{Version: "p1", Limits: bot.DefaultLimits(), EnrollmentMinAge: 72 * time.Hour}
	if s.unlockMax > 0 {
		p.Limits.UnlocksPerDay = s.unlockMax
	}
	corp := bot.StorePolicy{Name: "corp", Base: corpBase, Types: s.types, Links: true,
		ProtectedGroups: []bot.DN{admins}, ProtectedContainers: []bot.DN{tier0}}
	if corp.Types == nil {
		corp.Types = bot.Types()
	}
	if s.trust {
		corp.TrustEnrollmentOf = []string{"lab"}
	}
	lab := bot.StorePolicy{Name: "lab", Base: labBase, Types: bot.Types(), Links: true, ProtectedContainers: []bot.DN{labTier0}}
	if s.labTrust {
		lab.TrustEnrollmentOf = []string{"corp"}
	}
	p.Stores = []bot.StorePolicy{corp, lab}
	return p
}

func (s situation) agentFacts() bot.AgentFacts {
	a := bot.AgentFacts{Account: s.agent, Linked: s.agentIs}
	a.Account.ID, a.Account.Link = dana, s.agentLink
	if a.Account.Lock.State == "" {
		a.Account.Lock.State = bot.Unlocked
	}
	if s.noRole {
		return a
	}
	a.Role = &bot.Role{Name: "helpdesk", Store: "corp", ActsOn: s.actsOn, MayUnlockProtected: s.frees,
		Helpdesk: bot.HelpdeskPolicy{Mode: s.mode, Containers: s.containers, AsUser: s.asUser, AtLeast: s.atLeast, Assurance: s.assurance}}
	if s.mode == "" {
		a.Role.Helpdesk.Mode = bot.RestrictedMode
	}
	if s.actsOn == nil {
		a.Role.ActsOn = []string{"corp", "lab"}
	}
	for _, p := range bot.Permissions() {
		if p != bot.UnlockAnyAccount || !s.without {
			a.Role.Permissions = append(a.Role.Permissions, p)
		}
	}
	return a
}

func (a account) target(id bot.AccountID, dn bot.DN) bot.TargetAccount {
	t := bot.TargetAccount{Groups: a.groups, UnlocksToday: a.unlocks, UnderWay: a.underWay}
	t.Account = bot.Account{ID: id, DN: dn, Login: "mei", DisplayName: "Mei Lin", Link: "3", Disabled: a.disabled, Expired: a.expired}
	if a.dn != "" {
		t.DN = a.dn
	}
	t.Lock = bot.Lock{State: bot.Locked, Value: "seen-" + id.Store}
	if a.lock != "" {
		t.Lock.State = a.lock
	}
	return t
}

func with(types ...bot.Type) []enrolled {
	var out []enrolled
	for _, t := range types {
		out = append(out, enrolled{with: t})
	}
	return out
}

func passed(types ...bot.Type) []bot.Evidence {
	var out []bot.Evidence
	for _, t := range types {
		out = append(out, bot.Evidence{Type: t})
	}
	return out
}

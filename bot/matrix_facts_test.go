package bot_test

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"latchkey/bot"
)

// The agent's chat, and those of Mei's two accounts.
var (
	agentChat = bot.Chatter{Platform: "slack", Tenant: "T1", User: "UDANA"}
	meiChats  = map[string]bot.Chatter{
		"corp": {Platform: "slack", Tenant: "T1", User: "UMEI"},
		"lab":  {Platform: "teams", Tenant: "t2", User: "mei"},
	}
	meiAdmin = bot.AccountID{Store: "corp", GUID: "mei-admin"} // protected, and so linked to nothing
)

const (
	helpdeskGroup = bot.DN("cn=helpdesk,ou=groups," + corpBase)
	leadGroup     = bot.DN("cn=leads,ou=groups," + corpBase)
	helperGroup   = bot.DN("cn=helpers,ou=groups," + corpBase) // a member of admins
	minAge        = 72 * time.Hour
)

// name gives the place that the rules write as a path.
func name(path string) bot.DN {
	parts := strings.Split(path, "/")
	dn := "dc=" + parts[0] + ",dc=example"
	for _, p := range parts[1:] {
		kind := "ou="
		if p == "mei" {
			kind = "cn="
		}
		dn = kind + p + "," + dn
	}
	return bot.DN(dn)
}

// facts are the row as the desk would read it.
func (r row) facts() bot.Facts {
	f := bot.Facts{Now: noon, Policy: r.policy(), Same: []bot.AccountID{mei}}
	f.Accounts = []bot.TargetAccount{r.account(f.Policy, mei, r.get("picked"))}
	if r.get("linked") != "none" {
		f.Accounts = append(f.Accounts, r.account(f.Policy, meiL, r.get("linked")))
		f.Same = append(f.Same, meiL)
	}
	f.Agent = r.agent(f)
	f.Case = bot.Case{Session: "s1", Chat: agentChat, Agent: f.Agent.Account.ID, Target: mei, Self: r.get("way") == "self", Proceed: r.get("asked") == "yes"}
	switch r.get("person") {
	case "protected account":
		f.Same = append(f.Same, meiAdmin)
	case "chat id":
		f.Chats = append(f.Chats, bot.Binding{Chat: agentChat, Account: mei, At: noon.AddDate(-1, 0, 0), By: "email"})
	}
	switch r.get("freeze") {
	case "holds":
		f.Frozen = noon.Add(time.Hour)
	case "ends now":
		f.Frozen = noon
	case "over":
		f.Frozen = noon.Add(-time.Hour)
	}
	for _, t := range bot.Types() {
		r.enroll(&f, t)
		r.pass(&f, t)
	}
	return f
}

func (r row) policy() *bot.Policy {
	corp := bot.StorePolicy{Name: "corp", Base: corpBase, Types: slices.DeleteFunc(bot.Types(), func(t bot.Type) bool {
		return r.get("switched off") == string(t) || r.get("switched off") == "all but email" && t != bot.Email
	}), Links: true}
	lab := bot.StorePolicy{Name: "lab", Base: labBase, Types: bot.Types(), Links: true}
	if r.get("trust") == "corp trusts lab" || r.get("trust") == "each other" {
		corp.TrustEnrollmentOf = []string{"lab"}
	}
	if r.get("trust") == "lab trusts corp" || r.get("trust") == "each other" {
		lab.TrustEnrollmentOf = []string{"corp"}
	}
	if strings.Contains(r.get("protected by"), "group") {
		corp.ProtectedGroups = []bot.DN{admins}
	}
	switch r.get("protected by") {
	case "container", "group and container":
		corp.ProtectedContainers = []bot.DN{name("corp/staff/sales")}
	case "sub-container":
		corp.ProtectedContainers = []bot.DN{staff}
	}
	if r.get("linked") == "protected" {
		lab.ProtectedContainers = []bot.DN{name("lab/people")}
	}
	return &bot.Policy{Version: "p1", Limits: bot.DefaultLimits(), EnrollmentMinAge: minAge, Stores: []bot.StorePolicy{corp, lab}, Roles: r.roles()}
}

// roles are the agent's and the user's. The best of Mei's has the same policies and
// says nothing of authentication; those after it permit what it does not, and ask for less.
func (r row) roles() []bot.Role {
	without := func(p bot.Permission, granted bool) []bot.Permission {
		return slices.DeleteFunc(bot.Permissions(), func(q bot.Permission) bool { return q == p && !granted })
	}
	helpdesk := bot.Role{Name: "helpdesk", Store: "corp", Priority: 10, MemberGroups: []bot.DN{helpdeskGroup}, ActsOn: fields(r.get("stores")),
		Permissions: without(bot.UnlockAnyAccount, r.get("permission") == "granted"), Helpdesk: r.helpdesk()}
	if strings.Contains(r.get("may"), "group") && r.get("may") != "other group" {
		helpdesk.MayUnlockProtected = append(helpdesk.MayUnlockProtected, admins)
	}
	if strings.Contains(r.get("may"), "container") {
		helpdesk.MayUnlockProtected = append(helpdesk.MayUnlockProtected, name("corp/staff/sales"), staff)
	}
	if r.get("may") == "other group" {
		helpdesk.MayUnlockProtected = []bot.DN{helperGroup}
	}
	lab := bot.Role{Name: "lab", Store: "lab", Priority: 50, Everyone: true, Authentication: authentication(r.get("role of linked")),
		Permissions: without(bot.UnlockMyAccount, r.get("lab permission") == "granted")}
	if r.get("agent") == "in no role" {
		return []bot.Role{lab}
	}
	leads := bot.Role{Name: "leads", Store: "corp", Priority: 50, MemberGroups: []bot.DN{leadGroup}, Permissions: without(bot.UnlockMyAccount, r.get("permission") == "granted"),
		MayUnlockProtected: helpdesk.MayUnlockProtected, Helpdesk: helpdesk.Helpdesk}
	user := bot.Role{Name: "user", Store: "corp", Priority: 100, MemberContainers: []bot.DN{staff}, Authentication: authentication(r.get("role of the user")),
		Permissions: without(bot.UnlockMyAccount, r.get("permission") != "granted")}
	lax := bot.Role{Name: "lax", Store: "corp", Priority: 200, MemberContainers: []bot.DN{staff}, Permissions: bot.Permissions()}
	if user.Authentication != nil {
		lax.Authentication = &bot.AuthenticationPolicy{}
	}
	return []bot.Role{lax, user, lab, helpdesk, leads}
}

func (r row) helpdesk() bot.HelpdeskPolicy {
	h := bot.HelpdeskPolicy{Mode: bot.Mode(r.get("mode")), AsUser: r.get("form") == "as user"}
	if n, ok := strings.CutPrefix(r.get("form"), "at least "); ok {
		h.AtLeast = whole(n)
	}
	for _, c := range fields(r.get("containers")) {
		h.Containers = append(h.Containers, name(c))
	}
	h.Questions = whole(r.get("questions asked"))
	h.Assurance, _ = bot.ParseStrength(r.get("assurance"))
	return h
}

// fields are the words of a value, or nothing.
func fields(value string) []string {
	if value == "none" {
		return nil
	}
	return strings.Fields(value)
}

func whole(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		panic(err)
	}
	return n
}

// authentication reads a policy: enforced types, and '+' so many chosen ones.
func authentication(role string) *bot.AuthenticationPolicy {
	if role == "none" {
		return nil
	}
	p := &bot.AuthenticationPolicy{}
	for _, word := range fields(strings.TrimPrefix(role, "asks nothing")) {
		if n, ok := strings.CutPrefix(word, "+"); ok {
			p.Chosen = whole(n)
		} else {
			p.Enforced = append(p.Enforced, bot.Type(word))
		}
	}
	return p
}

func (r row) account(p *bot.Policy, id bot.AccountID, state string) bot.TargetAccount {
	t := bot.TargetAccount{Account: bot.Account{ID: id, DN: name("corp/staff/sales/mei"), Login: "mei", DisplayName: "Mei Lin", Link: "3",
		Lock: bot.Lock{State: bot.Locked, Value: "seen-" + id.Store}}, Groups: []bot.DN{leadGroup}}
	switch r.get("protected by") {
	case "group", "group and container":
		t.Groups = append(t.Groups, admins)
	case "nested group":
		t.Groups = append(t.Groups, helperGroup, admins)
	}
	if id == meiL {
		t.DN, t.Groups = name("lab/people/mei"), nil
	}
	switch state {
	case "not locked", "disabled not locked":
		t.Lock = bot.Lock{State: bot.Unlocked}
	case "by administrator":
		t.Lock.State = bot.LockedByAdministrator
	case "expired":
		t.Expired = true
	case "under way":
		t.UnderWay = true
	case "unlocked twice today":
		t.UnlocksToday = 2
	case "unlocked three times today":
		t.UnlocksToday = 3
	}
	t.Disabled = strings.HasPrefix(state, "disabled")
	t.User = p.AuthenticationOf(t.Account, t.Groups)
	return t
}

func (r row) agent(f bot.Facts) bot.AgentFacts {
	if r.get("way") == "self" && r.get("person") == "himself" {
		own := f.Accounts[0]
		return bot.AgentFacts{Account: own.Account, Role: f.Policy.RoleOf(own.Account, own.Groups)}
	}
	a := bot.AgentFacts{Account: bot.Account{ID: dana, DN: "cn=dana,ou=it," + corpBase, DisplayName: "Dana Reyes", Link: "1", Lock: bot.Lock{State: bot.Unlocked}}}
	switch r.get("person") {
	case "himself":
		a.Account.ID = mei
	case "linked account":
		a.Linked = []bot.AccountID{mei}
	case "protected account":
		a.Linked = []bot.AccountID{meiAdmin}
	case "link value":
		a.Account.Link = "3"
	}
	switch r.get("agent") {
	case "disabled":
		a.Account.Disabled = true
	case "expired":
		a.Account.Expired = true
	case "locked":
		a.Account.Lock.State = bot.Locked
	case "locked by administrator":
		a.Account.Lock.State = bot.LockedByAdministrator
	}
	a.Role = f.Policy.RoleOf(a.Account, []bot.DN{helpdeskGroup})
	return a
}

// enroll adds what the row says of a type.
func (r row) enroll(f *bot.Facts, t bot.Type) {
	value := r.get(string(t))
	hold := func(id bot.AccountID) {
		e := bot.Enrollment{ID: enrollmentOf(t, id), Account: id, Type: t, Since: noon.AddDate(-1, 0, 0)}
		switch value {
		case "own new", "lab new":
			e.Since = noon.Add(time.Minute - minAge)
		case "own ripe":
			e.Since = noon.Add(-minAge)
		case "own by administrator":
			e.Since, e.ByAdministrator = noon.Add(-time.Minute), true
		}
		if t == bot.Chat {
			b := bot.Binding{Chat: meiChats[id.Store], Account: id, At: e.Since, By: "email"}
			if e.ByAdministrator {
				b.By = bot.ByAdministrator
			}
			f.Chats = append(f.Chats, b)
			return
		}
		if t == bot.SecurityQuestions {
			for n := range whole(r.get("answers")) {
				e.Answers = append(e.Answers, bot.Answer{ID: questionOf(n, id)})
			}
		}
		f.Enrollments = append(f.Enrollments, e)
	}
	if strings.HasPrefix(value, "lab") || value == "own and lab" {
		hold(meiL)
	}
	if strings.HasPrefix(value, "own") {
		hold(mei)
	}
}

func enrollmentOf(t bot.Type, id bot.AccountID) string {
	if t == bot.Chat {
		return "chat:" + meiChats[id.Store].String() + ":" + id.String()
	}
	return "e-" + string(t) + "-" + id.Store
}

func questionOf(n int, id bot.AccountID) string { return "q" + strconv.Itoa(n) + "-" + id.Store }

// pass adds the evidence that the row says of a type.
func (r row) pass(f *bot.Facts, t bot.Type) {
	how := r.get(string(t) + " passed")
	if how == "no" {
		return
	}
	id, n := mei, 1
	if t == bot.SecurityQuestions {
		words := strings.Fields(how)
		if words[0] == "lab" {
			id, words = meiL, words[1:]
		}
		n = whole(words[0])
	}
	if how == "lab" {
		id = meiL
	}
	for i := range n {
		v := bot.Evidence{ID: "v-" + string(t) + strconv.Itoa(i), Session: "s1", Challenge: "c", Enrollment: enrollmentOf(t, id), Type: t,
			Target: mei, Agent: f.Agent.Account.ID, At: noon.Add(-time.Minute), Expires: noon.Add(14 * time.Minute)}
		if t == bot.SecurityQuestions && how != "3 unnamed" {
			v.Question = questionOf(i, id)
		}
		f.Evidence = append(f.Evidence, spoil(v, how)...)
	}
}

// spoil makes of a good piece of evidence one that counts for nothing, or for no more.
func spoil(v bot.Evidence, how string) []bot.Evidence {
	switch strings.TrimLeft(how, "0123456789 ") {
	case "stale":
		v.At, v.Expires = noon.Add(-15*time.Minute), noon
	case "of another session":
		v.Session = "s2"
	case "of another agent":
		v.Agent = finn
	case "of another target":
		v.Target = meiL
	case "of another enrollment":
		v.Enrollment = "e-gone"
	case "thrice":
		return []bot.Evidence{v, v, v}
	}
	return []bot.Evidence{v}
}

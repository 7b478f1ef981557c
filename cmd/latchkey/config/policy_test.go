package config_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"latchkey/bot"
	"latchkey/cmd/latchkey/config"
)

func TestPolicy(t *testing.T) {
	p, err := config.Policy(load(t, example(t)), canonical)
	if err != nil {
		t.Fatal(err)
	}
	const corp = "dc=corp,dc=example,dc=com"
	domainAdmins := []bot.DN{"cn=domain admins,cn=users," + corp}
	want := &bot.Policy{
		Version: p.Version,
		Stores: []bot.StorePolicy{
			{Name: "corp", Base: corp, Types: bot.Types(), TrustEnrollmentOf: []string{"lab"}, Links: true,
				QuestionPool:    []string{"Which street did you grow up in?", "What did you want to be?"},
				ProtectedGroups: domainAdmins, ProtectedContainers: []bot.DN{"ou=tier0," + corp}},
			{Name: "lab", Base: "dc=lab,dc=example,dc=com", Types: []bot.Type{bot.Email, bot.Authenticator}, Links: true},
		},
		Roles: []bot.Role{
			{Name: "helpdesk", Store: "corp", ActsOn: []string{"corp", "lab"}, Priority: 10,
				MemberGroups: []bot.DN{"cn=helpdesk,ou=groups," + corp},
				Permissions: []bot.Permission{bot.UnlockAnyAccount, bot.UnlockMyAccount, bot.PermitEnroll, bot.PermitUnenroll, bot.PermitRemind,
					bot.ViewHistory, bot.ExportHistory, bot.ViewReport, bot.ClearAuthenticationLockout, bot.LiftFreeze},
				MayUnlockProtected: domainAdmins,
				Helpdesk: bot.HelpdeskPolicy{Mode: bot.RestrictedMode, Containers: []bot.DN{"ou=staff," + corp}, AtLeast: 2, Questions: 1,
					Assurance: bot.Medium, Reason: bot.ReasonOptional}},
			{Name: "desk", Store: "corp", ActsOn: []string{"corp"}, Priority: 20, MemberGroups: []bot.DN{"cn=front desk,ou=groups," + corp},
				Permissions: []bot.Permission{bot.UnlockAnyAccount},
				Helpdesk:    bot.HelpdeskPolicy{Mode: bot.UnrestrictedMode, Reason: bot.ReasonRequired}},
			{Name: "user", Store: "corp", Priority: 100, MemberContainers: []bot.DN{"ou=staff," + corp},
				Permissions: []bot.Permission{bot.UnlockMyAccount, bot.PermitEnroll},
				Helpdesk:    bot.HelpdeskPolicy{Mode: bot.RestrictedMode, Reason: bot.ReasonNone},
				Authentication: &bot.AuthenticationPolicy{Enforced: []bot.Type{bot.Authenticator}, Chosen: 1, Questions: 4, MinimumAnswer: 4,
					Lockout: bot.Lockout{Failures: 5, Duration: 30 * time.Minute}}},
			{Name: "lab user", Store: "lab", Priority: 100, Everyone: true, Permissions: []bot.Permission{},
				Helpdesk: bot.HelpdeskPolicy{Mode: bot.RestrictedMode, Reason: bot.ReasonNone}},
		},
		Limits: bot.Limits{CodeDigits: 8, CodeLife: 4 * time.Minute, CodeTries: 3, WrongPerDay: 11, WrongInARow: 50, UnlocksPerDay: 4,
			CodesPerHour: 5, PushesPerSession: 3, PushesPerHour: 5, FreezesPerWeek: 2, FreezeLife: 24 * time.Hour, FleetWrongPerHour: 200, AgentCasesPerHour: 30, UnenrollsPerHour: 4, EvidenceLife: 8 * time.Minute, GrantLife: 2 * time.Minute,
			SessionLife: 10 * time.Minute, SessionIdle: 3 * time.Minute},
		EnrollmentMinAge: 48 * time.Hour,
	}
	if diff := cmp.Diff(want, p); diff != "" {
		t.Error(diff)
	}
}

// The version changes with what decides, and with nothing else.
func TestPolicyVersion(t *testing.T) {
	version := func(old, new string) string {
		t.Helper()
		content := example(t)
		if !strings.Contains(content, old) {
			t.Fatalf("%q is not in the example", old)
		}
		p, err := config.Policy(load(t, strings.Replace(content, old, new, 1)), canonical)
		if err != nil {
			t.Fatal(err)
		}
		return p.Version
	}
	first := version("", "")
	if len(first) != 64 {
		t.Errorf("version %q is not a SHA-256", first)
	}
	for _, same := range [][2]string{{"server:", "# a word\nserver:"}, {":8443", ":8444"}, {"CN=Domain Admins,CN=Users", "cn=domain admins, CN=USERS"},
		{"T0123456789", "T999999"}, {"life: 4m", "life: 240s"}, {"bind_password: ${CORP_PASSWORD}", "bind_password: other"}} {
		if version(same[0], same[1]) != first {
			t.Errorf("%q for %q changes the version", same[1], same[0])
		}
	}
	for _, other := range [][2]string{{"at_least: 2", "at_least: 1"}, {"assurance: medium", "assurance: strong"}, {"life: 4m", "life: 3m"},
		{"OU=Tier0", "OU=Tier1"}, {"min_age: 48h", "min_age: 47h"}, {"priority: 20", "priority: 21"}, {"trust_enrollment_of: [lab]", "trust_enrollment_of: []"},
		{"{ failures: 5", "{ failures: 6"}, {"acts_on: [corp, lab]", "acts_on: [corp]"}, {"everyone: true", "containers: [\"dc=lab,dc=example,dc=com\"]"},
		{"may_unlock_protected: [\"CN=Domain Admins,CN=Users,DC=corp,DC=example,DC=com\"]", "may_unlock_protected: []"}} {
		if version(other[0], other[1]) == first {
			t.Errorf("%q for %q leaves the version as it is", other[1], other[0])
		}
	}
}

func TestPolicyNeedsNames(t *testing.T) {
	cfg := load(t, example(t))
	if _, err := config.Policy(cfg, func(string) (bot.DN, error) { return "", bot.E(bot.Invalid, "read name", nil) }); bot.KindOf(err) != bot.Internal {
		t.Errorf("a policy without names: %v", err)
	}
}

// What restricts and is not enforced stops the start, each with its line.
func TestNotYet(t *testing.T) {
	content := strings.Replace(example(t), "kind: openldap", "kind: 389ds", 1)
	content = strings.Replace(content, "    default_policy: cn=default,ou=policies,dc=lab,dc=example,dc=com\n", "", 1)
	stop, warn := config.NotYet(load(t, content))
	wantStop := map[string]string{
		"identity_stores[1].kind":                "389ds",
		"roles[0].step_up":                       "step_up",
		"roles[0].helpdesk_policy.approval.when": "when: [repeated]",
	}
	for _, f := range stop {
		if at, ok := wantStop[f.Key]; !ok || f.Line != lineOf(t, content, at) {
			t.Errorf("unexpected, or in the wrong line: %v", f)
		}
		delete(wantStop, f.Key)
	}
	if len(wantStop) > 0 {
		t.Errorf("not told: %v", wantStop)
	}
	wantWarn := []string{"history.retain", "history.checkpoint", "history.siem"}
	var got []string
	for _, f := range warn {
		got = append(got, f.Key)
		if f.Line == 0 || f.Mend == "" {
			t.Errorf("without a line or what it means: %v", f)
		}
	}
	if diff := cmp.Diff(wantWarn, got); diff != "" {
		t.Error(diff)
	}
}

func TestDoubts(t *testing.T) {
	const policy = "    default_policy: cn=default,ou=policies,dc=lab,dc=example,dc=com\n"
	const protection = "    protected: { groups: [\"cn=admins,dc=lab,dc=example,dc=com\"] }\n"
	whole := strings.Replace(example(t), policy, policy+protection, 1)
	keys := func(old, new string) string {
		t.Helper()
		var keys []string
		for _, f := range config.Doubts(load(t, strings.Replace(whole, old, new, 1))) {
			keys = append(keys, f.Key)
		}
		return strings.Join(keys, " ")
	}
	for _, c := range []struct{ name, old, new, want string }{
		{"unrestricted desk", "", "", "roles[1].helpdesk_policy.mode"},
		{"admin for all", `admin: "127.0.0.1:9090"`, `admin: ":9090"`, "server.admin roles[1].helpdesk_policy.mode"},
		{"admin for some", `admin: "127.0.0.1:9090"`, `admin: "10.0.0.1:9090"`, "server.admin roles[1].helpdesk_policy.mode"},
		{"admin by name", `admin: "127.0.0.1:9090"`, `admin: "localhost:9090"`, "roles[1].helpdesk_policy.mode"},
		{"admin by IPv6", `admin: "127.0.0.1:9090"`, `admin: "[::1]:9090"`, "roles[1].helpdesk_policy.mode"},
		{"nobody is protected", protection, "", "identity_stores[1].protected roles[1].helpdesk_policy.mode"},
		{"min_age 0", "min_age: 48h", "min_age: 0", "roles[1].helpdesk_policy.mode enrollment.min_age"},
		{"context alone", "authenticate: { at_least: 2 }\n      security_questions: 1\n      assurance: medium", "authenticate: { at_least: 1 }", "roles[0].helpdesk_policy.assurance roles[0].helpdesk_policy.assurance roles[1].helpdesk_policy.mode"},
		{"two weak types", "      assurance: medium\n", "", "roles[0].helpdesk_policy.assurance roles[1].helpdesk_policy.mode"},
		{"out of reach", "authentication_types: [email, authenticator]", "authentication_types: [email]", "roles[0].helpdesk_policy.authenticate.at_least roles[0].helpdesk_policy.assurance roles[1].helpdesk_policy.mode"},
	} {
		if got := keys(c.old, c.new); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestPeopleRules(t *testing.T) {
	content := strings.Replace(example(t), "email_domains: [example.com]", "email_domains: [Example.COM]", 1)
	want := []bot.PeopleRule{
		{Platform: "slack", Store: "corp", Match: bot.FieldMail, Domains: []string{"example.com"}},
		{Platform: "teams", Store: "corp", Match: bot.FieldUPN},
	}
	if diff := cmp.Diff(want, config.PeopleRules(load(t, content))); diff != "" {
		t.Error(diff)
	}
	content = strings.NewReplacer("match: email, email_domains: [Example.COM]", "match: none", "match: upn", "match: none").Replace(content)
	for _, r := range config.PeopleRules(load(t, content)) {
		if r.Match != "" {
			t.Errorf("match none makes the rule %+v", r)
		}
	}
}

// A store within another's tree has what is below its own base to itself.
func TestTheLongestBaseHoldsAName(t *testing.T) {
	nested := strings.ReplaceAll(example(t), "dc=lab,dc=example,dc=com", "dc=lab,dc=corp,dc=example,dc=com")
	staff := `containers: ["OU=Staff,DC=corp,DC=example,DC=com"` + "]\n      authenticate"
	crew := strings.Replace(nested, staff, strings.Replace(staff, "]", `, "ou=crew,dc=lab,dc=corp,dc=example,dc=com"]`, 1), 1)
	crew = strings.Replace(crew, "    permissions: [unlock_any_account]\n", "    permissions: [view_history]\n", 1)
	for store, want := range map[string]bot.DN{"corp": "ou=staff,dc=corp,dc=example,dc=com", "lab": "ou=crew,dc=lab,dc=corp,dc=example,dc=com"} {
		containers, _, err := config.Reach(load(t, crew), store, canonical)
		if diff := cmp.Diff([]bot.DN{want}, containers); err != nil || diff != "" {
			t.Errorf("%s: %v %s", store, err, diff)
		}
	}
	strayed := strings.Replace(nested, "    protected:\n      groups: [", "    protected:\n      groups: [\"cn=admins,dc=lab,dc=corp,dc=example,dc=com\", ", 1)
	_, err := config.Parse("test.yaml", []byte(strayed), inputs())
	if err == nil || !strings.Contains(err.Error(), "identity_stores[0].protected.groups[0]: \"cn=admins,dc=lab,dc=corp,dc=example,dc=com\" belongs to store lab") {
		t.Errorf("a name of the inner store in the outer one: %v", err)
	}
}

func TestReach(t *testing.T) {
	const corp, lab = "dc=corp,dc=example,dc=com", "dc=lab,dc=example,dc=com"
	names := func(dns ...string) []bot.DN {
		var out []bot.DN
		for _, dn := range dns {
			out = append(out, bot.DN(dn))
		}
		return out
	}
	restricted := strings.Replace(example(t), "    permissions: [unlock_any_account]\n", "    permissions: [view_history]\n", 1)
	for _, c := range []struct {
		name, content, store string
		containers, names    []bot.DN
	}{
		{"a role without a container opens the whole store", example(t), "corp", nil,
			names("cn=domain admins,cn=users,"+corp, "ou=tier0,"+corp, "cn=helpdesk,ou=groups,"+corp, "ou=staff,"+corp, "cn=front desk,ou=groups,"+corp)},
		{"a role that unlocks nobody opens nothing", restricted, "corp", names("ou=staff," + corp),
			names("cn=domain admins,cn=users,"+corp, "ou=tier0,"+corp, "cn=helpdesk,ou=groups,"+corp, "ou=staff,"+corp, "cn=front desk,ou=groups,"+corp)},
		{"containers of another store limit nothing", example(t), "lab", nil, nil},
		{"each store its own", strings.Replace(example(t), `containers: ["OU=Staff,DC=corp,DC=example,DC=com"]`+"\n      authenticate", `containers: ["OU=Staff,DC=corp,DC=example,DC=com", "ou=crew,`+lab+`"]`+"\n      authenticate", 1),
			"lab", names("ou=crew," + lab), names("ou=crew," + lab)},
	} {
		containers, named, err := config.Reach(load(t, c.content), c.store, canonical)
		if diff := cmp.Diff(c.containers, containers) + cmp.Diff(c.names, named); diff != "" || err != nil {
			t.Errorf("%s: %v %s", c.name, err, diff)
		}
	}
	if _, _, err := config.Reach(load(t, example(t)), "none", canonical); bot.KindOf(err) != bot.NotFound {
		t.Errorf("a store that is not there: %v", err)
	}
}

package config

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"latchkey/bot"
)

// Policy makes the policy of a configuration that Load gave, with the same
// canonical function. Its Version is the SHA-256 of all that decides, so a
// grant made under another configuration does not count, and one made under
// the same rules in other words does.
func Policy(cfg *Config, canonical func(string) (bot.DN, error)) (*bot.Policy, error) {
	p := &bot.Policy{Limits: limits(cfg.Limits), EnrollmentMinAge: cfg.Enrollment.MinAge.Std()}
	n := namer{canonical: canonical}
	for _, s := range cfg.Stores {
		p.Stores = append(p.Stores, bot.StorePolicy{
			Name: s.Name, Base: n.one(s.Base), Types: s.AuthenticationTypes,
			TrustEnrollmentOf: s.TrustEnrollmentOf, Links: s.LinkAttribute != "", QuestionPool: s.QuestionPool,
			ProtectedGroups: n.all(s.Protected.Groups), ProtectedContainers: n.all(s.Protected.Containers),
		})
	}
	for _, r := range cfg.Roles {
		p.Roles = append(p.Roles, bot.Role{
			Name: r.Name, Store: r.Store, ActsOn: r.ActsOn, Priority: r.Priority,
			MemberGroups: n.all(r.Members.Groups), MemberContainers: n.all(r.Members.Containers), Everyone: r.Members.Everyone,
			Permissions: r.Permissions, MayUnlockProtected: n.all(r.MayUnlockProtected),
			Helpdesk: helpdesk(r.HelpdeskPolicy, n.all), Authentication: authentication(r.AuthenticationPolicy),
		})
	}
	if n.err != nil {
		return nil, bot.E(bot.Internal, "make policy", n.err)
	}
	deciding, err := json.Marshal(p)
	if err != nil {
		return nil, bot.E(bot.Internal, "make policy version", err)
	}
	sum := sha256.Sum256(deciding)
	p.Version = hex.EncodeToString(sum[:])
	return p, nil
}

// namer makes canonical names and keeps the first error.
type namer struct {
	canonical func(string) (bot.DN, error)
	err       error
}

func (n *namer) one(dn DN) bot.DN {
	name, err := n.canonical(string(dn))
	if err != nil && n.err == nil {
		n.err = fmt.Errorf("name %q: %w", dn, err)
	}
	return name
}

func (n *namer) all(dns []DN) []bot.DN {
	var out []bot.DN
	for _, dn := range dns {
		out = append(out, n.one(dn))
	}
	return out
}

// helpdesk makes a role's helpdesk policy; without one it is restricted, and
// one enrolled type has to be passed.
func helpdesk(h *HelpdeskPolicy, names func([]DN) []bot.DN) bot.HelpdeskPolicy {
	if h == nil {
		return bot.HelpdeskPolicy{Mode: bot.RestrictedMode, Reason: bot.ReasonNone}
	}
	assurance, _ := bot.ParseStrength(h.Assurance) // "" is 0: not asked for
	return bot.HelpdeskPolicy{
		Mode: h.Mode, Containers: names(h.Containers), AsUser: h.Authenticate.AsUser,
		AtLeast: h.Authenticate.AtLeast, Questions: h.SecurityQuestions, Assurance: assurance, Reason: h.Reason,
	}
}

func authentication(a *AuthenticationPolicy) *bot.AuthenticationPolicy {
	if a == nil {
		return nil
	}
	p := &bot.AuthenticationPolicy{Enforced: a.Enforced, Chosen: a.Chosen, Questions: a.Questions, MinimumAnswer: a.MinimumAnswer}
	if a.Lockout != nil {
		p.Lockout = bot.Lockout{Failures: a.Lockout.Failures, Duration: a.Lockout.Duration.Std()}
	}
	return p
}

func limits(l Limits) bot.Limits {
	return bot.Limits{
		CodeDigits: l.Code.Digits, CodeLife: l.Code.Life.Std(), CodeTries: l.Code.Tries,
		WrongPerDay: l.Target.WrongPerDay, WrongInARow: l.Target.WrongInARow,
		UnlocksPerDay: l.Target.UnlocksPerDay, CodesPerHour: l.Target.CodesPerHour,
		PushesPerSession: l.Target.PushesPerCase, PushesPerHour: l.Target.PushesPerHour,
		FreezesPerWeek: l.Target.FreezesPerWeek, FreezeLife: l.Freeze.Life.Std(),
		FleetWrongPerHour: l.Fleet.WrongPerHour, AgentCasesPerHour: l.Agent.CasesPerHour, UnenrollsPerHour: l.Agent.UnenrollsPerHour,
		EvidenceLife: l.Evidence.Life.Std(), GrantLife: l.Grant.Life.Std(),
		SessionLife: l.Session.Life.Std(), SessionIdle: l.Session.Idle.Std(),
	}
}

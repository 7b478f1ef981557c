package config

import (
	"fmt"
	"net"
	"slices"

	"latchkey/bot"
)

// Doubts finds what is allowed and worth a second thought: rules that weak
// types alone satisfy, and rules that nobody can satisfy.
func Doubts(cfg *Config) Faults {
	var out Faults
	doubt := func(key, what, mend string) {
		out = append(out, Fault{File: cfg.File(), Line: cfg.Line(key), Key: key, What: what, Mend: mend})
	}
	if cfg.Enrollment.MinAge == 0 {
		doubt("enrollment.min_age", "is 0: who takes over a mailbox can enroll and be verified at once", "write 72h, unless this is a trial")
	}
	if host, _, err := net.SplitHostPort(string(cfg.Server.Admin)); err == nil && !(Address{Host: host}).Loopback() {
		doubt("server.admin", "is reached from other machines too: /metrics and /readyz tell whoever asks how Latchkey is", "write 127.0.0.1 before the port, or keep the port closed to all but your monitoring")
	}
	for i, s := range cfg.Stores {
		unlocked := slices.ContainsFunc(cfg.Roles, func(r Role) bool {
			return slices.Contains(r.Permissions, bot.UnlockAnyAccount) && slices.Contains(r.ActsOn, s.Name)
		})
		if unlocked && len(s.Protected.Groups)+len(s.Protected.Containers) == 0 {
			doubt(fmt.Sprintf("identity_stores[%d].protected", i), "names nobody: the accounts of administrators are unlocked from chat like all others", "name their groups and containers, such as Domain Admins")
		}
	}
	for i, s := range cfg.Stores {
		at := slices.Index(s.AuthenticationTypes, bot.Mobile)
		safer := func(t bot.Type) bool { return t.Strength() > bot.Restricted && t != bot.Chat }
		if at >= 0 && !slices.ContainsFunc(s.AuthenticationTypes, safer) {
			doubt(fmt.Sprintf("identity_stores[%d].authentication_types[%d]", i, at), "is mobile, and the store uses nothing safer: NIST SP 800-63B-4 restricts text messages and asks to offer another type beside them", "add authenticator")
		}
	}
	for i, r := range cfg.Roles {
		key := fmt.Sprintf("roles[%d]", i)
		if h := r.HelpdeskPolicy; h != nil && h.Mode == bot.UnrestrictedMode {
			if slices.Contains(r.Permissions, bot.UnlockAnyAccount) {
				doubt(key+".helpdesk_policy.mode", "is unrestricted: its members may skip authentication, so whoever talks them into it gets in", "write restricted, unless they meet people face to face")
			}
			continue
		}
		if slices.Contains(r.Permissions, bot.UnlockAnyAccount) {
			helpdeskDoubts(cfg, key+".helpdesk_policy", r, doubt)
		}
	}
	out.sort()
	return out
}

func helpdeskDoubts(cfg *Config, key string, r Role, doubt func(key, what, mend string)) {
	h := HelpdeskPolicy{}
	if r.HelpdeskPolicy != nil {
		h = *r.HelpdeskPolicy
	}
	wanted, _ := bot.ParseStrength(h.Assurance)
	for _, s := range cfg.Stores {
		if !slices.Contains(r.ActsOn, s.Name) {
			continue
		}
		strongest, weak := bot.Strength(0), 0
		for _, t := range s.AuthenticationTypes {
			strongest = max(strongest, t.Strength())
			if t.Strength() == bot.Context {
				weak++
			}
		}
		if wanted > strongest {
			doubt(key+".assurance", fmt.Sprintf("asks for %s, and store %s uses no type of that strength: nobody there can be unlocked", wanted, s.Name), "lower it, or add a type to the store")
		}
		if wanted <= bot.Context && weak >= max(1, h.Authenticate.AtLeast) && !h.Authenticate.AsUser {
			doubt(key+".assurance", "is not set higher than context: in store "+s.Name+" e-mail or security questions alone are enough", "write assurance: medium")
		}
		if h.Authenticate.AtLeast > len(s.AuthenticationTypes) {
			doubt(key+".authenticate.at_least", fmt.Sprintf("is more than the types that store %s uses: nobody there can be unlocked", s.Name), "lower it, or add types to the store")
		}
	}
}

package config

import (
	"slices"

	"latchkey/bot"
)

// Reach tells what a configuration that Load gave relies on in one identity
// store: the containers whose accounts agents may unlock (none: the whole
// store), and every group and container that roles and protection name there,
// each once. A name belongs to the store with the longest base that holds it.
func Reach(cfg *Config, store string, canonical func(string) (bot.DN, error)) (containers, names []bot.DN, err error) {
	n := namer{canonical: canonical}
	i := slices.IndexFunc(cfg.Stores, func(s IdentityStore) bool { return s.Name == store })
	if i < 0 {
		return nil, nil, bot.Ef(bot.NotFound, "find identity store", "There is no identity store %s.", store)
	}
	base := n.one(cfg.Stores[i].Base)
	var bases []bot.DN
	for _, s := range cfg.Stores {
		bases = append(bases, n.one(s.Base))
	}
	here := func(dns ...DN) []bot.DN {
		return slices.DeleteFunc(n.all(dns), func(dn bot.DN) bool { return !belongs(dn, base, bases) })
	}
	names = n.all(slices.Concat(cfg.Stores[i].Protected.Groups, cfg.Stores[i].Protected.Containers))
	whole := false
	for _, r := range cfg.Roles {
		if r.Store == store {
			names = append(names, n.all(slices.Concat(r.Members.Groups, r.Members.Containers))...)
		}
		if !slices.Contains(r.ActsOn, store) {
			continue
		}
		names = append(names, here(r.MayUnlockProtected...)...)
		var within []bot.DN
		if h := r.HelpdeskPolicy; h != nil {
			within = here(h.Containers...)
			names = append(names, within...)
		}
		if slices.Contains(r.Permissions, bot.UnlockAnyAccount) {
			containers = append(containers, within...)
			whole = whole || len(within) == 0
		}
	}
	if whole {
		containers = nil
	}
	return once(containers), once(names), n.err
}

// once drops what was there before, and keeps the order.
func once(names []bot.DN) []bot.DN {
	var out []bot.DN
	for _, n := range names {
		if !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out
}

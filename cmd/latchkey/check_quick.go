package main

import (
	"context"
	"slices"

	"latchkey/adapters/slack"
	"latchkey/adapters/teams"
	"latchkey/bot"
	"latchkey/cmd/latchkey/config"
)

// quickCheck tries what `latchkey check` tries and readiness does not, as far
// as that asks little of others: serve does it at its start. It writes nothing
// to a directory and nothing to a chat.
func (p *program) quickCheck(cfg *config.Config, o *openParts) func(context.Context) []bot.Finding {
	server := func(ctx context.Context) []bot.Finding { return o.records.Findings(ctx, p.now) }
	parts := []attempt{doubted(cfg), certificate(cfg, p.now), server, p.trySession(cfg)}
	for _, s := range cfg.Stores {
		parts = append(parts, tryLookup(s, o.Directories[s.Name]))
	}
	parts = append(parts, p.trySlack(cfg, (*slack.Adapter).CheckToken), p.tryTeams(cfg, (*teams.Adapter).CheckToken), p.tryMail(cfg), tryTexts(cfg), p.clock(cfg))
	return func(ctx context.Context) []bot.Finding { return tryAll(ctx, parts) }
}

// doubted tells what is allowed and worth a second thought.
func doubted(cfg *config.Config) attempt {
	return func(context.Context) []bot.Finding {
		var out []bot.Finding
		for _, f := range config.Doubts(cfg) {
			out = append(out, remark(f, bot.LevelWarning))
		}
		return slices.Concat(out, looseFile(cfg))
	}
}

// tryLookup looks for a login name that nobody has.
func tryLookup(s config.IdentityStore, d bot.Directory) attempt {
	return func(ctx context.Context) []bot.Finding {
		_, err := d.Lookup(ctx, bot.FieldLogin, "latchkey-"+newID())
		if err == nil || bot.KindOf(err) == bot.NotFound {
			return nil
		}
		return broken("directory "+s.Name, err, "See urls, base, bind_dn, bind_password and ca_file of identity store "+s.Name+": latchkey check says more")
	}
}

package config

import (
	"strings"

	"latchkey/bot"
)

// PeopleRules says how chat persons are bound. A chat of which nothing is
// written has no rule: its people are bound by an administrator.
func PeopleRules(cfg *Config) []bot.PeopleRule {
	var out []bot.PeopleRule
	if s := cfg.People.Slack; s != nil {
		r := bot.PeopleRule{Platform: "slack", Store: s.Store}
		for _, d := range s.EmailDomains {
			r.Domains = append(r.Domains, strings.ToLower(d))
		}
		if s.Match == "email" {
			r.Match = bot.FieldMail
		}
		out = append(out, r)
	}
	if t := cfg.People.Teams; t != nil {
		r := bot.PeopleRule{Platform: "teams", Store: t.Store}
		if t.Match == "upn" {
			r.Match = bot.FieldUPN
		}
		out = append(out, r)
	}
	return out
}

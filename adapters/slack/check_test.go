package slack

import (
	"fmt"
	"strings"
	"testing"

	"go.uber.org/zap"

	"latchkey/adapters/playground"
	"latchkey/bot"
)

func TestCheck(t *testing.T) {
	with := func(f func(o *playground.Options, c *Config)) func(*playground.Options, *Config) { return f }
	cases := []struct {
		name   string
		change func(*playground.Options, *Config)
		fail   string // Slack's refusal of auth.test
		level  bot.Level
		says   string
	}{
		{"all is well", nil, "", bot.LevelOK, "The audit channel C_AUDIT can be reached"},
		{"revoked", nil, "token_revoked", bot.LevelFault, "Slack refuses slack.bot_token: token_revoked"},
		{"no reason", nil, "-", bot.LevelFault, "Slack cannot be reached"},
		{"another workspace", with(func(_ *playground.Options, c *Config) { c.Workspace = "T_ELSE" }), "", bot.LevelFault, `belongs to "T0PLAY", but slack.workspace is "T_ELSE"`},
		{"enterprise", with(func(o *playground.Options, c *Config) { o.EnterpriseID, c.Workspace = "E1", "E1" }), "", bot.LevelOK, "belongs to workspace E1"},
		{"not in the channel", with(func(_ *playground.Options, c *Config) { c.AuditChannel = "C_OUT" }), "", bot.LevelFault, "C_OUT: not_in_channel"},
		{"a scope is missing", with(func(o *playground.Options, _ *Config) { o.Scopes = []string{"commands", "chat:write", "users:read"} }), "",
			bot.LevelFault, "lacks the scopes im:write, users:read.email"},
		{"too many scopes", with(func(o *playground.Options, _ *Config) {
			o.Scopes = append(playground.DefaultScopes(), "im:history", "files:write")
		}), "", bot.LevelWarning, "may read what people write: im:history."},
		{"may not write", with(func(o *playground.Options, _ *Config) { o.Scopes = []string{"commands", "users:read"} }), "",
			bot.LevelFault, "C_AUDIT: missing_scope. Add the scope chat:write"},
		{"no such channel", with(func(_ *playground.Options, c *Config) { c.AuditChannel = "C_NONE" }), "", bot.LevelFault, "channel_not_found"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := begin(t, c.change)
			if c.fail != "" {
				s.ws.Fail("auth.test", playground.Refusing(c.fail), -1)
			}
			found := s.bot.Check(t.Context())
			if bot.Worst(found) != c.level || !strings.Contains(fmt.Sprint(found), c.says) {
				t.Errorf("found %v; want %s, %q", found, c.level, c.says)
			}
			for _, f := range found {
				if f.Part != "slack" || f.Level != bot.LevelOK && f.Mend == "" || strings.Contains(fmt.Sprint(f), s.ws.Token()) {
					t.Errorf("finding %+v", f)
				}
			}
		})
	}
}

// The app token is tried without a connection being opened.
func TestSocketCheck(t *testing.T) {
	cases := []struct {
		name  string
		fail  string // Slack's refusal of apps.connections.open
		token string
		level bot.Level
		says  string
	}{
		{"all is well", "", "", bot.LevelOK, "Slack takes slack.app_token and lets Latchkey connect"},
		{"revoked", "token_revoked", "", bot.LevelFault, "Slack refuses slack.app_token: token_revoked. Make an app-level token (xapp-…) with the scope connections:write"},
		{"of another app", "", "xapp-other", bot.LevelFault, "Slack refuses slack.app_token: invalid_auth"},
		{"without its scope", "missing_scope", "", bot.LevelFault, "connections:write"},
		{"the app is not allowed", "account_inactive", "", bot.LevelFault, "Ask an administrator"},
		{"Slack is busy", "internal_error", "", bot.LevelFault, "does not let Latchkey connect (Socket Mode): internal_error. Try again"},
		{"no reason", "-", "", bot.LevelFault, "does not let Latchkey connect (Socket Mode). See that slack.api_url is right"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := set(t, func(o *playground.Options, cfg *Config) { o.SocketMode = true })
			if c.token != "" {
				cfg := s.bot.cfg
				cfg.AppToken = c.token
				var err error
				s.bot, err = New(cfg, s.desk, s.gate, zap.NewNop(), s.clock.Now)
				s.must(err)
			}
			if c.fail != "" {
				s.ws.Fail("apps.connections.open", playground.Refusing(c.fail), -1)
			}
			found := s.bot.Check(t.Context())
			if bot.Worst(found) != c.level || !strings.Contains(fmt.Sprint(found), c.says) {
				t.Errorf("found %v; want %s, %q", found, c.level, c.says)
			}
			if text := fmt.Sprint(found); strings.Contains(text, "xapp-p") || strings.Contains(text, "ticket") {
				t.Errorf("a secret is in %s", text)
			}
			if len(s.ws.Sockets()) != 0 {
				t.Error("a connection was opened")
			}
		})
	}
}

func TestScopes(t *testing.T) {
	all := strings.Join(neededScopes(), ",")
	cases := map[string]struct {
		header string
		level  bot.Level
		says   string
	}{
		"all":           {all, bot.LevelOK, "every scope"},
		"with blanks":   {strings.ReplaceAll(all, ",", ", ") + ", files:write", bot.LevelOK, "every scope"},
		"one lacks":     {strings.Replace(all, "im:write,", "", 1), bot.LevelFault, "lacks the scopes im:write"},
		"reads history": {all + ",im:history,channels:history", bot.LevelWarning, "im:history, channels:history"},
		"not said":      {"", bot.LevelWarning, "did not say"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			found := scopeFindings(c.header)
			if bot.Worst(found) != c.level || !strings.Contains(fmt.Sprint(found), c.says) {
				t.Errorf("found %v, want %s, %q", found, c.level, c.says)
			}
		})
	}
}

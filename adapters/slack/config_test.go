package slack

import (
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"

	"latchkey/bot"
)

func good() Config {
	return Config{SigningSecrets: []string{"s"}, BotToken: "xoxb-1", Workspace: "T0123456789", AuditChannel: "C0123456789"}
}

// Everything that is wrong is said at once, and no secret with it.
func TestConfigurationFaults(t *testing.T) {
	cases := map[string]struct {
		change func(*Config)
		says   []string
	}{
		"good":         {func(*Config) {}, nil},
		"two secrets":  {func(c *Config) { c.SigningSecrets = []string{"a", "b"} }, nil},
		"loopback":     {func(c *Config) { c.APIURL = "http://127.0.0.1:8080/api/" }, nil},
		"no secret":    {func(c *Config) { c.SigningSecrets = nil }, []string{"signing_secret"}},
		"empty secret": {func(c *Config) { c.SigningSecrets = []string{"a-real-secret", " "} }, []string{"signing_secret: number 2 is empty"}},
		"three":        {func(c *Config) { c.SigningSecrets = []string{"a", "b", "c"} }, []string{"signing_secret"}},
		"plain http":   {func(c *Config) { c.APIURL = "http://slack.com/api/" }, []string{"api_url"}},
		"no slash":     {func(c *Config) { c.APIURL = "https://slack.com/api" }, []string{"api_url"}},
		"a url":        {func(c *Config) { c.ResponseHosts = []string{"https://hooks.slack.com"} }, []string{"response_hosts"}},
		"all at once": {func(c *Config) { *c = Config{Workspace: "acme", AuditChannel: "#audit", Command: "unlock"} },
			[]string{"signing_secret", "bot_token", "workspace", "audit_channel", "command"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			cfg := good()
			c.change(&cfg)
			_, err := New(cfg, &desk{}, &gate{}, zap.NewNop(), time.Now)
			if (err != nil) != (c.says != nil) || err != nil && bot.KindOf(err) != bot.Invalid {
				t.Fatalf("New gives %v", err)
			}
			for _, want := range c.says {
				if !strings.Contains(bot.TextOf(err), want) {
					t.Errorf("%q is not in %v", want, err)
				}
			}
			if err != nil && strings.Contains(err.Error(), "a-real-secret") {
				t.Errorf("a secret is in %v", err)
			}
		})
	}
}

package slack

import (
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strings"

	"latchkey/bot"
)

// Config is what the app needs to know of its Slack workspace.
type Config struct {
	SigningSecrets []string // one, or two during rotation; none may be empty
	BotToken       string   // xoxb-…
	AppToken       string   // xapp-…: Socket Mode; "": Slack calls Handler, and signs with SigningSecrets
	Workspace      string   // team id T…, or enterprise id E… with an org-wide install; all others are refused
	AuditChannel   string   // C… or G…
	APIURL         string   // base of the Web API with its last slash; "" is Slack's own
	ResponseHosts  []string // hosts of response_url; none is hooks.slack.com. Plain http only on loopback
	Command        string   // "/unlock"
	Workers        int      // events carried out at a time; 0 is 8
	Queue          int      // events that wait for a worker; 0 is 256
}

func (c Config) withDefaults() Config {
	if c.APIURL == "" {
		c.APIURL = "https://slack.com/api/"
	}
	if len(c.ResponseHosts) == 0 {
		c.ResponseHosts = []string{"hooks.slack.com"}
	}
	if c.Command == "" {
		c.Command = "/unlock"
	}
	if c.Workers <= 0 {
		c.Workers = 8
	}
	if c.Queue <= 0 {
		c.Queue = 256
	}
	return c
}

var (
	workspaceID = regexp.MustCompile(`^[TE][A-Z0-9_]{1,31}$`)
	channelID   = regexp.MustCompile(`^[CG][A-Z0-9_]{1,31}$`)
)

// validate names everything that is wrong, never a secret's value.
func (c Config) validate() error {
	var faults []string
	bad := func(wrong bool, format string, args ...any) {
		if wrong {
			faults = append(faults, fmt.Sprintf(format, args...))
		}
	}
	bad(c.AppToken == "" && len(c.SigningSecrets) == 0 || len(c.SigningSecrets) > 2, "signing_secret: give one, or two during rotation, not %d", len(c.SigningSecrets))
	for i, s := range c.SigningSecrets {
		bad(strings.TrimSpace(s) == "", "signing_secret: number %d is empty; anyone could sign with it", i+1)
	}
	bad(c.BotToken == "", "bot_token is empty: copy the bot token (xoxb-…) from the app's page 'OAuth & Permissions'")
	bad(strings.HasPrefix(c.BotToken, "xapp-"), "bot_token is an app-level token (xapp-…): copy the bot token (xoxb-…) from the app's page 'OAuth & Permissions'")
	bad(c.AppToken != "" && !strings.HasPrefix(c.AppToken, "xapp-"), "app_token is no app-level token (xapp-…): make one with the scope connections:write on the app's page 'Basic Information'")
	bad(!workspaceID.MatchString(c.Workspace), "workspace: %q is neither a team id (T…) nor an enterprise id (E…)", c.Workspace)
	bad(!channelID.MatchString(c.AuditChannel), "audit_channel: %q is not a channel id (C…): copy it from the channel's details", c.AuditChannel)
	bad(!strings.HasPrefix(c.Command, "/") || len(c.Command) < 2, "command: %q does not begin with a slash", c.Command)
	api, err := url.Parse(c.APIURL)
	bad(err != nil || !secure(api) || !strings.HasSuffix(c.APIURL, "/"), "api_url: give an https address that ends with a slash")
	for _, h := range c.ResponseHosts {
		bad(h == "" || strings.ContainsAny(h, "/@ "), "response_hosts: %q is not a host", h)
	}
	if len(faults) > 0 {
		return bot.Ef(bot.Invalid, "configure slack", "slack: %s", strings.Join(faults, "; "))
	}
	return nil
}

// enterprise reports whether the whole Enterprise Grid is served.
func (c Config) enterprise() bool { return strings.HasPrefix(c.Workspace, "E") }

// secure allows https anywhere and http on this machine alone: tests and the
// demo speak it there.
func secure(u *url.URL) bool {
	if u.Host == "" || u.User != nil {
		return false
	}
	return u.Scheme == "https" || u.Scheme == "http" && loopback(u.Hostname())
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

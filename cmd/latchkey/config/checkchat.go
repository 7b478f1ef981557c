package config

import (
	"fmt"
	"strings"
)

func (c *checker) chats() {
	if c.cfg.Slack == nil && c.cfg.Teams == nil && !c.has("slack") && !c.has("teams") {
		c.fault("slack", "is missing, and teams too; add at least one of the two")
	}
	if s := c.cfg.Slack; s != nil {
		c.slack(s)
	}
	if t := c.cfg.Teams; t != nil {
		given := 0
		for _, set := range []bool{t.ClientSecret.Reveal() != "", t.Certificate != "", t.Federated != ""} {
			if set {
				given++
			}
		}
		switch {
		case given > 1:
			c.fault("teams", "has more than one of client_secret, certificate_file and federated_token_file; keep one")
		case given == 0 && !c.has("teams.client_secret"): // an empty one is told already
			c.fault("teams", "has no credential; add client_secret: ${TEAMS_CLIENT_SECRET}, or certificate_file or federated_token_file")
		}
	}
	if t := c.cfg.Teams; t != nil && t.Cloud != nil {
		c.web("teams.cloud.token_url", t.Cloud.TokenURL)
		c.web("teams.cloud.openid_metadata_url", t.Cloud.OpenIDMetadataURL)
		c.hosts("teams.cloud.service_hosts", t.Cloud.ServiceHosts)
	}
}

func (c *checker) slack(s *Slack) {
	switch {
	case c.bad["slack.mode"]:
	case s.Mode == "http" && !c.has("slack.signing_secret"):
		c.fault("slack.signing_secret", "is missing; add it: without it nobody can tell Slack's requests from forged ones")
	case s.Mode == "socket" && !c.has("slack.app_token"):
		c.fault("slack.app_token", "is missing; add it: mode socket connects with it")
	case s.Mode == "socket" && c.sound("slack.app_token"):
		c.appToken(s.AppToken.Reveal())
	}
	if c.sound("slack.bot_token") && strings.HasPrefix(s.BotToken.Reveal(), "xapp-") {
		c.fault("slack.bot_token", "is an app-level token (xapp-…), which belongs in app_token; copy the bot token (xoxb-…) from the app's page 'OAuth & Permissions'")
	}
	c.web("slack.api_url", s.APIURL)
	if c.sound("slack.api_url") && !strings.HasSuffix(s.APIURL.Path, "/") {
		c.fault("slack.api_url", "does not end with a slash; write it as https://slack.com/api/")
	}
	c.hosts("slack.response_hosts", s.ResponseHosts)
}

// appToken looks at what kind of token it is: Slack has several, and they are
// easily mistaken for each other.
func (c *checker) appToken(token string) {
	const mend = "make an app-level token with the scope connections:write on the app's page 'Basic Information' and copy it"
	switch {
	case strings.HasPrefix(token, "xapp-"):
	case strings.HasPrefix(token, "xoxb-"):
		c.fault("slack.app_token", "is a bot token (xoxb-…), which belongs in bot_token; "+mend)
	default:
		c.fault("slack.app_token", "does not begin with xapp-; "+mend)
	}
}

// hosts checks names of hosts, each with or without a port.
func (c *checker) hosts(key string, hosts []string) {
	for i, h := range hosts {
		at := fmt.Sprintf("%s[%d]", key, i)
		name, port, found := strings.Cut(h, ":")
		if !c.bad[at] && h != "" && (!validHost(name) || found && !validPort(port)) {
			c.fault(at, "%s is not a host; write its name alone, without https://", quote(h))
		}
	}
}

func (c *checker) people() {
	p := c.cfg.People
	if p.Slack != nil {
		c.knownStore("people.slack.store", p.Slack.Store)
		if c.cfg.Slack == nil && !c.has("slack") {
			c.fault("people.slack", "is about a chat that is not configured; remove it, or add slack")
		}
		if p.Slack.Match == "email" && len(p.Slack.EmailDomains) == 0 && !c.bad["people.slack.email_domains"] {
			c.fault("people.slack.email_domains", "is missing; add the domains of your people's mail addresses, since with match email an address decides who somebody is")
		}
		for i, d := range p.Slack.EmailDomains {
			at := fmt.Sprintf("people.slack.email_domains[%d]", i)
			if !c.bad[at] && d != "" && (!validHost(d) || !strings.Contains(d, ".")) {
				c.fault(at, "%s is not a domain; write what stands after the @, such as example.com", quote(d))
			}
		}
	}
	if p.Teams != nil {
		c.knownStore("people.teams.store", p.Teams.Store)
		if c.cfg.Teams == nil && !c.has("teams") {
			c.fault("people.teams", "is about a chat that is not configured; remove it, or add teams")
		}
		for _, store := range c.cfg.Stores {
			if p.Teams.Match == "upn" && store.Name == p.Teams.Store && store.Kind != ActiveDirectory {
				c.fault("people.teams.match", "is upn, but identity store %s of kind %s has no user principal names; write none, and bind people with latchkey people bind", quote(store.Name), store.Kind)
			}
		}
	}
}

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"latchkey/adapters/playground"
	"latchkey/adapters/playground/teams"
	"latchkey/servers"
)

// crowd are the people of the measurements.
var crowd = servers.Crowd{People: 100_000, Locked: 60, Stale: 2000}

// town is where everything is measured: one directory, one Redis, one Slack, one Teams.
type town struct {
	slapd *servers.Slapd
	redis *servers.Redis
	slack *playground.Workspace
	teams *teams.Tenant
	agent servers.Account
	group string // of agents
	dir   string
}

const (
	agentInSlack = "U0AGENT"
	agentInTeams = "0b9d5f0e-2222-4222-8222-9d3c0a1b2c3d"
	auditInTeams = "19:unlock-audit@thread.tacv2"
)

func settle(s *stand) *town {
	t := &town{dir: s.TempDir()}
	t.slapd = servers.StartSlapd(s, servers.SlapdSpec{Crowd: crowd})
	t.redis = servers.StartRedis(s, servers.RedisSpec{})
	const mail = "agent@example.test"
	// Not among the crowd: its own container, so that it is nobody's hit.
	t.agent = t.slapd.AddUser(s, servers.User{Login: "agent", Under: t.slapd.External, First: "Alex", Last: "Agent", Display: "Alex Agent", Mail: mail})
	t.group = t.slapd.AddGroup(s, t.slapd.Groups, "helpdesk", t.agent.DN)
	var err error
	t.slack, err = playground.New(playground.Options{
		Users:    []playground.User{{ID: agentInSlack, Name: "alex", RealName: "Alex Agent", Email: mail}},
		Channels: []playground.Channel{{ID: "C0AUDIT", Name: "unlock-audit"}}})
	s.ok(err)
	s.ok(t.slack.Start("127.0.0.1:0"))
	s.Cleanup(func() { _ = t.slack.Close() })
	t.teams, err = teams.New(teams.Options{Users: []teams.User{{ID: agentInTeams, Name: "Alex Agent", UPN: mail, Email: mail}},
		Channels: []teams.Channel{{ID: auditInTeams, Name: "unlock-audit"}}})
	s.ok(err)
	s.ok(t.teams.Start("127.0.0.1:0"))
	s.Cleanup(func() { _ = t.teams.Close() })
	return t
}

// configuration is the product's, as small as it can be.
func (t *town) configuration(s *stand, listen, admin string) (file string) {
	var y strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&y, format+"\n", args...) }
	p("server: { listen: %q, admin: %q, public_url: http://127.0.0.1 }", listen, admin)
	p("keys: { file: %q }", filepath.Join(t.dir, "keys.json"))
	p("redis: { addresses: [%q], password: %q }", t.redis.Addr, t.redis.Password)
	p("database: { url: %q }", "sqlite://"+filepath.Join(t.dir, "served.db"))
	p("slack:")
	p("  signing_secret: %q", t.slack.SigningSecret())
	p("  bot_token: %q", t.slack.Token())
	p("  workspace: T0PLAY")
	p("  audit_channel: C0AUDIT")
	p("  api_url: %q", t.slack.APIURL())
	p("  response_hosts: [%q]", strings.TrimPrefix(t.slack.URL(), "http://"))
	p("teams:")
	p("  app_id: %s", t.teams.AppID())
	p("  tenant_id: %s", t.teams.ID())
	p("  client_secret: %q", t.teams.AppSecret())
	p("  audit_channel: %q", auditInTeams)
	p("  cloud: { token_url: %q, openid_metadata_url: %q, service_hosts: [%q] }", t.teams.TokenURL(), t.teams.MetadataURL(), strings.TrimPrefix(t.teams.URL(), "http://"))
	p("people:")
	p("  slack: { store: lab, match: email, email_domains: [example.test] }")
	p("identity_stores:")
	p("  - name: lab")
	p("    kind: openldap")
	p("    urls: [%q]", t.slapd.URL)
	p("    base: %q", t.slapd.Base)
	p("    bind_dn: %q", t.slapd.Unlocker.DN)
	p("    bind_password: %q", t.slapd.Unlocker.Password)
	p("    ca_file: %q", t.slapd.CAFile)
	p("    default_policy: %q", t.slapd.DefaultPolicy)
	p("    authentication_types: [authenticator]")
	p("    link_attribute: employeeNumber")
	p("roles:")
	p("  - name: helpdesk")
	p("    store: lab")
	p("    acts_on: [lab]")
	p("    priority: 10")
	p("    members: { groups: [%q] }", t.group)
	p("    permissions: [unlock_any_account, view_history]")
	p("    helpdesk_policy: { mode: unrestricted }")
	file = filepath.Join(t.dir, "latchkey.yaml")
	s.ok(os.WriteFile(file, []byte(y.String()), 0o600))
	return file
}

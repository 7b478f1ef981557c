package e2e

import (
	"fmt"
	"path/filepath"
	"strings"
)

// configuration is the file of the stories: two stores with linked accounts,
// and three roles of agents beside the users' own.
func (s *stage) configuration() string {
	var y strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&y, format+"\n", args...) }
	if overSocket(s.t) { // nobody calls, so nothing is listened on
		p("server: { admin: %q }", s.bot.admin)
	} else {
		p("server: { listen: %q, admin: %q, public_url: http://127.0.0.1 }", s.bot.listen, s.bot.admin)
	}
	p("keys: { file: %q }", filepath.Join(s.dir, "keys.json"))
	p("redis: { addresses: [%q], password: %q }", s.redis.Addr, s.redis.Password)
	p("database: { url: %q }", "sqlite://"+filepath.Join(s.dir, "latchkey.db"))
	p("slack:")
	if overSocket(s.t) {
		p("  mode: socket")
		p("  app_token: %q", s.slack.AppToken())
	} else {
		p("  signing_secret: %q", s.slack.SigningSecret())
	}
	p("  bot_token: %q", s.slack.Token())
	p("  workspace: T0PLAY")
	p("  audit_channel: %s", audit)
	p("  api_url: %q", s.slack.APIURL())
	p("  response_hosts: [%q]", strings.TrimPrefix(s.slack.URL(), "http://"))
	p("people:")
	p("  slack: { store: corp, match: email, email_domains: [%s] }", s.mail.Domain)
	p("mail:")
	p("  url: %q", fmt.Sprintf("smtp://%s:%s@%s", strings.ReplaceAll(s.mail.Username, "@", "%40"), s.mail.Password, s.mail.Addr))
	p("  from: %q", "Helpdesk <helpdesk@"+s.mail.Domain+">")
	p("  ca_file: %q", s.mail.CAFile)
	if s.gateway != "" {
		p("sms: { region: DE, twilio: { account_sid: %q, auth_token: %q, from: %q, api_url: %q } }", gatewayAccount, gatewayToken, gatewayNumber, s.gateway)
	}
	types := map[bool]string{true: "mobile, email, authenticator", false: "email, authenticator"}[s.gateway != ""]
	p("identity_stores:")
	p("  - name: corp")
	p("    kind: active_directory")
	p("    urls: [%q]", s.corpURL)
	p("    base: %q", s.samba.Base)
	p("    bind_dn: %q", s.samba.Unlocker.DN)
	p("    bind_password: %q", s.samba.Unlocker.Password)
	p("    ca_file: %q", s.samba.CAFile)
	p("    authentication_types: [%s]", types)
	p("    link_attribute: employeeID")
	p("    protected: { groups: [%q] }", "CN=Domain Admins,CN=Users,"+s.samba.Base)
	p("  - name: lab")
	p("    kind: openldap")
	p("    urls: [%q]", s.labURL)
	p("    base: %q", s.slapd.Base)
	p("    bind_dn: %q", s.slapd.Unlocker.DN)
	p("    bind_password: %q", s.slapd.Unlocker.Password)
	p("    ca_file: %q", s.slapd.CAFile)
	p("    default_policy: %q", s.slapd.DefaultPolicy)
	p("    authentication_types: [%s]", types)
	p("    link_attribute: employeeNumber")
	p("    trust_enrollment_of: [corp]")
	p("roles:")
	p("  - name: restricted")
	p("    store: corp")
	p("    acts_on: [corp, lab]")
	p("    priority: 10")
	p("    members: { groups: [%q] }", s.groups["restricted"])
	p("    permissions: [unlock_any_account, view_history, remind]")
	p("    helpdesk_policy:")
	p("      mode: restricted")
	p("      authenticate: { at_least: 2 }")
	p("      assurance: medium")
	p("      reason: optional")
	p("  - name: unrestricted")
	p("    store: corp")
	p("    acts_on: [corp, lab]")
	p("    priority: 20")
	p("    members: { groups: [%q] }", s.groups["unrestricted"])
	p("    permissions: [unlock_any_account, view_history]")
	p("    helpdesk_policy: { mode: unrestricted }")
	p("  - name: powerless")
	p("    store: corp")
	p("    acts_on: [corp]")
	p("    priority: 30")
	p("    members: { groups: [%q] }", s.groups["powerless"])
	p("    permissions: [view_history]")
	p("    helpdesk_policy: { mode: unrestricted }")
	p("  - name: user")
	p("    store: corp")
	p("    priority: 100")
	p("    members: { containers: [%q] }", s.corpOU)
	p("    permissions: [unlock_my_account]")
	p("    authentication_policy: { enforced: [authenticator], chosen: 1, lockout: { failures: 5, duration: 30m } }")
	return y.String()
}

package demo

import (
	"strings"

	"latchkey/adapters/playground/cast"
)

// addresses are what the embedded parts are reached under.
type addresses struct {
	listen, admin, redis, database, keys string
	slackAPI, slackHost                  string
	teamsURL                             string
	mail, mailCA                         string
	corp, corpCA, corpBase, corpBind     string
	lab, labCA, labBase, labBind         string
	labPolicy                            string
}

// usual stand where the demo is not running: each start chooses its own.
func usual() addresses {
	return addresses{
		listen: "127.0.0.1:8443", admin: "127.0.0.1:9090", redis: "127.0.0.1:6379",
		database: "sqlite:///tmp/latchkey-demo/latchkey.db", keys: "/tmp/latchkey-demo/keys.json",
		slackAPI: "http://127.0.0.1:8080/api/", slackHost: "127.0.0.1:8080", teamsURL: "http://127.0.0.1:8081",
		mail: "127.0.0.1:2525", mailCA: "/tmp/latchkey-demo/mail-ca.pem",
		corp: "ldaps://127.0.0.1:6360", corpCA: "/tmp/latchkey-demo/corp-ca.pem",
		corpBase: "DC=corp,DC=example,DC=com", corpBind: "CN=" + cast.Service + ",OU=Service,DC=corp,DC=example,DC=com",
		lab: "ldaps://127.0.0.1:6361", labCA: "/tmp/latchkey-demo/lab-ca.pem",
		labBase: "dc=lab,dc=example,dc=com", labBind: "cn=" + cast.Service + ",ou=service,dc=lab,dc=example,dc=com",
		labPolicy: "cn=default,ou=policies,dc=lab,dc=example,dc=com",
	}
}

// PrintedConfiguration is what `latchkey demo --print-config` prints: a file
// of the same shape as one for serve.
func PrintedConfiguration() string {
	return "# The configuration of latchkey demo. Its addresses are chosen anew at each start.\n" + configuration(usual())
}

// configuration gives the file with which the demo starts the bot.
func configuration(a addresses) string {
	r := strings.NewReplacer(
		"{listen}", a.listen, "{admin}", a.admin, "{redis}", a.redis, "{database}", a.database, "{keys}", a.keys,
		"{slackAPI}", a.slackAPI, "{slackHost}", a.slackHost, "{mail}", a.mail, "{mailCA}", a.mailCA,
		"{corp}", a.corp, "{corpCA}", a.corpCA, "{lab}", a.lab, "{labCA}", a.labCA,
		"{smsAccount}", smsAccount, "{smsToken}", smsToken, "{smsFrom}", smsFrom,
		"{teamsApp}", teamsApp, "{teamsTenant}", teamsTenant, "{teamsSecret}", teamsSecret, "{teamsAudit}", teamsAudit, "{teamsURL}", a.teamsURL, "{teamsHost}", a.teamsHost(),
		"{slackSecret}", slackSecret, "{slackToken}", slackToken,
		"{service}", servicePassword, "{corpBase}", a.corpBase, "{corpBind}", a.corpBind,
		"{labBase}", a.labBase, "{labBind}", a.labBind, "{labPolicy}", a.labPolicy,
		"{helpdesk}", cast.Helpdesk, "{leads}", cast.HelpdeskLeads, "{trainees}", cast.HelpdeskTrainees,
	)
	return r.Replace(template)
}

const template = `server: { listen: "{listen}", admin: "{admin}", public_url: "http://{listen}" }
keys: { file: "{keys}" }
redis: { addresses: ["{redis}"] }
database: { url: "{database}" }
slack:
  signing_secret: "{slackSecret}"
  bot_token: "{slackToken}"
  workspace: T0PLAY
  audit_channel: C0AUDIT
  api_url: "{slackAPI}"
  response_hosts: ["{slackHost}"]
teams:
  app_id: {teamsApp}
  tenant_id: {teamsTenant}
  client_secret: "{teamsSecret}"
  audit_channel: "{teamsAudit}"
  cloud:
    token_url: "{teamsURL}/{teamsTenant}/oauth2/v2.0/token"
    openid_metadata_url: "{teamsURL}/v1/.well-known/openidconfiguration"
    service_hosts: ["{teamsHost}"]
people:
  teams: { store: corp, match: upn }
  slack: { store: corp, match: email, email_domains: [example.com] }
mail:
  url: "smtp://latchkey:${DEMO_MAIL_PASSWORD}@{mail}"
  from: "Helpdesk <helpdesk@example.com>"
  ca_file: "{mailCA}"
sms:
  region: US                       # of numbers that are written without a country
  twilio: { account_sid: "{smsAccount}", auth_token: "{smsToken}", from: "{smsFrom}", api_url: "http://{slackHost}" }
identity_stores:
  - name: corp
    kind: active_directory
    urls: ["{corp}"]
    base: "{corpBase}"
    bind_dn: "{corpBind}"
    bind_password: "{service}"
    ca_file: "{corpCA}"
    authentication_types: [security_questions, mobile, email, authenticator, chat]
    question_pool: ["What was the name of your first school?", "In which town did your parents meet?", "What did you call your first pet?", "Which dish do you cook best?"]
    link_attribute: employeeID
    protected: { groups: ["CN=Domain Admins,CN=Users,{corpBase}"] }
  - name: lab
    kind: openldap
    urls: ["{lab}"]
    base: "{labBase}"
    bind_dn: "{labBind}"
    bind_password: "{service}"
    ca_file: "{labCA}"
    default_policy: "{labPolicy}"
    authentication_types: [security_questions, mobile, email, authenticator, chat]
    question_pool: ["What was the name of your first school?", "In which town did your parents meet?", "What did you call your first pet?", "Which dish do you cook best?"]
    link_attribute: employeeNumber
    trust_enrollment_of: [corp]
roles:
  - name: helpdesk                 # Dana Reyes: two types, one of them strong enough, before page Unlock opens
    store: corp
    acts_on: [corp, lab]
    priority: 10
    members: { groups: ["CN={helpdesk},OU=Groups,{corpBase}"] }
    permissions: [unlock_any_account, view_history, remind, clear_authentication_lockout]
    helpdesk_policy:
      mode: restricted
      authenticate: { at_least: 2 }
      assurance: medium
      reason: optional
  - name: leads                    # Ulf Brandt: may skip page Authenticate, and history says so
    store: corp
    acts_on: [corp, lab]
    priority: 20
    members: { groups: ["CN={leads},OU=Groups,{corpBase}"] }
    permissions: [unlock_any_account, view_history, lift_freeze]
    helpdesk_policy: { mode: unrestricted }
  - name: trainees                 # Nora Quist: sees history, unlocks nobody
    store: corp
    acts_on: [corp, lab]
    priority: 30
    members: { groups: ["CN={trainees},OU=Groups,{corpBase}"] }
    permissions: [view_history]
  - name: staff
    store: corp
    priority: 100
    members: { containers: ["OU=Staff,{corpBase}"] }
    permissions: [unlock_my_account, enroll]
    authentication_policy: { enforced: [authenticator], chosen: 1, questions: 2, minimum_answer: 3, lockout: { failures: 5, duration: 30m } }
enrollment: { min_age: 0 }         # in the demo an enrollment counts at once
limits:
  target: { unlocks_per_day: 50, wrong_per_day: 50, pushes_per_hour: 500, freezes_per_week: 500 }   # so that one can try again and again
`

package config_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"latchkey/cmd/latchkey/config"
)

// wrong is one fault planted in the example: old becomes new, and a fault of
// key is told in the first line that holds at, with the words of says.
type wrong struct {
	name     string
	old, new string
	key      string
	at       string
	says     string
}

func shapes() []wrong {
	return []wrong{
		{"unknown key", "  workspace:", "  worksapce:", "slack.worksapce", "worksapce", "did you mean workspace?"},
		{"unknown key far from all", "  workspace:", "  colour: red\n  workspace:", "slack.colour", "colour", "use one of mode, signing_secret"},
		{"unknown key with hyphen", "link_attribute: employeeID", "link-attribute: employeeID", "identity_stores[0].link-attribute", "link-attribute", "did you mean link_attribute?"},
		{"unknown section", "enrollment:", "enrolment:", "enrolment", "enrolment", "did you mean enrollment?"},
		{"missing key", "    bind_dn: CN=latchkey,OU=Service,DC=corp,DC=example,DC=com\n", "", "identity_stores[0].bind_dn", "name: corp", "is missing; add it: bind_dn: CN="},
		{"missing in flow", "keys: { file: /etc/latchkey/keys.json }", "keys: {}", "keys.file", "keys:", "is missing"},
		{"missing section", "keys: { file: /etc/latchkey/keys.json }", "", "keys", "", "is missing"},
		{"set twice", "  mode: http\n", "  mode: http\n  mode: socket\n", "slack.mode", "mode: socket", "is set twice (first in line"},
		{"no value", "  workspace: T0123456789", "  workspace:", "slack.workspace", "workspace:", "has no value"},
		{"empty value", "  workspace: T0123456789", "  workspace: \"\"", "slack.workspace", "workspace:", "is empty"},
		{"empty section", "enrollment: { min_age: 48h }", "enrollment:", "enrollment", "enrollment:", "has no value"},
		{"list for text", "  workspace: T0123456789", "  workspace: [T0123456789]", "slack.workspace", "workspace:", "is a list; write text"},
		{"keys for text", "  workspace: T0123456789", "  workspace: { id: T0123456789 }", "slack.workspace", "workspace:", "is keys; write text"},
		{"number for text", "  master: latchkey", "  master: 12", "redis.master", "master:", "is a number; put it in quotes"},
		{"number for a password", "bind_password: ${CORP_PASSWORD}", "bind_password: 4711", "identity_stores[0].bind_password", "bind_password:", "is a number; put it in quotes"},
		{"text for a list", "acts_on: [corp, lab]", "acts_on: corp", "roles[0].acts_on", "acts_on:", "is text; write a list"},
		{"text for keys", "  slack: { store: corp, match: email, email_domains: [example.com] }", "  slack: corp", "people.slack", "slack: corp", "is text; write keys below it"},
		{"text for a number", "priority: 10\n", "priority: high\n", "roles[0].priority", "priority: high", "is text; write a whole number"},
		{"quoted number", "priority: 10\n", "priority: \"10\"\n", "roles[0].priority", "priority:", "is text; write a whole number"},
		{"octal number", "priority: 10\n", "priority: 010\n", "roles[0].priority", "priority:", "decimal digits"},
		{"fraction", "priority: 10\n", "priority: 1.5\n", "roles[0].priority", "priority:", "is a number; write a whole number"},
		{"huge number", "priority: 10\n", "priority: 99999999999999999999\n", "roles[0].priority", "priority:", "whole number"},
		{"negative number", "priority: 10\n", "priority: -1\n", "roles[0].priority", "priority:", "out of bounds; write 0 to 1000000"},
		{"yes for true", "tls: true", "tls: yes", "redis.tls", "tls: yes", "write true or false"},
		{"bad word", "mode: restricted", "mode: restrictive", "roles[0].helpdesk_policy.mode", "restrictive", "did you mean restricted?"},
		{"unknown permission", "unenroll, remind", "unenroll, delete_account", "roles[0].permissions[4]", "delete_account", "is not a word that it knows"},
		{"unknown type", "[security_questions, mobile,", "[security_questions, sms,", "identity_stores[0].authentication_types[1]", "sms,", "is not a word that it knows"},
		{"unknown kind", "kind: openldap", "kind: openldpa", "identity_stores[1].kind", "openldpa", "did you mean openldap?"},
		{"unknown when", "when: [repeated]", "when: [sometimes]", "roles[0].helpdesk_policy.approval.when[0]", "sometimes", "always, unverified, protected, repeated"},
		{"anchor", "  workspace: T0123456789", "  workspace: &w T0123456789", "slack.workspace", "&w", "uses an anchor or alias"},
		{"alias", "  audit_channel: C0123456789", "  audit_channel: *w", "slack.audit_channel", "*w", "uses an anchor or alias"},
		{"merge", "keys: { file: /etc/latchkey/keys.json }", "keys:\n  <<: { file: a }\n  file: b", "keys", "<<", "has a key that is not a plain word"},
		{"tag", "  workspace: T0123456789", "  workspace: !!str T0123456789", "slack.workspace", "!!str", "has a YAML tag"},
		{"line break", "  master: latchkey", "  master: \"latch\\nkey\"", "redis.master", "master:", "a control character or a line break"},
		{"three secrets", "\"${SLACK_SIGNING_SECRET}\", ", "\"${SLACK_SIGNING_SECRET}\", \"a\", ", "slack.signing_secret", "signing_secret:", "holds 3 values; write 1 to 2"},
		{"no address", "addresses: [\"redis-1.example.com:26379\", \"redis-2.example.com:26379\"]", "addresses: []", "redis.addresses", "addresses:", "holds 0 values; write 1 or more"},
	}
}

func values() []wrong {
	return []wrong{
		{"unset variable", "${CORP_PASSWORD}", "${NOT_SET}", "identity_stores[0].bind_password", "${NOT_SET}", "environment variable NOT_SET, which is not set"},
		{"unset variable in an address", "${SMTP_PASSWORD}", "${NOT_SET}", "mail.url", "${NOT_SET}", "environment variable NOT_SET, which is not set"},
		{"no variable", "${CORP_PASSWORD}", "\"${1A}\"", "identity_stores[0].bind_password", "${1A}", "has ${ that begins no variable"},
		{"no such file", "file:/run/secrets/teams", "file:/run/secrets/none", "teams.client_secret", "/run/secrets/none", "names file \"/run/secrets/none\", which cannot be read"},
		{"empty file", "file:/run/secrets/teams", "file:/run/secrets/empty", "teams.client_secret", "/run/secrets/empty", "names a file that is empty"},
		{"large file", "file:/run/secrets/teams", "file:/run/secrets/large", "teams.client_secret", "/run/secrets/large", "larger than 64 KiB"},
		{"duration without unit", "min_age: 48h", "min_age: 48", "enrollment.min_age", "min_age:", "has no unit; write it with one, such as 48s"},
		{"duration garbled", "min_age: 48h", "min_age: 2 days", "enrollment.min_age", "min_age:", "\"2 days\" is not a duration"},
		{"duration overflows", "min_age: 48h", "min_age: 9999999y", "enrollment.min_age", "min_age:", "is not a duration"},
		{"duration out of bounds", "life: 4m", "life: 11m", "limits.code.life", "life: 11m", "write 1s to 10m"},
		{"digits out of bounds", "digits: 8", "digits: 9", "limits.code.digits", "digits: 9", "write 6 to 8"},
		{"tries out of bounds", "tries: 3", "tries: 6", "limits.code.tries", "tries: 6", "write 1 to 5"},
		{"no tries", "tries: 3", "tries: 0", "limits.code.tries", "tries: 0", "write 1 to 5"},
		{"limit off", "unlocks_per_day: 4", "unlocks_per_day: 0", "limits.target.unlocks_per_day", "unlocks_per_day", "write 1 to"},
		{"idle above life", "idle: 3m", "idle: 11m", "limits.session.idle", "idle:", "longer than the session itself (10m)"},
		{"listen", "listen: \":8443\"", "listen: \"8443\"", "server.listen", "listen:", "is not host:port"},
		{"listen port", "listen: \":8443\"", "listen: \":65536\"", "server.listen", "listen:", "is not host:port"},
		{"admin is public", "admin: \"127.0.0.1:9090\"", "admin: \":8443\"", "server.admin", "admin:", "the same as listen"},
		{"public_url in the clear", "public_url: https:", "public_url: http:", "server.public_url", "public_url:", "in the clear; write https://"},
		{"public_url no URL", "public_url: https://latchkey.example.com", "public_url: latchkey.example.com", "server.public_url", "public_url:", "is not an address"},
		{"api_url without slash", "api_url: https://slack.com/api/", "api_url: https://slack.com/api", "slack.api_url", "api_url:", "does not end with a slash"},
		{"response host as URL", "[hooks.slack.com]", "[\"https://hooks.slack.com\"]", "slack.response_hosts[0]", "response_hosts", "without https://"},
		{"workspace id", "workspace: T0123456789", "workspace: acme", "slack.workspace", "workspace:", "\"acme\" does not fit; write it in the form T0123456789"},
		{"channel id", "audit_channel: C0123456789", "audit_channel: \"#audit\"", "slack.audit_channel", "#audit", "in the form C0123456789"},
		{"no credential of teams", "  client_secret: file:/run/secrets/teams\n", "", "teams", "teams:", "has no credential; add client_secret"},
		{"two credentials of teams", "  client_secret: file:/run/secrets/teams\n", "  client_secret: file:/run/secrets/teams\n  certificate_file: x.pem\n", "teams", "teams:", "has more than one of client_secret"},
		{"tenant id", "tenant_id: 66666666", "tenant_id: 6666666", "teams.tenant_id", "tenant_id", "does not fit"},
		{"sms number", "from: \"+15550100\"", "from: \"555 0100\"", "sms.twilio.from", "555 0100", "does not fit"},
		{"two gateways", "sms:\n", "sms:\n  webhook: { url: \"https://sms.example.com\", headers: { A: b } }\n", "sms", "sms:", "exactly one gateway"},
		{"mail scheme", "smtps://", "https://", "mail.url", "url: https://latchkey:", "does not begin with smtps:// or smtp://"},
		{"mail path", "mail.example.com:465", "mail.example.com:465/x", "mail.url", ":465/x", "something after the host"},
		{"mail from", "Helpdesk <helpdesk@example.com>", "Helpdesk", "mail.from", "from: \"Helpdesk\"", "is not a mail address"},
		{"database scheme", "url: postgres://latchkey:", "url: mysql://latchkey:", "database.url", "mysql:", "is neither SQLite nor PostgreSQL"},
		{"sqlite with a host", "url: postgres://latchkey:${DATABASE_PASSWORD}@db.example.com/latchkey", "url: sqlite://latchkey.db", "database.url", "sqlite:", "names no file"},
		{"sqlite with settings", "url: postgres://latchkey:${DATABASE_PASSWORD}@db.example.com/latchkey", "url: \"sqlite:///latchkey.db?_pragma=x\"", "database.url", "sqlite:", "holds more than a path"},
		{"owner of sqlite", "url: postgres://latchkey:${DATABASE_PASSWORD}@db.example.com/latchkey", "url: sqlite:///latchkey.db", "database.owner_url", "owner_url", "is for PostgreSQL"},
		{"redis CA without TLS", "  tls: true\n", "", "redis.ca_file", "redis-ca.pem", "without TLS"},
		{"redis user alone", "  password: ${REDIS_PASSWORD}\n", "", "redis.username", "username:", "has no password beside it"},
		{"directory scheme", "ldaps://dc1.corp", "https://dc1.corp", "identity_stores[0].urls[0]", "https://dc1", "does not begin with ldaps:// or ldap://"},
		{"directory path", "ldaps://dc1.corp.example.com", "ldaps://dc1.corp.example.com/dc=x", "identity_stores[0].urls[0]", "/dc=x", "more than a server"},
		{"directory port", "dc2.corp.example.com:636", "dc2.corp.example.com:99999", "identity_stores[0].urls[1]", ":99999", "is not an address"},
		{"siem", "tcp://siem.example.com:6514", "siem.example.com", "history.siem.to", "siem:", "is not an address"},
	}
}

func meanings() []wrong {
	const corp = "DC=corp,DC=example,DC=com"
	return []wrong{
		{"role name twice", "name: desk\n", "name: helpdesk\n", "roles[1].name", "", "is the name of another role"},
		{"priority twice", "priority: 20\n", "priority: 10\n", "roles[1].priority", "", "is the priority of role \"helpdesk\" too"},
		{"unknown store of role", "store: lab\n", "store: labs\n", "roles[3].store", "store: labs", "the stores are corp, lab"},
		{"unknown store acted on", "acts_on: [corp, lab]", "acts_on: [corp, labs]", "roles[0].acts_on[1]", "labs", "is not the name of an identity store"},
		{"unknown store of people", "slack: { store: corp", "slack: { store: labs", "people.slack.store", "labs", "is not the name of an identity store"},
		{"user principal names in OpenLDAP", "teams: { store: corp", "teams: { store: lab", "people.teams.match", "upn", "has no user principal names; write none"},
		{"unknown store of teams people", "teams: { store: corp", "teams: { store: labs", "people.teams.store", "labs", "is not the name of an identity store"},
		{"unknown store trusted", "trust_enrollment_of: [lab]", "trust_enrollment_of: [labs]", "identity_stores[0].trust_enrollment_of[0]", "[labs]", "is not the name of an identity store"},
		{"store trusts itself", "trust_enrollment_of: [lab]", "trust_enrollment_of: [corp]", "identity_stores[0].trust_enrollment_of[0]", "trust_enrollment_of", "is the store itself"},
		{"base", "base: " + corp, "base: corp.example.com", "identity_stores[0].base", "base: corp", "is not a distinguished name"},
		{"bind_dn", "bind_dn: CN=latchkey,OU=Service," + corp, "bind_dn: latchkey", "identity_stores[0].bind_dn", "bind_dn: latchkey", "is not a distinguished name"},
		{"container no name", "containers: [\"OU=Staff," + corp + "\"]\n      authenticate", "containers: [Staff]\n      authenticate", "roles[0].helpdesk_policy.containers[0]", "[Staff]", "is not a distinguished name"},
		{"container elsewhere", "containers: [\"OU=Staff," + corp + "\"]\n      authenticate", "containers: [\"OU=Staff,DC=other\"]\n      authenticate", "roles[0].helpdesk_policy.containers[0]", "DC=other", "not below the base of corp (" + corp + ") or lab"},
		{"member container elsewhere", "members: { containers: [\"OU=Staff," + corp, "members: { containers: [\"OU=Staff,dc=lab,dc=example,dc=com", "roles[2].members.containers[0]", "OU=Staff,dc=lab", "belongs to store lab"},
		{"member group elsewhere", "CN=Front Desk,OU=Groups," + corp, "CN=Front Desk,DC=other", "roles[1].members.groups[0]", "CN=Front Desk,DC=other", "not below the base"},
		{"protected elsewhere", "OU=Tier0," + corp, "OU=Tier0,DC=other", "identity_stores[0].protected.containers[0]", "OU=Tier0", "not below the base"},
		{"exception elsewhere", "may_unlock_protected: [\"CN=Domain Admins,CN=Users," + corp, "may_unlock_protected: [\"CN=Domain Admins,DC=other", "roles[0].may_unlock_protected[0]", "may_unlock_protected", "not below the base"},
		{"approvers elsewhere", "CN=Leads,OU=Groups," + corp, "CN=Leads,DC=other", "roles[0].helpdesk_policy.approval.groups[0]", "CN=Leads", "not below the base"},
		{"everyone unsaid", "members: { everyone: true }", "members: {}", "roles[3].members", "members: {}", "names nobody"},
		{"everyone false", "members: { everyone: true }", "members: { everyone: false, groups: [] }", "roles[3].members", "everyone: false", "names nobody"},
		{"everyone and a group", "members: { everyone: true }", "members: { everyone: true, containers: [\"dc=lab,dc=example,dc=com\"] }", "roles[3].members.everyone", "everyone: true", "beside groups or containers"},
		{"at_least and as_user", "{ at_least: 2 }", "{ at_least: 2, as_user: true }", "roles[0].helpdesk_policy.authenticate.at_least", "at_least: 2", "stands beside as_user"},
		{"at_least none", "{ at_least: 2 }", "{ at_least: 0 }", "roles[0].helpdesk_policy.authenticate.at_least", "at_least: 0", "write 1 to 5"},
		{"containers unrestricted", "mode: unrestricted\n", "mode: unrestricted\n      containers: [\"" + corp + "\"]\n", "roles[1].helpdesk_policy.containers", "containers: [\"" + corp, "mode is unrestricted"},
		{"authenticate unrestricted", "mode: unrestricted\n", "mode: unrestricted\n      authenticate: { as_user: true }\n", "roles[1].helpdesk_policy.authenticate", "as_user: true", "mode is unrestricted"},
		{"questions unrestricted", "mode: unrestricted\n", "mode: unrestricted\n      security_questions: 2\n", "roles[1].helpdesk_policy.security_questions", "security_questions: 2", "mode is unrestricted"},
		{"assurance unrestricted", "mode: unrestricted\n", "mode: unrestricted\n      assurance: context\n", "roles[1].helpdesk_policy.assurance", "assurance: context", "mode is unrestricted"},
		{"no acts_on", "    acts_on: [corp]\n", "", "roles[1].acts_on", "name: desk", "is missing, though the role has unlock_any_account"},
		{"approval by no group", "        groups: [\"CN=Leads,OU=Groups," + corp + "\"]\n", "", "roles[0].helpdesk_policy.approval.groups", "approval:", "is missing, though by says groups"},
		{"step_up empty", "step_up: { agent: 8h, approver: each }", "step_up: {}", "roles[0].step_up", "step_up", "asks for nothing"},
		{"pdc of openldap", "write_to: ldap://ldap.lab.example.com", "write_to: pdc", "identity_stores[1].write_to", "", "only an active_directory has"},
		{"writer unknown", "write_to: ldap://ldap.lab.example.com", "write_to: ldap://other", "identity_stores[1].write_to", "ldap://other", "is not one of urls"},
		{"default policy of AD", "    write_to: pdc\n", "    write_to: pdc\n    default_policy: " + corp + "\n", "identity_stores[0].default_policy", "default_policy:", "for kind openldap alone"},
		{"type twice", "authentication_types: [email, authenticator]", "authentication_types: [email, email]", "identity_stores[1].authentication_types[1]", "[email, email]", "is named twice"},
		{"email domains missing", ", email_domains: [example.com]", "", "people.slack.email_domains", "slack: { store: corp", "is missing; add the domains"},
		{"email domain garbled", "email_domains: [example.com]", "email_domains: [\"@example.com\"]", "people.slack.email_domains[0]", "email_domains", "is not a domain"},
		{"signing secret missing", "  signing_secret: [\"${SLACK_SIGNING_SECRET}\", \"${SLACK_SIGNING_SECRET_OLD}\"]\n", "", "slack.signing_secret", "slack:", "is missing"},
		{"no archive", "  archive: /var/lib/latchkey/archive\n", "", "history.retain", "retain:", "has no archive"},
	}
}

func TestFaults(t *testing.T) {
	base := example(t)
	for _, w := range append(append(shapes(), values()...), meanings()...) {
		t.Run(w.name, func(t *testing.T) {
			if strings.Count(base, w.old) == 0 {
				t.Fatalf("%q is not in the example", w.old)
			}
			content := strings.Replace(base, w.old, w.new, 1)
			line := 1 // of what is missing at the top
			if w.at != "" {
				line = lineOf(t, content, w.at)
			} else if w.new != "" {
				line = strings.Count(base[:strings.Index(base, w.old)], "\n") + 1
			}
			expect(t, content, w.key, line, w.says)
		})
	}
}

// expect parses and demands exactly one fault.
func expect(t *testing.T, content, key string, line int, says string) {
	t.Helper()
	_, err := config.Parse("latchkey.yaml", []byte(content), inputs())
	if err == nil {
		t.Fatal("no fault was found")
	}
	got := faults(t, err)
	if len(got) != 1 || got[0].Key != key || got[0].Line != line || !strings.Contains(got[0].Error(), says) {
		t.Errorf("want one fault of %q in line %d that says %q, got\n%v", key, line, says, got)
	}
	if text := got.Error(); strings.Contains(text, canary) || got[0].Mend == "" && !strings.Contains(text, "?") {
		t.Errorf("a fault tells a secret, or not how to mend it:\n%s", text)
	}
}

const secondStore = "  - { urls: [ldap://b], base: dc=b, bind_dn: cn=b, bind_password: b, authentication_types: [], kind: openldap, name: corp }\n"

func TestFaultsOfWholeSections(t *testing.T) {
	b, err := os.ReadFile("testdata/least.yaml")
	if err != nil {
		t.Fatal(err)
	}
	least := string(b)
	slack := least[strings.Index(least, "slack:\n"):strings.Index(least, "identity_stores:")]
	for _, w := range []wrong{
		{"no chat", slack, "", "slack", "", "is missing, and teams too"},
		{"socket without token", "slack:\n", "slack:\n  mode: socket\n", "slack.app_token", "slack:", "is missing; add it"},
		{"socket with a bot token", "slack:\n", "slack:\n  mode: socket\n  app_token: xoxb-1\n", "slack.app_token", "xoxb-1", "is a bot token (xoxb-…), which belongs in bot_token; make an app-level token"},
		{"socket with some token", "slack:\n", "slack:\n  mode: socket\n  app_token: ${SLACK_APP_TOKEN}\n", "slack.app_token", "SLACK_APP", "does not begin with xapp-; make an app-level token"},
		{"app token for the bot", "bot_token: ${SLACK_BOT_TOKEN}", "bot_token: xapp-1", "slack.bot_token", "xapp-1", "is an app-level token (xapp-…), which belongs in app_token; copy the bot token"},
		{"http without secret", "  signing_secret: ${SLACK_SIGNING_SECRET}\n", "", "slack.signing_secret", "slack:", "is missing; add it"},
		{"http without listen", "listen: \":8443\"", "admin: \"127.0.0.1:1\"", "server.listen", "server:", "is missing; add it: listen"},
		{"email without mail", "[authenticator]", "[authenticator, email]", "identity_stores[0].authentication_types[1]", "authentication_types", "no section mail"},
		{"at_least too many", "[unlock_any_account]", "[unlock_any_account]\n    helpdesk_policy: { authenticate: { at_least: 2 } }", "roles[0].helpdesk_policy.authenticate.at_least", "at_least", "is 2, more than the 1 authentication types"},
		{"store name twice", "roles:\n", secondStore + "roles:\n", "identity_stores[1].name", "dc=b", "is the name of another store (line"},
		{"people of no chat", "keys:", "people: { teams: { store: corp } }\nkeys:", "people.teams", "people:", "is about a chat that is not configured"},
	} {
		t.Run(w.name, func(t *testing.T) {
			content := strings.Replace(least, w.old, w.new, 1)
			line := 1 // of what is missing at the top
			if w.at != "" {
				line = lineOf(t, content, w.at)
			}
			expect(t, content, w.key, line, w.says)
		})
	}
}

// In Socket Mode nobody calls, so nothing is needed for it.
func TestSocketModeNeedsNoPort(t *testing.T) {
	b, err := os.ReadFile("testdata/least.yaml")
	if err != nil {
		t.Fatal(err)
	}
	socket := strings.NewReplacer("listen: \":8443\"", "admin: \"127.0.0.1:1\"",
		"signing_secret: ${SLACK_SIGNING_SECRET}", "mode: socket\n  app_token: xapp-1").Replace(string(b))
	if cfg, err := config.Parse("latchkey.yaml", []byte(socket), inputs()); err != nil || cfg.Server.Listen != "" {
		t.Errorf("%v", err)
	}
	linked := strings.Replace(socket, "server: { ", "server: { public_url: https://latchkey.example.com, ", 1)
	expect(t, linked, "server.listen", lineOf(t, linked, "server:"), "is missing; add it")
	both := strings.Replace(socket, "mode: socket", "mode: socket\n  signing_secret: ${SLACK_SIGNING_SECRET}", 1)
	if _, err := config.Parse("latchkey.yaml", []byte(strings.Replace(both, "admin:", "listen: \":8443\", admin:", 1)), inputs()); err != nil {
		t.Errorf("with what HTTP needs beside it: %v", err)
	}
}

// All faults come at once, in the order of their lines, in the form that
// editors know.
func TestAllAtOnce(t *testing.T) {
	content := example(t)
	for _, w := range [][2]string{{"mode: http", "mode: httpp"}, {"workspace:", "worksapce:"}, {"tries: 3", "tries: 30"},
		{"${CORP_PASSWORD}", "${NOT_SET}"}, {"kind: openldap", "kind: 1"}, {"priority: 20\n", "priority: 10\n"}} {
		content = strings.Replace(content, w[0], w[1], 1)
	}
	_, err := config.Parse("etc/latchkey.yaml", []byte(content), inputs())
	got := faults(t, err)
	var keys []string
	for i, f := range got {
		keys = append(keys, f.Key)
		if i > 0 && got[i-1].Line > f.Line {
			t.Errorf("line %d is told after line %d", f.Line, got[i-1].Line)
		}
	}
	want := "slack.mode slack.worksapce identity_stores[0].bind_password identity_stores[1].kind roles[1].priority limits.code.tries"
	if strings.Join(keys, " ") != want {
		t.Errorf("got\n%v", got)
	}
	first, _, _ := strings.Cut(got.Error(), "\n")
	if want := fmt.Sprintf(`etc/latchkey.yaml:%d: slack.mode: "httpp" is not a word that it knows; did you mean http? The words are http, socket`, lineOf(t, content, "httpp")); first != want {
		t.Errorf("first line: %s", first)
	}
}

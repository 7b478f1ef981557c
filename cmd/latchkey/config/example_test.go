package config_test

import (
	"errors"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"latchkey/cmd/latchkey/config"
)

func asFaults(err error, into *config.Faults) bool { return errors.As(err, into) }

// The example loads with the environment that it names, and nothing else.
func TestExampleLoads(t *testing.T) {
	var asked []string
	in := inputs()
	in.Getenv = func(name string) (string, bool) { asked = append(asked, name); return "word", true }
	in.ReadFile = func(string) ([]byte, error) { t.Error("the example reads a file"); return nil, os.ErrNotExist }
	cfg, err := config.Parse("latchkey.example.yaml", config.Example(), in)
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(asked)
	if want := []string{"CORP_PASSWORD", "SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SMTP_PASSWORD"}; !slices.Equal(asked, want) {
		t.Errorf("the example names %q", asked)
	}
	if stop, warn := config.NotYet(cfg); len(stop)+len(warn) > 0 {
		t.Errorf("the example asks for what is not there yet: %v %v", stop, warn)
	}
}

// Every default stands in the example as it holds without it.
func TestExampleStandsAtTheDefaults(t *testing.T) {
	cfg := load(t, string(config.Example()))
	least := load(t, exampleLeast(t))
	for _, pair := range [][2]any{{cfg.Limits, least.Limits}, {cfg.Enrollment, least.Enrollment}, {cfg.History, least.History},
		{cfg.Slack.APIURL, least.Slack.APIURL}, {cfg.Slack.ResponseHosts, least.Slack.ResponseHosts}, {cfg.Redis, least.Redis}, {cfg.Server.Admin, least.Server.Admin}} {
		if diff := cmp.Diff(pair[1], pair[0], cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("default -, example +:\n%s", diff)
		}
	}
}

func exampleLeast(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile("testdata/least.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// uncommented puts every key of the example in force.
func uncommented() string {
	return regexp.MustCompile("(?m)^( *)#([a-z0-9_]+:.*|  .*)$").ReplaceAllString(string(config.Example()), "$1$2")
}

// Each key of Config stands in the example once, below its section, with a
// comment above it; with all of them in force the schema takes the file, and
// Load finds no fault in any key's form.
func TestExampleHasEveryKey(t *testing.T) {
	text := uncommented()
	v, err := data([]byte(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	want, got := keysOf(reflect.TypeFor[config.Config](), ""), keysIn(v, "")
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("keys of Config -, of the example +:\n%s", diff)
	}
	if err := compiled(t).Validate(v); err != nil {
		t.Error(err)
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if key := strings.TrimLeft(line, " -"); key != "" && !strings.HasPrefix(key, "#") && !strings.HasPrefix(strings.TrimSpace(lines[i-1]), "# ") {
			t.Errorf("line %d has no comment above it: %s", i+1, line)
		}
	}
	// Some keys exclude others: a gateway of text messages, everyone beside groups, a credential of Teams.
	allowed := []string{"sms", "teams", "roles[0].members.everyone", "roles[0].helpdesk_policy.authenticate.at_least", "identity_stores[0].default_policy", "identity_stores[0].trust_enrollment_of[0]", "redis.ca_file", "database.owner_url"}
	_, err = config.Parse("all.yaml", []byte(text), anything())
	var faults config.Faults
	_ = errors.As(err, &faults)
	for _, f := range faults {
		if !slices.Contains(allowed, f.Key) {
			t.Errorf("with every key in force: %s", f)
		}
	}
}

// keysOf walks the struct, lists as their one element.
func keysOf(t reflect.Type, key string) []string {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	var out []string
	if t.Kind() != reflect.Struct {
		return nil
	}
	for i := range t.NumField() {
		if name := t.Field(i).Tag.Get("yaml"); name != "" {
			out = append(append(out, key+name), keysOf(t.Field(i).Type, key+name+".")...)
		}
	}
	return out
}

func keysIn(v any, key string) []string {
	var out []string
	switch v := v.(type) {
	case map[string]any:
		if strings.HasSuffix(key, "headers.") { // the administrator's own
			return nil
		}
		for name, below := range v {
			out = append(append(out, key+name), keysIn(below, key+name+".")...)
		}
	case []any:
		for _, below := range v {
			out = append(out, keysIn(below, key)...)
		}
	}
	return out
}

// The keys that administrators and their files rely on, written down here so
// that renaming one is noticed.
func TestKeysStay(t *testing.T) {
	have := keysOf(reflect.TypeFor[config.Config](), "")
	for _, line := range []string{
		"server.listen server.admin server.public_url server.tls.certificate server.tls.key keys.file",
		"redis.addresses redis.master redis.username redis.password redis.tls redis.ca_file database.url database.owner_url",
		"slack.mode slack.signing_secret slack.bot_token slack.app_token slack.workspace slack.audit_channel slack.api_url slack.response_hosts",
		"teams.app_id teams.tenant_id teams.client_secret teams.certificate_file teams.federated_token_file teams.audit_channel teams.cloud.token_url teams.cloud.scope teams.cloud.issuer teams.cloud.openid_metadata_url teams.cloud.service_hosts",
		"people.slack.store people.slack.match people.slack.email_domains people.teams.store people.teams.match",
		"mail.url mail.from mail.ca_file sms.twilio.account_sid sms.twilio.auth_token sms.twilio.from sms.twilio.api_url sms.webhook.url sms.webhook.headers sms.webhook.ca_file sms.region",
		"identity_stores.name identity_stores.kind identity_stores.urls identity_stores.base identity_stores.bind_dn identity_stores.bind_password identity_stores.ca_file",
		"identity_stores.authentication_types identity_stores.question_pool identity_stores.write_to identity_stores.link_attribute identity_stores.trust_enrollment_of identity_stores.default_policy",
		"identity_stores.attributes.mobile identity_stores.attributes.mail identity_stores.attributes.manager identity_stores.protected.groups identity_stores.protected.containers",
		"roles.name roles.store roles.acts_on roles.priority roles.members.groups roles.members.containers roles.permissions roles.may_unlock_protected",
		"roles.helpdesk_policy.mode roles.helpdesk_policy.containers roles.helpdesk_policy.authenticate.at_least roles.helpdesk_policy.authenticate.as_user",
		"roles.helpdesk_policy.security_questions roles.helpdesk_policy.assurance roles.helpdesk_policy.reason roles.helpdesk_policy.approval.when roles.helpdesk_policy.approval.by",
		"roles.helpdesk_policy.approval.groups roles.helpdesk_policy.approval.fallback_groups roles.helpdesk_policy.approval.approvers roles.helpdesk_policy.approval.expires roles.helpdesk_policy.approval.user_code",
		"roles.authentication_policy.enforced roles.authentication_policy.chosen roles.authentication_policy.questions roles.authentication_policy.minimum_answer",
		"roles.authentication_policy.lockout.failures roles.authentication_policy.lockout.duration enrollment.min_age",
		"limits.code.digits limits.code.life limits.code.tries limits.target.wrong_per_day limits.target.unlocks_per_day",
		"history.retain history.archive history.checkpoint.file history.checkpoint.every history.siem.kind history.siem.to",
	} {
		for _, key := range strings.Fields(line) {
			if !slices.Contains(have, key) {
				t.Errorf("%s is no key any more", key)
			}
		}
	}
}

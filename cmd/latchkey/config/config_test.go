package config_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-ldap/ldap/v3"
	"github.com/google/go-cmp/cmp"

	"latchkey/bot"
	"latchkey/cmd/latchkey/config"
)

// environment is all that the test configurations name. Each value is told
// apart from anything else by its canary, and holds what addresses stumble over.
func environment() map[string]string {
	env := map[string]string{"SMTP_PASSWORD": canary + "p@ss/w:rd?#%41[x]", "DATABASE_PASSWORD": canary + "a/b@c"}
	for _, name := range []string{"SLACK_SIGNING_SECRET", "SLACK_SIGNING_SECRET_OLD", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN",
		"REDIS_PASSWORD", "TWILIO_TOKEN", "CORP_PASSWORD", "LAB_PASSWORD"} {
		env[name] = canary + name
	}
	return env
}

// canonical is enough of a canonical form for these tests; the program is
// given the directory's own.
func canonical(dn string) (bot.DN, error) {
	parsed, err := ldap.ParseDN(dn)
	if err != nil {
		return "", err
	}
	return bot.DN(strings.ToLower(parsed.String())), nil
}

const canary = "Canary-7f3a-"

func inputs() config.Inputs {
	env := environment()
	return config.Inputs{
		Canonical: canonical,
		Getenv:    func(name string) (string, bool) { v, ok := env[name]; return v, ok },
		ReadFile: func(path string) ([]byte, error) {
			switch path {
			case "/run/secrets/teams":
				return []byte(canary + "teams\n"), nil
			case "/run/secrets/empty":
				return []byte("\n"), nil
			case "/run/secrets/large":
				return make([]byte, 1<<20), nil
			}
			return nil, fs.ErrNotExist
		},
	}
}

func example(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile("testdata/example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func load(t *testing.T, content string) *config.Config {
	t.Helper()
	cfg, err := config.Parse("latchkey.yaml", []byte(content), inputs())
	if err != nil {
		t.Fatalf("%v", faults(t, err))
	}
	return cfg
}

func faults(t *testing.T, err error) config.Faults {
	t.Helper()
	var f config.Faults
	if !errors.As(err, &f) || bot.KindOf(err) != bot.Invalid {
		t.Fatalf("not faults of kind invalid: %v", err)
	}
	return f
}

// Every key of the example is read. With SHARED set to a folder that holds
// latchkey.example.yaml, that file is read too.
func TestExamples(t *testing.T) {
	files := []string{"testdata/example.yaml", "testdata/least.yaml"}
	if shared := os.Getenv("SHARED"); shared != "" {
		files = append(files, filepath.Join(shared, "latchkey.example.yaml"))
	}
	for _, name := range files {
		in := inputs()
		files := in.ReadFile
		in.ReadFile = func(path string) ([]byte, error) {
			if path == name {
				return os.ReadFile(path)
			}
			return files(path)
		}
		in.Getenv = func(name string) (string, bool) { return canary + name, true }
		cfg, err := config.Load(name, in)
		if err != nil {
			t.Errorf("%v", faults(t, err))
			continue
		}
		if _, err := config.Policy(cfg, canonical); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What the example says arrives, secrets put into addresses after parsing.
func TestValues(t *testing.T) {
	cfg := load(t, example(t))
	env := environment()
	got := map[string]any{
		"mail":      cfg.Mail.URL,
		"database":  cfg.Database.URL,
		"secrets":   cfg.Slack.SigningSecret,
		"teams":     cfg.Teams.ClientSecret,
		"listen":    cfg.Server.Listen,
		"retain":    cfg.History.Retain.Std().Hours(),
		"questions": len(cfg.Stores[0].QuestionPool),
		"writer":    cfg.Stores[1].Writer().String(),
		"pdc":       cfg.Stores[0].Writer() == nil,
		"step_up":   *cfg.Roles[0].StepUp,
		"line":      cfg.Line("slack.workspace"),
		"parent":    cfg.Line("roles[1].members.containers"),
		"file":      cfg.File(),
	}
	want := map[string]any{
		"mail": config.Address{Scheme: "smtps", User: "latchkey", Password: config.NewSecret(env["SMTP_PASSWORD"]),
			Host: "mail.example.com", Port: "465"},
		"database": config.Address{Scheme: "postgres", User: "latchkey", Password: config.NewSecret(env["DATABASE_PASSWORD"]),
			Host: "db.example.com", Path: "/latchkey"},
		"secrets":   []config.Secret{config.NewSecret(env["SLACK_SIGNING_SECRET"]), config.NewSecret(env["SLACK_SIGNING_SECRET_OLD"])},
		"teams":     config.NewSecret(canary + "teams"),
		"listen":    config.HostPort(":8443"),
		"retain":    2 * 365 * 24.0,
		"questions": 2,
		"writer":    "ldap://ldap.lab.example.com",
		"pdc":       true,
		"step_up":   config.StepUp{Agent: config.Duration(8 * 3600e9), Approver: "each"},
		"line":      lineOf(t, example(t), "workspace:"),
		"parent":    lineOf(t, example(t), "CN=Front Desk"),
		"file":      "latchkey.yaml",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	u := cfg.Mail.URL.URL()
	if password, _ := u.User.Password(); password != env["SMTP_PASSWORD"] || u.Host != "mail.example.com:465" {
		t.Errorf("the address to dial is %q with another password", u.Redacted())
	}
}

// Defaults are the domain's own numbers, and they are safe ones.
func TestDefaults(t *testing.T) {
	content, err := os.ReadFile("testdata/least.yaml")
	if err != nil {
		t.Fatal(err)
	}
	cfg := load(t, string(content))
	p, err := config.Policy(cfg, canonical)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(bot.DefaultLimits(), p.Limits); diff != "" {
		t.Errorf("limits: %s", diff)
	}
	if h := p.Roles[0].Helpdesk; h.Mode != bot.RestrictedMode || p.EnrollmentMinAge.Hours() != 72 {
		t.Errorf("mode %q, min_age %v", h.Mode, p.EnrollmentMinAge)
	}
	want := config.Slack{Mode: "http", SigningSecret: cfg.Slack.SigningSecret, BotToken: cfg.Slack.BotToken,
		Workspace: "T0123456789", AuditChannel: "C0123456789",
		APIURL: config.Address{Scheme: "https", Host: "slack.com", Path: "/api/"}, ResponseHosts: []string{"hooks.slack.com"}}
	if diff := cmp.Diff(want, *cfg.Slack); diff != "" {
		t.Error(diff)
	}
	if cfg.Server.Admin != "127.0.0.1:9090" || cfg.Teams != nil || cfg.Mail != nil {
		t.Errorf("admin %q, teams %v, mail %v", cfg.Server.Admin, cfg.Teams, cfg.Mail)
	}
	if stop, warn := config.NotYet(cfg); len(stop)+len(warn) > 0 {
		t.Errorf("not yet: %v %v", stop, warn)
	}
}

func lineOf(t *testing.T, content, part string) int {
	t.Helper()
	before, _, found := strings.Cut(content, part)
	if !found {
		t.Fatalf("%q is not in the file", part)
	}
	return strings.Count(before, "\n") + 1
}

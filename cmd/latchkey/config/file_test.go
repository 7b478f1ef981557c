package config_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"latchkey/bot"
	"latchkey/cmd/latchkey/config"
)

// A file that is no configuration at all is refused in one sentence.
func TestFiles(t *testing.T) {
	good := example(t)
	for _, c := range []struct {
		name, content string
		line          int
		says          string
	}{
		{"empty", "", 0, "is empty"},
		{"comments alone", "# nothing\n", 0, "is empty"},
		{"text", "hello\n", 1, "holds text where sections"},
		{"list", "- a\n- b\n", 1, "holds a list where sections"},
		{"two documents", good + "---\nserver: {}\n", strings.Count(good, "\n") + 1, "second document"},
		{"tab", "server:\n\tlisten: \":1\"\n", 2, "is indented with a tab"},
		{"tab after spaces", "server:\n  \tlisten: \":1\"\n", 2, "is indented with a tab"},
		{"Latin-1", "server:\n  listen: \"caf\xe9\"\n", 2, "not UTF-8"},
		{"UTF-16", "\xff\xfes\x00e\x00", 0, "not text in UTF-8"},
		{"NUL", "server:\x00", 0, "not text in UTF-8"},
		{"ten megabytes", strings.Repeat("# filler\n", 10<<20/9), 0, "larger than 256 KiB"},
		{"open bracket", "server: {\n  listen: 1\n", 1, "is not YAML"},
		{"outdented", "server:\n    listen: \":1\"\n  admin: \":2\"\n", 3, "is not YAML"},
		{"two colons", "server: listen: 1\n", 1, "is not YAML"},
		{"variable in braces", "redis: { password: ${REDIS_PASSWORD} }\n", 1, "in quotes"},
		{"many brackets", strings.Repeat("[", 5000), 1, "nested too deeply"},
		{"many dashes", strings.Repeat("- ", 5000) + "a", 1, "nested too deeply"},
		{"many braces", "a: " + strings.Repeat("{a: ", 5000), 1, "nested too deeply"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := config.Parse("latchkey.yaml", []byte(c.content), inputs())
			if err == nil {
				t.Fatal("no fault was found")
			}
			got := faults(t, err)
			if len(got) != 1 || got[0].Line != c.line || !strings.Contains(got[0].Error(), c.says) || got[0].Mend == "" {
				t.Errorf("want one fault in line %d that says %q and how to mend it, got\n%v", c.line, c.says, got)
			}
		})
	}
}

// What editors on other systems write is read: byte order mark, CRLF, no last newline.
func TestEditors(t *testing.T) {
	content := example(t)
	for name, c := range map[string]string{
		"byte order mark": "\xef\xbb\xbf" + content,
		"CRLF":            strings.ReplaceAll(content, "\n", "\r\n"),
		"no last newline": strings.TrimRight(content, "\n"),
		"document marks":  "---\n" + content,
	} {
		cfg, err := config.Parse("latchkey.yaml", []byte(c), inputs())
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if cfg.Slack.Workspace != "T0123456789" || cfg.Stores[1].Name != "lab" {
			t.Errorf("%s: workspace %q, store %q", name, cfg.Slack.Workspace, cfg.Stores[1].Name)
		}
	}
}

func TestLoadFromDisk(t *testing.T) {
	in := config.System(canonical)
	for path, says := range map[string]string{
		filepath.Join(t.TempDir(), "none.yaml"): "does not exist; name the configuration file with --config",
		t.TempDir():                             "cannot be read",
	} {
		_, err := config.Load(path, in)
		if bot.KindOf(err) != bot.Invalid || !strings.Contains(faults(t, err).Error(), says) {
			t.Errorf("%s: want %q, got %v", path, says, err)
		}
	}
	large := filepath.Join(t.TempDir(), "large.yaml")
	if err := os.WriteFile(large, make([]byte, 10<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := config.Load(large, in); !strings.Contains(faults(t, err).Error(), "larger than 256 KiB") {
		t.Errorf("a large file: %v", err)
	}
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte(canary+"x \r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("LATCHKEY_TEST_SECRET", secret)
	least, err := os.ReadFile("testdata/least.yaml")
	if err != nil {
		t.Fatal(err)
	}
	content := strings.NewReplacer("${SLACK_BOT_TOKEN}", "file:${LATCHKEY_TEST_SECRET}", "${SLACK_SIGNING_SECRET}", "a$${b}", "${CORP_PASSWORD}", "'${LATCHKEY_TEST_SECRET}-$5'").Replace(string(least))
	cfg, err := config.Parse("latchkey.yaml", []byte(content), in)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ got, want string }{
		{cfg.Slack.BotToken.Reveal(), canary + "x "}, // its newline alone is dropped
		{cfg.Slack.SigningSecret[0].Reveal(), "a${b}"},
		{cfg.Stores[0].BindPassword.Reveal(), secret + "-$5"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

// Whatever is in the file, reading it ends in a configuration or in faults
// that have texts, lines within the file, and no secret.
func FuzzParse(f *testing.F) {
	for _, name := range []string{"testdata/example.yaml", "testdata/least.yaml"} {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte("a: &x [*x]\n<<: *x\n? {}\n: !!b - |+\n"))
	f.Add([]byte("slack: {signing_secret: [[]], mode: , bot_token: ${A}}\nroles: [{members: {}}, ~, 1]\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		cfg, err := config.Parse("f", content, inputs())
		if err != nil {
			var all config.Faults
			if !errors.As(err, &all) || len(all) == 0 {
				t.Fatalf("not faults: %v", err)
			}
			for _, one := range all {
				if one.What == "" || one.Line < 0 || one.Line > strings.Count(string(content), "\n")+strings.Count(string(content), "\r")+1 {
					t.Fatalf("fault without a text or with line %d: %v", one.Line, one)
				}
			}
			if strings.Contains(err.Error(), canary) && !strings.Contains(string(content), canary) {
				t.Fatalf("a secret is told: %v", err)
			}
			return
		}
		if _, err := config.Policy(cfg, canonical); err != nil {
			t.Fatalf("a configuration without faults makes no policy: %v", err)
		}
		stop, warn := config.NotYet(cfg)
		for _, one := range slices.Concat(stop, warn, config.Doubts(cfg)) {
			if one.What == "" || one.Mend == "" {
				t.Fatalf("a remark without a text: %v", one)
			}
		}
		if s := fmt.Sprintf("%+v %#v", cfg, cfg.Slack); strings.Contains(s, canary) && !strings.Contains(string(content), canary) && !strings.Contains(string(content), "${") {
			t.Fatal("printing a configuration tells a secret")
		}
	})
}

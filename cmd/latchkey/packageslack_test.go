package main

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"latchkey/adapters/slack"
	"latchkey/bot"
	"latchkey/cmd/latchkey/config"
)

// packaged gives what `latchkey package slack` writes with a configuration.
func packaged(t *testing.T, change func(*config.Config)) (manifest, []byte) {
	t.Helper()
	cfg := &config.Config{Slack: &config.Slack{Mode: "http", Workspace: "T0123456789", AuditChannel: "C0123456789"}}
	cfg.Server.PublicURL = config.Address{Scheme: "https", Host: "latchkey.example.com"}
	change(cfg)
	m, err := slackManifest(cfg)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return m, text
}

// shapes are the manifests that there are.
func shapes() map[string]func(*config.Config) {
	return map[string]func(*config.Config){
		"http":   func(*config.Config) {},
		"below":  func(c *config.Config) { c.Server.PublicURL.Path, c.Server.PublicURL.Port = "/chat/", "8443" },
		"socket": func(c *config.Config) { c.Slack.Mode, c.Server.PublicURL = "socket", config.Address{} },
		"grid":   func(c *config.Config) { c.Slack.Workspace = "E0123456789" },
	}
}

func TestManifestFollowsTheConfiguration(t *testing.T) {
	m, _ := packaged(t, shapes()["http"])
	const base = "https://latchkey.example.com/slack/"
	if m.Features.Commands[0].URL != base+"commands" || m.Settings.Events.URL != base+"events" || m.Settings.Interactivity.URL != base+"interactions" {
		t.Errorf("Slack is told to call %q, %q and %q", m.Features.Commands[0].URL, m.Settings.Events.URL, m.Settings.Interactivity.URL)
	}
	if m.Settings.SocketMode || m.Settings.OrgDeploy || m.Settings.TokenRotation {
		t.Errorf("the settings are %+v", m.Settings)
	}
	if m, _ = packaged(t, shapes()["below"]); m.Settings.Events.URL != "https://latchkey.example.com:8443/chat/slack/events" {
		t.Errorf("below a path Slack is told to call %q", m.Settings.Events.URL)
	}
	if m, _ = packaged(t, shapes()["grid"]); !m.Settings.OrgDeploy {
		t.Error("an organisation's app cannot be installed in all of its workspaces")
	}
	m, text := packaged(t, shapes()["socket"])
	if !m.Settings.SocketMode || bytes.Contains(text, []byte("url")) {
		t.Errorf("in Socket Mode the manifest is %s", text)
	}
}

func TestManifestNeedsAnAddress(t *testing.T) {
	for want, change := range map[string]func(*config.Config){
		"server.public_url is missing":            func(c *config.Config) { c.Server.PublicURL = config.Address{} },
		"server.public_url does not begin with h": func(c *config.Config) { c.Server.PublicURL.Scheme = "http" },
		"no section slack":                        func(c *config.Config) { c.Slack = nil },
	} {
		cfg := &config.Config{Slack: &config.Slack{Mode: "http"}}
		cfg.Server.PublicURL = config.Address{Scheme: "https", Host: "latchkey.example.com"}
		change(cfg)
		if _, err := slackManifest(cfg); bot.KindOf(err) != bot.Invalid || !strings.Contains(bot.TextOf(err), want) {
			t.Errorf("the error is %v, not that %s", err, want)
		}
	}
}

// scopesOf are the bot scopes that each method of Slack's Web API demands
// (docs.slack.dev/reference/methods), by slack-go's name for it. nil: none.
func scopesOf() map[string][]string {
	return map[string][]string{
		"AuthTestContext":         nil,                                // auth.test
		"PostMessageContext":      {"chat:write"},                     // chat.postMessage
		"PostEphemeralContext":    {"chat:write"},                     // chat.postEphemeral
		"UpdateMessageContext":    {"chat:write"},                     // chat.update
		"DeleteMessageContext":    {"chat:write"},                     // chat.delete
		"GetPermalinkContext":     nil,                                // chat.getPermalink
		"OpenConversationContext": {"im:write"},                       // conversations.open, with one person
		"GetUserInfoContext":      {"users:read", "users:read.email"}, // users.info; the second for the address in it
		"OpenViewContext":         nil,                                // views.open
		"PushViewContext":         nil,                                // views.push
		"UpdateViewContext":       nil,                                // views.update
		"PublishViewContext":      nil,                                // views.publish
		"StartSocketModeContext":  nil,                                // apps.connections.open: connections:write of the app-level token
	}
}

// Every method that the adapter calls is covered by a scope of the manifest,
// and no scope is asked for that nothing needs. The command and the shortcuts
// need commands.
func TestScopesAreLeast(t *testing.T) {
	m, _ := packaged(t, shapes()["http"])
	asked := m.OAuth.Scopes.Bot
	if !slices.Equal(asked, slack.Scopes()) {
		t.Errorf("the manifest asks for %q, and check demands %q", asked, slack.Scopes())
	}
	used := map[string]bool{"commands": len(m.Features.Commands) > 0 && len(m.Features.Shortcuts) > 0}
	table, called := scopesOf(), calledMethods(t)
	if len(called) < 5 {
		t.Fatalf("the adapter was found to call %q alone", called)
	}
	for _, method := range called {
		scopes, known := table[method]
		if !known {
			t.Errorf("the adapter calls %s, of which this test has no scopes: look them up and add it", method)
		}
		for _, s := range scopes {
			used[s] = true
			if !slices.Contains(asked, s) {
				t.Errorf("%s needs %s, which the manifest does not ask for", method, s)
			}
		}
	}
	for _, s := range asked {
		if !used[s] {
			t.Errorf("the manifest asks for %s, and nothing needs it", s)
		}
	}
}

// calledMethods reads the adapter's source for calls of slack-go's client,
// whose methods that go to Slack end with Context.
func calledMethods(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("../../adapters/slack/*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("the adapter's source is not there: %v", err)
	}
	var out []string
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				if f, ok := call.Fun.(*ast.SelectorExpr); ok && ours(f) && !slices.Contains(out, f.Sel.Name) {
					out = append(out, f.Sel.Name)
				}
			}
			return true
		})
	}
	return out
}

// ours reports whether a call is one of a client: x.XContext(…), where x is
// no package of the standard library.
func ours(f *ast.SelectorExpr) bool {
	if of, ok := f.X.(*ast.Ident); ok && (of.Name == "http" || of.Name == "exec" || of.Name == "net") {
		return false
	}
	return strings.HasSuffix(f.Sel.Name, "Context") && f.Sel.Name != "DialContext" && f.Sel.Name != "Context"
}

// No page has a menu whose options Slack would ask for: else the manifest has
// to name /slack/options.
func TestManifestNamesOptionsWhereAPageNeedsThem(t *testing.T) {
	pages, err := filepath.Glob("../../adapters/slack/testdata/golden/*.json")
	if err != nil || len(pages) < 10 {
		t.Fatalf("there are %d goldens: %v", len(pages), err)
	}
	needed := false
	for _, name := range pages {
		page, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		needed = needed || bytes.Contains(page, []byte("external_select"))
	}
	_, text := packaged(t, shapes()["http"])
	if named := bytes.Contains(text, []byte("message_menu_options_url")); named != needed {
		t.Errorf("a page needs an options address: %v; the manifest names one: %v", needed, named)
	}
}

// Slack's own schema for manifests judges each, where CHECKS names its folder.
// What it bounds of ours is looked at in any case.
func TestManifestIsAccepted(t *testing.T) {
	folder := t.TempDir()
	for name, change := range shapes() {
		m, text := packaged(t, change)
		if err := os.WriteFile(filepath.Join(folder, name+".json"), text, 0o600); err != nil {
			t.Fatal(err)
		}
		bounded(t, m)
	}
	checks := os.Getenv("CHECKS")
	if checks == "" {
		t.Log("CHECKS is not set: Slack's schema was not asked, our own bounds were")
		return
	}
	if !filepath.IsAbs(checks) { // relative to the top of the module
		checks = filepath.Join("..", "..", checks)
	}
	checker := filepath.Join("..", "..", "build", "manifest-check")
	for _, step := range [][]string{
		{"mkdir", "-p", checker},
		{"cp", "-r", "--no-preserve=mode", filepath.Join(checks, "manifest-check") + "/.", checker}, // it writes beside its files
		{"npm", "install", "--prefix", checker, "--no-package-lock", "--no-audit", "--no-fund", "--silent"},
		{"node", filepath.Join(checker, "check.mjs"), folder},
	} {
		out, err := exec.CommandContext(t.Context(), step[0], step[1:]...).CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", strings.Join(step, " "), err, out)
		}
		if step[0] == "node" && bytes.Count(out, []byte("accepted ")) != len(shapes()) {
			t.Errorf("not every manifest was looked at:\n%s", out)
		}
	}
}

// bounded holds the lengths that Slack allows (docs.slack.dev/reference/app-manifest).
func bounded(t *testing.T, m manifest) {
	t.Helper()
	within := func(what, s string, low, high int) {
		if n := len([]rune(s)); n < low || n > high {
			t.Errorf("%s has %d characters, not %d to %d", what, n, low, high)
		}
	}
	within("the name", m.Display.Name, 1, 35)
	within("the description", m.Display.Description, 1, 140)
	within("the long description", m.Display.LongDescription, 175, 4000)
	for _, s := range m.Features.Shortcuts {
		within("a shortcut's name", s.Name, 1, 24)
		within("a shortcut's description", s.Description, 1, 150)
	}
	callbacks := []string{m.Features.Shortcuts[0].Callback, m.Features.Shortcuts[1].Callback}
	if !slices.Equal(callbacks, []string{"unlock_account", "unlock_person"}) {
		t.Errorf("the shortcuts call back as %q", callbacks)
	}
	if history := regexp.MustCompile(`:(history|read)$`); slices.ContainsFunc(m.OAuth.Scopes.Bot, func(s string) bool { return s != "users:read" && history.MatchString(s) }) {
		t.Errorf("the app may read what people write: %q", m.OAuth.Scopes.Bot)
	}
}

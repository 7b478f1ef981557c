package fence

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// offence is one file of the miniature tree: what it imports, and the linter
// that refuses it ("" when it is allowed). Each stands in a folder of its own
// and imports a leaf, so that the tree has no cycle and compiles.
type offence struct {
	file    string
	imports []string
	linter  string
}

const (
	ldap      = "github.com/go-ldap/ldap/v3"
	goRedis   = "github.com/redis/go-redis/v9"
	slackGo   = "github.com/slack-go/slack"
	miniredis = "github.com/alicebob/miniredis/v2"
)

var offences = []offence{
	{"bot/a/a.go", []string{"latchkey/bot/leaf", "context"}, ""},
	{"bot/b/b.go", []string{"latchkey/flows/leaf"}, "depguard"},
	{"bot/c/c.go", []string{"latchkey/store/session/leaf"}, "depguard"},
	{"bot/d/d.go", []string{slackGo}, "depguard"},
	{"bot/e/e_test.go", []string{"latchkey/store/session/leaf"}, "depguard"},

	{"flows/a/a.go", []string{"latchkey/bot/leaf", "latchkey/flows/leaf"}, ""},
	{"flows/b/b.go", []string{"latchkey/store/session/leaf"}, "depguard"},
	{"flows/c/c.go", []string{"latchkey/adapters/slack/leaf"}, "depguard"},
	{"flows/d/d.go", []string{goRedis}, "depguard"},

	{"adapters/slack/a/a.go", []string{"latchkey/bot/leaf", "latchkey/flows/leaf", slackGo}, ""},
	{"adapters/slack/b/b.go", []string{"latchkey/store/session/leaf"}, "depguard"},
	{"adapters/slack/c/c.go", []string{"latchkey/adapters/courier/leaf"}, "depguard"},
	{"adapters/courier/d/d.go", []string{slackGo}, "depguard"},
	{"adapters/playground/e/e.go", []string{"latchkey/bot/leaf"}, "depguard"},
	{"adapters/playground/f/f.go", []string{"latchkey/flows/leaf"}, "depguard"},
	{"adapters/teams/identity/h/h.go", []string{"latchkey/flows/leaf"}, "depguard"},
	{"adapters/teams/identity/i/i.go", []string{"latchkey/adapters/slack/leaf"}, "depguard"},
	{"adapters/teams/identity/j/j.go", []string{botBuilder + "/connector/auth"}, ""},
	{"adapters/teams/identity/k/k.go", []string{botBuilder + "/connector/client"}, "depguard"},
	{"adapters/teams/activity/l/l.go", []string{botBuilder + "/connector/auth"}, "depguard"},
	{"adapters/teams/activity/m/m.go", []string{slackGo}, "depguard"},
	{"adapters/teams/connector/p/p.go", []string{"latchkey/flows/leaf"}, "depguard"},
	{"adapters/teams/card/q/q.go", []string{botBuilder + "/connector/auth"}, "depguard"},
	{"adapters/teams/r.go", []string{"latchkey/store/session/leaf"}, "depguard"},
	{"adapters/chat/s/s.go", []string{"latchkey/adapters/slack/leaf"}, "depguard"},
	{"adapters/unlisted/g/g.go", []string{"latchkey/store/session/leaf"}, "depguard"},

	{"store/session/a/a.go", []string{"latchkey/bot/leaf", goRedis}, ""},
	{"store/session/a/a_test.go", []string{"latchkey/servers/leaf"}, ""},
	{"store/session/conformance/a.go", []string{"latchkey/servers/leaf", "latchkey/store/session/leaf"}, ""},
	{"store/ledger/conformance/b.go", []string{"latchkey/flows/leaf"}, "depguard"},
	{"store/session/b/b.go", []string{"latchkey/flows/leaf"}, "depguard"},
	{"store/session/c/c.go", []string{ldap}, "depguard"},
	{"store/ledger/d/d.go", []string{"latchkey/store/session/leaf"}, "depguard"},
	{"store/vault/e/e.go", []string{"latchkey/store/session/leaf"}, "depguard"},
	{"store/directory/f/f.go", []string{"latchkey/adapters/slack/leaf"}, "depguard"},
	{"store/unlisted/g/g.go", []string{"latchkey/flows/leaf"}, "depguard"},

	{"cmd/latchkey/demo.go", []string{miniredis, "latchkey/store/session/leaf", "latchkey/adapters/slack/leaf"}, ""},
	{"cmd/latchkey/serve.go", []string{miniredis}, "depguard"},
	{"cmd/latchkey/check.go", []string{"latchkey/servers/leaf"}, "depguard"},
	{"store/session/h/h_test.go", []string{miniredis}, "depguard"},

	{"servers/a/a.go", []string{"latchkey/bot/leaf"}, "depguard"},
	{"e2e/a_test.go", []string{"latchkey/adapters/playground/leaf", "latchkey/servers/leaf"}, ""},
	{"e2e/b_test.go", []string{"latchkey/bot/leaf"}, "depguard"},
	{"e2e/c_test.go", []string{"latchkey/adapters/slack/leaf"}, "depguard"},
}

// stockParts are the constructors that forbidigo refuses, under any alias.
var stockParts = map[string]string{
	"core":             "NewBotAdapter",
	"connector/auth":   "NewJwtTokenValidator",
	"connector/client": "NewClient",
}

const botBuilder = "github.com/infracloudio/msbotbuilder-go"

// TestFencesBite lints a miniature tree with the project's own configuration
// and compares who is refused with who must be.
func TestFencesBite(t *testing.T) {
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	configuration, err := os.ReadFile(filepath.Join("..", "..", ".golangci.yml"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(root, ".golangci.yml"), string(configuration))
	want := writeTree(t, root)
	if diff := cmp.Diff(want, lint(t, root)); diff != "" {
		t.Errorf("file -> linter that refuses it (-want +got):\n%s", diff)
	}
}

// writeTree returns which file each linter must refuse.
func writeTree(t *testing.T, root string) map[string]string {
	t.Helper()
	want := map[string]string{}
	module := "module latchkey\n\ngo 1.26.0\n"
	vendor := func(path string) {
		write(t, filepath.Join(root, "vendored", path, "go.mod"), "module "+path+"\n\ngo 1.26.0\n")
		major := "v0"
		if last := filepath.Base(path); strings.HasPrefix(last, "v") {
			major = last // a module's version agrees with the end of its path
		}
		module += fmt.Sprintf("\nrequire %s %s.0.1\n\nreplace %[1]s => ./vendored/%[1]s\n", path, major)
	}
	for _, path := range []string{ldap, goRedis, slackGo, miniredis} {
		vendor(path)
		write(t, filepath.Join(root, "vendored", path, "stub.go"), "// Package stub stands in.\npackage stub\n")
	}
	vendor(botBuilder)
	for _, o := range offences {
		text := "// Package " + packageOf(o.file) + " stands in.\npackage " + packageOf(o.file) + "\n\nimport (\n"
		for _, path := range slices.Sorted(slices.Values(o.imports)) { // as gofmt sorts them
			text += "\t_ \"" + path + "\"\n"
			if own, found := strings.CutPrefix(path, "latchkey/"); found {
				write(t, filepath.Join(root, own, "leaf.go"), "// Package leaf stands in.\npackage leaf\n")
			}
		}
		text += ")\n"
		write(t, filepath.Join(root, o.file), text)
		if o.linter != "" {
			want[o.file] = o.linter
		}
	}
	write(t, filepath.Join(root, "cmd/latchkey/main.go"), "// Command latchkey stands in.\npackage main\n\nfunc main() {}\n")
	for path, function := range stockParts {
		name := filepath.Base(path)
		write(t, filepath.Join(root, "vendored", botBuilder, path, "stub.go"),
			"// Package "+name+" stands in.\npackage "+name+"\n\n// "+function+" stands in.\nfunc "+function+"() {}\n")
		file := "cmd/stock" + name + "/main.go"
		write(t, filepath.Join(root, file),
			"// Command stock stands in.\npackage main\n\nimport other \""+botBuilder+"/"+path+"\"\n\nfunc main() { other."+function+"() }\n")
		want[file] = "forbidigo"
	}
	for _, file := range []string{"adapters/teams/identity/n/n.go", "adapters/teams/identity/o/o_test.go"} {
		write(t, filepath.Join(root, file), "// Package "+packageOf(file)+" stands in.\npackage "+packageOf(file)+
			"\n\nimport \""+botBuilder+"/connector/auth\"\n\nvar _ = auth.NewJwtTokenValidator\n")
		want[file] = "forbidigo"
	}
	write(t, filepath.Join(root, "go.mod"), module)
	return want
}

func packageOf(file string) string {
	if strings.HasPrefix(file, "cmd/") {
		return "main"
	}
	return filepath.Base(filepath.Dir(file))
}

// lint returns file -> linter of what golangci-lint refuses below root.
func lint(t *testing.T, root string) map[string]string {
	t.Helper()
	linter := exec.Command("go", "tool", "-n", "golangci-lint")
	binary, err := linter.Output()
	if err != nil {
		t.Fatalf("finding golangci-lint: %v", err)
	}
	run := exec.Command(strings.TrimSpace(string(binary)), "run", "--output.json.path=stdout", "--output.text.path=stderr", "--show-stats=false", "./...")
	run.Dir = root
	run.Env = append(os.Environ(), "GOFLAGS=-mod=mod")
	var complaints strings.Builder
	run.Stderr = &complaints
	out, _ := run.Output() // it exits with 1, since it refuses
	var report struct {
		Issues []struct {
			FromLinter, Text string
			Pos              struct{ Filename string }
		}
	}
	if err := json.Unmarshal(out, &report); err != nil {
		t.Fatalf("reading golangci-lint's report: %v\n%s\n%s", err, out, complaints.String())
	}
	got := map[string]string{}
	for _, issue := range report.Issues {
		got[issue.Pos.Filename] = issue.FromLinter
		if issue.FromLinter == "typecheck" {
			t.Fatalf("the miniature tree does not compile: %s", issue.Text)
		}
	}
	return got
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

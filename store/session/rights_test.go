package session_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"latchkey/bot"
	"latchkey/servers"
	"latchkey/store/session"
)

// exact is a user with those rules alone on the shared server, until the test's end.
func exact(t *testing.T, server *servers.Redis, rules ...any) session.Config {
	t.Helper()
	c := restricted(server)
	c.Username = servers.Unique("user")
	admin := administrator(t, server)
	do(t, admin, append([]any{"ACL", "SETUSER", c.Username, "on", ">" + c.Password}, rules...)...)
	t.Cleanup(func() { _ = admin.Do(t.Context(), "ACL", "DELUSER", c.Username).Err() })
	return c
}

// documented gives the commands of docs/administrator.md's ACL line that begins so.
func documented(t *testing.T, begins string) []any {
	t.Helper()
	text, err := os.ReadFile("../../docs/administrator.md")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(strings.TrimSpace(line), begins); ok {
			var out []any
			for _, rule := range strings.Fields(rest) {
				out = append(out, rule)
			}
			return out
		}
	}
	t.Fatalf("docs/administrator.md has no line that begins with %q", begins)
	return nil
}

// The line of the guide is enough, and nothing in it is too much: without any
// one of its commands, check names just that one and the line that adds it.
func TestCheckNamesEachCommandThatTheUserLacks(t *testing.T) {
	server := servers.SharedRedis(t)
	rules := append([]any{"~" + server.Prefix + "*"}, documented(t, "user latchkey on >PASSWORD resetchannels ~latchkey:* ")...)
	if found := open(t, exact(t, server, rules...)).Check(t.Context()); len(found) != 1 || found[0].Level != bot.LevelOK {
		t.Fatalf("with the rules of the guide check found %+v", found)
	}
	for i, rule := range rules[1:] {
		command := strings.TrimPrefix(fmt.Sprint(rule), "+")
		level := bot.LevelFault
		switch command {
		case "info":
			level = bot.LevelWarning
		case "ping", "cluster|slots": // for connections with Sentinels, and for a Cluster
			continue
		}
		without := append(append([]any{}, rules[:i+1]...), rules[i+2:]...)
		c := exact(t, server, without...)
		wantFinding(t, open(t, c), level, "the user may not use "+command, "ACL SETUSER "+c.Username+" +"+command+" ")
	}
}

func TestAUserWithTooFewRightsIsUnavailableAndTheLogSaysWhy(t *testing.T) {
	server := servers.SharedRedis(t)
	for _, c := range []struct {
		rules []any
		want  string
	}{
		{[]any{"~*", "+@read", "+info"}, "the user may not use evalsha; to mend it, allow it on every server: ACL SETUSER"},
		{[]any{"~*", "+eval", "+evalsha"}, "the user may not use a command that a script needs"},
		{[]any{"~elsewhere:*", "+@all"}, "the user may not use the keys below"},
	} {
		_, err := open(t, exact(t, server, c.rules...)).First(t.Context(), "key", time.Hour)
		if bot.KindOf(err) != bot.Unavailable || !strings.Contains(err.Error(), c.want) || !strings.Contains(bot.TextOf(err), "refuses Latchkey's login") {
			t.Errorf("with %v: %v", c.rules, err)
		}
	}
	blind := open(t, exact(t, server, "~*", "+@read", "+@write", "+@scripting", "+@connection"))
	if evicts, err := blind.Evicts(t.Context()); evicts || bot.KindOf(err) != bot.Unavailable {
		t.Errorf("without INFO, evicts: %v, %v", evicts, err)
	}
	wantFinding(t, open(t, exact(t, server, "~elsewhere:*", "+@all")), bot.LevelFault, "may not use the keys below", "~latchkey:")
}

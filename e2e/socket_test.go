package e2e

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// overSocket reports whether a story is played over Socket Mode. The stories
// themselves know nothing of it.
func overSocket(t *testing.T) bool {
	return strings.HasPrefix(t.Name(), "TestStoriesOverSocketMode/") || strings.HasPrefix(t.Name(), "TestSocket")
}

// The principal stories, with nothing to call: the bot connects to Slack.
func TestStoriesOverSocketMode(t *testing.T) {
	for name, story := range map[string]func(*testing.T){
		"a restricted agent":      TestRestrictedAgentUnlocksBothLinkedAccounts,
		"an unrestricted agent":   TestUnrestrictedAgentSkips,
		"a user without any":      TestUnenrolledUser,
		"a double click":          TestDoubleClickUnlocksOnce,
		"a closed dialog":         TestClosedDialogGoesOn,
		"refusals":                TestSaidInPlainWords,
		"wrong codes":             TestWrongCodesLockAuthenticationOut,
		"strangers":               TestStrangers,
		"Home":                    TestHomeThroughACase,
		"a global shortcut":       TestGlobalShortcut,
		"a message shortcut":      TestMessageShortcutOnAPerson,
		"Redis is away":           TestRedisAway,
		"a directory is away":     TestDirectoryAway,
		"killed with a write out": TestKilledBeforeTheAnswerArrives,
		"nothing in the log":      TestNoSecretInTheLog,
	} {
		t.Run(name, story)
	}
}

// readiness is what the admin address says, and its status.
func (b *bot) readiness() (int, string) {
	answer, err := http.Get("http://" + b.admin + "/readyz")
	if err != nil {
		return 0, err.Error()
	}
	defer answer.Body.Close()
	text, _ := io.ReadAll(answer.Body)
	return answer.StatusCode, string(text)
}

// The token is taken back while the bot is connected: that ends it with one
// sentence, readiness says how to mend it, and so does check.
func TestSocketTokenRevoked(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	ulf := s.agent("Ulf", "unrestricted")
	s.serve()
	if out := must(t, "check", "--config", s.bot.config); !strings.Contains(out, "Slack takes slack.app_token") {
		t.Errorf("check does not try the app token:\n%s", out)
	}
	s.ok(s.atSlack(ulf).Say("/unlock help"))
	s.slack.RevokeAppToken()
	if !eventually(15*time.Second, func() bool {
		code, _ := s.bot.readiness()
		return code == http.StatusServiceUnavailable && strings.Contains(s.bot.log(), "ended socket mode")
	}) {
		t.Fatalf("the end is not told:\n%s", s.bot.log())
	}
	if _, text := s.bot.readiness(); !strings.Contains(text, "slack: Slack refuses slack.app_token: token_revoked. Make an app-level token") {
		t.Errorf("readiness says %q", text)
	}
	if n := strings.Count(s.bot.log(), "slack has ended socket mode"); n != 1 {
		t.Errorf("the end is logged %d times:\n%s", n, s.bot.log())
	}
	out, _, code := run(t, "check", "--config", s.bot.config)
	if code != 1 || !strings.Contains(out, "Slack refuses slack.app_token: token_revoked. Make an app-level token") {
		t.Errorf("check, exit %d:\n%s", code, out)
	}
	for what, secret := range map[string]string{"app token": s.slack.AppToken(), "address of a connection": "ticket="} {
		if strings.Contains(s.bot.log(), secret) {
			t.Errorf("the log has the %s:\n%s", what, s.bot.log())
		}
	}
}

// Connections break again and again while an agent works, and the bot is
// killed and started anew: she notices nothing, and one write is one record.
func TestSocketConnectionsBreak(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	ulf := s.agent("Ulf", "unrestricted")
	lab := s.labUser("Tom", "Berg", "")
	s.serve()
	s.slapd.Lock(t, lab.dn)
	screen := s.atSlack(ulf)
	both := func() {
		t.Helper()
		if !s.slack.Eventually(func() bool { return len(s.slack.Sockets()) == 2 }) {
			t.Fatalf("%d connections stand, not 2:\n%s", len(s.slack.Sockets()), s.bot.log())
		}
	}
	both()
	s.slack.Sockets()[0].Cut()
	s.ok(screen.Say("/unlock " + lab.login))
	page, err := screen.Modal("not enrolled")
	s.ok(err)
	s.ok(s.slack.Sockets()[0].Disconnect("refresh_requested"))
	s.ok(page.Tick(box(lab, "lab")))
	s.bot.kill()
	s.bot.start()
	both()
	req, err := page.SubmitRequest()
	s.ok(err)
	for i := range 3 { // Slack sends it again, since a connection broke before it was acknowledged
		x, err := s.slack.Deliver(t.Context(), req)
		if err != nil || x.Failure != "" {
			t.Errorf("delivery %d: %s, %v", i+1, x, err)
		}
	}
	_, err = screen.Modal("Unlocked: Tom Berg")
	s.ok(err)
	if n := strings.Count(s.history("--user", lab.login), "unlocked Tom Berg"); n != 1 {
		t.Errorf("history has %d results, not 1:\n%s", n, s.history())
	}
	s.clean()
}

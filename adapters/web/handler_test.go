package web_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"latchkey/adapters/web"
	"latchkey/bot"
	"latchkey/store/vault"
)

// links is the core as the page sees it: one link, opened once.
type links struct {
	err     error // of every link
	full    bool  // no request is allowed
	opened  int
	asked   []string
	counted []string
}

const (
	good = "AQ_good-link"
	seed = "12345678901234567890"
)

func (l *links) Reveal(_ context.Context, token string) (bot.Revealed, error) {
	l.asked = append(l.asked, token)
	switch {
	case l.err != nil:
		return bot.Revealed{}, l.err
	case token != good:
		return bot.Revealed{}, bot.E(bot.NotFound, "open", nil)
	case l.opened > 0:
		return bot.Revealed{}, bot.E(bot.Conflict, "open", nil)
	}
	l.opened++
	return bot.Revealed{Seed: []byte(seed), Account: "mei@corp", Expires: time.Date(2026, 11, 2, 9, 40, 0, 0, time.UTC)}, nil
}

func (l *links) Allow(_ context.Context, key string, _ int, _ time.Duration) (bool, time.Duration, error) {
	l.counted = append(l.counted, key)
	return !l.full, 0, nil
}

func (l *links) handler(log *zap.Logger) http.Handler {
	return web.Handler(web.Config{Reveal: l.Reveal, Allow: l.Allow, QR: vault.QRModules, Log: log,
		URI: func(account string, seed []byte) string { return vault.KeyURI("Latchkey", account, seed) }})
}

func get(h http.Handler, method, path string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// The seed is shown once; who comes second is told what to do, whoever he is.
func TestShownOnce(t *testing.T) {
	l := &links{}
	h := l.handler(zap.NewNop())
	first := get(h, "GET", "/e/"+good)
	for _, want := range []string{"GEZD GNBV GY3T QOJQ", "otpauth://totp/Latchkey:mei%40corp", "mei@corp", "<path", "09:40 UTC", "2026-11-02T09:40:00Z"} {
		if !strings.Contains(text(first.Body.String()), want) {
			t.Errorf("the page does not say %q:\n%s", want, first.Body)
		}
	}
	if first.Code != 200 {
		t.Errorf("shown with %d", first.Code)
	}
	second := get(h, "GET", "/e/"+good)
	if second.Code != http.StatusGone || strings.Contains(text(second.Body.String()), "GEZD") || !strings.Contains(second.Body.String(), "press New link") {
		t.Errorf("the second time, %d: %s", second.Code, second.Body)
	}
}

// text takes out what stands between the groups of the key.
func text(page string) string { return strings.NewReplacer("<span>", "", "</span>", "").Replace(page) }

// Who only looks at a link does not use it up.
func TestLookingUsesNothingUp(t *testing.T) {
	l := &links{}
	h := l.handler(zap.NewNop())
	for name, header := range map[string][]string{
		"Slack's preview": {"User-Agent", "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"},
		"Teams' preview":  {"User-Agent", "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com"},
		"a prefetch":      {"Sec-Purpose", "prefetch;prerender"},
		"an old prefetch": {"Purpose", "prefetch"},
	} {
		if w := get(h, "GET", "/e/"+good, header...); strings.Contains(text(w.Body.String()), "GEZD") {
			t.Errorf("%s sees the key", name)
		}
	}
	if w := get(h, "HEAD", "/e/"+good); w.Code != 200 || w.Body.Len() > 0 {
		t.Errorf("HEAD answers %d and %d bytes", w.Code, w.Body.Len())
	}
	for _, method := range []string{"POST", "PUT", "DELETE", "OPTIONS"} {
		if w := get(h, method, "/e/"+good); w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET, HEAD" {
			t.Errorf("%s answers %d", method, w.Code)
		}
	}
	if l.opened != 0 || len(l.asked) != 0 {
		t.Fatalf("the link was opened %d times, asked for %q", l.opened, l.asked)
	}
	teams := "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Teams/24 Chrome/130.0 Safari/537.36"
	if w := get(h, "GET", "/e/"+good, "User-Agent", teams); !strings.Contains(text(w.Body.String()), "GEZD") {
		t.Error("a person within Teams does not see the key")
	}
}

// What is no link, or none any more, is a page that says how to begin again.
func TestNoLink(t *testing.T) {
	l := &links{}
	h := l.handler(zap.NewNop())
	for _, path := range []string{"/e/wrong", "/e/", "/e", "/e/a/b", "/e/%2e%2e", "/e/" + strings.Repeat("x", 5000), "/e/%00", "/e/<script>alert(1)<%2Fscript>"} {
		w := get(h, "GET", path)
		if w.Code == http.StatusTemporaryRedirect || w.Code == http.StatusMovedPermanently {
			continue // the path is cleaned, and asked for again
		}
		if w.Code != 404 {
			t.Errorf("%.40s answers %d", path, w.Code)
		}
		if body := w.Body.String(); strings.Contains(body, "<script") || path != "/e" && !strings.Contains(body, "/unlock enroll") {
			t.Errorf("%.40s: %s", path, body)
		}
	}
}

// Every answer, good or bad, has what keeps it from being kept, framed or sent on.
func TestHeaders(t *testing.T) {
	l := &links{}
	h := l.handler(zap.NewNop())
	for _, w := range []*httptest.ResponseRecorder{get(h, "GET", "/e/"+good), get(h, "GET", "/e/"+good), get(h, "GET", "/e/wrong"),
		get(h, "HEAD", "/e/"+good), get(h, "POST", "/e/"+good), get(h, "GET", "/e/"+good, "User-Agent", "Slackbot 1.0")} {
		for name, want := range map[string]string{"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY"} {
			if got := w.Header().Get(name); got != want {
				t.Errorf("%d has %s %q", w.Code, name, got)
			}
		}
		policy := w.Header().Get("Content-Security-Policy")
		if !strings.HasPrefix(policy, "default-src 'none'; style-src 'sha256-") || strings.Contains(policy, "unsafe") || !strings.Contains(policy, "frame-ancestors 'none'") {
			t.Errorf("%d has the policy %q", w.Code, policy)
		}
		if w.Header().Get("Set-Cookie") != "" || w.Header().Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%d sets %v", w.Code, w.Header())
		}
	}
}

// Too many requests are turned away before anything is looked up, by the
// network that they come from.
func TestTooMany(t *testing.T) {
	l := &links{full: true}
	h := l.handler(zap.NewNop())
	r := httptest.NewRequest("GET", "/e/"+good, nil)
	r.RemoteAddr = "[2001:db8:1:2:aaaa::1]:4711"
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" || len(l.asked) > 0 || l.counted[0] != "web:2001:db8:1:2::" {
		t.Errorf("%d, asked for %q, counted %q", w.Code, l.asked, l.counted)
	}
}

// What goes wrong inside is logged, and neither page nor log tells a token or a seed.
func TestAway(t *testing.T) {
	core, logs := observer.New(zap.InfoLevel)
	l := &links{err: bot.E(bot.Unavailable, "read seed", errors.New("no answer"))}
	w := get(l.handler(zap.New(core)), "GET", "/e/"+good)
	if w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), "does not answer") || strings.Contains(w.Body.String(), "read seed") {
		t.Errorf("%d: %s", w.Code, w.Body)
	}
	if logs.Len() != 1 {
		t.Fatalf("%d lines were logged", logs.Len())
	}
	for _, e := range logs.All() {
		if strings.Contains(e.Message, good) || strings.Contains(e.ContextMap()["error"].(string), good) {
			t.Errorf("the log tells the token: %v", e)
		}
	}
}

package page_test

import (
	"net/http"
	"strings"
	"testing"
)

// Only this run's own page may act: not another web page, not a name that
// points here, not a tab of an earlier run.
func TestStrangers(t *testing.T) {
	s := newStage(t)
	const body = `{"store":"corp","login":"mlin","password":"wrong"}`
	for name, c := range map[string]struct {
		change func(*http.Request)
		status int
		words  string
	}{
		"another page":        {func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") }, 403, "own page"},
		"another port":        {func(r *http.Request) { r.Header.Set("Origin", "http://127.0.0.1:1") }, 403, "own page"},
		"a sandboxed frame":   {func(r *http.Request) { r.Header.Set("Origin", "null") }, 403, "own page"},
		"cross-site":          {func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }, 403, "own page"},
		"same-site":           {func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-site") }, 403, "own page"},
		"a name":              {func(r *http.Request) { r.Host = "rebound.example:80" }, 403, "address that the program printed"},
		"an outside address":  {func(r *http.Request) { r.Host = "192.0.2.1" }, 403, "address that the program printed"},
		"no host":             {func(r *http.Request) { r.Host = "::" }, 403, "address that the program printed"},
		"an earlier run":      {func(r *http.Request) { r.Header.Set("X-Latchkey-Run", "EARLIER") }, 409, "earlier run"},
		"no run":              {func(r *http.Request) { r.Header.Del("X-Latchkey-Run") }, 409, "earlier run"},
		"a form":              {func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }, 415, "JSON"},
		"an unknown verb":     {func(r *http.Request) { r.URL.Path = "/play/shutdown" }, 404, "shutdown"},
		"reading, not acting": {func(r *http.Request) { r.Method = http.MethodGet }, 405, ""},
	} {
		r := s.request("signin", body)
		c.change(r)
		if status, said := s.do(r); status != c.status || !strings.Contains(said, c.words) {
			t.Errorf("%s: %d %q, want %d %q", name, status, said, c.status, c.words)
		}
	}
	s.place.mu.Lock()
	defer s.place.mu.Unlock()
	if s.place.wrong != 0 {
		t.Errorf("%d passwords were tried for strangers", s.place.wrong)
	}
}

// A link from another page opens the page; the page's own names are fine.
func TestFriends(t *testing.T) {
	s := newStage(t)
	port := s.server.URL[strings.LastIndex(s.server.URL, ":"):]
	for _, host := range []string{"127.0.0.1" + port, "localhost" + port, "[::1]" + port, "localhost", "[::1]", "127.8.0.1"} {
		r, err := http.NewRequest(http.MethodGet, s.server.URL+"/", nil)
		s.ok(err)
		r.Host = host
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		r.Header.Set("Sec-Fetch-Mode", "navigate")
		if status, said := s.do(r); status != http.StatusOK {
			t.Errorf("%s: %d %s", host, status, said)
		}
	}
}

// A body that is not what the tab sends is refused, and nothing is done.
func TestBodies(t *testing.T) {
	s := newStage(t)
	for _, body := range []string{"", "{", "[]", `{"unknown":1}`, `{"minutes":"five"}`, `{"line":"` + strings.Repeat("x", 1<<17) + `"}`} {
		if status, said := s.do(s.request("advance", body)); status != http.StatusBadRequest || said == "" {
			t.Errorf("%.40q: %d %q", body, status, said)
		}
	}
	for body, words := range map[string]string{
		`{"person":"U_NOBODY","line":"/unlock"}`:                  "nobody called",
		`{"person":"U_DANA","room":"C_ULF","line":"/unlock mei"}`: "in no channel",
		`{"person":"U_DANA","room":"DU_DANA","line":"hello"}`:     "not a slash command",
	} {
		if status, said := s.do(s.request("say", body)); status != http.StatusBadGateway || !strings.Contains(said, words) {
			t.Errorf("%s: %d %q", body, status, said)
		}
	}
}

// Everything is served under a policy that lets the page load its own files
// and nothing else.
func TestHeaders(t *testing.T) {
	s := newStage(t)
	for _, path := range []string{"/", "/assets/app.js", "/play/stream?run=EARLIER"} {
		resp, err := http.Get(s.server.URL + path)
		s.ok(err)
		resp.Body.Close()
		policy := resp.Header.Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") {
			t.Errorf("%s: policy %q", path, policy)
		}
		if resp.Header.Get("X-Content-Type-Options") != "nosniff" || resp.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: headers %v", path, resp.Header)
		}
	}
	if got := s.read("/play/stream?run=EARLIER"); !strings.Contains(got, "event: stale") || !strings.Contains(got, "earlier run") {
		t.Errorf("a stream of an earlier run says %q", got)
	}
}

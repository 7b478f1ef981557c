package slack

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"latchkey/adapters/chat"
	"latchkey/bot"
)

func TestWhichAddressesAreAnswered(t *testing.T) {
	h := newHooks([]string{"hooks.slack.com", "127.0.0.1:8080", "hooks.slack-gov.com:8443"})
	cases := map[string]bool{
		"https://hooks.slack.com/commands/T1/2/3":        true,
		"https://HOOKS.slack.com:443/actions/T1/2/3":     true,
		"https://hooks.slack-gov.com:8443/x":             true,
		"http://127.0.0.1:8080/commands/T1/2/3":          true,
		"http://hooks.slack.com/commands/T1/2/3":         false, // plain
		"http://127.0.0.1:9090/commands":                 false,
		"http://127.0.0.1/commands":                      false,
		"https://hooks.slack.com:8443/x":                 false,
		"https://hooks.slack-gov.com/x":                  false,
		"https://hooks.slack.com.example.com/x":          false,
		"https://example.com/hooks.slack.com":            false,
		"https://hooks.slack.com@example.com/x":          false,
		"https://user:pw@hooks.slack.com/x":              false,
		"https:hooks.slack.com/x":                        false,
		"//hooks.slack.com/x":                            false,
		"file:///etc/passwd":                             false,
		"":                                               false,
		"https://hooks.slack.com\\@example.com/":         false,
		"https://[::1]/x":                                false,
		"https://hooks.slack.com\n.example.com/":         false,
		"https://example.com/?u=https://hooks.slack.com": false,
	}
	for raw, want := range cases {
		if got := h.allowed(raw); got != want {
			t.Errorf("%q: %v, want %v", raw, got, want)
		}
	}
}

func TestAnAddressIsUsedFiveTimesAndRedirectsAreNotFollowed(t *testing.T) {
	calls := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls++
		if r.URL.Path == "/moved" {
			http.Redirect(w, r, "/", http.StatusTemporaryRedirect)
		}
	}))
	defer server.Close()
	h := newHooks([]string{strings.TrimPrefix(server.URL, "http://")})
	r := h.to(server.URL + "/secret")
	for i := range 5 {
		if err := r.say(t.Context(), onlyYou(chat.Notice("x"))); err != nil {
			t.Fatalf("use %d: %v", i+1, err)
		}
	}
	if err := r.say(t.Context(), onlyYou(chat.Notice("x"))); bot.KindOf(err) != bot.Expired || calls != 5 {
		t.Errorf("the sixth use: %v after %d calls", err, calls)
	}
	err := h.to(server.URL+"/moved").say(t.Context(), onlyYou(chat.Notice("x")))
	if bot.KindOf(err) != bot.Unavailable || calls != 6 {
		t.Errorf("a redirect: %v after %d calls", err, calls)
	}
	server.Close()
	if err := h.to(server.URL+"/secret").say(t.Context(), onlyYou(chat.Notice("x"))); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("the address is a secret of its own: %v", err)
	}
}

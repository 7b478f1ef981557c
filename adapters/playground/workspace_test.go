package playground_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"latchkey/adapters/playground"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m,
		// http.DefaultTransport of the tests' own clients keeps connections.
		goleak.IgnoreTopFunction("net/http.(*persistConn).writeLoop"),
		goleak.IgnoreTopFunction("internal/poll.runtime_pollWait"))
}

func TestOptionsAreChecked(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	must(t, os.WriteFile(file, nil, 0o600))
	for name, c := range map[string]struct {
		opts  playground.Options
		words []string
	}{
		"ids used twice, all told at once": {playground.Options{
			Users:    []playground.User{{ID: "U1"}, {ID: "U1"}, {}, {ID: "U2", TZ: "Europe/Nowhere"}},
			Channels: []playground.Channel{{ID: "U1"}},
		}, []string{`user "U1"`, `user ""`, `Europe/Nowhere`, `channel "U1"`}},
		"a dump folder that is a file": {playground.Options{DumpDir: file}, []string{"dump folder"}},
	} {
		_, err := playground.New(c.opts)
		for _, words := range c.words {
			if err == nil || !strings.Contains(err.Error(), words) {
				t.Errorf("%s: %q is not in %v", name, words, err)
			}
		}
	}
}

func TestStartStaysOnLoopback(t *testing.T) {
	ws, err := playground.New(playground.Options{})
	must(t, err)
	for _, addr := range []string{"0.0.0.0:0", ":0", "192.0.2.1:80", "127.0.0.1", "localhost:0"} {
		if err := ws.Start(addr); err == nil {
			t.Errorf("started on %q", addr)
		}
	}
	must(t, ws.Start("127.0.0.1:0"))
	other, err := playground.New(playground.Options{})
	must(t, err)
	if err := other.Start(strings.TrimPrefix(ws.URL(), "http://")); err == nil || !strings.Contains(err.Error(), "address already in use") {
		t.Errorf("a port in use: %v", err)
	}
	must(t, other.Close())
	must(t, ws.Close())
	if _, err := http.Post(ws.APIURL()+"auth.test", asForm, nil); err == nil {
		t.Error("it answers after Close")
	}
}

// The handler can stand in another server, as it will in the demo.
func TestHandlerInAnotherServer(t *testing.T) {
	ws, err := playground.New(playground.Options{})
	must(t, err)
	server := httptest.NewServer(ws.Handler())
	defer server.Close()
	ws.SetURL(server.URL)
	if got := call(t, ws, "auth.test", asForm, ""); !got.OK {
		t.Errorf("auth.test: %q", got.Error)
	}
	resp, err := http.Get(server.URL + "/")
	must(t, err)
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusNotFound {
		t.Errorf("the place of the page answers %d", resp.StatusCode)
	}
	if err := ws.As("U_DANA").Say("/unlock"); err == nil {
		t.Error("somebody who is not in the workspace spoke")
	}
}

// A random source that fails is told, and no guessable secret is made of it.
func TestRandomSourceThatFails(t *testing.T) {
	ws, err := playground.New(playground.Options{Users: people(), Rand: failing{}})
	must(t, err)
	r, err := ws.CommandRequest("U_DANA", "", "/unlock")
	must(t, err)
	if strings.Contains(string(r.Body), "000000000000") || len(ws.Problems()) == 0 {
		t.Errorf("body %s, problems %q", r.Body, ws.Problems())
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("no entropy") }

// No body, however wrong, may end the stand-in.
func FuzzCall(f *testing.F) {
	ws, err := playground.New(playground.Options{Users: people(), Channels: []playground.Channel{{ID: "C1"}}})
	if err != nil {
		f.Fatal(err)
	}
	handler := ws.Handler()
	for _, seed := range []string{
		`{"channel":"C1","text":"a","blocks":[{"type":"divider"}]}`, `{"view_id":"V1","view":{"type":"modal"}}`, `{"user_id":"U_DANA","view":{"type":"home","blocks":[{"type":"divider"}]}}`,
	} {
		f.Add(true, "chat.postMessage", seed)
		f.Add(true, "views.publish", seed)
	}
	f.Add(false, "users.info", "user=U_DANA")
	f.Add(false, "chat.postMessage", "channel=C1&text=a&blocks=%5B%5D&unfurl_links=1")
	f.Fuzz(func(t *testing.T, asJSONBody bool, method, body string) {
		if strings.ContainsAny(method, "/?# %\x00\n\r\t") || method == "" {
			return
		}
		r := httptest.NewRequest(http.MethodPost, "/api/x", strings.NewReader(body))
		r.URL.Path = "/api/" + method
		r.Header.Set("Authorization", "Bearer "+ws.Token())
		r.Header.Set("Content-Type", asForm)
		if asJSONBody {
			r.Header.Set("Content-Type", asJSON)
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code >= 500 {
			t.Errorf("status %d", w.Code)
		}
	})
}

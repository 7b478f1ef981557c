package playground_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"latchkey/adapters/playground"
)

// The signature is Slack's: slack-go's verifier takes it, and refuses each way
// of breaking it that a story can choose.
func TestRequestsAreSignedAndCanBeBroken(t *testing.T) {
	b := start(t, nil)
	var commands atomic.Int32
	b.onCommand(func(http.ResponseWriter, slack.SlashCommand) { commands.Add(1) })
	request := func() playground.Request {
		r, err := b.ws.CommandRequest("U_DANA", "", "/unlock mei")
		must(t, err)
		return r
	}
	for _, c := range []struct {
		name   string
		change func(r *playground.Request)
		status int
	}{
		{"as Slack sends it", func(*playground.Request) {}, 200},
		{"unsigned", func(r *playground.Request) { r.Header.Del(playground.HeaderSignature) }, 401},
		{"stale", func(r *playground.Request) {
			playground.SignWith(r, b.ws.SigningSecret(), time.Now().Add(-10*time.Minute))
		}, 401},
		{"another secret", func(r *playground.Request) { playground.SignWith(r, "wrong", time.Now()) }, 401},
		{"changed body", func(r *playground.Request) { r.Body = bytes.Replace(r.Body, []byte("mei"), []byte("ceo"), 1) }, 401},
		{"changed body, signed again", func(r *playground.Request) {
			r.Body = bytes.Replace(r.Body, []byte("mei"), []byte("ceo"), 1)
			b.ws.Sign(r)
		}, 200},
		{"doubled header", func(r *playground.Request) {
			r.Header[playground.HeaderSignature] = []string{"v0=00", r.Header.Get(playground.HeaderSignature)}
		}, 401},
		{"oversized", func(r *playground.Request) { r.Body = bytes.Repeat([]byte("a"), 2<<20); b.ws.Sign(r) }, 200},
	} {
		r := request()
		c.change(&r)
		x, err := b.ws.Send(context.Background(), r)
		if err != nil || x.Status != c.status {
			t.Errorf("%s: status %d, want %d (%v)", c.name, x.Status, c.status, err)
		}
	}
	r := request()
	for range 2 { // a replay: this small bot takes it, the product must not
		if x, err := b.ws.Send(context.Background(), r); err != nil || x.Status != 200 {
			t.Errorf("replay: %d %v", x.Status, err)
		}
	}
	if n := commands.Load(); n != 5 {
		t.Errorf("the bot saw %d commands, want 5", n)
	}
	if trouble := b.ws.Problems(); len(trouble) > 0 {
		t.Errorf("sending raw counts as trouble: %q", trouble)
	}
}

// A request that is kept stays as it is when its copy is changed.
func TestCloneIsIndependent(t *testing.T) {
	b := start(t, nil)
	r, err := b.ws.CommandRequest("U_DANA", "C_AUDIT", "/unlock mei")
	must(t, err)
	before := string(r.Body)
	other := r.Clone()
	other.Body[0] = 'X'
	other.Header.Set(playground.HeaderTimestamp, "1")
	if string(r.Body) != before || r.Header.Get(playground.HeaderTimestamp) == "1" {
		t.Error("the copy shares body or header with the first")
	}
}

func TestCommandCarriesWhatSlackSends(t *testing.T) {
	b := start(t, func(o *playground.Options) { o.EnterpriseID = "E1" })
	r, err := b.ws.CommandRequest("U_DANA", "C_AUDIT", "  /unlock   mei tan ")
	must(t, err)
	form, err := url.ParseQuery(string(r.Body))
	must(t, err)
	for key, want := range map[string]string{
		"command": "/unlock", "text": "mei tan", "user_id": "U_DANA", "user_name": "dana", "channel_id": "C_AUDIT",
		"channel_name": "audit", "team_id": "T0PLAY", "enterprise_id": "E1", "is_enterprise_install": "false",
	} {
		if got := form.Get(key); got != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
	if !strings.HasPrefix(form.Get("response_url"), b.ws.URL()+"/commands/") || form.Get("trigger_id") == "" {
		t.Errorf("response_url %q, trigger_id %q", form.Get("response_url"), form.Get("trigger_id"))
	}
	for _, c := range []struct{ user, channel, line, words string }{
		{"U_DANA", "", "hello bot", "not a slash command"},
		{"U_NOBODY", "", "/unlock", "no user"},
		{"U_DANA", "C_NONE", "/unlock", "no channel"},
		{"U_GUEST", "C_AUDIT", "/unlock mei", "stranger"},
	} {
		if _, err := b.ws.CommandRequest(c.user, c.channel, c.line); err == nil || !strings.Contains(err.Error(), c.words) {
			t.Errorf("%v: %v", c, err)
		}
	}
}

// A late answer is Slack's operation_timeout, and a bad one is told apart.
func TestAnswersThatSlackWouldNotTake(t *testing.T) {
	b := start(t, func(o *playground.Options) { o.AnswerWithin = 200 * time.Millisecond })
	release := make(chan struct{})
	defer close(release)
	for _, c := range []struct {
		name  string
		serve func(http.ResponseWriter, slack.SlashCommand)
		words string
	}{
		{"late", func(http.ResponseWriter, slack.SlashCommand) { <-release }, "operation_timeout"},
		{"error status", func(w http.ResponseWriter, _ slack.SlashCommand) { w.WriteHeader(500) }, "http_status_500"},
		{"redirect", func(w http.ResponseWriter, _ slack.SlashCommand) {
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(302)
		}, "http_status_302"},
		{"JSON without its type", func(w http.ResponseWriter, _ slack.SlashCommand) {
			_, _ = w.Write([]byte(`{"text":"a"}`))
		}, "Content-Type"},
		{"half a JSON", func(w http.ResponseWriter, _ slack.SlashCommand) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(`{"text":`))
		}, "not a JSON object"},
		{"blocks that are wrong", func(w http.ResponseWriter, _ slack.SlashCommand) {
			answer(w, map[string]any{"text": "a", "blocks": []any{map[string]any{"type": "banner"}}})
		}, "/blocks/0/type"},
	} {
		b.onCommand(c.serve)
		before := len(b.ws.Problems())
		err := b.ws.As("U_DANA").Say("/unlock")
		var late *playground.AnswerError
		if !errors.As(err, &late) || !strings.Contains(late.Exchange.Failure, c.words) {
			t.Errorf("%s: %v", c.name, err)
		}
		if now := b.ws.Problems(); len(now) != before+1 {
			t.Errorf("%s: %d new problems, want 1: %q", c.name, len(now)-before, now)
		}
	}
	if x, ok := b.ws.As("U_DANA").Last(); !ok || x.Kind != "command" || x.Took <= 0 || !strings.Contains(x.String(), "/slack/commands command by U_DANA: 200") {
		t.Errorf("the last exchange is %s", x)
	}
}

func TestDoubleClicksAreTwoRequests(t *testing.T) {
	b := start(t, nil)
	seen := make(chan string, 10)
	b.onCommand(func(w http.ResponseWriter, cmd slack.SlashCommand) {
		answer(w, map[string]any{"text": "go?", "blocks": []any{buttonRow("r", "Go")}})
	})
	b.onInteraction(func(w http.ResponseWriter, in slack.InteractionCallback) {
		seen <- in.TriggerID + " " + in.ActionCallback.BlockActions[0].Value
	})
	dana := b.ws.As("U_DANA")
	must(t, dana.Say("/unlock"))
	card, err := dana.DM().MessageWhere("with a button", func(m *playground.Message) bool { return len(m.Buttons()) > 0 })
	must(t, err)
	must(t, card.ClickTwice("Go"))
	must(t, card.ClickAtOnce("Go", 4))
	close(seen)
	triggers := map[string]bool{}
	for s := range seen {
		if !strings.HasSuffix(s, " v_Go") {
			t.Errorf("clicked %q", s)
		}
		triggers[s] = true
	}
	if len(triggers) != 6 {
		t.Errorf("%d different triggers, want 6", len(triggers))
	}
}

package playground_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"

	"latchkey/adapters/playground"
)

// opened asks for the address of a connection as an app does.
func opened(t *testing.T, b *bot, token string) (string, error) {
	t.Helper()
	app := slack.New("", slack.OptionAppLevelToken(token), slack.OptionAPIURL(b.ws.APIURL()))
	_, url, err := app.StartSocketModeContext(t.Context())
	return url, err
}

// dialled opens a connection and reads its first frame.
func dialled(t *testing.T, b *bot) (*websocket.Conn, map[string]any) {
	t.Helper()
	url, err := opened(t, b, b.ws.AppToken())
	must(t, err)
	conn, resp, err := websocket.DefaultDialer.Dial(url, nil)
	must(t, err)
	_ = resp.Body.Close()
	t.Cleanup(func() { _ = conn.Close() })
	return conn, framed(t, conn)
}

func framed(t *testing.T, conn *websocket.Conn) map[string]any {
	t.Helper()
	must(t, conn.SetReadDeadline(time.Now().Add(5*time.Second)))
	var f map[string]any
	must(t, conn.ReadJSON(&f))
	return f
}

func socketMode(o *playground.Options) { o.SocketMode = true }

func TestSocketNeedsTheAppTokenAndAFreshTicket(t *testing.T) {
	b := start(t, socketMode)
	for token, code := range map[string]string{b.ws.Token(): "not_allowed_token_type", "xapp-other": "invalid_auth"} {
		if _, err := opened(t, b, token); err == nil || err.Error() != code {
			t.Errorf("%s opens a connection: %v, not %s", token, err, code)
		}
	}
	if _, err := slack.New(b.ws.AppToken(), slack.OptionAPIURL(b.ws.APIURL())).AuthTest(); err == nil || err.Error() != "not_allowed_token_type" {
		t.Errorf("the app token serves as the bot's: %v", err)
	}
	url, err := opened(t, b, b.ws.AppToken())
	must(t, err)
	for i, want := range []int{http.StatusSwitchingProtocols, http.StatusForbidden} {
		conn, resp, err := websocket.DefaultDialer.Dial(url, nil)
		if resp == nil || resp.StatusCode != want {
			t.Errorf("use %d of a ticket: %v, %v", i+1, resp, err)
		}
		if conn != nil {
			_ = conn.Close()
		}
	}
	if p := b.ws.TakeProblems(); len(p) != 1 || !strings.Contains(p[0], "ticket") {
		t.Errorf("problems: %v", p)
	}
	b.ws.RevokeAppToken()
	if _, err := opened(t, b, b.ws.AppToken()); err == nil || err.Error() != "token_revoked" {
		t.Errorf("a revoked token: %v", err)
	}
}

func TestSocketsAreTenAtMost(t *testing.T) {
	b := start(t, socketMode)
	var open []*websocket.Conn // one that nobody holds is closed as garbage
	for n := 1; n <= 10; n++ {
		conn, f := dialled(t, b)
		open = append(open, conn)
		if f["type"] != "hello" || fmt.Sprint(f["num_connections"]) != fmt.Sprint(n) {
			t.Errorf("connection %d is greeted with %v", n, f)
		}
	}
	if _, f := dialled(t, b); f["type"] != "disconnect" || f["reason"] != "too_many_websockets" {
		t.Errorf("an eleventh connection is greeted with %v", f)
	}
	runtime.KeepAlive(open)
}

// What is wrong with an acknowledgement is said loudly.
func TestSocketAcknowledgements(t *testing.T) {
	for name, c := range map[string]struct{ ack, says string }{
		"right":             {`{"envelope_id":"ID"}`, ""},
		"with a payload":    {`{"envelope_id":"ID","payload":{"text":"hello"}}`, ""},
		"unknown":           {`{"envelope_id":"other"}`, "never sent"},
		"no JSON":           {`{"envelope_id":`, "no JSON object"},
		"a list":            {`[]`, "no JSON object"},
		"no id":             {`{}`, "without envelope_id"},
		"another member":    {`{"envelope_id":"ID","status":200}`, `the member "status"`},
		"payload of text":   {`{"envelope_id":"ID","payload":"hello"}`, "payload is no object"},
		"too large":         {`{"envelope_id":"ID","payload":{"text":"` + strings.Repeat("x", 20<<10) + `"}}`, "Slack drops"},
		"twice":             {`{"envelope_id":"ID"}` + "\n" + `{"envelope_id":"ID"}`, "acknowledged twice"},
		"a block that none": {`{"envelope_id":"ID","payload":{"blocks":[{"type":"none"}]}}`, "Slack refuses the answer"},
	} {
		t.Run(name, func(t *testing.T) {
			b := start(t, func(o *playground.Options) { o.SocketMode, o.AnswerWithin = true, 200*time.Millisecond })
			conn, _ := dialled(t, b)
			said := make(chan error, 1)
			go func() { said <- b.ws.As("U_DANA").Say("/unlock mei") }()
			f := framed(t, conn)
			payload, _ := f["payload"].(map[string]any)
			if f["type"] != "slash_commands" || f["accepts_response_payload"] != true || payload["text"] != "mei" {
				t.Fatalf("the envelope is %v", f)
			}
			for ack := range strings.SplitSeq(c.ack, "\n") {
				must(t, conn.WriteMessage(websocket.TextMessage, []byte(strings.ReplaceAll(ack, "ID", f["envelope_id"].(string)))))
			}
			err := <-said
			if c.says == "" {
				must(t, err)
				return
			}
			if !b.ws.Eventually(func() bool { return strings.Contains(strings.Join(b.ws.Problems(), "\n"), c.says) }) {
				t.Errorf("problems: %v", b.ws.Problems())
			}
		})
	}
}

// An envelope whose connection breaks goes to the other; there it has to be
// acknowledged, not where it came before.
func TestSocketEnvelopeGoesToAnother(t *testing.T) {
	b := start(t, socketMode)
	first, _ := dialled(t, b)
	said := make(chan error, 1)
	go func() { said <- b.ws.As("U_DANA").Say("/unlock mei") }()
	before := framed(t, first)
	second, _ := dialled(t, b)
	b.ws.Sockets()[0].Cut()
	again := framed(t, second)
	if before["envelope_id"] != again["envelope_id"] {
		t.Errorf("another envelope: %v", again)
	}
	third, _ := dialled(t, b)
	ack, err := json.Marshal(map[string]any{"envelope_id": again["envelope_id"]})
	must(t, err)
	must(t, third.WriteMessage(websocket.TextMessage, ack))
	if !b.ws.Eventually(func() bool {
		return strings.Contains(strings.Join(b.ws.Problems(), "\n"), "on a connection that it did not come by")
	}) {
		t.Errorf("problems: %v", b.ws.Problems())
	}
	must(t, second.WriteMessage(websocket.TextMessage, ack))
	must(t, <-said)
}

// What nobody acknowledges is sent again, with the count of it.
func TestSocketEventIsSentAgain(t *testing.T) {
	b := start(t, func(o *playground.Options) { o.SocketMode, o.AnswerWithin = true, 200*time.Millisecond })
	conn, _ := dialled(t, b)
	req, err := b.ws.EventRequest("U_DANA", map[string]any{"type": "app_home_opened", "user": "U_DANA"})
	must(t, err)
	if x, err := b.ws.Send(t.Context(), req); err != nil || x.Failure != "operation_timeout" {
		t.Errorf("%s, %v", x, err)
	}
	for attempt := range 3 {
		f := framed(t, conn)
		if fmt.Sprint(f["retry_attempt"]) != fmt.Sprint(attempt) || (f["retry_reason"] == "timeout") != (attempt > 0) {
			t.Errorf("delivery %d is %v", attempt+1, f)
		}
	}
}

package slack

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"latchkey/adapters/playground"
	"latchkey/bot"
	"latchkey/flows"
)

// post sends a request straight to the handler, past the stand-in.
func (s *stage) post(method, path, contentType string, body []byte, header http.Header) *httptest.ResponseRecorder {
	s.t.Helper()
	r := httptest.NewRequest(method, path, bytes.NewReader(body))
	if header != nil {
		r.Header = header
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	w := httptest.NewRecorder()
	s.bot.Handler().ServeHTTP(w, r)
	return w
}

// signed signs a body as of now.
func (s *stage) signed(body []byte) http.Header {
	r := playground.Request{Header: http.Header{}, Body: body}
	s.ws.Sign(&r)
	return r.Header
}

const formType = "application/x-www-form-urlencoded"

// Whatever is refused leaves nothing behind: no memory in the gate, no event,
// no call to Slack.
func TestRefusals(t *testing.T) {
	command := "command=%2Funlock&text=mei&team_id=T0PLAY&user_id=U_DANA&trigger_id=1.2.3&response_url="
	click := func(payload string) string { return url.Values{"payload": {payload}}.Encode() }
	cases := []struct {
		name, method, path, media, body string
		unsigned                        bool
		status                          int
	}{
		{"unsigned command", "POST", "/slack/commands", formType, command, true, 401},
		{"unsigned interaction", "POST", "/slack/interactions", formType, click(`{}`), true, 401},
		{"unsigned event", "POST", "/slack/events", "application/json", `{"type":"url_verification","challenge":"x"}`, true, 401},
		{"unsigned options", "POST", "/slack/options", formType, click(`{}`), true, 401},
		{"unsigned ssl_check", "POST", "/slack/commands", formType, "ssl_check=1", true, 401},
		{"GET", "GET", "/slack/commands", formType, "", false, 405},
		{"PUT", "PUT", "/slack/events", "application/json", "{}", false, 405},
		{"JSON to commands", "POST", "/slack/commands", "application/json", `{"command":"/unlock"}`, false, 415},
		{"a form to events", "POST", "/slack/events", formType, command, false, 415},
		{"no content type", "POST", "/slack/commands", "", command, false, 415},
		{"1 MiB and a byte", "POST", "/slack/commands", formType, strings.Repeat("a", maxBody+1), false, 413},
		{"1 MiB and a byte, unsigned", "POST", "/slack/interactions", formType, strings.Repeat("a", maxBody+1), true, 413},
		{"empty command", "POST", "/slack/commands", formType, "", false, 400},
		{"no command", "POST", "/slack/commands", formType, "team_id=T0PLAY&user_id=U_DANA", false, 400},
		{"no team", "POST", "/slack/commands", formType, "command=%2Funlock&user_id=U_DANA", false, 400},
		{"no user", "POST", "/slack/commands", formType, "command=%2Funlock&team_id=T0PLAY", false, 400},
		{"no trigger", "POST", "/slack/commands", formType, "command=%2Funlock&team_id=T0PLAY&user_id=U_DANA", false, 400},
		{"two commands", "POST", "/slack/commands", formType, command + "&command=%2Funlock", false, 400},
		{"two users", "POST", "/slack/commands", formType, command + "&user_id=U_MEI", false, 400},
		{"bad escape", "POST", "/slack/commands", formType, command + "&x=%zz", false, 400},
		{"semicolon", "POST", "/slack/commands", formType, command + ";text=x", false, 400},
		{"not UTF-8", "POST", "/slack/commands", formType, command + "&x=%ff", false, 400},
		{"no payload", "POST", "/slack/interactions", formType, "x=1", false, 400},
		{"empty payload", "POST", "/slack/interactions", formType, "payload=", false, 400},
		{"two payloads", "POST", "/slack/interactions", formType, click(`{"type":"x","user":{"id":"U1"}}`) + "&payload=1", false, 400},
		{"payload no JSON", "POST", "/slack/interactions", formType, click(`{"type":`), false, 400},
		{"payload a list", "POST", "/slack/interactions", formType, click(`[]`), false, 400},
		{"payload null", "POST", "/slack/interactions", formType, click(`null`), false, 400},
		{"payload without user", "POST", "/slack/interactions", formType, click(`{"type":"block_actions"}`), false, 400},
		{"user no id", "POST", "/slack/interactions", formType, click(`{"type":"block_actions","user":{"id":"<@U1>"}}`), false, 400},
		{"no action", "POST", "/slack/interactions", formType, click(`{"type":"block_actions","user":{"id":"U_DANA"}}`), false, 400},
		{"row that is no number", "POST", "/slack/interactions", formType, click(`{"type":"block_actions","user":{"id":"U_DANA"},
			"actions":[{"action_id":"latchkey:unlock::0"}],"view":{"id":"V1","private_metadata":"t","state":{"values":
			{"ch:accounts:":{"v":{"selected_options":[{"value":"-1"}]}}}}}}`), false, 400},
		{"options no JSON", "POST", "/slack/options", formType, click(`{`), false, 400},
		{"event no JSON", "POST", "/slack/events", "application/json", `{`, false, 400},
		{"event without type", "POST", "/slack/events", "application/json", `{}`, false, 400},
	}
	s := begin(t, nil)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			header := http.Header{}
			if !c.unsigned {
				header = s.signed([]byte(c.body))
			}
			w := s.post(c.method, c.path, c.media, []byte(c.body), header)
			if w.Code != c.status {
				t.Errorf("status %d, want %d: %s", w.Code, c.status, w.Body)
			}
		})
	}
	if n := s.gate.count(); n != 0 {
		t.Errorf("%d keys are remembered of refused requests", n)
	}
	if got := s.kinds(); len(got) != 0 || len(s.ws.Calls()) != 0 {
		t.Errorf("refused requests reached the desk (%v) or Slack (%v)", got, s.ws.Calls())
	}
}

func TestAReplayIsRefused(t *testing.T) {
	s := begin(t, nil)
	ctx := t.Context()
	req, err := s.ws.CommandRequest("U_DANA", "", "/unlock mei")
	s.must(err)
	for i, want := range []int{200, 401, 401} {
		x, err := s.ws.Send(ctx, req)
		s.must(err)
		if x.Status != want {
			t.Errorf("delivery %d: %s, want %d", i+1, x, want)
		}
	}
	again := req.Clone() // the same click in an envelope of its own
	s.clock.pass(time.Second)
	s.ws.Sign(&again)
	x, err := s.ws.Send(ctx, again)
	s.must(err)
	if x.Status != 200 {
		t.Errorf("the same command signed anew: %s", x)
	}
	stale := req.Clone()
	playground.SignWith(&stale, s.ws.SigningSecret(), s.clock.Now().Add(-6*time.Minute))
	x, err = s.ws.Send(ctx, stale)
	s.must(err)
	if x.Status != 401 {
		t.Errorf("a stale command: %s", x)
	}
	_, err = s.ws.As("U_DANA").Modal("not passed yet")
	s.must(err)
	if got := s.kinds(); len(got) != 1 {
		t.Errorf("one command reached the desk as %v", got)
	}
}

func TestTwoSecretsDuringRotation(t *testing.T) {
	s := begin(t, nil)
	req, err := s.ws.CommandRequest("U_DANA", "", "/unlock help")
	s.must(err)
	playground.SignWith(&req, otherSecret, s.clock.Now())
	x, err := s.ws.Send(t.Context(), req)
	s.must(err)
	if x.Status != 200 {
		t.Errorf("signed with the second secret: %s", x)
	}
	playground.SignWith(&req, "a third", s.clock.Now())
	if x, err = s.ws.Send(t.Context(), req); err != nil || x.Status != 401 {
		t.Errorf("signed with neither: %s, %v", x, err)
	}
}

func TestSlacksOwnChecks(t *testing.T) {
	s := begin(t, nil)
	x, err := s.ws.Send(t.Context(), s.ws.SSLCheckRequest())
	if err != nil || x.Status != 200 {
		t.Errorf("ssl_check: %s, %v", x, err)
	}
	if w := s.post("GET", "/slack/commands?ssl_check=1&token=x", "", nil, http.Header{}); w.Code != 200 {
		t.Errorf("ssl_check by GET: %d", w.Code)
	}
	req, err := s.ws.URLVerificationRequest("a <challenge>")
	s.must(err)
	if x, err = s.ws.Send(t.Context(), req); err != nil || x.Status != 200 || !strings.Contains(string(x.Answer), "challenge") {
		t.Errorf("url_verification: %s %s, %v", x, x.Answer, err)
	}
}

func TestEventsAreAcknowledgedOnce(t *testing.T) {
	s := begin(t, nil)
	req, err := s.ws.EventRequest("U_DANA", map[string]any{"type": "something_new", "user": "U_DANA"})
	s.must(err)
	for n, want := range []int{200, 401} {
		if x, err := s.ws.Send(t.Context(), req); err != nil || x.Status != want {
			t.Errorf("delivery %d: %s, %v, want %d", n+1, x, err, want)
		}
	}
	s.clock.pass(time.Minute)
	if x, err := s.ws.Send(t.Context(), s.ws.RetryEvent(req, 1)); err != nil || x.Status != 200 {
		t.Errorf("Slack's second delivery: %s, %v", x, err)
	}
	if n := s.logs.FilterMessage("slack event that is not used").Len(); n != 1 {
		t.Errorf("one event was taken up %d times", n)
	}
	s.gate.goAway(errors.New("redis is away"))
	s.clock.pass(time.Second)
	if x, err := s.ws.Send(t.Context(), s.ws.RetryEvent(req, 2)); err != nil || x.Status != 503 {
		t.Errorf("an event while Redis is away: %s, %v; want 503, so that Slack sends it again", x, err)
	}
}

// With Redis away nothing is carried out, and everybody is told.
func TestWithoutTheGateNothingIsDone(t *testing.T) {
	s := begin(t, nil)
	who := s.ws.As("U_DANA")
	s.must(who.Say("/unlock"))
	m, err := who.Modal("Who is it?")
	s.must(err)
	_, err = s.bot.Card(t.Context(), dana(), "", pageNamed("card"))
	s.must(err)
	card, err := who.DM().Message("Your case of Mei Lin")
	s.must(err)
	s.gate.goAway(bot.E(bot.Unavailable, "ask redis", errors.New("connection refused")))

	s.must(who.Say("/unlock mei"))
	note, err := who.DM().Message("cannot reach its memory (Redis)", "Try again")
	s.must(err)
	if !note.Ephemeral() {
		t.Error("the note is there for everyone")
	}
	s.must(card.Click("Continue"))
	s.until("the click on the card is answered", func() bool { return strings.Count(who.DM().Text(), "cannot reach its memory") == 2 })
	s.must(m.Type("Who is it?", "lin"))
	s.must(m.Submit())
	over, err := who.Modal("cannot reach its memory")
	s.must(err)
	s.must(over.Close())
	_, err = who.Modal("Who is it?") // and what was typed is still there
	s.must(err)
	if got := s.kinds(); len(got) != 1 {
		t.Errorf("events without the gate: %v", got)
	}
	s.good()

	s.gate.goAway(nil)
	s.must(m.Submit())
	s.must(m.Until("1 to 5 of 5 found"))
}

func TestAClickWithoutTheGateIsToldOverTheDialog(t *testing.T) {
	s := begin(t, nil)
	who := s.ws.As("U_DANA")
	s.must(who.Say("/unlock mei"))
	m, err := who.Modal("not passed yet")
	s.must(err)
	s.gate.goAway(errors.New("redis is away"))
	s.must(m.Click("Skip"))
	_, err = who.Modal("cannot reach its memory")
	s.must(err)
	s.good()
}

func TestAnActionThatNoPageHasOfferedIsIgnored(t *testing.T) {
	for _, id := range []string{"", "approve", "latchkey:begin_author::0", "latchkey:closed::0", "latchkey:unlock:fingerprint:0", "latchkey:pick::-1",
		"latchkey:pick::01", "latchkey:pick::999999999", "latchkey:unlock", "other:unlock::0"} {
		if act, ok := readAction(id); ok {
			t.Errorf("%q is taken as %+v", id, act)
		}
	}
	s := begin(t, nil)
	body := url.Values{"payload": {`{"type":"block_actions","team":{"id":"T0PLAY"},"user":{"id":"U_DANA","team_id":"T0PLAY"},"trigger_id":"1",
		"actions":[{"action_id":"latchkey:begin_author::0"}],"view":{"id":"V1","private_metadata":"t"}}`}}.Encode()
	if w := s.post("POST", "/slack/interactions", formType, []byte(body), s.signed([]byte(body))); w.Code != 200 || w.Body.Len() > 0 {
		t.Errorf("answered %d %q, want an empty 200", w.Code, w.Body)
	}
	if s.gate.count() != 0 || len(s.kinds()) != 0 {
		t.Error("it was taken up")
	}
}

// A crash is a 500 with a number that the log has too, and nothing else.
func TestACrashIsAnsweredWithAReference(t *testing.T) {
	s := begin(t, nil)
	s.bot.gate = nil
	body := []byte("command=%2Funlock&team_id=T0PLAY&user_id=U_DANA&trigger_id=1")
	w := s.post("POST", "/slack/commands", formType, body, s.signed(body))
	entries := s.logs.FilterMessage("slack request crashed").All()
	if w.Code != 500 || len(entries) != 1 {
		t.Fatalf("status %d and %d lines in the log", w.Code, len(entries))
	}
	text, _ := io.ReadAll(w.Body)
	if ref, _ := entries[0].ContextMap()["reference"].(string); ref == "" || !strings.Contains(string(text), ref) {
		t.Errorf("the answer %q lacks the reference %q", text, ref)
	}
	if n := s.bot.work.Taken(); n != 0 {
		t.Errorf("%d places are still booked", n)
	}
}

func TestWhenThereIsNoRoomThePersonIsTold(t *testing.T) {
	s := begin(t, func(_ *playground.Options, c *Config) { c.Workers, c.Queue = 1, 1 })
	release := make(chan struct{})
	s.desk.answers(func(ctx context.Context, ev flows.Event) (flows.Page, error) {
		<-release
		return walk(ctx, ev)
	})
	dana, mei := s.ws.As("U_DANA"), s.ws.As("U_MEI")
	s.must(dana.Say("/unlock mei"))
	_, err := dana.Modal("Looking up")
	s.must(err)
	s.must(dana.Say("/unlock lin"))
	s.must(mei.Say("/unlock dana"))
	_, err = mei.DM().Message("busy with many requests")
	s.must(err)
	close(release)
	_, err = dana.Modal("not passed yet")
	s.must(err)
	s.good()
}

// A form for which there was no room can be sent once more as it is.
func TestAFormForWhichThereWasNoRoom(t *testing.T) {
	s := begin(t, func(_ *playground.Options, c *Config) { c.Workers, c.Queue = 1, 1 })
	dana, mei := s.ws.As("U_DANA"), s.ws.As("U_MEI")
	s.must(mei.Say("/unlock"))
	m, err := mei.Modal("Who is it?")
	s.must(err)
	s.must(m.Type("Who is it?", "lin"))
	release := make(chan struct{})
	s.desk.answers(func(ctx context.Context, ev flows.Event) (flows.Page, error) {
		<-release
		return walk(ctx, ev)
	})
	s.must(dana.Say("/unlock mei"))
	_, err = dana.Modal("Looking up")
	s.must(err)
	s.must(dana.Say("/unlock lin"))
	s.must(m.Submit())
	over, err := mei.Modal("busy with many requests")
	s.must(err)
	close(release)
	s.until("there is room", func() bool { return s.bot.work.Taken() == 0 })
	s.must(over.Close())
	s.must(m.Submit())
	s.must(m.Until("1 to 5 of 5 found"))
	s.good()
}

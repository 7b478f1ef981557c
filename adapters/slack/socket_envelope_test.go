package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/zap"
	"pgregory.net/rapid"

	"latchkey/adapters/playground"
	"latchkey/flows"
)

// The workers stall for a while: everybody waits, nobody is turned away, and
// each is served once.
func TestSocketConsumerStalls(t *testing.T) {
	s := set(t, func(_ *playground.Options, c *Config) { c.Workers, c.Queue = 4, 4 })
	s.hurried()
	release := make(chan struct{})
	s.desk.answers(func(ctx context.Context, ev flows.Event) (flows.Page, error) {
		<-release
		return walk(ctx, ev)
	})
	s.serve()
	s.connected(2)
	const many = 16
	var all sync.WaitGroup
	for range many {
		req, err := s.ws.CommandRequest("U_DANA", "", "/unlock mei")
		s.must(err)
		all.Go(func() {
			if x, err := s.ws.Deliver(t.Context(), req); err != nil || x.Failure != "" || x.Took > 2*time.Second {
				t.Errorf("%s, %v", x, err)
			}
		})
	}
	s.until("the queue is full", func() bool { return s.bot.work.Taken() == 8 })
	close(release)
	all.Wait()
	s.until("all are served", func() bool { return s.bot.work.Taken() == 0 })
	events := map[string]bool{}
	for _, ev := range s.desk.seen() {
		events[ev.ID] = true
	}
	if len(events) != many || len(s.desk.seen()) != many {
		t.Errorf("%d commands were served %d times, not %d", len(events), len(s.desk.seen()), many)
	}
	if strings.Contains(s.ws.As("U_DANA").DM().Text(), "busy") {
		t.Error("somebody was turned away")
	}
	s.good()
}

// The workers stall for longer than Slack waits: whoever can be told is told,
// and what nobody can be told of is not acknowledged, so that Slack sends it
// again; then it counts, once.
func TestSocketConsumerStallsForLong(t *testing.T) {
	s := set(t, func(o *playground.Options, c *Config) {
		c.Workers, c.Queue, o.AnswerWithin = 1, 1, 2*time.Second
	})
	s.hurried()
	s.serve()
	s.connected(2)
	dana, mei := s.ws.As("U_DANA"), s.ws.As("U_MEI")
	s.must(mei.Say("/unlock lin"))
	open, err := mei.Modal("not passed yet")
	s.must(err)
	s.until("there is room", func() bool { return s.bot.work.Taken() == 0 })
	release := make(chan struct{})
	s.desk.answers(func(ctx context.Context, ev flows.Event) (flows.Page, error) {
		<-release
		return walk(ctx, ev)
	})
	s.must(dana.Say("/unlock mei"))
	_, err = dana.Modal("Looking up")
	s.must(err)
	s.must(dana.Say("/unlock lin"))
	s.must(dana.Say("/unlock finn"))
	_, err = dana.DM().Message("busy with many requests")
	s.must(err)
	if err := open.Close(); err == nil {
		t.Error("the closed dialog is acknowledged though there is no room for it")
	}
	close(release)
	closed := func() (n int) {
		for _, k := range s.kinds() {
			if k == flows.Closed {
				n++
			}
		}
		return n
	}
	s.until("Slack has sent it again", func() bool { return closed() == 1 })
	s.until("there is room", func() bool { return s.bot.work.Taken() == 0 })
	if closed() != 1 {
		t.Errorf("it counts %d times", closed())
	}
}

// One envelope, as often and on as many connections as it comes, acts once,
// and is acknowledged each time.
func TestSocketReplayedEnvelopeActsOnce(t *testing.T) {
	s := begin(t, nil)
	s.connected(2)
	who := s.ws.As("U_DANA")
	req, err := s.ws.CommandRequest("U_DANA", "", "/unlock mei")
	s.must(err)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() { s.sent(req, "") })
	}
	all.Wait()
	m, err := who.Modal("not passed yet")
	s.must(err)
	click, err := m.ClickRequest("Skip")
	s.must(err)
	for range 3 {
		s.sent(click, "")
	}
	s.must(m.Until("Accounts to unlock"))
	help, err := s.ws.CommandRequest("U_DANA", "", "/unlock help")
	s.must(err)
	for range 3 { // the first may have been lost: it is said each time
		s.sent(help, "goes straight to the person")
	}
	event, err := s.ws.EventRequest("U_DANA", map[string]any{"type": "something_new", "user": "U_DANA"})
	s.must(err)
	for n := range 3 {
		s.sent(s.ws.RetryEvent(event, n), "")
	}
	if n := s.logs.FilterMessage("slack event that is not used").Len(); n != 1 {
		t.Errorf("one event was taken up %d times", n)
	}
	if got := s.kinds(); len(got) != 2 {
		t.Errorf("the desk saw %v", got)
	}
	s.good()
}

// sent sends a request and demands an acknowledgement that says words.
func (s *stage) sent(r playground.Request, words string) {
	s.t.Helper()
	x, err := s.ws.Send(s.t.Context(), r)
	if err != nil || x.Status != 200 || !strings.Contains(string(x.Answer), words) || words == "" && len(x.Answer) > 0 {
		s.t.Errorf("%s, %v: %s", x, err, x.Answer)
	}
}

// A form that comes again on another replica shows its result, whichever
// acknowledgement Slack takes.
func TestSocketReplayedOnAnotherReplica(t *testing.T) {
	s := set(t, nil)
	s.hurried()
	s.serve()
	s.connected(2)
	other := *s
	cfg := s.bot.cfg
	var err error
	other.bot, err = New(cfg, s.desk, s.gate, zap.NewNop(), s.clock.Now)
	s.must(err)
	other.hurried()
	other.serve()
	s.connected(4)
	s.desk.answers(func(ctx context.Context, ev flows.Event) (flows.Page, error) {
		if ev.Kind == flows.Look { // the other replica asks what stands
			return pageNamed("pick"), nil
		}
		return walk(ctx, ev)
	})
	who := s.ws.As("U_DANA")
	for range 4 {
		s.must(who.Say("/unlock"))
		m, err := who.Modal("Unlock account", "Who is it?")
		s.must(err)
		s.must(m.Type("Who is it?", "lin"))
		req, err := m.SubmitRequest()
		s.must(err)
		for range 5 {
			x, err := s.ws.Deliver(t.Context(), req)
			if err != nil || x.Failure != "" {
				t.Errorf("%s, %v", x, err)
			}
		}
		s.must(m.Until("1 to 5 of 5 found"))
	}
	searches := func() map[string]int {
		n := map[string]int{}
		for _, ev := range s.desk.seen() {
			if ev.Kind == flows.Search {
				n[ev.ID]++
			}
		}
		return n
	}
	// One may wait behind those who only look whether a result is there.
	s.until("each form is carried out", func() bool { return len(searches()) == 4 })
	for id, n := range searches() {
		if n != 1 {
			t.Errorf("search %s was carried out %d times", id, n)
		}
	}
	s.good()
}

// A menu's options travel in the acknowledgement, each time they are asked for.
func TestSocketOptions(t *testing.T) {
	s := begin(t, nil)
	form := url.Values{"payload": {`{"type":"block_suggestion","user":{"id":"U_DANA"},"action_id":"x","value":"me"}`}}.Encode()
	req := playground.Request{Kind: "block_suggestion", User: "U_DANA", Path: "/slack/options", Header: http.Header{}, Body: []byte(form)}
	s.ws.Sign(&req)
	for range 2 {
		s.sent(req, `{"options":[]}`)
	}
	s.good()
}

// What Slack would drop without a word is not sent.
func TestSocketAcknowledgementThatIsTooLarge(t *testing.T) {
	s := begin(t, nil)
	f := frame{EnvelopeID: "e", Accepts: true}
	if got := s.bot.ackOf(f, response{Text: strings.Repeat("x", maxAck)}); got != nil {
		t.Errorf("%d bytes are sent", len(got))
	}
	if s.logs.FilterMessage("slack acknowledgement is larger than Slack takes").Len() != 1 {
		t.Error("the log says nothing of it")
	}
	f.Accepts = false
	if got := string(s.bot.ackOf(f, response{Text: "x"})); got != `{"envelope_id":"e"}` {
		t.Errorf("%s is sent where Slack takes no payload", got)
	}
}

// A command reads the same by HTTP and by Socket Mode.
func TestSocketCommandsReadAlike(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		fields := rapid.MapOf(rapid.SampledFrom([]string{"command", "text", "user_id", "team_id", "enterprise_id", "trigger_id",
			"response_url", "ssl_check", "is_ext_shared_channel", "token"}), rapid.String()).Draw(t, "fields")
		form := url.Values{}
		for key, v := range fields {
			form.Set(key, v)
		}
		data, err := json.Marshal(fields)
		if err != nil {
			t.Fatal(err)
		}
		body, err := commandForm(data)
		if err != nil {
			t.Fatal(err)
		}
		want, wrong := readCommand([]byte(form.Encode()))
		got, err := readCommand(body)
		if want != got || (wrong == nil) != (err == nil) {
			t.Fatalf("%+v, %v; by HTTP %+v, %v", got, err, want, wrong)
		}
	})
}

// A line never waits less than a second between two that failed, nor much
// longer than its bound, and forgets once a connection has held.
func TestSocketPauses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var p pauses
		for range rapid.IntRange(1, 200).Draw(t, "failures") {
			why := departure{asked: rapid.Bool().Draw(t, "asked")}
			wait := p.next(why, rapid.Custom(func(t *rapid.T) time.Duration {
				return time.Duration(rapid.Int64Range(0, int64(steady)-1).Draw(t, "ns"))
			}).Draw(t, "lived"), rapid.Float64Range(0, 1).Draw(t, "jitter"))
			longest := longestFailed
			if why.asked {
				longest = longestAsked
			}
			if wait < openEvery || wait > longest*3/2 {
				t.Fatalf("it waits %s", wait)
			}
		}
		if wait := p.next(departure{}, steady, 1); wait != 0 {
			t.Fatalf("after a connection that held it waits %s", wait)
		}
		if wait := p.next(departure{}, 0, 0); wait != openEvery {
			t.Fatalf("after the first failure it waits %s", wait)
		}
	})
}

// Whatever comes by a connection: no panic, one acknowledgement at most, and
// none of another envelope.
func FuzzSocketFrame(f *testing.F) {
	for _, seed := range []string{
		`{"type":"slash_commands","envelope_id":"1","accepts_response_payload":true,"payload":{"command":"/unlock","text":"help","user_id":"U1","team_id":"T0PLAY","trigger_id":"1"}}`,
		`{"type":"interactive","envelope_id":"2","payload":{"type":"block_actions","user":{"id":"U1"},"trigger_id":"1","actions":[{"action_id":"latchkey:skip::0"}],"view":{"id":"V","private_metadata":"t"}}}`,
		`{"type":"interactive","envelope_id":"3","payload":{"type":"block_suggestion","user":{"id":"U1"}}}`,
		`{"type":"events_api","envelope_id":"4","payload":{"type":"event_callback","event_id":"Ev1","event":{"type":"app_home_opened"}},"retry_attempt":1,"retry_reason":"timeout"}`,
		`{"type":"new","envelope_id":"5","payload":[1,2]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var in frame
		if json.Unmarshal(data, &in) != nil || in.EnvelopeID == "" {
			return
		}
		// One of its own for each input: nobody carries out the work.
		a, err := New(Config{BotToken: "xoxb-1", AppToken: "xapp-1", Workspace: "T0PLAY", AuditChannel: "C0", APIURL: "http://127.0.0.1:1/api/"},
			&desk{answer: walk}, &gate{seen: map[string]bool{}}, zap.NewNop(), time.Now)
		if err != nil {
			t.Fatal(err)
		}
		var sent []string
		a.take(t.Context(), in, func(ack []byte) error { sent = append(sent, string(ack)); return nil })
		if len(sent) > 1 {
			t.Fatalf("acknowledged with %q", sent)
		}
		for _, ack := range sent {
			var got acknowledgement
			if err := json.Unmarshal([]byte(ack), &got); err != nil || got.EnvelopeID != in.EnvelopeID {
				t.Fatalf("acknowledged with %s, %v", fmt.Sprint(ack), err)
			}
		}
	})
}

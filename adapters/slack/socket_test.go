package slack

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"latchkey/adapters/playground"
	"latchkey/bot"
	"latchkey/flows"
)

// opens are the times at which connections were asked for.
func (s *stage) opens() []time.Time {
	var at []time.Time
	for _, c := range s.ws.Calls() {
		if c.Method == "apps.connections.open" {
			at = append(at, c.At)
		}
	}
	return at
}

// connected waits until so many connections stand.
func (s *stage) connected(n int) []*playground.Socket {
	s.t.Helper()
	s.until(fmt.Sprintf("%d connections", n), func() bool { return len(s.ws.Sockets()) == n })
	return s.ws.Sockets()
}

// quick makes time pass where the adapter waits, so that a thousand pauses
// take none.
func (s *stage) quick() {
	s.bot.socket.wait = func(ctx context.Context, d time.Duration) bool {
		s.clock.pass(max(d, 0))
		return ctx.Err() == nil
	}
}

// hurried makes the adapter's second take 20 ms.
func (s *stage) hurried() {
	s.bot.socket.wait = func(ctx context.Context, d time.Duration) bool {
		s.clock.pass(max(d, 0))
		return pause(ctx, d/50)
	}
}

// A thousand disconnects in a row are a thousand connections in more than a
// thousand seconds, on one line and on two.
func TestSocketDisconnectsInARow(t *testing.T) {
	for _, lines := range []int{1, 2} {
		for _, reason := range []string{"refresh_requested", "warning", "too_many_websockets"} {
			t.Run(fmt.Sprintf("%s on %d", reason, lines), func(t *testing.T) {
				s := set(t, nil)
				s.quick()
				s.bot.socket.lines = lines
				s.ws.DisconnectNext(reason, 1000)
				begun := s.clock.Now()
				s.serve()
				s.within(30*time.Second, "the storm is over", func() bool { return len(s.opens()) > 1000 && len(s.ws.Sockets()) == lines })
				at := s.opens()
				if took := at[len(at)-1].Sub(begun); took < time.Duration(len(at)-1)*time.Second {
					t.Errorf("%d connections were opened in %s", len(at), took)
				}
				for i := 1; i < len(at) && lines == 1; i++ {
					if gap := at[i].Sub(at[i-1]); gap < time.Second {
						t.Fatalf("connection %d was opened %s after the one before", i+1, gap)
					}
				}
				who := s.ws.As("U_DANA")
				s.must(who.Say("/unlock mei"))
				_, err := who.Modal("not passed yet")
				s.must(err)
				s.good()
			})
		}
	}
}

// The same by the clock on the wall.
func TestSocketDisconnectsByTheWallClock(t *testing.T) {
	s := set(t, nil)
	s.bot.socket.now = time.Now
	s.ws.DisconnectNext("refresh_requested", 1000)
	begun := time.Now()
	s.serve()
	s.until("four connections were asked for", func() bool { return len(s.opens()) >= 4 })
	if took := time.Since(begun); took < 3*time.Second {
		t.Errorf("four connections in %s", took)
	}
}

// Whatever Slack says of the token or the app that only an administrator can
// change ends it, with a sentence, and nothing is tried any more.
func TestSocketEndsForGood(t *testing.T) {
	for code, mend := range map[string]string{
		"invalid_auth": "xapp-", "not_authed": "xapp-", "token_revoked": "xapp-", "token_expired": "xapp-", "not_allowed_token_type": "xapp-",
		"missing_scope": "connections:write", "account_inactive": "administrator", "link_disabled": "Turn Socket Mode on",
	} {
		t.Run(code, func(t *testing.T) {
			s := set(t, nil)
			s.quick()
			s.ws.Fail("apps.connections.open", playground.Refusing(code), -1)
			s.serve()
			s.ended(code, mend)
		})
	}
	t.Run("revoked while connected", func(t *testing.T) {
		s := set(t, nil)
		s.hurried()
		s.serve()
		s.connected(2)
		s.must(s.bot.Ready())
		s.ws.RevokeAppToken()
		s.ended("token_revoked", "xapp-")
	})
	t.Run("link disabled while connected", func(t *testing.T) {
		s := set(t, nil)
		s.hurried()
		s.serve()
		s.must(s.connected(2)[0].Disconnect("link_disabled"))
		s.ended("link_disabled", "Turn Socket Mode on")
		if n := len(s.opens()); n != 2 {
			t.Errorf("%d connections were asked for", n)
		}
	})
}

// ended waits for the end and looks at what is said of it.
func (s *stage) ended(code, mend string) {
	s.t.Helper()
	const sentence = "slack has ended socket mode: nobody is served in Slack until this is mended and Latchkey is started again"
	s.until("the end is logged", func() bool { return s.logs.FilterMessage(sentence).Len() > 0 })
	s.connected(0)
	opens := len(s.opens())
	err := s.bot.Ready()
	if text := bot.TextOf(err); bot.KindOf(err) != bot.Unavailable || !strings.Contains(text, code) || !strings.Contains(text, mend) {
		s.t.Errorf("readiness says %v", err)
	}
	if n := s.logs.FilterMessage(sentence).Len(); n != 1 {
		s.t.Errorf("the end is logged %d times", n)
	}
	fields := s.logs.FilterMessage(sentence).All()[0].ContextMap()
	if fields["reason"] != code || !strings.Contains(fmt.Sprint(fields["mend"]), mend) {
		s.t.Errorf("the log says %v", fields)
	}
	if opens != len(s.opens()) || opens > 3 {
		s.t.Errorf("%d connections were asked for", opens)
	}
	for _, line := range s.logs.All() {
		if text := fmt.Sprint(line.Message, line.ContextMap()); strings.Contains(text, s.ws.AppToken()) || strings.Contains(text, "ticket") {
			s.t.Errorf("a secret is in the log: %s", text)
		}
	}
}

// What passes is tried again, less and less often, and as Slack asks.
func TestSocketTriesAgain(t *testing.T) {
	for name, f := range map[string]playground.Fault{
		"internal_error": playground.Refusing("internal_error"), "no reason": playground.Refusing("-"), "500": playground.Failing(http.StatusInternalServerError),
		"cut": {Drop: true}, "rate": playground.RateLimited(90 * time.Second),
	} {
		t.Run(name, func(t *testing.T) {
			s := set(t, nil)
			s.quick()
			s.bot.socket.lines = 1
			s.ws.Fail("apps.connections.open", f, 6)
			s.serve()
			s.connected(1)
			s.until("it is ready", func() bool { return s.bot.Ready() == nil })
			at := s.opens()
			if len(at) != 7 {
				t.Fatalf("%d connections were asked for, not 7", len(at))
			}
			least := 16 * time.Second
			if f.RetryAfter > 0 {
				least = f.RetryAfter
			}
			if gap := at[5].Sub(at[4]); gap < least {
				t.Errorf("after five failures it waited %s", gap)
			}
		})
	}
}

// One connection breaks while something that came by it is being looked at:
// it is carried out once, and what was to be said is said.
func TestSocketIsCutWithSomethingOnIt(t *testing.T) {
	s := set(t, nil)
	s.hurried()
	s.serve()
	s.connected(2)
	for _, line := range []string{"/unlock mei", "/unlock help"} {
		held := s.gate.hold()
		who := s.ws.As("U_DANA")
		said := make(chan error, 1)
		go func() { said <- who.Say(line) }()
		<-held.came
		for _, c := range s.ws.Sockets() {
			if c.Busy() {
				c.Cut()
			}
		}
		held.release()
		s.must(<-said)
	}
	_, err := s.ws.As("U_DANA").Modal("not passed yet")
	s.must(err)
	_, err = s.ws.As("U_DANA").DM().Message("/unlock mei goes straight to the person")
	s.must(err)
	if got := s.kinds(); len(got) != 1 {
		t.Errorf("the desk saw %v", got)
	}
	s.connected(2)
	s.good()
}

// Nothing comes through a connection, and it does not break: it is found dead
// and replaced.
func TestSocketIsDead(t *testing.T) {
	s := set(t, nil)
	s.hurried()
	s.bot.socket.ping, s.bot.socket.dead = 50*time.Millisecond, 300*time.Millisecond
	s.serve()
	for _, c := range s.connected(2) {
		c.Freeze()
	}
	s.until("two others stand", func() bool {
		all := s.ws.Sockets()
		return len(all) == 2 && all[0].Number() > 2 && all[1].Number() > 2
	})
	who := s.ws.As("U_DANA")
	s.must(who.Say("/unlock mei"))
	_, err := who.Modal("not passed yet")
	s.must(err)
	s.good()
}

// A connection that Slack wants replaced serves until the next one stands.
func TestSocketServesUntilItsSuccessorStands(t *testing.T) {
	s := set(t, nil)
	s.hurried()
	s.bot.socket.lines = 1
	s.serve()
	old := s.connected(1)[0]
	s.ws.Fail("apps.connections.open", playground.Failing(http.StatusBadGateway), 2)
	s.must(old.Disconnect("warning"))
	s.until("the next one was tried", func() bool { return len(s.opens()) >= 2 })
	who := s.ws.As("U_DANA")
	s.must(who.Say("/unlock mei"))
	_, err := who.Modal("not passed yet")
	s.must(err)
	s.must(s.bot.Ready())
	s.until("another stands alone", func() bool {
		all := s.ws.Sockets()
		return len(all) == 1 && all[0].Number() > old.Number()
	})
	s.good()
}

// The end comes promptly, finishes what came, and leaves nothing running.
func TestSocketEndsWithItsContext(t *testing.T) {
	s := set(t, nil)
	s.hurried()
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { s.must(s.bot.Run(ctx)) })
	s.connected(2)
	held := s.gate.hold()
	who := s.ws.As("U_DANA")
	said := make(chan error, 1)
	go func() { said <- who.Say("/unlock mei") }()
	<-held.came
	begun := time.Now()
	stop()
	held.release()
	s.must(<-said)
	running.Wait()
	if took := time.Since(begun); took > 2*time.Second {
		t.Errorf("it took %s to end", took)
	}
	if got := s.kinds(); len(got) != 1 {
		t.Errorf("the desk saw %v", got)
	}
	s.connected(0)
	s.good()
}

// What no Slack sends harms nothing.
func TestSocketFramesThatNobodyKnows(t *testing.T) {
	s := set(t, nil)
	s.hurried()
	s.serve()
	for _, c := range s.connected(2) {
		for _, text := range []string{"", "{", "null", "[]", `"x"`, `{"type":"hello","num_connections":2}`, `{"type":"interactive","payload":{}}`,
			`{"type":7}`, `{"type":"slash_commands","envelope_id":"","payload":{}}`, `{"envelope_id":{}}`} {
			s.must(c.Write(text))
		}
	}
	who := s.ws.As("U_DANA")
	for range 4 {
		s.must(who.Say("/unlock mei"))
		_, err := who.Modal("not passed yet")
		s.must(err)
	}
	if n := len(s.opens()); n != 2 {
		t.Errorf("%d connections were asked for", n)
	}
	s.good()
}

// Nothing is to be called in Socket Mode.
func TestSocketServesNoHTTP(t *testing.T) {
	s := begin(t, nil)
	body := []byte("command=%2Funlock&text=help&team_id=T0PLAY&user_id=U_DANA&trigger_id=1.2.3&response_url=")
	for _, path := range []string{"/slack/commands", "/slack/interactions", "/slack/events", "/slack/options"} {
		if w := s.post("POST", path, formType, body, s.signed(body)); w.Code != http.StatusNotFound {
			t.Errorf("%s answers %d", path, w.Code)
		}
	}
}

// The acknowledgement goes out in time whatever Redis and the desk do.
func TestSocketAcknowledgesInTime(t *testing.T) {
	s := begin(t, nil)
	release := make(chan struct{})
	defer close(release)
	s.desk.answers(func(ctx context.Context, ev flows.Event) (flows.Page, error) {
		<-release
		return walk(ctx, ev)
	})
	s.bot.showLate = 100 * time.Millisecond
	who := s.ws.As("U_DANA")
	s.must(who.Say("/unlock mei"))
	_, err := who.Modal("This takes longer than it should")
	s.must(err)
	s.gate.hang()
	s.must(who.Say("/unlock mei"))
	_, err = who.DM().Message("cannot reach its memory")
	s.must(err)
	for _, x := range s.ws.Exchanges() {
		if x.Took > 2*time.Second || x.Failure != "" {
			t.Errorf("%s", x)
		}
	}
}

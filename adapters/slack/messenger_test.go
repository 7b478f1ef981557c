package slack

import (
	"context"
	"strings"
	"testing"
	"time"

	"latchkey/adapters/chat"
	"latchkey/adapters/playground"
	"latchkey/bot"
	"latchkey/flows"
)

func TestAuditAndDirect(t *testing.T) {
	s := begin(t, nil)
	s.must(s.bot.Audit(t.Context(), pageNamed("audit_applied")))
	s.must(s.bot.Direct(t.Context(), dana(), pageNamed("result_applied")))
	const said = "Dana Reyes unlocked Mei Lin in corp after e-mail and authenticator, "
	audit, err := s.ws.Channel("C_AUDIT").Message(said, "Reason: Called from the sales floor.")
	s.must(err)
	if got := audit.Notification(); !strings.Contains(got, "✅ "+said+"2026-11-02 09:30 UTC, ticket INC-1.") {
		t.Errorf("the notification says %q", got)
	}
	mine, err := s.ws.As("U_DANA").DM().Message(said + "Nov 2, 2026 at 10:30")
	s.must(err)
	if len(mine.Buttons()) != 0 || mine.Ephemeral() {
		t.Error("a result is a plain message")
	}
	s.good()
}

func TestWhoIsNotOnThisChat(t *testing.T) {
	s := begin(t, nil)
	for _, to := range []bot.Chatter{
		{Platform: "slack", Tenant: "T0PLAY", User: "U_NOBODY"}, {Platform: "slack", Tenant: "T0PLAY", User: "U_GONE"},
		{Platform: "slack", Tenant: "T0PLAY", User: "U_ROBOT"}, {Platform: "slack", Tenant: "T_OTHER", User: "U_DANA"},
		{Platform: "teams", Tenant: "T0PLAY", User: "U_DANA"}, {Platform: "slack", Tenant: "T0PLAY"},
	} {
		if err := s.bot.Direct(t.Context(), to, pageNamed("done_applied")); bot.KindOf(err) != bot.NotFound {
			t.Errorf("%s: %v, want not_found", to, err)
		}
	}
}

func TestACardIsChangedInPlace(t *testing.T) {
	s := begin(t, nil)
	ref, err := s.bot.Card(t.Context(), dana(), "", pageNamed("card"))
	s.must(err)
	card, err := s.ws.As("U_DANA").DM().Message("Your case of Mei Lin")
	s.must(err)
	again, err := s.bot.Card(t.Context(), dana(), ref, pageNamed("done_applied"))
	s.must(err)
	s.must(card.Until("Unlocked: Mei Lin"))
	if again != ref || !card.Edited() || len(card.Buttons()) != 0 || strings.Contains(card.Text(), "Your case") {
		t.Errorf("refs %q and %q, edited %v, buttons %v: %s", ref, again, card.Edited(), card.Buttons(), card.Text())
	}
	for _, gone := range []string{"DU_DANA:1.000001", "C_NONE:1.000001", "garbled", ":", "DU_DANA:"} {
		s.clock.pass(2 * time.Second)
		anew, err := s.bot.Card(t.Context(), dana(), gone, pageNamed("card"))
		s.must(err)
		if anew == gone || !strings.HasPrefix(anew, "DU_DANA:") {
			t.Errorf("%q was posted anew as %q", gone, anew)
		}
	}
	s.ws.Fail("chat.update", playground.Failing(500), 1)
	if kept, err := s.bot.Card(t.Context(), dana(), ref, pageNamed("card")); kept != ref || bot.KindOf(err) != bot.Unavailable {
		t.Errorf("Slack away: %q, %v; the card is still the one we had", kept, err)
	}
}

func TestSlackRefusesAMessage(t *testing.T) {
	cases := map[string]struct {
		fault playground.Fault
		want  bot.Kind
	}{
		"429 beyond the deadline": {playground.RateLimited(time.Hour), bot.Throttled},
		"500":                     {playground.Failing(500), bot.Unavailable},
		"404":                     {playground.Failing(404), bot.Internal},
		"cut":                     {playground.Fault{Drop: true}, bot.Unavailable},
		"no reason":               {playground.Refusing("-"), bot.Unavailable},
		"token revoked":           {playground.Refusing("token_revoked"), bot.Internal},
		"not in channel":          {playground.Refusing("not_in_channel"), bot.Denied},
		"hangs":                   {playground.Hanging(), bot.Unavailable},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s := begin(t, nil)
			s.ws.Fail("chat.postMessage", c.fault, -1)
			ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			defer cancel()
			err := s.bot.Audit(ctx, pageNamed("done_applied"))
			if bot.KindOf(err) != c.want {
				t.Errorf("%v, want %s", err, c.want)
			}
			if strings.Contains(err.Error(), s.ws.Token()) {
				t.Errorf("the token is in %v", err)
			}
		})
	}
}

func TestRetryAfterIsHonoured(t *testing.T) {
	s := begin(t, nil)
	s.ws.Fail("chat.postMessage", playground.RateLimited(time.Second), 1)
	began := time.Now()
	s.must(s.bot.Audit(t.Context(), pageNamed("done_applied")))
	if took := time.Since(began); took < time.Second {
		t.Errorf("Slack asked for a second's wait, and was called again after %s", took)
	}
	s.good()
}

// A few at once, then one a second; whoever has no time hears when to come back.
func TestPace(t *testing.T) {
	c := &clock{now: time.Now()}
	p := newPace(c.Now)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for i, want := range []time.Duration{0, 0, 0, time.Second, 2 * time.Second} {
		if got := p.take("C1", ctx); got != want {
			t.Errorf("message %d waits %s, want %s", i+1, got, want)
		}
	}
	if got := p.take("C2", ctx); got != 0 {
		t.Errorf("another channel waits %s", got)
	}
	soon, cancelSoon := context.WithTimeout(t.Context(), time.Second)
	defer cancelSoon()
	for range 2 { // nothing is booked for one who cannot wait
		err := p.wait(soon, "C1")
		if k := bot.KindOf(err); k != bot.Throttled || chat.When(err) != "Try again in 4 seconds." {
			t.Errorf("%v: %s", err, chat.When(err))
		}
	}
	c.pass(10 * time.Second)
	if got := p.take("C1", ctx); got != 0 {
		t.Errorf("after ten seconds a message waits %s", got)
	}
}

var _ flows.Messenger = (*Adapter)(nil)

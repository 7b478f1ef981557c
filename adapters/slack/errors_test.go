package slack

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"latchkey/adapters/chat"
	"latchkey/adapters/playground"
	"latchkey/bot"
	"latchkey/flows"
)

// The one table from a kind of error to what a person reads.
func TestWhatAnErrorSays(t *testing.T) {
	secret := errors.New("dial tcp 10.0.0.1:636: seed JBSWY3DP")
	cases := []struct {
		name string
		err  error
		want string
		back bool // the page leads back into the case
	}{
		{"invalid", bot.E(bot.Invalid, "op", secret), chat.Said(bot.Invalid), true},
		{"not found", bot.E(bot.NotFound, "op", secret), chat.Said(bot.NotFound), false},
		{"denied with words", bot.Ef(bot.Denied, "op", "This role may not."), "This role may not.", false},
		{"conflict", fmt.Errorf("handling: %w", bot.E(bot.Conflict, "op", nil)), chat.Said(bot.Conflict), true},
		{"expired", bot.E(bot.Expired, "op", nil), chat.Said(bot.Expired), false},
		{"throttled", &bot.Error{Kind: bot.Throttled, Text: "Too many codes.", RetryAfter: 150 * time.Second}, "Too many codes. Try again in 3 minutes.", true},
		{"throttled, unknown", bot.E(bot.Throttled, "op", nil), chat.Said(bot.Throttled) + " Try again later.", true},
		{"unavailable", bot.E(bot.Unavailable, "op", secret), chat.Said(bot.Unavailable), true},
		{"unavailable by name", bot.Ef(bot.Unavailable, "op", "The directory corp does not answer."), "The directory corp does not answer.", true},
		{"deadline", fmt.Errorf("asking: %w", context.DeadlineExceeded), chat.Said(bot.Unavailable), true},
		{"no kind", secret, "Something went wrong inside Latchkey. Tell your administrator this reference number: ", true},
		{"internal", bot.Ef(bot.Internal, "op", "inner words"), "Something went wrong inside Latchkey.", true},
	}
	s := begin(t, nil)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			before := s.logs.Len()
			ev := flows.Event{ID: "slack:1", Kind: flows.Verify, Token: "t"}
			got := s.bot.words.Explain(c.err, ev, "U_DANA")
			if !strings.HasPrefix(got, c.want) || strings.Contains(got, "636") || strings.Contains(got, "inner words") {
				t.Errorf("said %q, want %q", got, c.want)
			}
			lines := s.logs.All()[before:]
			if len(lines) != 1 {
				t.Fatalf("%d lines in the log, want one", len(lines))
			}
			if ref, given := lines[0].ContextMap()["reference"].(string); given != strings.Contains(got, "reference number") || given && !strings.Contains(got, ref) {
				t.Errorf("said %q, logged %v", got, lines[0].ContextMap())
			}
			kind := bot.KindOf(c.err)
			if back := strings.Contains(fmt.Sprint(chat.Failure(got, kind, ev).Blocks), "Back to the case") || len(chat.Failure(got, kind, ev).Blocks) == 2; back != c.back {
				t.Errorf("leads back: %v, want %v", back, c.back)
			}
		})
	}
}

// A failure takes the page's place and leads back into the case.
func TestAFailureLeadsBack(t *testing.T) {
	s := begin(t, nil)
	who := s.ws.As("U_DANA")
	s.must(who.Say("/unlock mei"))
	m, err := who.Modal("not passed yet")
	s.must(err)
	s.desk.answers(func(context.Context, flows.Event) (flows.Page, error) {
		return flows.Page{}, bot.Ef(bot.Unavailable, "search", "The directory corp does not answer. Try again in a minute.")
	})
	s.must(m.Click("Skip"))
	s.must(m.Until("The directory corp does not answer"))
	s.desk.answers(walk)
	s.must(m.Click("Back to the case"))
	s.must(m.Until("not passed yet"))
	s.good()
}

func TestACrashOfTheDeskIsAReferenceNumber(t *testing.T) {
	s := begin(t, nil)
	s.desk.answers(func(context.Context, flows.Event) (flows.Page, error) { panic("out of range") })
	who := s.ws.As("U_DANA")
	s.must(who.Say("/unlock mei"))
	m, err := who.Modal("Something went wrong inside Latchkey", "reference number")
	s.must(err)
	ref, _ := s.logs.FilterMessage("event failed").All()[0].ContextMap()["reference"].(string)
	if !strings.Contains(m.Text(), ref) || ref == "" {
		t.Errorf("%q lacks the log's reference %q", m.Text(), ref)
	}
	s.good()
}

func TestAnExpiredTriggerIsExplained(t *testing.T) {
	s := begin(t, nil)
	s.ws.Fail("views.open", playground.Refusing("expired_trigger_id"), 1)
	who := s.ws.As("U_DANA")
	s.must(who.Say("/unlock mei"))
	m, err := who.DM().Message("three seconds", "Type /unlock again")
	s.must(err)
	if !m.Ephemeral() || len(s.kinds()) != 0 {
		t.Errorf("ephemeral %v, events %v", m.Ephemeral(), s.kinds())
	}
	s.good()
}

func TestADialogThatSlackDoesNotOpen(t *testing.T) {
	s := begin(t, nil)
	s.ws.Fail("views.open", playground.Failing(500), 1)
	s.ws.Fail("response_url", playground.Failing(502), 1) // and the note needs two tries
	who := s.ws.As("U_DANA")
	s.must(who.Say("/unlock mei"))
	_, err := who.DM().Message("does not answer")
	s.must(err)
	s.good()
}

func TestAnUpdateIsTriedAgain(t *testing.T) {
	for name, f := range map[string]playground.Fault{"refused": playground.Failing(503), "answer lost": {Lose: true}} {
		t.Run(name, func(t *testing.T) {
			s := begin(t, nil)
			s.ws.Fail("views.update", f, 1)
			who := s.ws.As("U_DANA")
			s.must(who.Say("/unlock mei"))
			_, err := who.Modal("not passed yet")
			s.must(err)
			s.good()
		})
	}
}

// A run with secrets and names in it leaves neither in the log.
func TestTheLogHoldsNothingSecret(t *testing.T) {
	s := begin(t, nil)
	wholeCase(s)
	s.desk.answers(func(context.Context, flows.Event) (flows.Page, error) {
		return flows.Page{}, bot.Ef(bot.Denied, "op", "Mei Lin may not be unlocked.")
	})
	who := s.ws.As("U_DANA")
	s.must(who.Say("/unlock mei"))
	_, err := who.Modal("may not be unlocked")
	s.must(err)
	s.ws.Fail("*", playground.Fault{Drop: true}, -1)
	s.must(who.Say("/unlock lin"))
	s.until("the failure is logged", func() bool { return s.logs.FilterMessage("person could not be told").Len() > 0 })
	for _, line := range s.logs.All() {
		text := fmt.Sprint(line.Message, line.ContextMap())
		for _, secret := range []string{s.ws.Token(), s.ws.SigningSecret(), otherSecret, "c0ffee", "123456", "Mei", "Dana", "dana@", "/commands/", "called from"} {
			if strings.Contains(text, secret) {
				t.Errorf("%q is in the log: %s", secret, text)
			}
		}
	}
}

// wholeCase is a whole case with a code and a reason in it.
func wholeCase(s *stage) {
	s.t.Helper()
	who := s.ws.As("U_DANA")
	s.must(who.Say("/unlock mei"))
	m, err := who.Modal("not passed yet")
	s.must(err)
	s.must(m.Click("Verify authenticator"))
	s.must(m.Until("That code is not right"))
	s.must(m.Type("Code", "123456"))
	s.must(m.Submit())
	s.must(m.Until("Accounts to unlock"))
	s.must(m.Tick("Mei Lin (mei) in corp"))
	s.must(m.Type("Reason", "called from the desk"))
	s.must(m.Submit())
	s.must(m.Until("Unlocked: Mei Lin"))
}

package slack

import (
	"strings"
	"testing"
	"time"

	"latchkey/adapters/playground"
)

// A page that Slack does not take gives place to one that it does, and that
// leads back.
func TestAPageThatSlackDoesNotTake(t *testing.T) {
	s := begin(t, nil)
	who := s.ws.As("U_DANA")
	s.must(who.Say("/unlock mei"))
	m, err := who.Modal("not passed yet")
	s.must(err)
	s.ws.Fail("views.update", playground.Refusing("invalid_arguments"), 1)
	s.must(m.Click("Skip"))
	s.must(m.Until("Something went wrong inside Latchkey", "reference number"))
	ref, _ := s.logs.FilterMessage("event failed").All()[0].ContextMap()["reference"].(string)
	if ref == "" || !strings.Contains(m.Text(), ref) {
		t.Errorf("%q lacks the log's reference %q", m.Text(), ref)
	}
	s.must(m.Click("Back to the case"))
	s.must(m.Until("not passed yet"))
	s.good()
}

// Where the dialog cannot be changed at all, nobody waits before it for ever:
// who opened it by a command or a card is told there, all others in their
// direct messages.
func TestAnAnswerThatCannotBeShown(t *testing.T) {
	for name, fault := range map[string]playground.Fault{
		"too often": playground.RateLimited(time.Minute), "refused": playground.Refusing("token_revoked"), "away": playground.Failing(503),
	} {
		t.Run(name, func(t *testing.T) {
			s := begin(t, nil)
			who := s.ws.As("U_DANA")
			s.must(who.Say("/unlock mei"))
			m, err := who.Modal("not passed yet")
			s.must(err)
			s.ws.Fail("views.update", fault, -1)
			s.must(m.Click("Skip"))
			note, err := who.DM().Message("The dialog could not be changed", "Type /unlock")
			s.must(err)
			if note.Ephemeral() {
				t.Error("who is in a dialog is told where it lasts")
			}
			s.must(who.In("C_AUDIT").Say("/unlock lin"))
			if note, err = who.In("C_AUDIT").Room().Message("The dialog could not be changed"); err != nil || !note.Ephemeral() {
				t.Errorf("after a command: %v", err)
			}
			s.good()
		})
	}
}

// Times of a list are the reader's own, too, and each line keeps its button.
func TestTimesOfAListAreTheReaders(t *testing.T) {
	s := begin(t, nil)
	who := s.ws.As("U_DANA")
	s.must(who.Say("/unlock"))
	m, err := who.Modal("Who is it?")
	s.must(err)
	s.must(m.Type("Who is it?", "mei"))
	s.must(m.Submit())
	s.must(m.Until("Locked since Nov 2, 2026 at 10:10"))
	if strings.Contains(m.Text(), "UTC") || len(m.Buttons()) != 5 {
		t.Errorf("%v: %s", m.Buttons(), m.Text())
	}
	s.must(m.Click("Choose Mei Lin in corp"))
	s.must(m.Until("not passed yet"))
	s.good()
}

package slack

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// Who looks into the log because Slack's requests do not get in has to see
// whether to mend the clock or the secret. Who sent them is told neither.
func TestTheLogSaysWhyARequestWasRefused(t *testing.T) {
	s := begin(t, nil)
	body := []byte("command=%2Funlock&text=help&team_id=T0PLAY&user_id=U_DANA&trigger_id=1.2.3&response_url=")
	send := func(h http.Header) string {
		w := s.post("POST", "/slack/commands", formType, body, h.Clone())
		return strings.TrimSpace(w.Body.String())
	}
	good := s.signed(body)
	if w := s.post("POST", "/slack/commands", formType, body, good.Clone()); w.Code != 200 {
		t.Fatalf("the good one gets %d", w.Code)
	}
	wrong := s.signed(body)
	wrong.Set(headerSignature, "v0="+strings.Repeat("0", 64))
	answers := map[string]bool{send(http.Header{}): true, send(wrong): true, send(good): true}
	late := s.signed(body)
	s.clock.pass(6 * time.Minute)
	answers[send(late)] = true
	if len(answers) != 1 || !answers[textUnsigned] {
		t.Errorf("they are told apart: %v", answers)
	}
	for _, why := range []refusal{unsigned, forged, seenBefore, stale} {
		if n := s.logs.FilterMessage(string(why)).Len(); n != 1 {
			t.Errorf("%q is logged %d times", why, n)
		}
	}
}

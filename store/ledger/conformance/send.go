package conformance

import (
	"crypto/rand"
	"errors"
	"strings"
	"testing"
	"time"

	"latchkey/bot"
)

// send opens a challenge that sends something.
func (s *stage) send(t *testing.T, kind bot.Type, session string, holder bot.AccountID, l bot.SendLimits) error {
	t.Helper()
	return s.OpenChallenge(t.Context(), bot.Challenge{ID: rand.Text(), Session: session, Type: kind, Enrollment: "e", Account: holder,
		Target: holder, Agent: account(), At: s.clock.Now(), Expires: s.clock.Now().Add(time.Minute)}, l)
}

func pushesAnHour(t *testing.T, s *stage) {
	mei, two := account(), bot.SendLimits{PerHour: 2}
	send := func(kind bot.Type) error { return s.send(t, kind, rand.Text(), mei, two) }
	must(t, send(bot.Chat))
	must(t, send(bot.Email))
	s.clock.Pass(30 * time.Minute)
	must(t, send(bot.Mobile)) // codes together, by mail and by text message
	must(t, send(bot.Chat))
	for kind, what := range map[bot.Type]string{bot.Chat: "messages", bot.Email: "codes", bot.Mobile: "codes"} {
		err := send(kind)
		var throttled *bot.Error
		if !errors.As(err, &throttled) || throttled.Kind != bot.Throttled || throttled.RetryAfter != 30*time.Minute || !strings.Contains(throttled.Text, what) {
			t.Errorf("%s: %v, after %s", kind, err, throttled.RetryAfter)
		}
	}
	s.clock.Pass(30*time.Minute - time.Microsecond)
	kind(t, send(bot.Chat), bot.Throttled)
	s.clock.Pass(time.Microsecond)
	must(t, send(bot.Chat))
	must(t, send(bot.Email))
}

func sentInASession(t *testing.T, s *stage) {
	mei, limits := account(), bot.SendLimits{PerHour: 100, PerSession: 2}
	final := func(err error, what string) {
		t.Helper()
		var throttled *bot.Error
		if !errors.As(err, &throttled) || throttled.Kind != bot.Throttled || throttled.RetryAfter != 0 || !strings.Contains(throttled.Text, "No more "+what) {
			t.Errorf("%v", err)
		}
	}
	must(t, s.send(t, bot.Chat, "one", mei, limits))
	must(t, s.send(t, bot.Chat, "one", mei, bot.SendLimits{})) // nothing is sent with it
	must(t, s.send(t, bot.Chat, "one", mei, limits))
	must(t, s.send(t, bot.Mobile, "one", mei, limits))
	must(t, s.send(t, bot.Email, "one", account(), limits)) // a session counts, whoever holds the enrollment
	final(s.send(t, bot.Chat, "one", mei, limits), "messages")
	final(s.send(t, bot.Mobile, "one", mei, limits), "codes")
	must(t, s.send(t, bot.Chat, "two", mei, limits))
	s.clock.Pass(24 * time.Hour) // no waiting helps
	final(s.send(t, bot.Chat, "one", mei, limits), "messages")
	final(s.send(t, bot.Chat, "one", mei, bot.SendLimits{PerSession: 1}), "messages")
	must(t, s.send(t, bot.Chat, "one", mei, bot.SendLimits{PerHour: 1}))
}

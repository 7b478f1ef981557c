package conformance

import (
	"strings"
	"testing"
	"time"

	"latchkey/bot"
)

func (s *stage) reference(user string) bot.Reference {
	return bot.Reference{Who: bot.Chatter{Platform: "teams", Tenant: "T", User: user}, Service: "https://smba.example.test/amer/",
		Conversation: "a:1/2;3", Key: "29:" + user, At: s.clock.Now()}
}

func referencesKept(t *testing.T, s *stage) {
	r, other := s.reference("mei"), s.reference("dana")
	_, err := s.Reference(t.Context(), r.Who)
	kind(t, err, bot.NotFound)
	must(t, s.KeepReference(t.Context(), r))
	must(t, s.KeepReference(t.Context(), other))
	newer := r
	newer.Service, newer.Conversation, newer.At = "https://smba.example.test/emea/", "", r.At.Add(time.Minute)
	must(t, s.KeepReference(t.Context(), newer))
	must(t, s.KeepReference(t.Context(), r)) // comes late
	got, err := s.Reference(t.Context(), r.Who)
	must(t, err)
	same(t, got, newer)

	must(t, s.ForgetReference(t.Context(), r.Who, r.At)) // of before it was installed anew
	got, err = s.Reference(t.Context(), r.Who)
	must(t, err)
	same(t, got, newer)
	for range 2 {
		must(t, s.ForgetReference(t.Context(), r.Who, newer.At))
		_, err = s.Reference(t.Context(), r.Who)
		kind(t, err, bot.NotFound)
	}
	got, err = s.Reference(t.Context(), other.Who)
	must(t, err)
	same(t, got, other)
}

func referencesMisused(t *testing.T, s *stage) {
	for what, change := range map[string]func(*bot.Reference){
		"nobody":     func(r *bot.Reference) { r.Who.User = "" },
		"no service": func(r *bot.Reference) { r.Service = "" },
		"no key":     func(r *bot.Reference) { r.Key = "" },
		"too long":   func(r *bot.Reference) { r.Conversation = strings.Repeat("x", 1025) },
		"control":    func(r *bot.Reference) { r.Conversation = "a\x00b" },
	} {
		r := s.reference("mei")
		change(&r)
		if err := s.KeepReference(t.Context(), r); bot.KindOf(err) != bot.Invalid {
			t.Errorf("%s: %v", what, err)
		}
	}
}

package conformance

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"latchkey/bot"
	"latchkey/store/directory"
)

// wantKind fails unless err is of the kind and, but for Internal, says so in words for people.
func wantKind(tb testing.TB, err error, kind bot.Kind) {
	tb.Helper()
	if bot.KindOf(err) != kind {
		tb.Errorf("the error is %v (%s), expected %s", err, bot.KindOf(err), kind)
	} else if bot.TextOf(err) == "" {
		tb.Errorf("the error has no words for people: %v", err)
	}
	if errors.Is(err, bot.ErrUnanswered) {
		tb.Errorf("the error says that a write may have landed: %v", err)
	}
}

// byLogin reads an account that is there.
func byLogin(tb testing.TB, s *directory.Store, login string) bot.Account {
	tb.Helper()
	a, err := s.Lookup(context.Background(), bot.FieldLogin, login)
	if err != nil {
		tb.Fatalf("looking up %s: %v", login, err)
	}
	return a
}

// logins searches and gives the login names of the hits.
func logins(tb testing.TB, s *directory.Store, text string) []string {
	tb.Helper()
	hits, err := s.Find(context.Background(), bot.Query{Text: text, Limit: 100})
	if err != nil {
		tb.Fatalf("searching %q: %v", text, err)
	}
	out := []string{}
	for _, a := range hits.Accounts {
		out = append(out, a.Login)
	}
	if hits.Total != len(out) && !hits.Cut {
		tb.Errorf("searching %q gave %d hits and a total of %d", text, len(out), hits.Total)
	}
	return out
}

func wantLogins(tb testing.TB, s *directory.Store, text string, want ...string) {
	tb.Helper()
	got := logins(tb, s, text)
	if !slices.Equal(got, want) {
		tb.Errorf("searching %q found %q, expected %q", text, got, want)
	}
}

// locked locks an account and reads it so.
func locked(tb testing.TB, srv Server, s *directory.Store, who Account) bot.Account {
	tb.Helper()
	srv.Lock(tb, who.DN)
	a := byLogin(tb, s, who.Login)
	if a.Lock.State != bot.Locked {
		tb.Fatalf("after wrong passwords the account reads %s", a.Lock.State)
	}
	return a
}

// eventually polls: another process has to come to it.
func eventually(tb testing.TB, within time.Duration, what string, is func() bool) {
	tb.Helper()
	for deadline := time.Now().Add(within); !is(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			tb.Fatalf("after %v: still not %s", within, what)
		}
	}
}

package conformance

import (
	"context"
	"slices"
	"testing"
	"time"

	"latchkey/bot"
	"latchkey/store/directory"

	"github.com/google/go-cmp/cmp"
)

// whoIsLocked: those alone who are locked now, the newest lock first.
func whoIsLocked(t *testing.T, h Harness) {
	ctx := context.Background()
	srv := h.Shared(t)
	s := open(t, srv.Config())
	clan, under := unique("ito"), srv.Inside(t)
	add := func(display string) Account {
		return srv.Add(t, Person{Under: under, Last: clan, Display: display + " " + clan})
	}
	older, newer, free := add("B"), add("A"), add("C")
	srv.Lock(t, older.DN)
	eventually(t, 5*time.Second, "locked by a newer lock", func() bool { // slapd's locks differ by the second
		srv.Unlock(t, newer.DN)
		return locked(t, srv, s, newer).Lock.Since.After(byLogin(t, s, older.Login).Lock.Since)
	})
	want := []string{newer.Login, older.Login}
	if h.LockForGood != nil {
		good := add("E")
		h.LockForGood(t, srv, good.DN)
		want = append(want, good.Login)
	}
	for _, text := range []string{clan, " " + clan + " ", ""} {
		hits := found(t, s, bot.Query{Text: text, Locked: true, Limit: 500})
		got := loginsOf(hits)
		if text == "" { // the server is shared
			others := func(login string) bool {
				return !slices.Contains([]string{newer.Login, older.Login, free.Login}, login)
			}
			got = append(slices.DeleteFunc(got, others), want[2:]...)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("searching the locked among %q: %s", text, diff)
		}
	}
	hits := found(t, s, bot.Query{Text: clan, Locked: true, Offset: 1, Limit: 1})
	if diff := cmp.Diff([]string{older.Login}, loginsOf(hits)); diff != "" || hits.Total != len(want) || hits.Cut {
		t.Errorf("the second alone: total %d, cut %t, %s", hits.Total, hits.Cut, diff)
	}
	if none := found(t, s, bot.Query{Text: free.Login, Locked: true, Limit: 10}); none.Total != 0 || len(none.Accounts) != 0 {
		t.Errorf("who is not locked is found among the locked: %+v", none)
	}
	wantWhole(t, s, hits.Accounts)
	wantWhole(t, s, found(t, s, bot.Query{Text: clan, Limit: 10}).Accounts)
	srv.Unlock(t, newer.DN)
	if got := loginsOf(found(t, s, bot.Query{Text: clan, Locked: true, Limit: 10})); slices.Contains(got, newer.Login) {
		t.Errorf("who was unlocked is among the locked: %q", got)
	}
	for _, text := range []string{"a\x00", "\u202ea"} {
		_, err := s.Find(ctx, bot.Query{Text: text, Locked: true, Limit: 1})
		wantKind(t, err, bot.Invalid)
	}
}

// wantWhole: a hit says all that the account itself says, its lock's end and
// the dates of its password too.
func wantWhole(t *testing.T, s *directory.Store, hits []bot.Account) {
	t.Helper()
	for _, hit := range hits {
		a, err := s.Account(context.Background(), hit.ID.GUID)
		if diff := cmp.Diff(a, hit); err != nil || diff != "" {
			t.Errorf("the hit is not what the account says (-account +hit): %v\n%s", err, diff)
		}
		if a.Lock.State == bot.Locked && (a.Lock.LastBadPassword.IsZero() || a.Lock.Until.IsZero()) || a.Password.LastSet.IsZero() || a.Password.Expires.IsZero() {
			t.Errorf("the hit lacks a date: %+v, %+v", a.Lock, a.Password)
		}
	}
}

func found(tb testing.TB, s *directory.Store, q bot.Query) bot.Hits {
	tb.Helper()
	hits, err := s.Find(context.Background(), q)
	if err != nil {
		tb.Fatalf("searching %q: %v", q.Text, err)
	}
	return hits
}

func loginsOf(hits bot.Hits) []string {
	out := []string{}
	for _, a := range hits.Accounts {
		out = append(out, a.Login)
	}
	return out
}

package conformance

import (
	"context"
	"slices"
	"testing"

	"latchkey/bot"
	"latchkey/store/directory"
)

// groups: direct, nested and in a ring; of nobody else.
func groups(t *testing.T, h Harness) {
	srv := h.Shared(t)
	s := open(t, srv.Config())
	under := srv.Inside(t)
	in, out := srv.Add(t, Person{Under: under}), srv.Add(t, Person{Under: under})
	base := srv.GroupBase(t)
	odd := srv.AddGroup(t, base, "Desk, "+unique("(a)*"), in.DN)
	middle := srv.AddGroup(t, base, unique("middle"), odd)
	top := srv.AddGroup(t, base, unique("top"), middle)
	srv.AddMembers(t, odd, top) // a ring
	other := srv.AddGroup(t, base, unique("other"), out.DN)
	for range 30 {
		top = srv.AddGroup(t, base, unique("deep"), top)
	}

	got := groupsOf(t, s, in)
	for _, dn := range []string{odd, middle, top} {
		if !slices.Contains(got, canonical(t, dn)) {
			t.Errorf("%s is not among the groups: %s", dn, got)
		}
	}
	if slices.Contains(got, canonical(t, other)) || !slices.IsSorted(got) || len(slices.Compact(slices.Clone(got))) != len(got) {
		t.Errorf("the groups are %s", got)
	}
	ours := func(dn bot.DN) bool { return !dn.Under(canonical(t, base)) }
	if rest := slices.DeleteFunc(groupsOf(t, s, out), ours); !slices.Equal(rest, []bot.DN{canonical(t, other)}) {
		t.Errorf("the groups of another are %s", rest)
	}
	if none := slices.DeleteFunc(groupsOf(t, s, srv.Add(t, Person{Under: under})), ours); len(none) != 0 {
		t.Errorf("who is in none is in %s", none)
	}
	moved := srv.Move(t, in.DN, srv.Outside(t))
	if got := groupsOf(t, s, Account{DN: moved, Login: in.Login}); !slices.Contains(got, canonical(t, middle)) {
		t.Errorf("after moving the account the groups are %s", got)
	}
}

func groupsOf(tb testing.TB, s *directory.Store, who Account) []bot.DN {
	tb.Helper()
	got, err := s.Groups(context.Background(), byLogin(tb, s, who.Login).ID.GUID)
	if err != nil {
		tb.Fatal(err)
	}
	return got
}

package conformance

import (
	"crypto/rand"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"latchkey/bot"
)

func in(store string) bot.AccountID { return bot.AccountID{Store: store, GUID: rand.Text()} }

func (s *stage) link(t *testing.T, a, b bot.AccountID) error {
	return s.Link(t.Context(), a, b, s.record(bot.ActionLink, bot.StatusSuccess), s.record(bot.ActionLink, bot.StatusSuccess))
}

func (s *stage) unlink(t *testing.T, a, b bot.AccountID) error {
	return s.Unlink(t.Context(), a, b, s.record(bot.ActionUnlink, bot.StatusSuccess), s.record(bot.ActionUnlink, bot.StatusSuccess))
}

// linked fails the test unless the account is linked to exactly these.
func (s *stage) linked(t *testing.T, id bot.AccountID, want ...bot.AccountID) {
	t.Helper()
	got, err := s.Linked(t.Context(), id)
	must(t, err)
	slices.SortFunc(want, func(a, b bot.AccountID) int { return strings.Compare(a.String(), b.String()) })
	same(t, got, want)
}

func linksKept(t *testing.T, s *stage) {
	corp, lab, shop := in("corp"), in("lab"), in("shop")
	s.linked(t, corp)
	must(t, s.link(t, lab, corp))
	s.linked(t, corp, lab)
	s.linked(t, lab, corp)
	for _, again := range [][2]bot.AccountID{{lab, corp}, {corp, lab}} {
		must(t, s.link(t, again[0], again[1])) // nothing new
	}
	s.verified(t, 2)
	must(t, s.link(t, lab, shop))
	s.linked(t, corp, lab, shop) // by way of the other
	s.linked(t, shop, lab, corp)
	must(t, s.link(t, corp, shop)) // nothing new either
	s.linked(t, in("corp"))
	s.verified(t, 4)
	err := s.unlink(t, corp, shop)
	kind(t, err, bot.NotFound)
	if !strings.Contains(bot.TextOf(err), "by way of another") {
		t.Errorf("the text does not say why: %q", bot.TextOf(err))
	}
	kind(t, s.unlink(t, corp, in("lab")), bot.NotFound)
	must(t, s.unlink(t, corp, lab)) // in either order
	s.linked(t, corp)
	s.linked(t, lab, shop)
	kind(t, s.unlink(t, corp, lab), bot.NotFound)
	must(t, s.unlink(t, shop, lab))
	must(t, s.link(t, corp, lab))
	s.verified(t, 10)
}

func linkConflicts(t *testing.T, s *stage) {
	corp, lab, shop := in("corp"), in("lab"), in("shop")
	must(t, s.link(t, corp, lab))
	must(t, s.link(t, lab, shop))
	for name, pair := range map[string][2]bot.AccountID{
		"a second of a store":        {corp, in("lab")},
		"the other one's second":     {in("corp"), lab},
		"by way of another":          {corp, in("shop")},
		"of the other's, by another": {shop, in("corp")},
	} {
		err := s.link(t, pair[0], pair[1])
		if bot.KindOf(err) != bot.Conflict || !strings.Contains(bot.TextOf(err), "linked to another account of") {
			t.Errorf("%s: %v", name, err)
		}
	}
	one, two := in("corp"), in("plant") // two persons, each with an account in corp
	must(t, s.link(t, one, two))
	kind(t, s.link(t, two, shop), bot.Conflict)
	kind(t, s.link(t, corp, in("corp")), bot.Invalid)
	kind(t, s.link(t, corp, corp), bot.Invalid)
	kind(t, s.link(t, corp, bot.AccountID{Store: "x"}), bot.Invalid)
	_, err := s.Linked(t.Context(), bot.AccountID{})
	kind(t, err, bot.Invalid)
	s.linked(t, corp, lab, shop)
	s.verified(t, 6)
}

func linksTogether(t *testing.T, s *stage) {
	corp := in("corp")
	var linked, refused atomic.Int32
	together(8, func(int) {
		switch err := s.link(t, corp, in("lab")); bot.KindOf(err) {
		case "":
			linked.Add(1)
		case bot.Conflict:
			refused.Add(1)
		default:
			t.Error(err)
		}
	})
	if linked.Load() != 1 || refused.Load() != 7 {
		t.Fatalf("%d linked, %d refused", linked.Load(), refused.Load())
	}
	s.verified(t, 2)
}

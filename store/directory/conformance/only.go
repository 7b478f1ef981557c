package conformance

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"latchkey/bot"

	"github.com/google/go-cmp/cmp"
)

// only: who matched is judged once, in order, before the page is taken.
func only(t *testing.T, h Harness) {
	ctx := context.Background()
	srv := h.Shared(t)
	p, through := before(t, srv.Config())
	s := open(t, through)
	clan, under := unique("okoro"), srv.Inside(t)
	var all []string // logins, in order
	for i := range 12 {
		who := srv.Add(t, Person{Under: under, Last: clan, Display: fmt.Sprintf("%c %s", 'A'+rune(i), clan)})
		if all = append(all, who.Login); i < 3 {
			locked(t, srv, s, who)
		}
	}
	var asked [][]string
	even := func(_ context.Context, matched []bot.Account) (func(bot.AccountID) bool, error) {
		asked = append(asked, loginsOf(bot.Hits{Accounts: matched}))
		wanted := map[bot.AccountID]bool{}
		for i, a := range matched {
			if a.DisplayName == "" || a.Link != "" || a.DN == "" || a.ID.GUID == "" {
				t.Errorf("to be judged: %+v", a)
			}
			wanted[a.ID] = i%2 == 0
		}
		return func(id bot.AccountID) bool { return wanted[id] }, nil
	}
	hits := found(t, s, bot.Query{Text: clan, Only: even, Offset: 1, Limit: 3})
	if diff := cmp.Diff([]string{all[2], all[4], all[6]}, loginsOf(hits)); diff != "" || hits.Total != 6 || hits.Cut {
		t.Errorf("total %d, cut %t: %s", hits.Total, hits.Cut, diff)
	}
	wantWhole(t, s, hits.Accounts)
	hits = found(t, s, bot.Query{Text: clan, Locked: true, Only: even, Limit: 10})
	if len(hits.Accounts) != 2 || hits.Total != 2 {
		t.Errorf("of three that are locked: %+v", hits)
	}
	found(t, s, bot.Query{Text: clan + " " + unique("nobody"), Only: even, Limit: 10})
	if diff := cmp.Diff([][]string{all, asked[1], {}}, asked); diff != "" || len(asked[1]) != 3 {
		t.Errorf("it was asked about (-want +got): %s", diff)
	}
	p.cut() // and back at once: a dead connection is found out by using it
	p.mend()
	asked = nil
	if hits := found(t, s, bot.Query{Text: clan, Only: even, Limit: 10}); hits.Total != 6 || len(asked) != 1 {
		t.Errorf("by a fresh connection: total %d, asked %d times", hits.Total, len(asked))
	}
	broken := errors.New("the records do not answer")
	_, err := s.Find(ctx, bot.Query{Text: clan, Limit: 1, Only: func(context.Context, []bot.Account) (func(bot.AccountID) bool, error) { return nil, broken }})
	if !errors.Is(err, broken) {
		t.Errorf("the judge's error came back as %v", err)
	}
	byLogin(t, s, all[0]) // the connection is warm
	before := p.searches.Load()
	found(t, s, bot.Query{Text: clan, Limit: 10})
	if n := p.searches.Load() - before; n > 3 { // who matched, the page, one policy
		t.Errorf("a page of ten hits, three of them locked, took %d searches", n)
	}
}

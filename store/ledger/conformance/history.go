package conformance

import (
	"strings"
	"testing"
	"time"

	"latchkey/bot"
)

func historyReadBack(t *testing.T, s *stage) {
	whole := s.whole()
	bare := bot.Record{Action: bot.ActionUnbind, Status: bot.StatusSuccess}
	odd := s.record(bot.ActionUnlock, bot.StatusSuccess)
	odd.Target.Name, odd.Detail, odd.At = "a\x00b\xffc\n'\"\u202e", strings.Repeat("ü", 10_000), odd.At.Add(999).In(time.FixedZone("", 3600))
	for _, r := range []bot.Record{whole, bare, odd} {
		must(t, s.Append(t.Context(), r))
	}
	got := s.newest(t, 10)
	whole.Seq = 1
	same(t, got[2], whole)
	if got[1].ID == "" || !got[1].At.Equal(s.clock.Now()) || got[1].Seq != 2 {
		t.Errorf("id, time and number are not filled in: %+v", got[1])
	}
	odd.Seq, odd.Target.Name, odd.At = 3, "a\ufffdb\ufffdc\n'\"\u202e", odd.At.Truncate(time.Microsecond).UTC()
	same(t, got[0], odd)
	kind(t, s.Append(t.Context(), whole), bot.Conflict) // the id is taken
	s.verified(t, 3)
}

func historyPages(t *testing.T, s *stage) {
	for range 25 {
		must(t, s.Append(t.Context(), s.record(bot.ActionUnlock, bot.StatusSuccess)))
	}
	var seen []int64
	for before := int64(0); ; {
		page, err := s.History(t.Context(), bot.HistoryQuery{Before: before, Limit: 10})
		must(t, err)
		if len(page) == 0 {
			break
		}
		for _, r := range page {
			seen = append(seen, r.Seq)
		}
		before = page[len(page)-1].Seq
		must(t, s.Append(t.Context(), s.record(bot.ActionUnlock, bot.StatusSuccess))) // does not shift the pages
	}
	want := make([]int64, 25)
	for i := range want {
		want[i] = int64(25 - i)
	}
	same(t, seen, want)
	for _, limit := range []int{0, -1, 1001} {
		_, err := s.History(t.Context(), bot.HistoryQuery{Limit: limit})
		kind(t, err, bot.Invalid)
	}
	_, err := s.History(t.Context(), bot.HistoryQuery{Limit: 1, Accounts: []bot.AccountID{{}}})
	kind(t, err, bot.Invalid)
}

func historyFilters(t *testing.T, s *stage) {
	start := s.clock.Now()
	var all []bot.Record
	add := func(change func(*bot.Record)) {
		r := s.record(bot.ActionUnlock, bot.StatusSuccess)
		change(&r)
		must(t, s.Append(t.Context(), r))
		r.Seq = int64(len(all) + 1)
		all = append(all, r)
		s.clock.Pass(time.Minute)
	}
	jo, mei := account(), account()
	add(func(r *bot.Record) {
		r.Target.Account, r.Target.Name, r.Target.Login = jo, "Jo\u0308rg Groß", "jgross"
	})
	add(func(r *bot.Record) { r.Actor.Account, r.Actor.Name = jo, "JÖRG Groß" })
	add(func(r *bot.Record) { r.Target.Account = mei })
	add(func(r *bot.Record) { r.Actor, r.Target = bot.Party{Kind: bot.ActorSystem}, bot.Party{} })
	for name, c := range map[string]struct {
		q    bot.HistoryQuery
		want []int
	}{
		"all":                    {bot.HistoryQuery{}, []int{4, 3, 2, 1}},
		"as actor or target":     {bot.HistoryQuery{Accounts: []bot.AccountID{jo}}, []int{2, 1}},
		"several accounts":       {bot.HistoryQuery{Accounts: []bot.AccountID{jo, mei}}, []int{3, 2, 1}},
		"the guid of elsewhere":  {bot.HistoryQuery{Accounts: []bot.AccountID{{Store: "lab", GUID: jo.GUID}}}, nil},
		"part of a name":         {bot.HistoryQuery{Text: " jörg g"}, []int{2, 1}},
		"part of a login":        {bot.HistoryQuery{Text: "GROSS"}, []int{1}},
		"actor's name":           {bot.HistoryQuery{Text: "reyes"}, []int{3, 1}},
		"no such name":           {bot.HistoryQuery{Text: "nobody"}, nil},
		"since":                  {bot.HistoryQuery{Since: start.Add(time.Minute)}, []int{4, 3, 2}},
		"until, exclusive":       {bot.HistoryQuery{Until: start.Add(time.Minute)}, []int{1}},
		"backwards":              {bot.HistoryQuery{Since: start.Add(time.Hour), Until: start}, nil},
		"all of them":            {bot.HistoryQuery{Accounts: []bot.AccountID{jo}, Text: "groß", Since: start, Until: start.Add(time.Hour), Before: 2}, []int{1}},
		"not in spite of others": {bot.HistoryQuery{Accounts: []bot.AccountID{mei}, Text: "groß"}, nil},
	} {
		c.q.Limit = 100
		got, err := s.History(t.Context(), c.q)
		must(t, err)
		var seqs []int
		for _, r := range got {
			seqs = append(seqs, int(r.Seq))
		}
		t.Run(name, func(t *testing.T) { same(t, seqs, c.want) })
	}
}

func historyLiteral(t *testing.T, s *stage) {
	for _, name := range []string{"100% Ann_a", `back\slash`, "O'Neill; DROP TABLE history", "plain"} {
		r := s.record(bot.ActionUnlock, bot.StatusSuccess)
		r.Target.Name = name
		must(t, s.Append(t.Context(), r))
	}
	for text, want := range map[string]int{"%": 1, "_": 1, "0%": 1, `\`: 1, "'": 1, "%a%": 0, "a_n": 0, "plain": 1, "\x00": 0, "": 4} {
		got, err := s.History(t.Context(), bot.HistoryQuery{Text: text, Limit: 10})
		must(t, err)
		if len(got) != want {
			t.Errorf("%q finds %d, not %d", text, len(got), want)
		}
	}
}

func historyVerified(t *testing.T, s *stage) {
	empty, err := s.Verify(t.Context())
	must(t, err)
	if empty.Rows != 0 || empty.Fault != nil {
		t.Fatalf("%+v", empty)
	}
	must(t, s.Append(t.Context(), s.whole()))
	one, err := s.Verify(t.Context())
	must(t, err)
	must(t, s.Append(t.Context(), s.whole()))
	two, err := s.Verify(t.Context())
	must(t, err)
	if one.Seq != 1 || two.Seq != 2 || one.Hash == two.Hash || len(two.Hash) != 64 || two.Fault != nil {
		t.Fatalf("%+v, then %+v", one, two)
	}
}

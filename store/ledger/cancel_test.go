package ledger_test

import (
	"context"
	"testing"
	"time"

	"pgregory.net/rapid"

	"latchkey/bot"
	"latchkey/store/ledger"
)

// Whoever gives up waiting finds all of what was asked or nothing. Without an
// error it is all; with one it is nothing in a file, and on a server what is
// on record tells.
func TestImpatienceLeavesAllOrNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, at place) {
		l := at.open(t)
		asked, done := map[string]bool{}, map[string]bool{}
		most := 3000
		if at.driver == "pgx" {
			most = 40_000 // the way there and back is longer
		}
		rapid.Check(t, func(rt *rapid.T) {
			after := time.Duration(rapid.IntRange(0, most).Draw(rt, "microseconds")) * time.Microsecond
			ctx, cancel := context.WithTimeout(t.Context(), after)
			defer cancel()
			r := record()
			asked[r.ID] = true
			err := l.Append(ctx, r, bot.Notice{ID: r.ID, Kind: bot.NoticeAudit, Record: r})
			if err == nil {
				done[r.ID] = true
			} else if bot.KindOf(err) != bot.Unavailable {
				rt.Fatalf("%v", err)
			}
		})
		r := record() // takes its turn after all that went before
		deadline := time.Now().Add(30 * time.Second)
		err := l.Append(t.Context(), r, bot.Notice{ID: r.ID, Kind: bot.NoticeAudit, Record: r})
		for bot.KindOf(err) == bot.Unavailable && time.Now().Before(deadline) { // a server may hold for a while what was given up
			err = l.Append(t.Context(), r, bot.Notice{ID: r.ID, Kind: bot.NoticeAudit, Record: r})
		}
		if err != nil {
			t.Fatal(err)
		}
		asked[r.ID], done[r.ID] = true, true
		kept := onRecord(t, l)
		for id := range done {
			if !kept[id] {
				t.Error("a record is gone that was written without an error")
			}
		}
		for id := range kept {
			if !asked[id] || at.driver == "sqlite" && !done[id] {
				t.Error("a record is there that was not written")
			}
		}
		due, err := l.Due(t.Context(), time.Now().Add(time.Hour*10000), 10_000, time.Minute)
		if err != nil || len(due) != len(kept) {
			t.Fatalf("%d notices for %d records, %v", len(due), len(kept), err)
		}
		if result, err := l.Verify(t.Context()); err != nil || result.Fault != nil {
			t.Fatalf("%+v, %v", result, err)
		}
		t.Logf("%d asked, %d told done, %d on record", len(asked), len(done), len(kept))
	})
}

// onRecord are the ids of all records.
func onRecord(t *testing.T, l *ledger.Ledger) map[string]bool {
	t.Helper()
	records, err := l.History(t.Context(), bot.HistoryQuery{Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	kept := map[string]bool{}
	for _, r := range records {
		kept[r.ID] = true
	}
	return kept
}

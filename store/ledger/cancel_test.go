package ledger_test

import (
	"context"
	"crypto/rand"
	"path/filepath"
	"testing"
	"time"

	"pgregory.net/rapid"

	"latchkey/bot"
	"latchkey/servers"
)

// Whoever gives up waiting finds either all of what was asked, and no error,
// or an error and nothing.
func TestImpatienceLeavesAllOrNothing(t *testing.T) {
	servers.Used(t, "sqlite")
	l := open(t, filepath.Join(t.TempDir(), "latchkey.db"))
	written := int64(0)
	rapid.Check(t, func(rt *rapid.T) {
		after := time.Duration(rapid.IntRange(0, 3000).Draw(rt, "microseconds")) * time.Microsecond
		ctx, cancel := context.WithTimeout(t.Context(), after)
		defer cancel()
		r := record()
		err := l.Append(ctx, r, bot.Notice{ID: rand.Text(), Kind: bot.NoticeAudit, Record: r})
		if err == nil {
			written++
		} else if bot.KindOf(err) != bot.Unavailable {
			rt.Fatalf("%v", err)
		}
		newest, err := l.History(t.Context(), bot.HistoryQuery{Limit: 1})
		if err != nil {
			rt.Fatal(err)
		}
		if written > 0 && newest[0].Seq != written || written == 0 && len(newest) > 0 {
			rt.Fatalf("%d were written, history has %d", written, newest[0].Seq)
		}
	})
	due, err := l.Due(t.Context(), time.Now().Add(time.Hour*10000), 10_000, time.Minute)
	if err != nil || int64(len(due)) != written {
		t.Fatalf("%d notices for %d records, %v", len(due), written, err)
	}
	if result, err := l.Verify(t.Context()); err != nil || result.Fault != nil || result.Rows != written {
		t.Fatalf("%+v, %v", result, err)
	}
}

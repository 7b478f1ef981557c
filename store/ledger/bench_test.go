package ledger_test

import (
	"crypto/rand"
	"path/filepath"
	"testing"
	"time"

	"latchkey/bot"
	"latchkey/store/ledger"
)

func benched(b *testing.B) *ledger.Ledger {
	b.Helper()
	c := config(filepath.Join(b.TempDir(), "latchkey.db"))
	c.Now = time.Now
	l, err := ledger.Open(b.Context(), c)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = l.Close() })
	return l
}

// BenchmarkAppend appends to the chain from 8 clients; each commit waits for the disk.
func BenchmarkAppend(b *testing.B) {
	l := benched(b)
	b.SetParallelism(8)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := l.Append(b.Context(), record()); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkTry begins and settles one try.
func BenchmarkTry(b *testing.B) {
	l := benched(b)
	for b.Loop() {
		c, a := tried(bot.AccountID{Store: "corp", GUID: rand.Text()})
		if err := l.OpenChallenge(b.Context(), c, 0); err != nil {
			b.Fatal(err)
		}
		begun, err := l.BeginAttempt(b.Context(), a, wide)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := l.SettleAttempt(b.Context(), settlement(c, begun.Attempt, 1)); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkVerify walks a chain of 20,000 rows and says how many a second.
func BenchmarkVerify(b *testing.B) {
	l := benched(b)
	const rows = 20_000
	fill(b, l, rows)
	for b.Loop() {
		if result, err := l.Verify(b.Context()); err != nil || result.Fault != nil || result.Rows != rows {
			b.Fatalf("%+v, %v", result, err)
		}
	}
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

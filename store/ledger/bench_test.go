package ledger_test

import (
	"crypto/rand"
	"path/filepath"
	"testing"
	"time"

	"latchkey/bot"
	"latchkey/servers"
	"latchkey/store/ledger"
)

// benched runs a benchmark on a file and on a server.
func benched(b *testing.B, run func(b *testing.B, l *ledger.Ledger)) {
	b.Helper()
	b.Run("sqlite", func(b *testing.B) {
		at := inFile(filepath.Join(b.TempDir(), "latchkey.db"))
		at.Now = time.Now
		run(b, at.open(b))
	})
	b.Run("postgres", func(b *testing.B) { run(b, onServer(b, servers.SharedPostgres(b)).open(b)) })
}

// BenchmarkAppend appends to the chain from 8 clients; each commit waits for the disk.
func BenchmarkAppend(b *testing.B) {
	benched(b, func(b *testing.B, l *ledger.Ledger) {
		b.SetParallelism(8)
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				if err := l.Append(b.Context(), record()); err != nil {
					b.Fatal(err)
				}
			}
		})
	})
}

// BenchmarkTry begins and settles one try.
func BenchmarkTry(b *testing.B) {
	benched(b, func(b *testing.B, l *ledger.Ledger) {
		for b.Loop() {
			c, a := tried(bot.AccountID{Store: "corp", GUID: rand.Text()})
			if err := l.OpenChallenge(b.Context(), c, bot.SendLimits{}); err != nil {
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
	})
}

// BenchmarkUnlock goes the whole way of an unlock: challenge, a wrong value, a
// right one, grant, intent, outcome: eight transactions.
func BenchmarkUnlock(b *testing.B) {
	benched(b, func(b *testing.B, l *ledger.Ledger) {
		for b.Loop() {
			if err := unlockOnce(b.Context(), l); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkVerify walks a chain of 20,000 rows and says how many a second.
func BenchmarkVerify(b *testing.B) {
	const rows = 20_000
	benched(b, func(b *testing.B, l *ledger.Ledger) {
		_, err := l.EnrollAll(b.Context(), func(yield func(ledger.Enrolling, error) bool) {
			for range rows {
				e := bot.Enrollment{ID: rand.Text(), Type: bot.Email, Account: bot.AccountID{Store: "corp", GUID: rand.Text()}}
				if !yield(ledger.Enrolling{Enrollment: e, Record: record()}, nil) {
					return
				}
			}
		})
		if err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			if result, err := l.Verify(b.Context()); err != nil || result.Fault != nil || result.Rows != rows {
				b.Fatalf("%+v, %v", result, err)
			}
		}
		b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	})
}

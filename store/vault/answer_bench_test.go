package vault_test

import (
	"slices"
	"testing"
	"time"

	"latchkey/store/vault"
)

// Who measures how long a judgement takes should learn neither who is enrolled
// nor whether the answer was right. The two of a pair follow each other, each
// first every second time, so that what the machine does beside it hits both.
// Run it with -benchtime=1x: one round is all pairs.
func BenchmarkVerifyAnswerPairs(b *testing.B) {
	for _, cost := range []struct {
		name    string
		hashing vault.Hashing
		pairs   int
	}{{"test", vault.Hashing{Memory: 64}, 20_000}, {"full", vault.Hashing{}, 500}} {
		path := b.TempDir() + "/keys.json"
		if err := vault.New(path, noon); err != nil {
			b.Fatal(err)
		}
		v := openCheap(b, path, cost.hashing)
		good := hashed(b, v, "the right answer")
		type try struct {
			hash   []byte
			answer string
			right  bool
		}
		right, wrong := try{good, "the right answer", true}, try{good, "a wrong answer!!", false}
		unknown := try{nil, "the right answer", false}
		for _, pair := range []struct {
			name, one, other string
			tries            [2]try
		}{{"known-unknown", "known", "unknown", [2]try{right, unknown}}, {"right-wrong", "right", "wrong", [2]try{right, wrong}}} {
			b.Run(cost.name+"/"+pair.name, func(b *testing.B) {
				var took [2][]time.Duration
				for b.Loop() {
					for n := range cost.pairs {
						for i := range 2 {
							which := (n + i) % 2
							try := pair.tries[which]
							began := time.Now()
							if verified(b, v, try.hash, try.answer) != try.right {
								b.Fatalf("%s is misjudged", pair.name)
							}
							took[which] = append(took[which], time.Since(began))
						}
					}
				}
				one, other := median(took[0]), median(took[1])
				b.ReportMetric(micros(one), pair.one+"-µs")
				b.ReportMetric(micros(other), pair.other+"-µs")
				b.ReportMetric(micros((one - other).Abs()), "difference-µs")
				b.ReportMetric(0, "ns/op")
			})
		}
	}
}

func median(all []time.Duration) time.Duration {
	slices.Sort(all)
	return all[len(all)/2]
}

func micros(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e3 }

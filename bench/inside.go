package main

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"latchkey/bot"
	"latchkey/bot/bottest"
	"latchkey/store/ledger"
)

// decision measures bot.Decide alone, over facts that have been read.
func decision(s *stand, into *results) {
	ctx := context.Background()
	clock := bottest.NewClock()
	l, err := ledger.Open(ctx, ledger.Config{URL: "sqlite://" + filepath.Join(s.TempDir(), "decision.db"), Now: clock.Now, NewID: bottest.NewIDs().New})
	s.ok(err)
	defer l.Close()
	w := bottest.NewWorld(l, clock)
	t := table{title: "Policy decision", about: "`bot.Decide` over facts that have been read: a restricted role, a person with two linked accounts.",
		head: []string{"", "ns", "bytes", "allocations"}}
	measure := func(what string) {
		facts, err := w.Desk().Facts(ctx, w.Case("bench"))
		s.ok(err)
		r := testing.Benchmark(func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				bot.Decide(facts)
			}
		})
		t.rows = append(t.rows, []string{what, fmt.Sprint(r.NsPerOp()), fmt.Sprint(r.AllocedBytesPerOp()), fmt.Sprint(r.AllocsPerOp())})
	}
	measure("not enrolled: refused")
	for _, kind := range []bot.Type{bot.Email, bot.Authenticator} {
		_, err := w.Enroll(ctx, w.Mei, kind)
		s.ok(err)
	}
	measure("enrolled with two types: page Authenticate")
	into.add(t)
}

// renderLine is of `go test -bench`: name, turns, ns, bytes, allocations.
var renderLine = regexp.MustCompile(`(?m)^BenchmarkRender/(\S+?)(?:-\d+)?\s+\d+\s+(\d+(?:\.\d+)?) ns/op\s+(\d+) B/op\s+(\d+) allocs/op`)

// renderers measures each platform's own benchmark over all page fixtures.
func renderers(s *stand, into *results) {
	t := table{title: "Renderers", about: "All page fixtures once, to the bytes that are sent.", head: []string{"", "ns", "bytes", "allocations"}}
	out, err := exec.Command("go", "test", "-run", "^$", "-bench", "^BenchmarkRender$", "-benchmem", "./adapters/slack").CombinedOutput()
	if err != nil {
		s.Fatalf("measuring the renderers: %v\n%s", err, out)
	}
	for _, line := range renderLine.FindAllStringSubmatch(string(out), -1) {
		t.rows = append(t.rows, []string{"Slack, " + line[1], line[2], line[3], line[4]})
	}
	if len(t.rows) == 0 {
		s.Fatalf("the renderers' benchmark told nothing:\n%s", out)
	}
	into.add(t)
}

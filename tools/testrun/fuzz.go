package main

import (
	"context"
	"fmt"
	"os/exec"
	"runtime"
	"strings"
	"sync"
)

type fuzzTarget struct{ pkg, name string }

// fuzzAll runs each fuzz target for a duration, as many at once as there are
// cores, each on one.
func fuzzAll(ctx context.Context, packages []testedPackage, duration string) (count, error) {
	var targets []fuzzTarget
	for _, p := range packages {
		names, err := p.fuzzTargets()
		if err != nil {
			return count{}, err
		}
		for _, name := range names {
			targets = append(targets, fuzzTarget{p.ImportPath, name})
		}
	}
	if len(targets) == 0 {
		fmt.Println("none")
		return count{}, nil
	}
	var mu sync.Mutex
	var total count
	var workers sync.WaitGroup
	work := make(chan fuzzTarget)
	for range runtime.NumCPU() {
		workers.Go(func() {
			for target := range work {
				output, err := target.run(ctx, duration)
				mu.Lock()
				if err != nil {
					total.failed++
					fmt.Printf("%sFAIL  %s %s: %v\n", output, target.pkg, target.name, err)
				} else {
					total.passed++
					fmt.Printf("ok    %s %s  %s\n", target.pkg, target.name, duration)
				}
				mu.Unlock()
			}
		})
	}
	for _, target := range targets {
		work <- target
	}
	close(work)
	workers.Wait()
	return total, ctx.Err()
}

// run tries once more when the fuzzing engine itself was late: on a busy
// machine it reports its own deadline as a failure, without an input.
func (t fuzzTarget) run(ctx context.Context, duration string) (output string, err error) {
	for range 2 {
		var text []byte
		text, err = exec.CommandContext(ctx, "go", "test", "-run=^$", "-fuzz=^"+t.name+"$", "-fuzztime="+duration,
			"-fuzzminimizetime=5s", "-parallel=1", t.pkg).CombinedOutput()
		output = string(text)
		if err == nil || !strings.Contains(output, "context deadline exceeded") || strings.Contains(output, "Failing input") {
			return output, err
		}
	}
	return output, err
}

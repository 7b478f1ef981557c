package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// count is of tests, not of their subtests; but a skipped subtest counts.
type count struct{ passed, failed, skipped int }

func (c count) plus(d count) count {
	return count{c.passed + d.passed, c.failed + d.failed, c.skipped + d.skipped}
}

func (c count) String() string {
	return fmt.Sprintf("%d passed, %d failed, %d skipped", c.passed, c.failed, c.skipped)
}

// goTest runs `go test` and prints a line a package, and failures in full. It
// never takes a result from the cache: the servers are no files that Go knows.
func goTest(ctx context.Context, files artifacts, args []string) (count, error) {
	command := exec.CommandContext(ctx, "go", append([]string{"test", "-json", "-count=1", "-timeout=20m"}, args...)...)
	command.Env = append(os.Environ(), "LATCHKEY_PAYLOAD_DUMP="+files.payloads, "LATCHKEY_CARD_DUMP="+files.cards, "LATCHKEY_SERVER_TALLY="+files.tally)
	command.Stderr = os.Stderr
	events, err := command.StdoutPipe()
	if err != nil {
		return count{}, fmt.Errorf("reading from go test: %w", err)
	}
	if err := command.Start(); err != nil {
		return count{}, fmt.Errorf("starting go test: %w", err)
	}
	counted, readErr := readEvents(events, os.Stdout)
	err = command.Wait()
	if readErr != nil {
		return counted, readErr
	}
	var failed *exec.ExitError
	if errors.As(err, &failed) && counted.failed > 0 {
		return counted, nil // told already
	}
	if err != nil {
		return counted, fmt.Errorf("go test: %w", err)
	}
	return counted, nil
}

// event is one line of `go test -json` (cmd/internal/test2json, and go help buildjson).
type event struct {
	Action, Package, Test, Output string
	Elapsed                       float64
}

type report struct {
	out    io.Writer
	total  count
	output map[string]map[string]*strings.Builder // package -> test -> what it printed
	tests  map[string]int                         // package -> tests that ended
	failed map[string]bool                        // package -> one of its tests failed
}

// readEvents prints a report for a person and counts.
func readEvents(events io.Reader, out io.Writer) (count, error) {
	r := &report{out: out, output: map[string]map[string]*strings.Builder{}, tests: map[string]int{}, failed: map[string]bool{}}
	for decoder := json.NewDecoder(events); ; {
		var e event
		err := decoder.Decode(&e)
		if errors.Is(err, io.EOF) {
			return r.total, nil
		}
		if err != nil {
			return r.total, fmt.Errorf("reading the events of go test: %w", err)
		}
		r.take(e)
	}
}

func (r *report) take(e event) {
	switch {
	case e.Action == "build-output":
		fmt.Fprint(r.out, e.Output)
	case e.Action == "output":
		r.keep(e)
	case e.Test != "":
		r.endTest(e)
	case e.Action == "pass", e.Action == "fail", e.Action == "skip":
		r.endPackage(e)
	}
}

func (r *report) keep(e event) {
	for _, noise := range []string{"=== RUN", "=== PAUSE", "=== CONT", "=== NAME"} {
		if strings.HasPrefix(e.Output, noise) {
			return
		}
	}
	if r.output[e.Package] == nil {
		r.output[e.Package] = map[string]*strings.Builder{}
	}
	if r.output[e.Package][e.Test] == nil {
		r.output[e.Package][e.Test] = &strings.Builder{}
	}
	r.output[e.Package][e.Test].WriteString(e.Output)
}

// printKept prints and forgets what a test printed.
func (r *report) printKept(pkg, test string) {
	if kept := r.output[pkg][test]; kept != nil {
		fmt.Fprint(r.out, kept)
	}
	delete(r.output[pkg], test)
}

func (r *report) endTest(e event) {
	top := !strings.Contains(e.Test, "/")
	switch e.Action {
	case "pass":
		delete(r.output[e.Package], e.Test)
		if top {
			r.total.passed++
		}
	case "skip":
		r.total.skipped++
		r.printKept(e.Package, e.Test)
	case "fail":
		r.failed[e.Package] = true
		r.printKept(e.Package, e.Test)
		if top {
			r.total.failed++
		}
	default:
		return // it runs, pauses or goes on
	}
	if top {
		r.tests[e.Package]++
	}
}

func (r *report) endPackage(e event) {
	took := (time.Duration(e.Elapsed*1000) * time.Millisecond).Round(100 * time.Millisecond)
	switch {
	case e.Action == "fail":
		if !r.failed[e.Package] {
			r.total.failed++ // it did not compile, or stopped outside of any test
		}
		for test := range r.output[e.Package] {
			r.printKept(e.Package, test) // of tests that never ended, too
		}
		fmt.Fprintf(r.out, "FAIL  %s  %v\n", e.Package, took)
	case e.Action == "skip" || r.tests[e.Package] == 0:
		fmt.Fprintf(r.out, "-     %s  has no tests\n", e.Package)
	default:
		fmt.Fprintf(r.out, "ok    %s  %d tests  %v\n", e.Package, r.tests[e.Package], took)
	}
	delete(r.output, e.Package)
}

// Command bench measures Latchkey against the same work done bare, and writes
// what came of it into docs/benchmarks.md: the acknowledgement of a signed
// request, the policy decision, the renderers, how long answers are judged, and a search among a hundred
// thousand people.
//
// It starts its own servers and the built program, through package servers.
// `make bench` runs it; it exits with 1 where a bound is missed. Arguments name
// the parts to run (inside, answers, acknowledgement, search); then the page stays as it is.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"
)

const page = "docs/benchmarks.md"

func main() {
	if len(os.Args) > 1 && os.Args[1] == bareWord {
		serveBare(os.Args[2:])
		return
	}
	began := time.Now()
	s := &stand{}
	var into results
	err := s.run(func() { measure(s, &into) })
	if err == nil && len(os.Args) == 1 {
		err = os.WriteFile(page, []byte(into.text(time.Since(began))), 0o644)
	}
	fmt.Print(into.summary())
	if err == nil && into.missed() {
		err = fmt.Errorf("a bound is missed: see %s", page)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func measure(s *stand, into *results) {
	program := filepath.Join(s.TempDir(), "latchkey")
	build := exec.Command("go", "build", "-trimpath", "-o", program, "./cmd/latchkey")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		s.Fatalf("building latchkey: %v\n%s", err, out)
	}
	if wanted("inside") {
		say("measuring the decision and the renderers")
		decision(s, into)
		renderers(s, into)
	}
	if wanted("answers") {
		say("measuring how long answers are judged")
		judging(s, into)
	}
	if !wanted("acknowledgement") && !wanted("search") {
		return
	}
	say("loading %d people into slapd", crowd.People)
	t := settle(s)
	if wanted("acknowledgement") {
		say("measuring the acknowledgement")
		acknowledgement(s, t, program, into)
	}
	if wanted("search") {
		say("measuring the search")
		searches(s, t, into)
	}
}

func wanted(part string) bool { return len(os.Args) == 1 || slices.Contains(os.Args[1:], part) }

func say(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }

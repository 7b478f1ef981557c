package main

import (
	"os/exec"
	"strconv"
	"strings"
)

// mostApart bounds, in ms, what the time of a judgement may tell.
const mostApart = 1

// judging compares how long the answer to a security question is judged: a
// right and a wrong one, that of a user who is enrolled and of one who is not.
func judging(s *stand, into *results) {
	t := table{title: "Judging answers", about: "Medians over pairs that follow each other: 20,000 at the tests' cost of argon2id, 500 at the full one.",
		head: []string{"", "one", "the other", "difference"}}
	out, err := exec.Command("go", "test", "-run", "^$", "-bench", "^BenchmarkVerifyAnswerPairs$", "-benchtime", "1x", "-timeout", "20m", "./store/vault").CombinedOutput()
	if err != nil {
		s.Fatalf("measuring answers: %v\n%s", err, out)
	}
	for line := range strings.Lines(string(out)) {
		name, took, ok := pairsLine(line)
		if !ok {
			continue
		}
		_, pair, _ := strings.Cut(name, "/")
		one, other, _ := strings.Cut(pair, "-")
		t.rows = append(t.rows, []string{name, strconv.FormatFloat(took[one], 'f', 1, 64) + " µs", strconv.FormatFloat(took[other], 'f', 1, 64) + " µs",
			strconv.FormatFloat(took["difference"], 'f', 1, 64) + " µs"})
		into.atMost("answers, "+name+": difference of medians in ms", took["difference"]/1000, mostApart)
	}
	if len(t.rows) != 4 {
		s.Fatalf("the benchmark of answers told %d pairs, not 4:\n%s", len(t.rows), out)
	}
	into.add(t)
}

// pairsLine reads a line of `go test -bench`: name, turns, then values with
// their units, of which those in µs are given.
func pairsLine(line string) (name string, took map[string]float64, ok bool) {
	words := strings.Fields(line)
	if len(words) < 4 {
		return "", nil, false
	}
	name, ok = strings.CutPrefix(words[0], "BenchmarkVerifyAnswerPairs/")
	if at := strings.LastIndexByte(name, '-'); at >= 0 {
		if _, err := strconv.Atoi(name[at+1:]); err == nil {
			name = name[:at] // the number of processors
		}
	}
	took = map[string]float64{}
	for i := 2; i+1 < len(words); i += 2 {
		value, err := strconv.ParseFloat(words[i], 64)
		if unit, micros := strings.CutSuffix(words[i+1], "-µs"); micros && err == nil {
			took[unit] = value
		}
	}
	return name, took, ok && len(took) == 3
}

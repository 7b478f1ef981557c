package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// realServers are those that the tests must have spoken to.
var realServers = []string{"samba", "slapd", "redis", "redis-sentinel", "redis-cluster", "postfix", "postgres", "sqlite"}

// reportTally prints how many tests used each server, from the lines
// (server, test binary, test) that they wrote. None may be 0.
func reportTally(path string) error {
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("reading the tally of servers: %w", err)
	}
	tests := map[string]int{}
	seen := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		if seen[line] {
			continue // one test that used a server twice
		}
		seen[line] = true
		server, _, _ := strings.Cut(line, "\t")
		tests[server]++
	}
	var missing []string
	fmt.Printf("%-14s %5s\n", "server", "tests")
	for _, server := range realServers {
		fmt.Printf("%-14s %5d\n", server, tests[server])
		if tests[server] == 0 {
			missing = append(missing, server)
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("no test used %s", strings.Join(missing, ", "))
	}
	return nil
}

package servers

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// Used notes that this test ran against a real server (samba, slapd, redis,
// redis-sentinel, redis-cluster, postfix, postgres or sqlite): `make test` ends with the count for each and fails when
// one is 0. The Start and Shared functions call it; tests of a store that has
// no server process, such as sqlite, call it themselves.
func Used(tb testing.TB, server string) {
	tb.Helper()
	path := os.Getenv("LATCHKEY_SERVER_TALLY")
	if path == "" {
		return
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o666)
	if err != nil {
		tb.Fatalf("opening the tally of servers: %v", err)
	}
	defer file.Close()
	// One write a line: several test binaries append at once.
	line := fmt.Sprintf("%s\t%s\t%s\n", server, filepath.Base(os.Args[0]), tb.Name())
	if _, err := file.WriteString(line); err != nil {
		tb.Fatalf("writing the tally of servers: %v", err)
	}
}

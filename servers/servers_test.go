package servers

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

func TestMain(m *testing.M) { Main(m) }

// groupMembers counts the processes of a group (field 5 of /proc/PID/stat, see
// proc(5)); zombies do not count.
func groupMembers(t *testing.T, group int) int {
	t.Helper()
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for _, stat := range stats {
		text, err := os.ReadFile(stat)
		if err != nil {
			continue // gone since
		}
		_, rest, _ := strings.Cut(string(text), ") ")
		fields := strings.Fields(rest)
		if fields[0] != "Z" && fields[2] == strconv.Itoa(group) {
			count++
		}
	}
	return count
}

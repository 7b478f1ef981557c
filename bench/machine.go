package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// machine says what the figures were measured of, and on.
func machine(took time.Duration) table {
	commit := output("git", "rev-parse", "--short=12", "HEAD")
	if output("git", "status", "--porcelain", "--untracked-files=no") != "" {
		commit += ", with changes that are not committed"
	}
	redis, _, _ := strings.Cut(strings.TrimPrefix(output("redis-server", "--version"), "Redis server "), " sha=")
	return table{head: []string{"", ""}, rows: [][]string{
		{"commit", commit}, {"date", time.Now().UTC().Format("2006-01-02 15:04 MST")}, {"took", took.Round(time.Second).String()},
		{"processor", field("/proc/cpuinfo", "model name") + fmt.Sprintf(", %d cores", runtime.NumCPU())},
		{"memory", field("/proc/meminfo", "MemTotal")}, {"load before", strings.Join(loadBefore[:], " ")},
		{"versions", runtime.Version() + "; " + slapdVersion() + "; Redis " + redis + "; Linux " + output("uname", "-r")},
	}}
}

// loadBefore is the load average of the minutes before, by which one sees
// whether the machine was quiet.
var loadBefore = func() [3]string {
	text, _ := os.ReadFile("/proc/loadavg")
	fields := append(strings.Fields(string(text)), "?", "?", "?")
	return [3]string{fields[0], fields[1], fields[2]}
}()

func slapdVersion() string {
	for _, path := range []string{"slapd", "/usr/sbin/slapd"} {
		out, _ := exec.Command(path, "-VV").CombinedOutput() // it says so, and exits with 1
		if _, rest, found := strings.Cut(string(out), "OpenLDAP: slapd "); found {
			version, _, _ := strings.Cut(rest, " (")
			return "OpenLDAP " + version
		}
	}
	return "OpenLDAP of unknown version"
}

func output(program string, args ...string) string {
	out, err := exec.Command(program, args...).Output()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(out))
}

// field is what stands behind the first line's colon that begins with key.
func field(file, key string) string {
	text, _ := os.ReadFile(file)
	for line := range strings.Lines(string(text)) {
		if name, value, found := strings.Cut(line, ":"); found && strings.TrimSpace(name) == key {
			return strings.TrimSpace(value)
		}
	}
	return "unknown"
}

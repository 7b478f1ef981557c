// Command testrun runs every test of the project, as `make test` does: the
// tests (with the race detector where the bot decides and stores), each fuzz
// target for a while, and the check of the payloads that the stand-in for Slack
// received. It ends with the count of tests per real server and one line
// `N passed, N failed, N skipped`. It knows nothing of what is tested. Run it in
// the project's root; `testrun fuzz` does the fuzz targets alone.
package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	began := time.Now()
	total, err := runAll(ctx, os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "testrun:", err)
		total.failed++
	}
	ci := os.Getenv("CI") != "" && os.Getenv("CI") != "false"
	if ci && total.skipped > 0 {
		fmt.Println("\nA skipped test proves nothing: under CI it fails the run.")
	}
	fmt.Printf("\nIt took %v.\n%s\n", time.Since(began).Round(time.Second), total)
	if total.failed > 0 || ci && total.skipped > 0 {
		os.Exit(1)
	}
}

// runAll returns what was counted so far along with an error.
func runAll(ctx context.Context, args []string) (count, error) {
	var total count
	packages, err := listPackages(ctx)
	if err != nil {
		return total, err
	}
	if len(args) == 1 && args[0] == "fuzz" {
		return fuzzAll(ctx, packages, orElse(os.Getenv("FUZZTIME"), "60s"))
	}
	if len(args) != 0 {
		return total, fmt.Errorf("usage: testrun [fuzz]")
	}
	files, err := prepare()
	if err != nil {
		return total, err
	}
	root, err := asRoot(ctx)
	if err != nil {
		return total, err
	}
	raced, plain := split(packages)
	for _, run := range []struct {
		packages []string
		flags    []string
		heading  string
	}{
		{raced, []string{"-race"}, "with the race detector"},
		{plain, nil, "without"},
		{[]string{"latchkey/bot"}, []string{"-run", "^TestTenThousand"}, "the longest of the bot, without"},
	} {
		if len(run.packages) == 0 {
			continue
		}
		fmt.Printf("\nTests, %s:\n", run.heading)
		counted, err := goTest(ctx, files, slices.Concat(root, run.flags, run.packages))
		total = total.plus(counted)
		if err != nil {
			return total, err
		}
	}
	fmt.Println("\nFuzz targets:")
	counted, err := fuzzAll(ctx, packages, "10s")
	total = total.plus(count{failed: counted.failed}) // their seeds were counted as tests
	if err != nil {
		return total, err
	}
	for _, c := range []checker{{"Slack", "blockkit-check", files.payloads}, {"Teams", "adaptivecard-check", files.cards}} {
		fmt.Println("\nPayloads sent to " + c.chat + ":")
		if err := c.check(ctx, os.Getenv("CHECKS")); err != nil {
			fmt.Println(err)
			total.failed++
		}
	}
	fmt.Println("\nTests per real server:")
	if err := reportTally(files.tally); err != nil {
		fmt.Println(err)
		total.failed++
	}
	return total, nil
}

// artifacts are what the tests leave for this program, below build/.
type artifacts struct {
	payloads, cards, tally string
}

// prepare empties them: what a former run left must not count for this one.
func prepare() (artifacts, error) {
	build, err := filepath.Abs("build")
	if err != nil {
		return artifacts{}, fmt.Errorf("finding the build folder: %w", err)
	}
	files := artifacts{payloads: filepath.Join(build, "payloads"), cards: filepath.Join(build, "cards"), tally: filepath.Join(build, "server-tally")}
	for _, path := range []string{files.payloads, files.cards, files.tally} {
		if err := os.RemoveAll(path); err != nil {
			return artifacts{}, fmt.Errorf("emptying the build folder: %w", err)
		}
	}
	for _, path := range []string{files.payloads, files.cards} {
		if err := os.MkdirAll(path, 0o755); err != nil {
			return artifacts{}, fmt.Errorf("making the build folder: %w", err)
		}
	}
	return files, nil
}

// asRoot is the flag of go test that lets test binaries, and nothing else, run
// as root: Samba and Postfix cannot start otherwise.
func asRoot(ctx context.Context) ([]string, error) {
	if os.Geteuid() == 0 {
		return nil, nil
	}
	ask := exec.CommandContext(ctx, "sudo", "-v")
	ask.Stdin, ask.Stderr = os.Stdin, os.Stderr // it may want a password, once
	if err := ask.Run(); err != nil {
		return nil, fmt.Errorf("samba and postfix start as root alone: run this as root, or as one who may use sudo (%w)", err)
	}
	script, err := filepath.Abs(filepath.Join("scripts", "as-root"))
	if err != nil {
		return nil, fmt.Errorf("finding scripts/as-root: %w", err)
	}
	return []string{"-exec=" + script}, nil
}

func orElse(value, fallback string) string {
	if value == "" {
		return fallback
	}
	return value
}

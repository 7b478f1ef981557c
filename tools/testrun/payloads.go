package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// checker judges what the stand-in for a chat received, by what the chat's own
// makers say of it.
type checker struct {
	chat     string
	name     string // of the checker's folder
	payloads string // the folder with what was received
}

// check runs the checker, which stands in the folder checks and needs Node.
func (c checker) check(ctx context.Context, checks string) error {
	if checks == "" {
		fmt.Println("NOT RUN: set CHECKS to the folder that holds " + c.name + ".")
		return nil
	}
	dumped, err := filepath.Glob(filepath.Join(c.payloads, "*.json"))
	if err != nil {
		return fmt.Errorf("looking for payloads: %w", err)
	}
	if len(dumped) == 0 {
		return fmt.Errorf("no payload was dumped into %s: the stories in e2e must send some", c.payloads)
	}
	// A copy, since the checker writes beside its own files.
	folder := filepath.Join("build", c.name)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return fmt.Errorf("making the checker's folder: %w", err)
	}
	steps := [][]string{
		{"cp", "-r", "--no-preserve=mode", filepath.Join(checks, c.name) + "/.", folder},
		// No lock file: it would hold the registry's address.
		{"npm", "install", "--prefix", folder, "--no-package-lock", "--no-audit", "--no-fund", "--silent"},
	}
	for _, step := range steps {
		if out, err := exec.CommandContext(ctx, step[0], step[1:]...).CombinedOutput(); err != nil {
			return fmt.Errorf("preparing the checker of payloads: %s: %w\n%s", strings.Join(step, " "), err, out)
		}
	}
	out, err := exec.CommandContext(ctx, "node", filepath.Join(folder, "check.mjs"), c.payloads).CombinedOutput()
	for line := range strings.Lines(string(out)) {
		if !strings.HasPrefix(line, "accepted ") {
			fmt.Print(line)
		}
	}
	if err != nil {
		return fmt.Errorf("the checker refuses what is listed above: %w", err)
	}
	return nil
}

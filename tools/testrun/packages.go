package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// testedPackage is what `go list -json` says of a package.
type testedPackage struct {
	ImportPath, Dir           string
	TestGoFiles, XTestGoFiles []string
}

func listPackages(ctx context.Context) ([]testedPackage, error) {
	list := exec.CommandContext(ctx, "go", "list", "-json=ImportPath,Dir,TestGoFiles,XTestGoFiles", "./...")
	list.Stderr = os.Stderr
	out, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("listing the packages: %w", err)
	}
	var packages []testedPackage
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p testedPackage
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			return packages, nil
		}
		if err != nil {
			return nil, fmt.Errorf("reading the list of packages: %w", err)
		}
		packages = append(packages, p)
	}
}

// raced are the parts where two goroutines or replicas may meet.
var raced = regexp.MustCompile(`^latchkey/(bot|flows|store)(/|$)`)

// split tells the packages to run with the race detector from the others.
func split(packages []testedPackage) (withRace, without []string) {
	for _, p := range packages {
		if raced.MatchString(p.ImportPath) {
			withRace = append(withRace, p.ImportPath)
		} else {
			without = append(without, p.ImportPath)
		}
	}
	return withRace, without
}

var fuzzFunction = regexp.MustCompile(`(?m)^func (Fuzz\w+)\(`)

// fuzzTargets finds them in the source, since `go test -list` links each
// package's test binary to say the same.
func (p testedPackage) fuzzTargets() ([]string, error) {
	var targets []string
	for _, name := range append(p.TestGoFiles, p.XTestGoFiles...) {
		text, err := os.ReadFile(filepath.Join(p.Dir, name))
		if err != nil {
			return nil, fmt.Errorf("looking for fuzz targets: %w", err)
		}
		for _, match := range fuzzFunction.FindAllSubmatch(text, -1) {
			targets = append(targets, string(match[1]))
		}
	}
	return targets, nil
}

package main

import (
	"fmt"
	"os"
	"slices"
	"testing"
)

// stand is to package servers what a test is: something that fails, and that
// cleans up at its end. The methods that it does not have are never called.
type stand struct {
	testing.TB
	cleanups []func()
	faults   []string
}

// failure ends a run; it never leaves run.
type failure struct{}

// run runs the measurement and cleans up, whatever happens.
func (s *stand) run(measure func()) (err error) {
	defer func() {
		for _, f := range slices.Backward(s.cleanups) {
			f()
		}
		p := recover()
		if _, ended := p.(failure); p != nil && !ended {
			panic(p)
		}
		if len(s.faults) > 0 {
			err = fmt.Errorf("%s", s.faults[0])
		}
	}()
	measure()
	return nil
}

func (s *stand) Helper()                   {}
func (s *stand) Name() string              { return "bench" }
func (s *stand) Cleanup(f func())          { s.cleanups = append(s.cleanups, f) }
func (s *stand) Error(args ...any)         { s.faults = append(s.faults, fmt.Sprint(args...)) }
func (s *stand) Errorf(f string, a ...any) { s.Error(fmt.Sprintf(f, a...)) }
func (s *stand) Fatal(args ...any)         { s.Error(args...); panic(failure{}) }
func (s *stand) Fatalf(f string, a ...any) { s.Errorf(f, a...); panic(failure{}) }

// TempDir is a private folder, gone at the end.
func (s *stand) TempDir() string {
	dir, err := os.MkdirTemp("", "lk-bench-")
	s.ok(err)
	s.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

func (s *stand) ok(err error) {
	if err != nil {
		s.Fatal(err)
	}
}

package demo_test

import (
	"strings"
	"testing"
	"time"

	"latchkey/cmd/latchkey/config"
	"latchkey/cmd/latchkey/demo"
	"latchkey/store/directory"
)

// What --print-config prints is a configuration that serve would take.
func TestPrintedConfigurationIsOneForServe(t *testing.T) {
	text := demo.PrintedConfiguration()
	if strings.ContainsAny(text, "\x00") || strings.Contains(text, `""`) {
		t.Errorf("something was not filled in:\n%s", text)
	}
	in := config.System(directory.Canonical)
	in.Getenv = demo.Getenv
	cfg, err := config.Parse("demo.yaml", []byte(text), in)
	if err != nil {
		t.Fatal(err)
	}
	if stop, _ := config.NotYet(cfg); len(stop) > 0 {
		t.Errorf("serve would stop: %v", stop)
	}
	policy, err := config.Policy(cfg, directory.Canonical)
	if err != nil {
		t.Fatal(err)
	}
	if len(policy.Roles) != 4 || len(policy.Stores) != 2 {
		t.Errorf("%d roles, %d stores", len(policy.Roles), len(policy.Stores))
	}
}

func TestClockMovesForwardOnly(t *testing.T) {
	var c demo.Clock
	var told time.Duration
	c.Follow(func(d time.Duration) { told += d })
	c.Advance(30 * time.Minute)
	c.Advance(-time.Hour)
	if ahead := time.Until(c.Now()); ahead < 29*time.Minute || ahead > 30*time.Minute {
		t.Errorf("the clock is %s ahead, not 30 minutes", ahead)
	}
	if told != 30*time.Minute {
		t.Errorf("followers were told of %s", told)
	}
}

// Two stages in one process, each with everything, and nothing left behind.
func TestStageComesDown(t *testing.T) {
	for range 2 {
		s, err := demo.Set(demo.Options{Listen: "127.0.0.1:0"})
		if err != nil {
			t.Fatal(err)
		}
		if text, dir := s.Configuration(); !strings.Contains(text, dir) || !strings.HasPrefix(s.URL, "http://127.0.0.1:") {
			t.Errorf("%s does not name %s", text, dir)
		}
		for range 2 {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}

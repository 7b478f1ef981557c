package main

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"latchkey/bot"
	"latchkey/cmd/latchkey/config"
)

// What people and directories wrote does not steer the administrator's terminal.
func TestPlain(t *testing.T) {
	for in, want := range map[string]string{
		"Zoë Tan 谭 – ✓":     "Zoë Tan 谭 – ✓",
		"a\x1b[2Jb":         "a\uFFFD[2Jb",
		"a\nb\tc\x00":       "a\uFFFDb\uFFFDc\uFFFD",
		"a\u202egnp.exe":    "a\uFFFDgnp.exe",
		"a\u200bb\u2028c":   "a\uFFFDb\uFFFDc",
		"broken \xff bytes": "broken \uFFFD bytes",
	} {
		if got := plain(in); got != want {
			t.Errorf("%q is shown as %q, want %q", in, got, want)
		}
	}
	if got := table([]string{"A", "B"}, [][]string{{"x\ty", "1"}, {"long cell", ""}}); got != "A          B\nx\uFFFDy        1\nlong cell\n" {
		t.Errorf("%q", got)
	}
}

// An error says a sentence, and its cause where a part is in trouble; what lies
// below is for no one else.
func TestProblem(t *testing.T) {
	away := &bot.Error{Kind: bot.Unavailable, Op: "search corp", Text: "The directory corp does not answer.", Err: errors.New("connection refused")}
	for _, c := range []struct {
		err  error
		want problem
	}{
		{away, problem{Kind: "unavailable", Text: "The directory corp does not answer.", Cause: "connection refused"}},
		{bot.E(bot.Internal, "enroll", away), problem{Kind: "internal", Text: "The directory corp does not answer.", Cause: "connection refused"}},
		{bot.Ef(bot.NotFound, "find", "No such person."), problem{Kind: "not_found", Text: "No such person."}},
		{&bot.Error{Kind: bot.Conflict, Text: "Bound already.", Err: errors.New("row 7")}, problem{Kind: "conflict", Text: "Bound already."}},
		{errors.New("disk full"), problem{Kind: "internal", Text: "disk full"}},
	} {
		got := problemOf(c.err)
		if got.Kind != c.want.Kind || got.Text != c.want.Text || got.Cause != c.want.Cause {
			t.Errorf("%v: %+v, want %+v", c.err, got, c.want)
		}
	}
	p := problemOf(bot.E(bot.Invalid, "read", config.Faults{{File: "f", Line: 2, Key: "a", What: "is wrong", Mend: "mend it"}}))
	var out bytes.Buffer
	(&program{err: &out}).fail(p)
	if out.String() != "f:2: a: is wrong; mend it\n" {
		t.Errorf("%q", out.String())
	}
}

func TestClockFinding(t *testing.T) {
	for ahead, want := range map[time.Duration]bot.Level{
		0: bot.LevelOK, 2 * time.Second: bot.LevelOK, -2 * time.Second: bot.LevelOK,
		15 * time.Second: bot.LevelWarning, -time.Minute: bot.LevelWarning, 6 * time.Minute: bot.LevelFault, -time.Hour: bot.LevelFault,
	} {
		f := judge(ahead)
		if f.Level != want || (f.Mend == "") != (want == bot.LevelOK) {
			t.Errorf("%v ahead: %+v", ahead, f)
		}
		if ahead < -clockWarning && !strings.Contains(f.What, "behind") || ahead > clockWarning && !strings.Contains(f.What, "ahead of") {
			t.Errorf("%v ahead: %s", ahead, f.What)
		}
	}
}

// Times are said as dates, as moments, or as how long ago.
func TestMoment(t *testing.T) {
	now := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	p := program{now: func() time.Time { return now }}
	for in, want := range map[string]time.Time{
		"": {}, "2026-11-29T08:00:00Z": time.Date(2026, 11, 29, 8, 0, 0, 0, time.UTC),
		"2026-11-29T08:00:00+02:00": time.Date(2026, 11, 29, 6, 0, 0, 0, time.UTC),
		"2026-11-29":                time.Date(2026, 11, 29, 0, 0, 0, 0, time.Local),
		"2026-11-29 08:30:00":       time.Date(2026, 11, 29, 8, 30, 0, 0, time.Local),
		"24h":                       now.Add(-24 * time.Hour), "30d": now.Add(-30 * 24 * time.Hour),
	} {
		got, err := p.moment("--since", in)
		if err != nil || !got.Equal(want) {
			t.Errorf("%q is %v, %v", in, got, err)
		}
	}
	for _, in := range []string{"yesterday", "2026-13-01", "-1h", "1h ago", " 24h"} {
		if _, err := p.moment("--since", in); !errors.Is(err, errUsage) {
			t.Errorf("%q: %v", in, err)
		}
	}
}

// On a terminal the QR code comes with the address; the output for a program
// is the address alone.
func TestEnrollOnTerminal(t *testing.T) {
	s := newStage(t)
	work := t.TempDir()
	t.Chdir(work)
	for name, value := range s.environment(work) {
		t.Setenv(name, value)
	}
	t.Setenv("LISTEN", ":0")
	t.Setenv("ADMIN", "127.0.0.1:0")
	if err := os.WriteFile("latchkey.yaml", []byte(testConfiguration), 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(terminal bool, args ...string) string {
		t.Helper()
		var out, errs bytes.Buffer
		p := &program{out: &out, err: &errs, now: time.Now, terminal: terminal}
		if code := p.run(t.Context(), append(args, "--config", "latchkey.yaml")); code != exitDone {
			t.Fatalf("%v: exit %d: %s", args, code, &errs)
		}
		return out.String()
	}
	run(true, "keys", "new")
	shown := run(true, "enroll", "add", "--store", "corp", "--user", s.people["MEI"], "--type", "authenticator")
	if !strings.Contains(shown, "█") || strings.Count(shown, "otpauth://") != 1 || !strings.Contains(shown, "counts at once") {
		t.Errorf("on a terminal:\n%s", shown)
	}
	if piped := run(false, "enroll", "add", "--store", "corp", "--user", s.people["KAI"], "--type", "authenticator"); strings.Contains(piped, "█") || !strings.HasPrefix(piped, "otpauth://") {
		t.Errorf("for a program:\n%s", piped)
	}
}

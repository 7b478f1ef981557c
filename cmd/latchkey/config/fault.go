package config

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Fault is one thing that is wrong with a configuration. It never holds a
// value from the environment, a file, or a key that is meant for a secret.
type Fault struct {
	File string `json:"file"`
	Line int    `json:"line"` // from 1; 0: the file as a whole
	Key  string `json:"key"`  // roles[0].helpdesk_policy.mode; empty: the file as a whole
	What string `json:"what"` // is wrong
	Mend string `json:"mend"` // how to
}

// Error gives "file:line: key: what is wrong; how to mend it".
func (f Fault) Error() string {
	var b strings.Builder
	b.WriteString(f.File)
	if f.Line > 0 {
		b.WriteString(":" + strconv.Itoa(f.Line))
	}
	b.WriteString(": ")
	if f.Key != "" {
		b.WriteString(f.Key + ": ")
	}
	b.WriteString(f.What)
	if f.Mend != "" {
		b.WriteString("; " + f.Mend)
	}
	return b.String()
}

// Faults are all faults of a configuration, by line.
type Faults []Fault

// Error gives one line each.
func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i := range f {
		lines[i] = f[i].Error()
	}
	return strings.Join(lines, "\n")
}

func (f Faults) sort() {
	slices.SortStableFunc(f, func(a, b Fault) int { return cmp.Compare(a.Line, b.Line) })
}

// source says where the values of a configuration stand, and collects what is
// wrong with them.
type source struct {
	file   string
	lines  map[string]int  // by key: where it is written
	bad    map[string]bool // keys that have a fault: later checks leave them alone
	faults Faults
}

// has reports whether the key is written in the file.
func (s *source) has(key string) bool { return s.lines[key] > 0 }

// sound reports whether the key is written and nothing is wrong with it so far.
func (s *source) sound(key string) bool { return s.has(key) && !s.bad[key] }

// line gives where a key is written; for one that is not, its nearest parent.
func (s *source) line(key string) int {
	for key != "" && s.lines[key] == 0 {
		key = key[:max(0, strings.LastIndexAny(key, ".["))]
	}
	return s.lines[key]
}

// fault notes one. problem is "what is wrong; how to mend it": the first
// semicolon of the format parts the two, whatever the values hold.
func (s *source) fault(key, problem string, args ...any) {
	s.faultAt(s.line(key), key, problem, args...)
}

func (s *source) faultAt(line int, key, problem string, args ...any) {
	const parting = "\x00"
	f := Fault{File: s.file, Line: line, Key: key}
	text := fmt.Sprintf(strings.Replace(problem, "; ", parting, 1), args...)
	if what, mend, ok := strings.Cut(text, parting); ok {
		f.What, f.Mend = what, mend
	} else if i := strings.LastIndex(text, "; "); i >= 0 { // an argument is the whole problem
		f.What, f.Mend = text[:i], text[i+2:]
	} else {
		f.What = text
	}
	s.faults = append(s.faults, f)
	s.bad[key] = true
}

// quote shows a value as it stands in the file, cut where it is long.
func quote(s string) string {
	const most = 60
	if utf8.RuneCountInString(s) > most {
		s = string([]rune(s)[:most]) + "…"
	}
	return strconv.Quote(s)
}

package main

import (
	"strings"
	"testing"
)

func TestReadEvents(t *testing.T) {
	for _, c := range []struct {
		name, events string
		want         count
		shows        []string
		hides        []string
	}{
		{
			name: "passing",
			events: `{"Action":"run","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Test":"TestA","Output":"quiet\n"}
{"Action":"pass","Package":"p","Test":"TestA/sub"}
{"Action":"pass","Package":"p","Test":"TestA"}
{"Action":"pass","Package":"p","Elapsed":1.26}`,
			want: count{passed: 1}, shows: []string{"ok    p  1 tests  1.3s"}, hides: []string{"quiet"},
		},
		{
			name: "failing",
			events: `{"Action":"output","Package":"p","Test":"TestA/sub","Output":"loud\n"}
{"Action":"fail","Package":"p","Test":"TestA/sub"}
{"Action":"fail","Package":"p","Test":"TestA"}
{"Action":"fail","Package":"p"}`,
			want: count{failed: 1}, shows: []string{"loud", "FAIL  p"},
		},
		{
			name: "not compiling",
			events: `{"ImportPath":"p [p.test]","Action":"build-output","Output":"p.go:1: broken\n"}
{"ImportPath":"p [p.test]","Action":"build-fail"}
{"Action":"fail","Package":"p","FailedBuild":"p [p.test]"}`,
			want: count{failed: 1}, shows: []string{"broken", "FAIL  p"},
		},
		{
			name: "panicking in the middle",
			events: `{"Action":"run","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Test":"TestA","Output":"panic: timed out\n"}
{"Action":"fail","Package":"p"}`,
			want: count{failed: 1}, shows: []string{"panic: timed out"},
		},
		{
			name: "a skipped subtest",
			events: `{"Action":"output","Package":"p","Test":"TestA/sub","Output":"no server\n"}
{"Action":"skip","Package":"p","Test":"TestA/sub"}
{"Action":"pass","Package":"p","Test":"TestA"}
{"Action":"pass","Package":"p"}`,
			want: count{passed: 1, skipped: 1}, shows: []string{"no server"},
		},
		{
			name:   "no tests",
			events: `{"Action":"skip","Package":"p"}`,
			shows:  []string{"p  has no tests"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out strings.Builder
			got, err := readEvents(strings.NewReader(c.events), &out)
			if err != nil {
				t.Fatal(err)
			}
			if got != c.want {
				t.Errorf("counted %v, expected %v", got, c.want)
			}
			for _, text := range c.shows {
				if !strings.Contains(out.String(), text) {
					t.Errorf("%q does not show %q", out.String(), text)
				}
			}
			for _, text := range c.hides {
				if strings.Contains(out.String(), text) {
					t.Errorf("%q shows %q", out.String(), text)
				}
			}
		})
	}
}

func TestReadEventsRefusesGarbage(t *testing.T) {
	if _, err := readEvents(strings.NewReader("not json"), &strings.Builder{}); err == nil {
		t.Error("garbage was read without an error")
	}
}

package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// results are the tables of the page, and the bounds.
type results struct {
	tables []table
	bounds []bound
}

type table struct {
	title, about string
	head         []string
	rows         [][]string
}

// bound is something that has to hold.
type bound struct {
	what      string
	got, most float64
}

func (r *results) add(t table) { r.tables = append(r.tables, t) }
func (r *results) atMost(what string, got, most float64) {
	r.bounds = append(r.bounds, bound{what, got, most})
}
func (b bound) holds() bool { return b.got <= b.most }
func (r *results) missed() bool {
	return slices.ContainsFunc(r.bounds, func(b bound) bool { return !b.holds() })
}

func (t table) text() string {
	var out strings.Builder
	line := func(cells []string) { out.WriteString("| " + strings.Join(cells, " | ") + " |\n") }
	line(t.head)
	rule := []string{"---"}
	for range t.head[1:] {
		rule = append(rule, "---:")
	}
	line(rule)
	for _, row := range t.rows {
		line(row)
	}
	return out.String()
}

func (r *results) boundsTable() table {
	t := table{title: "Bounds", about: "`make bench` fails where one is missed.", head: []string{"", "measured", "at most", ""}}
	for _, b := range r.bounds {
		word := "holds"
		if !b.holds() {
			word = "**missed**"
		}
		t.rows = append(t.rows, []string{b.what, fmt.Sprintf("%.2f", b.got), fmt.Sprintf("%.2f", b.most), word})
	}
	return t
}

func (r *results) text(took time.Duration) string {
	var out strings.Builder
	out.WriteString("# Benchmarks\n\n`make bench` measures and rewrites this page. What is bare does the same work with the libraries alone; both run on\n" +
		"the same machine in turns, one after the other in each pair, and a ratio is the median over the pairs.\n\n")
	out.WriteString(machine(took).text())
	for _, t := range append([]table{r.boundsTable()}, r.tables...) {
		out.WriteString("\n## " + t.title + "\n\n")
		if t.about != "" {
			out.WriteString(t.about + "\n\n")
		}
		out.WriteString(t.text())
	}
	return out.String()
}

func (r *results) summary() string {
	var out strings.Builder
	for _, t := range append(slices.Clone(r.tables), r.boundsTable()) {
		out.WriteString("\n" + t.title + "\n" + t.text())
	}
	return out.String()
}

// median of some; the lower one of two in the middle.
func median[T float64 | time.Duration](all []T) T {
	if len(all) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(all))
	return sorted[(len(sorted)-1)/2]
}

// at gives the value below which the share of all is.
func at(all []time.Duration, share float64) time.Duration {
	if len(all) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(all))
	return sorted[min(len(sorted)-1, int(share*float64(len(sorted))))]
}

func milli(d time.Duration) string {
	return fmt.Sprintf("%.2f ms", float64(d)/float64(time.Millisecond))
}
func micro(d time.Duration) string {
	return fmt.Sprintf("%.1f µs", float64(d)/float64(time.Microsecond))
}
func mega(bytes int64) string { return fmt.Sprintf("%.0f", float64(bytes)/1e6) }
func times(f float64) string  { return fmt.Sprintf("%.2f", f) }

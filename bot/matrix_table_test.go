package bot_test

import (
	"fmt"
	"slices"
	"strings"
)

// This file and matrix_oracle_test.go are the second statement of the rules.
// They know nothing of the program: TestMatrixIsIndependent holds them to it.

// rulebook is the file of rules, by the title of each section.
type rulebook map[string]rules

// rules is the table of one section.
type rules struct {
	columns []string
	rows    []rule
}

// rule is one row of a table.
type rule struct {
	line  int
	when  []condition
	cells map[string]string
}

// condition holds where what is named is one of the values, or is none of them.
type condition struct {
	name   string
	values []string
	not    bool
}

// readRules reads the tables of a Markdown text: one in each section.
func readRules(text string) (rulebook, error) {
	book := make(rulebook)
	title := ""
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if after, ok := strings.CutPrefix(line, "## "); ok {
			title = after
		}
		if !strings.HasPrefix(line, "|") || strings.HasPrefix(line, "| ---") {
			continue
		}
		cells := cellsOf(line)
		table := book[title]
		if table.columns == nil {
			table.columns = cells
		} else {
			r, err := readRule(table.columns, cells, i+1)
			if err != nil {
				return nil, err
			}
			table.rows = append(table.rows, r)
		}
		book[title] = table
	}
	return book, nil
}

func cellsOf(line string) []string {
	var cells []string
	for _, c := range strings.Split(strings.Trim(line, "|"), "|") {
		cells = append(cells, strings.TrimSpace(c))
	}
	return cells
}

func readRule(columns, cells []string, line int) (rule, error) {
	if len(cells) != len(columns) {
		return rule{}, fmt.Errorf("line %d has %d cells, its table %d columns", line, len(cells), len(columns))
	}
	r := rule{line: line, cells: make(map[string]string, len(cells))}
	for i, c := range cells {
		r.cells[columns[i]] = c
	}
	for _, part := range strings.Split(r.cells["if"], ";") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		name, values, is := strings.Cut(part, " = ")
		if !is {
			if name, values, is = strings.Cut(part, " ≠ "); !is {
				return rule{}, fmt.Errorf("line %d: %q is no condition", line, part)
			}
		}
		r.when = append(r.when, condition{name: name, values: listOf(values), not: !strings.Contains(part, " = ")})
	}
	return r, nil
}

// listOf reads what a cell lists.
func listOf(cell string) []string {
	if cell == "" {
		return nil
	}
	return strings.Split(cell, ", ")
}

// row is one case of the matrix: a value for each name of 'What varies'.
type row struct {
	ordinary map[string]string // the first value of each name
	unusual  map[string]string // what differs from it
}

func (r row) get(name string) string {
	if v, ok := r.unusual[name]; ok {
		return v
	}
	return r.ordinary[name]
}

// but gives the row with other values.
func (r row) but(values map[string]string) row {
	unusual := make(map[string]string, len(r.unusual)+len(values))
	for _, some := range []map[string]string{r.unusual, values} {
		for n, v := range some {
			if unusual[n] = v; v == r.ordinary[n] {
				delete(unusual, n)
			}
		}
	}
	return row{r.ordinary, unusual}
}

// String names what is unusual of it.
func (r row) String() string {
	var out []string
	for n, v := range r.unusual {
		out = append(out, n+" = "+v)
	}
	slices.Sort(out)
	return strings.Join(out, "; ")
}

// scope is a row and, in front of it, what is known of a part of the case.
type scope struct {
	row   row
	outer *scope
	name  string
	value string
}

func (s *scope) with(name, value string) *scope {
	return &scope{row: s.row, outer: s, name: name, value: value}
}

func (s *scope) get(name string) string {
	for at := s; at != nil; at = at.outer {
		if at.name == name {
			return at.value
		}
	}
	return s.row.get(name)
}

func (c condition) holds(s *scope) bool { return slices.Contains(c.values, s.get(c.name)) != c.not }

// first gives the cells of the first row of a table that holds, or nil.
func (b rulebook) first(title string, s *scope) map[string]string {
	for _, r := range b[title].rows {
		if !slices.ContainsFunc(r.when, func(c condition) bool { return !c.holds(s) }) {
			return r.cells
		}
	}
	return nil
}

// at gives the cells of the row whose first cell is the value, or nil.
func (b rulebook) at(title, value string) map[string]string {
	t := b[title]
	for _, r := range t.rows {
		if r.cells[t.columns[0]] == value {
			return r.cells
		}
	}
	return nil
}

// flaws are names and values that no table knows: a condition with a misspelt
// one would never hold, and nobody would see it.
func (b rulebook) flaws(derived map[string][]string) []string {
	known := make(map[string][]string)
	for _, r := range b["What varies"].rows {
		known[r.cells["name"]] = strings.Split(r.cells["values"], " / ")
	}
	for name, values := range derived {
		known[name] = values
	}
	var out []string
	for title, t := range b {
		for _, r := range t.rows {
			for _, c := range r.when {
				for _, v := range c.values {
					if !slices.Contains(known[c.name], v) {
						out = append(out, fmt.Sprintf("%s, line %d: %s is never %q", title, r.line, c.name, v))
					}
				}
			}
		}
	}
	return out
}

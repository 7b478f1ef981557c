package flows

import (
	"fmt"
	"slices"
	"strings"
)

// Transition is one arrow of a conversation. From "" means a new record.
type Transition struct {
	From State
	On   EventKind
	To   State
}

// Table is all arrows of a conversation; what is not in it does not happen.
type Table []Transition

// Allows reports whether the arrow is in the table.
func (t Table) Allows(from State, on EventKind, to State) bool {
	return slices.Contains(t, Transition{from, on, to})
}

// Knows reports whether the state has any arrow for the event.
func (t Table) Knows(from State, on EventKind) bool {
	return slices.ContainsFunc(t, func(a Transition) bool { return a.From == from && a.On == on })
}

// Mermaid draws the table as a state diagram, one line for each pair of
// states, in the order of the table.
func (t Table) Mermaid() string {
	type pair struct{ from, to State }
	var order []pair
	on := make(map[pair][]string)
	for _, a := range t {
		p := pair{a.From, a.To}
		if on[p] == nil {
			order = append(order, p)
		}
		on[p] = append(on[p], string(a.On))
	}
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n")
	for _, p := range order {
		from := string(p.from)
		if from == "" {
			from = "[*]"
		}
		fmt.Fprintf(&b, "    %s --> %s: %s\n", from, p.to, strings.Join(on[p], ", "))
	}
	for _, s := range t.ends() {
		fmt.Fprintf(&b, "    %s --> [*]\n", s)
	}
	return b.String()
}

// final reports whether no arrow leaves the state for another.
func (t Table) final(s State) bool { return slices.Contains(t.ends(), s) }

// ends are the states that no arrow leaves for another.
func (t Table) ends() []State {
	var out []State
	for _, a := range t {
		left := slices.ContainsFunc(t, func(b Transition) bool { return b.From == a.To && b.To != b.From })
		if !left && !slices.Contains(out, a.To) {
			out = append(out, a.To)
		}
	}
	return out
}

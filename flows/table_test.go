package flows_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"latchkey/flows"
)

func doors() flows.Table {
	return flows.Table{
		{From: "", On: "begin", To: "Closed"},
		{From: "Closed", On: "open", To: "Open"},
		{From: "Closed", On: "push", To: "Open"},
		{From: "Open", On: "close", To: "Closed"},
		{From: "Open", On: "break", To: "Broken"},
		{From: "Broken", On: "look", To: "Broken"},
	}
}

func TestTable(t *testing.T) {
	table := doors()
	for _, c := range []struct {
		from, to      flows.State
		on            flows.EventKind
		allows, knows bool
	}{
		{"", "Closed", "begin", true, true},
		{"Closed", "Open", "push", true, true},
		{"Closed", "Broken", "push", false, true},
		{"Open", "Closed", "open", false, false},
		{"Open", "Open", "", false, false},
		{"Nowhere", "Open", "open", false, false},
		{"closed", "Open", "open", false, false},
	} {
		if got := table.Allows(c.from, c.on, c.to); got != c.allows {
			t.Errorf("%q on %q to %q: allowed %v", c.from, c.on, c.to, got)
		}
		if got := table.Knows(c.from, c.on); got != c.knows {
			t.Errorf("%q on %q: known %v", c.from, c.on, got)
		}
	}
}

func TestMermaid(t *testing.T) {
	want := `stateDiagram-v2
    [*] --> Closed: begin
    Closed --> Open: open, push
    Open --> Closed: close
    Open --> Broken: break
    Broken --> Broken: look
    Broken --> [*]
`
	if diff := cmp.Diff(want, doors().Mermaid()); diff != "" {
		t.Errorf("diagram (-want +got):\n%s", diff)
	}
	if got := (flows.Table{}).Mermaid(); got != "stateDiagram-v2\n" {
		t.Errorf("an empty table draws %q", got)
	}
}

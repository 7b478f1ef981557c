package unlock

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"latchkey/flows"
)

// TestPagesKeepTheRules: what package flows says of a page holds for each.
func TestPagesKeepTheRules(t *testing.T) {
	for name, p := range pages() {
		for _, fault := range faults(p) {
			t.Errorf("%s: %s", name, fault)
		}
	}
}

// faults says what is wrong with a page, by the comments in package flows.
func faults(p flows.Page) []string {
	var out []string
	fault := func(bad bool, format string, args ...any) {
		if bad {
			out = append(out, fmt.Sprintf(format, args...))
		}
	}
	fault(p.ID == "", "no id")
	fault(p.Title == "" || runes(p.Title) > 24, "title %q", p.Title)
	fault(runes(p.Close) > 24, "close %q", p.Close)
	fault(len(p.Blocks) == 0, "nothing on it")
	fault(p.Keeps && p.Close == "", "closing keeps the case, and nothing closes")
	if p.Submit != nil {
		fault(runes(p.Submit.Label) > 24, "submit %q", p.Submit.Label)
		out = append(out, buttonFaults(*p.Submit)...)
	}
	fields := make(map[string]bool)
	for i, b := range p.Blocks {
		fault(parts(b) != 1, "block %d has %d parts", i, parts(b))
		fault(len(b.Facts) > 10, "%d facts", len(b.Facts))
		fault(len(b.Buttons) > 5, "%d buttons in a row", len(b.Buttons))
		for _, button := range b.Buttons {
			out = append(out, buttonFaults(button)...)
		}
		for _, f := range b.Facts {
			fault(f.Label == "" || f.Value.Plain() == "", "fact %q is empty", f.Label)
		}
		if b.Text != nil {
			fault(b.Text.ID == "" || strings.TrimSpace(b.Text.Said.Plain()) == "", "text %q is empty", b.Text.ID)
			fault(strings.Contains(b.Text.Said.Plain(), ".."), "text %q ends twice: %s", b.Text.ID, b.Text.Said.Plain())
		}
		if b.Row != nil {
			fault(b.Row.Title == "", "a row without a title")
			if b.Row.Button != nil {
				out = append(out, buttonFaults(*b.Row.Button)...)
			}
		}
		if in := b.Input; in != nil {
			fault(in.Field == "" || in.Label == "" || fields[in.Field], "field %q, label %q", in.Field, in.Label)
			fault(in.Max > 3000 || in.Max > 0 && runes(in.Initial) > in.Max, "field %q begins with %d runes of %d", in.Field, runes(in.Initial), in.Max)
			fault(p.Submit == nil, "an input and no submit")
			fields[in.Field] = true
		}
		if m := b.Menu; m != nil {
			fault(m.Field == "" || m.Label == "" || fields[m.Field] || p.Submit == nil, "menu %q, label %q", m.Field, m.Label)
			fault(len(m.Options) < 1 || len(m.Options) > 100, "%d options", len(m.Options))
			fields[m.Field] = true
			checked := 0
			for _, o := range m.Options {
				fault(o.Label == "" || runes(o.Label) > 75 || o.Row < 0, "option %d %q", o.Row, o.Label)
				if o.Checked {
					checked++
				}
			}
			fault(checked != 1, "%d options of menu %q are chosen", checked, m.Field)
		}
		if c := b.Choices; c != nil {
			fault(len(c.Options) < 1 || len(c.Options) > 10, "%d check boxes", len(c.Options))
			for _, o := range c.Options {
				fault(o.Label == "" || runes(o.Label) > 75 || runes(o.Detail) > 75 || o.Row < 0, "check box %d %q", o.Row, o.Label)
			}
		}
	}
	return out
}

func runes(s string) int { return utf8.RuneCountInString(s) }

func parts(b flows.Block) int {
	n := 0
	for _, set := range []bool{b.Text != nil, len(b.Facts) > 0, len(b.Buttons) > 0, b.Row != nil, b.Input != nil, b.Choices != nil, b.Menu != nil, b.Wait != nil, b.Divider} {
		if set {
			n++
		}
	}
	return n
}

func buttonFaults(b flows.Button) []string {
	var out []string
	if b.Label == "" || runes(b.Label) > 75 || runes(b.Name) > 75 {
		out = append(out, fmt.Sprintf("button %q, %q", b.Label, b.Name))
	}
	if b.Kind == "" || b.Row < 0 || b.Type != "" && !b.Type.Valid() {
		out = append(out, fmt.Sprintf("button %q makes %q of row %d, type %q", b.Label, b.Kind, b.Row, b.Type))
	}
	return out
}

// TestNothingSecretOnPages: no address as a whole, no id of the directory or
// the ledger, no seed and no stored lock value stands on a page.
func TestNothingSecretOnPages(t *testing.T) {
	secrets := []string{"secret.address", "mei.private", "private@", "+15550199", "seed", meiLin().ID.GUID, inLab(meiLin()).ID.GUID,
		string(meiLin().DN), "dc=corp", `"o1"`, `"o2"`, `"e1"`, `"134"`}
	for name, p := range pages() {
		data, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range secrets {
			if strings.Contains(string(data), s) {
				t.Errorf("%s shows %q", name, s)
			}
		}
	}
}

// TestTextIDs: an id means one thing: the same tone wherever it stands, and on
// the pages that the list names. Who changes the list changes what tests and
// translators rely on.
func TestTextIDs(t *testing.T) {
	tones := make(map[string]flows.Tone)
	on := make(map[string]map[string]bool)
	made := pages()
	for _, name := range slices.Sorted(maps.Keys(made)) {
		for _, b := range made[name].Blocks {
			if b.Text == nil {
				continue
			}
			id := b.Text.ID
			if tone, known := tones[id]; known && tone != b.Text.Tone {
				t.Errorf("%s is %q on %s and %q elsewhere", id, b.Text.Tone, name, tone)
			}
			tones[id] = b.Text.Tone
			if on[id] == nil {
				on[id] = make(map[string]bool)
			}
			on[id][string(made[name].ID)] = true
		}
	}
	var list bytes.Buffer
	for _, id := range slices.Sorted(maps.Keys(tones)) {
		fmt.Fprintf(&list, "%s (%s): %s\n", id, tones[id], strings.Join(slices.Sorted(maps.Keys(on[id])), ", "))
	}
	golden(t, filepath.Join("testdata", "text_ids.txt"), list.Bytes())
}

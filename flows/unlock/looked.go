package unlock

import (
	"strconv"
	"strings"

	"latchkey/bot"
	"latchkey/flows"
)

// looked is what a search looks for. An agent types it, or chooses it from
// menus; both come to the same.
type looked struct {
	Text       string               `json:"text,omitempty"`
	Store      string               `json:"store,omitempty"` // "": all that the role acts on
	Enrollment bot.EnrollmentFilter `json:"enrollment,omitzero"`
	Locked     bool                 `json:"locked,omitempty"`
}

func (l looked) search(offset, limit int) bot.Search {
	s := bot.Search{Text: l.Text, Enrollment: l.Enrollment, Locked: l.Locked, Offset: offset, Limit: limit}
	if l.Store != "" {
		s.Stores = []string{l.Store}
	}
	return s
}

// words say what was looked for, as the end of a sentence.
func (l looked) words() string {
	var parts []string
	if l.Text != "" {
		parts = append(parts, "for “"+clip(l.Text, 80)+"”")
	}
	if l.Store != "" {
		parts = append(parts, "in "+l.Store)
	}
	if w := enrollmentWords(l.Enrollment); w != "" {
		parts = append(parts, w)
	}
	return strings.Join(parts, " ")
}

func enrollmentWords(f bot.EnrollmentFilter) string {
	what := "any type"
	if f.Type != "" {
		what = f.Type.Name()
	}
	switch {
	case f == bot.EnrollmentFilter{}:
		return ""
	case f.Not && f.Type == "":
		return "not enrolled"
	case f.Not:
		return "not enrolled with " + what
	}
	return "enrolled with " + what
}

// The words that narrow a search down, before their value.
const (
	inWord      = "in:"
	withWord    = "with:"
	withoutWord = "without:"
)

// readLooked reads what was typed: in:STORE, with:TYPE and without:TYPE narrow
// the search down, and all else is part of a name. why, where set, says which of
// them means nothing here.
func readLooked(typed string, stores []string) (l looked, why string) {
	var text []string
	for _, word := range strings.Fields(typed) {
		switch {
		case strings.HasPrefix(word, inWord):
			if l.Store = storeNamed(word[len(inWord):], stores); l.Store == "" {
				why = "Your role acts on no identity store of the name “" + clip(word[len(inWord):], 80) + "”. It acts on " + flows.Join(stores) + "."
			}
		case strings.HasPrefix(word, withWord), strings.HasPrefix(word, withoutWord):
			before, name, _ := strings.Cut(word, ":")
			l.Enrollment = bot.EnrollmentFilter{Type: bot.Type(strings.ToLower(name)), Not: before+":" == withoutWord}
			if !l.Enrollment.Type.Valid() {
				l.Enrollment = bot.EnrollmentFilter{}
				why = "There is no authentication type “" + clip(name, 80) + "”. There are " + typeIDs() + "."
			}
		default:
			text = append(text, word)
		}
	}
	l.Text = strings.Join(text, " ")
	return l, why
}

func storeNamed(name string, stores []string) string {
	for _, s := range stores {
		if strings.EqualFold(s, name) {
			return s
		}
	}
	return ""
}

func typeIDs() string {
	var ids []string
	for _, t := range bot.Types() {
		ids = append(ids, string(t))
	}
	return flows.Join(ids)
}

// filters are what the menu of enrollments offers, in its order.
func filters() []bot.EnrollmentFilter {
	all := []bot.EnrollmentFilter{{}}
	for _, t := range bot.Types() {
		all = append(all, bot.EnrollmentFilter{Type: t})
	}
	for _, t := range bot.Types() {
		all = append(all, bot.EnrollmentFilter{Type: t, Not: true})
	}
	return append(all, bot.EnrollmentFilter{Not: true})
}

// narrow adds what was chosen from the menus, where nothing typed says otherwise.
func (l looked) narrow(fields map[string]string, stores []string) looked {
	if row, ok := chosen(fields, fieldStore); ok && l.Store == "" && row >= 1 && row <= len(stores) {
		l.Store = stores[row-1]
	}
	all := filters()
	if row, ok := chosen(fields, fieldEnrollment); ok && l.Enrollment == (bot.EnrollmentFilter{}) && row < len(all) {
		l.Enrollment = all[row]
	}
	return l
}

func chosen(fields map[string]string, field string) (row int, ok bool) {
	row, err := strconv.Atoi(fields[field])
	return row, err == nil && row >= 0
}

// menus offer the stores, where there are several, and the enrollments.
func (l looked) menus(stores []string) []flows.Block {
	var blocks []flows.Block
	if len(stores) > 1 {
		m := flows.Menu{Field: fieldStore, Label: "Identity store", Options: []flows.Option{{Label: "All of them", Checked: l.Store == ""}}}
		for i, s := range stores[:min(len(stores), 99)] {
			m.Options = append(m.Options, flows.Option{Row: i + 1, Label: clip(s, 75), Checked: l.Store == s})
		}
		blocks = append(blocks, flows.Block{Menu: &m})
	}
	m := flows.Menu{Field: fieldEnrollment, Label: "Enrollment"}
	for i, f := range filters() {
		label := "Any, or none"
		if w := enrollmentWords(f); w != "" {
			label = capital(w)
		}
		m.Options = append(m.Options, flows.Option{Row: i, Label: label, Checked: f == l.Enrollment})
	}
	return append(blocks, flows.Block{Menu: &m})
}

package directory

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"latchkey/bot"
)

// matching is how a search compares an attribute: an index serves some ways only.
type matching int

const (
	whole    matching = iota // the value
	inside                   // part of the value
	presence                 // that there is one
)

// want is an attribute that is searched by in a way.
type want struct {
	attribute string
	matching
}

// wants are all of them: those of Find, of Lookup, and of the dialect.
func (s *Store) wants() []want {
	out := s.dialect.wants()
	for _, f := range []bot.Field{bot.FieldLogin, bot.FieldMail, bot.FieldUPN, bot.FieldLink} {
		if a := s.names.field(f); a != "" {
			out = append(out, want{a, whole})
		}
	}
	for _, a := range s.names.searched() {
		out = append(out, want{a, inside})
	}
	return out
}

// indexed is what a server says of its indexes.
type indexed struct {
	has  func(want) bool
	mend func(missing []want) string // how to make those that are missing
}

// indexes warns of attributes without the index that a search needs: the
// server then looks at every account, which is slow where there are thousands.
func (r *report) indexes(ctx context.Context, c *connection) error {
	all := r.store.wants()
	there, err := r.store.dialect.indexed(ctx, c)
	if err != nil {
		return err
	}
	if there == nil {
		r.ok("which attributes the server indexes could not be seen by the account of bind_dn; Latchkey searches by " + list(all))
		return nil
	}
	missing := slices.DeleteFunc(slices.Clone(all), there.has)
	if len(missing) == 0 {
		r.ok("all attributes that Latchkey searches by are indexed")
		return nil
	}
	r.warning("a search looks at every account, since there is no index of "+list(missing), there.mend(missing))
	return nil
}

// list says the attributes, each once a way.
func list(wants []want) string {
	var out []string
	for m, word := range []string{"%s", "%s for parts of values", "%s for presence"} {
		var names []string
		for _, w := range wants {
			if w.matching == matching(m) && !slices.Contains(names, w.attribute) {
				names = append(names, w.attribute)
			}
		}
		if len(names) > 0 {
			out = append(out, fmt.Sprintf(word, strings.Join(names, ", ")))
		}
	}
	return strings.Join(out, "; ")
}

// quoted is a word for a POSIX shell.
func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

// ldif is a command that hands lines on to another one.
func ldif(lines []string, to string) string {
	var out strings.Builder
	out.WriteString(`printf '%s\n'`)
	for _, l := range lines {
		out.WriteString(" " + quoted(l))
	}
	return "`" + out.String() + " | " + to + "`"
}

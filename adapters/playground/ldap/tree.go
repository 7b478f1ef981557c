package ldap

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// entry is one entry. Slices of values are never changed, only replaced, so
// that an answer may hold them after the lock is given back.
type entry struct {
	dn         string // as it was spelled
	key        string
	parent     *entry
	children   []*entry
	attributes map[string][]value // by the type's name in lower case
	context    bool               // the head of a naming context: searches from above stop before it
	secret     []byte             // of the password; empty: nobody can sign in
	gone       bool
}

func (e *entry) all(name string) []value { return e.attributes[strings.ToLower(name)] }

// get is the first value, "" where there is none.
func (e *entry) get(name string) string {
	if v := e.all(name); len(v) > 0 {
		return v[0].raw
	}
	return ""
}

func (e *entry) number(name string) int64 {
	if v := e.get(name); v != "" {
		return number(v)
	}
	return 0
}

// holds reports whether a value is there, by its compared form.
func (e *entry) holds(name, norm string) bool {
	return slices.ContainsFunc(e.all(name), func(v value) bool { return v.norm == norm })
}

// tree is all entries. Whoever uses it holds the server's lock.
type tree struct {
	schema  schema
	entries map[string]*entry // by key
	roots   []*entry
}

// put is what the server itself writes: a value of the wrong syntax, or of an
// attribute that the schema lacks, is a fault of this package.
func (t *tree) put(e *entry, name string, raw ...string) {
	a := t.schema.find(name)
	if a == nil {
		panic("the schema lacks " + name)
	}
	if len(raw) == 0 {
		delete(e.attributes, strings.ToLower(name))
		return
	}
	values, err := a.values(raw)
	if err != nil {
		panic(err)
	}
	e.attributes[strings.ToLower(name)] = values
}

// nearest gives the entry of a name, or the closest one above it, nil for none.
func (t *tree) nearest(n name) (e *entry, itself bool) {
	for i := range len(n) {
		if e := t.entries[n[i:].key()]; e != nil {
			return e, i == 0
		}
	}
	return nil, false
}

// below calls visit for the entry and all that is below it in its naming
// context, parents first.
func below(e *entry, visit func(*entry)) {
	visit(e)
	for _, child := range e.children {
		if !child.context {
			below(child, visit)
		}
	}
}

// add hangs an entry below its parent; one without a parent is a root.
func (t *tree) add(e *entry, parent *entry) {
	e.parent = parent
	if parent == nil {
		t.roots = append(t.roots, e)
	} else {
		parent.children = append(parent.children, e)
	}
	t.entries[e.key] = e
}

// remove takes a leaf away, and every mention of it.
func (t *tree) remove(e *entry) {
	e.gone = true
	delete(t.entries, e.key)
	if e.parent != nil {
		e.parent.children = slices.DeleteFunc(slices.Clone(e.parent.children), func(c *entry) bool { return c == e })
	}
	t.mentions(func(v value) (value, bool) { return v, v.norm != e.key })
}

// rename gives an entry another name and place, with all that is below it, and
// corrects every mention.
func (t *tree) rename(e *entry, rdn string, parent *entry) {
	e.parent.children = slices.DeleteFunc(slices.Clone(e.parent.children), func(c *entry) bool { return c == e })
	parent.children = append(parent.children, e)
	e.parent = parent
	now := map[string]value{} // by the old key
	var again func(e *entry, rdn string)
	again = func(e *entry, rdn string) {
		old := e.key
		delete(t.entries, old)
		e.dn = rdn + "," + e.parent.dn
		n, _ := parseName(e.dn) // of two names that were read before
		e.key = n.key()
		t.entries[e.key] = e
		now[old] = value{e.dn, e.key}
		for _, child := range e.children {
			again(child, ownPart(child.dn))
		}
	}
	again(e, rdn)
	t.mentions(func(v value) (value, bool) {
		if to, moved := now[v.norm]; moved {
			return to, true
		}
		return v, true
	})
}

// mentions replaces or drops names in all entries.
func (t *tree) mentions(becomes func(value) (value, bool)) {
	for _, e := range t.entries {
		for name, values := range e.attributes {
			if t.schema[name].syntax != naming {
				continue
			}
			var kept []value
			for _, v := range values {
				if v, keep := becomes(v); keep {
					kept = append(kept, v)
				}
			}
			if e.attributes[name] = kept; len(kept) == 0 {
				delete(e.attributes, name)
			}
		}
	}
}

// closure gives the entries that are reached from a name by going from a value
// of the attribute to the entry that has it, again and again.
func (t *tree) closure(name, key string) map[*entry]bool {
	holders := map[string][]*entry{}
	for _, e := range t.entries {
		for _, v := range e.all(name) {
			holders[v.norm] = append(holders[v.norm], e)
		}
	}
	reached := map[*entry]bool{}
	for next := []string{key}; len(next) > 0; {
		for _, e := range holders[next[0]] {
			if !reached[e] {
				reached[e] = true
				next = append(next, e.key)
			}
		}
		next = next[1:]
	}
	return reached
}

// members gives the members of a group, and theirs, again and again.
func (t *tree) members(key string) map[*entry]bool {
	reached := map[*entry]bool{}
	for next := []string{key}; len(next) > 0; next = next[1:] {
		group := t.entries[next[0]]
		if group == nil {
			continue
		}
		for _, v := range group.all("member") {
			if e := t.entries[v.norm]; e != nil && !reached[e] {
				reached[e] = true
				next = append(next, e.key)
			}
		}
	}
	return reached
}

// holders gives the entries that have a value of the attribute, in order.
func (t *tree) holders(name, norm string) []*entry {
	var out []*entry
	for _, e := range t.entries {
		if e.holds(name, norm) {
			out = append(out, e)
		}
	}
	return inOrder(out)
}

func inOrder(all []*entry) []*entry {
	slices.SortFunc(all, func(a, b *entry) int { return cmp.Compare(a.key, b.key) })
	return all
}

// ownPart is the RDN of a name as it is spelled.
func ownPart(dn string) string {
	for i := 0; i < len(dn); i++ {
		switch dn[i] {
		case '\\':
			i++
		case ',':
			return dn[:i]
		}
	}
	return dn
}

func sorted[M ~map[string]V, V any](m M) []string { return slices.Sorted(maps.Keys(m)) }

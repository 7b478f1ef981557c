package ldap

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// state is all that a directory holds, as it is written down. Values and
// secrets are bytes: some attributes have no text.
type state struct {
	Flavour string         `json:"flavour"`
	Domain  string         `json:"domain"`
	Key     []byte         `json:"key"`
	Admin   string         `json:"admin"`
	NextRID uint32         `json:"next_rid,omitempty"`
	Births  map[string]int `json:"births"`
	Rights  []stateRight   `json:"rights"`
	Entries []stateEntry   `json:"entries"` // parents first, the base before all
}

type stateRight struct {
	Who       string `json:"who"`
	Container string `json:"container"`
}

type stateEntry struct {
	DN         string              `json:"dn"`
	Root       bool                `json:"root,omitempty"`
	Context    bool                `json:"context,omitempty"`
	Secret     []byte              `json:"secret,omitempty"`
	Attributes map[string][][]byte `json:"attributes"`
}

// State writes down all that the directory holds, in JSON: entries, locks and
// what counts towards them, digests of passwords, rights.
func (s *Server) State() ([]byte, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := state{Flavour: s.opts.Flavour, Domain: s.opts.Domain, Key: s.key, Admin: s.admin.dn, Births: s.births}
	if d, is := s.dialect.(*activeDirectory); is {
		out.NextRID = d.nextRID
	}
	for _, r := range s.rights {
		if !r.who.gone && !r.container.gone {
			out.Rights = append(out.Rights, stateRight{r.who.dn, r.container.dn})
		}
	}
	for _, root := range s.tree.roots {
		out.take(root)
	}
	data, err := json.Marshal(out)
	if err != nil {
		return nil, fmt.Errorf("writing down the directory %s: %w", s.opts.Domain, err)
	}
	return data, nil
}

// take writes down an entry and all below it, other naming contexts too.
func (o *state) take(e *entry) {
	kept := stateEntry{DN: e.dn, Root: e.parent == nil, Context: e.context, Secret: e.secret, Attributes: map[string][][]byte{}}
	for name, values := range e.attributes {
		for _, v := range values {
			kept.Attributes[name] = append(kept.Attributes[name], []byte(v.raw))
		}
	}
	o.Entries = append(o.Entries, kept)
	for _, child := range e.children {
		o.take(child)
	}
}

// Restore puts what State wrote down in the place of all that the directory
// holds. It must be of the same kind and domain, and not started yet. After an
// error nothing has changed.
func (s *Server) Restore(data []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.restore(data); err != nil {
		return fmt.Errorf("restoring the directory %s: %w", s.opts.Domain, err)
	}
	return nil
}

func (s *Server) restore(data []byte) error {
	var from state
	if err := json.Unmarshal(data, &from); err != nil {
		return err
	}
	switch {
	case s.listener != nil:
		return errors.New("it is started already")
	case from.Flavour != s.opts.Flavour || from.Domain != s.opts.Domain:
		return fmt.Errorf("what was written down is %q of the kind %q", from.Domain, from.Flavour)
	case len(from.Key) != len(s.key):
		return errors.New("the key of the passwords is missing")
	}
	t, err := s.grow(from.Entries)
	if err != nil {
		return err
	}
	find := func(dn string) *entry {
		n, err := parseName(dn)
		if err != nil {
			return nil
		}
		return t.entries[n.key()]
	}
	admin, rights := find(from.Admin), []right(nil)
	for _, r := range from.Rights {
		rights = append(rights, right{find(r.Who), find(r.Container)})
		if last := rights[len(rights)-1]; last.who == nil || last.container == nil {
			return fmt.Errorf("the right of %q over %q is of nobody or over nothing", r.Who, r.Container)
		}
	}
	if admin == nil {
		return errors.New("there is no administrator")
	}
	if d, is := s.dialect.(*activeDirectory); is {
		d.nextRID = max(from.NextRID, firstRID)
	}
	if from.Births == nil {
		from.Births = map[string]int{}
	}
	s.tree, s.admin, s.rights, s.births, s.key = t, admin, rights, from.Births, from.Key
	return nil
}

// grow makes a tree of entries, and refuses what could not have grown here.
func (s *Server) grow(kept []stateEntry) (*tree, error) {
	t := &tree{schema: s.tree.schema, entries: map[string]*entry{}}
	for _, from := range kept {
		n, err := parseName(from.DN)
		if err != nil || len(n) == 0 {
			return nil, errName
		}
		e := &entry{dn: from.DN, key: n.key(), context: from.Context, secret: from.Secret, attributes: map[string][]value{}}
		parent := t.entries[n[1:].key()]
		if t.entries[e.key] != nil || from.Root != (parent == nil) || from.Root != (s.isRoot(e.key)) {
			return nil, fmt.Errorf("%s is there twice, or hangs nowhere", from.DN)
		}
		for name, values := range from.Attributes {
			if err := t.fill(e, name, values); err != nil {
				return nil, fmt.Errorf("%s: %w", from.DN, err)
			}
		}
		if now := s.tree.entries[e.key]; now != nil && len(now.all("attributeTypes")) > 0 {
			e.attributes["attributetypes"] = now.all("attributeTypes") // the schema is this program's
		}
		t.add(e, parent)
	}
	if len(t.roots) != len(s.tree.roots) || t.roots[0].key != s.tree.roots[0].key {
		return nil, errors.New("the head of the tree is missing")
	}
	return t, nil
}

func (s *Server) isRoot(key string) bool {
	for _, root := range s.tree.roots {
		if root.key == key {
			return true
		}
	}
	return false
}

func (t *tree) fill(e *entry, name string, kept [][]byte) error {
	a := t.schema.find(name)
	if a == nil || a.is(computed) || name != strings.ToLower(a.name) || len(kept) == 0 || len(kept) > 1 && !a.is(several) {
		return fmt.Errorf("there is no attribute %q with so many values", name)
	}
	raw := make([]string, len(kept))
	for i, v := range kept {
		raw[i] = string(v)
	}
	values, err := a.values(raw)
	if err != nil {
		return err
	}
	e.attributes[name] = values
	return nil
}

package ldap

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Entry is an entry to be added as it is.
type Entry struct {
	DN         string
	Attributes map[string][]string // objectClass among them
}

// Add makes an entry below one that is there. The values of its own name, the
// classes above the ones it has, and what the server gives to each entry come
// by themselves.
func (s *Server) Add(e Entry) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, err := s.add(e)
	return err
}

// add makes an entry; the lock is held.
func (s *Server) add(from Entry) (*entry, error) {
	e, parent, err := s.build(from)
	if err == nil {
		err = s.dialect.born(e, s.now())
	}
	if err != nil {
		return nil, fmt.Errorf("adding %s: %w", from.DN, err)
	}
	s.births[e.key]++
	s.tree.add(e, parent)
	return e, nil
}

func (s *Server) build(from Entry) (e, parent *entry, err error) {
	n, err := parseName(from.DN)
	if err != nil || len(n) == 0 {
		return nil, nil, errName
	}
	above, itself := s.tree.nearest(n)
	switch {
	case itself:
		return nil, nil, refuse(codeEntryExists, "there is such an entry already")
	case s.admin != nil && (above == nil || above.key != n[1:].key()):
		return nil, nil, refuse(codeNoSuchObject, "there is no entry above it")
	}
	e = &entry{dn: from.DN, key: n.key(), attributes: map[string][]value{}}
	all := map[string][]string{}
	for name, values := range from.Attributes {
		all[strings.ToLower(name)] = values
	}
	for _, p := range n[0] {
		key := strings.ToLower(p.kind)
		if !slices.ContainsFunc(all[key], func(v string) bool { return fold(v) == fold(p.value) }) {
			all[key] = append([]string{p.value}, all[key]...)
		}
	}
	all["objectclass"] = classes(all["objectclass"])
	for _, key := range sorted(all) {
		if len(all[key]) == 0 {
			continue
		}
		a := s.tree.schema.find(key)
		if a == nil || a.is(computed) {
			return nil, nil, refuse(codeUndefinedType, "no entry has an attribute %s", key)
		}
		if err := e.change(change{kind: changeAdd, attribute: a, values: all[key]}); err != nil {
			return nil, nil, err
		}
	}
	return e, above, nil
}

// classes adds the classes above the given ones (RFC 4512 2.4).
func classes(given []string) []string {
	above := map[string][]string{
		"user":                 {"person", "organizationalPerson"},
		"computer":             {"person", "organizationalPerson", "user"},
		"inetOrgPerson":        {"person", "organizationalPerson"},
		"organizationalPerson": {"person"},
		"domainDNS":            {"domain"},
	}
	out := []string{"top"}
	for _, class := range given {
		for _, c := range append(above[class], class) {
			if !slices.Contains(out, c) {
				out = append(out, c)
			}
		}
	}
	return out
}

// Remove takes an entry away that has nothing below it, and all mentions of it.
func (s *Server) Remove(dn string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, err := s.locate(dn)
	switch {
	case err != nil:
		return fmt.Errorf("removing %s: %w", dn, err)
	case len(e.children) > 0 || e.parent == nil || e == s.admin:
		return fmt.Errorf("removing %s: %w", dn, refuse(codeNotOnNonLeaf, "something is below it or rests on it"))
	}
	s.tree.remove(e)
	return nil
}

// Move puts an entry, and all below it, below another one and gives its new
// name. Mentions of it follow.
func (s *Server) Move(dn, parent string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, err := s.locate(dn)
	if err != nil {
		return "", fmt.Errorf("moving %s: %w", dn, err)
	}
	to, err := s.locate(parent)
	if err != nil {
		return "", fmt.Errorf("moving %s below %s: %w", dn, parent, err)
	}
	rdn := ownPart(e.dn)
	n, _ := parseName(rdn + "," + to.dn)
	if e.parent == nil || under(to.key, e.key) || s.tree.entries[n.key()] != nil {
		return "", fmt.Errorf("moving %s below %s: %w", dn, parent, refuse(codeEntryExists, "that name is taken, or below the entry itself"))
	}
	s.tree.rename(e, rdn, to)
	return e.dn, nil
}

// Set replaces the values of an attribute as the server itself would, no
// matter who may; without values it goes.
func (s *Server) Set(dn, name string, values ...string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := s.set(dn, name, values)
	if err != nil {
		return fmt.Errorf("setting %s of %s: %w", name, dn, err)
	}
	return nil
}

func (s *Server) set(dn, name string, values []string) error {
	e, err := s.locate(dn)
	if err != nil {
		return err
	}
	a := s.tree.schema.find(name)
	if a == nil || a.is(computed) {
		return errors.New("no entry has such an attribute")
	}
	if err := s.apply(e, []change{{changeReplace, name, a, values}}); err != nil {
		return err
	}
	return nil
}

// Values reads an attribute as the administrator sees it, computed ones too;
// nil where there is none.
func (s *Server) Values(dn, name string) []string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	e, err := s.locate(dn)
	a := s.tree.schema.find(name)
	if err != nil || a == nil {
		return nil
	}
	var out []string
	for _, v := range (lens{s, e, s.admin, s.now()}).values(a) {
		out = append(out, v.raw)
	}
	return out
}

// uuid makes the immutable id of a new entry: the same whenever a directory is
// filled in the same way, so that what is kept of somebody elsewhere holds
// after a new start, and another one for each who gets a name again.
func (s *Server) uuid(e *entry) [16]byte {
	sum := sha256.New()
	sum.Write([]byte(s.opts.base() + "\x00" + e.key))
	_ = binary.Write(sum, binary.BigEndian, int64(s.births[e.key])) // a hash takes everything
	id := [16]byte(sum.Sum(nil)[:16])
	id[6], id[8] = id[6]&0x0f|0x80, id[8]&0x3f|0x80 // version 8 (RFC 9562 5.8)
	return id
}

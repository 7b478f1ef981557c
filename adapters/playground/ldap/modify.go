package ldap

import (
	"maps"
	"slices"
	"strings"

	ber "github.com/go-asn1-ber/asn1-ber"
)

// Kinds of changes (RFC 4511 4.6).
const (
	changeAdd     = 0
	changeDelete  = 1
	changeReplace = 2
)

// change is one of a modify request.
type change struct {
	kind      int
	name      string // as it was asked
	attribute *attribute
	values    []string
}

// modify makes all changes of a request or none.
func (c *session) modify(m message) *refusal {
	f := fieldsOf(m.op)
	dn, list := f.text(), f.list(ber.TagSequence)
	var changes []change
	for !f.bad && list.more() {
		one := list.list(ber.TagSequence)
		kind := one.number(ber.TagEnumerated)
		what := one.list(ber.TagSequence)
		ch := change{kind: int(kind), name: what.text(), values: what.texts(ber.TagSet)}
		if list.bad || one.bad || what.bad || one.more() || what.more() || kind < changeAdd || kind > changeReplace {
			f.bad = true
		}
		changes = append(changes, ch)
	}
	if f.bad || f.more() || len(changes) == 0 {
		return refuse(codeProtocolError, "this is not a modify request")
	}
	s := c.server
	s.mu.Lock()
	defer s.mu.Unlock()
	who := c.account()
	if who == nil {
		return s.dialect.anonymous()
	}
	if c.must {
		return refuse(codeInsufficientRights, "the password must be changed before anything else")
	}
	e, err := s.locate(dn)
	if err != nil {
		return err
	}
	for _, ch := range changes {
		if !s.mayWrite(who, e, ch) {
			return refuse(codeInsufficientRights, "this account may not write %s here", ch.name)
		}
	}
	for i, ch := range changes {
		a := s.tree.schema.find(ch.name)
		switch {
		case a == nil:
			return refuse(codeUndefinedType, "there is no attribute %s", ch.name)
		case a.is(system | computed):
			return refuse(codeConstraint, "the server alone writes %s", a.name)
		}
		changes[i].attribute = a
	}
	return s.apply(e, changes)
}

// apply makes changes whose attributes are known, all or none. The lock is held.
func (s *Server) apply(e *entry, changes []change) *refusal {
	before := e.attributes
	e.attributes = maps.Clone(before)
	var err *refusal
	for _, ch := range changes {
		if err = e.change(ch); err != nil {
			break
		}
	}
	if err == nil {
		err = s.dialect.written(e, changes, s.now())
	}
	if err != nil {
		e.attributes = before
	}
	return err
}

func (e *entry) change(ch change) *refusal {
	a := ch.attribute
	key := strings.ToLower(a.name)
	values, err := a.values(ch.values)
	if err != nil {
		return refuse(codeInvalidSyntax, "%s", err)
	}
	now := slices.Clone(e.attributes[key])
	switch {
	case ch.kind == changeReplace:
		now = nil
	case ch.kind == changeDelete && len(now) == 0:
		return refuse(codeNoSuchAttribute, "there is no value of %s", a.name)
	case ch.kind == changeDelete && len(values) == 0:
		now = nil
	case ch.kind == changeAdd && len(values) == 0:
		return refuse(codeProtocolError, "no value of %s to add", a.name)
	}
	for _, v := range values {
		at := slices.IndexFunc(now, func(is value) bool { return is.norm == v.norm })
		switch {
		case ch.kind == changeDelete && at < 0:
			return refuse(codeNoSuchAttribute, "%s does not have this value", a.name)
		case ch.kind == changeDelete:
			now = slices.Delete(now, at, at+1)
		case at >= 0:
			return refuse(codeValueExists, "%s has this value", a.name)
		default:
			now = append(now, v)
		}
	}
	if len(now) > 1 && !a.is(several) {
		return refuse(codeConstraint, "%s has one value", a.name)
	}
	if e.attributes[key] = now; len(now) == 0 {
		delete(e.attributes, key)
	}
	return nil
}

// compare answers whether an entry has a value (RFC 4511 4.10).
func (c *session) compare(m message) *refusal {
	f := fieldsOf(m.op)
	dn, pair := f.text(), f.list(ber.TagSequence)
	name, raw := pair.text(), pair.text()
	if f.bad || f.more() || pair.bad || pair.more() {
		return refuse(codeProtocolError, "this is not a compare request")
	}
	s := c.server
	s.mu.RLock()
	defer s.mu.RUnlock()
	who := c.account()
	if who == nil {
		return s.dialect.anonymous()
	}
	e, err := s.locate(dn)
	if err != nil {
		return err
	}
	if s.searchable(name) == nil {
		return refuse(codeUndefinedType, "there is no attribute %s to compare", name)
	}
	is := s.comparison(filterEquality, name, raw)
	if is.match(lens{s, e, who, s.now()}) == yes {
		return &refusal{code: codeCompareTrue}
	}
	return &refusal{code: codeCompareFalse}
}

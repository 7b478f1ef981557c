package ldap

import (
	"strings"

	ber "github.com/go-asn1-ber/asn1-ber"
)

// mostFilter is how deep filters may be nested; wide ones are bounded by the message.
const mostFilter = 32

// truth is the answer of a filter: X.511 has three.
type truth int

const (
	no truth = iota
	undefined
	yes
)

// filter is one node (RFC 4511 4.5.1).
type filter interface{ match(lens) truth }

type (
	allOf   []filter
	anyOf   []filter
	negated struct{ of filter }
	// constant is what does not depend on the entry.
	constant truth
	present  struct{ of *attribute }
	// compared holds a value of an attribute against another.
	compared struct {
		of *attribute
		is func(norm string) bool
	}
)

func (f constant) match(lens) truth { return truth(f) }

func (f allOf) match(l lens) truth {
	least := yes
	for _, part := range f {
		if least = min(least, part.match(l)); least == no {
			break
		}
	}
	return least
}

func (f anyOf) match(l lens) truth {
	most := no
	for _, part := range f {
		if most = max(most, part.match(l)); most == yes {
			break
		}
	}
	return most
}

func (f negated) match(l lens) truth { return yes - f.of.match(l) }

func (f present) match(l lens) truth { return truthOf(len(l.values(f.of)) > 0) }

func (f compared) match(l lens) truth {
	for _, v := range l.values(f.of) {
		if f.is(v.norm) {
			return yes
		}
	}
	return no
}

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

// Filters by their context tag.
const (
	filterAnd        ber.Tag = 0
	filterOr         ber.Tag = 1
	filterNot        ber.Tag = 2
	filterEquality   ber.Tag = 3
	filterSubstrings ber.Tag = 4
	filterGreater    ber.Tag = 5
	filterLess       ber.Tag = 6
	filterPresent    ber.Tag = 7
	filterApprox     ber.Tag = 8
	filterExtensible ber.Tag = 9
)

// readFilter builds a filter; nil for what is none.
func (s *Server) readFilter(p *ber.Packet, levels int) filter {
	if p.ClassType != ber.ClassContext || levels == 0 {
		return nil
	}
	switch p.Tag {
	case filterAnd, filterOr:
		var parts []filter
		for _, child := range p.Children {
			part := s.readFilter(child, levels-1)
			if part == nil {
				return nil
			}
			parts = append(parts, part)
		}
		if p.TagType != ber.TypeConstructed {
			return nil
		}
		if p.Tag == filterAnd { // empty: true (RFC 4526)
			return allOf(parts)
		}
		return anyOf(parts)
	case filterNot:
		if len(p.Children) != 1 {
			return nil
		}
		if part := s.readFilter(p.Children[0], levels-1); part != nil {
			return negated{part}
		}
		return nil
	case filterPresent:
		if a := s.searchable(content(p)); a != nil {
			return present{a}
		}
		return constant(undefined)
	case filterSubstrings:
		return s.readSubstrings(p)
	case filterExtensible:
		return s.readExtensible(p)
	case filterEquality, filterGreater, filterLess, filterApprox:
		f := fieldsOf(p)
		name, raw := f.text(), f.text()
		if f.bad || f.more() {
			return nil
		}
		return s.comparison(p.Tag, name, raw)
	}
	return nil
}

// searchable gives an attribute that filters may ask for, nil for none: of
// what cannot be asked for nothing is known.
func (s *Server) searchable(name string) *attribute {
	a := s.tree.schema.find(name)
	if a == nil || a.is(computed) && !a.is(found) {
		return nil
	}
	return a
}

func (s *Server) comparison(tag ber.Tag, name, raw string) filter {
	if s.opts.Flavour == ActiveDirectory && strings.EqualFold(name, "anr") {
		return s.ambiguous(raw)
	}
	a := s.searchable(name)
	if a == nil {
		return constant(undefined)
	}
	want, err := s.dialect.assertion(a, raw)
	if err != nil {
		return constant(undefined)
	}
	switch tag {
	case filterGreater:
		return compared{a, func(norm string) bool { return a.compare(norm, want) >= 0 }}
	case filterLess:
		return compared{a, func(norm string) bool { return a.compare(norm, want) <= 0 }}
	}
	return compared{a, func(norm string) bool { return norm == want }}
}

// ambiguous is ambiguous name resolution (MS-ADTS 3.1.1.3.1.3.2), in its plain
// form: any of the names begins so.
func (s *Server) ambiguous(raw string) filter {
	var out anyOf
	for _, name := range []string{"displayName", "givenName", "sn", "cn", "sAMAccountName", "mail"} {
		a, want := s.tree.schema.find(name), fold(strings.TrimSpace(raw))
		out = append(out, compared{a, func(norm string) bool { return want != "" && strings.HasPrefix(norm, want) }})
	}
	return out
}

// readSubstrings: initial, any and final parts in their order.
func (s *Server) readSubstrings(p *ber.Packet) filter {
	f := fieldsOf(p)
	a, parts := s.searchable(f.text()), f.list(ber.TagSequence)
	if f.bad || f.more() || !parts.more() {
		return nil
	}
	var initial, final string
	var within []string
	for parts.more() {
		last := parts.next()
		part := content(last)
		if a != nil && a.syntax != octets {
			part = fold(part)
		}
		switch {
		case last.ClassType != ber.ClassContext || part == "" || final != "" ||
			last.Tag == 0 && (initial != "" || len(within) > 0) || last.Tag > 2:
			return nil
		case last.Tag == 0:
			initial = part
		case last.Tag == 1:
			within = append(within, part)
		default:
			final = part
		}
	}
	if a == nil || a.syntax != text && a.syntax != octets && a.syntax != identifier {
		return constant(undefined)
	}
	return compared{a, func(norm string) bool { return holdsParts(norm, initial, within, final) }}
}

func holdsParts(s, initial string, within []string, final string) bool {
	rest, begins := strings.CutPrefix(s, initial)
	if !begins {
		return false
	}
	for _, part := range within {
		_, after, there := strings.Cut(rest, part)
		if !there {
			return false
		}
		rest = after
	}
	return strings.HasSuffix(rest, final)
}

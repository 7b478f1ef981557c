package ldap

import (
	"strings"

	ber "github.com/go-asn1-ber/asn1-ber"
)

// Matching rules of Active Directory (MS-ADTS 3.1.1.3.4.4).
const (
	ruleBitAnd  = "1.2.840.113556.1.4.803"
	ruleBitOr   = "1.2.840.113556.1.4.804"
	ruleInChain = "1.2.840.113556.1.4.1941"
)

// readExtensible: an attribute with a rule, without one, and with the parts of
// the entry's name (RFC 4511 4.5.1.7.7). A rule without an attribute, and a
// rule that is not known, say nothing of any entry.
func (s *Server) readExtensible(p *ber.Packet) filter {
	var rule, name, raw string
	var values, dn bool
	if p.TagType != ber.TypeConstructed {
		return nil
	}
	for _, child := range p.Children {
		switch {
		case child.ClassType != ber.ClassContext || child.TagType != ber.TypePrimitive:
			return nil
		case child.Tag == 1:
			rule = content(child)
		case child.Tag == 2:
			name = content(child)
		case child.Tag == 3:
			raw, values = content(child), true
		case child.Tag == 4:
			dn = strings.Trim(content(child), "\x00") != ""
		default:
			return nil
		}
	}
	if !values || rule == "" && name == "" {
		return nil
	}
	a := s.searchable(name)
	if a == nil {
		return constant(undefined)
	}
	want, err := s.dialect.assertion(a, raw)
	if err != nil {
		return constant(undefined)
	}
	switch rule {
	case "":
		equal := compared{a, func(norm string) bool { return norm == want }}
		if dn {
			return anyOf{equal, named{a, want}}
		}
		return equal
	case ruleBitAnd, ruleBitOr:
		if a.syntax == integer && s.opts.Flavour == ActiveDirectory {
			return bits(a, number(want), rule == ruleBitAnd)
		}
	case ruleInChain:
		if a.syntax == naming && s.opts.Flavour == ActiveDirectory {
			return &inChain{of: a, from: want}
		}
	}
	return constant(undefined)
}

func bits(a *attribute, mask int64, all bool) filter {
	return compared{a, func(norm string) bool {
		both := number(norm) & mask
		return both == mask && all || both != 0 && !all
	}}
}

// named looks into the parts of the entry's name.
type named struct {
	of   *attribute
	norm string
}

func (f named) match(l lens) truth {
	n, _ := parseName(l.entry.dn) // it was read when the entry was made
	for _, rdn := range n {
		for _, p := range rdn {
			if strings.EqualFold(p.kind, f.of.name) && fold(p.value) == f.norm {
				return yes
			}
		}
	}
	return no
}

// inChain: the attribute leads from the entry to the name, over any number of
// others. What leads there is found once a search.
type inChain struct {
	of      *attribute
	from    string
	reached map[*entry]bool
}

func (f *inChain) match(l lens) truth {
	switch {
	case f.reached != nil:
	case f.of.name == "memberOf":
		f.reached = l.server.tree.members(f.from)
	default:
		f.reached = l.server.tree.closure(f.of.name, f.from)
	}
	return truthOf(f.reached[l.entry])
}

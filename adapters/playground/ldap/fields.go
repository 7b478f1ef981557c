package ldap

import ber "github.com/go-asn1-ber/asn1-ber"

// fields reads the elements of a sequence one after the other. What is missing
// or of another type makes it bad, and is zero.
type fields struct {
	rest []*ber.Packet
	bad  bool
}

func fieldsOf(p *ber.Packet) *fields {
	return &fields{rest: p.Children, bad: p.TagType != ber.TypeConstructed}
}

// more: whoever reads on while there is more stops at what is bad.
func (f *fields) more() bool { return !f.bad && len(f.rest) > 0 }

// next gives an element of any type.
func (f *fields) next() *ber.Packet {
	if f.bad || !f.more() {
		f.bad = true
		return &ber.Packet{}
	}
	p := f.rest[0]
	f.rest = f.rest[1:]
	return p
}

// peek tells whether the next element is of a universal type.
func (f *fields) peek(tag ber.Tag) bool {
	return f.more() && f.rest[0].ClassType == ber.ClassUniversal && f.rest[0].Tag == tag
}

func (f *fields) universal(tag ber.Tag) *ber.Packet {
	if !f.peek(tag) {
		f.bad = true
	}
	return f.next()
}

// text reads an OCTET STRING.
func (f *fields) text() string { return content(f.universal(ber.TagOctetString)) }

// number reads an INTEGER or ENUMERATED.
func (f *fields) number(tag ber.Tag) int64 {
	n, ok := f.universal(tag).Value.(int64)
	f.bad = f.bad || !ok
	return n
}

func (f *fields) flag() bool {
	b, ok := f.universal(ber.TagBoolean).Value.(bool)
	f.bad = f.bad || !ok
	return b
}

// list reads a SEQUENCE or SET.
func (f *fields) list(tag ber.Tag) *fields {
	inner := fieldsOf(f.universal(tag))
	f.bad = f.bad || inner.bad
	return inner
}

// texts reads a SEQUENCE or SET of OCTET STRING.
func (f *fields) texts(tag ber.Tag) []string {
	var out []string
	inner := f.list(tag)
	for inner.more() {
		out = append(out, inner.text())
	}
	f.bad = f.bad || inner.bad
	return out
}

// content is what a primitive element holds.
func content(p *ber.Packet) string {
	if p.Data == nil || p.TagType != ber.TypePrimitive {
		return ""
	}
	return p.Data.String()
}

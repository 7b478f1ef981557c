package ldap

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// syntax says how values of an attribute are compared (RFC 4517).
type syntax int

const (
	text    syntax = iota // case does not count
	naming                // a distinguished name
	integer               // of 64 bits
	octets                // byte by byte
	moment                // generalized time
	boolean
	identifier // an object class or an OID
)

// trait says where an attribute comes from and who may change it.
type trait int

const (
	several  trait = 1 << iota // may have several values
	system                     // the server alone writes it
	hidden                     // comes only to who asks for it by name or by +
	computed                   // is in no entry, but made when it is asked for
	found                      // computed, and searches may ask for it all the same
)

// attribute is an attribute type.
type attribute struct {
	name, oid string
	syntax    syntax
	traits    trait
}

func (a *attribute) is(t trait) bool { return a.traits&t != 0 }

// schema holds the attribute types by name in lower case.
type schema map[string]*attribute

func newSchema(lists ...[]attribute) schema {
	s := schema{}
	for _, list := range lists {
		for _, a := range list {
			s[strings.ToLower(a.name)] = &a
		}
	}
	return s
}

// find gives the type of an attribute description; options such as ;binary
// change nothing here (RFC 4512 2.5).
func (s schema) find(description string) *attribute {
	name, _, _ := strings.Cut(description, ";")
	return s[strings.ToLower(name)]
}

// published are the types as the subschema subentry shows them (RFC 4512 4.1.2).
func (s schema) published() []string {
	var out []string
	for _, key := range sorted(s) {
		a, more := s[key], ""
		if !a.is(several) {
			more += " SINGLE-VALUE"
		}
		if a.is(system | computed) {
			more += " NO-USER-MODIFICATION"
		}
		if a.is(hidden) {
			more += " USAGE directoryOperation"
		}
		out = append(out, fmt.Sprintf("( %s NAME '%s' SYNTAX %s%s )", a.oid, a.name, a.syntax.oid(), more))
	}
	return out
}

// oid is the syntax's identifier (RFC 4517 3.3).
func (s syntax) oid() string {
	return "1.3.6.1.4.1.1466.115.121.1." + map[syntax]string{text: "15", naming: "12", integer: "27", octets: "40",
		moment: "24", boolean: "7", identifier: "38"}[s]
}

// momentSyntax is generalized time in UTC, with minutes at least (RFC 4517 3.3.13).
var momentSyntax = regexp.MustCompile(`^[0-9]{12}([0-9]{2}(\.[0-9]+)?)?Z$`)

var errSyntax = errors.New("the value is not of the attribute's syntax")

// value is a value as it was written, and in the form that is compared.
type value struct{ raw, norm string }

// value reads one.
func (a *attribute) value(raw string) (value, error) {
	norm, err := a.normal(raw)
	return value{raw, norm}, err
}

func (a *attribute) values(raw []string) ([]value, error) {
	out := make([]value, len(raw))
	for i, r := range raw {
		v, err := a.value(r)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", a.name, err)
		}
		out[i] = v
	}
	return out, nil
}

func (a *attribute) normal(raw string) (string, error) {
	switch a.syntax {
	case octets:
		return raw, nil
	case naming:
		n, err := parseName(raw)
		return n.key(), err
	case integer:
		n, err := strconv.ParseInt(raw, 10, 64)
		if err != nil {
			return "", errSyntax
		}
		return strconv.FormatInt(n, 10), nil
	case boolean:
		if raw != "TRUE" && raw != "FALSE" {
			return "", errSyntax
		}
		return raw, nil
	case moment:
		if !momentSyntax.MatchString(raw) {
			return "", errSyntax
		}
		return raw, nil
	}
	if raw == "" || !utf8.ValidString(raw) || strings.ContainsRune(raw, 0) {
		return "", errSyntax
	}
	return fold(raw), nil
}

// compare orders two normal forms.
func (a *attribute) compare(x, y string) int {
	if a.syntax == integer {
		return cmp.Compare(number(x), number(y))
	}
	return strings.Compare(x, y)
}

func number(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return math.MinInt64
	}
	return n
}

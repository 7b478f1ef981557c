package ldap

import (
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// mostName bounds a distinguished name, in bytes.
const mostName = 8 << 10

// part is one attribute type and value of an RDN; the value is decoded.
type part struct{ kind, value string }

// name is a distinguished name (RFC 4514), the leaf first.
type name [][]part

var errName = errors.New("this is not a distinguished name (RFC 4514)")

// parseName reads a distinguished name; the empty text is the empty name. The
// forms with quotation marks and with # are not read.
func parseName(s string) (name, error) {
	if len(s) > mostName || !utf8.ValidString(s) {
		return nil, errName
	}
	if s == "" {
		return nil, nil
	}
	var n name
	var rdn []part
	for {
		kind, rest, found := strings.Cut(s, "=")
		kind = strings.TrimSpace(kind)
		if !found || !isDescriptor(kind) {
			return nil, errName
		}
		value, end, after, ok := parseValue(strings.TrimLeft(rest, " "))
		if !ok || !utf8.ValidString(value) {
			return nil, errName
		}
		rdn = append(rdn, part{kind, value})
		if end != '+' {
			n, rdn = append(n, rdn), nil
		}
		if end == 0 {
			return n, nil
		}
		s = after
	}
}

// parseValue reads up to an unescaped ',' or '+', or the end, which is 0.
func parseValue(s string) (value string, end byte, rest string, ok bool) {
	var out []byte
	keep := 0 // so much stays, whatever unescaped spaces follow
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == ',' || c == '+':
			return string(out[:keep]), c, s[i+1:], true
		case c == 0 || strings.IndexByte(`";<>`, c) >= 0 || c == '#' && i == 0:
			return "", 0, "", false
		case c != '\\':
			if out = append(out, c); c != ' ' {
				keep = len(out)
			}
		case i+1 < len(s) && strings.IndexByte(` "#+,;<=>\`, s[i+1]) >= 0:
			i++
			out = append(out, s[i])
			keep = len(out)
		default:
			b, err := hex.DecodeString(s[min(i+1, len(s)):min(i+3, len(s))])
			if err != nil || len(b) != 1 {
				return "", 0, "", false
			}
			i += 2
			out = append(out, b[0])
			keep = len(out)
		}
	}
	return string(out[:keep]), 0, "", true
}

// isDescriptor: the name of an attribute type or an OID (RFC 4512 1.4).
func isDescriptor(s string) bool {
	for _, r := range s {
		if r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' && r != '.' {
			return false
		}
	}
	return s != "" && s[0] != '-' && s[0] != '.'
}

// key is the form in which equal names are equal strings.
func (n name) key() string {
	rdns := make([]string, len(n))
	for i, rdn := range n {
		parts := make([]string, len(rdn))
		for j, p := range rdn {
			parts[j] = strings.ToLower(p.kind) + "=" + escape(fold(p.value))
		}
		slices.Sort(parts)
		rdns[i] = strings.Join(parts, "+")
	}
	return strings.Join(rdns, ",")
}

// escape writes a value so that it can stand in a name (RFC 4514 2.4).
func escape(value string) string {
	var out strings.Builder
	for i := 0; i < len(value); i++ {
		c := value[i]
		edge := c == ' ' && (i == 0 || i == len(value)-1)
		switch {
		case c < ' ':
			out.WriteString(`\` + hex.EncodeToString([]byte{c}))
		case edge || strings.IndexByte(`"+,;<=>\`, c) >= 0 || c == '#' && i == 0:
			out.WriteString(`\` + string(c))
		default:
			out.WriteByte(c)
		}
	}
	return out.String()
}

// under reports whether the name of key is below that of above, or the same.
func under(key, above string) bool {
	return above == "" || key == above || strings.HasSuffix(key, ","+above)
}

// fold gives the form in which texts that differ in case alone are equal.
func fold(s string) string {
	ascii := true
	for i := 0; i < len(s) && ascii; i++ {
		ascii = s[i] < utf8.RuneSelf
	}
	if ascii {
		return strings.ToLower(s)
	}
	return strings.Map(func(r rune) rune {
		least := r
		for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
			least = min(least, next)
		}
		return unicode.ToLower(least)
	}, s)
}

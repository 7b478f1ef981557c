package directory

import (
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"latchkey/bot"
)

// maxDN bounds a distinguished name, in bytes.
const maxDN = 8 << 10

// Canonical gives a distinguished name (RFC 4514) in the one form in which
// equal names are equal strings: attribute types and values folded in case,
// no space around separators, the parts of a multi-valued RDN in order, and
// every special character as a hexadecimal escape, so that a comma is always a
// separator. Space within a value counts: two names that differ in it are two
// names here, even where a server would call them equal. Invalid for anything
// that is not a name, and for the empty one.
func Canonical(dn string) (bot.DN, error) {
	rdns, err := parseDN(dn)
	if err != nil {
		return "", &bot.Error{Kind: bot.Invalid, Op: "read a distinguished name",
			Text: "This is not a distinguished name such as OU=Staff,DC=example,DC=com: " + err.Error() + "."}
	}
	parts := make([]string, len(rdns))
	for i, rdn := range rdns {
		pairs := make([]string, len(rdn))
		for j, p := range rdn {
			pairs[j] = attributeName(p.name) + "=" + escapeValue(fold(p.value))
		}
		slices.Sort(pairs)
		parts[i] = strings.Join(pairs, "+")
	}
	return bot.DN(strings.Join(parts, ",")), nil
}

// pair is one attribute type and value of an RDN; the value is decoded and may
// hold any bytes.
type pair struct{ name, value string }

// parseDN reads RFC 4514, and of RFC 2253's older forms the spaces around
// separators.
func parseDN(s string) ([][]pair, error) {
	if len(s) > maxDN {
		return nil, errors.New("it is longer than 8 kB")
	}
	if !utf8.ValidString(s) {
		return nil, errors.New("it is not UTF-8")
	}
	var rdns [][]pair
	var rdn []pair
	for rest := s; ; {
		p, end, after, err := parsePair(rest)
		if err != nil {
			return nil, err
		}
		rdn = append(rdn, p)
		if end != '+' {
			rdns, rdn = append(rdns, rdn), nil
		}
		if end == 0 {
			return rdns, nil
		}
		rest = after
	}
}

// parsePair reads up to the next separator: ',' or '+', or 0 at the end.
func parsePair(s string) (p pair, end byte, rest string, err error) {
	name, after, found := strings.Cut(s, "=")
	p.name = strings.Trim(name, " ")
	if !found || !isAttributeName(p.name) {
		return p, 0, "", errors.New("an attribute type and \"=\" are expected before each value")
	}
	after = strings.TrimLeft(after, " ")
	stop := separator(after)
	raw := after[:stop]
	if stop < len(after) {
		end, rest = after[stop], after[stop+1:]
	}
	if strings.HasPrefix(raw, "#") {
		p.value, err = berValue(strings.TrimRight(raw, " "))
	} else {
		p.value, err = unescapeValue(raw)
	}
	return p, end, rest, err
}

// separator finds the first unescaped ',' or '+', or the end.
func separator(s string) int {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case ',', '+':
			return i
		}
	}
	return len(s)
}

// isAttributeName: a descriptor or a numeric OID (RFC 4512 1.4).
func isAttributeName(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		letter := c|0x20 >= 'a' && c|0x20 <= 'z'
		if !letter && (c < '0' || c > '9') && c != '-' && c != '.' {
			return false
		}
	}
	return s != "" && s[0] != '-' && s[0] != '.'
}

// unescapeValue decodes a value and drops the unescaped spaces at its end.
func unescapeValue(s string) (string, error) {
	var out []byte
	keep := 0 // so much stays, whatever spaces follow
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == 0 || strings.IndexByte(`";<>`, c) >= 0:
			return "", fmt.Errorf("%q has to be escaped", c)
		case c != '\\':
			out = append(out, c)
			if c != ' ' {
				keep = len(out)
			}
		case i+1 < len(s) && strings.IndexByte(` "#+,;<=>\`, s[i+1]) >= 0:
			i++
			out = append(out, s[i])
			keep = len(out)
		case i+2 < len(s):
			b, err := hex.DecodeString(s[i+1 : i+3])
			if err != nil {
				return "", errors.New("two hexadecimal digits or a special character are expected after a backslash")
			}
			i += 2
			out = append(out, b[0])
			keep = len(out)
		default:
			return "", errors.New("it ends within an escape")
		}
	}
	return string(out[:keep]), nil
}

// berValue decodes "#" and hexadecimal digits: one primitive BER value of a
// string type, with a definite length (X.690 8.1).
func berValue(s string) (string, error) {
	malformed := errors.New("\"#\" is not followed by one value of BER in hexadecimal digits")
	raw, err := hex.DecodeString(s[1:])
	if err != nil || len(raw) < 2 || raw[0]&0x20 != 0 || raw[0]&0x1f == 0x1f {
		return "", malformed
	}
	length, content := int(raw[1]), raw[2:]
	if octets := length - 0x80; octets >= 0 {
		if octets == 0 || octets > 2 || octets > len(content) {
			return "", malformed
		}
		length = 0
		for _, b := range content[:octets] {
			length = length<<8 | int(b)
		}
		content = content[octets:]
	}
	if length != len(content) {
		return "", malformed
	}
	return string(content), nil
}

// escapeValue writes a folded value. What is not a plain character of a valid
// rune is written in hexadecimal.
func escapeValue(s string) string {
	var out strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		edge := r == ' ' && (i == 0 || i+size == len(s))
		broken := r == utf8.RuneError && size == 1
		if edge || broken || r < ' ' || strings.ContainsRune(`"#+,;<=>\`, r) || !unicode.IsGraphic(r) {
			for _, b := range []byte(s[i : i+size]) {
				fmt.Fprintf(&out, `\%02x`, b)
			}
		} else {
			out.WriteString(s[i : i+size])
		}
		i += size
	}
	return out.String()
}

// attributeName folds a type and gives the short name of the usual ones (RFC
// 4514 section 3), so that commonName, cn and 2.5.4.3 are one.
func attributeName(s string) string {
	s = strings.TrimPrefix(strings.ToLower(s), "oid.")
	switch s {
	case "commonname", "2.5.4.3":
		return "cn"
	case "surname", "2.5.4.4":
		return "sn"
	case "countryname", "2.5.4.6":
		return "c"
	case "localityname", "2.5.4.7":
		return "l"
	case "stateorprovincename", "2.5.4.8":
		return "st"
	case "streetaddress", "2.5.4.9":
		return "street"
	case "organizationname", "2.5.4.10":
		return "o"
	case "organizationalunitname", "2.5.4.11":
		return "ou"
	case "domaincomponent", "0.9.2342.19200300.100.1.25":
		return "dc"
	case "userid", "0.9.2342.19200300.100.1.1":
		return "uid"
	}
	return s
}

// domainOf makes a DNS name of the dc parts: dc=corp,dc=example gives corp.example.
func domainOf(dn string) string {
	rdns, err := parseDN(dn)
	if err != nil {
		return ""
	}
	var labels []string
	for _, rdn := range rdns {
		if len(rdn) == 1 && attributeName(rdn[0].name) == "dc" {
			labels = append(labels, strings.ToLower(rdn[0].value))
		}
	}
	return strings.Join(labels, ".")
}

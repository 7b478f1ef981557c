package config

import (
	"fmt"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// written gives the text of a scalar. Numbers and booleans are not text:
// 007 and true would not arrive as they were meant.
func written(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		if n.Value != nil {
			return strings.TrimSuffix(n.Value.Value, "\n"), true
		}
	}
	return "", false
}

// expanded gives the text of a scalar with variables and files put in; ok is
// false where a fault was noted.
func (d *decoder) expanded(n ast.Node, p place) (raw string, t text, ok bool) {
	raw, ok = written(n)
	if !ok {
		mend := "write text"
		if k := kindOf(n); k == "a number" || k == "true or false" {
			mend = "put it in quotes, so that it is text"
		}
		d.fault(p.key, "is %s; %s", kindOf(n), mend)
		return "", nil, false
	}
	if raw == "" {
		d.fault(p.key, "is empty; write a value, or remove the key")
		return "", nil, false
	}
	t, problem := d.in.expand(raw)
	if problem != "" {
		d.fault(p.key, "%s", problem)
		return "", nil, false
	}
	return raw, t, true
}

// scanned reads a secret, an address, a duration or the like.
func (d *decoder) scanned(n ast.Node, s scanner, v reflect.Value, p place) {
	if _, isDuration := s.(*Duration); isDuration {
		if i, isNumber := n.(*ast.IntegerNode); isNumber && i.GetToken().Value == "0" {
			n = &ast.StringNode{Token: i.Token, Value: "0"} // nothing needs no unit
		} else if isNumber {
			d.fault(p.key, "has no unit; write it with one, such as %ss, %sm or %sh", i.GetToken().Value, i.GetToken().Value, i.GetToken().Value)
			return
		}
	}
	raw, t, ok := d.expanded(n, p)
	if !ok {
		return
	}
	if problem := s.scan(t); problem != "" {
		d.fault(p.key, "%s%s", shown(s, raw), problem)
		return
	}
	if length, isDuration := v.Interface().(Duration); isDuration {
		low, _ := ParseDuration(p.min)
		high, limited := ParseDuration(p.max)
		if length < low || limited && length > high {
			d.fault(p.key, "%sis out of bounds; write %s to %s", shown(s, raw), p.min, p.max)
		}
	}
}

// shown quotes a value for a fault, unless it is or may hold a secret.
func shown(s scanner, raw string) string {
	switch s.(type) {
	case *Duration, *HostPort:
		return quote(raw) + " "
	}
	return ""
}

func (d *decoder) text(n ast.Node, v reflect.Value, p place) {
	raw, t, ok := d.expanded(n, p)
	if !ok {
		return
	}
	s := t.joined()
	v.SetString(s)
	switch {
	case p.enum != nil && !slices.Contains(p.enum, s):
		mend := "write one of " + strings.Join(p.enum, ", ")
		if w := nearest(s, p.enum); w != "" {
			mend = "did you mean " + w + "? The words are " + strings.Join(p.enum, ", ")
		}
		d.fault(p.key, "%s is not a word that it knows; %s", quote(raw), mend)
	case p.pattern != "" && !regexp.MustCompile(p.pattern).MatchString(s):
		d.fault(p.key, "%s does not fit; write it in the form %s (%s)", quote(raw), p.like, p.doc)
	case strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }):
		d.fault(p.key, "holds a control character or a line break; write one line of plain text")
	}
}

func (d *decoder) number(n ast.Node, v reflect.Value, p place) {
	i, ok := n.(*ast.IntegerNode)
	if !ok {
		d.fault(p.key, "is %s; write a whole number", kindOf(n))
		return
	}
	number, ok := decimal(i.GetToken().Value)
	if !ok {
		d.fault(p.key, "%s is not a plain whole number; write it in decimal digits alone", quote(i.GetToken().Value))
		return
	}
	v.SetInt(number)
	if low, high := bound(p.min, math.MinInt), bound(p.max, math.MaxInt); number < int64(low) || number > int64(high) {
		d.fault(p.key, "%d is out of bounds; write %s", number, between(low, high, math.MaxInt))
	}
}

// decimal reads digits without a leading zero, which YAML would take for octal.
func decimal(s string) (int64, bool) {
	digits := strings.TrimPrefix(s, "-")
	if len(digits) > 1 && digits[0] == '0' || strings.HasPrefix(s, "+") {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil
}

func bound(tag string, otherwise int) int {
	if n, err := strconv.Atoi(tag); err == nil {
		return n
	}
	return otherwise
}

func between(low, high, unlimited int) string {
	switch {
	case high >= unlimited:
		return fmt.Sprintf("%d or more", low)
	case low == high:
		return strconv.Itoa(low)
	}
	return fmt.Sprintf("%d to %d", low, high)
}

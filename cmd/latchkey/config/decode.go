package config

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// decoder walks the file's tree and the struct side by side. It knows no key:
// the struct's tags say what is allowed where.
type decoder struct {
	*source
	in Inputs
}

// scanner is a value that reads itself from text. It gives "" or what is wrong
// with the text, without quoting it.
type scanner interface{ scan(t text) string }

// place is where a value stands and what its key allows.
type place struct {
	key string
	field
}

func (p place) at(i int) place { return place{key: fmt.Sprintf("%s[%d]", p.key, i), field: p.field} }

func (p place) below(f field) place {
	if p.key == "" {
		return place{key: f.key, field: f}
	}
	return place{key: p.key + "." + f.key, field: f}
}

// value reads one node into v.
func (d *decoder) value(n ast.Node, v reflect.Value, p place) {
	switch n.(type) {
	case nil, *ast.NullNode:
		d.fault(p.key, "has no value; write one, or remove the key")
		return
	case *ast.AnchorNode, *ast.AliasNode, *ast.MergeKeyNode:
		d.fault(p.key, "uses an anchor or alias, which are not read; write the value out in each place")
		return
	case *ast.TagNode:
		d.fault(p.key, "has a YAML tag (!…), which is not read; write the value alone")
		return
	}
	if v.Kind() == reflect.Pointer {
		v.Set(reflect.New(v.Type().Elem()))
		v = v.Elem()
	}
	if s, ok := v.Addr().Interface().(scanner); ok {
		d.scanned(n, s, v, p)
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		d.section(n, v, p)
	case reflect.Slice:
		d.list(n, v, p)
	case reflect.Map:
		d.free(n, v, p)
	case reflect.String:
		d.text(n, v, p)
	case reflect.Bool:
		if b, ok := n.(*ast.BoolNode); ok {
			v.SetBool(b.Value)
		} else {
			d.fault(p.key, "is %s; write true or false", kindOf(n))
		}
	default:
		d.number(n, v, p)
	}
}

// section reads a mapping into a struct: every key once, none unknown, none
// that is required missing, defaults where a key is absent.
func (d *decoder) section(n ast.Node, v reflect.Value, p place) {
	values, ok := entries(n)
	if !ok {
		d.fault(p.key, "is %s; write keys below it", kindOf(n))
		return
	}
	known := fields(v.Type())
	seen := make(map[string]bool)
	for _, entry := range values {
		name, line, ok := keyOf(entry)
		if !ok {
			d.faultAt(line, p.key, "has a key that is not a plain word; write key: value, without anchors, merges or ?")
			continue
		}
		f, ok := find(known, name)
		at := p.below(field{key: name})
		switch {
		case !ok:
			meant := d.unknown(line, at.key, name, known)
			seen[meant] = true // its absence is told by that
		case d.lines[at.key] > 0:
			d.faultAt(line, at.key, "is set twice (first in line %d); keep one", d.lines[at.key])
		default:
			seen[name] = true
			d.lines[at.key] = line
			d.value(entry.Value, v.Field(f.index), p.below(f))
		}
	}
	d.absent(v, p, known, seen)
}

// unknown tells a key that does not exist, and gives the one that was probably meant.
func (d *decoder) unknown(line int, key, name string, known []field) (meant string) {
	words := make([]string, len(known))
	for i, f := range known {
		words[i] = f.key
	}
	if w := nearest(name, words); w != "" {
		d.faultAt(line, key, "is not a key that exists here; did you mean %s?", w)
		return w
	}
	d.faultAt(line, key, "is not a key that exists here; remove it, or use one of %s", strings.Join(words, ", "))
	return ""
}

// absent fills in defaults, and tells what is required and missing.
func (d *decoder) absent(v reflect.Value, p place, known []field, seen map[string]bool) {
	for _, f := range known {
		if seen[f.key] {
			continue
		}
		at := p.below(f)
		switch to := v.Field(f.index); {
		case f.required:
			d.fault(at.key, "is missing; add it: %s", describe(f))
		case f.initial != "":
			d.initial(to, at)
		case to.Kind() == reflect.Struct && len(fields(to.Type())) > 0:
			d.absent(to, at, fields(to.Type()), nil)
		}
	}
}

// initial sets a default. Defaults are ours: one that does not fit is a
// mistake in the struct's tags.
func (d *decoder) initial(v reflect.Value, p place) {
	if v.Kind() == reflect.Slice {
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		v = v.Index(0)
	}
	if s, ok := v.Addr().Interface().(scanner); ok {
		if problem := s.scan(text{{said: p.initial}}); problem != "" {
			panic("default of " + p.key + " " + problem)
		}
		return
	}
	if v.Kind() == reflect.String {
		v.SetString(p.initial)
		return
	}
	n, ok := decimal(p.initial)
	if !ok {
		panic("default of " + p.key + " is not a number")
	}
	v.SetInt(n)
}

// mostValues bounds a list whose tags do not.
const mostValues = 1000

// list reads a sequence, or, where the tags allow it, its only element.
func (d *decoder) list(n ast.Node, v reflect.Value, p place) {
	sequence, ok := n.(*ast.SequenceNode)
	if !ok {
		if !p.single {
			d.fault(p.key, "is %s; write a list: [a, b], or each value in a line of its own after a dash", kindOf(n))
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		d.value(n, v.Index(0), p)
		return
	}
	if low, high := bound(p.min, 0), bound(p.max, mostValues); len(sequence.Values) < low || len(sequence.Values) > high {
		d.fault(p.key, "holds %d values; write %s", len(sequence.Values), between(low, high, mostValues))
	}
	v.Set(reflect.MakeSlice(v.Type(), len(sequence.Values), len(sequence.Values)))
	for i, element := range sequence.Values {
		at := p.at(i)
		at.min, at.max = "", "" // the list's own
		d.lines[at.key] = max(lineOf(element), d.line(p.key))
		d.value(element, v.Index(i), at)
	}
}

// free reads a mapping whose keys are the administrator's own.
func (d *decoder) free(n ast.Node, v reflect.Value, p place) {
	values, ok := entries(n)
	if !ok {
		d.fault(p.key, "is %s; write keys below it", kindOf(n))
		return
	}
	v.Set(reflect.MakeMap(v.Type()))
	for _, entry := range values {
		name, line, ok := keyOf(entry)
		at := p.below(field{key: name})
		switch {
		case !ok:
			d.faultAt(line, p.key, "has a key that is not a plain word; write key: value, without anchors, merges or ?")
		case d.lines[at.key] > 0:
			d.faultAt(line, at.key, "is set twice (first in line %d); keep one", d.lines[at.key])
		default:
			d.lines[at.key] = line
			e := reflect.New(v.Type().Elem()).Elem()
			d.value(entry.Value, e, at)
			v.SetMapIndex(reflect.ValueOf(name), e)
		}
	}
}

func entries(n ast.Node) ([]*ast.MappingValueNode, bool) {
	switch n := n.(type) {
	case *ast.MappingNode:
		return n.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, true
	}
	return nil, false
}

// keyOf gives a plain key and its line; ok is false for ?, <<, * and the like.
func keyOf(entry *ast.MappingValueNode) (name string, line int, ok bool) {
	n, isNode := entry.Key.(ast.Node)
	if !isNode {
		return "", 0, false
	}
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, lineOf(n), true
	case *ast.IntegerNode, *ast.BoolNode, *ast.NullNode, *ast.FloatNode:
		return n.GetToken().Value, lineOf(n), true
	}
	return "", lineOf(n), false
}

func find(known []field, key string) (field, bool) {
	for _, f := range known {
		if f.key == key {
			return f, true
		}
	}
	return field{}, false
}

func describe(f field) string {
	if f.like != "" {
		return f.key + ": " + f.like + " (" + f.doc + ")"
	}
	return f.key + " (" + f.doc + ")"
}

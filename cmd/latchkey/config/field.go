package config

import (
	"reflect"
	"strings"
)

// field is one key of a section, as its struct tags describe it.
type field struct {
	index    int
	key      string
	doc      string
	like     string
	required bool
	single   bool
	shown    bool
	initial  string // default, as written in the file; empty: none
	enum     []string
	min, max string
	pattern  string
}

// fields reads the tags of a section's struct, in the order of its fields.
func fields(t reflect.Type) []field {
	var out []field
	for i := range t.NumField() {
		tag := t.Field(i).Tag
		key := tag.Get("yaml")
		if key == "" {
			continue
		}
		f := field{index: i, key: key, doc: tag.Get("doc"), like: tag.Get("like"),
			required: tag.Get("required") == "true", single: tag.Get("single") == "true", shown: tag.Get("shown") == "true",
			initial: tag.Get("default"), min: tag.Get("min"), max: tag.Get("max"), pattern: tag.Get("pattern")}
		if words := tag.Get("enum"); words != "" {
			f.enum = strings.Split(words, ",")
		}
		out = append(out, f)
	}
	return out
}

// sectionOf gives the struct below a key, and what a list of them is written with.
func sectionOf(t reflect.Type) (inner reflect.Type, below string, ok bool) {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() == reflect.Slice {
		t, below = t.Elem(), "[]"
	}
	return t, below, t.Kind() == reflect.Struct && len(fields(t)) > 0
}

// nearest gives the word that was probably meant, or "".
func nearest(typed string, words []string) string {
	if len(typed) > 40 {
		return ""
	}
	best, most := "", max(2, len(typed)/3)+1
	typed = strings.ReplaceAll(strings.ToLower(typed), "-", "_")
	for _, w := range words {
		if d := distance(typed, w); d < most && d < max(len(typed), len(w)) {
			best, most = w, d
		}
	}
	return best
}

// distance counts the letters to add, remove, change or swap with their
// neighbour to get from one word to the other (optimal string alignment).
func distance(a, b string) int {
	row := make([][]int, len(a)+1)
	for i := range row {
		row[i] = make([]int, len(b)+1)
		row[i][0] = i
	}
	for j := range row[0] {
		row[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			row[i][j] = min(row[i-1][j]+1, row[i][j-1]+1, row[i-1][j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[i][j] = min(row[i][j], row[i-2][j-2]+1)
			}
		}
	}
	return row[len(a)][len(b)]
}

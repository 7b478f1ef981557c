package activity

import (
	"bytes"
	"encoding/json"
	"strings"
)

// twice reports whether an object has a key twice: one reader would take the
// first, and another the last. At the top a key counts as the same in any case,
// as it does for the decoder. What is not JSON, the decoder says.
func twice(data []byte) bool {
	dec := json.NewDecoder(bytes.NewReader(data))
	type object struct {
		keys  map[string]bool // nil: a list
		value bool            // a value comes next
	}
	var open []object
	for {
		t, err := dec.Token()
		if err != nil {
			return false
		}
		top := len(open) - 1
		switch t := t.(type) {
		case json.Delim:
			switch t {
			case '{', '[':
				if top >= 0 {
					open[top].value = false
				}
				next := object{}
				if t == '{' {
					next.keys = map[string]bool{}
				}
				open = append(open, next)
			default:
				open = open[:top]
			}
			continue
		case string:
			if top >= 0 && open[top].keys != nil && !open[top].value {
				if top == 0 {
					t = strings.ToLower(t)
				}
				if open[top].keys[t] {
					return true
				}
				open[top].keys[t], open[top].value = true, true
				continue
			}
		}
		if top >= 0 {
			open[top].value = false
		}
	}
}

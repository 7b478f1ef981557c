package slack

import (
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The block ids of what can be typed or ticked: the prefix, the field, and a
// mark that changes when the value must go.
const (
	inputMark   = "in:"
	choicesMark = "ch:"
	menuMark    = "me:"
	valueID     = "v" // the action id within
	maxTyped    = 3000
	maxEntered  = 100 // fields of a page, and rows that are ticked on it
)

// fieldBlock gives the block id of a field, at most 200 characters.
func fieldBlock(prefix, field, mark string) string {
	name := url.QueryEscape(field)
	return prefix + name[:min(len(name), 150)] + ":" + mark
}

// fieldOf reads a block id; ok is false for blocks of another kind.
func fieldOf(prefix, blockID string) (field string, ok bool) {
	rest, ok := strings.CutPrefix(blockID, prefix)
	if !ok {
		return "", false
	}
	name, _, _ := strings.Cut(rest, ":")
	field, err := url.QueryUnescape(name)
	return field, err == nil && field != ""
}

// entered gives what was typed, by field, and the rows that are ticked.
// It fails on what no Slack client can send.
func (v view) entered() (fields map[string]string, rows []int, err error) {
	fields = map[string]string{}
	for id, elements := range v.State.Values {
		val, given := elements[valueID]
		if !given {
			continue
		}
		if field, ok := fieldOf(inputMark, id); ok {
			// Of a field that stands twice, chance would choose which counts.
			if _, twice := fields[field]; twice || utf8.RuneCountInString(val.Typed) > maxTyped {
				return nil, nil, errForm
			}
			fields[field] = val.Typed
		}
		if field, ok := fieldOf(menuMark, id); ok && val.Chosen.Value != "" {
			if _, twice := fields[field]; twice || !isRow(val.Chosen.Value) {
				return nil, nil, errForm
			}
			fields[field] = val.Chosen.Value
		}
		if _, ok := fieldOf(choicesMark, id); ok {
			for _, o := range val.Ticked {
				row, err := strconv.Atoi(o.Value)
				if err != nil || row < 0 || row > maxRow {
					return nil, nil, errForm
				}
				rows = append(rows, row)
			}
		}
	}
	if len(fields) > maxEntered || len(rows) > maxEntered {
		return nil, nil, errForm
	}
	return fields, rows, nil
}

func isRow(s string) bool {
	row, err := strconv.Atoi(s)
	return err == nil && row >= 0 && row <= maxRow && s == strconv.Itoa(row)
}

// under gives texts about fields by the inputs that they stand under.
func (v view) under(texts map[string]string) map[string]string {
	faults := map[string]string{}
	for _, b := range v.Blocks {
		for _, mark := range []string{inputMark, menuMark} {
			if field, ok := fieldOf(mark, b.ID); ok && b.Type == "input" && texts[field] != "" {
				faults[b.ID] = texts[field]
			}
		}
	}
	return faults
}

// missing names the inputs that hold nothing but must: spaces alone satisfy
// Slack's own check.
func (v view) missing() map[string]string {
	faults := map[string]string{}
	for _, b := range v.Blocks {
		val := v.State.Values[b.ID][valueID]
		if b.Type != "input" || b.Optional || strings.TrimSpace(val.Typed) != "" || len(val.Ticked) > 0 || val.Chosen.Value != "" {
			continue
		}
		if _, ok := fieldOf(choicesMark, b.ID); ok {
			faults[b.ID] = "Tick at least one."
		} else if _, ok := fieldOf(menuMark, b.ID); ok {
			faults[b.ID] = "Choose one."
		} else if _, ok := fieldOf(inputMark, b.ID); ok {
			faults[b.ID] = "Type something here."
		}
	}
	return faults
}

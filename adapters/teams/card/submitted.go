package card

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"latchkey/flows"
)

// What comes back and is refused. No text holds anything of what was sent.
var (
	ErrMalformed  = errors.New("the data is not what a card of ours sends")
	ErrNotOffered = errors.New("the data is of a button that no card offers")
)

// Submitted reads the data of an action: value.action.data of
// adaptiveCard/action, value.data of task/fetch and task/submit, the value of a
// message from an old client. It is the inverse of what the cards here carry,
// and fills in Kind, Text (of what opens), Type, Row, Rows (ascending), Fields and Token; the rest is
// the caller's. Nothing of it is to be trusted: the dispatcher checks the token.
// Errors: ErrMalformed, ErrNotOffered.
func Submitted(sent json.RawMessage) (flows.Event, error) {
	values, err := members(sent)
	if err != nil {
		return flows.Event{}, err
	}
	id, err1 := text(values["act"])
	token, err2 := text(values["token"])
	if err1 != nil || err2 != nil || len(token) > maxToken {
		return flows.Event{}, malformed("act or token")
	}
	a, known := readAct(id)
	switch {
	case !known:
		return flows.Event{}, ErrNotOffered
	case a.opens():
		who, err := text(values["who"])
		if err != nil || utf8.RuneCountInString(who) > maxWho {
			return flows.Event{}, malformed("whom it is about")
		}
		return flows.Event{Kind: a.kind, Text: who}, nil
	case token == "":
		return flows.Event{}, ErrNotOffered
	}
	ev := flows.Event{Kind: a.kind, Type: a.typ, Row: a.row, Token: token, Fields: map[string]string{}}
	for id, value := range values {
		if err := enter(&ev, id, value); err != nil {
			return flows.Event{}, err
		}
	}
	if len(ev.Fields) > maxEntered || len(ev.Rows) > maxEntered {
		return flows.Event{}, malformed("too many values")
	}
	slices.Sort(ev.Rows)
	ev.Rows = slices.Compact(ev.Rows)
	return ev, nil
}

// enter takes one value; what is no input is none of ours.
func enter(ev *flows.Event, id string, value json.RawMessage) error {
	for _, prefix := range []string{inputMark, menuMark, choicesMark} {
		field, ok := fieldOf(prefix, id)
		if !ok {
			continue
		}
		s, err := text(value)
		if err != nil {
			return err
		}
		if prefix == choicesMark {
			return tick(ev, s)
		}
		if prefix == menuMark && s == "" {
			continue // nothing chosen
		}
		// Of a field that stands twice, chance would choose which counts.
		if _, twice := ev.Fields[field]; twice {
			return malformed("a field twice")
		}
		if _, isRow := rowOf(s); prefix == menuMark && !isRow || utf8.RuneCountInString(s) > maxTyped {
			return malformed("a value that cannot be entered")
		}
		ev.Fields[field] = s
	}
	return nil
}

// tick takes the rows of check boxes.
func tick(ev *flows.Event, s string) error {
	if s == "" {
		return nil
	}
	for one := range strings.SplitSeq(s, ",") {
		row, ok := rowOf(one)
		if !ok {
			return malformed("a row that cannot be ticked")
		}
		ev.Rows = append(ev.Rows, row)
	}
	return nil
}

func rowOf(s string) (row int, ok bool) {
	row, err := strconv.Atoi(s)
	return row, err == nil && row >= 0 && row <= maxRow && s == strconv.Itoa(row)
}

// text reads a string; null and nothing are "".
func text(value json.RawMessage) (string, error) {
	if len(value) == 0 {
		return "", nil
	}
	var s *string
	if err := json.Unmarshal(value, &s); err != nil {
		return "", malformed("a value that is no text")
	}
	if s == nil {
		return "", nil
	}
	return *s, nil
}

// members reads an object strictly: a key that stands twice is refused, since
// one reader would take the first and another the last.
func members(sent []byte) (map[string]json.RawMessage, error) {
	var values map[string]json.RawMessage
	switch err := jsonv2.Unmarshal(sent, &values); {
	case errors.Is(err, jsontext.ErrDuplicateName):
		return nil, malformed("a key twice")
	case err != nil || values == nil:
		return nil, malformed("no object")
	case len(values) > 4*maxEntered:
		return nil, malformed("too many keys")
	}
	return values, nil
}

func malformed(what string) error { return fmt.Errorf("%w: %s", ErrMalformed, what) }

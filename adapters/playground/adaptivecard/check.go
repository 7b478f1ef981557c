package adaptivecard

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// ContentType names an Adaptive Card, as an attachment and as an invoke answer.
const ContentType = "application/vnd.microsoft.card.adaptive"

// MaxBytes is the size that a message with its cards must stay below, 28 KB
// (learn.microsoft.com, "Format your bot messages").
const MaxBytes = 28 * 1024

// Problem is one reason for which Teams would refuse a card.
type Problem struct {
	Pointer string // RFC 6901, from the top of what was checked
	Text    string // what is wrong, and what is allowed
}

// String words the problem with its place.
func (p Problem) String() string { return p.Text + " [json-pointer:" + p.Pointer + "]" }

// Decode reads exactly one JSON value. Numbers stay json.Number, so that a
// payload is passed on as it came.
func Decode(data []byte) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, fmt.Errorf("reading JSON: %w", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("reading JSON: something follows the first value")
	}
	return v, nil
}

// Found is a card inside a payload.
type Found struct {
	Pointer string
	Card    any
}

// Cards finds the cards of a payload: a bare card, an attachment, an activity
// with attachments, the answer to adaptiveCard/action, the answer to a dialog.
func Cards(payload any) []Found {
	o, _ := payload.(map[string]any)
	switch {
	case o["type"] == "AdaptiveCard":
		return []Found{{Card: o}}
	case o["contentType"] == ContentType:
		return []Found{{"/content", o["content"]}}
	case o["type"] == ContentType:
		return []Found{{"/value", o["value"]}}
	}
	var out []Found
	for i, a := range items(o["attachments"]) {
		if member(a, "contentType") == ContentType {
			out = append(out, Found{"/attachments/" + strconv.Itoa(i) + "/content", member(a, "content")})
		}
	}
	if card := member(member(o["task"], "value"), "card"); card != nil {
		out = append(out, Found{"/task/value/card/content", member(card, "content")})
	}
	return out
}

// CheckAll judges every card of a payload; no card at all is a problem, too.
func CheckAll(payload any) []Problem {
	cards := Cards(payload)
	if len(cards) == 0 {
		return []Problem{{Text: "no Adaptive Card was found"}}
	}
	var out []Problem
	for _, found := range cards {
		for _, p := range Check(found.Card) {
			p.Pointer = found.Pointer + p.Pointer
			out = append(out, p)
		}
	}
	return out
}

// Check lists what Teams would refuse in a card, which is a value as Decode
// gives it. An empty list means accepted. At most 100 problems are listed.
func Check(card any) []Problem {
	r := &report{}
	cardRule(true)(r, "", card)
	if len(r.problems) == 0 {
		acrossCard(r, card)
	}
	if n := Size(card); n >= MaxBytes {
		r.add("", "the card has %d bytes: a message must stay below %d", n, MaxBytes)
	}
	return r.problems
}

// Size is the length of a value as JSON, in bytes.
func Size(v any) int {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return 0
	}
	return out.Len() - 1
}

// report collects problems; the paths in it are JSON pointers.
type report struct{ problems []Problem }

// maxProblems bounds what one hostile payload can make us write down.
const maxProblems = 100

func (r *report) add(at, format string, args ...any) {
	if len(r.problems) < maxProblems {
		r.problems = append(r.problems, Problem{Pointer: at, Text: fmt.Sprintf(format, args...)})
	}
}

// under appends one step to a JSON pointer.
func under(at, key string) string {
	return at + "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(key)
}

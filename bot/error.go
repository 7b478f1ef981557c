package bot

import (
	"errors"
	"fmt"
	"time"
)

// Kind says what sort of failure an error is. The set is closed: an error
// without a kind counts as Internal.
type Kind string

// The kinds, and who mends each.
const (
	Invalid     Kind = "invalid"     // the asker, by typing something else
	NotFound    Kind = "not_found"   // nothing has that name or id
	Denied      Kind = "denied"      // the asker may not; asking again will not help
	Conflict    Kind = "conflict"    // somebody else was there first: read again
	Expired     Kind = "expired"     // it was right once: begin again
	Throttled   Kind = "throttled"   // wait for RetryAfter
	Unavailable Kind = "unavailable" // a directory, database, Redis or mail server is away: try again
	Internal    Kind = "internal"    // ours to mend; people see a reference number only
)

// Error is a failure with a kind. Op says what was being done and is for the
// log; Text, where set, is for people and holds no secret and no inner cause.
type Error struct {
	Kind       Kind
	Op         string        // "search corp", for logs
	Text       string        // a sentence for the person, may be empty
	RetryAfter time.Duration // with Throttled; 0: not known
	Err        error
}

// Error gives the text for logs: what was being done, then the cause.
func (e *Error) Error() string {
	s := e.Op
	if s == "" {
		s = string(e.Kind)
	}
	if e.Text != "" {
		s += ": " + e.Text
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// E makes an error of a kind. err may be nil.
func E(kind Kind, op string, err error) error { return &Error{Kind: kind, Op: op, Err: err} }

// Ef makes an error of a kind whose text a person may read.
func Ef(kind Kind, op, format string, args ...any) error {
	return &Error{Kind: kind, Op: op, Text: fmt.Sprintf(format, args...)}
}

// KindOf gives the kind of the outermost Error in the chain, and Internal for
// an error without one. A nil error has no kind: "".
func KindOf(err error) Kind {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// TextOf gives the sentence for people of the first Error in the chain that has one, or "".
func TextOf(err error) string {
	for err != nil {
		var e *Error
		if !errors.As(err, &e) {
			return ""
		}
		if e.Text != "" {
			return e.Text
		}
		err = e.Err
	}
	return ""
}

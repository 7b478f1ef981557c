package config

import (
	"fmt"
	"io"
)

// redacted is what a secret says of itself.
const redacted = "[secret]"

// Secret is a password, token or key. However it is printed, logged or
// marshalled, it says "[secret]"; Reveal alone gives the text.
type Secret struct{ text string }

// NewSecret wraps a text.
func NewSecret(text string) Secret { return Secret{text: text} }

// Reveal gives the text, for the call that needs it and nothing else.
func (s Secret) Reveal() string { return s.text }

// IsZero reports whether there is none.
func (s Secret) IsZero() bool { return s.text == "" }

// Equal compares two secrets, for tests.
func (s Secret) Equal(o Secret) bool { return s.text == o.text }

// String gives "[secret]", or "" where there is none.
func (s Secret) String() string {
	if s.text == "" {
		return ""
	}
	return redacted
}

// GoString gives what String gives.
func (s Secret) GoString() string { return s.String() }

// Format writes what String gives for every verb, %x and %d among them.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// MarshalText gives what String gives, for JSON, YAML and zap.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// scan takes any text that is not empty.
func (s *Secret) scan(t text) string {
	s.text = t.joined()
	return ""
}

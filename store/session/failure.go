package session

import (
	"context"
	"errors"
	"fmt"

	"latchkey/bot"

	"github.com/redis/go-redis/v9"
)

// failure makes Unavailable of whatever Redis or the way to it said. The text
// is for whoever clicked; the cause, with how to mend it, is for the log. A
// write may have been done all the same, so the text does not promise that
// nothing happened.
func (s *Store) failure(op string, err error) error {
	s.lookAnew()
	text := "Redis, which remembers open cases, does not answer. Please try again in a minute."
	_, rights := s.ofRights("", err)
	_, kind := s.ofKind("", err)
	switch {
	case rights:
		text = "Redis, which remembers open cases, refuses Latchkey's login. Please tell an administrator: `latchkey check` says what to mend."
	case kind:
		text = "Redis, which remembers open cases, is not set up as Latchkey was told. Please tell an administrator: `latchkey check` says what to mend."
	case redis.IsOOMError(err):
		text = "Redis, which remembers open cases, is full. Please tell an administrator: it needs more maxmemory."
	case redis.IsReadOnlyError(err):
		text = "Redis, which remembers open cases, takes no writes just now. Please try again in a minute."
	}
	if !errors.Is(err, context.Canceled) { // whoever asked went away: Redis is as it was
		err = fmt.Errorf("%s: %w", s.reason(s.where(), err), err)
	}
	return &bot.Error{Kind: bot.Unavailable, Op: op, Text: text, Err: err}
}

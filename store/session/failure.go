package session

import (
	"context"

	"latchkey/bot"

	"github.com/redis/go-redis/v9"
)

// failure makes Unavailable of whatever Redis or the way to it said. The text
// is for whoever clicked; the cause is for the log. A write may have been done
// all the same, so the text does not promise that nothing happened.
func (s *Store) failure(op string, err error) error {
	if cluster, ok := s.client.(*redis.ClusterClient); ok {
		// The library asks a Cluster who is master now after MOVED and each
		// minute, but not after silence: a failover would go unnoticed so long.
		cluster.ReloadState(context.Background())
	}
	text := "Redis, which remembers open cases, does not answer. Please try again in a minute."
	switch {
	case redis.IsOOMError(err):
		text = "Redis, which remembers open cases, is full. Please tell an administrator: it needs more maxmemory."
	case redis.IsReadOnlyError(err):
		text = "Redis, which remembers open cases, takes no writes just now. Please try again in a minute."
	case redis.IsAuthError(err), redis.IsPermissionError(err):
		text = "Redis, which remembers open cases, refuses Latchkey's login. Please tell an administrator: `latchkey check` says what to mend."
	}
	return &bot.Error{Kind: bot.Unavailable, Op: op, Text: text, Err: err}
}

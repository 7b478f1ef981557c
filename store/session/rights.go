package session

import (
	"context"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"
)

// commands are what Latchkey sends to a server, each with arguments that do
// nothing of consequence to the key of a probe. INFO is asked by itself.
// docs/administrator.md gives the same list.
func commands(key string) map[string][]any {
	return map[string][]any{
		"hmget": {key, "a"}, "hget": {key, "a"}, "hset": {key, "a", "1"}, "exists": {key}, "pexpire": {key, 1}, "del": {key},
		"set": {key, "1", "PX", 1}, "get": {key}, "incr": {key}, "pttl": {key}, "mget": {key},
		"sadd": {key, "1"}, "srem": {key, "1"}, "smembers": {key}, "scard": {key},
		"eval": {"return 1", 1, key}, "evalsha": {"0000000000000000000000000000000000000000", 1, key},
	}
}

// askRights tries each command. What a server says of anything but rights does
// not matter here: a replica refuses to write, a node of a Cluster sends
// elsewhere, and both say first if the user may not ask.
func (s *Store) askRights(ctx context.Context, c *redis.Client, n *node) {
	if askInfo(ctx, c, n); n.err != nil && !redis.IsPermissionError(n.err) {
		return
	}
	if n.err != nil {
		n.missing = append(n.missing, "info")
	}
	n.keys = true
	key := s.key("check", mark())
	// Not one after the other: a failing command would not stop the rest, but
	// 17 round trips take their time on a distant server.
	answers, _ := c.Pipelined(ctx, func(p redis.Pipeliner) error {
		for name, args := range commands(key) {
			p.Do(ctx, append([]any{name}, args...)...)
		}
		p.PExpire(ctx, key, time.Millisecond)
		return nil
	})
	for _, answer := range answers {
		switch err := answer.Err(); {
		case err == nil || !redis.IsPermissionError(err):
		case refusedCommand.MatchString(err.Error()):
			n.missing = append(n.missing, refusedCommand.FindStringSubmatch(err.Error())[1])
		default:
			n.keys = false
		}
	}
	slices.Sort(n.missing)
	n.missing = slices.Compact(n.missing)
}

package session

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"fmt"
	"net"
	"sync/atomic"
	"time"

	"latchkey/bot"

	"github.com/redis/go-redis/v9"
)

// Two tries of a second each, and a little for the dial, fit into callTime.
const (
	dialTime = time.Second
	readTime = time.Second
	callTime = 3 * time.Second
)

// layout is part of each key's name, and raised when entries change their
// form: a latchkey of another layout then finds nothing, and misreads nothing.
const layout = "v1"

// Config says where Redis is.
type Config struct {
	// Addresses are host:port: with Master they are Sentinels; without, one is
	// a server and several are nodes of a Cluster. Nodes and Sentinels that are
	// not named are found.
	Addresses []string
	// Master is the name that Sentinel watches the master under.
	Master             string
	Username, Password string      // of the ACL user; without Username, the default user; Sentinels that want a login get the same
	TLS                *tls.Config // of servers and Sentinels; nil: none
	Prefix             string      // begins each key; the ACL user needs no other
	// Now is the clock by which ends are told; nil means the system's.
	Now func() time.Time
}

// Store is a Redis. It may be used by many at once, and finds a Redis that
// comes back by itself.
type Store struct {
	current atomic.Pointer[client]
	config  Config
	scripts scripts
}

// New prepares a store. It does not connect: Check does. Invalid for a
// configuration that can never serve.
func New(c Config) (*Store, error) {
	if len(c.Addresses) == 0 {
		return nil, bot.Ef(bot.Invalid, "prepare redis", "redis.addresses is empty: name at least one host:port")
	}
	for _, address := range c.Addresses {
		if host, port, err := net.SplitHostPort(address); err != nil || host == "" || port == "" {
			return nil, bot.Ef(bot.Invalid, "prepare redis", "redis.addresses has %q: write it as host:port", address)
		}
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	s := &Store{config: c, scripts: newScripts()}
	s.current.Store(&client{newClient(c), time.Now()})
	return s, nil
}

// Close gives the connections back.
func (s *Store) Close() error { return s.current.Load().Close() }

// key names an entry. The braces make the id alone choose the Cluster's slot,
// so that entries of one id can be used by one script.
func (s *Store) key(kind, id string) string {
	return s.config.Prefix + layout + ":" + kind + ":{" + id + "}"
}

// run runs a script on one key within the call's time.
func (s *Store) run(ctx context.Context, op string, script *redis.Script, key string, args ...any) ([]int64, error) {
	return s.runOn(ctx, op, script, []string{key}, args...)
}

func (s *Store) runOn(ctx context.Context, op string, script *redis.Script, keys []string, args ...any) ([]int64, error) {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	answer, err := script.Run(ctx, s.redis(), keys, args...).Int64Slice()
	if err != nil {
		return nil, s.failure(op, err)
	}
	if len(answer) != 2 {
		return nil, bot.E(bot.Internal, op, fmt.Errorf("the script answered %d numbers", len(answer)))
	}
	return answer, nil
}

// left gives the whole milliseconds until ends, 0 when that has passed.
func (s *Store) left(ends time.Time) int64 { return milliseconds(ends.Sub(s.config.Now())) }

// milliseconds rounds up: what has not ended has a life of at least one.
func milliseconds(d time.Duration) int64 {
	if d <= 0 {
		return 0
	}
	return int64((d-1)/time.Millisecond) + 1
}

// mark tells one write from every other.
func mark() string { return rand.Text() }

package session

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync"

	"latchkey/bot"

	"github.com/redis/go-redis/v9"
)

// node is what one server that keeps data says of itself.
type node struct {
	address string
	master  bool // it serves; the others wait to
	info    map[string]string
	missing []string // commands that the user may not use
	keys    bool     // the user may use the keys below the prefix
	err     error    // it did not answer, or not with INFO
}

// look asks something of every server that keeps data, all at once. An error
// tells that they are not known; those of a node are in it.
func (s *Store) look(ctx context.Context, ask func(context.Context, *redis.Client, *node)) ([]node, error) {
	var mu sync.Mutex
	var out []node
	visit := func(ctx context.Context, c *redis.Client, address string, master bool) {
		n := node{address: address, master: master}
		ask(ctx, c, &n)
		mu.Lock()
		defer mu.Unlock()
		out = append(out, n)
	}
	switch c := s.redis().(type) {
	case *redis.ClusterClient:
		each := func(master bool) func(context.Context, *redis.Client) error {
			return func(ctx context.Context, c *redis.Client) error {
				visit(ctx, c, c.Options().Addr, master)
				return nil
			}
		}
		err := c.ForEachMaster(ctx, each(true))
		return out, errors.Join(err, c.ForEachSlave(ctx, each(false)))
	case *redis.Client:
		var all sync.WaitGroup
		for _, address := range s.replicas(ctx) {
			all.Go(func() {
				replica := s.one(address)
				defer replica.Close() //nolint:errcheck // it has been looked at
				visit(ctx, replica, address, false)
			})
		}
		name := s.where()
		if s.config.Master != "" {
			name = s.master()
		}
		visit(ctx, c, name, true)
		all.Wait()
	}
	return out, nil
}

// replicas gives the addresses of those that a Sentinel knows, also where
// another does not answer; none where there is no Sentinel.
func (s *Store) replicas(ctx context.Context) []string {
	if s.config.Master == "" {
		return nil
	}
	found := make(chan []string, len(s.config.Addresses))
	for _, address := range s.config.Addresses {
		go func() {
			c := s.sentinel(address)
			defer c.Close() //nolint:errcheck // it has been asked
			var out []string
			known, err := c.Replicas(ctx, s.config.Master).Result()
			for _, r := range known {
				out = append(out, net.JoinHostPort(r["ip"], r["port"]))
			}
			if err != nil {
				out = nil
			}
			found <- out
		}()
	}
	for range s.config.Addresses {
		if out := <-found; len(out) > 0 {
			return out
		}
	}
	return nil
}

func askInfo(ctx context.Context, c *redis.Client, n *node) {
	text, err := c.Info(ctx).Result()
	n.info, n.err = parseInfo(text), err
}

// parseInfo reads INFO's lines "name:value".
func parseInfo(text string) map[string]string {
	out := map[string]string{}
	for line := range strings.Lines(text) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), ":"); ok && !strings.HasPrefix(line, "#") {
			out[name] = value
		}
	}
	return out
}

// Evicts reports whether a server would drop entries before their end when its
// memory is full (any maxmemory-policy but noeviction): repeats could then pass
// as new. Replicas count, since a failover makes masters of them; one that does
// not answer does not. Unavailable where a master cannot be asked.
func (s *Store) Evicts(ctx context.Context) (bool, error) {
	const op = "read redis maxmemory-policy"
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	nodes, err := s.look(ctx, askInfo)
	if err != nil {
		return false, s.failure(op, err)
	}
	for _, n := range nodes {
		switch policy := n.info["maxmemory_policy"]; {
		case n.err != nil && n.master:
			return false, s.failure(op, n.err)
		case n.err != nil:
		case policy == "" && n.master:
			return false, bot.E(bot.Unavailable, op, errors.New("INFO does not tell it"))
		case policy != "" && policy != "noeviction":
			return true, nil
		}
	}
	return false, nil
}

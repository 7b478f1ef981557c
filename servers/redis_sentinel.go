package servers

import (
	"fmt"
	"net"
	"testing"
)

// StartRedisSentinel starts a master with two replicas, watched by three
// Sentinels, for this test alone. A master that is silent for a second is
// replaced by them.
func StartRedisSentinel(tb testing.TB) *RedisGroup {
	tb.Helper()
	Used(tb, "redis-sentinel")
	return startedGroup(tb, startRedisSentinel)
}

// SharedRedisSentinel is the one that all tests of the package share: use
// random keys, and do it no harm.
func SharedRedisSentinel(tb testing.TB) *RedisGroup {
	tb.Helper()
	Used(tb, "redis-sentinel")
	return shared.redisSentinel.get(tb, sharedGroup(startRedisSentinel))
}

func startedGroup(tb testing.TB, start func() (*RedisGroup, error)) *RedisGroup {
	tb.Helper()
	g, err := start()
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := g.discard(); err != nil {
			tb.Error(err)
		}
	})
	return g
}

func sharedGroup(start func() (*RedisGroup, error)) func() (*RedisGroup, func() error, error) {
	return func() (*RedisGroup, func() error, error) {
		g, err := start()
		if err != nil {
			return nil, nil, err
		}
		return g, g.discard, nil
	}
}

func startRedisSentinel() (*RedisGroup, error) {
	g, err := newRedisGroup("sentinel")
	if err != nil {
		return nil, err
	}
	g.Master = "latchkey"
	if err := g.watch(); err != nil {
		_ = g.discard() // the first error is the one to tell
		return nil, fmt.Errorf("starting redis with sentinels: %w", err)
	}
	return g, nil
}

// watch starts nodes and Sentinels, and waits until a failover would succeed.
func (g *RedisGroup) watch() error {
	for i := range 3 {
		lines := dataLines
		if i > 0 {
			host, port, err := net.SplitHostPort(g.Nodes[0].Addr)
			if err != nil {
				return err
			}
			lines += "replicaof " + host + " " + port + "\n"
		}
		n, err := g.node(fmt.Sprintf("data-%d", i), "~@PREFIX@* "+serverRules, lines)
		if err != nil {
			return err
		}
		g.Nodes = append(g.Nodes, n)
	}
	host, port, err := net.SplitHostPort(g.Nodes[0].Addr)
	if err != nil {
		return err
	}
	for i := range 3 {
		n, err := g.node(fmt.Sprintf("sentinel-%d", i), sentinelRules, `sentinel announce-ip @HOST@
sentinel sentinel-pass @DEFAULT@
sentinel monitor latchkey `+host+" "+port+` 2
sentinel auth-pass latchkey @DEFAULT@
sentinel down-after-milliseconds latchkey 1000
sentinel failover-timeout latchkey 6000
sentinel parallel-syncs latchkey 1
`, "--sentinel")
		if err != nil {
			return err
		}
		g.Sentinels, g.Addresses = append(g.Sentinels, n), append(g.Addresses, n.Addr)
	}
	for _, n := range g.Sentinels {
		if err := g.has(n, "OK 3", "SENTINEL", "CKQUORUM", g.Master); err != nil {
			return err
		}
		if err := g.has(n, "slaves=2", "INFO", "sentinel"); err != nil {
			return err
		}
	}
	// Before the first copy is made, a failover forgets everything.
	for _, n := range g.Nodes[1:] {
		if err := g.has(n, "master_link_status:up", "INFO", "replication"); err != nil {
			return err
		}
	}
	return nil
}

package servers

import (
	"context"
	"fmt"
	"net"
	"testing"
	"time"
)

// clusterSlots is the number of hash slots (Redis Cluster specification).
const clusterSlots = 16384

// StartRedisCluster starts a Cluster of three masters for this test alone, the
// first of which has a replica: Nodes[3]. A master that is silent for a second
// is replaced, if it has one.
func StartRedisCluster(tb testing.TB) *RedisGroup {
	tb.Helper()
	Used(tb, "redis-cluster")
	return startedGroup(tb, startRedisCluster)
}

// SharedRedisCluster is the one that all tests of the package share: use
// random keys, and do it no harm.
func SharedRedisCluster(tb testing.TB) *RedisGroup {
	tb.Helper()
	Used(tb, "redis-cluster")
	return shared.redisCluster.get(tb, sharedGroup(startRedisCluster))
}

func startRedisCluster() (*RedisGroup, error) {
	g, err := newRedisGroup("cluster")
	if err != nil {
		return nil, err
	}
	if err := g.join(); err != nil {
		_ = g.discard() // the first error is the one to tell
		return nil, fmt.Errorf("starting redis as a cluster: %w", err)
	}
	return g, nil
}

// join starts the nodes, makes a Cluster of them, and waits until a failover
// would succeed.
func (g *RedisGroup) join() error {
	const masters, nodes = 3, 4
	for i := range nodes {
		n, err := g.node(fmt.Sprintf("cluster-%d", i), "~@PREFIX@* "+clusterRules, dataLines+`cluster-enabled yes
cluster-announce-ip @HOST@
cluster-config-file nodes.conf
cluster-node-timeout 1000
cluster-require-full-coverage yes
tls-cluster yes
`)
		if err != nil {
			return err
		}
		g.Nodes, g.Addresses = append(g.Nodes, n), append(g.Addresses, n.Addr)
	}
	for i, n := range g.Nodes {
		if i < masters {
			first, last := i*clusterSlots/masters, (i+1)*clusterSlots/masters-1
			if err := g.say(n, "CLUSTER", "ADDSLOTSRANGE", first, last); err != nil {
				return err
			}
		}
		// Two nodes of one epoch would have to settle that first.
		if err := g.say(n, "CLUSTER", "SET-CONFIG-EPOCH", i+1); err != nil {
			return err
		}
		host, port, err := net.SplitHostPort(g.Nodes[0].Addr)
		if err != nil {
			return err
		}
		if i > 0 {
			if err := g.say(n, "CLUSTER", "MEET", host, port); err != nil {
				return err
			}
		}
	}
	for _, n := range g.Nodes {
		for _, want := range []string{"cluster_state:ok", "cluster_known_nodes:4"} {
			if err := g.has(n, want, "CLUSTER", "INFO"); err != nil {
				return err
			}
		}
	}
	return g.replicate(g.Nodes[0], g.Nodes[masters])
}

// replicate makes replica a copy of master, and waits until all know it.
func (g *RedisGroup) replicate(master, replica *RedisNode) error {
	client := g.client(master.Addr)
	defer client.Close()
	id, err := client.Do(context.Background(), "CLUSTER", "MYID").Text()
	if err != nil {
		return fmt.Errorf("asking %s for its id: %w", master.name, err)
	}
	if err := g.say(replica, "CLUSTER", "REPLICATE", id); err != nil {
		return err
	}
	if err := g.has(replica, "master_link_status:up", "INFO", "replication"); err != nil {
		return err
	}
	for _, n := range g.Nodes {
		if err := g.has(n, "slave "+id, "CLUSTER", "NODES"); err != nil {
			return err
		}
		// Clients are told of a replica only when it has something.
		if err := g.tells(n, replica); err != nil {
			return err
		}
	}
	return nil
}

// tells waits until n tells clients of the replica.
func (g *RedisGroup) tells(n, replica *RedisNode) error {
	client := g.client(n.Addr)
	defer client.Close()
	for deadline := time.Now().Add(readyWithin); ; time.Sleep(pollEvery) {
		slots, err := client.ClusterSlots(context.Background()).Result() //nolint:staticcheck // what clients are told, which SHARDS is not
		for _, slot := range slots {
			for _, node := range slot.Nodes {
				if node.Addr == replica.Addr {
					return nil
				}
			}
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%s does not tell of %s within %v: %v", n.name, replica.name, readyWithin, err)
		}
	}
}

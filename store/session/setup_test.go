package session_test

import (
	"crypto/tls"
	"strings"
	"testing"
	"time"

	"latchkey/bot"
	"latchkey/servers"
	"latchkey/store/session"
)

// A Redis that is another one than the configuration says: `check` says what
// it is and how to mend it, and the log has the same sentence.
func TestEachWrongSetupHasASentence(t *testing.T) {
	watched, cluster := servers.SharedRedisSentinel(t), servers.SharedRedisCluster(t)
	for _, c := range []struct {
		name       string
		group      *servers.RedisGroup
		change     func(*session.Config)
		what, mend string
	}{
		{"a master that nobody watches", watched, func(c *session.Config) { c.Master = "other" }, "the Sentinels watch no master called other", "sentinel monitor"},
		{"Sentinels without their master", watched, func(c *session.Config) { c.Master = "" }, "as a Sentinel does", "set redis.master"},
		{"one Sentinel as a server", watched, func(c *session.Config) { c.Master, c.Addresses = "", watched.Addresses[:1] }, "as a Sentinel does", "set redis.master"},
		{"servers as Sentinels", watched, func(c *session.Config) { c.Addresses = []string{watched.Nodes[0].Addr, watched.Nodes[1].Addr} }, "no Sentinel answers", "remove redis.master"},
		{"servers as a Cluster", watched, func(c *session.Config) {
			c.Master, c.Addresses = "", []string{watched.Nodes[0].Addr, watched.Nodes[1].Addr}
		}, "single servers and no Cluster", "set redis.master"},
		{"a replica as the server", watched, func(c *session.Config) { c.Master, c.Addresses = "", []string{watched.Nodes[1].Addr} }, "a replica, which takes no writes", "name the master"},
		{"a wrong password for Sentinels", watched, func(c *session.Config) { c.Password = "wrong" }, "the Sentinels refuse the login", "they have users of their own"},
		{"no TLS to Sentinels", watched, func(c *session.Config) { c.TLS = nil }, "no Sentinel answers", "redis.tls"},
		{"an unknown authority of Sentinels", watched, func(c *session.Config) { c.TLS = &tls.Config{} }, "unknown authority", "redis.ca_file"},
		{"a Cluster with a master's name", cluster, func(c *session.Config) { c.Master = "latchkey" }, "no Sentinel answers", "remove redis.master"},
		{"one node of a Cluster", cluster, func(c *session.Config) { c.Addresses = cluster.Addresses[:1] }, "one node of a Cluster", "name several of its nodes"},
		{"a wrong password for a Cluster", cluster, func(c *session.Config) { c.Password = "wrong" }, "refuses the login", "redis.password"},
		{"another prefix than the user's", cluster, func(c *session.Config) { c.Prefix = "other:" }, "may not use the keys below", "~other:*"},
	} {
		t.Run(c.name, func(t *testing.T) {
			config := grouped(c.group)
			c.change(&config)
			s := open(t, config)
			wantFinding(t, s, bot.LevelFault, c.what, c.mend)
			var err error
			for range 20 { // one node of a Cluster has some of the keys
				if _, err = s.First(t.Context(), servers.Unique("key"), time.Hour); err != nil {
					break
				}
			}
			if bot.KindOf(err) != bot.Unavailable {
				t.Errorf("serving answered %v", err)
			} else if c.name != "servers as a Cluster" && !strings.Contains(err.Error(), c.mend) {
				t.Errorf("the log would say %v", err)
			}
			if _, err := s.Pointed(t.Context(), servers.Unique("key")); c.group == watched && !strings.Contains(c.name, "replica") && bot.KindOf(err) != bot.Unavailable {
				t.Errorf("a pointer answered %v", err)
			}
		})
	}
}

func TestSentinelsWithoutALoginServe(t *testing.T) {
	g := servers.StartRedisSentinel(t)
	for _, n := range g.Sentinels {
		do(t, g.Admin(t, n), "ACL", "SETUSER", "default", "nopass")
		do(t, g.Admin(t, n), "ACL", "DELUSER", g.Username)
	}
	s := open(t, grouped(g))
	if found := s.Check(t.Context()); len(found) != 1 || found[0].Level != bot.LevelOK {
		t.Errorf("found %+v", found)
	}
	keep(t, s)
}

func TestAMasterThatNobodyReplacesHasASentence(t *testing.T) {
	g := servers.StartRedisSentinel(t)
	s := open(t, grouped(g))
	keep(t, s)
	g.Sentinels[0].Kill(t)
	g.Sentinels[1].Kill(t)
	// The last one notices after a second.
	admin := g.Admin(t, g.Sentinels[2])
	for deadline := time.Now().Add(10 * time.Second); admin.Do(t.Context(), "SENTINEL", "CKQUORUM", g.Master).Err() == nil; {
		if time.Now().After(deadline) {
			t.Fatal("one Sentinel thinks itself enough")
		}
	}
	wantFinding(t, s, bot.LevelWarning, "the Sentinels cannot replace the master", "start the others")
	g.Nodes[0].Kill(t)
	wantFinding(t, s, bot.LevelFault, "no other has taken its place", "CKQUORUM")
	wantAway(t, s)
	g.Sentinels[2].Kill(t)
	wantFinding(t, s, bot.LevelFault, "no Sentinel answers", "redis.addresses")
	wantAway(t, s)
}

func TestAClusterWithoutAllItsSlotsHasASentence(t *testing.T) {
	g := servers.StartRedisCluster(t)
	s := open(t, grouped(g))
	keep(t, s)
	g.Nodes[1].Kill(t)
	for deadline := time.Now().Add(10 * time.Second); ; {
		_, err := s.First(t.Context(), servers.Unique("key"), time.Hour)
		if err != nil && strings.Contains(err.Error(), "a part of its slots has no master") {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("the Cluster goes on: %v", err)
		}
	}
	wantFinding(t, s, bot.LevelFault, "a part of its slots has no master", "redis-cli --cluster check")
	wantFinding(t, s, bot.LevelFault, g.Nodes[1].Addr+" does not answer", "start Redis")
	g.Nodes[1].Start(t)
	wantBack(t, s)
}

func TestEvictionIsFoundOnReplicas(t *testing.T) {
	watched, cluster := servers.StartRedisSentinel(t), servers.StartRedisCluster(t)
	for _, c := range []struct {
		group   *servers.RedisGroup
		replica *servers.RedisNode
	}{{watched, watched.Nodes[1]}, {cluster, cluster.Nodes[3]}} {
		s := open(t, grouped(c.group))
		if evicts, err := s.Evicts(t.Context()); err != nil || evicts {
			t.Errorf("evicts: %v, %v", evicts, err)
		}
		do(t, c.group.Admin(t, c.replica), "CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
		if evicts, err := s.Evicts(t.Context()); err != nil || !evicts {
			t.Errorf("a replica would evict: %v, %v", evicts, err)
		}
		wantFinding(t, s, bot.LevelFault, c.replica.Addr+": maxmemory-policy is allkeys-lru", "noeviction")
		c.replica.Pause(t)
		began := time.Now()
		if evicts, err := s.Evicts(t.Context()); err != nil || evicts || time.Since(began) > 3500*time.Millisecond {
			t.Errorf("with a replica that hangs, evicts: %v, %v after %v", evicts, err, time.Since(began))
		}
		c.replica.Kill(t)
		if evicts, err := s.Evicts(t.Context()); err != nil || evicts {
			t.Errorf("without the replica, evicts: %v, %v", evicts, err)
		}
	}
}

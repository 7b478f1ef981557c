package session_test

import (
	"crypto/tls"
	"fmt"
	"strings"
	"testing"

	"latchkey/bot"
	"latchkey/servers"
	"latchkey/store/session"
)

// wantFinding wants one finding of the level whose texts hold what and mend.
func wantFinding(t *testing.T, s *session.Store, level bot.Level, what, mend string) {
	t.Helper()
	found := s.Check(t.Context())
	for _, f := range found {
		if f.Part == "redis" && f.Level == level && strings.Contains(f.What, what) && strings.Contains(f.Mend, mend) {
			return
		}
	}
	t.Errorf("no %s says %q and %q: %+v", level, what, mend, found)
}

func TestCheckOfAGoodServer(t *testing.T) {
	server := servers.SharedRedis(t)
	for _, c := range []session.Config{restricted(server), overTLS(server), grouped(servers.SharedRedisSentinel(t)), grouped(servers.SharedRedisCluster(t))} {
		found := open(t, c).Check(t.Context())
		if len(found) != 1 || found[0].Level != bot.LevelOK || found[0].Mend != "" || !strings.Contains(found[0].What, "never evicts") {
			t.Errorf("found %+v", found)
		}
	}
}

func TestCheckSaysWhyThereIsNoAnswer(t *testing.T) {
	server := servers.SharedRedis(t)
	for _, c := range []struct {
		name       string
		change     func(*session.Config)
		what, mend string
	}{
		{"nobody listens", func(c *session.Config) { c.Addresses = []string{server.Host + ":1"} }, "does not answer", "start Redis"},
		{"wrong password", func(c *session.Config) { c.Password = "wrong" }, "refuses the login", "redis.password"},
		{"no password", func(c *session.Config) { c.Username, c.Password = "", "" }, "refuses the login", "redis.password"},
		{"TLS on the plain port", func(c *session.Config) { c.TLS = &tls.Config{RootCAs: server.Pool()} }, "does not answer", "remove redis.tls"},
		{"plain on the TLS port", func(c *session.Config) { c.Addresses = []string{server.TLSAddr} }, "does not answer", "set redis.tls"},
		{"unknown authority", func(c *session.Config) { c.Addresses, c.TLS = []string{server.TLSAddr}, &tls.Config{} }, "unknown authority", "redis.ca_file"},
		{"another name", func(c *session.Config) {
			c.Addresses, c.TLS = []string{server.TLSAddr}, &tls.Config{RootCAs: server.Pool(), ServerName: "elsewhere.test"}
		}, "another name", "certificate's names"},
	} {
		t.Run(c.name, func(t *testing.T) {
			config := restricted(server)
			c.change(&config)
			wantFinding(t, open(t, config), bot.LevelFault, c.what, c.mend)
		})
	}
}

func TestEvicts(t *testing.T) {
	server := servers.StartRedis(t, servers.RedisSpec{})
	s, admin := open(t, restricted(server)), administrator(t, server)
	for policy, want := range map[string]bool{"noeviction": false, "allkeys-lru": true, "volatile-ttl": true, "volatile-lfu": true} {
		do(t, admin, "CONFIG", "SET", "maxmemory-policy", policy)
		if evicts, err := s.Evicts(t.Context()); err != nil || evicts != want {
			t.Errorf("%s evicts: %v, %v", policy, evicts, err)
		}
		if want {
			wantFinding(t, s, bot.LevelFault, fmt.Sprintf("maxmemory-policy is %s", policy), "noeviction")
		}
	}
	server.Kill(t)
	if _, err := s.Evicts(t.Context()); bot.KindOf(err) != bot.Unavailable {
		t.Errorf("a server that is gone answered %v", err)
	}
}

func TestNewRefusesWhatCanNeverServe(t *testing.T) {
	for _, addresses := range [][]string{nil, {""}, {"localhost"}, {":6379"}, {"localhost:6379", "other"}} {
		if _, err := session.New(session.Config{Addresses: addresses}); bot.KindOf(err) != bot.Invalid || !strings.Contains(bot.TextOf(err), "redis.addresses") {
			t.Errorf("addresses %q answered %v", addresses, err)
		}
	}
}

package session_test

import (
	"crypto/rand"
	"crypto/tls"
	"testing"

	"latchkey/flows"
	"latchkey/servers"
	"latchkey/store/session"
	"latchkey/store/session/conformance"

	"go.uber.org/zap"
)

func TestMain(m *testing.M) {
	session.LogLibrary(zap.NewNop()) // the failures that the tests make are not news
	servers.Main(m)
}

var (
	_ flows.Sessions = (*session.Store)(nil)
	_ flows.Gate     = (*session.Store)(nil)
)

// restricted is how an administrator should set it up: a user that may reach
// nothing but the prefix. Each store has a prefix of its own below that.
func restricted(server *servers.Redis) session.Config {
	return session.Config{Addresses: []string{server.Addr}, Username: server.Username, Password: server.UserPassword,
		Prefix: server.Prefix + rand.Text() + ":"}
}

func overTLS(server *servers.Redis) session.Config {
	c := restricted(server)
	c.Addresses, c.TLS = []string{server.TLSAddr}, &tls.Config{RootCAs: server.Pool()}
	return c
}

func open(t *testing.T, c session.Config) *session.Store {
	t.Helper()
	s, err := session.New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// grouped is the same for servers with Sentinels and for a Cluster.
func grouped(g *servers.RedisGroup) session.Config {
	return session.Config{Addresses: g.Addresses, Master: g.Master, Username: g.Username, Password: g.UserPassword,
		TLS: &tls.Config{RootCAs: g.Pool()}, Prefix: g.Prefix + rand.Text() + ":"}
}

func TestConformance(t *testing.T) {
	conformance.Run(t, func(t *testing.T) conformance.Store { return open(t, restricted(servers.SharedRedis(t))) })
}

func TestConformanceOverTLS(t *testing.T) {
	conformance.Run(t, func(t *testing.T) conformance.Store { return open(t, overTLS(servers.SharedRedis(t))) })
}

func TestConformanceWithSentinels(t *testing.T) {
	conformance.Run(t, func(t *testing.T) conformance.Store { return open(t, grouped(servers.SharedRedisSentinel(t))) })
}

func TestConformanceOnACluster(t *testing.T) {
	conformance.Run(t, func(t *testing.T) conformance.Store { return open(t, grouped(servers.SharedRedisCluster(t))) })
}

package servers

import (
	"crypto/tls"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// wantMaster waits until a node of the group says that it is a master.
func wantMaster(t *testing.T, g *RedisGroup, candidates ...*RedisNode) {
	t.Helper()
	for deadline := time.Now().Add(15 * time.Second); ; time.Sleep(pollEvery) {
		for _, n := range candidates {
			if strings.Contains(g.Admin(t, n).Info(t.Context(), "replication").Val(), "role:master") {
				return
			}
		}
		if time.Now().After(deadline) {
			t.Fatalf("nobody took the master's place:\n%s", candidates[0].Log())
		}
	}
}

func TestRedisGroupsReplaceADeadMaster(t *testing.T) {
	for name, start := range map[string]func(testing.TB) *RedisGroup{"sentinel": StartRedisSentinel, "cluster": StartRedisCluster} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			began := time.Now()
			g := start(t)
			t.Logf("started in %v", time.Since(began))
			g.Nodes[0].Kill(t)
			began = time.Now()
			if g.Master != "" {
				wantMaster(t, g, g.Nodes[1:]...)
			} else {
				wantMaster(t, g, g.Nodes[3])
			}
			t.Logf("replaced in %v", time.Since(began))
		})
	}
}

func TestRedisGroupsHoldTheirUser(t *testing.T) {
	for _, g := range []*RedisGroup{SharedRedisSentinel(t), SharedRedisCluster(t)} {
		for _, n := range append(g.Nodes[:1:1], g.Sentinels...) {
			client := redis.NewClient(&redis.Options{Addr: n.Addr, Username: g.Username, Password: g.UserPassword, TLSConfig: &tls.Config{RootCAs: g.Pool()}})
			if err := client.Ping(t.Context()).Err(); err != nil {
				t.Errorf("%s: the user cannot log in: %v", n.name, err)
			}
			if err := client.Do(t.Context(), "ACL", "WHOAMI").Err(); err == nil || !strings.HasPrefix(err.Error(), "NOPERM") {
				t.Errorf("%s: ACL answered %v", n.name, err)
			}
			_ = client.Close()
		}
	}
}

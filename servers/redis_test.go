package servers

import (
	"crypto/tls"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

func TestRedisHoldsItsUserToThePrefix(t *testing.T) {
	server := SharedRedis(t)
	client := redis.NewClient(&redis.Options{Addr: server.Addr, Username: server.Username, Password: server.UserPassword})
	defer client.Close()
	if err := client.Set(t.Context(), server.Prefix+Unique("key"), "1", time.Minute).Err(); err != nil {
		t.Error(err)
	}
	if err := client.Set(t.Context(), Unique("key"), "1", time.Minute).Err(); err == nil || !strings.HasPrefix(err.Error(), "NOPERM") {
		t.Errorf("a key outside of the prefix answered %v", err)
	}
	if err := client.FlushAll(t.Context()).Err(); err == nil {
		t.Error("the restricted user may empty the server")
	}
	if info := client.Info(t.Context(), "memory").Val(); !strings.Contains(info, "maxmemory_policy:noeviction") {
		t.Errorf("INFO memory says %q", info)
	}
}

func TestRedisSpeaksTLSAndComesBackEmpty(t *testing.T) {
	server := StartRedis(t, RedisSpec{MaxMemoryPolicy: "allkeys-lru"})
	client := redis.NewClient(&redis.Options{
		Addr: server.TLSAddr, Password: server.Password, TLSConfig: &tls.Config{RootCAs: server.Pool()},
	})
	defer client.Close()
	if err := client.Set(t.Context(), "key", "1", 0).Err(); err != nil {
		t.Fatal(err)
	}
	server.Stop(t)
	server.Start(t)
	if err := client.Get(t.Context(), "key").Err(); err != redis.Nil {
		t.Errorf("after a restart the key answered %v, expected none", err)
	}
	if policy := client.ConfigGet(t.Context(), "maxmemory-policy").Val()["maxmemory-policy"]; policy != "allkeys-lru" {
		t.Errorf("the policy is %q", policy)
	}
}

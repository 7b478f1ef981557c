package servers

import (
	"crypto/tls"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"context"

	"github.com/redis/go-redis/v9"
)

const redisPort, redisTLSPort = 6379, 6380

// RedisSpec says what differs from the usual.
type RedisSpec struct {
	// MaxMemoryPolicy is noeviction when empty.
	MaxMemoryPolicy string
}

// Redis is one redis-server that keeps nothing on disk, on a plain and a TLS port.
type Redis struct {
	*Process
	Trust
	// Addr and TLSAddr are host:port.
	Addr, TLSAddr string
	// Password is that of the default user, who may do anything.
	Password string
	// Username and UserPassword are those of a restricted user: keys and
	// channels below Prefix alone, no dangerous command but INFO.
	Username, UserPassword, Prefix string
}

// StartRedis starts a Redis for this test alone, in about 0.1 s.
func StartRedis(tb testing.TB, spec RedisSpec) *Redis {
	tb.Helper()
	Used(tb, "redis")
	server, err := startRedis(spec)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := server.discard(); err != nil {
			tb.Error(err)
		}
	})
	return server
}

// SharedRedis is the Redis that all tests of the package share: use random keys.
func SharedRedis(tb testing.TB) *Redis {
	tb.Helper()
	Used(tb, "redis")
	return shared.redis.get(tb, func() (*Redis, func() error, error) {
		server, err := startRedis(RedisSpec{})
		if err != nil {
			return nil, nil, err
		}
		return server, server.discard, nil
	})
}

func startRedis(spec RedisSpec) (*Redis, error) {
	process, err := newProcess("redis", "redis-server")
	if err != nil {
		return nil, err
	}
	s := &Redis{
		Process:  process,
		Addr:     net.JoinHostPort(process.Host, strconv.Itoa(redisPort)),
		TLSAddr:  net.JoinHostPort(process.Host, strconv.Itoa(redisTLSPort)),
		Password: "default-of-the-tests",
		Username: "latchkey", UserPassword: "latchkey-of-the-tests", Prefix: "latchkey:",
	}
	process.args = []string{filepath.Join(process.Dir, "redis.conf")}
	process.ready = s.ping
	if err = s.prepare(spec); err == nil {
		err = process.run()
	}
	if err != nil {
		_ = process.discard() // the first error is the one to tell
		return nil, fmt.Errorf("starting redis: %w", err)
	}
	return s, nil
}

func (s *Redis) prepare(spec RedisSpec) (err error) {
	if s.Trust, err = newTrust(s.Dir, s.Host, "redis.example.test"); err != nil {
		return err
	}
	// Protected mode trusts the peer 127.0.0.1 alone; this server is on
	// another loopback address, with passwords for everybody.
	text := strings.NewReplacer("@DIR@", s.Dir, "@HOST@", s.Host, "@PORT@", strconv.Itoa(redisPort), "@TLS@", strconv.Itoa(redisTLSPort),
		"@POLICY@", orElse(spec.MaxMemoryPolicy, "noeviction"), "@DEFAULT@", s.Password,
		"@USER@", s.Username, "@USERPW@", s.UserPassword, "@PREFIX@", s.Prefix).Replace(`bind @HOST@
bind-source-addr @HOST@
port @PORT@
tls-port @TLS@
tls-cert-file @DIR@/cert.pem
tls-key-file @DIR@/key.pem
tls-ca-cert-file @DIR@/ca.pem
tls-auth-clients no
protected-mode no
daemonize no
dir @DIR@
save ""
appendonly no
maxmemory-policy @POLICY@
user default on >@DEFAULT@ ~* &* +@all
user @USER@ on >@USERPW@ ~@PREFIX@* &@PREFIX@* +@read +@write +@stream +@scripting +@connection +@transaction +@pubsub -@dangerous +info
`)
	if err := os.WriteFile(filepath.Join(s.Dir, "redis.conf"), []byte(text), 0o600); err != nil {
		return fmt.Errorf("writing the configuration of redis: %w", err)
	}
	return nil
}

func (s *Redis) ping() error {
	client := redis.NewClient(&redis.Options{
		Addr: s.TLSAddr, Password: s.Password, TLSConfig: &tls.Config{RootCAs: s.Pool()}, MaxRetries: -1, DialTimeout: time.Second,
	})
	defer client.Close()
	return client.Ping(context.Background()).Err()
}

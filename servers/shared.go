package servers

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"
)

// The shared servers of this test binary. Package-level state is avoided
// elsewhere; here it is the point: tests of one package have nothing else in
// common that could hold a server between them.
var shared struct {
	samba    lazy[*Samba]
	slapd    lazy[*Slapd]
	redis    lazy[*Redis]
	postfix  lazy[*Postfix]
	postgres lazy[*Postgres]

	redisSentinel, redisCluster lazy[*RedisGroup]
}

type lazy[S any] struct {
	once    sync.Once
	server  S
	err     error
	discard func() error
}

func (l *lazy[S]) get(tb testing.TB, start func() (S, func() error, error)) S {
	tb.Helper()
	l.once.Do(func() { l.server, l.discard, l.err = start() })
	if l.err != nil {
		tb.Fatal(l.err)
	}
	return l.server
}

func (l *lazy[S]) stop() error {
	if l.discard == nil {
		return nil
	}
	return l.discard()
}

// Main runs the tests, stops the shared servers and exits. It is the whole
// TestMain of a package that uses them.
func Main(m *testing.M) {
	code := m.Run()
	err := errors.Join(shared.samba.stop(), shared.slapd.stop(), shared.redis.stop(), shared.redisSentinel.stop(), shared.redisCluster.stop(), shared.postfix.stop(), shared.postgres.stop())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = max(code, 1)
	}
	os.Exit(code)
}

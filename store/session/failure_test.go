package session_test

import (
	"crypto/rand"
	"strings"
	"sync"
	"testing"
	"time"

	"latchkey/bot"
	"latchkey/servers"
	"latchkey/store/session"
	"latchkey/store/session/conformance"

	"github.com/redis/go-redis/v9"
)

// administrator speaks to a server as its default user.
func administrator(t *testing.T, server *servers.Redis) *redis.Client {
	t.Helper()
	client := redis.NewClient(&redis.Options{Addr: server.Addr, Password: server.Password})
	t.Cleanup(func() { _ = client.Close() })
	return client
}

func do(t *testing.T, client *redis.Client, command ...any) {
	t.Helper()
	if err := client.Do(t.Context(), command...).Err(); err != nil {
		t.Fatalf("%v: %v", command, err)
	}
}

// wantAway makes every call and wants each refused with a sentence, in time.
func wantAway(t *testing.T, s *session.Store) {
	t.Helper()
	began := time.Now()
	for call, err := range conformance.EveryCall(t.Context(), s) {
		if bot.KindOf(err) != bot.Unavailable || !strings.HasPrefix(bot.TextOf(err), "Redis, which remembers open cases, ") {
			t.Errorf("%s answered %v", call, err)
		}
	}
	if took := time.Since(began); took > 3500*time.Millisecond { // 3 s and the scheduler
		t.Errorf("the calls took %v", took)
	}
}

// wantBack waits until a record can be kept again, without opening anew.
func wantBack(t *testing.T, s *session.Store) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); ; {
		err := s.Create(t.Context(), rand.Text(), []byte("back"), time.Now().Add(time.Hour))
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("not back within 10 s: %v", err)
		}
	}
}

func keep(t *testing.T, s *session.Store) (id string) {
	t.Helper()
	id = rand.Text()
	ends := time.Now().Add(time.Hour)
	for _, err := range []error{
		s.Create(t.Context(), id, []byte("record"), ends), s.Point(t.Context(), id, id, ends), s.PutCode(t.Context(), id, []byte("mac"), time.Hour),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return id
}

func TestAPausedRedisIsUnavailableAndComesBack(t *testing.T) {
	server := servers.StartRedis(t, servers.RedisSpec{})
	// Connections that are open when the server stops, and none; plain and TLS.
	warm, cold, warmTLS, coldTLS := open(t, restricted(server)), open(t, restricted(server)), open(t, overTLS(server)), open(t, overTLS(server))
	id, idTLS := keep(t, warm), keep(t, warmTLS)
	server.Pause(t)
	var all sync.WaitGroup
	for _, s := range []*session.Store{warm, cold, warmTLS, coldTLS} {
		all.Go(func() { wantAway(t, s) })
	}
	all.Wait()
	server.Resume(t)
	for _, s := range []*session.Store{warm, cold, warmTLS, coldTLS} {
		wantBack(t, s)
	}
	wantVersion(t, warm, id, 1)
	wantVersion(t, warmTLS, idTLS, 1)
}

func TestARestartedRedisHasForgottenAndNeverSaysYes(t *testing.T) {
	server := servers.StartRedis(t, servers.RedisSpec{})
	s := open(t, restricted(server))
	id := keep(t, s)
	server.Kill(t)
	wantAway(t, s)
	server.Start(t)
	wantBack(t, s)
	_, _, load := s.Load(t.Context(), id)
	_, pointed := s.Pointed(t.Context(), id)
	_, code := s.Code(t.Context(), id)
	save := s.Save(t.Context(), id, 1, nil, time.Now().Add(time.Hour))
	for call, err := range map[string]error{"Load": load, "Pointed": pointed, "Code": code, "Save": save} {
		if bot.KindOf(err) != bot.NotFound {
			t.Errorf("%s answered %v, expected not found", call, err)
		}
	}
}

func TestAReplicaIsUnavailableForWritesAndFoundByCheck(t *testing.T) {
	server := servers.StartRedis(t, servers.RedisSpec{})
	s := open(t, restricted(server))
	id := keep(t, s)
	admin := administrator(t, server)
	do(t, admin, "REPLICAOF", server.Host, "1") // nobody is there
	ends := time.Now().Add(time.Hour)
	yes, first := s.First(t.Context(), rand.Text(), time.Hour)
	ok, _, allow := s.Allow(t.Context(), rand.Text(), 1, time.Hour)
	for call, err := range map[string]error{
		"Create": s.Create(t.Context(), rand.Text(), nil, ends), "Save": s.Save(t.Context(), id, 1, nil, ends),
		"Point": s.Point(t.Context(), id, id, ends), "First": first, "Allow": allow,
		"PutCode": s.PutCode(t.Context(), id, nil, time.Hour), "DropCode": s.DropCode(t.Context(), id),
	} {
		if bot.KindOf(err) != bot.Unavailable || !strings.Contains(bot.TextOf(err), "takes no writes") {
			t.Errorf("%s answered %v", call, err)
		}
	}
	if yes || ok {
		t.Error("a replica says yes")
	}
	wantFinding(t, s, bot.LevelFault, "it is a replica", "Sentinels")
	do(t, admin, "REPLICAOF", "NO", "ONE")
	wantBack(t, s)
}

func TestAFullRedisIsUnavailable(t *testing.T) {
	server := servers.StartRedis(t, servers.RedisSpec{})
	s := open(t, restricted(server))
	id := keep(t, s)
	admin := administrator(t, server)
	do(t, admin, "CONFIG", "SET", "maxmemory", "1")
	ends := time.Now().Add(time.Hour)
	yes, first := s.First(t.Context(), rand.Text(), time.Hour)
	ok, _, allow := s.Allow(t.Context(), rand.Text(), 1, time.Hour)
	for call, err := range map[string]error{
		"Create": s.Create(t.Context(), rand.Text(), nil, ends), "Save": s.Save(t.Context(), id, 1, nil, ends),
		"Point": s.Point(t.Context(), id, id, ends), "First": first, "Allow": allow, "PutCode": s.PutCode(t.Context(), id, nil, time.Hour),
	} {
		if bot.KindOf(err) != bot.Unavailable || !strings.Contains(bot.TextOf(err), "is full") {
			t.Errorf("%s answered %v", call, err)
		}
	}
	if yes || ok {
		t.Error("a full server says yes")
	}
	if data, version, err := s.Load(t.Context(), id); err != nil || string(data) != "record" || version != 1 {
		t.Errorf("the record of before reads %q at %d, %v", data, version, err)
	}
	if err := s.DropCode(t.Context(), id); err != nil {
		t.Errorf("a code cannot be dropped: %v", err)
	}
	wantFinding(t, s, bot.LevelFault, "it is full", "maxmemory")
	do(t, admin, "CONFIG", "SET", "maxmemory", "0")
	wantBack(t, s)
}

func TestARefusedLoginIsUnavailable(t *testing.T) {
	c := restricted(servers.SharedRedis(t))
	c.Password = "wrong"
	s := open(t, c)
	for call, err := range conformance.EveryCall(t.Context(), s) {
		if bot.KindOf(err) != bot.Unavailable || !strings.Contains(bot.TextOf(err), "refuses Latchkey's login") || strings.Contains(err.Error(), c.Password+" ") {
			t.Errorf("%s answered %v", call, err)
		}
	}
}

// What an entry may never be: without an end.
func TestEveryEntryHasAnEnd(t *testing.T) {
	server := servers.StartRedis(t, servers.RedisSpec{})
	s := open(t, restricted(server))
	id := keep(t, s)
	if err := s.Save(t.Context(), id, 1, nil, time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	conformance.EveryCall(t.Context(), s)
	admin := administrator(t, server)
	keys, err := admin.Keys(t.Context(), "*").Result()
	if err != nil || len(keys) < 6 {
		t.Fatalf("the keys are %q, %v", keys, err)
	}
	for _, key := range keys {
		if ttl := admin.TTL(t.Context(), key).Val(); ttl <= 0 || ttl > time.Hour {
			t.Errorf("%s has a life of %v", key, ttl)
		}
	}
}

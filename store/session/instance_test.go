package session_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"latchkey/bot"
	"latchkey/servers"
	"latchkey/store/session"

	"github.com/google/go-cmp/cmp"
)

// kinds are Redis as one server, with Sentinels, and as a Cluster.
func kinds(t *testing.T) map[string]session.Config {
	return map[string]session.Config{
		"server": restricted(servers.SharedRedis(t)), "sentinel": grouped(servers.SharedRedisSentinel(t)), "cluster": grouped(servers.SharedRedisCluster(t)),
	}
}

func instance(id, place string, started time.Time) session.Instance {
	return session.Instance{ID: id, Host: "host-" + id, Database: "sqlite:///" + id, Started: started.UTC(), Place: place}
}

func beats(t *testing.T, r *session.Registration, want string) (left time.Duration) {
	t.Helper()
	by, left, err := r.Beat(t.Context())
	if err != nil || by != want {
		t.Errorf("another place serves: %q, %v; expected %q", by, err, want)
	}
	return left
}

func TestOnePlaceServesAndItsInstancesAreListed(t *testing.T) {
	began := time.Now().Truncate(time.Second)
	for name, c := range kinds(t) {
		t.Run(name, func(t *testing.T) {
			s := open(t, c)
			one, two, other := instance("one", "here", began), instance("two", "here", began.Add(time.Second)), instance("other", "there", began)
			second := s.Register(two)
			beats(t, second, "")
			beats(t, s.Register(one), "")
			if left := beats(t, s.Register(other), "here"); left <= 0 || left > 15*time.Second {
				t.Errorf("the place is free in %v", left)
			}
			found, err := s.Instances(t.Context())
			if diff := cmp.Diff([]session.Instance{one, two}, found); err != nil || diff != "" {
				t.Errorf("%v %s", err, diff)
			}
			for i, r := range []*session.Registration{second, s.Register(one)} {
				if err := r.Leave(t.Context()); err != nil {
					t.Error(err)
				}
				if i == 0 {
					beats(t, s.Register(other), "here") // one is left
				}
			}
			if found, err := s.Instances(t.Context()); err != nil || len(found) != 0 {
				t.Errorf("after all left: %+v, %v", found, err)
			}
			beats(t, s.Register(other), "")
		})
	}
}

func TestOneOfManyPlacesServes(t *testing.T) {
	for name, c := range kinds(t) {
		t.Run(name, func(t *testing.T) {
			s := open(t, c)
			var all sync.WaitGroup
			var serve atomic.Int32
			for range 16 {
				all.Go(func() {
					id := servers.Unique("place")
					if by, _, err := s.Register(instance(id, id, time.Now())).Beat(t.Context()); err != nil {
						t.Error(err)
					} else if by == "" {
						serve.Add(1)
					}
				})
			}
			all.Wait()
			if serve.Load() != 1 {
				t.Errorf("%d places serve", serve.Load())
			}
		})
	}
}

// One that was killed leaves its entry in the index, and its place, until their end.
func TestAnInstanceThatIsSilentEnds(t *testing.T) {
	server := servers.StartRedis(t, servers.RedisSpec{})
	c := restricted(server)
	s, admin := open(t, c), administrator(t, server)
	killed, other := instance("killed", "here", time.Now()), s.Register(instance("other", "there", time.Now()))
	beats(t, s.Register(killed), "")
	for _, key := range admin.Keys(t.Context(), "*").Val() {
		if life := admin.PTTL(t.Context(), key).Val(); life <= 10*time.Second || life > 15*time.Second {
			t.Errorf("%s has a life of %v", key, life)
		}
	}
	beats(t, s.Register(instance("again", "here", time.Now())), "") // the same file: at once
	for _, key := range []string{"v1:instance:{instances}:killed", "v1:instance:{instances}:again", "v1:serves:{instances}"} {
		do(t, admin, "PEXPIRE", c.Prefix+key, 0)
	}
	if found, err := s.Instances(t.Context()); err != nil || len(found) != 0 {
		t.Errorf("%+v, %v", found, err)
	}
	beats(t, other, "")
}

// What no instance wrote names no place: an entry without an end would keep
// every instance waiting for ever, and an empty one would let two serve.
func TestAPlaceThatNobodyHolds(t *testing.T) {
	server := servers.StartRedis(t, servers.RedisSpec{})
	c := restricted(server)
	s, admin := open(t, c), administrator(t, server)
	serves := c.Prefix + "v1:serves:{instances}"
	for _, entry := range [][]any{{"SET", serves, "elsewhere"}, {"SET", serves, ""}, {"SET", serves, "", "PX", 10_000}} {
		do(t, admin, entry...)
		beats(t, s.Register(instance("one", "here", time.Now())), "")
		beats(t, s.Register(instance("other", "there", time.Now())), "here")
		do(t, admin, "DEL", serves)
	}
}

func TestWithoutRedisNobodyIsOusted(t *testing.T) {
	server := servers.StartRedis(t, servers.RedisSpec{})
	s := open(t, restricted(server))
	server.Kill(t)
	if by, _, err := s.Register(instance("one", "here", time.Now())).Beat(t.Context()); by != "" || bot.KindOf(err) != bot.Unavailable {
		t.Errorf("%q, %v", by, err)
	}
}

package replicas_test

import (
	"context"
	"crypto/tls"
	"sync"
	"testing"
	"time"

	"latchkey/bot"
	"latchkey/servers"
	"latchkey/store/session"

	"github.com/redis/go-redis/v9"
	"pgregory.net/rapid"
)

// mailed is a challenge whose code was sent.
type mailed struct {
	id, code string
	mac      []byte // as Redis had it
}

// send opens a challenge; ok is false where Redis could not keep its code.
func (s *scene) send(ctx context.Context, at int, c bot.Case, e bot.Enrollment) (mailed, error) {
	opened, err := s.open(ctx, at, c, e.Type)
	if err != nil {
		return mailed{}, err
	}
	mac, err := s.memories[at].Code(ctx, opened.Challenge)
	return mailed{opened.Challenge, s.Right(e), mac}, err
}

// round is what happens at once: guesses, and what befalls Redis meanwhile.
type round struct {
	anew    bool // a code is sent before
	sentBy  int
	guesses []planned
	harm    string
}

// planned is a guess at the last challenge or the one before.
type planned struct {
	at    int
	older bool
	right bool
}

var plans = rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) round {
	replica := rapid.IntRange(0, many-1)
	return round{
		anew: rapid.IntRange(0, 2).Draw(rt, "a new code") == 0, sentBy: replica.Draw(rt, "sent by"),
		guesses: rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) planned {
			return planned{replica.Draw(rt, "at"), rapid.IntRange(0, 3).Draw(rt, "older") == 0, rapid.IntRange(0, 3).Draw(rt, "right") == 0}
		}), 1, 6).Draw(rt, "guesses"),
		harm: rapid.SampledFrom([]string{"none", "forgets all", "has missed what was dropped"}).Draw(rt, "Redis"),
	}
}), 2, 6)

// Rounds of guesses at three replicas, and in each something befalls Redis
// while they are judged: it forgets everything, or one takes over that has
// missed that codes were used. Codes are sent anew in between, and older ones
// are tried, too.
func TestRedisForgetsBetweenGuesses(t *testing.T) {
	server := servers.StartRedis(t, servers.RedisSpec{})
	admin := redis.NewClient(&redis.Options{Addr: server.Addr, Password: server.Password})
	t.Cleanup(func() { _ = admin.Close() })
	f := newFleet(t, servers.SharedPostgres(t).NewSchema(t), onRedis(server))
	rapid.Check(t, func(rt *rapid.T) {
		plan := plans.Draw(rt, "rounds")
		s := f.scene()
		e, err := s.Enroll(t.Context(), s.Mei, bot.Email)
		must(rt, err)
		c := s.work(s.Dana)
		var sent []mailed
		var answers []answer
		for i, r := range plan {
			if i == 0 || r.anew {
				m, err := s.send(t.Context(), r.sentBy, c, e)
				must(rt, err)
				sent = append(sent, m)
			}
			var both sync.WaitGroup
			if r.harm == "forgets all" {
				both.Go(func() {
					if err := admin.FlushAll(t.Context()).Err(); err != nil {
						t.Error(err)
					}
				})
			}
			answers = append(answers, s.together(t.Context(), s.aim(r, c, e, sent))...)
			both.Wait()
			if r.harm == "has missed what was dropped" {
				for _, m := range sent {
					must(rt, s.memories[0].PutCode(t.Context(), m.id, m.mac, time.Minute))
				}
			}
		}
		o := count(answers)
		if len(o.failed) > 0 {
			rt.Fatalf("failed: %v", o.failed)
		}
		s.unbroken(t.Context(), rt, c, o)
	})
}

// aim makes a round's guesses of what was planned.
func (s *scene) aim(r round, c bot.Case, e bot.Enrollment, sent []mailed) (guesses []guess) {
	for _, p := range r.guesses {
		m := sent[len(sent)-1]
		if p.older && len(sent) > 1 {
			m = sent[len(sent)-2]
		}
		g := guess{p.at, c, m.id, e.Type, s.Wrong(e)}
		if p.right {
			g.value = m.code
		}
		guesses = append(guesses, g)
	}
	return guesses
}

// unbroken judges what is left of a case with codes that were mailed.
func (s *scene) unbroken(ctx context.Context, rt interface{ Fatalf(string, ...any) }, c bot.Case, o outcome) {
	if most := s.judged.most(); most > tries {
		rt.Fatalf("%d guesses of one challenge were judged", most)
	}
	sum := 0
	for challenge, n := range o.passed {
		if n > 1 {
			rt.Fatalf("challenge %s was passed %d times", challenge, n)
		}
		sum += n
	}
	if has, err := s.evidence(ctx, c.Session); err != nil || has < sum || has > sum+len(o.failed) {
		rt.Fatalf("%d codes passed, %d guesses failed, and there are %d pieces of evidence, %v", sum, len(o.failed), has, err)
	}
}

// away: a server did not answer, and nobody was let in.
func away(err error) bool { return bot.KindOf(err) == bot.Unavailable }

// A single Redis dies while cases are guessed at, and comes back empty.
func TestRedisDiesBetweenGuesses(t *testing.T) {
	server := servers.StartRedis(t, servers.RedisSpec{})
	f := newFleet(t, servers.SharedPostgres(t).NewSchema(t), onRedis(server))
	f.underSiege(t, bot.Email, func(all []*siege) {
		server.Kill(t)
		noticed(t, all)
		server.Start(t)
	})
}

// The master behind Sentinels dies while cases are guessed at, and a replica
// takes its place that may have missed what was written last.
func TestAMasterDiesBetweenGuesses(t *testing.T) {
	group := servers.StartRedisSentinel(t)
	f := newFleet(t, servers.SharedPostgres(t).NewSchema(t), session.Config{Addresses: group.Addresses, Master: group.Master,
		Username: group.Username, Password: group.UserPassword, TLS: &tls.Config{RootCAs: group.Pool()}, Prefix: group.Prefix})
	f.underSiege(t, bot.Email, func([]*siege) { group.Nodes[0].Kill(t) })
}

// underSiege has eight cases guessed at, and something done in the middle.
func (f *fleet) underSiege(t *testing.T, kind bot.Type, hit func(all []*siege)) {
	t.Helper()
	var all []*siege
	for range 8 {
		all = append(all, f.besiege(t, kind))
	}
	run(t, all, 12, func() { hit(all) })
	lift(t, all)
}

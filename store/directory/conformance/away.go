package conformance

import (
	"context"
	"net"
	"sync"
	"testing"
	"time"

	"latchkey/bot"
	"latchkey/store/directory"
)

// patience is the longest that anybody waits for a directory that is away.
const patience = 10 * time.Second

// away: a clear message in time, and back without a restart.
func away(t *testing.T, h Harness) {
	ctx := context.Background()
	t.Run("paused and killed", func(t *testing.T) { pausedAndKilled(t, h) })
	t.Run("another server answers", func(t *testing.T) { anotherServer(t, h) })
	t.Run("connections forgotten on the way", func(t *testing.T) { forgottenConnections(t, h) })
	t.Run("all black holes", func(t *testing.T) {
		t.Parallel()
		c := h.Shared(t).Config()
		c.URLs = []string{"ldaps://" + blackHole(t), "ldap://" + blackHole(t), "ldaps://" + blackHole(t), "ldap://" + blackHole(t)}
		c.WriteTo = ""
		began := time.Now()
		s := open(t, c)
		if took := time.Since(began); took > time.Second {
			t.Errorf("opening waited %v", took)
		}
		wantAway(t, s, bot.Account{ID: bot.AccountID{Store: c.Name, GUID: "00000000-0000-0000-0000-000000000000"}, Lock: bot.Lock{State: bot.Locked, Value: "1"}})
	})
	t.Run("the caller's time", func(t *testing.T) {
		c := h.Shared(t).Config()
		c.URLs, c.WriteTo = []string{"ldaps://" + blackHole(t)}, ""
		s := open(t, c)
		short, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
		defer cancel()
		began := time.Now()
		_, err := s.Find(short, bot.Query{Text: "mei", Limit: 1})
		wantKind(t, err, bot.Unavailable)
		if took := time.Since(began); took > time.Second {
			t.Errorf("a caller with 200 ms waited %v", took)
		}
	})
}

func pausedAndKilled(t *testing.T, h Harness) {
	ctx := context.Background()
	t.Parallel()
	srv := h.Own(t)
	s := open(t, srv.Config())
	a := locked(t, srv, s, srv.Add(t, Person{Under: srv.Inside(t)}))
	warm(t, s, a) // connections are there that will be dead
	srv.Pause(t)
	wantAway(t, s, a)
	srv.Resume(t)
	if _, err := s.Account(ctx, a.ID.GUID); err != nil {
		t.Errorf("after the server went on: %v", err)
	}
	warm(t, s, a)
	srv.Kill(t)
	began := time.Now()
	wantAway(t, s, a)
	if took := time.Since(began); took > 4*time.Second {
		t.Errorf("to say that nobody listens took %v", took)
	}
	srv.Start(t)
	if _, err := s.Account(ctx, a.ID.GUID); err != nil {
		t.Errorf("after the server came back: %v", err)
	}
	// Some kinds forget a lock with their memory; this one must not.
	b := byLogin(t, s, a.Login)
	if err := s.Unlock(ctx, Grant(t, b)); err != nil {
		t.Errorf("unlocking after the server came back: %v", err)
	}
	warm(t, s, a)
	srv.Kill(t) // and back at once: the connections are dead, and nobody has noticed
	srv.Start(t)
	if _, err := s.Account(ctx, a.ID.GUID); err != nil {
		t.Errorf("after a restart in between: %v", err)
	}
}

func anotherServer(t *testing.T, h Harness) {
	ctx := context.Background()
	t.Parallel()
	srv := h.Shared(t)
	c := srv.Config()
	who := srv.Add(t, Person{Under: srv.Inside(t)})
	c.WriteTo = c.URLs[0]
	c.URLs = []string{"ldaps://" + blackHole(t), "ldaps://" + nobody(t), c.URLs[0]}
	s := open(t, c)
	a := byLogin(t, s, who.Login)
	began := time.Now()
	a = locked(t, srv, s, Account{DN: who.DN, Login: a.Login})
	if took := time.Since(began); took > 1900*time.Millisecond { // a black hole alone costs 2 s
		t.Errorf("servers that are away were tried first again: %v", took)
	}
	if err := s.Unlock(ctx, Grant(t, a)); err != nil {
		t.Error(err)
	}
}

func forgottenConnections(t *testing.T, h Harness) {
	ctx := context.Background()
	t.Parallel()
	srv := h.Shared(t)
	a := byLogin(t, open(t, srv.Config()), srv.Add(t, Person{Under: srv.Inside(t)}).Login)
	p, through := before(t, srv.Config())
	s := open(t, through)
	warm(t, s, a)
	p.freeze()
	if _, err := s.Account(ctx, a.ID.GUID); err != nil {
		t.Errorf("reading by a fresh connection: %v", err)
	}
	began := time.Now()
	if _, err := s.Written(ctx, a.ID.GUID); err != nil || time.Since(began) > 2*time.Second {
		t.Errorf("the next call gave %v after %v", err, time.Since(began))
	}
}

// warm leaves several connections in the pool.
func warm(tb testing.TB, s *directory.Store, a bot.Account) {
	tb.Helper()
	var done sync.WaitGroup
	for range 4 {
		done.Go(func() {
			if _, err := s.Groups(context.Background(), a.ID.GUID); err != nil {
				tb.Error(err)
			}
		})
	}
	done.Wait()
}

// wantAway tries every call at once.
func wantAway(tb testing.TB, s *directory.Store, a bot.Account) {
	tb.Helper()
	ctx := context.Background()
	grant := Grant(tb, a)
	began := time.Now()
	var done sync.WaitGroup
	for name, call := range map[string]func() error{
		"Find":    func() error { _, err := s.Find(ctx, bot.Query{Text: "mei", Limit: 10}); return err },
		"Account": func() error { _, err := s.Account(ctx, a.ID.GUID); return err },
		"Groups":  func() error { _, err := s.Groups(ctx, a.ID.GUID); return err },
		"Lookup":  func() error { _, err := s.Lookup(ctx, bot.FieldLogin, "mei"); return err },
		"Written": func() error { _, err := s.Written(ctx, a.ID.GUID); return err },
		"Unlock":  func() error { return s.Unlock(ctx, grant) },
	} {
		for range 3 {
			done.Go(func() {
				err := call()
				if took := time.Since(began); took > patience {
					tb.Errorf("%s took %v", name, took)
				}
				if bot.KindOf(err) != bot.Unavailable || bot.TextOf(err) == "" {
					tb.Errorf("%s: %v", name, err)
				}
			})
		}
	}
	done.Wait()
}

// blackHole takes connections and never says a word.
func blackHole(tb testing.TB) string {
	tb.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = listener.Close() })
	return listener.Addr().String() // the kernel accepts
}

// nobody is an address where nothing listens.
func nobody(tb testing.TB) string {
	tb.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	defer listener.Close() //nolint:errcheck // nothing was sent
	return listener.Addr().String()
}

package conformance

import (
	"context"
	"sync"
	"testing"
	"time"

	"latchkey/bot"
	"latchkey/store/directory"
)

// write: the lock that was seen, once, and no other.
func write(t *testing.T, h Harness) {
	srv := h.Shared(t)
	s := open(t, srv.Config())
	ctx := context.Background()
	under := srv.Inside(t)

	t.Run("no grant", func(t *testing.T) {
		wantKind(t, s.Unlock(ctx, bot.Grant{}), bot.Denied)
		other := locked(t, srv, s, srv.Add(t, Person{Under: under}))
		other.ID.Store = "another"
		wantKind(t, s.Unlock(ctx, Grant(t, other)), bot.Denied)
	})
	t.Run("stale", func(t *testing.T) { stale(t, srv, s, under) })
	t.Run("gone", func(t *testing.T) {
		who := srv.Add(t, Person{Under: under})
		a := locked(t, srv, s, who)
		srv.Delete(t, who.DN)
		again := srv.Add(t, Person{Under: under, Login: who.Login})
		srv.Lock(t, again.DN)
		wantKind(t, s.Unlock(ctx, Grant(t, a)), bot.NotFound)
		if byLogin(t, s, again.Login).Lock.State != bot.Locked {
			t.Error("the unlock reached another account of the same name")
		}
	})
	t.Run("renamed", func(t *testing.T) {
		who := srv.Add(t, Person{Under: under})
		a := locked(t, srv, s, who)
		moved := srv.Move(t, who.DN, srv.Inside(t))
		decoy := srv.Add(t, Person{Under: under, Login: who.Login + "x"})
		srv.Lock(t, decoy.DN)
		if err := s.Unlock(ctx, Grant(t, a)); err != nil {
			t.Fatal(err)
		}
		if err := srv.Bind(moved, who.Password); err != nil {
			t.Errorf("after moving and unlocking: %v", err)
		}
		if byLogin(t, s, decoy.Login).Lock.State != bot.Locked {
			t.Error("the unlock reached another account")
		}
	})
	t.Run("race", func(t *testing.T) { race(t, srv, s, under) })
}

func race(t *testing.T, srv Server, s *directory.Store, under string) {
	ctx := context.Background()
	const racers = 8
	who := srv.Add(t, Person{Under: under})
	grant := Grant(t, locked(t, srv, s, who))
	var done sync.WaitGroup
	results := make([]error, racers)
	start := make(chan struct{})
	for i := range racers {
		done.Go(func() { <-start; results[i] = s.Unlock(ctx, grant) })
	}
	close(start)
	done.Wait()
	won := 0
	for _, err := range results {
		if err == nil {
			won++
			continue
		}
		wantKind(t, err, bot.Conflict)
	}
	if won != 1 {
		t.Errorf("%d of %d who raced unlocked: %v", won, racers, results)
	}
	if err := srv.Bind(who.DN, who.Password); err != nil {
		t.Error(err)
	}
}

func stale(t *testing.T, srv Server, s *directory.Store, under string) {
	ctx := context.Background()
	who := srv.Add(t, Person{Under: under})
	a := locked(t, srv, s, who)
	srv.Unlock(t, who.DN)
	wantKind(t, s.Unlock(ctx, Grant(t, a)), bot.Conflict)
	var b bot.Account
	eventually(t, 5*time.Second, "locked by another lock", func() bool { // slapd's locks differ by the second
		srv.Unlock(t, who.DN)
		b = locked(t, srv, s, who)
		return b.Lock.Value != a.Lock.Value
	})
	wantKind(t, s.Unlock(ctx, Grant(t, a)), bot.Conflict)
	if err := srv.Bind(who.DN, who.Password); err == nil {
		t.Error("a lock that nobody had seen was cleared")
	}
	if err := s.Unlock(ctx, Grant(t, b)); err != nil {
		t.Error(err)
	}
}

// rights: inside the container that is delegated, and not outside.
func rights(t *testing.T, h Harness) {
	srv := h.Shared(t)
	s := open(t, srv.Config())
	ctx := context.Background()
	inside, outside := srv.Add(t, Person{Under: srv.Inside(t)}), srv.Add(t, Person{Under: srv.Outside(t)})
	in, out := locked(t, srv, s, inside), locked(t, srv, s, outside)
	err := s.Unlock(ctx, Grant(t, out))
	wantKind(t, err, bot.Denied)
	if b, err := s.Written(ctx, out.ID.GUID); err != nil || b.Lock != out.Lock {
		t.Errorf("after a refusal the lock reads %+v, was %+v, %v", b.Lock, out.Lock, err)
	}
	srv.Move(t, inside.DN, srv.Outside(t)) // between the look and the click
	wantKind(t, s.Unlock(ctx, Grant(t, in)), bot.Denied)
	moved := srv.Move(t, outside.DN, srv.Inside(t))
	if err := s.Unlock(ctx, Grant(t, out)); err != nil {
		t.Error(err)
	}
	if err := srv.Bind(moved, outside.Password); err != nil {
		t.Error(err)
	}
}

package conformance

import (
	"context"
	"errors"
	"testing"
	"time"

	"latchkey/bot"
	"latchkey/store/directory"
)

// between: what happens after the last look and before the write.
func between(t *testing.T, h Harness) {
	srv := h.Shared(t)
	under := srv.Inside(t)
	direct := open(t, srv.Config())
	for name, meddle := range map[string]func(testing.TB, Account, bot.Account){
		"unlocked": func(tb testing.TB, who Account, _ bot.Account) { srv.Unlock(tb, who.DN) },
		"locked by another lock": func(tb testing.TB, who Account, seen bot.Account) {
			eventually(tb, 3*time.Second, "locked by another lock", func() bool {
				srv.Unlock(tb, who.DN)
				return locked(tb, srv, direct, who).Lock.Value != seen.Lock.Value
			})
		},
		"locked for good": func(tb testing.TB, who Account, _ bot.Account) {
			if h.LockForGood == nil {
				srv.Unlock(tb, who.DN)
				return
			}
			h.LockForGood(tb, srv, who.DN)
		},
	} {
		t.Run(name, func(t *testing.T) {
			who := srv.Add(t, Person{Under: under})
			a := locked(t, srv, direct, who)
			p, through := before(t, srv.Config())
			s := open(t, through)
			p.set(holdModify)
			result := make(chan error, 1)
			go func() { result <- s.Unlock(context.Background(), Grant(t, a)) }()
			select {
			case <-p.modifies:
			case err := <-result:
				t.Fatalf("it came to no write: %v", err)
			}
			meddle(t, who, a)
			want := byLogin(t, direct, who.Login).Lock
			p.release()
			wantKind(t, <-result, bot.Conflict)
			if got := byLogin(t, direct, who.Login).Lock; got != want {
				t.Errorf("the lock reads %+v, was %+v", got, want)
			}
		})
	}
}

// refusals: what each answer to the write means.
func refusals(t *testing.T, h Harness) {
	srv := h.Shared(t)
	a := locked(t, srv, open(t, srv.Config()), srv.Add(t, Person{Under: srv.Inside(t)}))
	p, through := before(t, srv.Config())
	s := open(t, through)
	for code, want := range map[byte]bot.Kind{16: bot.Conflict, 32: bot.NotFound, 50: bot.Denied, 53: bot.Unavailable, 51: bot.Unavailable, 19: bot.Unavailable,
		10: bot.Unavailable, 1: bot.Unavailable, 2: bot.Unavailable, 12: bot.Unavailable, 21: bot.Unavailable, 65: bot.Unavailable, 71: bot.Unavailable} {
		p.mu.Lock()
		p.rule, p.code = answer, code
		p.mu.Unlock()
		err := s.Unlock(context.Background(), Grant(t, a))
		wantKind(t, err, want)
		if t.Failed() {
			t.Fatalf("answer %d", code)
		}
	}
	for _, code := range []byte{3, 52, 80} { // they leave open whether it was done
		p.mu.Lock()
		p.code = code
		p.mu.Unlock()
		if err := s.Unlock(context.Background(), Grant(t, a)); !errors.Is(err, bot.ErrUnanswered) || bot.KindOf(err) != bot.Unavailable {
			t.Errorf("answer %d: %v", code, err)
		}
	}
	p.set(handOn)
	if err := s.Unlock(context.Background(), Grant(t, a)); err != nil {
		t.Error(err)
	}
}

// unanswered: a modify whose answer never comes is neither done nor failed.
func unanswered(t *testing.T, h Harness) {
	srv := h.Shared(t)
	under := srv.Inside(t)
	direct := open(t, srv.Config())
	ctx := context.Background()

	for name, c := range map[string]struct {
		rule  rule
		lands bool
	}{"answer held": {holdAnswer, true}, "cut after the write": {cutAfter, true}, "write held": {holdModify, false}} {
		t.Run(name, func(t *testing.T) {
			who := srv.Add(t, Person{Under: under})
			a := locked(t, srv, direct, who)
			p, through := before(t, srv.Config())
			s := open(t, through)
			p.set(c.rule)
			hurried, cancel := context.WithTimeout(ctx, 2*time.Second)
			defer cancel()
			err := s.Unlock(hurried, Grant(t, a))
			if !errors.Is(err, bot.ErrUnanswered) || bot.KindOf(err) != bot.Unavailable || bot.TextOf(err) == "" {
				t.Fatalf("the unlock gave %v (%s)", err, bot.KindOf(err))
			}
			if n := len(p.modifies); n != 1 {
				t.Errorf("%d modifies were sent", n)
			}
			state := func() bot.LockState {
				b, err := s.Written(ctx, a.ID.GUID)
				if err != nil {
					t.Fatalf("reading back through the same way: %v", err)
				}
				return b.Lock.State
			}
			if got := state(); (got == bot.Unlocked) != c.lands {
				t.Errorf("read back the account is %s", got)
			}
			if c.rule == holdModify {
				p.release() // it lands late
				eventually(t, 5*time.Second, "unlocked", func() bool { return state() == bot.Unlocked })
			}
			p.set(handOn)
			srv.Unlock(t, who.DN)
			b := locked(t, srv, direct, who)
			if err := s.Unlock(ctx, Grant(t, b)); err != nil {
				t.Errorf("the next unlock: %v", err)
			}
		})
	}
	t.Run("the caller gives up", func(t *testing.T) { callerGivesUp(t, srv, under, direct) })
	t.Run("nothing sent", func(t *testing.T) { nothingSent(t, srv, under, direct) })
}

func nothingSent(t *testing.T, srv Server, under string, direct *directory.Store) {
	ctx := context.Background()
	a := locked(t, srv, direct, srv.Add(t, Person{Under: under}))
	p, through := before(t, srv.Config())
	s := open(t, through)
	if _, err := s.Account(ctx, a.ID.GUID); err != nil {
		t.Fatal(err)
	}
	p.cut()
	wantKind(t, s.Unlock(ctx, Grant(t, a)), bot.Unavailable)
	late, cancel := context.WithCancel(ctx)
	cancel()
	wantKind(t, s.Unlock(late, Grant(t, a)), bot.Unavailable)
	if n := len(p.modifies); n != 0 {
		t.Errorf("%d modifies were sent", n)
	}
	p.mend()
	if err := s.Unlock(ctx, Grant(t, a)); err != nil {
		t.Errorf("after the way was mended: %v", err)
	}
}

func callerGivesUp(t *testing.T, srv Server, under string, direct *directory.Store) {
	ctx := context.Background()
	a := locked(t, srv, direct, srv.Add(t, Person{Under: under}))
	p, through := before(t, srv.Config())
	s := open(t, through)
	p.set(holdAnswer)
	leaving, leave := context.WithCancel(ctx)
	defer leave()
	go func() { <-p.modifies; leave() }()
	began := time.Now()
	if err := s.Unlock(leaving, Grant(t, a)); !errors.Is(err, bot.ErrUnanswered) || time.Since(began) > 2*time.Second {
		t.Errorf("the unlock gave %v after %v", err, time.Since(began))
	}
}

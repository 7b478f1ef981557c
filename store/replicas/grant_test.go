package replicas_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"
	"testing"
	"time"

	"latchkey/bot"
	"latchkey/bot/bottest"
	"latchkey/servers"

	"pgregory.net/rapid"
)

// granted proves Mei in a case and gives the grant of her account.
func (s *scene) granted(ctx context.Context, at int, c bot.Case, e bot.Enrollment) (bot.Offer, error) {
	opened, err := s.open(ctx, at, c, e.Type)
	if err != nil {
		return bot.Offer{}, err
	}
	v, err := s.say(ctx, guess{at, c, opened.Challenge, e.Type, s.Right(e)})
	if err != nil || !v.Passed {
		return bot.Offer{}, errors.Join(err, fmt.Errorf("the right code: %+v", v))
	}
	return s.again(ctx, at, c)
}

// again opens page Unlock of a case that is proved: another grant.
func (s *scene) again(ctx context.Context, at int, c bot.Case) (bot.Offer, error) {
	c.Proceed = true
	f, err := s.replicas[at].desk.Facts(ctx, c)
	if err != nil {
		return bot.Offer{}, err
	}
	offers, err := s.replicas[at].unlocker.Offer(ctx, f, bot.Decide(f))
	for _, o := range offers {
		if o.Account == s.Mei {
			return o, err
		}
	}
	return bot.Offer{}, errors.Join(err, fmt.Errorf("no grant among %d", len(offers)))
}

// relocks has a guesser at work: whenever Mei is unlocked, she is locked out
// anew, so that nothing but the grant stands against a second write. The first
// writes are refused by the directory, which has then done nothing.
func (s *scene) relocks(refused int) {
	var mu sync.Mutex
	n := 0
	s.Corp.Fail(bottest.Faults{Unlock: func(_ bot.Grant, apply func() error) error {
		mu.Lock()
		defer mu.Unlock()
		if n++; n <= refused {
			return bot.E(bot.Unavailable, "modify", nil)
		}
		err := apply()
		s.Corp.Change(s.Mei, func(a *bot.Account) {
			a.Lock = bot.Lock{State: bot.Locked, Value: fmt.Sprintf("%s-%d", s.Mei.GUID, n), Since: s.Clock.Now(), BadPasswords: 5}
		})
		return err
	}})
}

// One proved case with several grants for one account, each ordered at three
// replicas at once and again afterwards: what was proved once unlocks once.
func TestAGrantUnlocksOnce(t *testing.T) {
	f := newFleet(t, servers.SharedPostgres(t).NewSchema(t), onRedis(servers.SharedRedis(t)))
	rapid.Check(t, func(rt *rapid.T) {
		s := f.scene()
		s.Policy.Limits.UnlocksPerDay = 1000
		e, err := s.Enroll(t.Context(), s.Mei, bot.Email)
		must(rt, err)
		c := s.work(s.Dana)
		first, err := s.granted(t.Context(), rapid.IntRange(0, many-1).Draw(rt, "proved at"), c, e)
		must(rt, err)
		second, err := s.again(t.Context(), rapid.IntRange(0, many-1).Draw(rt, "opened again at"), c)
		must(rt, err)
		refused := rapid.IntRange(0, 2).Draw(rt, "writes that the directory refuses")
		s.relocks(refused)
		offers := []bot.Offer{first, second}
		done, notDone := 0, 0
		for range 2 + refused {
			var orders []order
			for range rapid.IntRange(2, 6).Draw(rt, "orders") {
				orders = append(orders, order{rapid.IntRange(0, many-1).Draw(rt, "replica"), offers[rapid.IntRange(0, 1).Draw(rt, "grant")]})
			}
			for _, r := range s.ordered(t.Context(), c, orders) {
				if r.err != nil {
					rt.Fatalf("an order failed: %v", r.err)
				}
				switch {
				case r.Refused != "":
				case r.Result == bot.NotApplied:
					notDone++
				default: // applied, or locked again since, as the guesser sees to
					done++
				}
			}
		}
		if writes := len(s.Corp.Writes()); writes != 1 || done != 1 || notDone != refused {
			rt.Fatalf("%d writes, %d orders were done and %d not applied, of %d refused", writes, done, notDone, refused)
		}
	})
}

// The primary dies while twelve cases are ordered at three replicas, and its
// standby is promoted: what was unlocked stays unlocked by its grant, also
// where nobody was told, and whatever the reconciler finds.
func TestAGrantUnlocksOnceThoughThePrimaryDies(t *testing.T) {
	t.Parallel()
	p := newPair(t, (*servers.Postgres).SynchronousStandby)
	var all []*scene
	var cases []bot.Case
	var offers []bot.Offer
	for range 12 {
		s := p.scene()
		s.Policy.Limits.UnlocksPerDay = 1000
		e, err := s.Enroll(t.Context(), s.Mei, bot.Email)
		if err != nil {
			t.Fatal(err)
		}
		c := s.work(s.Dana)
		offer, err := s.granted(t.Context(), 0, c, e)
		if err != nil {
			t.Fatal(err)
		}
		s.relocks(0)
		all, cases, offers = append(all, s), append(cases, c), append(offers, offer)
	}
	everywhere := func(i int) (results []ordered) {
		return all[i].ordered(t.Context(), cases[i], []order{{0, offers[i]}, {1, offers[i]}, {2, offers[i]}})
	}
	results := make(chan []ordered, len(all))
	for i := range all {
		go func() { results <- everywhere(i) }()
	}
	within(t, func() bool { // somebody has written, and others are about to
		n := 0
		for _, s := range all {
			n += len(s.Corp.Writes())
		}
		return n >= 3
	})
	p.primary.Kill(t)
	failed, pending := 0, 0
	for range all {
		for _, r := range <-results {
			switch {
			case r.err != nil && !away(r.err):
				t.Errorf("an order was answered with %v", r.err)
			case r.err != nil:
				failed++
			case r.Pending:
				pending++
			}
		}
	}
	p.standby.Promote(t)
	for i := range all {
		everywhere(i)
	}
	p.clock.Move(2 * time.Minute)
	// The cases share a database and not a directory: one reconciler looks in all.
	reconciler := all[0].Reconciler()
	desk := *reconciler.Desk
	desk.Directories = maps.Clone(desk.Directories)
	desk.Directories[all[0].Mei.Store] = everyCorp{desk.Directories[all[0].Mei.Store], all}
	reconciler.Desk = &desk
	if _, err := reconciler.Reconcile(t.Context()); err != nil {
		t.Error(err)
	}
	// An intent that was committed and of which nobody learned wrote nothing: it is
	// settled as not applied, and the same grant does it.
	for i, s := range all {
		everywhere(i)
		if n := len(s.Corp.Writes()); n != 1 {
			t.Errorf("case %d: the directory was written to %d times", i, n)
		}
	}
	t.Logf("%d orders were not answered, %d were pending", failed, pending)
	if failed == 0 {
		t.Error("nothing was hit: this test shows nothing")
	}
}

// everyCorp finds an account in the directory of whichever case it is of.
type everyCorp struct {
	bot.Directory
	all []*scene
}

func (d everyCorp) Written(ctx context.Context, guid string) (bot.Account, error) {
	for _, s := range d.all {
		if s.Mei.GUID == guid {
			return s.Corp.Written(ctx, guid)
		}
	}
	return bot.Account{}, bot.E(bot.NotFound, "read account", nil)
}

// order is a click on a grant at one replica.
type order struct {
	at    int
	offer bot.Offer
}

type ordered struct {
	bot.Done
	err error
}

// ordered gives all orders at the same moment.
func (s *scene) ordered(ctx context.Context, c bot.Case, orders []order) []ordered {
	results := make([]ordered, len(orders))
	var all sync.WaitGroup
	start := make(chan struct{})
	for i, o := range orders {
		all.Go(func() {
			<-start
			done, err := s.replicas[o.at].unlocker.Unlock(ctx, bot.Order{Case: c, Offer: o.offer.ID})
			results[i] = ordered{done, err}
		})
	}
	close(start)
	all.Wait()
	return results
}

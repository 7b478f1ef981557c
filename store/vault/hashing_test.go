package vault

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"latchkey/bot"
)

// waitFor waits until so many stand in the queue.
func waitFor(t *testing.T, q *turns, n int64) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); q.waiting.Load() != n; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d wait, expected %d", q.waiting.Load(), n)
		}
	}
}

func TestTurnsAreBounded(t *testing.T) {
	q := newTurns(2, 3)
	ctx := context.Background()
	var held []func()
	for range 2 {
		done, err := q.take(ctx)
		if err != nil {
			t.Fatal(err)
		}
		held = append(held, done)
	}
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() {
			done, err := q.take(ctx)
			if err != nil {
				t.Error(err)
				return
			}
			done()
		})
	}
	waitFor(t, q, 3)
	_, err := q.take(ctx)
	var e *bot.Error
	if !errors.As(err, &e) || e.Kind != bot.Throttled || e.RetryAfter <= 0 || !strings.HasSuffix(e.Text, ".") {
		t.Errorf("one too many was answered %v", err)
	}
	waitFor(t, q, 3)
	held[0]()
	all.Wait()
	if n := q.waiting.Load(); n != 0 {
		t.Errorf("%d still wait", n)
	}
	if done, err := q.take(ctx); err != nil {
		t.Error(err)
	} else {
		done()
	}
	held[1]()
}

func TestWaitingEndsWithItsContext(t *testing.T) {
	q := newTurns(1, 1)
	done, err := q.take(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { _, err := q.take(ctx); ended <- err }()
	waitFor(t, q, 1)
	cancel()
	if err := <-ended; bot.KindOf(err) != bot.Unavailable || !errors.Is(err, context.Canceled) {
		t.Errorf("a call that was given up answered %v", err)
	}
	waitFor(t, q, 0)
	done()
	if _, err := q.take(ctx); bot.KindOf(err) != bot.Unavailable {
		t.Errorf("a call given up before answered %v", err)
	}
}

func TestHashingIsBounded(t *testing.T) {
	for given, want := range map[Hashing]Hashing{
		{}: {Memory: 46 << 10, Passes: 1, AtOnce: 2, Waiting: 32},
		{Memory: 1, Passes: 1 << 30, AtOnce: -1, Waiting: 5}: {Memory: 8, Passes: 16, AtOnce: 2, Waiting: 5},
		{Memory: 1 << 31, Passes: 2, AtOnce: 1, Waiting: 1}:  {Memory: 256 << 10, Passes: 2, AtOnce: 1, Waiting: 1},
	} {
		if got := given.withDefaults(); got != want {
			t.Errorf("%+v became %+v", given, got)
		}
	}
}

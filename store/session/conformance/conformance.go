// Package conformance holds what every store of sessions, codes and counts has
// to do, as tests. A store's own test file calls Run against a real server. It
// knows no store, and declares the interface that it tests.
package conformance

import (
	"context"
	"crypto/rand"
	"testing"
	"time"

	"latchkey/bot"
)

// Store is what flows (Sessions, Gate) and the core (CodeBook, SeedBook) need.
type Store interface {
	bot.CodeBook
	PutSeed(ctx context.Context, id string, sealed []byte, life time.Duration) error
	Seed(ctx context.Context, id string) ([]byte, error)
	DropSeed(ctx context.Context, id string) error
	Create(ctx context.Context, id string, data []byte, ends time.Time) error
	Load(ctx context.Context, id string) (data []byte, version int64, err error)
	Save(ctx context.Context, id string, version int64, data []byte, ends time.Time) error
	Point(ctx context.Context, key, id string, ends time.Time) error
	Pointed(ctx context.Context, key string) (id string, err error)
	First(ctx context.Context, key string, life time.Duration) (bool, error)
	Allow(ctx context.Context, key string, limit int, window time.Duration) (ok bool, retry time.Duration, err error)
}

// atOnce is how many compete in the tests of concurrency.
const atOnce = 16

// Run tests the store that open gives. Names are random, so that tests may
// share a server.
func Run(t *testing.T, open func(t *testing.T) Store) {
	for name, test := range map[string]func(*testing.T, Store){
		"a record is created once and loaded":       recordIsCreatedOnce,
		"saving compares versions":                  savingComparesVersions,
		"one of many savers wins":                   oneSaverWins,
		"one of many creators wins":                 oneCreatorWins,
		"a record ends":                             recordEnds,
		"saving moves the end":                      savingMovesTheEnd,
		"saving with a past end ends the record":    savingEnds,
		"a pointer leads to a record until its end": pointerLeads,
		"a code is kept, dropped and runs out":      codeIsKept,
		"a seed is kept, dropped and runs out":      seedIsKept,
		"the first is told from the others":         firstIsTold,
		"one of many is the first":                  oneIsFirst,
		"what was seen is forgotten":                seenIsForgotten,
		"a limit is exact":                          limitIsExact,
		"a window ends":                             windowEnds,
		"names do not meet":                         namesDoNotMeet,
		"any bytes are kept":                        anyBytesAreKept,
		"a cancelled call is unavailable":           cancelledCall,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // some wait for an end
			test(t, open(t))
		})
	}
}

func unique(name string) string { return name + "-" + rand.Text() }

func inAnHour() time.Time { return time.Now().Add(time.Hour) }

// soon is a life that ends within the test.
const soon = 150 * time.Millisecond

func wantKind(t *testing.T, err error, want bot.Kind) {
	t.Helper()
	if got := bot.KindOf(err); got != want {
		t.Errorf("answered %v (%s), expected the kind %q", err, got, want)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// eventually asks until yes, for a few seconds: the end of an entry is the server's doing.
func eventually(t *testing.T, what string, yes func() bool) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); !yes(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("not within 5 s: " + what)
		}
	}
}

// race runs fn so many times at once and gives how often it answered true.
func race(t *testing.T, fn func(n int) (bool, error)) int {
	t.Helper()
	begin := make(chan struct{})
	type result struct {
		won bool
		err error
	}
	results := make(chan result)
	for n := range atOnce {
		go func() {
			<-begin
			won, err := fn(n)
			results <- result{won, err}
		}()
	}
	close(begin)
	winners := 0
	for range atOnce {
		r := <-results
		if r.err != nil {
			t.Error(r.err)
		}
		if r.won {
			winners++
		}
	}
	return winners
}

// lost turns Conflict into "did not win".
func lost(err error) (bool, error) {
	if bot.KindOf(err) == bot.Conflict {
		return false, nil
	}
	return err == nil, err
}

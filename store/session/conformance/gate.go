package conformance

import (
	"testing"
	"time"
)

func firstIsTold(t *testing.T, s Store) {
	key, ctx := unique("event"), t.Context()
	for n := range 3 {
		first, err := s.First(ctx, key, time.Hour)
		if err != nil || first != (n == 0) {
			t.Errorf("time %d counts as first: %v, %v", n+1, first, err)
		}
	}
	if _, err := s.First(ctx, key, 0); err == nil {
		t.Error("a life of nothing is taken")
	}
}

func oneIsFirst(t *testing.T, s Store) {
	for range 10 {
		key := unique("event")
		if firsts := race(t, func(int) (bool, error) { return s.First(t.Context(), key, time.Hour) }); firsts != 1 {
			t.Fatalf("%d of %d are the first", firsts, atOnce)
		}
	}
}

func seenIsForgotten(t *testing.T, s Store) {
	key, ctx := unique("event"), t.Context()
	if first, err := s.First(ctx, key, soon); err != nil || !first {
		t.Fatalf("the first time is %v, %v", first, err)
	}
	eventually(t, "what was seen is forgotten", func() bool {
		first, err := s.First(ctx, key, soon)
		return err == nil && first
	})
}

func limitIsExact(t *testing.T, s Store) {
	ctx := t.Context()
	for _, limit := range []int{0, 1, 5, atOnce - 1, atOnce, atOnce + 1} {
		key := unique("agent")
		passed := race(t, func(int) (bool, error) {
			ok, retry, err := s.Allow(ctx, key, limit, time.Hour)
			if ok == (retry > 0) || retry > time.Hour {
				t.Errorf("allowed: %v, and retry after %v", ok, retry)
			}
			return ok, err
		})
		if want := min(limit, atOnce); passed != want {
			t.Errorf("with limit %d, %d of %d passed", limit, passed, atOnce)
		}
	}
	if _, _, err := s.Allow(ctx, unique("agent"), 1, 0); err == nil {
		t.Error("a window of nothing is taken")
	}
}

func windowEnds(t *testing.T, s Store) {
	const window = 2 * time.Second // on a busy machine the first three calls fit into it
	key, ctx := unique("agent"), t.Context()
	for range 2 {
		if ok, _, err := s.Allow(ctx, key, 2, window); err != nil || !ok {
			t.Fatalf("within the limit: %v, %v", ok, err)
		}
	}
	asked := time.Now()
	ok, retry, err := s.Allow(ctx, key, 2, window)
	if err != nil || ok {
		t.Fatalf("over the limit: %v, %v", ok, err)
	}
	// Asking again and again while refused does not put the end off.
	eventually(t, "the window ends", func() bool {
		ok, _, err := s.Allow(ctx, key, 2, window)
		return err == nil && ok
	})
	if waited := time.Since(asked); waited < retry-5*time.Millisecond {
		t.Errorf("after %v it was allowed again, though told to wait %v", waited, retry)
	}
}

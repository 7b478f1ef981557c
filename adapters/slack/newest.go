package slack

import (
	"sync"
	"time"
)

// newest knows, for each dialog, which event was accepted last, so that an
// older one that is slower does not overwrite what the newer one shows. It
// knows this of its own replica only; on another one the hash that goes with
// views.update says so in most cases, and the token of an older page is
// refused by the flow in all.
type newest struct {
	now func() time.Time

	mu   sync.Mutex
	last map[string]mark
}

type mark struct {
	n  int
	at time.Time
}

// Dialogs are forgotten after forgetViews, looked at when there are manyViews.
const (
	manyViews   = 4096
	forgetViews = 30 * time.Minute
)

func newNewest(clock func() time.Time) *newest {
	return &newest{now: clock, last: map[string]mark{}}
}

// shown is a dialog as it stood when an event was accepted in it.
type shown struct {
	view, hash string
	external   string // set while the view may still wait for our answer
	n          int
}

// next makes an event of a dialog the newest.
func (s *newest) next(view, hash string) *shown {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	if len(s.last) >= manyViews {
		for id, m := range s.last {
			if now.Sub(m.at) > forgetViews {
				delete(s.last, id)
			}
		}
	}
	n := s.last[view].n + 1
	s.last[view] = mark{n: n, at: now}
	return &shown{view: view, hash: hash, n: n}
}

// is reports whether nothing newer was accepted.
func (s *newest) is(d *shown) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.last[d.view].n <= d.n
}

package demo

import (
	"sync"
	"time"
)

// Clock is the clock of everything in the demo: the wall clock, moved forward.
type Clock struct {
	mu     sync.Mutex
	moved  time.Duration
	follow []func(time.Duration)
}

// Now gives the demo's time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.moved)
}

// Advance moves the clock forward, for those too who keep a time of their own.
// A negative d moves nothing: no clock here goes back.
func (c *Clock) Advance(d time.Duration) {
	if d <= 0 {
		return
	}
	c.mu.Lock()
	c.moved += d
	follow := c.follow
	c.mu.Unlock()
	for _, f := range follow {
		f(d)
	}
}

// Follow has f told of each move.
func (c *Clock) Follow(f func(time.Duration)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.follow = append(c.follow, f)
}

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

// ahead is by how much the clock is ahead of the wall clock.
func (c *Clock) ahead() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.moved
}

// goOn lets the clock go on from a kept time: as far ahead of the wall clock as
// it was, and never back. It is called before anybody follows.
func (c *Clock) goOn(ahead time.Duration, from time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.moved = max(ahead, time.Until(from))
}

// Follow has f told of each move.
func (c *Clock) Follow(f func(time.Duration)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.follow = append(c.follow, f)
}

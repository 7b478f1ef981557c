package bottest

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// Clock stands still until it is moved.
type Clock struct {
	mu sync.Mutex
	at time.Time
}

// NewClock gives a clock that stands at a Monday morning.
func NewClock() *Clock {
	return &Clock{at: time.Date(2026, time.November, 2, 9, 0, 0, 0, time.UTC)}
}

// Now gives the time at which the clock stands.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// Move moves the clock on.
func (c *Clock) Move(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(by)
}

// IDs draws ids that are unique over all tests and sort by their making.
type IDs struct {
	prefix string
	n      atomic.Int64
}

// NewIDs gives a source with a prefix of its own.
func NewIDs() *IDs {
	var b [6]byte
	_, _ = rand.Read(b[:]) // never fails
	return &IDs{prefix: hex.EncodeToString(b[:])}
}

// New gives the next id.
func (i *IDs) New() string { return fmt.Sprintf("%s%08d", i.prefix, i.n.Add(1)) }

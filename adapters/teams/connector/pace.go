package connector

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"latchkey/bot"
)

// What Teams takes of one bot in one conversation
// (learn.microsoft.com, "Optimize your bot with rate limiting").
const (
	mostASecond   = 7
	mostHalfAMin  = 60
	halfAMin      = 30 * time.Second
	manyPlaces    = 4096
	firstPause    = 300 * time.Millisecond
	mostTries     = 4
	mostRetryTime = 20 * time.Second // a longer Retry-After is told, not waited for
)

// pace holds writes back so far that Teams takes them.
type pace struct {
	now    func() time.Time
	mu     sync.Mutex
	writes map[string][]time.Time // by conversation: of the last half minute, ascending
}

func newPace(clock func() time.Time) *pace {
	return &pace{now: clock, writes: map[string][]time.Time{}}
}

// wait returns when the next write may go; Throttled at once if that is later
// than ctx allows.
func (p *pace) wait(ctx context.Context, conversation string) error {
	delay := p.take(conversation)
	if ends, limited := ctx.Deadline(); limited && time.Until(ends) <= delay {
		return &bot.Error{Kind: bot.Throttled, Op: "write to teams", RetryAfter: delay, Err: errors.New("too many messages for one conversation")}
	}
	return pause(ctx, delay)
}

// take books the next write and gives how long it has to wait.
func (p *pace) take(conversation string) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	if len(p.writes) >= manyPlaces {
		for c, all := range p.writes {
			if now.Sub(all[len(all)-1]) >= halfAMin {
				delete(p.writes, c)
			}
		}
	}
	all := slices.DeleteFunc(p.writes[conversation], func(at time.Time) bool { return now.Sub(at) >= halfAMin })
	at := now
	if n := len(all); n >= mostASecond {
		at = later(at, all[n-mostASecond].Add(time.Second))
	}
	if n := len(all); n >= mostHalfAMin {
		at = later(at, all[n-mostHalfAMin].Add(halfAMin))
	}
	p.writes[conversation] = append(all, at)
	return at.Sub(now)
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return bot.E(bot.Unavailable, "wait for teams", ctx.Err())
	case <-timer.C:
		return nil
	}
}

// jitter spreads those who wait for the same: between once and one and a half
// times as long.
func jitter(d time.Duration) time.Duration { return d + rand.N(d/2+1) }

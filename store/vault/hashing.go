package vault

import (
	"context"
	"sync/atomic"
	"time"

	"latchkey/bot"
)

// Hashing says what the hash of an answer costs, and how many may be made at
// once. A zero field has its default.
type Hashing struct {
	Memory  uint32 // KiB of each hash; 46 MiB, as OWASP's Password Storage Cheat Sheet has it for one pass
	Passes  uint32 // over that memory; 1
	AtOnce  int    // hashes made side by side, each of which holds about twice its memory; 2
	Waiting int    // answers that wait for their turn; 32. One more is Throttled
}

const (
	defaultMemory  = 46 << 10
	defaultPasses  = 1
	defaultAtOnce  = 2
	defaultWaiting = 32

	// The bounds of what a stored hash may ask for: it is read from a database.
	leastMemory, mostMemory = 8, 256 << 10
	mostPasses              = 16
)

func (h Hashing) withDefaults() Hashing {
	if h.Memory == 0 {
		h.Memory = defaultMemory
	}
	if h.Passes == 0 {
		h.Passes = defaultPasses
	}
	if h.AtOnce <= 0 {
		h.AtOnce = defaultAtOnce
	}
	if h.Waiting <= 0 {
		h.Waiting = defaultWaiting
	}
	h.Memory = min(max(h.Memory, leastMemory), mostMemory)
	h.Passes = min(h.Passes, mostPasses)
	return h
}

// Option is what Open may be told beside the file.
type Option func(*Vault)

// WithHashing sets what the hashes of answers cost. A demo and tests take a
// small cost and say so; hashes made at another cost are still judged.
func WithHashing(h Hashing) Option {
	return func(v *Vault) {
		v.hashing = h.withDefaults()
		v.turns = newTurns(v.hashing.AtOnce, v.hashing.Waiting)
	}
}

// turns lets so many through at once, and has so many others wait.
type turns struct {
	free    chan struct{}
	waiting atomic.Int64
	most    int64
}

func newTurns(atOnce, waiting int) *turns {
	return &turns{free: make(chan struct{}, atOnce), most: int64(waiting)}
}

// busyFor is how long a full queue takes, at the default cost on one core.
const busyFor = 2 * time.Second

// take waits for a turn, which done ends. Throttled where too many wait;
// Unavailable where ctx ends first.
func (t *turns) take(ctx context.Context) (done func(), err error) {
	done = func() { <-t.free }
	if err := ctx.Err(); err != nil {
		return nil, bot.E(bot.Unavailable, "wait to hash an answer", err)
	}
	select {
	case t.free <- struct{}{}:
		return done, nil
	default:
	}
	defer t.waiting.Add(-1)
	if t.waiting.Add(1) > t.most {
		return nil, &bot.Error{Kind: bot.Throttled, Op: "wait to hash an answer", RetryAfter: busyFor,
			Text: "Very many answers are being checked at this moment. Try again in a few seconds."}
	}
	select {
	case t.free <- struct{}{}:
		return done, nil
	case <-ctx.Done():
		return nil, bot.E(bot.Unavailable, "wait to hash an answer", ctx.Err())
	}
}

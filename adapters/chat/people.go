package chat

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"latchkey/bot"
)

// How long what a chat says of a person may be used, and of how many people.
const (
	memberLife = time.Minute
	askLife    = 5 * time.Second
	// Many bounds what is remembered of people in one process: a flood of
	// strangers costs questions, not memory.
	Many = 4096
)

// People remembers for a minute what the chat says of its people: M, asked for
// by K. Only that is kept, never a decision.
type People[K comparable, M any] struct {
	ask  func(ctx context.Context, who K) (M, error)
	away string // what a person reads where the chat does not answer
	now  func() time.Time

	asking singleflight.Group
	mu     sync.Mutex
	known  map[K]known[M]
}

type known[M any] struct {
	member M
	at     time.Time
}

// NewPeople makes an empty memory; away says that the chat does not answer.
func NewPeople[K comparable, M any](ask func(context.Context, K) (M, error), away string, clock func() time.Time) *People[K, M] {
	return &People[K, M]{ask: ask, away: away, now: clock, known: map[K]known[M]{}}
}

// Member gives a person as of the last minute, or as of now where fresh. A
// fresh question never shares the answer to an older one.
func (p *People[K, M]) Member(ctx context.Context, who K, fresh bool) (M, error) {
	if fresh {
		return p.read(ctx, who)
	}
	p.mu.Lock()
	k, have := p.known[who]
	p.mu.Unlock()
	if have && p.now().Sub(k.at) < memberLife {
		return k.member, nil
	}
	// One who gives up must not take the answer from the others.
	answer := p.asking.DoChan(fmt.Sprintf("%#v", who), func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), askLife)
		defer cancel()
		return p.read(ctx, who)
	})
	var nobody M
	select {
	case <-ctx.Done():
		return nobody, &bot.Error{Kind: bot.Unavailable, Op: "ask the chat who it is", Text: p.away, Err: ctx.Err()}
	case got := <-answer:
		m, _ := got.Val.(M)
		return m, got.Err
	}
}

func (p *People[K, M]) read(ctx context.Context, who K) (M, error) {
	asked := p.now()
	m, err := p.ask(ctx, who)
	if err != nil {
		return m, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.known) >= Many {
		clear(p.known)
	}
	p.known[who] = known[M]{member: m, at: asked}
	return m, nil
}

package slack

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// How long what Slack says of a person may be used, and of how many people.
const (
	memberLife  = time.Minute
	manyMembers = 4096
	askLife     = 5 * time.Second
)

// people remembers members for a minute. Only what Slack has said is kept,
// never a decision.
type people struct {
	ask func(ctx context.Context, user string) (member, error)
	now func() time.Time

	asking singleflight.Group
	mu     sync.Mutex
	known  map[string]known
}

type known struct {
	member member
	at     time.Time
}

func newPeople(ask func(context.Context, string) (member, error), clock func() time.Time) *people {
	return &people{ask: ask, now: clock, known: map[string]known{}}
}

// member gives a person as of the last minute, or as of now where fresh. A
// fresh question never shares the answer to an older one.
func (p *people) member(ctx context.Context, user string, fresh bool) (member, error) {
	if fresh {
		return p.read(ctx, user)
	}
	p.mu.Lock()
	k, have := p.known[user]
	p.mu.Unlock()
	if have && p.now().Sub(k.at) < memberLife {
		return k.member, nil
	}
	// One who gives up must not take the answer from the others.
	answer := p.asking.DoChan(user, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), askLife)
		defer cancel()
		return p.read(ctx, user)
	})
	select {
	case <-ctx.Done():
		return member{}, unavailable("ask slack who it is", textSlackOut, ctx.Err())
	case got := <-answer:
		m, _ := got.Val.(member)
		return m, got.Err
	}
}

func (p *people) read(ctx context.Context, user string) (member, error) {
	asked := p.now()
	m, err := p.ask(ctx, user)
	if err != nil {
		return member{}, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.known) >= manyMembers {
		clear(p.known) // a flood of strangers costs questions, not memory
	}
	p.known[user] = known{member: m, at: asked}
	return m, nil
}

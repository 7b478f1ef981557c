package slack

import (
	"context"
	"sync"
	"time"
)

// inbox remembers which envelopes this process has taken, and what it
// answered: Slack sends again what it has not seen acknowledged, perhaps while
// the first is still being looked at. What came by another replica is known by
// its click or event alone.
type inbox struct {
	now func() time.Time

	mu   sync.Mutex
	seen map[string]*letter
}

// letter is one envelope. ack is read after done is closed.
type letter struct {
	at   time.Time
	done chan struct{}
	ack  []byte
}

// Envelopes are forgotten after replayLife, looked at when there are manyLetters.
const manyLetters = 4096

func newInbox(clock func() time.Time) *inbox { return &inbox{now: clock, seen: map[string]*letter{}} }

// enter gives settle to the one who has to answer the envelope, and to all
// others the answer that was given before: nil where ctx ended first. settle
// is called once; without an answer the envelope is answered anew next time.
func (b *inbox) enter(ctx context.Context, id string) (ack []byte, settle func(ack []byte)) {
	for {
		l, mine := b.find(id)
		if mine {
			return nil, func(ack []byte) { b.settle(id, l, ack) }
		}
		select {
		case <-l.done:
			if l.ack != nil {
				return l.ack, nil
			}
		case <-ctx.Done():
			return nil, nil
		}
	}
}

func (b *inbox) find(id string) (l *letter, mine bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if l = b.seen[id]; l != nil {
		return l, false
	}
	if len(b.seen) >= manyLetters {
		old := b.now().Add(-replayLife)
		for id, l := range b.seen {
			if l.at.Before(old) {
				delete(b.seen, id)
			}
		}
	}
	l = &letter{at: b.now(), done: make(chan struct{})}
	b.seen[id] = l
	return l, true
}

func (b *inbox) settle(id string, l *letter, ack []byte) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if ack == nil {
		delete(b.seen, id)
	}
	l.ack = ack
	close(l.done)
}

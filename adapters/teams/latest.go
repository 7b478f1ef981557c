package teams

import (
	"sync"
	"time"

	"latchkey/adapters/chat"
	"latchkey/bot"
)

// latest remembers which card of a kind this replica has last sent to each
// person, for an hour: a newer one takes its place.
type latest struct {
	now  func() time.Time
	mu   sync.Mutex
	sent map[bot.Chatter]sentCard
}

// sentCard is a card's reference ("conversation id"), and when it was sent.
type sentCard struct {
	ref string
	at  time.Time
}

func newLatest(clock func() time.Time) *latest {
	return &latest{now: clock, sent: map[bot.Chatter]sentCard{}}
}

// of gives the reference of the card that stands there; "" where none is known.
func (l *latest) of(who bot.Chatter) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.known(who)
}

func (l *latest) known(who bot.Chatter) string {
	if c := l.sent[who]; l.now().Sub(c.at) <= chat.HomeLife {
		return c.ref
	}
	return ""
}

// replace gives the reference that stood there before; "" where there was none.
func (l *latest) replace(who bot.Chatter, ref string) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	old := l.known(who)
	if len(l.sent) >= chat.Many {
		clear(l.sent)
	}
	l.sent[who] = sentCard{ref, l.now()}
	return old
}

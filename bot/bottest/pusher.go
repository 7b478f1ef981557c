package bottest

import (
	"context"
	"sync"

	"latchkey/bot"
)

// Pusher keeps what users were told or asked in the chat. Fail, where set, is
// what every push fails with.
type Pusher struct {
	mu   sync.Mutex
	sent []Pushed
	Fail error
}

// Pushed is a push and whom it went to.
type Pushed struct {
	To bot.Chatter
	bot.Push
}

// Push implements bot.Pusher.
func (p *Pusher) Push(_ context.Context, to bot.Chatter, what bot.Push) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.Fail != nil {
		return p.Fail
	}
	p.sent = append(p.sent, Pushed{to, what})
	return nil
}

// Sent gives what was sent, oldest first.
func (p *Pusher) Sent() []Pushed {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]Pushed(nil), p.sent...)
}

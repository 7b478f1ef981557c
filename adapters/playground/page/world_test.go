package page_test

import (
	"context"
	"errors"
	"sync"
	"time"

	"latchkey/adapters/playground/mail"
	"latchkey/adapters/playground/page"
)

// place is a small world: one login that locks at the third wrong password.
type place struct {
	mu      sync.Mutex
	ahead   time.Duration
	wrong   int
	mails   []mail.Message
	arrived chan struct{}
	away    bool
}

func newPlace() *place { return &place{arrived: make(chan struct{})} }

func (p *place) Now() time.Time { p.mu.Lock(); defer p.mu.Unlock(); return time.Now().Add(p.ahead) }

func (p *place) Advance(d time.Duration) { p.mu.Lock(); defer p.mu.Unlock(); p.ahead += d }

func (p *place) Faults() []page.Fault {
	p.mu.Lock()
	defer p.mu.Unlock()
	return []page.Fault{{ID: "directory", Label: "Directory away", On: p.away}}
}

func (p *place) Switch(_ context.Context, id string, on bool) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if id != "directory" {
		return errors.New("there is no such part")
	}
	p.away = on
	return nil
}

func (p *place) Mailbox(address string) []mail.Message {
	p.mu.Lock()
	defer p.mu.Unlock()
	if address != "mei@example.com" {
		return nil
	}
	return append([]mail.Message(nil), p.mails...)
}

func (p *place) Wait(ctx context.Context, address string, n int) ([]mail.Message, error) {
	for {
		p.mu.Lock()
		arrived := p.arrived
		p.mu.Unlock()
		if all := p.Mailbox(address); len(all) >= n {
			return all, nil
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-arrived:
		}
	}
}

func (p *place) deliver(m mail.Message) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mails = append(p.mails, m)
	close(p.arrived)
	p.arrived = make(chan struct{})
}

func (p *place) Codes(who page.Person) []page.Code {
	if who.Email != "mei@example.com" {
		return nil
	}
	now := p.Now()
	return []page.Code{{Label: "corp", Code: "123456", Until: now.Truncate(time.Second).Add(time.Second), Period: time.Second}}
}

func (p *place) SignIn(_ context.Context, _, _, password string) (page.SignIn, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.away:
		return page.SignIn{}, errors.New("connection refused")
	case password == "right" && p.wrong < 3:
		return page.SignIn{Result: page.Welcome}, nil
	}
	p.wrong++
	if p.wrong >= 3 {
		return page.SignIn{Result: page.Locked, Word: "data 775"}, nil
	}
	return page.SignIn{Result: page.Wrong, Word: "data 52e"}, nil
}

package bottest

import (
	"context"
	"regexp"
	"sync"
	"time"

	"latchkey/bot"
)

// Letter is one delivered text.
type Letter struct{ To, Subject, Text string }

// Courier keeps what it delivers.
type Courier struct {
	mu      sync.Mutex
	letters []Letter
	fail    error
}

// Deliver implements bot.Courier.
func (c *Courier) Deliver(_ context.Context, to, subject, text string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.fail != nil {
		return c.fail
	}
	c.letters = append(c.letters, Letter{to, subject, text})
	return nil
}

// Fail makes every delivery end so; nil mends it.
func (c *Courier) Fail(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fail = err
}

// Letters gives all that was delivered.
func (c *Courier) Letters() []Letter {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]Letter(nil), c.letters...)
}

// Code gives the code in the last letter, or "".
func (c *Courier) Code() string {
	l := c.Letters()
	if len(l) == 0 {
		return ""
	}
	return regexp.MustCompile(`\b[0-9]{6,8}\b`).FindString(l[len(l)-1].Text)
}

// CodeBook implements bot.CodeBook with a clock.
type CodeBook struct {
	Now   func() time.Time
	mu    sync.Mutex
	codes map[string]pendingCode
	fail  error
}

type pendingCode struct {
	mac  []byte
	ends time.Time
}

// PutCode implements bot.CodeBook.
func (b *CodeBook) PutCode(_ context.Context, challenge string, mac []byte, life time.Duration) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.codes == nil {
		b.codes = make(map[string]pendingCode)
	}
	if b.fail == nil {
		b.codes[challenge] = pendingCode{mac, b.Now().Add(life)}
	}
	return b.fail
}

// Code implements bot.CodeBook.
func (b *CodeBook) Code(_ context.Context, challenge string) ([]byte, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c, ok := b.codes[challenge]
	switch {
	case b.fail != nil:
		return nil, b.fail
	case !ok || !b.Now().Before(c.ends):
		return nil, bot.E(bot.NotFound, "read code", nil)
	}
	return c.mac, nil
}

// DropCode implements bot.CodeBook.
func (b *CodeBook) DropCode(_ context.Context, challenge string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.codes, challenge)
	return b.fail
}

// Lose forgets every code, as a Redis without its memory does.
func (b *CodeBook) Lose() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.codes = nil
}

// Fail makes every call end so; nil mends it.
func (b *CodeBook) Fail(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.fail = err
}

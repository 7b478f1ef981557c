package unlock

import (
	"context"
	"fmt"
	"sync"
	"time"

	"latchkey/bot"
	"latchkey/flows"
)

// memory keeps sessions, and what was posted, as the comments of the ports
// say. The stories of flows run on a real Redis; this one is for speed.
type memory struct {
	now      func() time.Time
	mu       sync.Mutex
	records  map[string]kept
	pointers map[string]kept
	cards    []flows.Page
	shown    []shownPage
}

type shownPage struct {
	view string
	page flows.Page
}

type kept struct {
	data    string
	version int64
	ends    time.Time
}

func (m *memory) Create(_ context.Context, id string, data []byte, ends time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if k, ok := m.records[id]; ok && m.now().Before(k.ends) {
		return bot.E(bot.Conflict, "create session", nil)
	}
	m.records[id] = kept{string(data), 1, ends}
	return nil
}

func (m *memory) Load(_ context.Context, id string) ([]byte, int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	k, ok := m.records[id]
	if !ok || !m.now().Before(k.ends) {
		return nil, 0, bot.E(bot.NotFound, "load session", nil)
	}
	return []byte(k.data), k.version, nil
}

func (m *memory) Save(_ context.Context, id string, version int64, data []byte, ends time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	k, ok := m.records[id]
	switch {
	case !ok || !m.now().Before(k.ends):
		return bot.E(bot.NotFound, "save session", nil)
	case k.version != version:
		return bot.E(bot.Conflict, "save session", nil)
	}
	m.records[id] = kept{string(data), version + 1, ends}
	return nil
}

func (m *memory) Point(_ context.Context, key, id string, ends time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.pointers[key] = kept{data: id, ends: ends}
	return nil
}

func (m *memory) Pointed(_ context.Context, key string) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	k, ok := m.pointers[key]
	if !ok || !m.now().Before(k.ends) {
		return "", bot.E(bot.NotFound, "find session", nil)
	}
	return k.data, nil
}

// First and Allow let everything pass: limits have tests of their own.
func (m *memory) First(context.Context, string, time.Duration) (bool, error) { return true, nil }

func (m *memory) Allow(context.Context, string, int, time.Duration) (bool, time.Duration, error) {
	return true, 0, nil
}

func (m *memory) Audit(context.Context, flows.Page) error { return nil }

func (m *memory) Direct(context.Context, bot.Chatter, flows.Page) error { return nil }

func (m *memory) Show(_ context.Context, _ bot.Chatter, view string, p flows.Page) error {
	m.shown = append(m.shown, shownPage{view, p})
	return nil
}

func (m *memory) Card(_ context.Context, _ bot.Chatter, ref string, p flows.Page) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.cards = append(m.cards, p)
	if ref == "" {
		ref = fmt.Sprintf("card-%d", len(m.cards))
	}
	return ref, nil
}

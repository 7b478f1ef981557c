package identity

import (
	"crypto/sha256"
	"sync"
	"time"
)

// maxRemembered bounds the memory, in tokens: Microsoft uses one for many
// activities and a new one every few minutes.
const maxRemembered = 1024

// memory holds tokens whose signature was right, by their hash, until they
// end. Only a token signed by Microsoft gets in, so nobody else can fill it.
type memory struct {
	mu   sync.Mutex
	held map[[sha256.Size]byte]Caller
}

func (m *memory) recall(hash [sha256.Size]byte) (Caller, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c, known := m.held[hash]
	return c, known
}

func (m *memory) keep(hash [sha256.Size]byte, c Caller, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.held) >= maxRemembered {
		for old, held := range m.held {
			if !now.Before(held.ends) {
				delete(m.held, old)
			}
		}
	}
	for old := range m.held { // still full: any will do, it is only checked again
		if len(m.held) < maxRemembered {
			break
		}
		delete(m.held, old)
	}
	m.held[hash] = c
}

func (m *memory) forget(hash [sha256.Size]byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.held, hash)
}

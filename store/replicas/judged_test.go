package replicas_test

import (
	"strings"
	"sync"
	"time"

	"latchkey/bot/bottest"
)

// judged is the vault of all replicas of a scene. It counts how many typed
// values were compared with what they should be: a guess that is not compared
// tells nobody anything, however it is answered.
type judged struct {
	bottest.Vault
	mu  sync.Mutex
	of  map[string]int // by what they were compared with
	sum int
}

func (j *judged) count(with string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.of[with]++
	j.sum++
}

// VerifyMAC compares a code that was sent: all parts but the last, which was
// typed, are the challenge's.
func (j *judged) VerifyMAC(mac []byte, parts ...string) bool {
	j.count(strings.Join(parts[:len(parts)-1], "|"))
	return j.Vault.VerifyMAC(mac, parts...)
}

// Step compares a code of an app.
func (j *judged) Step(seed []byte, code string, now time.Time) (int64, bool) {
	j.count(string(seed))
	return j.Vault.Step(seed, code, now)
}

// most is how many values were compared with one thing, at most.
func (j *judged) most() (n int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, one := range j.of {
		n = max(n, one)
	}
	return n
}

// all is how many values were compared.
func (j *judged) all() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.sum
}

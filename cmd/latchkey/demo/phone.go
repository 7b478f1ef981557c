package demo

import (
	"encoding/base32"
	"sync"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"latchkey/adapters/playground/page"
)

const period = 30 * time.Second

// phones are the authenticator apps of the people.
type phones struct {
	clock *Clock
	mu    sync.Mutex
	seeds map[string][]byte // by mail address
}

func (p *phones) put(email string, seed []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seeds[email] = seed
}

// Codes gives what the person's app shows now.
func (p *phones) Codes(person page.Person) []page.Code {
	p.mu.Lock()
	seed := p.seeds[person.Email]
	p.mu.Unlock()
	if seed == nil {
		return nil
	}
	now := p.clock.Now()
	secret := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(seed)
	code, err := totp.GenerateCodeCustom(secret, now, totp.ValidateOpts{Period: uint(period.Seconds()), Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
	if err != nil {
		return nil
	}
	return []page.Code{{Label: "Latchkey: " + person.Email, Code: code, Until: now.Truncate(period).Add(period), Period: period}}
}

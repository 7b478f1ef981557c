package demo

import (
	"latchkey/adapters/playground/authenticator"
	"latchkey/adapters/playground/page"
)

// phones are the authenticator apps of the people.
type phones struct {
	clock *Clock
	app   *authenticator.App // an owner is a mail address
}

func (p *phones) put(email string, seed []byte) {
	p.app.Add(email, authenticator.Account{Label: "Latchkey: " + email, Seed: seed})
}

// Codes gives what the person's app shows now.
func (p *phones) Codes(person page.Person) []page.Code {
	var codes []page.Code
	for _, c := range p.app.Codes(person.Email, p.clock.Now()) {
		codes = append(codes, page.Code(c))
	}
	return codes
}

// Add puts in an account that the person has scanned.
func (p *phones) Add(person page.Person, account authenticator.Account) {
	p.app.Add(person.Email, account)
}

package serve

import (
	"net/http"

	"latchkey/adapters/web"
	"latchkey/bot"
	"latchkey/flows"
	"latchkey/flows/enroll"
	"latchkey/flows/unlock"
	"latchkey/store/vault"
)

// issuer is what an authenticator app shows above the account.
const issuer = "Latchkey"

// Enrolling is what enrolling in chat needs beside the other parts.
type Enrolling struct {
	Public string                             // where browsers reach Listen, without a slash at its end; "": there is no one-time page
	Number func(typed string) (string, error) // reads a mobile number, as bot.Enroller wants it; needed beside Texts
}

// enroller makes the core of people's own enrollments.
func enroller(p Parts, desk *bot.Desk) *bot.Enroller {
	return &bot.Enroller{Desk: desk, Records: p.Ledger, Journal: p.Ledger, Codes: p.Session, Seeds: p.Session, Vault: p.Vault, Answers: p.Vault,
		Couriers: couriers(p), Number: p.Enrolling.Number, NewSeed: vault.NewSeed, Public: p.Enrolling.Public, First: p.Session.First}
}

// webHandler serves the pages that people's browsers open.
func (m *machine) webHandler() http.Handler {
	return web.Handler(web.Config{Reveal: m.enroller.Reveal, Allow: m.parts.Session.Allow, QR: vault.QRModules, Log: m.parts.Log,
		URI: func(account string, seed []byte) string { return vault.KeyURI(issuer, account, seed) }})
}

// refuse is what a person sees who may not act at all.
func refuse(why bot.Reason) flows.Page {
	if why == bot.NoEnroll {
		return enroll.PageRefused()
	}
	return unlock.PageRefused(why)
}

// waiting is what stands in a dialog while work goes on.
func waiting(k flows.EventKind) flows.Page {
	if p, ok := enroll.Waiting(k); ok {
		return p
	}
	return unlock.Waiting(k)
}

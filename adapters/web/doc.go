// Package web serves the pages that people's browsers open on public_url: the
// one-time page GET /e/{token}, which shows the seed of an authenticator as a QR
// code, since seeds never pass through chat.
//
// It owns HTTP, HTML and what keeps the two from telling more than they should.
// It knows no store and no rule: which link is good, and how often, is said by
// the core, and cmd hands it over.
package web

// Package authenticator is the authenticator app on the phones of the demo and
// of the tests: it takes an account from a QR code, as a camera does, or from a
// key typed by hand, and shows six digits for thirty seconds (RFC 6238).
//
// It reads pictures and one-time pages on this machine alone and knows nothing
// of the bot. The playground's page shows its codes, and the stories read them.
package authenticator

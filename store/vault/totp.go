package vault

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // RFC 6238's default, and all that phones' authenticators agree on
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/url"
	"strings"
	"time"
)

const (
	stepSeconds = 30
	totpDigits  = 6
	seedBytes   = 20 // RFC 4226 section 4, R6 recommends 160 bits
)

// Step finds the TOTP time step (RFC 6238: 30 s, SHA-1, 6 digits) at which the
// raw seed gives the code: that of now, or one before or after, for clocks
// that differ. The code is six ASCII digits, see CanonicalCode: anything else is never right. Where two
// steps give the same code it is the later one: recorded as used, it uses up both.
func (v *Vault) Step(seed []byte, code string, now time.Time) (step int64, ok bool) {
	if len(seed) == 0 || len(code) != totpDigits {
		return 0, false
	}
	current := now.Unix() / stepSeconds
	for s := current - 1; s <= current+1; s++ {
		// All three are compared, whichever is right, and each in constant time.
		if s >= 0 && subtle.ConstantTimeCompare([]byte(totp(seed, s)), []byte(code)) == 1 {
			step, ok = s, true
		}
	}
	return step, ok
}

// totp is HOTP (RFC 4226 section 5.3) with the time step as the counter.
func totp(seed []byte, step int64) string {
	hash := hmac.New(sha1.New, seed)
	hash.Write(binary.BigEndian.AppendUint64(nil, uint64(step)))
	sum := hash.Sum(nil)
	offset := sum[len(sum)-1] & 0x0f
	number := binary.BigEndian.Uint32(sum[offset:]) & 0x7fffffff
	return fmt.Sprintf("%06d", number%1_000_000)
}

// NewSeed draws a TOTP seed of 20 bytes from the system's random source.
func NewSeed() []byte {
	seed := make([]byte, seedBytes)
	rand.Read(seed) //nolint:errcheck // crypto/rand.Read never fails: it ends the program instead
	return seed
}

// KeyURI writes the otpauth address that authenticators read (the "Key URI
// Format" of Google Authenticator's wiki). It holds the seed: show it once,
// and never log it. A colon divides issuer and account there, so that one
// within either is written as a hyphen.
func KeyURI(issuer, account string, seed []byte) string {
	issuer, account = strings.ReplaceAll(issuer, ":", "-"), strings.ReplaceAll(account, ":", "-")
	secret := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(seed)
	return "otpauth://totp/" + percent(issuer) + ":" + percent(account) +
		"?secret=" + secret + "&issuer=" + percent(issuer) + "&algorithm=SHA1&digits=6&period=30"
}

// percent escapes for any part of an address. Authenticators show a "+" as it
// stands, so a space is %20.
func percent(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

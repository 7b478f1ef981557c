package slack

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"time"
)

// The headers of a signed request and how old it may be
// (docs.slack.dev/authentication/verifying-requests-from-slack).
const (
	headerSignature = "X-Slack-Signature"
	headerTimestamp = "X-Slack-Request-Timestamp"
	maxSkew         = 5 * time.Minute
)

// verifier checks that Slack has signed a body, with one of the secrets.
type verifier struct{ secrets [][]byte }

func newVerifier(secrets []string) verifier {
	v := verifier{}
	for _, s := range secrets {
		v.secrets = append(v.secrets, []byte(s))
	}
	return v
}

// refusal is why a request did not get in, for the log alone: who sent it is
// not told. "": it got in.
type refusal string

// The refusals. An administrator mends each in another place.
const (
	unsigned   refusal = "slack request refused, it has no signature"
	forged     refusal = "slack request refused, its signature does not fit slack.signing_secret"
	stale      refusal = "slack request refused, it is signed but its time is more than five minutes off this machine's clock"
	seenBefore refusal = "slack request refused, it was here before"
)

// check gives the signature of a request that Slack has signed within 5 min of
// now, either way, and how far off its time is. Doubled headers are refused:
// which one counts would be for the attacker to choose.
func (v verifier) check(h http.Header, body []byte, now time.Time) (signature string, off time.Duration, why refusal) {
	signatures, stamps := h.Values(headerSignature), h.Values(headerTimestamp)
	if len(signatures) != 1 || len(stamps) != 1 || !digits(stamps[0]) {
		return "", 0, unsigned
	}
	unix, err := strconv.ParseInt(stamps[0], 10, 64)
	if err != nil {
		return "", 0, unsigned
	}
	ok := false
	for _, secret := range v.secrets { // each, so that the time says nothing of which fits
		if hmac.Equal([]byte(signatures[0]), signatureOf(secret, stamps[0], body)) {
			ok = true
		}
	}
	off = now.Sub(time.Unix(unix, 0))
	switch {
	case !ok:
		return "", off, forged
	case off.Abs() > maxSkew:
		return "", off, stale
	}
	return signatures[0], off, ""
}

func signatureOf(secret []byte, stamp string, body []byte) []byte {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("v0:" + stamp + ":"))
	mac.Write(body)
	return []byte("v0=" + hex.EncodeToString(mac.Sum(nil)))
}

// digits keeps out signs, spaces and everything else that ParseInt or a proxy
// might read in another way.
func digits(s string) bool {
	if s == "" || len(s) > 12 {
		return false
	}
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

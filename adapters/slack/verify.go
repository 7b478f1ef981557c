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

// check gives the signature of a request that Slack has signed within 5 min of
// now, either way. Doubled headers are refused: which one counts would be for
// the attacker to choose.
func (v verifier) check(h http.Header, body []byte, now time.Time) (signature string, ok bool) {
	signatures, stamps := h.Values(headerSignature), h.Values(headerTimestamp)
	if len(signatures) != 1 || len(stamps) != 1 || !digits(stamps[0]) {
		return "", false
	}
	unix, err := strconv.ParseInt(stamps[0], 10, 64)
	if err != nil || now.Sub(time.Unix(unix, 0)).Abs() > maxSkew {
		return "", false
	}
	for _, secret := range v.secrets { // each, so that the time says nothing of which fits
		if hmac.Equal([]byte(signatures[0]), signatureOf(secret, stamps[0], body)) {
			ok = true
		}
	}
	return signatures[0], ok
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

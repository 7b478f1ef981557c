package identity

import (
	"net/http"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// maxToken bounds a token, in bytes: Microsoft's have about 1,000.
const maxToken = 8 << 10

// bearer gives the one token of a request.
func bearer(h http.Header) (string, error) {
	values := h.Values("Authorization")
	if len(values) != 1 {
		return "", unauthorized(NoToken) // of two, which one counts would be for the attacker to choose
	}
	scheme, token, found := strings.Cut(values[0], " ")
	if !found || !strings.EqualFold(scheme, "Bearer") || token == "" {
		return "", unauthorized(NoToken)
	}
	if len(token) > maxToken || strings.ContainsAny(token, " \t,") {
		return "", unauthorized(Malformed)
	}
	return token, nil
}

// claims are those that are looked at. A list of audiences is refused by the
// type: a token that is for others too can be theirs to pass on. So are times
// with fractions or beyond int64.
type claims struct {
	Issuer     string `json:"iss"`
	Audience   string `json:"aud"`
	Expires    *int64 `json:"exp"`
	NotBefore  *int64 `json:"nbf"`
	ServiceURL string `json:"serviceurl"`
}

func date(unix *int64) (*jwt.NumericDate, error) {
	if unix == nil {
		return nil, nil
	}
	if *unix <= 0 || *unix > 1<<40 {
		return nil, jwt.ErrInvalidType // far enough to overflow a comparison
	}
	return jwt.NewNumericDate(time.Unix(*unix, 0)), nil
}

// These make it jwt.Claims.

func (c *claims) GetExpirationTime() (*jwt.NumericDate, error) { return date(c.Expires) }
func (c *claims) GetNotBefore() (*jwt.NumericDate, error)      { return date(c.NotBefore) }
func (c *claims) GetIssuedAt() (*jwt.NumericDate, error)       { return nil, nil }
func (c *claims) GetIssuer() (string, error)                   { return c.Issuer, nil }
func (c *claims) GetSubject() (string, error)                  { return "", nil }
func (c *claims) GetAudience() (jwt.ClaimStrings, error)       { return jwt.ClaimStrings{c.Audience}, nil }

// keyID looks at the header of a token. An algorithm other than RS256 is
// refused before anything of the token decides how it is checked.
func keyID(t *jwt.Token) (string, error) {
	if alg, _ := t.Header["alg"].(string); alg != jwt.SigningMethodRS256.Alg() {
		return "", unauthorized(Algorithm)
	}
	if _, critical := t.Header["crit"]; critical {
		return "", unauthorized(Malformed) // RFC 7515, 4.1.11: not understood, so refused
	}
	id, _ := t.Header["kid"].(string)
	if id == "" {
		return "", unauthorized(NoKeyID)
	}
	return id, nil
}

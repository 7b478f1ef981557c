package identity

import (
	"errors"
	"net/http"
)

// The two kinds of refusal. Each is answered with an empty body.
var (
	ErrUnauthorized = errors.New("the request is not signed for this bot") // 401
	ErrForbidden    = errors.New("the request is not for this bot")        // 403: genuine, but not ours to serve
)

// Reason says why a request was refused, for the log alone: who sent it is not
// told. An administrator mends each in another place.
type Reason string

// The reasons. Those of the first block are ErrUnauthorized.
const (
	NoToken      Reason = "teams request refused, it has no bearer token or more than one"
	Malformed    Reason = "teams request refused, its token cannot be read"
	Algorithm    Reason = "teams request refused, its token is not signed with RS256"
	NoKeyID      Reason = "teams request refused, its token names no key"
	Issuer       Reason = "teams request refused, its token is not from the Bot Framework of this cloud"
	Audience     Reason = "teams request refused, its token is not for teams.app_id"
	MissingClaim Reason = "teams request refused, its token lacks one of iss, aud, exp and nbf"
	Stale        Reason = "teams request refused, its token has ended or not begun by this machine's clock"
	NoKeys       Reason = "teams request refused, the signing keys cannot be fetched"
	UnknownKey   Reason = "teams request refused, its token names a key that is not published"
	ForgedToken  Reason = "teams request refused, the signature of its token is wrong"

	Channel     Reason = "teams request refused, it is not from Teams"
	Endorsement Reason = "teams request refused, its key does not vouch for its channel"
	ServiceURL  Reason = "teams request refused, its service address is not the one in its token"
	ServiceHost Reason = "teams request refused, its service address is not on the list of hosts"
	Tenant      Reason = "teams request refused, it is from another tenant"
)

// Refusal is why a request did not get in. It is ErrUnauthorized or
// ErrForbidden, and never holds the token.
type Refusal struct {
	Reason Reason
	kind   error
	cause  error
}

// Error gives the reason, and what the key server said where it was asked.
func (r *Refusal) Error() string {
	if r.cause != nil {
		return string(r.Reason) + ": " + r.cause.Error()
	}
	return string(r.Reason)
}

// Unwrap gives the kind, and the cause where there is one.
func (r *Refusal) Unwrap() []error {
	if r.cause != nil {
		return []error{r.kind, r.cause}
	}
	return []error{r.kind}
}

// StatusOf gives the HTTP status for an error of this package: 200 for none,
// 403 for ErrForbidden, 401 for anything else.
func StatusOf(err error) int {
	switch {
	case err == nil:
		return http.StatusOK
	case errors.Is(err, ErrForbidden):
		return http.StatusForbidden
	}
	return http.StatusUnauthorized
}

func unauthorized(why Reason) error { return &Refusal{Reason: why, kind: ErrUnauthorized} }
func forbidden(why Reason) error    { return &Refusal{Reason: why, kind: ErrForbidden} }

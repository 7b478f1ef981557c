package identity

import (
	"context"
	"crypto/rsa"
	"crypto/sha256"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// maxSkew is how far Microsoft's clock and this machine's may be apart.
const maxSkew = 5 * time.Minute

// teamsChannel is the channelId of Teams, and what its keys vouch for.
const teamsChannel = "msteams"

// Config says whose requests pass. AppID, Tenant and Cloud are needed.
type Config struct {
	AppID  string
	Tenant string
	Cloud  Cloud
	Client *http.Client     // for the keys; nil: one that follows no redirect
	Now    func() time.Time // nil: time.Now
}

// Validator checks requests. It is safe for concurrent use.
type Validator struct {
	cfg    Config
	parser *jwt.Parser
	claims *jwt.Validator
	keys   *keys
	seen   memory
}

// New refuses a configuration without an app id or tenant, with which any
// token would do. It fetches nothing.
func New(cfg Config) (*Validator, error) {
	if strings.TrimSpace(cfg.AppID) == "" || strings.TrimSpace(cfg.Tenant) == "" {
		return nil, errors.New("set teams.app_id and teams.tenant_id: without them anybody's token would be taken")
	}
	if err := cfg.Cloud.validate(); err != nil {
		return nil, err
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Client == nil {
		cfg.Client = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	}
	options := []jwt.ParserOption{
		jwt.WithValidMethods([]string{jwt.SigningMethodRS256.Alg()}), jwt.WithStrictDecoding(),
		jwt.WithExpirationRequired(), jwt.WithNotBeforeRequired(), jwt.WithLeeway(maxSkew), jwt.WithTimeFunc(cfg.Now),
		jwt.WithIssuer(cfg.Cloud.Issuer), jwt.WithAudience(cfg.AppID),
	}
	return &Validator{
		cfg: cfg, parser: jwt.NewParser(options...), claims: jwt.NewValidator(options...),
		keys: &keys{url: cfg.Cloud.MetadataURL, issuer: cfg.Cloud.Issuer, client: cfg.Client, now: cfg.Now},
		seen: memory{held: map[[sha256.Size]byte]Caller{}},
	}, nil
}

// Caller is a service that has signed a request for this bot. What it sends is
// believed after Permit.
type Caller struct {
	keyID        string
	endorsements []string
	serviceURL   string
	begins, ends time.Time
}

// Verify checks the token of a request; the body need not be read for it. The
// error is ErrUnauthorized.
func (v *Validator) Verify(ctx context.Context, h http.Header) (Caller, error) {
	token, err := bearer(h)
	if err != nil {
		return Caller{}, err
	}
	hash, now := sha256.Sum256([]byte(token)), v.cfg.Now()
	if c, known := v.seen.recall(hash); known {
		if !now.Before(c.begins.Add(-maxSkew)) && now.Before(c.ends) {
			if k, err := v.keys.find(ctx, c.keyID); err == nil { // a key that was withdrawn takes its tokens with it
				c.endorsements = k.endorsements
				return c, nil
			}
		}
		v.seen.forget(hash)
	}
	c, err := v.read(ctx, token)
	if err != nil {
		return Caller{}, err
	}
	if now.Before(c.ends) {
		v.seen.keep(hash, c, now)
	}
	return c, nil
}

// read checks a token in full: all that needs no key first, so that nothing
// which anybody can write makes the bot fetch keys.
func (v *Validator) read(ctx context.Context, token string) (Caller, error) {
	var c claims
	var signer key
	var id string
	_, err := v.parser.ParseWithClaims(token, &c, func(t *jwt.Token) (any, error) {
		var err error
		if id, err = keyID(t); err != nil {
			return nil, err
		}
		if err := v.claims.Validate(&c); err != nil {
			return nil, err
		}
		if len(t.Signature) < minModulus/8 {
			return nil, unauthorized(ForgedToken)
		}
		signer, err = v.keys.find(ctx, id)
		return signer.public, err
	})
	if err != nil {
		return Caller{}, tokenRefusal(err)
	}
	return Caller{keyID: id, endorsements: signer.endorsements, serviceURL: c.ServiceURL,
		begins: time.Unix(*c.NotBefore, 0), ends: time.Unix(*c.Expires, 0)}, nil
}

// tokenRefusal leaves the library's words out, which can quote the token.
func tokenRefusal(err error) error {
	var own *Refusal
	switch {
	case errors.As(err, &own):
		return own
	case errors.Is(err, jwt.ErrTokenInvalidIssuer):
		return unauthorized(Issuer)
	case errors.Is(err, jwt.ErrTokenInvalidAudience):
		return unauthorized(Audience)
	case errors.Is(err, jwt.ErrTokenRequiredClaimMissing):
		return unauthorized(MissingClaim)
	case errors.Is(err, jwt.ErrTokenExpired), errors.Is(err, jwt.ErrTokenNotValidYet):
		return unauthorized(Stale)
	case errors.Is(err, rsa.ErrVerification):
		return unauthorized(ForgedToken)
	case errors.Is(err, jwt.ErrTokenSignatureInvalid):
		return unauthorized(Algorithm)
	}
	return unauthorized(Malformed)
}

// Claim is what an activity says of where it comes from. Nothing signs it but
// the connection, so each part is held against the token or the configuration.
type Claim struct {
	ChannelID          string // channelId
	ServiceURL         string // serviceUrl
	ConversationTenant string // conversation.tenantId
	ChannelTenant      string // channelData.tenant.id
}

// Permit checks that the caller may say what it says. The error is
// ErrForbidden.
func (v *Validator) Permit(c Caller, said Claim) error {
	switch {
	case said.ChannelID != teamsChannel:
		return forbidden(Channel)
	case !slices.Contains(c.endorsements, said.ChannelID):
		return forbidden(Endorsement)
	case c.serviceURL == "" || c.serviceURL != said.ServiceURL:
		return forbidden(ServiceURL)
	case !v.cfg.Cloud.Serves(said.ServiceURL):
		return forbidden(ServiceHost)
	case !strings.EqualFold(said.ConversationTenant, v.cfg.Tenant), !strings.EqualFold(said.ChannelTenant, v.cfg.Tenant):
		return forbidden(Tenant)
	}
	return nil
}

// Fetch asks for the signing keys now, for `latchkey check`, and gives the time
// that the server of the metadata says it is; the zero time where it says none.
func (v *Validator) Fetch(ctx context.Context) (time.Time, error) { return v.keys.try(ctx) }

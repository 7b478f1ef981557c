package identity

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

const (
	appID   = "b07a9c3e-4444-4555-8666-0e1f2a3b4c5d"
	tenant  = "7e5a1c0f-1111-4222-8333-9d3c0a1b2c3d"
	issuer  = "https://api.botframework.com"
	service = "https://smba.trafficmanager.net/emea/"
)

// Two key pairs for all tests: making one takes long.
var microsoft, stranger = sync.OnceValue(newPair), sync.OnceValue(newPair)

func newPair() *rsa.PrivateKey {
	pair, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return pair
}

// stage is a key server, a clock and a validator.
type stage struct {
	*Validator
	server *httptest.Server

	mu        sync.Mutex
	now       time.Time
	published []map[string]any
	down      bool
	fetches   int // of the metadata
	issuer    string
}

func newStage(t testing.TB) *stage {
	t.Helper()
	s := &stage{now: time.Unix(1_790_000_000, 0), issuer: issuer}
	s.published = []map[string]any{jwk("k1", &microsoft().PublicKey, teamsChannel, "webchat")}
	s.server = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(s.server.Close)
	s.Validator = s.validator(t)
	return s
}

func (s *stage) validator(t testing.TB) *Validator {
	t.Helper()
	cloud, err := CloudOf("public", tenant)
	if err != nil {
		t.Fatal(err)
	}
	cloud.MetadataURL = s.server.URL + "/metadata"
	v, err := New(Config{AppID: appID, Tenant: tenant, Cloud: cloud, Now: s.clock})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func (s *stage) serve(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	metadata := r.URL.Path != "/keys"
	if metadata {
		s.fetches++
	}
	switch {
	case s.down:
		http.Error(w, "away", http.StatusServiceUnavailable)
	case metadata:
		_ = json.NewEncoder(w).Encode(map[string]any{"issuer": s.issuer, "jwks_uri": s.server.URL + "/keys"})
	default:
		_ = json.NewEncoder(w).Encode(map[string]any{"keys": s.published})
	}
}

func (s *stage) clock() time.Time { s.mu.Lock(); defer s.mu.Unlock(); return s.now }

func (s *stage) pass(d time.Duration) { s.mu.Lock(); s.now = s.now.Add(d); s.mu.Unlock() }

func (s *stage) publish(keys ...map[string]any) { s.mu.Lock(); s.published = keys; s.mu.Unlock() }

func (s *stage) turn(down bool) { s.mu.Lock(); s.down = down; s.mu.Unlock() }

func (s *stage) fetched() int { s.mu.Lock(); defer s.mu.Unlock(); return s.fetches }

func jwk(id string, public *rsa.PublicKey, endorsements ...string) map[string]any {
	return map[string]any{"kty": "RSA", "use": "sig", "kid": id, "n": b64(public.N.Bytes()),
		"e": b64(big.NewInt(int64(public.E)).Bytes()), "endorsements": endorsements}
}

func b64(data []byte) string { return base64.RawURLEncoding.EncodeToString(data) }

// token is a token before it is signed. A nil value takes a field out.
type token struct {
	header, claims map[string]any
	pair           *rsa.PrivateKey
}

func (s *stage) token() token {
	now := s.clock()
	return token{
		header: map[string]any{"typ": "JWT", "alg": "RS256", "kid": "k1"},
		claims: map[string]any{"iss": issuer, "aud": appID, "serviceurl": service, "nbf": now.Add(-time.Minute).Unix(), "exp": now.Add(time.Hour).Unix()},
		pair:   microsoft(),
	}
}

func (k token) with(claim string, value any) token {
	k.claims = changed(k.claims, claim, value)
	return k
}
func (k token) head(field string, value any) token {
	k.header = changed(k.header, field, value)
	return k
}
func (k token) by(pair *rsa.PrivateKey) token { k.pair = pair; return k }

func changed(m map[string]any, key string, value any) map[string]any {
	m = maps.Clone(m)
	m[key] = value
	if value == nil {
		delete(m, key)
	}
	return m
}

func (k token) text() string {
	head, _ := json.Marshal(k.header)
	body, _ := json.Marshal(k.claims)
	return b64(head) + "." + b64(body)
}

func (k token) String() string { return signed256(k.text(), k.pair) }

func signed256(text string, pair *rsa.PrivateKey) string {
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, pair, crypto.SHA256, sum[:])
	if err != nil {
		panic(err)
	}
	return text + "." + b64(signature)
}

func bearing(token string) http.Header { return http.Header{"Authorization": {"Bearer " + token}} }

var ours = Claim{ChannelID: teamsChannel, ServiceURL: service, ConversationTenant: tenant, ChannelTenant: tenant}

// check does what the door does.
func check(v *Validator, h http.Header, said Claim) error {
	caller, err := v.Verify(context.Background(), h)
	if err != nil {
		return err
	}
	return v.Permit(caller, said)
}

func reasonOf(err error) Reason {
	var refusal *Refusal
	if errors.As(err, &refusal) {
		return refusal.Reason
	}
	return ""
}

package teams

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"time"
)

// issuer is who signs the tokens of activities (learn.microsoft.com,
// "Authentication with the Bot Connector API").
const issuer = "https://api.botframework.com"

// signingKey is one key of the published set.
type signingKey struct {
	id           string
	private      *rsa.PrivateKey
	endorsements []string // channels whose activities it may sign; nil names none
}

func newSigningKey(id string) (*signingKey, error) {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, fmt.Errorf("making a signing key: %w", err)
	}
	return &signingKey{id: id, private: private, endorsements: []string{"webchat", "msteams", "directline"}}, nil
}

// addKey makes a key that signs from now on. Nobody else holds t yet, or the
// caller holds mu.
func (t *Tenant) addKey() error {
	key, err := newSigningKey(fmt.Sprintf("key%d-%s", t.next(), t.secret(6)))
	if err == nil {
		t.keys = append(t.keys, key)
	}
	return err
}

// Rotate signs with a new key from now on. The old ones stay published with
// keep, and go without.
func (t *Tenant) Rotate(keep bool) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !keep {
		t.keys = nil
	}
	return t.addKey()
}

// jwk is the published half of a key.
func (k *signingKey) jwk() map[string]any {
	out := map[string]any{
		"kty": "RSA", "use": "sig", "alg": "RS256", "kid": k.id, "x5t": k.id,
		"n": base64.RawURLEncoding.EncodeToString(k.private.N.Bytes()),
		"e": base64.RawURLEncoding.EncodeToString(big.NewInt(int64(k.private.E)).Bytes()),
	}
	if k.endorsements != nil {
		out["endorsements"] = k.endorsements
	}
	return out
}

// Token is a JSON Web Token before it is signed: change it to forge one.
type Token struct {
	Header map[string]any
	Claims map[string]any
	key    *signingKey
}

// Token gives the token that Teams would put on an activity.
func (t *Tenant) Token() Token {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.opts.Now()
	key := t.keys[len(t.keys)-1]
	return Token{
		Header: map[string]any{"typ": "JWT", "alg": "RS256", "kid": key.id, "x5t": key.id},
		Claims: map[string]any{"iss": issuer, "aud": t.opts.AppID, "serviceurl": t.serviceURL(),
			"nbf": now.Add(-time.Minute).Unix(), "exp": now.Add(time.Hour).Unix()},
		key: key,
	}
}

// signed gives the first two parts, and the signature over them.
func (k Token) signed() (string, []byte) {
	head, err := json.Marshal(k.Header)
	if err != nil {
		head = []byte("{}")
	}
	body, err := json.Marshal(k.Claims)
	if err != nil {
		body = []byte("{}")
	}
	text := base64.RawURLEncoding.EncodeToString(head) + "." + base64.RawURLEncoding.EncodeToString(body)
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, k.key.private, crypto.SHA256, sum[:])
	if err != nil {
		signature = nil // only a key that is too small; ours are not
	}
	return text, signature
}

// String is the signed token, RS256 whatever its header says.
func (k Token) String() string {
	text, signature := k.signed()
	return text + "." + base64.RawURLEncoding.EncodeToString(signature)
}

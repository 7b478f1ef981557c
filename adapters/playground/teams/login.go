package teams

import (
	"crypto/subtle"
	"fmt"
	"net/http"
	"strings"
)

// Scope is what the bot's token must be asked for.
const Scope = "https://api.botframework.com/.default"

// token answers the bot's request for a bearer token (RFC 6749, section 4.4).
func (t *Tenant) token(r *http.Request, tenant string) reply {
	r.Body = http.MaxBytesReader(nil, r.Body, 1<<20)
	if err := r.ParseForm(); err != nil || r.Method != http.MethodPost {
		return denied(http.StatusBadRequest, "invalid_request", 900144, "The request body must be a form that is sent by POST.")
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	form := r.PostForm
	id, secret := form.Get("client_id"), form.Get("client_secret")
	switch {
	case tenant != t.opts.TenantID:
		return denied(http.StatusBadRequest, "invalid_request", 90002, fmt.Sprintf("Tenant '%s' not found.", tenant))
	case form.Get("grant_type") != "client_credentials":
		return denied(http.StatusBadRequest, "unsupported_grant_type", 70003, "The app requested an unsupported grant type.")
	case id != t.opts.AppID:
		return denied(http.StatusBadRequest, "unauthorized_client", 700016, "Application was not found in the directory.")
	case form.Get("scope") != Scope:
		return denied(http.StatusBadRequest, "invalid_scope", 70011, "The provided value for the input parameter 'scope' is not valid.")
	case subtle.ConstantTimeCompare([]byte(secret), []byte(t.opts.AppSecret)) != 1:
		return denied(http.StatusUnauthorized, "invalid_client", 7000215, "Invalid client secret provided.")
	}
	token := "bearer." + t.secret(24)
	t.tokens[token] = t.opts.Now().Add(t.opts.TokenLife)
	seconds := int(t.opts.TokenLife.Seconds())
	return reply{status: http.StatusOK, body: map[string]any{
		"token_type": "Bearer", "expires_in": seconds, "ext_expires_in": seconds, "access_token": token}}
}

// RevokeTokens makes every bearer token that was issued invalid.
func (t *Tenant) RevokeTokens() { t.mu.Lock(); defer t.mu.Unlock(); clear(t.tokens) }

// SetAppSecret changes the client secret, as an administrator does when it expires.
func (t *Tenant) SetAppSecret(secret string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.opts.AppSecret = secret
}

func denied(status int, code string, number int, text string) reply {
	return reply{status: status, code: fmt.Sprintf("AADSTS%d", number), body: map[string]any{
		"error": code, "error_description": fmt.Sprintf("AADSTS%d: %s", number, text), "error_codes": []int{number}}}
}

// bearer tells whether a request carries a token that was issued here and lives.
func (t *Tenant) bearer(r *http.Request) bool {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	t.mu.Lock()
	defer t.mu.Unlock()
	end, known := t.tokens[token]
	return ok && known && t.opts.Now().Before(end)
}

func (t *Tenant) metadata() reply {
	return reply{status: http.StatusOK, body: map[string]any{
		"issuer": issuer, "authorization_endpoint": "https://invalid.botframework.com",
		"jwks_uri": t.URL() + "/v1/.well-known/keys", "id_token_signing_alg_values_supported": []string{"RS256"},
		"token_endpoint_auth_methods_supported": []string{"private_key_jwt"},
	}}
}

func (t *Tenant) published() reply {
	t.mu.Lock()
	defer t.mu.Unlock()
	keys := []any{}
	for _, key := range t.keys {
		keys = append(keys, key.jwk())
	}
	return reply{status: http.StatusOK, body: map[string]any{"keys": keys}}
}

package connector

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"latchkey/adapters/teams/identity"
	"latchkey/bot"
)

const (
	testTenant = "33333333-3333-4333-8333-333333333333"
	testApp    = "44444444-4444-4444-8444-444444444444"
)

// login is Microsoft's, as far as a client assertion needs it: it takes one that
// accept is content with.
func login(t *testing.T, accept func(assertion string) bool) (Config, *http.Client) {
	t.Helper()
	var srv *httptest.Server
	srv = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		base := srv.URL + "/" + testTenant
		if strings.HasSuffix(r.URL.Path, "openid-configuration") {
			_ = json.NewEncoder(w).Encode(map[string]string{"issuer": base + "/v2.0", "token_endpoint": base + "/oauth2/v2.0/token",
				"authorization_endpoint": base + "/oauth2/v2.0/authorize"})
			return
		}
		if r.ParseForm() != nil || r.Form.Get("client_id") != testApp || !strings.Contains(r.Form.Get("scope"), "https://api.botframework.com/.default") ||
			!accept(r.Form.Get("client_assertion")) {
			w.WriteHeader(http.StatusUnauthorized)
			_ = json.NewEncoder(w).Encode(map[string]any{"error": "invalid_client", "error_description": "AADSTS700027: it names secret things"})
			return
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"token_type": "Bearer", "expires_in": 3600, "access_token": "a token"})
	}))
	t.Cleanup(srv.Close)
	return Config{AppID: testApp, Tenant: testTenant, Now: time.Now, Cloud: identity.Cloud{TokenURL: srv.URL + "/" + testTenant + "/oauth2/v2.0/token",
		Scope: "https://api.botframework.com/.default", ServiceHosts: []string{"smba.example"}}}, srv.Client()
}

func certificate(t *testing.T) ([]byte, *rsa.PrivateKey) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "latchkey"}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, form, form, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})...), key
}

// The app proves itself by a certificate: what it signs is held against its key.
func TestTokenByCertificate(t *testing.T) {
	file, key := certificate(t)
	_, another := certificate(t)
	for name, c := range map[string]struct {
		known *rsa.PrivateKey
		want  bot.Kind
	}{"known": {key, ""}, "not known": {another, bot.Denied}} {
		t.Run(name, func(t *testing.T) {
			cfg, client := login(t, func(assertion string) bool {
				_, err := jwt.Parse(assertion, func(*jwt.Token) (any, error) { return &c.known.PublicKey, nil })
				return err == nil
			})
			cfg.Certificate = file
			get, err := source(cfg, client)
			if err != nil {
				t.Fatal(err)
			}
			kept := newTokens(get, time.Now)
			token, err := kept.token(context.Background())
			if bot.KindOf(err) != c.want || err == nil && token != "a token" {
				t.Errorf("%q, %v", token, err)
			}
			if err != nil && (!strings.Contains(bot.TextOf(err), "teams.certificate_file (AADSTS700027)") || strings.Contains(err.Error(), "secret things")) {
				t.Errorf("said %v", err)
			}
		})
	}
}

// A federated token is read anew from its file.
func TestTokenByFederation(t *testing.T) {
	file := filepath.Join(t.TempDir(), "token")
	cfg, client := login(t, func(assertion string) bool { return assertion == "of another issuer" })
	cfg.FederatedToken = file
	get, err := source(cfg, client)
	if err != nil {
		t.Fatal(err)
	}
	kept := newTokens(get, time.Now)
	if _, err := kept.token(context.Background()); bot.KindOf(err) != bot.Unavailable {
		t.Errorf("without a file: %v", err)
	}
	if err := os.WriteFile(file, []byte("of another issuer"), 0o600); err != nil {
		t.Fatal(err)
	}
	if token, err := kept.token(context.Background()); err != nil || token != "a token" {
		t.Errorf("%q, %v", token, err)
	}
}

func TestCertificatesThatCannotBeUsed(t *testing.T) {
	good, _ := certificate(t)
	for name, change := range map[string]func(*Config){
		"no PEM":      func(c *Config) { c.Certificate = []byte("x") },
		"no key":      func(c *Config) { c.Certificate = good[:strings.Index(string(good), "-----BEGIN PRIVATE")] },
		"plain login": func(c *Config) { c.Certificate, c.Cloud.TokenURL = good, "http://127.0.0.1:1/t/oauth2/v2.0/token" },
		"two":         func(c *Config) { c.Certificate, c.Secret = good, "s" },
	} {
		cfg, _ := login(t, nil)
		change(&cfg)
		if _, err := New(cfg); bot.KindOf(err) != bot.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

package teams

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"strings"
	"time"
)

// Forgery is one way to sign a request that a bot must refuse with 401 or 403.
type Forgery struct {
	Name string
	Sign func(r *Request)
}

// Forgeries lists the ways to sign wrongly: everything that is missing, stale,
// early, foreign, malformed or signed by somebody else, one at a time. Some
// need keys that are made and published here: ask once, before the bot has read
// the keys, or let it refetch them.
func (t *Tenant) Forgeries() ([]Forgery, error) {
	foreign, err := newSigningKey("foreign")
	if err != nil {
		return nil, err
	}
	unendorsed, err := newSigningKey("unendorsed")
	if err != nil {
		return nil, err
	}
	elsewhere, err := newSigningKey("elsewhere")
	if err != nil {
		return nil, err
	}
	unendorsed.endorsements, elsewhere.endorsements = nil, []string{"webchat"}
	t.mu.Lock()
	t.keys = append([]*signingKey{unendorsed, elsewhere}, t.keys...)
	t.mu.Unlock()
	var out []Forgery
	out = append(out, t.forgedClaims()...)
	out = append(out, t.forgedKeys(foreign, unendorsed, elsewhere)...)
	return append(out, t.forgedShapes()...), nil
}

// claim is a forgery that changes the token before it is signed.
func (t *Tenant) claim(name string, change func(k *Token)) Forgery {
	return Forgery{name, func(r *Request) {
		k := t.Token()
		change(&k)
		r.Header.Set("Authorization", "Bearer "+k.String())
	}}
}

func (t *Tenant) forgedClaims() []Forgery {
	var out []Forgery
	with := func(name, claim string, value any) {
		out = append(out, t.claim(name, func(k *Token) { k.Claims[claim] = value }))
	}
	for _, claim := range []string{"iss", "aud", "exp", "nbf", "serviceurl"} {
		out = append(out, t.claim("without "+claim, func(k *Token) { delete(k.Claims, claim) }))
		with(claim+" null", claim, nil)
		with(claim+" an object", claim, map[string]any{"a": 1})
	}
	at := func(d time.Duration) int64 { return t.opts.Now().Add(d).Unix() }
	with("issuer of the tenant", "iss", "https://sts.windows.net/"+t.opts.TenantID+"/")
	with("issuer of the emulator", "iss", "https://login.microsoftonline.com/d6d49420-f39b-4df7-a1dc-d59a935871db/v2.0")
	with("issuer with a slash", "iss", issuer+"/")
	with("issuer in capitals", "iss", strings.ToUpper(issuer))
	with("issuer a list", "iss", []string{issuer})
	with("audience of another app", "aud", "00000000-0000-4000-8000-000000000000")
	with("audience empty", "aud", "")
	with("audience an empty list", "aud", []string{})
	with("audience a list of others", "aud", []string{"a", "b"})
	with("audience with a blank", "aud", t.opts.AppID+" ")
	with("expired an hour ago", "exp", at(-time.Hour))
	with("expired six minutes ago", "exp", at(-6*time.Minute))
	with("exp a word", "exp", "tomorrow")
	with("exp zero", "exp", 0)
	with("exp below zero", "exp", -1)
	with("valid in six minutes", "nbf", at(6*time.Minute))
	with("valid tomorrow", "nbf", at(24*time.Hour))
	with("nbf a word", "nbf", "yesterday")
	with("service of another host", "serviceurl", "https://evil.example/")
	with("service of another path", "serviceurl", t.ServiceURL()+"x/")
	with("service with a user", "serviceurl", "https://smba.trafficmanager.net@evil.example/")
	with("service empty", "serviceurl", "")
	return append(out, t.claim("no claims", func(k *Token) { k.Claims = map[string]any{} }))
}

func (t *Tenant) forgedKeys(foreign, unendorsed, elsewhere *signingKey) []Forgery {
	header := func(name, member string, value any) Forgery {
		return t.claim(name, func(k *Token) { k.Header[member] = value })
	}
	signedBy := func(name string, key *signingKey, kid any) Forgery {
		return t.claim(name, func(k *Token) {
			k.key = key
			if kid != nil {
				k.Header["kid"], k.Header["x5t"] = kid, kid
			}
		})
	}
	return []Forgery{
		signedBy("foreign key, known kid", foreign, nil),
		signedBy("foreign key, its own kid", foreign, foreign.id),
		signedBy("foreign key, kid empty", foreign, ""),
		signedBy("foreign key, kid a path", foreign, "../../keys"),
		signedBy("key without endorsements", unendorsed, unendorsed.id),
		signedBy("key endorsed for another channel", elsewhere, elsewhere.id),
		t.claim("without kid", func(k *Token) { delete(k.Header, "kid"); delete(k.Header, "x5t") }),
		t.claim("key in the header", func(k *Token) { k.key = foreign; k.Header["jwk"] = foreign.jwk() }),
		t.claim("key set in the header", func(k *Token) { k.key = foreign; k.Header["jku"] = "https://evil.example/keys" }),
		header("kid a number", "kid", 7), header("kid an object", "kid", map[string]any{}),
		header("alg RS384", "alg", "RS384"), header("alg PS256", "alg", "PS256"), header("alg ES256", "alg", "ES256"),
		header("alg rs256", "alg", "rs256"), header("alg a number", "alg", 256),
		t.claim("without alg", func(k *Token) { delete(k.Header, "alg") }),
		header("critical header", "crit", []string{"exp2"}),
	}
}

func (t *Tenant) forgedShapes() []Forgery {
	shape := func(name string, write func(head, body, signature string) string) Forgery {
		return Forgery{name, func(r *Request) {
			parts := strings.Split(t.Token().String(), ".")
			r.Header.Set("Authorization", write(parts[0], parts[1], parts[2]))
		}}
	}
	raw := base64.RawURLEncoding.EncodeToString
	unsigned := func(alg string) func(head, body, signature string) string {
		return func(_, body, _ string) string {
			return "Bearer " + raw([]byte(`{"alg":"`+alg+`","typ":"JWT"}`)) + "." + body + "."
		}
	}
	return []Forgery{
		{"no header", func(r *Request) { r.Header.Del("Authorization") }},
		{"two headers", func(r *Request) {
			r.Header["Authorization"] = []string{"Bearer x.y.z", "Bearer " + t.Token().String()}
		}},
		shape("empty header", func(string, string, string) string { return "" }),
		shape("Bearer alone", func(string, string, string) string { return "Bearer " }),
		shape("no Bearer", func(h, b, s string) string { return h + "." + b + "." + s }),
		shape("Basic", func(h, b, s string) string { return "Basic " + h + "." + b + "." + s }),
		shape("alg none", unsigned("none")), shape("alg None", unsigned("None")), shape("alg empty", unsigned("")),
		shape("no signature", func(h, b, _ string) string { return "Bearer " + h + "." + b + "." }),
		shape("two parts", func(h, b, _ string) string { return "Bearer " + h + "." + b }),
		shape("four parts", func(h, b, s string) string { return "Bearer " + h + "." + b + "." + s + "." + s }),
		shape("signature cut", func(h, b, s string) string { return "Bearer " + h + "." + b + "." + s[:len(s)/2] }),
		shape("signature of other claims", func(h, b, s string) string {
			return "Bearer " + h + "." + raw([]byte(`{"iss":"`+issuer+`"}`)) + "." + s
		}),
		shape("header no base64", func(_, b, s string) string { return "Bearer !!." + b + "." + s }),
		shape("header no JSON", func(_, b, s string) string { return "Bearer " + raw([]byte("{")) + "." + b + "." + s }),
		shape("header null", func(_, b, s string) string { return "Bearer " + raw([]byte("null")) + "." + b + "." + s }),
		shape("claims null", func(h, _, s string) string { return "Bearer " + h + "." + raw([]byte("null")) + "." + s }),
		shape("claims a list", func(h, _, s string) string { return "Bearer " + h + "." + raw([]byte("[]")) + "." + s }),
		shape("a long one", func(h, b, s string) string { return "Bearer " + h + "." + b + "." + s + strings.Repeat("A", 16<<10) }),
		{"HMAC with the public key", t.signHMAC},
	}
}

// signHMAC signs with the published key as if it were a shared secret.
func (t *Tenant) signHMAC(r *Request) {
	k := t.Token()
	k.Header["alg"] = "HS256"
	text, _ := k.signed()
	secret := pem.EncodeToMemory(&pem.Block{Type: "RSA PUBLIC KEY", Bytes: x509.MarshalPKCS1PublicKey(&k.key.private.PublicKey)})
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(text))
	r.Header.Set("Authorization", "Bearer "+text+"."+base64.RawURLEncoding.EncodeToString(mac.Sum(nil)))
}

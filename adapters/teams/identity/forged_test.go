package identity

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"
)

type forgery struct {
	name   string
	header http.Header
	said   Claim
	want   Reason
}

// forgeries are tokens and claims of which none may pass.
func forgeries(s *stage) []forgery {
	good, now := s.token(), s.clock()
	whole := good.String()
	parts := strings.Split(whole, ".")
	raw := func(name, text string, want Reason) forgery { return forgery{name, bearing(text), ours, want} }
	tok := func(name string, k token, want Reason) forgery { return raw(name, k.String(), want) }
	auth := func(name string, want Reason, values ...string) forgery {
		return forgery{name, http.Header{"Authorization": values}, ours, want}
	}
	said := func(name string, want Reason, change func(*Claim)) forgery {
		c := ours
		change(&c)
		return forgery{name, bearing(whole), c, want}
	}
	out := []forgery{
		auth("no header", NoToken), auth("empty header", NoToken, ""), auth("bare token", NoToken, whole),
		auth("scheme alone", NoToken, "Bearer"), auth("scheme and space", NoToken, "Bearer "), auth("basic", NoToken, "Basic "+whole),
		auth("two headers", NoToken, "Bearer "+whole, "Bearer "+whole), auth("two spaces", Malformed, "Bearer  "+whole),
		auth("two tokens", Malformed, "Bearer "+whole+","+whole), auth("tab", NoToken, "Bearer\t"+whole),

		raw("one part", parts[0], Malformed), raw("two parts", parts[0]+"."+parts[1], Malformed), raw("four parts", whole+".x", Malformed),
		raw("points", "..", Malformed), raw("five parts (JWE)", whole+".a.b", Malformed), raw("too long", whole+strings.Repeat("A", maxToken), Malformed),
		raw("padded", parts[0]+"="+"."+parts[1]+"."+parts[2], Malformed), raw("no signature", parts[0]+"."+parts[1]+".", ForgedToken),
		raw("header no JSON", b64([]byte("x"))+"."+parts[1]+"."+parts[2], Malformed), raw("claims a list", parts[0]+"."+b64([]byte("[]"))+"."+parts[2], Malformed),
		raw("claims null", parts[0]+"."+b64([]byte("null"))+"."+parts[2], MissingClaim), raw("header null", b64([]byte("null"))+"."+parts[1]+"."+parts[2], Malformed),
		raw("signature cut", whole[:len(whole)-8], Malformed), raw("signature long", whole+"AAAA", ForgedToken),
		raw("claims of another token", strings.Split(good.with("exp", now.Add(9*time.Hour).Unix()).text(), ".")[0]+"."+strings.Split(good.with("aud", appID).with("x", 1).text(), ".")[1]+"."+parts[2], ForgedToken),

		raw("alg none", good.head("alg", "none").text()+".", Algorithm), raw("alg None", good.head("alg", "None").text()+".", Malformed),
		tok("alg none, signed", good.head("alg", "none"), Algorithm), tok("no alg", good.head("alg", nil), Malformed), tok("alg a number", good.head("alg", 256), Malformed),
		tok("alg RS512", good.head("alg", "RS512"), Algorithm), tok("alg PS256", good.head("alg", "PS256"), Algorithm), tok("alg ES256", good.head("alg", "ES256"), Algorithm), tok("alg rs256", good.head("alg", "rs256"), Malformed),
		raw("HS256 with the public key", hs256(good, publicPEM()), Algorithm), raw("HS256 with the modulus", hs256(good, microsoft().N.Bytes()), Algorithm), raw("HS256 with nothing", hs256(good, nil), Algorithm),
		tok("critical extension", good.head("crit", []string{"b64"}), Malformed), tok("no kid", good.head("kid", nil), NoKeyID), tok("empty kid", good.head("kid", ""), NoKeyID), tok("kid a number", good.head("kid", 1), NoKeyID), tok("kid a list", good.head("kid", []string{"k1"}), NoKeyID),
		tok("kid unknown", good.head("kid", "k9"), UnknownKey), tok("kid a path", good.head("kid", "../../dev/null"), UnknownKey),
		tok("signed by a stranger", good.by(stranger()), ForgedToken), tok("own key in the header", good.by(stranger()).head("jwk", jwk("k1", &stranger().PublicKey)), ForgedToken),
		tok("own key set in the header", good.by(stranger()).head("jku", "https://evil.example/keys"), ForgedToken), tok("key of 1024 bits", good.by(smallPair()), ForgedToken),

		tok("no iss", good.with("iss", nil), MissingClaim), tok("iss of a directory", good.with("iss", "https://sts.windows.net/"+tenant+"/"), Issuer), tok("iss of the government cloud", good.with("iss", "https://api.botframework.us"), Issuer),
		tok("iss with a slash", good.with("iss", issuer+"/"), Issuer), tok("iss a list", good.with("iss", []string{issuer}), Malformed), tok("iss a number", good.with("iss", 1), Malformed),
		tok("no aud", good.with("aud", nil), MissingClaim), tok("aud of another bot", good.with("aud", "00000000-0000-4000-8000-000000000000"), Audience), tok("aud empty", good.with("aud", ""), MissingClaim), tok("aud upper case", good.with("aud", strings.ToUpper(appID)), Audience),
		tok("aud a list of ours", good.with("aud", []string{appID}), Malformed), tok("aud a list with ours", good.with("aud", []string{"other", appID}), Malformed), tok("aud an empty list", good.with("aud", []string{}), Malformed), tok("aud an object", good.with("aud", map[string]any{appID: true}), Malformed),
		tok("no exp", good.with("exp", nil), MissingClaim), tok("no nbf", good.with("nbf", nil), MissingClaim), tok("ended", good.with("exp", now.Add(-maxSkew-time.Second).Unix()), Stale), tok("not begun", good.with("nbf", now.Add(maxSkew+time.Second).Unix()), Stale),
		tok("exp 0", good.with("exp", 0), Malformed), tok("exp negative", good.with("exp", -1), Malformed), tok("exp beyond", good.with("exp", int64(math.MaxInt64)), Malformed), tok("exp a text", good.with("exp", "1900000000"), Malformed), tok("exp a fraction", good.with("exp", 1.9e9+0.5), Malformed), tok("exp 1e300", good.with("exp", 1e300), Malformed), tok("nbf a bool", good.with("nbf", true), Malformed),

		{"no serviceurl", bearing(good.with("serviceurl", nil).String()), ours, ServiceURL}, {"other serviceurl", bearing(good.with("serviceurl", "https://smba.trafficmanager.net/amer/").String()), ours, ServiceURL}, tok("serviceurl a list", good.with("serviceurl", []string{service}), Malformed),
		said("activity of another service", ServiceURL, func(c *Claim) { c.ServiceURL = "https://evil.example/" }), said("activity of no service", ServiceURL, func(c *Claim) { c.ServiceURL = "" }),
		said("other channel", Channel, func(c *Claim) { c.ChannelID = "webchat" }), said("no channel", Channel, func(c *Claim) { c.ChannelID = "" }), said("channel in upper case", Channel, func(c *Claim) { c.ChannelID = "MSTeams" }),
		said("other tenant", Tenant, func(c *Claim) { c.ConversationTenant, c.ChannelTenant = "x", "x" }), said("conversation elsewhere", Tenant, func(c *Claim) { c.ConversationTenant = "x" }), said("sender elsewhere", Tenant, func(c *Claim) { c.ChannelTenant = "x" }),
		said("no conversation tenant", Tenant, func(c *Claim) { c.ConversationTenant = "" }), said("no sender tenant", Tenant, func(c *Claim) { c.ChannelTenant = "" }),
	}
	for _, url := range []string{"https://evil.example/", "http://smba.trafficmanager.net/emea/", "https://smba.trafficmanager.net.evil.example/", "https://smba.trafficmanager.net@evil.example/",
		"https://evil.example\\@smba.trafficmanager.net/", "https://smba.trafficmanager.net:8443/", "//smba.trafficmanager.net/", "https://smba.trafficmanager.net/?x", "https://127.0.0.1/", "http://127.0.0.1/"} {
		c := ours
		c.ServiceURL = url
		out = append(out, forgery{"signed for " + url, bearing(good.with("serviceurl", url).String()), c, ServiceHost})
	}
	return out
}

func TestForgeries(t *testing.T) {
	s := newStage(t)
	if err := check(s.Validator, bearing(s.token().String()), ours); err != nil {
		t.Fatalf("a good token is refused: %v", err)
	}
	cases := forgeries(s)
	if len(cases) < 50 {
		t.Fatalf("only %d forgeries", len(cases))
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			before := time.Now()
			err := check(s.Validator, c.header, c.said)
			if took := time.Since(before); took > 50*time.Millisecond {
				t.Errorf("refused after %v", took)
			}
			if reasonOf(err) != c.want {
				t.Fatalf("got %v, want %q", err, c.want)
			}
			status := http.StatusUnauthorized
			switch c.want {
			case Channel, Endorsement, ServiceURL, ServiceHost, Tenant:
				status = http.StatusForbidden
			}
			if StatusOf(err) != status {
				t.Errorf("status %d, want %d", StatusOf(err), status)
			}
			if text := strings.TrimPrefix(c.header.Get("Authorization"), "Bearer "); len(text) > 10 && strings.Contains(err.Error(), text) {
				t.Error("the error holds the token")
			}
		})
	}
	if n := s.fetched(); n != 1 {
		t.Errorf("%d metadata fetches within a minute", n)
	}
}

// What anybody can write makes the bot fetch nothing, not even once.
func TestNothingIsFetchedForJunk(t *testing.T) {
	s := newStage(t)
	for _, c := range forgeries(s) {
		switch c.want {
		case UnknownKey, ForgedToken, Channel, Endorsement, ServiceURL, ServiceHost, Tenant:
			continue
		}
		if err := check(s.Validator, c.header, c.said); err == nil {
			t.Errorf("%s passes", c.name)
		}
	}
	if n := s.fetched(); n != 0 {
		t.Errorf("%d metadata fetches", n)
	}
}

func TestUnendorsedKeys(t *testing.T) {
	for name, endorsements := range map[string][]string{"none": nil, "empty": {}, "others": {"webchat", "skype"}, "nearly": {"msteams "}, "upper case": {"MSTEAMS"}} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			s.publish(jwk("k1", &microsoft().PublicKey, endorsements...))
			if err := check(s.Validator, bearing(s.token().String()), ours); reasonOf(err) != Endorsement {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestSkew(t *testing.T) {
	s := newStage(t)
	now := s.clock()
	for name, k := range map[string]token{
		"ended 4:59 ago":  s.token().with("exp", now.Add(-maxSkew+time.Second).Unix()),
		"begins in 4:59":  s.token().with("nbf", now.Add(maxSkew-time.Second).Unix()),
		"lower case word": s.token(),
	} {
		if err := check(s.Validator, http.Header{"Authorization": {"bearer " + k.String()}}, ours); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func hs256(k token, secret []byte) string {
	text := k.head("alg", "HS256").text()
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(text))
	return text + "." + b64(mac.Sum(nil))
}

func publicPEM() []byte {
	der, err := x509.MarshalPKIXPublicKey(&microsoft().PublicKey)
	if err != nil {
		panic(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
}

func smallPair() *rsa.PrivateKey {
	pair, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		panic(err)
	}
	return pair
}

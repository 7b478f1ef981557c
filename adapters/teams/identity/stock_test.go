package identity

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/infracloudio/msbotbuilder-go/connector/auth"
	"github.com/infracloudio/msbotbuilder-go/core"
	"github.com/infracloudio/msbotbuilder-go/schema"
)

// swapped sends every request to the stage: the library's metadata address
// cannot be set.
type swapped struct {
	to  *url.URL
	was *http.Transport
}

func (s swapped) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host = s.to.Scheme, s.to.Host
	return s.was.RoundTrip(r)
}

// stock is the library's own validator, with the stage for Microsoft.
func stock(t *testing.T) (*stage, auth.TokenValidator) {
	t.Helper()
	s := newStage(t)
	s.now = time.Now() // it has no clock of its own
	to, err := url.Parse(s.server.URL)
	if err != nil {
		t.Fatal(err)
	}
	was, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		t.Fatal("the default transport is not net/http's")
	}
	http.DefaultTransport = swapped{to, was}
	t.Cleanup(func() { http.DefaultTransport = was })
	own := was.Clone()
	s.cfg.Client, s.keys.client = &http.Client{Transport: own}, &http.Client{Transport: own}
	t.Cleanup(own.CloseIdleConnections)
	return s, &auth.JwtTokenValidator{}
}

func sent(serviceURL string) schema.Activity {
	return schema.Activity{ChannelID: teamsChannel, ServiceURL: serviceURL, Conversation: schema.ConversationAccount{TenantID: tenant},
		ChannelData: map[string]any{"tenant": map[string]any{"id": tenant}}}
}

// Each case is taken by the library's stock validator and refused by ours.
func TestStockTakesWhatMustBeRefused(t *testing.T) {
	s, library := stock(t)
	ours, credentials := Seam{s.Validator}, auth.SimpleCredentialProvider{AppID: appID}
	s.publish(jwk("k1", &microsoft().PublicKey, teamsChannel), jwk("other", &stranger().PublicKey, "webchat"))
	foreign := sent(service)
	foreign.Conversation.TenantID = "another"
	chat := sent(service)
	chat.ChannelID = "webchat"
	for name, c := range map[string]struct {
		header string
		said   schema.Activity
	}{
		"a token without exp":          {"Bearer " + s.token().with("exp", nil).String(), sent(service)},
		"a token without nbf":          {"Bearer " + s.token().with("nbf", nil).String(), sent(service)},
		"a bare token":                 {s.token().String(), sent(service)},
		"a key that does not vouch":    {"Bearer " + s.token().head("kid", "other").by(stranger()).String(), sent(service)},
		"a service that is not listed": {"Bearer " + s.token().with("serviceurl", "https://evil.example/").String(), sent("https://evil.example/")},
		"another tenant":               {"Bearer " + s.token().String(), foreign},
		"another channel":              {"Bearer " + s.token().String(), chat},
		"a critical extension":         {"Bearer " + s.token().head("crit", []string{"x"}).String(), sent(service)},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := library.AuthenticateRequest(t.Context(), c.said, c.header, credentials, ""); err != nil {
				t.Errorf("the library refuses it now: %v", err)
			}
			if _, err := ours.AuthenticateRequest(t.Context(), c.said, c.header, credentials, ""); err == nil {
				t.Error("ours takes it")
			}
		})
	}
	if _, err := ours.AuthenticateRequest(t.Context(), sent(service), "Bearer "+s.token().String(), credentials, ""); err != nil {
		t.Errorf("ours refuses a good request: %v", err)
	}
}

func TestStockPassesAnyHeaderWithoutAppID(t *testing.T) {
	s, library := stock(t)
	open := auth.SimpleCredentialProvider{}
	if _, err := library.AuthenticateRequest(t.Context(), sent(service), "anything", open, ""); err != nil {
		t.Errorf("the library refuses it now: %v", err)
	}
	if _, err := (Seam{s.Validator}).AuthenticateRequest(t.Context(), sent(service), "anything", open, ""); StatusOf(err) != http.StatusUnauthorized {
		t.Errorf("ours says %v", err)
	}
}

func TestStockPanics(t *testing.T) {
	s, library := stock(t)
	credentials := auth.SimpleCredentialProvider{AppID: appID}
	for name, k := range map[string]token{
		"no serviceurl": s.token().with("serviceurl", nil), "no iss": s.token().with("iss", nil), "no aud": s.token().with("aud", nil), "aud a list": s.token().with("aud", []string{appID}), "serviceurl a number": s.token().with("serviceurl", 1),
	} {
		t.Run(name, func(t *testing.T) {
			panicked := func() (p bool) {
				defer func() { p = recover() != nil }()
				_, _ = library.AuthenticateRequest(context.Background(), sent(service), "Bearer "+k.String(), credentials, "")
				return false
			}()
			if !panicked {
				t.Error("the library does not panic now")
			}
			if _, err := (Seam{s.Validator}).AuthenticateRequest(t.Context(), sent(service), "Bearer "+k.String(), credentials, ""); err == nil {
				t.Error("ours takes it")
			}
		})
	}
}

func TestStockFetchesMetadataForAnybody(t *testing.T) {
	s, library := stock(t)
	forged := "Bearer " + s.token().by(stranger()).String()
	for range 5 {
		if _, err := library.AuthenticateRequest(t.Context(), sent(service), forged, auth.SimpleCredentialProvider{AppID: appID}, ""); err == nil {
			t.Error("the library takes it")
		}
	}
	if n := s.fetched(); n != 5 {
		t.Errorf("the library fetches %d times now", n)
	}
	for range 5 {
		if _, err := s.Verify(t.Context(), http.Header{"Authorization": {forged}}); err == nil {
			t.Error("ours takes it")
		}
	}
	if n := s.fetched() - 5; n != 1 {
		t.Errorf("ours fetches %d times", n)
	}
}

func TestStockMissesRotation(t *testing.T) {
	s, library := stock(t)
	credentials := auth.SimpleCredentialProvider{AppID: appID}
	ours := Seam{s.Validator}
	for _, v := range []auth.TokenValidator{library, ours} {
		if _, err := v.AuthenticateRequest(t.Context(), sent(service), "Bearer "+s.token().String(), credentials, ""); err != nil {
			t.Fatal(err)
		}
	}
	s.pass(2 * time.Minute)
	s.publish(jwk("k2", &stranger().PublicKey, teamsChannel))
	header := "Bearer " + s.token().head("kid", "k2").by(stranger()).with("nbf", time.Now().Add(-time.Minute).Unix()).String()
	if _, err := library.AuthenticateRequest(t.Context(), sent(service), header, credentials, ""); err == nil {
		t.Error("the library sees it now")
	}
	if _, err := ours.AuthenticateRequest(t.Context(), sent(service), header, credentials, ""); err != nil {
		t.Errorf("ours: %v", err)
	}
}

// The seam fits the library's adapter, which is filled in as a literal.
func TestSeamFitsTheAdapter(t *testing.T) {
	s := newStage(t)
	a := &core.BotFrameworkAdapter{AdapterSetting: core.AdapterSetting{CredentialProvider: auth.SimpleCredentialProvider{AppID: appID}}, TokenValidator: Seam{s.Validator}}
	body := `{"channelId":"msteams","serviceUrl":"` + service + `","conversation":{"tenantId":"` + tenant + `"},"channelData":{"tenant":{"id":"` + tenant + `"}}}`
	req := httptest.NewRequest(http.MethodPost, "/api/messages", strings.NewReader(body))
	req.Header = bearing(s.token().String())
	if _, err := a.ParseRequest(t.Context(), req); err != nil {
		t.Error(err)
	}
}

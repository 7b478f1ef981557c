package connector

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/infracloudio/msbotbuilder-go/connector/auth"
	"github.com/infracloudio/msbotbuilder-go/connector/client"
	"github.com/infracloudio/msbotbuilder-go/core/activity"
	"github.com/infracloudio/msbotbuilder-go/schema"

	"latchkey/adapters/teams/identity"
	"latchkey/bot"
)

// service is a token endpoint and a Connector that keeps what it was asked.
type service struct {
	*httptest.Server
	mu    sync.Mutex
	asked []string // method, path as it was sent, body
	busy  int      // so many calls are answered with 429
	late  chan struct{}
}

func newService(t *testing.T) *service {
	t.Helper()
	s := &service{}
	s.Server = httptest.NewServer(http.HandlerFunc(s.answer))
	t.Cleanup(s.Close)
	return s
}

func (s *service) answer(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/token" {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"token_type":"Bearer","expires_in":3600,"access_token":"THE-TOKEN"}`)
		return
	}
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	late := s.late
	s.asked = append(s.asked, r.Method+" "+r.URL.EscapedPath()+" "+string(body))
	refuse := s.busy > 0
	s.busy--
	s.mu.Unlock()
	switch {
	case late != nil:
		<-late
	case refuse:
		w.WriteHeader(http.StatusTooManyRequests)
	case r.Header.Get("Authorization") != "Bearer THE-TOKEN":
		w.WriteHeader(http.StatusUnauthorized)
	default:
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, `{"id":"7"}`)
	}
}

func (s *service) calls() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.asked...)
}

func (s *service) seam(t *testing.T) Seam {
	t.Helper()
	c, err := New(Config{AppID: "app", Tenant: "tenant", Secret: "secret",
		Cloud: identity.Cloud{TokenURL: s.URL + "/token", Scope: "scope", ServiceHosts: []string{strings.TrimPrefix(s.URL, "http://")}}})
	if err != nil {
		t.Fatal(err)
	}
	return Seam{Client: c}
}

// stock is the library's own client.
func (s *service) stock(t *testing.T) client.Client {
	t.Helper()
	cfg, err := client.NewClientConfig(auth.SimpleCredentialProvider{AppID: "app", Password: "secret"}, s.URL+"/token")
	if err != nil {
		t.Fatal(err)
	}
	return &client.ConnectorClient{Config: *cfg}
}

func said(serviceURL, text string) schema.Activity {
	return schema.Activity{Type: schema.Message, Text: text, ServiceURL: serviceURL, Conversation: schema.ConversationAccount{ID: "19:a/b@thread"}}
}

// The library's sender works over the seam: what it sends, changes and takes
// away arrives at the conversation, whose id is whole.
func TestSeamCarriesTheLibrary(t *testing.T) {
	s := newService(t)
	sender, err := activity.NewActivityResponse(s.seam(t))
	if err != nil {
		t.Fatal(err)
	}
	first, reply := said(s.URL, "one"), said(s.URL, "two")
	reply.ReplyToID = "5"
	changed := said(s.URL, "")
	changed.ID = "7"
	changed.Attachments = []schema.Attachment{{ContentType: cardType, Content: map[string]any{"type": "AdaptiveCard"}}}
	for _, err := range []error{sender.SendActivity(first), sender.SendActivity(reply), sender.UpdateActivity(changed), sender.DeleteActivity(changed)} {
		if err != nil {
			t.Error(err)
		}
	}
	const room = "/v3/conversations/19%3Aa%2Fb%40thread/activities"
	want := []string{
		"POST " + room + ` {"type":"message","text":"one","textFormat":"plain"}`,
		"POST " + room + `/5 {"type":"message","text":"two","textFormat":"plain"}`,
		"PUT " + room + `/7 {"type":"message","id":"7","attachments":[{"contentType":"` + cardType + `","content":{"type":"AdaptiveCard"}}]}`,
		"DELETE " + room + "/7 ",
	}
	if diff := cmp.Diff(want, s.calls()); diff != "" {
		t.Errorf("what arrived (-want +got):\n%s", diff)
	}
}

// What is no message of ours, or leads elsewhere, is refused before it is sent.
func TestSeamRefuses(t *testing.T) {
	s := newService(t)
	seam := s.seam(t)
	here, err := url.Parse(s.URL + "/v3/conversations/c/activities")
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := *here
	elsewhere.Host = "evil.example"
	two := said(s.URL, "")
	two.Attachments = []schema.Attachment{{ContentType: cardType}, {ContentType: cardType}}
	image := said(s.URL, "x")
	image.Attachments = []schema.Attachment{{ContentType: "image/png"}}
	event := said(s.URL, "x")
	event.Type = schema.ActivityTypes("event")
	for name, c := range map[string]struct {
		target url.URL
		said   schema.Activity
		kind   bot.Kind
	}{
		"another host":              {elsewhere, said(s.URL, "x"), bot.Denied},
		"a service not listed":      {elsewhere, said("https://evil.example/", "x"), bot.Denied},
		"nothing said":              {*here, said(s.URL, ""), bot.Invalid},
		"two cards":                 {*here, two, bot.Invalid},
		"an image":                  {*here, image, bot.Invalid},
		"an event":                  {*here, event, bot.Invalid},
		"a conversation without id": {*here, schema.Activity{Type: schema.Message, Text: "x", ServiceURL: s.URL}, bot.Invalid},
	} {
		if err := seam.Post(c.target, c.said); bot.KindOf(err) != c.kind {
			t.Errorf("%s: %v", name, err)
		}
	}
	if calls := s.calls(); len(calls) != 0 {
		t.Errorf("it was called: %q", calls)
	}
}

// Each is what the library's own client does, and what the seam does instead.
func TestStockClient(t *testing.T) {
	t.Run("gives the token to anybody", func(t *testing.T) {
		s, thief := newService(t), newService(t)
		at, err := url.Parse(thief.URL + "/v3/conversations/c/activities")
		if err != nil {
			t.Fatal(err)
		}
		if err := s.stock(t).Post(*at, said(thief.URL, "x")); err != nil || len(thief.calls()) != 1 {
			t.Errorf("the library refuses it now: %v", err)
		}
		if err := s.seam(t).Post(*at, said(thief.URL, "x")); bot.KindOf(err) != bot.Denied || len(thief.calls()) != 1 {
			t.Errorf("the seam: %v, %d calls", err, len(thief.calls()))
		}
	})
	t.Run("gives up when Teams asks to wait", func(t *testing.T) {
		s := newService(t)
		at, err := url.Parse(s.URL + "/v3/conversations/c/activities")
		if err != nil {
			t.Fatal(err)
		}
		s.busy = 1
		if s.stock(t).Post(*at, said(s.URL, "x")) == nil {
			t.Error("the library tries again now")
		}
		s.mu.Lock()
		s.busy = 1
		s.mu.Unlock()
		if err := s.seam(t).Post(*at, said(s.URL, "x")); err != nil {
			t.Errorf("the seam: %v", err)
		}
	})
	t.Run("panics when there is no token to be had", func(t *testing.T) {
		s := newService(t)
		library, seam := s.stock(t), s.seam(t)
		s.Close()
		at, err := url.Parse(s.URL + "/v3/conversations/c/activities")
		if err != nil {
			t.Fatal(err)
		}
		panicked := func() (p bool) {
			defer func() { p = recover() != nil }()
			_ = library.Post(*at, said(s.URL, "x"))
			return false
		}()
		if !panicked {
			t.Error("the library does not panic now")
		}
		if err := seam.Post(*at, said(s.URL, "x")); bot.KindOf(err) != bot.Unavailable {
			t.Errorf("the seam: %v", err)
		}
	})
	t.Run("waits for ever", func(t *testing.T) {
		s := newService(t)
		s.late = make(chan struct{})
		at, err := url.Parse(s.URL + "/v3/conversations/c/activities")
		if err != nil {
			t.Fatal(err)
		}
		stuck := make(chan error, 1)
		go func() { stuck <- s.stock(t).Post(*at, said(s.URL, "x")) }()
		seam := s.seam(t)
		began := time.Now()
		if err := seam.Post(*at, said(s.URL, "x")); bot.KindOf(err) != bot.Unavailable {
			t.Errorf("the seam: %v", err)
		}
		if took := time.Since(began); took > callLife+4*time.Second {
			t.Errorf("the seam waited for %s", took)
		}
		select {
		case err := <-stuck:
			t.Errorf("the library gives up now: %v", err)
		default:
		}
		close(s.late)
		if err := <-stuck; err != nil {
			t.Errorf("answered in the end, the library says: %v", err)
		}
	})
	t.Run("replies to the wrong message", func(t *testing.T) {
		s := newService(t)
		sender, err := activity.NewActivityResponse(s.stock(t))
		if err != nil {
			t.Fatal(err)
		}
		reply := said(s.URL, "x")
		reply.Conversation.ID, reply.ReplyToID = "c", "5"
		if err := sender.SendActivity(reply); err != nil {
			t.Fatal(err)
		}
		if path := strings.Fields(s.calls()[0])[1]; path != "/v3/conversations/c/activities" && path != "/v3/conversations/c/activities/" {
			t.Errorf("the library replies to %s now", path)
		}
	})
}

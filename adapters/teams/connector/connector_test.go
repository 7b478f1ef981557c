package connector_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"latchkey/adapters/playground/teams"
	"latchkey/adapters/teams/connector"
	"latchkey/adapters/teams/identity"
	"latchkey/bot"
)

const (
	dana = "11111111-1111-4111-8111-111111111111"
	gus  = "22222222-2222-4222-8222-222222222222"
	desk = "19:helpdesk@thread.tacv2"
)

type stage struct {
	t      *testing.T
	tenant *teams.Tenant
	cfg    connector.Config
	client *connector.Client
	direct connector.Place
}

func begin(t *testing.T) *stage {
	t.Helper()
	tenant, err := teams.New(teams.Options{
		TenantID: "33333333-3333-4333-8333-333333333333", AppID: "44444444-4444-4444-8444-444444444444", AppSecret: "right secret",
		Users: []teams.User{{ID: dana, Name: "Dana Reyes", UPN: "dana@example.test", Email: "d@example.test"},
			{ID: gus, Name: "Gus Guest", UPN: "gus_ext#EXT#@example.test", Guest: true}},
		Channels: []teams.Channel{{ID: desk, Name: "helpdesk"}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := tenant.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tenant.Close() })
	s := &stage{t: t, tenant: tenant, cfg: connector.Config{AppID: tenant.AppID(), Tenant: tenant.ID(), Secret: tenant.AppSecret(),
		Cloud: identity.Cloud{TokenURL: tenant.TokenURL(), Scope: teams.Scope, Issuer: "https://api.botframework.com", MetadataURL: tenant.MetadataURL(),
			ServiceHosts: []string{strings.TrimPrefix(tenant.URL(), "http://")}}}}
	s.client = s.make()
	id, err := s.client.Direct(t.Context(), tenant.ServiceURL(), tenant.MRI(dana))
	if err != nil {
		t.Fatal(err)
	}
	s.direct = connector.Place{Service: tenant.ServiceURL(), Conversation: id}
	return s
}

func (s *stage) make() *connector.Client {
	s.t.Helper()
	c, err := connector.New(s.cfg)
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

func (s *stage) calls(op string) (n int) {
	for _, c := range s.tenant.Calls() {
		if c.Op == op {
			n++
		}
	}
	return n
}

// The ids of what is sent are kept: a message can be changed and taken away.
func TestSendUpdateDelete(t *testing.T) {
	s := begin(t)
	id, err := s.client.Send(t.Context(), s.direct, connector.Message{Text: "first words"})
	if err != nil || id == "" {
		t.Fatalf("sent as %q, %v", id, err)
	}
	if err := s.client.Update(t.Context(), s.direct, id, connector.Message{Text: "other words"}); err != nil {
		t.Fatal(err)
	}
	m, err := s.tenant.As(dana).DM().Message("other words")
	if err != nil || m.ID() != id || !m.Edited() {
		t.Errorf("%v, %v", m, err)
	}
	if err := s.client.Delete(t.Context(), s.direct, id); err != nil {
		t.Fatal(err)
	}
	if err := s.client.Update(t.Context(), s.direct, "1", connector.Message{Text: "x"}); bot.KindOf(err) != bot.NotFound {
		t.Errorf("a message that never was: %v", err)
	}
	if n := s.calls("token"); n != 1 {
		t.Errorf("%d tokens were asked for", n)
	}
}

func TestTargetedMessageAndMembers(t *testing.T) {
	s := begin(t)
	there := connector.Place{Service: s.tenant.ServiceURL(), Conversation: desk}
	if _, err := s.client.SendTargeted(t.Context(), there, s.tenant.MRI(dana), connector.Message{Text: "for her alone"}); err != nil {
		t.Fatal(err)
	}
	if m, err := s.tenant.As(dana).In(desk).Room().Message("for her alone"); err != nil || !m.Ephemeral() {
		t.Errorf("%v, %v", m, err)
	}
	for id, want := range map[string]string{dana: "user", gus: "guest"} {
		for _, by := range []string{id, s.tenant.MRI(id)} {
			m, err := s.client.Member(t.Context(), there, by)
			if err != nil || m.Object != id || !strings.EqualFold(m.Role, want) || m.Tenant != s.tenant.ID() || m.UPN == "" {
				t.Errorf("%s: %+v, %v", by, m, err)
			}
		}
	}
	if _, err := s.client.Member(t.Context(), there, "29:nobody"); bot.KindOf(err) != bot.NotFound {
		t.Errorf("a stranger: %v", err)
	}
}

// Faults that Microsoft says are worth another try are tried again, others not.
func TestTriesAgain(t *testing.T) {
	for name, c := range map[string]struct {
		fault teams.Fault
		times int
		want  bot.Kind
		calls int
	}{
		"throttled":           {teams.Throttled(time.Second), 1, "", 2},
		"precondition":        {teams.Failing(412), 2, "", 3},
		"gateway":             {teams.Failing(502), 2, "", 3},
		"token refused once":  {teams.Failing(401), 1, "", 2},
		"token refused twice": {teams.Failing(401), 2, bot.Denied, 2},
		"away":                {teams.Failing(503), 1, bot.Unavailable, 1},
		"uninstalled":         {teams.Fault{Status: 403, Code: "BotNotInConversationRoster"}, 1, bot.NotFound, 1},
		"cut off":             {teams.Fault{Drop: true}, 1, bot.Unavailable, 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := begin(t)
			s.tenant.Fail("send", c.fault, c.times)
			_, err := s.client.Send(t.Context(), s.direct, connector.Message{Text: "words"})
			if bot.KindOf(err) != c.want || s.calls("send") != c.calls {
				t.Errorf("%v after %d calls", err, s.calls("send"))
			}
		})
	}
}

func TestDeadlineHolds(t *testing.T) {
	s := begin(t)
	s.tenant.Fail("send", teams.Hanging(), 1)
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	began := time.Now()
	if _, err := s.client.Send(ctx, s.direct, connector.Message{Text: "words"}); bot.KindOf(err) != bot.Unavailable || time.Since(began) > 2*time.Second {
		t.Errorf("%v after %s", err, time.Since(began))
	}
	s.tenant.Fail("update", teams.Throttled(time.Minute), 1)
	if err := s.client.Update(t.Context(), s.direct, "1", connector.Message{Text: "words"}); bot.KindOf(err) != bot.Throttled {
		t.Errorf("a minute is told, not waited for: %v", err)
	}
}

// No token goes to an address that is not on the list, wherever an id, a redirect
// or the conversation itself may lead.
func TestTokenStaysAtHome(t *testing.T) {
	var called atomic.Int32
	foreign := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		called.Add(1)
		_, _ = w.Write([]byte(`{"id":"1"}`))
	}))
	defer foreign.Close()
	s := begin(t)
	for _, service := range []string{foreign.URL, foreign.URL + "/", "http://" + strings.TrimPrefix(s.tenant.URL(), "http://") + "@" + strings.TrimPrefix(foreign.URL, "http://"), "https://smba.example/", ""} {
		if _, err := s.client.Send(t.Context(), connector.Place{Service: service, Conversation: "a"}, connector.Message{Text: "words"}); bot.KindOf(err) != bot.Denied {
			t.Errorf("%q: %v", service, err)
		}
	}
	for _, id := range []string{"../../../x", "..", "a/../../b", "//" + strings.TrimPrefix(foreign.URL, "http://") + "/x", "a?b=c", "a#b", "a\\b", ""} {
		if _, err := s.client.Send(t.Context(), connector.Place{Service: s.tenant.ServiceURL(), Conversation: id}, connector.Message{Text: "words"}); err == nil {
			t.Errorf("%q is a conversation", id)
		}
	}
	redirects := httptest.NewServer(http.RedirectHandler(foreign.URL, http.StatusTemporaryRedirect))
	defer redirects.Close()
	s.cfg.Cloud.ServiceHosts = []string{strings.TrimPrefix(redirects.URL, "http://")}
	if _, err := s.make().Send(t.Context(), connector.Place{Service: redirects.URL, Conversation: "a"}, connector.Message{Text: "words"}); err == nil {
		t.Error("a redirect was followed")
	}
	if n := called.Load(); n != 0 {
		t.Errorf("the foreign server was called %d times", n)
	}
}

// What Microsoft's login has against the credential is said in words that mend it,
// and never with the secret.
func TestLoginRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*connector.Config)
		want   string
	}{
		"secret": {func(c *connector.Config) { c.Secret = "wrong secret" }, "teams.client_secret (AADSTS7000215)"},
		"app":    {func(c *connector.Config) { c.AppID = dana }, "teams.app_id (AADSTS700016)"},
		"tenant": {func(c *connector.Config) { c.Cloud.TokenURL = strings.Replace(c.Cloud.TokenURL, c.Tenant, dana, 1) }, "teams.tenant_id (AADSTS90002)"},
		"away":   {func(c *connector.Config) { c.Cloud.TokenURL = "http://127.0.0.1:1/t/oauth2/v2.0/token" }, "cannot be reached"},
	} {
		s := begin(t)
		c.change(&s.cfg)
		err := s.make().Token(t.Context())
		if text := bot.TextOf(err); !strings.Contains(text, c.want) || strings.Contains(err.Error(), "secret\"") || strings.Contains(err.Error(), s.cfg.Secret) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := connector.New(connector.Config{}); bot.KindOf(err) != bot.Invalid || strings.Count(err.Error(), ";") < 2 {
		t.Errorf("an empty configuration: %v", err)
	}
}

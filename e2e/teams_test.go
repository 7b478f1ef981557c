package e2e

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"latchkey/adapters/playground/teams"
)

// Channels of the tenant.
const (
	teamsAudit    = "19:unlock-audit@thread.tacv2"
	teamsHelpdesk = "19:helpdesk@thread.tacv2"
)

// inTeams is a stage with a tenant of Teams beside Slack.
type inTeams struct {
	*stage
	tenant *teams.Tenant
}

func newInTeams(t *testing.T) *inTeams {
	t.Helper()
	s := newStage(t)
	s.inTeams = true
	return &inTeams{stage: s}
}

// guid makes an id (RFC 9562, version 4).
func guid() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// open prepares the bot with everybody who was added so far.
func (s *inTeams) open(change ...func(string) string) {
	s.t.Helper()
	s.prepare(change...)
	s.tenant = s.teams
}

// openTenant starts the tenant, with everybody who was added so far, and adds
// the section teams to the configuration.
func (s *stage) openTenant(yaml string) string {
	s.t.Helper()
	var users []teams.User
	for _, p := range s.everybody {
		id := guid()
		s.ids[p.login] = id
		users = append(users, teams.User{ID: id, Name: p.name, UPN: p.login + "@corp.example.test", Email: p.mail})
	}
	dump := os.Getenv("LATCHKEY_CARD_DUMP")
	tenant, err := teams.New(teams.Options{TenantID: guid(), AppID: guid(), AppSecret: "a secret of the app", Users: users, DumpDir: dump,
		Commands: []teams.Command{{ID: "unlock_person", Title: "Unlock this person", Contexts: []string{"message"}}},
		Channels: []teams.Channel{{ID: teamsAudit, Name: "unlock-audit"}, {ID: teamsHelpdesk, Name: "helpdesk"}}})
	s.ok(err)
	s.ok(tenant.Start("127.0.0.1:0"))
	s.t.Cleanup(func() { _ = tenant.Close() })
	s.teams = tenant
	tenant.SetBotURL("http://" + s.bot.listen)
	return strings.Replace(yaml, "people:\n", "people:\n  teams: { store: corp, match: upn }\n", 1) + fmt.Sprintf(`
teams:
  app_id: %s
  tenant_id: %s
  client_secret: %s
  audit_channel: "%s"
  cloud:
    token_url: %s
    openid_metadata_url: %s
    service_hosts: ["%s"]
`, tenant.AppID(), tenant.ID(), tenant.AppSecret(), teamsAudit, tenant.TokenURL(), tenant.MetadataURL(), strings.TrimPrefix(tenant.URL(), "http://"))
}

func (s *inTeams) in(p person) *teams.Person { return s.tenant.As(s.ids[p.login]) }

// begin types a command and opens the dialog with the button of the answer.
func (s *inTeams) begin(screen *teams.Person, line string, words ...string) *teams.View {
	s.t.Helper()
	s.ok(screen.Say(line))
	m, err := screen.Room().MessageWhere("the answer with the button", func(m *teams.Message) bool {
		return len(m.Buttons()) == 1 && m.Buttons()[0] == "Open"
	})
	s.ok(err)
	s.ok(m.Click("Open"))
	page, err := screen.Modal(words...)
	s.ok(err)
	return page
}

// The same story as in Slack: page Unlock opens only after two proofs.
func TestRestrictedAgentUnlocksFromTeams(t *testing.T) {
	t.Parallel()
	s := newInTeams(t)
	dana, mei := s.agent("Dana", "restricted"), s.user("Mei", "Lin", "")
	s.open()
	s.enroll("corp", mei, "email", "authenticator")
	s.start()
	s.samba.Lock(t, mei.dn)

	screen := s.in(dana)
	page := s.begin(screen, "unlock "+mei.login, "Mei Lin", "2 more types")
	s.ok(page.Click("Verify authenticator"))
	page, err := screen.Modal("Ask Mei Lin for the code")
	s.ok(err)
	s.ok(page.Type("Code", wrongCode(s.app(mei))))
	s.ok(page.Submit())
	page, err = screen.Modal("That code is not right")
	s.ok(err)
	s.ok(page.Type("Code", s.app(mei)))
	s.ok(page.Submit())
	page, err = screen.Modal("Passed: authenticator", "1 more type")
	s.ok(err)
	s.ok(page.Click("Verify e-mail"))
	page, err = screen.Modal("A code goes to")
	s.ok(err)
	s.ok(page.Click("Send code"))
	page, err = screen.Modal("A code was sent to")
	s.ok(err)
	s.ok(page.Type("Code", s.mailedCode(mei, 1)))
	s.ok(page.Submit())
	page, err = screen.Modal("Passed: e-mail", "All that policy asks for is passed")
	s.ok(err)
	s.ok(page.Submit())
	page, err = screen.Modal("Authenticated with e-mail and authenticator", "Password last changed")
	s.ok(err)
	s.ok(page.Tick(box(mei, "corp")))
	s.ok(page.Submit())
	_, err = screen.Modal("Unlocked: Mei Lin (" + mei.login + ") in corp")
	s.ok(err)
	if !s.signsIn(mei) {
		t.Error("Mei cannot sign in")
	}
	_, err = s.tenant.Channel(teamsAudit).Message("Dana Agent unlocked Mei Lin in corp after e-mail and authenticator")
	s.ok(err)
	_, err = screen.DM().Message("Dana Agent unlocked Mei Lin in corp")
	s.ok(err)
	if out := s.history("--user", mei.login); !strings.Contains(out, "unlock") {
		t.Errorf("history says nothing of it:\n%s", out)
	}
	s.ok(screen.OpenHome())
	_, err = screen.Home("My last unlocks", "Mei Lin")
	s.ok(err)
	s.clean()
	s.bot.stop()
	typed := slices.ContainsFunc(s.secrets(), func(one secret) bool { return strings.HasPrefix(one.what, "typed into in:code") })
	looked := slices.ContainsFunc(s.channels(), func(c channel) bool { return c.name == chatTeams && strings.Contains(c.text, "AdaptiveCard") })
	if !typed || !looked {
		t.Errorf("the search for secrets knows what was typed in Teams: %v; it looks at what Teams was sent: %v", typed, looked)
	}
}

// In a channel the answer is for the one person who asked.
func TestTeamsChannelAndMessageMenu(t *testing.T) {
	t.Parallel()
	s := newInTeams(t)
	ulf, mei := s.agent("Ulf", "unrestricted"), s.user("Mei", "Lin", "")
	s.open()
	s.start()
	s.samba.Lock(t, mei.dn)

	there := s.in(ulf).In(teamsHelpdesk)
	page := s.begin(there, "unlock "+mei.login, "Mei Lin")
	s.ok(page.Close())
	for _, m := range s.tenant.Channel(teamsHelpdesk).Messages() {
		if m.By() == "" {
			t.Errorf("everybody reads in the channel: %s", m.Text())
		}
	}
	wrote, err := s.in(mei).In(teamsHelpdesk).Write("I cannot sign in any more")
	s.ok(err)
	_ = wrote
	m, err := there.Room().Message("I cannot sign in any more")
	s.ok(err)
	s.ok(m.Shortcut("Unlock this person"))
	_, err = there.Modal("Mei Lin")
	s.ok(err)
	s.clean()
}

// What is not signed for this bot is answered without a word.
func TestTeamsForgeriesAreRefused(t *testing.T) {
	t.Parallel()
	s := newInTeams(t)
	dana := s.agent("Dana", "restricted")
	s.open()
	s.start()
	forgeries, err := s.tenant.Forgeries()
	s.ok(err)
	if len(forgeries) < 50 {
		t.Fatalf("only %d forgeries", len(forgeries))
	}
	for _, f := range forgeries {
		r, err := s.in(dana).SayRequest("unlock nobody")
		s.ok(err)
		f.Sign(&r)
		x, err := s.tenant.Send(t.Context(), r)
		s.ok(err)
		if x.Status != http.StatusUnauthorized && x.Status != http.StatusForbidden || len(x.Answer) != 0 {
			t.Errorf("%s is answered %d with %d bytes", f.Name, x.Status, len(x.Answer))
		}
	}
	s.clean()
}

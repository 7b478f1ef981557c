package demo

import (
	"crypto/sha256"
	"fmt"
	"strings"

	"latchkey/adapters/playground/teams"
)

// The demo's tenant of Teams. Ids stay the same, so that what --keep has kept
// is of the same people.
const (
	teamsTenant   = "5b1f6c2e-7a3d-4e0b-9c44-2f6d8a91e7b0"
	teamsApp      = "c3d0a7f4-1e52-4b8f-8d19-60a7e2b45c3d"
	teamsSecret   = "demo-teams-secret"
	teamsAudit    = "19:unlock-audit@thread.tacv2"
	teamsHelpdesk = "19:helpdesk@thread.tacv2"
	teamsGuest    = "guest"
)

// objectID is a person's id in the tenant: a GUID that her login gives.
func objectID(login string) string {
	b := sha256.Sum256([]byte("latchkey demo " + login))
	b[6], b[8] = b[6]&0x0f|0x80, b[8]&0x3f|0x80 // RFC 9562, version 8
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:16])
}

// tenant starts Teams: login, signing keys and Connector at an address of its own.
func (s *Stage) tenant() error {
	users := []teams.User{{ID: objectID(teamsGuest), Name: "Gwen Ashby", UPN: "gwen_agency.example#EXT#@example.com", Email: "gwen@agency.example", Guest: true}}
	for _, p := range s.people() {
		users = append(users, teams.User{ID: p.Teams, Name: p.Name, UPN: p.Logins["corp"] + "@corp.example.com", Email: p.Email})
	}
	tenant, err := teams.New(teams.Options{TenantID: teamsTenant, AppID: teamsApp, AppSecret: teamsSecret, Users: users, Now: s.Clock.Now,
		Channels: []teams.Channel{{ID: teamsHelpdesk, Name: "helpdesk"}, {ID: teamsAudit, Name: "unlock-audit"}},
		Commands: []teams.Command{{ID: "unlock_person", Title: "Unlock this person", Contexts: []string{"message"}}}})
	if err != nil {
		return fmt.Errorf("set up the tenant of Teams: %w", err)
	}
	if err := tenant.Start("127.0.0.1:0"); err != nil {
		return err
	}
	s.teams = tenant
	s.after(func() { _ = tenant.Close() })
	tenant.SetBotURL("http://" + s.at.listen)
	s.at.teamsURL = tenant.URL()
	for _, m := range []struct{ user, text string }{
		{objectID(teamsGuest), "My guest account says no since this morning."},
		{objectID("tberg"), "My screen says that I am locked out. What now?"},
		{objectID("mlin"), "Same here, too many attempts with the new keyboard. I am on my phone and will call you."},
	} {
		if _, err := tenant.As(m.user).In(teamsHelpdesk).Write(m.text); err != nil {
			return fmt.Errorf("fill the channel %s: %w", teamsHelpdesk, err)
		}
	}
	return nil
}

// Install has an administrator of the tenant install the bot for everybody. The
// bot has to run.
func (s *Stage) Install() error {
	if err := s.teams.Announce(); err != nil {
		return fmt.Errorf("install the bot in Teams: %w", err)
	}
	return nil
}

// teamsHost is the tenant's address without its scheme.
func (a addresses) teamsHost() string { return strings.TrimPrefix(a.teamsURL, "http://") }

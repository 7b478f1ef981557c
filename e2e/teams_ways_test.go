package e2e

import (
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/adapters/playground/teams"
)

// fetches are when the bot has asked for Microsoft's metadata.
func (s *inTeams) fetches() (out []time.Time) {
	for _, c := range s.tenant.Calls() {
		if c.Op == "metadata" {
			out = append(out, c.At)
		}
	}
	return out
}

// Whatever is sent with whatever keys, the metadata are asked for once a minute
// at most. Keys that were exchanged are known on the first request after that.
func TestTeamsKeysRotate(t *testing.T) {
	t.Parallel()
	s := newInTeams(t)
	dana := s.agent("Dana", "restricted")
	s.open()
	s.start()
	forgeries, err := s.tenant.Forgeries()
	s.ok(err)
	begun := len(s.fetches())
	for range 3 {
		for _, f := range forgeries {
			r, err := s.in(dana).SayRequest("unlock nobody")
			s.ok(err)
			f.Sign(&r)
			_, err = s.tenant.Send(t.Context(), r)
			s.ok(err)
		}
	}
	if n := len(s.fetches()); n > begun+1 {
		t.Errorf("%d forged tokens had the metadata asked for %d times", 3*len(forgeries), n-begun)
	}
	last := s.fetches()[len(s.fetches())-1]
	if !eventually(70*time.Second, func() bool { return time.Since(last) > time.Minute }) {
		t.Fatal("no minute has passed")
	}
	s.ok(s.tenant.Rotate(false))
	before := len(s.in(dana).DM().Messages())
	s.ok(s.in(dana).Say("help"))
	if !s.tenant.Eventually(func() bool { return len(s.in(dana).DM().Messages()) == before+2 }) {
		t.Errorf("what was signed with the new key is not answered:\n%s", s.in(dana).DM().Text())
	}
	all := s.fetches()
	for i := begun + 1; i < len(all); i++ {
		if gap := all[i].Sub(all[i-1]); gap < time.Minute-time.Second {
			t.Errorf("asked for the metadata again after %s", gap)
		}
	}
	s.clean()
}

// The service's address changes between two messages: what comes after goes
// there, also to the audit channel, and after a restart.
func TestTeamsServiceMoves(t *testing.T) {
	t.Parallel()
	s := newInTeams(t)
	ulf, mei := s.agent("Ulf", "unrestricted"), s.user("Mei", "Lin", "")
	s.open()
	s.start()
	s.samba.Lock(t, mei.dn)
	sent := func() (at []string) {
		for _, c := range s.tenant.Calls() {
			if c.Op == "send" {
				at = append(at, strings.Split(c.Path, "/")[1])
			}
		}
		return at
	}
	s.ok(s.in(ulf).Say("help"))
	_, err := s.in(ulf).DM().Message("Unlock accounts")
	s.ok(err)
	old := len(sent())
	s.tenant.SetServiceURL(s.tenant.URL() + "/emea/")
	page := s.begin(s.in(ulf), "unlock "+mei.login, "Accounts to unlock")
	s.ok(page.Close())
	s.bot.stop()
	s.bot.start()
	s.unlockOn(s.find(s.as(ulf), "/unlock "+mei.login, "Accounts to unlock"), mei, "corp") // from Slack: Teams has said nothing since
	_, err = s.as(ulf).Modal("Unlocked: Mei Lin")
	s.ok(err)
	_, err = s.tenant.Channel(teamsAudit).Message("Ulf Agent unlocked Mei Lin in corp without authentication")
	s.ok(err)
	if all := sent(); slices.Contains(all[:old], "emea") || len(all) < old+2 || slices.Contains(all[old:], "amer") {
		t.Errorf("messages went to %q, the first %d before the move", all, old)
	}
	s.clean()
}

// A client that knows no Action.Execute sends its buttons as messages.
func TestTeamsOldClientSaysNotMe(t *testing.T) {
	t.Parallel()
	s := newInTeams(t)
	dana, mei := s.agent("Dana", "restricted"), s.user("Mei", "Lin", "")
	s.open(byChat)
	s.enroll("corp", mei, "authenticator", "email")
	must(t, "people", "bind", "--config", s.bot.config, "--chat", "teams", "--id", s.ids[mei.login], "--store", "corp", "--user", mei.login)
	s.start()
	s.tenant.SetUser(teams.User{ID: s.ids[mei.login], Name: mei.name, UPN: mei.login + "@corp.example.test", Email: mei.mail, Old: true})
	s.samba.Lock(t, mei.dn)

	page := s.begin(s.in(dana), "unlock "+mei.login, "2 more types")
	s.ok(page.Click("Verify chat"))
	page, err := s.in(dana).Modal("Only the user can")
	s.ok(err)
	s.ok(page.Click("Ask in the chat"))
	card, err := s.in(mei).DM().Message("The helpdesk asks")
	s.ok(err)
	s.ok(card.Click("This is not me"))
	s.ok(card.Until("The case of Dana Agent has ended"))
	_, err = s.tenant.Channel(teamsAudit).Message("This is not me")
	s.ok(err)
	s.clean()
}

package unlock

import (
	"context"
	"strings"
	"testing"

	"latchkey/bot"
	"latchkey/bot/bottest"
	"latchkey/flows"
)

// note writes something into the history of an account.
func (s *stage) note(id bot.AccountID, detail string) {
	s.t.Helper()
	r := bot.Record{ID: s.w.IDs.New(), At: s.w.Clock.Now(), Action: bot.ActionEnroll, Status: bot.StatusSuccess, Store: id.Store, Client: bot.ClientCommandLine,
		Target: bot.Party{Kind: bot.ActorEndUser, Account: id, Name: "Mei Lin"}, Actor: bot.Party{Kind: bot.ActorAdministrator, Name: "root"}, Detail: detail}
	r.Operation = r.ID
	if err := s.w.Ledger.Append(context.Background(), r); err != nil {
		s.t.Fatalf("writing history: %v", err)
	}
}

// TestHistoryOfLinkedAccounts: of both accounts, as far as the role reaches.
func TestHistoryOfLinkedAccounts(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*bottest.World)
		shown  bool
	}{
		"within reach":     {func(*bottest.World) {}, true},
		"of another store": {func(w *bottest.World) { w.Agents.ActsOn = []string{"corp"} }, false},
		"outside of container": {func(w *bottest.World) {
			w.Agents.Helpdesk.Containers = []bot.DN{bottest.Staff, "ou=a," + bottest.LabBase}
		}, false},
		"protected": {func(w *bottest.World) { w.Policy.Stores[1].ProtectedContainers = []bot.DN{bottest.LabBase} }, false},
	} {
		s := newStage(t)
		s.note(s.w.Mei, "of corp")
		s.note(s.w.MeiLab, "of lab")
		c.change(s.w)
		s.command(flows.BeginHistory, "mei@corp").see("history")
		if words := said(s.page); !strings.Contains(words, "of corp") || strings.Contains(words, "of lab") != c.shown {
			t.Errorf("%s: %s", name, words)
		}
	}
}

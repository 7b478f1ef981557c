package slack

import (
	"context"
	"testing"

	"latchkey/bot"
	"latchkey/flows"
)

// TestHome: it leads into a case and back to it, and follows what is done.
func TestHome(t *testing.T) {
	h := openHelpdesk(t, bot.UnrestrictedMode)
	dana := h.ws.As("U_DANA")
	h.must(dana.OpenHome())
	home, err := dana.Home("Nothing waits for you", "Somebody has locked himself out")
	h.must(err)
	h.must(home.Click("Unlock an account"))
	m, err := dana.Modal("Who is it?")
	h.must(err)
	h.must(m.Type("Who is it?", "mei@corp"))
	h.must(m.Submit())
	h.must(m.Until("Unlock"))
	home, err = dana.Home("Mei Lin in corp")
	h.must(err)
	h.must(m.Close())
	h.idle() // the card of the closed dialog is there
	h.must(home.Click("Continue the case of Mei Lin"))
	m, err = dana.Modal("Mei Lin (mei) in corp")
	h.must(err)
	h.must(m.Tick("Mei Lin (mei) in corp"))
	h.must(m.Submit())
	h.must(m.Until("Unlocked: Mei Lin"))
	_, err = dana.Home("Dana Reyes unlocked Mei Lin in corp", "None. A case that you begin")
	h.must(err)
	h.good()
}

// TestHomeOfAUser: who is no agent finds the way to unlock his own account, while
// it is locked, too.
func TestHomeOfAUser(t *testing.T) {
	h := openHelpdesk(t, bot.UnrestrictedMode)
	h.w.Users.Permissions = []bot.Permission{bot.UnlockMyAccount}
	record := h.w.IDs.New()
	h.must(h.ledger.Bind(t.Context(), bot.Chatter{Platform: "slack", Tenant: "T0PLAY", User: "U_MEI"}, h.w.Mei,
		bot.Record{ID: record, Operation: record, Action: bot.ActionBind, Status: bot.StatusSuccess, Client: bot.ClientCommandLine}))
	mei := h.ws.As("U_MEI")
	h.must(mei.OpenHome())
	home, err := mei.Home("is locked", "You can unlock it here")
	h.must(err)
	h.must(home.Click("Unlock my account"))
	_, err = mei.Modal("You are not enrolled")
	h.must(err)
	h.w.Corp.Change(h.w.Mei, func(a *bot.Account) { a.Lock = bot.Lock{State: bot.Unlocked} })
	h.must(mei.OpenHome())
	home, err = mei.Home("When you have locked yourself out")
	h.must(err)
	h.must(home.Click("Unlock my account"))
	_, err = mei.Modal("Your account is not locked")
	h.must(err)
	h.good()
}

// TestHomeOfStrangers: who is not served is told so, or nothing at all.
func TestHomeOfStrangers(t *testing.T) {
	s := begin(t, nil)
	for user, said := range map[string]string{"U_GUEST": "uest", "U_NEW": "confirmed"} {
		s.must(s.ws.As(user).OpenHome())
		_, err := s.ws.As(user).Home(said)
		s.must(err)
	}
	if n := len(s.desk.seen()); n != 0 {
		t.Errorf("%d events reached the desk", n)
	}
	s.good()
}

// TestHomeAway: what does not answer is said there, too.
func TestHomeAway(t *testing.T) {
	s := begin(t, nil)
	s.desk.home = func(context.Context, flows.Event) (flows.Page, error) {
		return flows.Page{}, bot.E(bot.Unavailable, "read", nil)
	}
	s.must(s.ws.As("U_DANA").OpenHome())
	_, err := s.ws.As("U_DANA").Home("does not answer")
	s.must(err)
	s.good()
}

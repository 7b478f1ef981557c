package slack

import (
	"strings"
	"testing"

	"latchkey/bot"
	"latchkey/flows"
)

func TestGlobalShortcutOpensTheForm(t *testing.T) {
	s := begin(t, nil)
	who := s.ws.As("U_DANA")
	s.must(who.Shortcut(ShortcutAccount))
	m, err := who.Modal("Who is it?")
	s.must(err)
	s.must(m.Select("Identity store", "lab"))
	s.must(m.Select("Enrollment", "Not enrolled with e-mail"))
	s.must(m.Type("Who is it?", "mei"))
	s.must(m.Submit())
	s.must(m.Until("Which person?"))
	s.good()
	seen := s.desk.seen()
	if len(seen) != 2 || seen[0].Kind != flows.Begin || seen[0].Text != "" || seen[0].Token != "" {
		t.Fatalf("events %+v", seen)
	}
	if f := seen[1].Fields; f["who"] != "mei" || f["store"] != "2" || f["enrollment"] != "8" {
		t.Errorf("fields %v", f)
	}
}

// TestMessageShortcut: the author is looked for by his address, or his name;
// of those who are nobody here it is said who they are.
func TestMessageShortcut(t *testing.T) {
	for author, c := range map[string]struct{ text, said string }{
		"U_MEI":      {text: "mei@example.com"},
		"U_NEW":      {text: "New"}, // has no confirmed address
		"U_GUEST":    {said: "only a guest"},
		"U_SINGLE":   {said: "only a guest"},
		"U_STRANGER": {said: "belongs to another workspace"},
		"U_OTHER":    {said: "belongs to another workspace"},
		"U_ROBOT":    {said: "written by an app"},
		"U_GONE":     {said: "no member of this workspace any more"},
	} {
		t.Run(author, func(t *testing.T) {
			s := begin(t, nil)
			_, err := s.ws.As(author).In("C_OUT").Write("I cannot sign in!")
			if author == "U_GONE" && err != nil {
				return // Slack lets nobody write who has left
			}
			s.must(err)
			agent := s.ws.As("U_DANA").In("C_OUT")
			m, err := agent.Room().Message("I cannot sign in!")
			s.must(err)
			s.must(m.Shortcut(ShortcutPerson))
			if c.said != "" {
				s.until("it is said", func() bool {
					said := agent.Room().Text() // an app is known by the message itself
					for _, v := range agent.Modals() {
						said += v.Text()
					}
					return strings.Contains(said, c.said)
				})
				if n := len(s.desk.seen()); n != 0 {
					t.Errorf("%d events reached the desk", n)
				}
				return
			}
			_, err = agent.Modal("Right person?")
			s.must(err)
			s.good()
			ev := s.desk.seen()[0]
			if ev.Kind != flows.BeginAuthor || ev.Text != c.text || ev.Confirmed != (author == "U_MEI") || ev.Author.User != author || ev.Actor != dana() {
				t.Errorf("%+v", ev)
			}
		})
	}
}

// TestShortcutOnAWebhook: nobody wrote it.
func TestShortcutOnAWebhook(t *testing.T) {
	s := begin(t, nil)
	s.must(s.ws.WriteWebhook("C_AUDIT", "Monitoring", "mei is locked"))
	dana := s.ws.As("U_DANA").In("C_AUDIT")
	m, err := dana.Room().Message("mei is locked")
	s.must(err)
	s.must(m.Shortcut(ShortcutPerson))
	s.until("it is said", func() bool { return strings.Contains(dana.Room().Text(), textNoAuthor) })
	s.good()
}

// TestShortcutTwice: a click that arrives again does nothing.
func TestShortcutTwice(t *testing.T) {
	s := begin(t, nil)
	r, err := s.ws.As("U_DANA").ShortcutRequest(ShortcutAccount)
	s.must(err)
	for range 3 {
		_, err = s.ws.Send(t.Context(), r)
		s.must(err)
	}
	_, err = s.ws.As("U_DANA").Modal("Who is it?")
	s.must(err)
	if got := s.kinds(); len(got) != 1 {
		t.Errorf("events %v", got)
	}
}

// TestFindingTheAuthor, with the real conversation: by his binding, before any name.
func TestFindingTheAuthor(t *testing.T) {
	h := openHelpdesk(t, bot.UnrestrictedMode)
	_, err := h.ws.As("U_FINN").In("C_AUDIT").Write("locked out")
	h.must(err)
	dana := h.ws.As("U_DANA").In("C_AUDIT")
	m, err := dana.Room().Message("locked out")
	h.must(err)
	h.must(m.Shortcut(ShortcutPerson))
	v, err := dana.Modal("Right person?", "Finn Berg") // finn@example.com is not his address in the directory
	h.must(err)
	h.must(v.Click("Go on with Finn Berg (finn)"))
	h.must(v.Until("is not locked"))
	h.good()
}

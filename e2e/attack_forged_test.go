package e2e

import (
	"fmt"
	"testing"

	"latchkey/adapters/playground"
)

// A restricted agent with a client that sends whatever it likes: no button
// that the page lacks leads past page Authenticate.
func TestBentButtons(t *testing.T) {
	t.Parallel()
	s, dana, mei := restricted(t)
	screen := s.atSlack(dana)
	s.ok(screen.Say("/unlock " + mei.login))
	page, err := screen.Modal("2 more types")
	s.ok(err)
	ids := []string{"skip::0", "next::0", "unlock::0", "resume::0", "back::0", "remind::0", "begin::0", "begin_history::0",
		"case_read::0", "judged::0", "opened::0", "offered::0", "wrote::0", "failed::0", "pick::0", "pick::99999", "pick::-1",
		"choose_type:chat:0", "choose_type:mobile:0", "choose_type:security_questions:0", "choose_type::0", "choose_type:nothing:0",
		"send_code:authenticator:0", "send_code:chat:0", "send_code::0", "verify:email:0", "verify:authenticator:0", "verify::0", "skip::1:x:y"}
	for _, id := range ids {
		s.send(s.press(page, "History", "latchkey:"+id, func(p map[string]any) {
			p["view"].(map[string]any)["state"] = map[string]any{"values": map[string]any{
				"ch:accounts:x": map[string]any{"v": map[string]any{"type": "checkboxes", "selected_options": []any{map[string]any{"value": "0"}}}},
				"in:code:":      map[string]any{"v": map[string]any{"type": "plain_text_input", "value": "123456"}},
			}}
		}))
		s.ok(screen.Say("/unlock " + mei.login)) // the page as it stands now, with a new token
		page, err = screen.ModalWhere("page Authenticate", func(v *playground.View) bool { return v.ID() != page.ID() && contains(v, "2 more types") })
		if err != nil {
			t.Fatalf("after %s: %v", id, err)
		}
	}
	if n := s.count("SELECT count(*) FROM grants") + s.count("SELECT count(*) FROM evidence"); n != 0 || !s.lockedOut(mei) {
		t.Errorf("%d grants and pieces of evidence, locked %v", n, s.lockedOut(mei))
	}
}

func contains(v *playground.View, words string) bool {
	return v.Until() == nil && textHas(v.Text(), words)
}

// Rows that page Unlock does not show, by the thousand and below 0.
func TestBentRows(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	ulf, mei := s.agent("Ulf", "unrestricted"), s.user("Mei", "Lin", "")
	s.serve()
	s.samba.Lock(t, mei.dn)
	screen := s.atSlack(ulf)
	for _, row := range []string{"1", "-1", "99999", "100001", "0x0", "９", ""} {
		s.ok(screen.Say("/unlock " + mei.login))
		page, err := screen.Modal("Accounts to unlock")
		s.ok(err)
		s.ok(page.Tick(box(mei, "corp")))
		r, err := page.SubmitRequest()
		s.ok(err)
		s.send(s.bent(r, func(p map[string]any) {
			for id, element := range p["view"].(map[string]any)["state"].(map[string]any)["values"].(map[string]any) {
				for _, value := range element.(map[string]any) {
					if _, boxes := value.(map[string]any)["selected_options"]; boxes {
						value.(map[string]any)["selected_options"] = []any{map[string]any{"value": row}}
					}
				}
				_ = id
			}
		}))
		s.ok(page.Close())
	}
	s.quiet("SELECT count(*) FROM history")
	if n := s.count("SELECT count(*) FROM intents"); n != 0 || !s.lockedOut(mei) {
		t.Errorf("%d intents, locked %v", n, s.lockedOut(mei))
	}
}

// The token of another agent's page, in one's own click.
func TestTokenOfAnotherAgent(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	ulf, nora := s.agent("Ulf", "unrestricted"), s.agent("Nora", "restricted")
	mei := s.user("Mei", "Lin", "")
	s.prepare()
	s.enroll("corp", mei, "email", "authenticator")
	s.start()
	s.samba.Lock(t, mei.dn)
	s.ok(s.atSlack(ulf).Say("/unlock " + mei.login))
	page, err := s.atSlack(ulf).Modal("unrestricted mode")
	s.ok(err)
	s.ok(page.Click("Skip"))
	page, err = s.atSlack(ulf).Modal("Accounts to unlock")
	s.ok(err)
	s.ok(page.Tick(box(mei, "corp")))
	click, err := page.SubmitRequest()
	s.ok(err)
	s.send(s.bent(click, func(p map[string]any) {
		p["user"].(map[string]any)["id"] = nora.slack
		p["view"].(map[string]any)["hash"] = "another"
	}))
	s.quiet("SELECT count(*) FROM history")
	if n := s.count("SELECT count(*) FROM intents"); n != 0 || !s.lockedOut(mei) {
		t.Errorf("%d intents, locked %v", n, s.lockedOut(mei))
	}
	s.ok(page.Submit())
	_, err = s.atSlack(ulf).Modal("Unlocked: Mei Lin")
	s.ok(err)
}

// Pages of a case that was cancelled or is done do nothing any more.
func TestStalePages(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	ulf, tom := s.agent("Ulf", "unrestricted"), s.labUser("Tom", "Berg", "")
	s.serve()
	screen := s.atSlack(ulf)
	for _, end := range []string{"Cancel case", "Unlock"} {
		s.slapd.Lock(t, tom.dn)
		s.ok(screen.Say("/unlock " + tom.login))
		page, err := screen.Modal("Accounts to unlock")
		s.ok(err)
		s.ok(page.Tick(box(tom, "lab")))
		var stale []playground.Request
		for n := range 4 {
			r, err := page.SubmitRequest()
			s.ok(err)
			stale = append(stale, s.bent(r, func(p map[string]any) { p["view"].(map[string]any)["hash"] = fmt.Sprint("h", n) }))
		}
		stale = append(stale, s.press(page, "History", "latchkey:back::0"), s.press(page, "History", "latchkey:resume::0"),
			s.press(page, "History", "latchkey:skip::0"))
		if end == "Unlock" {
			s.ok(page.Submit())
			_, err = screen.Modal("Unlocked: Tom Berg")
			s.slapd.Lock(t, tom.dn)
		} else {
			s.ok(page.Click(end))
			_, err = screen.Modal("cancelled")
		}
		s.ok(err)
		before := s.count("SELECT count(*) FROM intents")
		s.together(stale)
		s.quiet("SELECT count(*) FROM history")
		if n := s.count("SELECT count(*) FROM intents"); n != before || !s.slapd.Locked(t, tom.dn) {
			t.Errorf("after %s: %d intents, not %d", end, n, before)
		}
		page, err = screen.Modal()
		s.ok(err)
		s.ok(page.Close())
	}
}

package slack

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"latchkey/adapters/chat"
	"latchkey/bot"
	"latchkey/flows"
)

// Dana's card gets into a channel where others are. Whoever else presses it is
// told so, alone; her case stays hers.
func TestSomebodyElsePressesACard(t *testing.T) {
	h := openHelpdesk(t, bot.UnrestrictedMode)
	m := h.open("U_DANA", "/unlock mei@corp", "Accounts to unlock")
	h.must(m.Close())
	own, err := h.ws.As("U_DANA").DM().Message("Your case of Mei Lin")
	h.must(err)
	seen := h.desk.seen()
	card := pageNamed("card")
	card.Token = seen[len(seen)-1].Token
	_, err = h.bot.api.post(t.Context(), "C_AUDIT", card)
	h.must(err)
	for user, why := range map[string]string{"U_FINN": chat.Said(bot.Denied), "U_GUEST": textGuest, "U_SINGLE": textGuest, "U_NEW": textMail,
		"U_MEI": "bound to no directory account", "U_OTHER": textForeign, "U_STRANGER": textForeign} {
		who := h.ws.As(user).In("C_AUDIT")
		shown, err := who.Room().Message("Your case of Mei Lin")
		h.must(err)
		for _, button := range []string{"Continue", "Cancel case"} {
			h.must(shown.Click(button))
			h.idle()
			told := who.Room().Text()
			if top, err := who.Within(time.Millisecond).Modal(); err == nil {
				told += top.Text()
				if len(top.Buttons()) != 0 {
					t.Errorf("%s has buttons: %v", user, top.Buttons())
				}
				h.must(top.Close())
			}
			if !strings.Contains(told, why) || strings.Contains(told, "Accounts to unlock") {
				t.Errorf("%s pressed %s and was told %q, want %q", user, button, told, why)
			}
		}
	}
	h.must(own.Click("Continue"))
	_, err = h.ws.As("U_DANA").Modal("Accounts to unlock")
	h.must(err)
	h.idle()
	h.good()
}

// Finn sends a form, and clicks, with the token of Dana's page.
func TestAnotherAgentsToken(t *testing.T) {
	h := openHelpdesk(t, bot.UnrestrictedMode)
	dana := h.open("U_DANA", "/unlock mei@corp", "Accounts to unlock")
	stolen := func(p map[string]any) { p["view"].(map[string]any)["private_metadata"] = dana.PrivateMetadata() }

	finn := h.open("U_FINN", "/unlock omar@corp", "Accounts to unlock")
	h.must(finn.Tick("Omar Said (omar) in corp"))
	form, err := finn.SubmitRequest()
	h.must(err)
	x, err := h.ws.Deliver(t.Context(), h.bent(form, stolen))
	h.must(err)
	if x.Status != 200 {
		t.Errorf("the form: %s", x)
	}
	h.must(finn.Until(chat.Said(bot.Denied)))
	if len(finn.Buttons()) != 0 {
		t.Errorf("buttons for Finn: %v", finn.Buttons())
	}
	h.idle()

	finn = h.open("U_FINN", "/unlock omar@corp", "Accounts to unlock")
	click, err := finn.ClickRequest("Cancel the case of Omar Said")
	h.must(err)
	_, err = h.ws.Deliver(t.Context(), h.bent(click, stolen))
	h.must(err)
	h.must(finn.Until(chat.Said(bot.Denied)))
	h.idle()

	h.must(dana.Click("History of Mei Lin")) // her case goes on
	h.must(dana.Until("about Mei Lin"))
	h.good()
}

// In restricted mode page Unlock does not open by a click that no page offers.
func TestAClickThatThePageDoesNotOffer(t *testing.T) {
	h := openHelpdesk(t, bot.RestrictedMode)
	_, err := h.w.Enroll(t.Context(), h.w.Mei, bot.Authenticator)
	h.must(err)
	m := h.open("U_DANA", "/unlock mei@corp", "not passed yet")
	for _, id := range []string{"latchkey:unlock::0", "latchkey:skip::0", "latchkey:next::0", "latchkey:pick::0", "latchkey:back::0",
		"latchkey:resume::0", "latchkey:overview::0", "latchkey:verify:authenticator:0", "latchkey:choose_type:chat:0", "latchkey:remind::0"} {
		click, err := m.ClickRequest("History of Mei Lin")
		h.must(err)
		x, err := h.ws.Deliver(t.Context(), h.bent(click, func(p map[string]any) {
			p["actions"].([]any)[0].(map[string]any)["action_id"] = id
			p["view"].(map[string]any)["state"] = map[string]any{"values": map[string]any{
				"ch:accounts:": map[string]any{"v": map[string]any{"type": "checkboxes", "selected_options": []any{map[string]any{"value": "0"}}}},
				"in:code:":     map[string]any{"v": map[string]any{"value": "123456"}},
			}}
		}))
		h.must(err)
		if x.Status != 200 {
			t.Errorf("%s: %s", id, x)
		}
		h.idle()
		if strings.Contains(m.Text(), "Accounts to unlock") {
			t.Fatalf("%s opened page Unlock", id)
		}
		h.must(m.Close())
		h.idle() // or the card of the closed dialog and the new one race
		m = h.open("U_DANA", "/unlock mei@corp", "not passed yet")
	}
	h.good()
}

// A signed click that comes from elsewhere, or names nothing that tells it
// from another, is not carried out.
func TestAClickFromElsewhere(t *testing.T) {
	s := begin(t, nil)
	who := s.ws.As("U_DANA")
	s.must(who.Say("/unlock mei"))
	m, err := who.Modal("not passed yet")
	s.must(err)
	team := func(id any) func(map[string]any) {
		return func(p map[string]any) { p["team"] = map[string]any{"id": id} }
	}
	cases := map[string]struct {
		change func(p map[string]any)
		status int
		told   string
	}{
		"another team":            {team("T_OTHER"), 200, textForeign},
		"no team":                 {func(p map[string]any) { p["team"] = nil }, 200, textForeign},
		"team by another name":    {team("t0play"), 200, textForeign},
		"person of another team":  {func(p map[string]any) { p["user"].(map[string]any)["team_id"] = "T_OTHER" }, 200, textForeign},
		"a number for a team":     {team(7), 400, ""},
		"another person's name":   {func(p map[string]any) { p["user"] = map[string]any{"id": "U_DANA\n"} }, 400, ""},
		"no trigger":              {func(p map[string]any) { delete(p, "trigger_id") }, 400, ""},
		"two actions":             {func(p map[string]any) { p["actions"] = append(p["actions"].([]any), p["actions"].([]any)...) }, 400, ""},
		"no token":                {func(p map[string]any) { p["view"].(map[string]any)["private_metadata"] = "" }, 200, ""},
		"an app's own view by id": {func(p map[string]any) { p["view"].(map[string]any)["private_metadata"] = nil }, 200, ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			click, err := m.ClickRequest("Skip")
			s.must(err)
			x, err := s.ws.Send(t.Context(), s.bent(click, c.change))
			s.must(err)
			if x.Status != c.status {
				t.Errorf("%s, want %d", x, c.status)
			}
			s.until("it is dealt with", func() bool { return s.bot.work.Taken() == 0 && s.bot.spare.Taken() == 0 })
			if top, err := who.Modal(); err != nil || c.told != "" && !strings.Contains(top.Text(), c.told) {
				t.Errorf("told %q, want %q (%v)", top.Text(), c.told, err)
			} else if c.told != "" {
				s.must(top.Close())
			}
		})
	}
	if got := s.kinds(); len(got) != 1 {
		t.Errorf("the desk got %v", got)
	}
	s.good()
}

// What is typed and ticked is bounded, whatever a form holds.
func TestWhatNoFormHolds(t *testing.T) {
	s := begin(t, nil)
	who := s.ws.As("U_DANA")
	s.must(who.Say("/unlock"))
	m, err := who.Modal("Who is it?")
	s.must(err)
	s.must(m.Type("Who is it?", "mei"))
	typed := func(text string) map[string]any { return map[string]any{"v": map[string]any{"value": text}} }
	ticked := func(n int) map[string]any {
		var rows []any
		for i := range n {
			rows = append(rows, map[string]any{"value": fmt.Sprint(i)})
		}
		return map[string]any{"v": map[string]any{"selected_options": rows}}
	}
	many := map[string]any{}
	for i := range 200 {
		many[fmt.Sprintf("in:field%d:", i)] = typed("x")
	}
	cases := map[string]map[string]any{
		"3001 letters":     {"in:who:": typed(strings.Repeat("界", 3001))},
		"1000 rows ticked": {"in:who:": typed("mei"), "ch:accounts:": ticked(1000)},
		"a field twice":    {"in:who:": typed("mei"), "in:who:2": typed("dana")},
		"200 fields":       many,
		"row below none":   {"ch:accounts:": map[string]any{"v": map[string]any{"selected_options": []any{map[string]any{"value": "-1"}}}}},
		"row of words":     {"ch:accounts:": map[string]any{"v": map[string]any{"selected_options": []any{map[string]any{"value": "0x1"}}}}},
	}
	for name, values := range cases {
		t.Run(name, func(t *testing.T) {
			form, err := m.SubmitRequest()
			s.must(err)
			x, err := s.ws.Send(t.Context(), s.bent(form, func(p map[string]any) {
				p["view"].(map[string]any)["state"] = map[string]any{"values": values}
			}))
			s.must(err)
			if x.Status != 400 {
				t.Errorf("%s, want 400", x)
			}
		})
	}
	form, err := m.SubmitRequest()
	s.must(err)
	x, err := s.ws.Send(t.Context(), s.bent(form, func(p map[string]any) { delete(p["view"].(map[string]any), "hash") }))
	s.must(err)
	if x.Status != 400 {
		t.Errorf("without a hash: %s, want 400", x)
	}
	if got := s.kinds(); len(got) != 1 || s.gate.count() != 2 {
		t.Errorf("the desk got %v; %d keys are remembered", got, s.gate.count())
	}
	s.must(m.Submit())
	s.must(m.Until("1 to 5 of 5 found"))
	s.good()
}

// A page that names a field twice can be sent all the same, and says one thing.
func TestAPageThatNamesAFieldTwice(t *testing.T) {
	in := func(fresh string) flows.Block {
		return flows.Block{Input: &flows.Input{Field: "code", Label: "Code", Fresh: fresh}}
	}
	v := modal(flows.Page{ID: "p", Title: "P", Token: pageToken, Submit: &flows.Button{Kind: flows.Verify, Label: "Verify"},
		Blocks: []flows.Block{in("1"), in("1"), in("2")}})
	if len(v.Blocks.BlockSet) != 1 {
		t.Errorf("%d blocks, want 1", len(v.Blocks.BlockSet))
	}
}

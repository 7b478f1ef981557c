package slack

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"latchkey/bot"
	"latchkey/flows"
)

// asked is the card of a user who is asked for digits, and asking the form
// that its button opens.
func asked() flows.Page {
	return flows.Page{ID: "asked", Title: "Are you on the phone?", Token: pageToken, Blocks: []flows.Block{
		{Text: &flows.Text{ID: "asked", Said: flows.Say("Dana Reyes of the helpdesk asks whether you are calling.")}},
		{Buttons: []flows.Button{
			{Kind: flows.Answer, Label: "Enter the digits", Style: flows.StylePrimary},
			{Kind: flows.NotMe, Label: "This is not me", Style: flows.StyleDanger, Confirm: &flows.Confirmation{
				Title: "Did you not call?", Text: "The case ends, and nobody unlocks your account for a day.", Yes: "I did not call", No: "Back"}},
		}},
	}}
}

func asking() flows.Page {
	return flows.Page{ID: "asking", Title: "Enter the digits", Token: pageToken, Keeps: true,
		Submit: &flows.Button{Kind: flows.Verify, Type: bot.Authenticator, Label: "Verify"},
		Blocks: []flows.Block{{Input: &flows.Input{Field: "code", Label: "Six digits", Max: 20}}}}
}

func TestACardOpensAForm(t *testing.T) {
	s := begin(t, nil)
	s.desk.answers(func(_ context.Context, ev flows.Event) (flows.Page, error) {
		if ev.Kind == flows.Answer {
			return asking(), nil
		}
		return pageNamed("done_applied"), nil
	})
	mei := bot.Chatter{Platform: "slack", Tenant: "T0PLAY", User: "U_MEI"}
	_, err := s.bot.Card(t.Context(), mei, "", asked())
	s.must(err)
	who := s.ws.As("U_MEI")
	card, err := who.DM().Message("asks whether you are calling")
	s.must(err)
	s.must(card.Click("Enter the digits"))
	m, err := who.Modal("Enter the digits", "Six digits")
	s.must(err)
	s.must(m.Type("Six digits", "123 456"))
	s.must(m.Submit())
	s.must(m.Until("Unlocked"))
	box, err := card.Confirmation("This is not me")
	if want := "Did you not call?\nThe case ends, and nobody unlocks your account for a day.\nI did not call\nBack"; err != nil || box != want {
		t.Errorf("%v; asked once more: %q", err, box)
	}
	s.must(card.Click("This is not me"))
	s.until("three events", func() bool { return len(s.desk.seen()) == 3 })
	for i, want := range []flows.EventKind{flows.Answer, flows.Verify, flows.NotMe} {
		ev := s.desk.seen()[i]
		if ev.Kind != want || ev.Token != pageToken || ev.View == "" || ev.Actor != mei {
			t.Errorf("event %d is %+v", i, ev)
		}
	}
	if got := s.desk.seen()[1].Fields["code"]; got != "123 456" {
		t.Errorf("typed: %q", got)
	}
	s.good()
}

// A link leads there in a card, in a dialog and on the App Home; its click is
// acknowledged, and nothing comes of it.
func TestALinkIsNoEvent(t *testing.T) {
	s := begin(t, nil)
	const there = "https://latchkey.example.com/e/abc?x=1&y=2"
	p := flows.Page{ID: "link", Title: "Your authenticator", Blocks: []flows.Block{
		{Buttons: []flows.Button{{Label: "Open the page", URL: there}, {Label: "Local", URL: "http://127.0.0.1:8080/e/abc"}}},
	}}
	s.must(s.bot.Direct(t.Context(), dana(), p))
	note, err := s.ws.As("U_DANA").DM().Message("Your authenticator")
	s.must(err)
	if got, err := note.Link("Open the page"); err != nil || got != there {
		t.Errorf("%v; leads to %q", err, got)
	}
	s.must(note.Click("Local"))
	s.must(note.Click("Open the page"))
	x, _ := s.ws.As("U_DANA").Last()
	if x.Status != http.StatusOK || len(x.Answer) != 0 {
		t.Errorf("answered %s", x)
	}
	if seen, waiting := s.desk.seen(), s.bot.work.Taken(); len(seen) != 0 || waiting != 0 {
		t.Errorf("the desk got %v, %d jobs wait", seen, waiting)
	}
	s.good()
}

func TestWhichAddressesAreLinked(t *testing.T) {
	for address, want := range map[string]bool{
		"https://example.com": true, "http://localhost:80/e/1": true, "http://[::1]:9/": true, "http://example.com": false, "": true, // no link, but a button
		"javascript:alert(1)": false, "//example.com": false, "https://dana@example.com": false, "slack://open": false, "https:example.com": false,
		"https://example.com/" + strings.Repeat("x", 3000): false, "https://exa mple.com": false, "https://example.com/\n": false,
	} {
		r := renderer{token: "t"}
		got := r.button(flows.Button{Kind: flows.Next, Label: "x", URL: address}, 0)
		if (got != nil) != want {
			t.Errorf("%q is linked: %v", address, got != nil)
		}
		if p := modal(flows.Page{ID: "x", Submit: &flows.Button{Kind: flows.Next, URL: "https://example.com"}}); p.Submit != nil {
			t.Error("a link cannot send a form")
		}
	}
}

// What begins something needs no token, on the App Home and in messages, and
// takes none along.
func TestButtonsThatBegin(t *testing.T) {
	s := begin(t, nil)
	page := pageNamed("query")
	s.desk.answers(func(context.Context, flows.Event) (flows.Page, error) { return page, nil })
	p := flows.Page{ID: "reminder", Title: "You are not enrolled", Token: pageToken, Blocks: []flows.Block{
		{Buttons: []flows.Button{{Kind: flows.BeginEnroll, Label: "Enroll now"}}}}}
	s.must(s.bot.Direct(t.Context(), dana(), p))
	who := s.ws.As("U_DANA")
	note, err := who.DM().Message("not enrolled")
	s.must(err)
	s.must(note.Click("Enroll now"))
	m, err := who.Modal("Who is it?")
	s.must(err)
	ev := s.desk.seen()[0]
	if ev.Kind != flows.BeginEnroll || ev.Token != "" || ev.View != m.ID() || ev.Text != "" {
		t.Errorf("the desk got %+v", ev)
	}
	// No form begins anything, and no button with more to say.
	for _, id := range []string{"latchkey:begin_enroll:email:0", "latchkey:begin_enroll::3", "latchkey:begin_author::0", "latchkey:look::0", "latchkey:closed::0", "latchkey:found::0"} {
		if act, known := readAction(id); known {
			t.Errorf("%s is taken as %+v", id, act)
		}
	}
	s.must(m.Type("Who is it?", "x"))
	req, err := m.SubmitRequest()
	s.must(err)
	form, err := url.ParseQuery(string(req.Body))
	s.must(err)
	form.Set("payload", strings.Replace(form.Get("payload"), "latchkey:search::0", "latchkey:begin_me::0", 1))
	req.Body = []byte(form.Encode())
	s.ws.Sign(&req)
	_, err = s.ws.Send(t.Context(), req)
	s.must(err)
	s.until("nothing is left to do", func() bool { return s.bot.work.Taken() == 0 })
	if got := s.kinds(); len(got) != 1 {
		t.Errorf("the desk got %v", got)
	}
}

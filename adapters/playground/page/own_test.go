package page_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"latchkey/adapters/playground/authenticator"
	"latchkey/adapters/playground/page"
)

// The caller's own Slack stands beside the agent's: the card, its buttons, the
// dialog that one of them opens, and what is sent with it.
func TestTheCallersOwnSlack(t *testing.T) {
	s := newStage(t)
	sent := make(chan slack.InteractionCallback, 4)
	s.interact = func(in slack.InteractionCallback) any {
		if in.Type == slack.InteractionTypeBlockActions {
			go func() {
				_, err := s.client.OpenView(in.TriggerID, slack.ModalViewRequest{
					Type: slack.VTModal, Title: slack.NewTextBlockObject("plain_text", "Enter the digits", false, false),
					Submit: slack.NewTextBlockObject("plain_text", "Verify", false, false),
					Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewInputBlock("code", slack.NewTextBlockObject("plain_text", "Digits", false, false), nil,
						slack.NewPlainTextInputBlockElement(nil, "v"))}},
				})
				if err != nil {
					t.Error(err)
				}
			}()
		}
		sent <- in
		return nil
	}
	press := slack.NewButtonBlockElement("answer", "t", slack.NewTextBlockObject("plain_text", "Enter the digits", false, false))
	_, _, err := s.client.PostMessage("U_MEI", slack.MsgOptionText("Dana asks", false), slack.MsgOptionBlocks(slack.NewActionBlock("b", press)))
	s.ok(err)
	tb := s.open("U_DANA")
	var room struct {
		ID    string
		Order []string
	}
	s.ok(json.Unmarshal([]byte(tb.until("own-room", "DU_MEI")), &room))
	tb.until("message DU_MEI "+room.Order[0], "Enter the digits")
	if strings.Contains(tb.until("rooms", "DU_DANA"), "DU_MEI") {
		t.Error("the agent's own Slack has the caller's messages")
	}
	s.act("press", map[string]any{"person": "U_MEI", "room": room.ID, "ts": room.Order[0], "block": "b", "action": "answer"})
	if got := <-sent; got.User.ID != "U_MEI" || got.ActionCallback.BlockActions[0].Value != "t" {
		t.Errorf("the bot got %+v", got.User)
	}
	var open []struct{ ID string }
	s.ok(json.Unmarshal([]byte(tb.until("own-modals", "Enter the digits")), &open))
	if got := tb.until("modals", "[]"); got != "[]" {
		t.Errorf("the agent has a dialog: %s", got)
	}
	s.act("submit", map[string]any{"person": "U_MEI", "view": open[0].ID, "values": []map[string]any{{"block": "code", "action": "v", "text": "123456"}}})
	if got := <-sent; got.View.State.Values["code"]["v"].Value != "123456" {
		t.Errorf("the bot got %+v", got.View.State)
	}
	tb.until("own-modals", "[]")

	// Whoever is the caller sees it in the middle alone.
	mei := s.open("U_MEI")
	mei.until("rooms", "DU_MEI")
	if _, there := mei.parts["own-room"]; there {
		t.Error("the caller's Slack stands there twice")
	}
}

// phones take accounts.
type phones struct{ *authenticator.App }

func (p phones) Codes(who page.Person) []page.Code {
	var out []page.Code
	for _, c := range p.App.Codes(who.Email, time.Now()) {
		out = append(out, page.Code(c))
	}
	return out
}

func (p phones) Add(who page.Person, account authenticator.Account) { p.App.Add(who.Email, account) }

func TestScan(t *testing.T) {
	s := newStageOf(t, func(w *page.World) { w.Phones = phones{authenticator.New()} })
	tb := s.open("U_DANA")
	tb.until("world", `"scan":true`)
	s.act("scan", map[string]any{"person": "U_MEI", "text": "jbsw y3dp ehpk 3pxp jbsw y3dp ehpk 3pxp"})
	tb.until("codes", "Added by hand")
	for body, want := range map[string]string{
		`{"person":"U_MEI","text":"hello world!"}`:                 "neither an address",
		`{"person":"U_MEI","text":"https://example.com/e/1"}`:      "this machine alone",
		`{"person":"U_MEI","picture":"aGVsbG8="}`:                  "no PNG or JPEG",
		`{"person":"U_DANA","text":"JBSWY3DPEHPK3PXPJBSWY3DPEHP"}`: "no phone here",
	} {
		if status, said := s.do(s.request("scan", body)); status != http.StatusBadGateway || !strings.Contains(said, want) {
			t.Errorf("%s: %d %s", body, status, said)
		}
	}
	large := `{"person":"U_MEI","picture":"` + strings.Repeat("A", 6<<20) + `"}`
	if status, _ := s.do(s.request("scan", large)); status != http.StatusBadRequest {
		t.Errorf("8 MB are answered %d", status)
	}
	if status, _ := s.do(s.request("press", large[:100<<10]+`"}`)); status != http.StatusBadRequest {
		t.Errorf("100 kB for a click are answered %d", status)
	}
	without := newStage(t)
	without.open("U_DANA").until("world", `"scan":false`)
	if status, said := without.do(without.request("scan", `{"person":"U_MEI","text":"x"}`)); status != http.StatusBadGateway || !strings.Contains(said, "no phone here") {
		t.Errorf("a phone that takes nothing: %d %s", status, said)
	}
}

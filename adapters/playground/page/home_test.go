package page_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/slack-go/slack"
)

func storeMenu() *slack.SelectBlockElement {
	return slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, plain("Any store"), "pick",
		slack.NewOptionBlockObject("0", plain("corp"), nil), slack.NewOptionBlockObject("1", plain("lab"), nil))
}

// Home is one person's own; a press and a choice there reach the bot as a view.
func TestHome(t *testing.T) {
	s := newStage(t)
	dana, ulf := s.open("U_DANA"), s.open("U_ULF")
	dana.until("person", "U_DANA")
	home := slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: []slack.Block{
		slack.NewSectionBlock(plain("No case is open"), nil, slack.NewAccessory(storeMenu()), slack.SectionBlockOptionBlockID("st")),
		slack.NewActionBlock("ac", slack.NewButtonBlockElement("go", "", plain("Unlock an account"))),
	}}}
	_, err := s.client.PublishViewContext(t.Context(), slack.PublishViewContextRequest{UserID: "U_DANA", View: home})
	s.ok(err)
	var v struct{ ID, Title, Submit string }
	s.ok(json.Unmarshal([]byte(dana.until("home", "No case is open")), &v))
	var seen []string
	s.interact = func(in slack.InteractionCallback) any {
		a := in.ActionCallback.BlockActions[0]
		seen = append(seen, string(in.View.Type)+" "+a.ActionID+" "+a.SelectedOption.Value)
		return nil
	}
	s.act("home", map[string]any{"person": "U_DANA", "tab": "home"})
	s.act("home", map[string]any{"person": "U_DANA", "tab": "messages"})
	s.act("pick", map[string]any{"person": "U_DANA", "view": v.ID, "block": "st", "action": "pick", "option": "1"})
	s.act("press", map[string]any{"person": "U_DANA", "view": v.ID, "block": "ac", "action": "go"})
	if got := strings.Join(seen, "|"); got != "home pick 1|home go " {
		t.Errorf("the bot saw %q", got)
	}
	dana.until("home", `"selected_option":{`)
	status, said := s.do(s.request("pick", `{"person":"U_DANA","view":"`+v.ID+`","block":"st","action":"pick","option":"9"}`))
	if status != http.StatusBadGateway || !strings.Contains(said, "no such option") {
		t.Errorf("an option that is not there: %d %q", status, said)
	}
	if ulf.until("person", "U_ULF"); ulf.parts["home"] != nil {
		t.Error("Ulf sees the Home of Dana")
	}
}

// A menu in a form goes with the form.
func TestMenuInAForm(t *testing.T) {
	s := newStage(t)
	s.command = func(c slack.SlashCommand) any {
		v := form("Find")
		v.Blocks.BlockSet = []slack.Block{slack.NewInputBlock("st", plain("Store"), nil, storeMenu())}
		_, err := s.client.OpenView(c.TriggerID, v)
		s.ok(err)
		return nil
	}
	submitted := make(chan string, 1)
	s.interact = func(in slack.InteractionCallback) any {
		submitted <- in.View.State.Values["st"]["pick"].SelectedOption.Value
		return nil
	}
	dana := s.open("U_DANA")
	s.act("say", map[string]any{"person": "U_DANA", "room": "DU_DANA", "line": "/unlock"})
	var views []struct{ ID string }
	s.ok(json.Unmarshal([]byte(dana.until("modals", "static_select")), &views))
	s.act("submit", map[string]any{"person": "U_DANA", "view": views[0].ID, "values": []map[string]any{{"block": "st", "action": "pick", "picked": []string{"1"}}}})
	if got := <-submitted; got != "1" {
		t.Errorf("the bot got the store %q", got)
	}
}

// What people write stands in the channel with their names, and goes to the
// bot by the message shortcut alone.
func TestShortcuts(t *testing.T) {
	s := newStage(t)
	seen := make(chan slack.InteractionCallback, 1)
	s.interact = func(in slack.InteractionCallback) any { seen <- in; return nil }
	dana := s.open("U_DANA")
	if got := dana.until("world", "shortcuts"); !strings.Contains(got, `{"id":"unlock_person","name":"Unlock this person"`) {
		t.Errorf("the page knows no shortcuts: %s", got)
	}
	s.act("write", map[string]any{"person": "U_MEI", "room": "C_AUDIT", "line": "I am locked out"})
	all := dana.all("I am locked out")
	if !strings.Contains(all, `"by":{"id":"U_MEI","name":"Mei Lin","app":false,"note":""}`) {
		t.Errorf("the author is not named: %s", all)
	}
	ts := s.ws.Channel("C_AUDIT").Messages()[0].TS()
	s.act("shortcut", map[string]any{"person": "U_DANA", "room": "C_AUDIT", "ts": ts, "name": "Unlock this person"})
	if in := <-seen; in.CallbackID != "unlock_person" || in.Message.User != "U_MEI" || in.Channel.ID != "C_AUDIT" {
		t.Errorf("the bot saw %+v", in)
	}
	s.act("shortcut", map[string]any{"person": "U_DANA", "room": "C_AUDIT", "name": "unlock_account"})
	if in := <-seen; in.Type != slack.InteractionTypeShortcut || in.CallbackID != "unlock_account" {
		t.Errorf("the bot saw %+v", in)
	}
	for body, words := range map[string]string{
		`{"person":"U_DANA","room":"DU_DANA","line":"hello"}`: "read-only",
		`{"person":"U_DANA","room":"C_ULF","line":"hello"}`:   "no channel",
		`{"person":"U_DANA","room":"C_AUDIT","line":""}`:      "empty",
	} {
		if status, said := s.do(s.request("write", body)); status != http.StatusBadGateway || !strings.Contains(said, words) {
			t.Errorf("%s: %d %q", body, status, said)
		}
	}
	if status, said := s.do(s.request("shortcut", `{"person":"U_DANA","room":"C_AUDIT","ts":"1.2","name":"Unlock this person"}`)); status != http.StatusBadGateway || !strings.Contains(said, "no longer there") {
		t.Errorf("a message that is gone: %d %q", status, said)
	}
}

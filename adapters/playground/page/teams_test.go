package page_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"latchkey/adapters/playground/page"
	"latchkey/adapters/playground/teams"
)

const (
	danaInTeams   = "d0000000-0000-4000-8000-000000000001"
	meiInTeams    = "d0000000-0000-4000-8000-000000000002"
	hannahInTeams = "d0000000-0000-4000-8000-000000000003"
	desk          = "19:desk@thread.tacv2"
)

type object = map[string]any

// teamsStage is a stage with Teams, and a bot there that answers lines with a
// card, its button with a dialog, and the dialog's with what was typed.
type teamsStage struct {
	*stage
	tenant *teams.Tenant
}

func newTeamsStage(t *testing.T) *teamsStage {
	t.Helper()
	tenant, err := teams.New(teams.Options{
		Users: []teams.User{{ID: danaInTeams, Name: "Dana Reyes", UPN: "dana@example.com"}, {ID: meiInTeams, Name: "Mei Lin", UPN: "mei@example.com"},
			{ID: hannahInTeams, Name: "Hannah Wong", UPN: "hannah@example.com"}},
		Channels: []teams.Channel{{ID: desk, Name: "desk"}},
		Commands: []teams.Command{{ID: "unlock_person", Title: "Unlock this person", Contexts: []string{"message"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := tenant.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	s := &teamsStage{tenant: tenant}
	bot := httptest.NewServer(http.HandlerFunc(s.answer))
	tenant.SetBotURL(bot.URL)
	t.Cleanup(func() { bot.Close(); _ = tenant.Close(); http.DefaultClient.CloseIdleConnections() })
	s.stage = newStageOf(t, func(w *page.World) {
		w.Teams, w.Lines = tenant, page.UnlockLines()
		w.People[0].Teams, w.People[2].Teams = danaInTeams, meiInTeams
		w.People = append(w.People, page.Person{Teams: hannahInTeams, Name: "Hannah Wong", Part: "caller", Caller: true, Email: "hannah@example.com"})
	})
	return s
}

func adaptive(content object) object {
	return object{"contentType": "application/vnd.microsoft.card.adaptive", "content": content}
}

func teamsCard(line string, input any, button object) object {
	body := []any{object{"type": "TextBlock", "text": line, "wrap": true}}
	if input != nil {
		body = append(body, input)
	}
	return object{"type": "AdaptiveCard", "version": "1.5", "body": body, "actions": []any{button}}
}

func (s *teamsStage) answer(rw http.ResponseWriter, r *http.Request) {
	var in struct {
		Type, Name, Text string
		Conversation     struct{ ID string }
		Value            struct{ Data struct{ Code string } }
	}
	_ = json.NewDecoder(r.Body).Decode(&in)
	var out any
	switch {
	case in.Type == "message":
		s.post(in.Conversation.ID, teamsCard("Unlock Mei Lin?", nil,
			object{"type": "Action.Submit", "title": "Open", "data": object{"msteams": object{"type": "task/fetch"}}}))
	case in.Name == "task/fetch" || in.Name == "composeExtension/fetchTask":
		code := object{"type": "Input.Text", "id": "code", "label": "Code", "isRequired": true, "errorMessage": "Six digits."}
		out = object{"task": object{"type": "continue", "value": object{"title": "Authenticate",
			"card": adaptive(teamsCard("Enter the code", code, object{"type": "Action.Submit", "title": "Verify"}))}}}
	case in.Name == "task/submit" || in.Name == "composeExtension/submitAction":
		out = object{"task": object{"type": "message", "value": "You typed " + in.Value.Data.Code}}
	}
	if out != nil {
		rw.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(rw).Encode(out)
	}
}

// post sends a card as the bot.
func (s *teamsStage) post(conversation string, content object) {
	resp, err := http.PostForm(s.tenant.TokenURL(), url.Values{"grant_type": {"client_credentials"}, "client_id": {s.tenant.AppID()},
		"client_secret": {s.tenant.AppSecret()}, "scope": {teams.Scope}})
	if err != nil {
		s.t.Error(err)
		return
	}
	defer resp.Body.Close()
	var login struct {
		Token string `json:"access_token"`
	}
	_ = json.NewDecoder(resp.Body).Decode(&login)
	data, _ := json.Marshal(object{"type": "message", "attachments": []any{adaptive(content)}})
	r, _ := http.NewRequest(http.MethodPost, s.tenant.ServiceURL()+"v3/conversations/"+url.PathEscape(conversation)+"/activities", bytes.NewReader(data))
	r.Header.Set("Authorization", "Bearer "+login.Token)
	r.Header.Set("Content-Type", "application/json")
	sent, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Error(err)
		return
	}
	_ = sent.Body.Close()
	if sent.StatusCode != http.StatusCreated {
		s.t.Errorf("the card was answered %d", sent.StatusCode)
	}
}

// rooms reads those of a tab.
func (tb *tab) rooms() (out []struct {
	ID, Name string
	Direct   bool
	Order    []string
}) {
	tb.s.ok(json.Unmarshal(tb.parts["rooms"], &out))
	return out
}

// A line, a card, its dialog, a form that is not complete, what is typed, and
// the cross: all through the page, each seen in the stream.
func TestTeams(t *testing.T) {
	s := newTeamsStage(t)
	tb := s.openAs(url.Values{"person": {"U_DANA"}, "chat": {"teams"}, "ownchat": {"teams"}})
	tb.until("chat", `"teams"`)
	tb.until("own-room", `"direct":true`)
	tb.until("names", "Hannah Wong")
	tb.until("world", `"chats":["slack","teams"]`)
	tb.until("world", `"id":"Unlock this person"`)
	direct := tb.rooms()[0]
	if !direct.Direct || tb.rooms()[1].Name != "desk" {
		t.Fatalf("the rooms are %s", tb.parts["rooms"])
	}
	deed := func(more object) object {
		out := object{"person": "U_DANA", "chat": "teams"}
		for key, value := range more {
			out[key] = value
		}
		return out
	}
	refused := func(verb string, more object, status int, want string) {
		t.Helper()
		data, err := json.Marshal(deed(more))
		s.ok(err)
		if got, said := s.do(s.request(verb, string(data))); got != status || !strings.Contains(said, want) {
			t.Errorf("%s %s: %d %q, want %d %q", verb, data, got, said, status, want)
		}
	}
	s.act("say", deed(object{"room": direct.ID, "line": "unlock mei"}))
	tb.all("Unlock Mei Lin?")
	order := tb.rooms()[0].Order
	press := object{"room": direct.ID, "ts": order[len(order)-1], "pointer": "/actions/0"}
	s.act("press", deed(press))
	var open []struct{ ID, Title, Said, Hash string }
	s.ok(json.Unmarshal([]byte(tb.until("modals", "Enter the code")), &open))
	view, hash := open[0].ID, open[0].Hash
	refused("press", object{"view": view, "pointer": "/actions/0", "inputs": object{"code": ""}}, http.StatusBadGateway, "Six digits.")
	refused("press", object{"view": view, "pointer": "/actions/3"}, http.StatusBadGateway, "no button at")
	refused("press", object{"view": "dialog 99", "pointer": "/actions/0"}, http.StatusBadGateway, "no longer open")
	refused("press", object{"room": direct.ID, "ts": "1", "pointer": "/actions/0"}, http.StatusBadGateway, "no longer there")
	refused("submit", object{"view": view}, http.StatusNotFound, "submit")
	s.act("press", deed(object{"view": view, "pointer": "/actions/0", "inputs": object{"code": "123456", "gone": "x"}}))
	s.ok(json.Unmarshal([]byte(tb.until("modals", "You typed 123456")), &open))
	if open[0].Hash == hash || open[0].ID != view || open[0].Said == "" {
		t.Errorf("the dialog is %+v", open)
	}
	s.act("close", deed(object{"view": view}))
	tb.until("modals", "[]")
	s.act("close", deed(object{"view": view})) // what is closed is closed

	// In a channel a line for the others is not heard, and a message has a menu.
	s.act("write", deed(object{"room": desk, "line": "Mei is on the phone"}))
	tb.all("Mei is on the phone")
	s.act("shortcut", deed(object{"room": desk, "ts": tb.rooms()[1].Order[0], "name": "Unlock this person"}))
	tb.until("modals", "Enter the code")
	if problems := s.tenant.Problems(); len(problems) > 0 {
		t.Errorf("problems: %q", problems)
	}
}

// Whoever lacks the chat that a tab asks for gets what she has, and nobody does
// anything in a chat that he is not in.
func TestChatsOfEach(t *testing.T) {
	s := newTeamsStage(t)
	ulf := s.openAs(url.Values{"person": {"U_ULF"}, "chat": {"teams"}, "caller": {"hannah@example.com"}, "ownchat": {"slack"}})
	ulf.until("chat", `"slack"`)
	ulf.until("ownchat", `"teams"`)
	ulf.until("own-room", `"direct":true`)
	ulf.until("rooms", "DU_ULF")
	for body, want := range map[string]string{
		`{"person":"U_ULF","chat":"teams","room":"x","line":"unlock mei"}`:               "nobody called",
		`{"person":"hannah@example.com","chat":"","room":"DU_ULF","line":"/unlock mei"}`: "nobody",
		`{"person":"U_NOBODY","chat":"teams","room":"x","line":"unlock mei"}`:            "nobody called",
		`{"person":"U_DANA","chat":"teams","room":"19:gone@thread.tacv2","line":"help"}`: "",
	} {
		if status, said := s.do(s.request("say", body)); status != http.StatusBadGateway || !strings.Contains(said, want) {
			t.Errorf("%s: %d %q", body, status, said)
		}
	}
	without := newStage(t).open("U_DANA")
	without.until("world", `"teams":null`)
}

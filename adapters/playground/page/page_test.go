package page_test

import (
	"encoding/json"
	"io/fs"
	"net/http"
	"net/http/httptest"
	netmail "net/mail"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"latchkey/adapters/playground"
	"latchkey/adapters/playground/mail"
	"latchkey/adapters/playground/page"
	"latchkey/adapters/playground/sms"
)

func plain(s string) *slack.TextBlockObject {
	return slack.NewTextBlockObject("plain_text", s, false, false)
}

// form is a modal with a field, boxes and a button.
func form(title string) slack.ModalViewRequest {
	code := slack.NewInputBlock("in", plain("Code"), nil, slack.NewPlainTextInputBlockElement(nil, "v"))
	boxes := slack.NewInputBlock("ch", plain("Accounts"), nil, slack.NewCheckboxGroupsBlockElement("v",
		slack.NewOptionBlockObject("0", plain("corp"), nil), slack.NewOptionBlockObject("1", plain("lab"), nil)))
	boxes.Optional = true
	press := slack.NewActionBlock("ac", slack.NewButtonBlockElement("go", "", plain("Go")))
	return slack.ModalViewRequest{Type: slack.VTModal, Title: plain(title), Submit: plain("Verify"), NotifyOnClose: true,
		Blocks: slack.Blocks{BlockSet: []slack.Block{code, boxes, press}}}
}

// A command opens a modal on its person's page alone; what is typed and ticked
// reaches the bot with a click and with the submission; the answer closes it.
func TestModal(t *testing.T) {
	s := newStage(t)
	s.command = func(c slack.SlashCommand) any {
		if _, err := s.client.OpenView(c.TriggerID, form("Authenticate")); err != nil {
			t.Error(err)
		}
		return nil
	}
	var seen []string
	s.interact = func(in slack.InteractionCallback) any {
		picked := ""
		for _, o := range in.View.State.Values["ch"]["v"].SelectedOptions {
			picked += o.Value
		}
		seen = append(seen, string(in.Type)+" "+in.View.State.Values["in"]["v"].Value+" "+picked)
		return nil
	}
	dana, ulf := s.open("U_DANA"), s.open("U_ULF")
	s.act("say", map[string]any{"person": "U_DANA", "room": "DU_DANA", "line": "/unlock mei"})
	modals := dana.until("modals", "Authenticate")
	if got := ulf.until("modals", "["); got != "[]" {
		t.Errorf("another person's page shows %s", got)
	}
	var views []struct{ ID, Title, Submit, Close string }
	s.ok(json.Unmarshal([]byte(modals), &views))
	if v := views[0]; v.Title != "Authenticate" || v.Submit != "Verify" || v.Close != "Cancel" {
		t.Errorf("the modal is drawn as %+v", v)
	}
	values := []map[string]any{{"block": "in", "action": "v", "text": "123456"}, {"block": "ch", "action": "v", "picked": []string{"1"}}, {"block": "gone", "action": "v", "text": "old"}}
	s.act("press", map[string]any{"person": "U_DANA", "view": views[0].ID, "block": "ac", "action": "go", "values": values})
	s.act("submit", map[string]any{"person": "U_DANA", "view": views[0].ID, "values": values})
	dana.until("modals", "[]")
	if want := "block_actions 123456 1|view_submission 123456 1"; strings.Join(seen, "|") != want {
		t.Errorf("the bot saw %q, want %q", seen, want)
	}
	status, said := s.do(s.request("press", `{"person":"U_DANA","view":"`+views[0].ID+`","block":"ac","action":"go"}`))
	if status != http.StatusBadGateway || !strings.Contains(said, "no longer open") {
		t.Errorf("a click on a closed modal: %d %q", status, said)
	}
	s.act("close", map[string]any{"person": "U_DANA", "view": views[0].ID}) // what is closed is closed
}

// A text message reaches its owner's phone while it is being looked at, and
// nobody else's.
func TestTextMessages(t *testing.T) {
	s := newStage(t)
	tab := s.open("U_DANA") // Mei is on the phone
	if got := tab.until("texts", "["); got != "[]" {
		t.Errorf("a new phone shows %s", got)
	}
	send := func(to, text string) {
		r := httptest.NewRequest(http.MethodPost, sms.WebhookPath, strings.NewReader(`{"to":"`+to+`","text":"`+text+`"}`))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("X-Key", "k")
		rw := httptest.NewRecorder()
		if s.texts.ServeHTTP(rw, r); rw.Code != http.StatusAccepted {
			t.Fatalf("the gateway answered %d %s", rw.Code, rw.Body)
		}
	}
	send("+12025550199", "not for Mei")
	send("+12025550123", "for Mei")
	begun := time.Now()
	if got := tab.until("texts", "for Mei"); strings.Contains(got, "not for Mei") || strings.Count(got, "text") != 1 {
		t.Errorf("the phone shows %s", got)
	}
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("it came after %s", took) // with the next beat, and not by itself
	}
}

// Escape closes the top modal and the bot hears of it.
func TestClose(t *testing.T) {
	s := newStage(t)
	s.command = func(c slack.SlashCommand) any {
		_, err := s.client.OpenView(c.TriggerID, form("Authenticate"))
		s.ok(err)
		return nil
	}
	closed := make(chan slack.InteractionType, 1)
	s.interact = func(in slack.InteractionCallback) any { closed <- in.Type; return nil }
	dana := s.open("U_DANA")
	s.act("say", map[string]any{"person": "U_DANA", "room": "C_AUDIT", "line": "/unlock mei"})
	var views []struct{ ID string }
	s.ok(json.Unmarshal([]byte(dana.until("modals", "Authenticate")), &views))
	s.act("close", map[string]any{"person": "U_DANA", "view": views[0].ID})
	dana.until("modals", "[]")
	if got := <-closed; got != slack.InteractionTypeViewClosed {
		t.Errorf("the bot heard of %s", got)
	}
}

// Messages come with their blocks, are changed in place, are clicked, and go;
// an ephemeral one is seen by one person.
func TestMessages(t *testing.T) {
	s := newStage(t)
	clicked := make(chan string, 1)
	s.interact = func(in slack.InteractionCallback) any {
		clicked <- in.ActionCallback.BlockActions[0].ActionID
		return nil
	}
	s.command = func(slack.SlashCommand) any { return map[string]any{"response_type": "ephemeral", "text": "just you"} }
	dana, ulf := s.open("U_DANA"), s.open("U_ULF")
	channel, ts, err := s.client.PostMessage("C_AUDIT", slack.MsgOptionText("who & what", true),
		slack.MsgOptionBlocks(slack.NewActionBlock("ac", slack.NewButtonBlockElement("open", "x", plain("Open")))))
	s.ok(err)
	key := "message C_AUDIT " + ts
	dana.until(key, `who \u0026amp; what`)
	s.act("press", map[string]any{"person": "U_DANA", "room": "C_AUDIT", "ts": ts, "block": "ac", "action": "open"})
	if got := <-clicked; got != "open" {
		t.Errorf("the bot saw a click on %q", got)
	}
	_, _, _, err = s.client.UpdateMessage(channel, ts, slack.MsgOptionText("done", false))
	s.ok(err)
	dana.until(key, `"edited":true`)
	s.act("say", map[string]any{"person": "U_DANA", "room": "C_AUDIT", "line": "/unlock help"})
	_, _, err = s.client.PostMessage("C_AUDIT", slack.MsgOptionText("for all", false))
	s.ok(err)
	if !strings.Contains(dana.all("for all"), "just you") {
		t.Error("Dana does not see what is for her alone")
	}
	if strings.Contains(ulf.all("for all"), "just you") {
		t.Error("Ulf sees what is for Dana alone")
	}
	_, _, err = s.client.DeleteMessage(channel, ts)
	s.ok(err)
	dana.until(key, "")
}

// The rooms of a page are those of its person.
func TestRooms(t *testing.T) {
	s := newStage(t)
	if got := s.open("U_ULF").until("rooms", "audit"); !strings.Contains(got, "ulf-only") {
		t.Errorf("Ulf misses his room: %s", got)
	}
	if got := s.open("U_DANA").until("rooms", "audit"); strings.Contains(got, "ulf-only") {
		t.Errorf("Dana sees a room she is not in: %s", got)
	}
	if got := s.open("nobody").until("person", "U"); got != `"U_DANA"` {
		t.Errorf("a tab that knows nobody becomes %s", got)
	}
}

// The caller's world: mail arrives, the clock moves, parts break.
func TestCallersWorld(t *testing.T) {
	s := newStage(t)
	dana := s.open("U_DANA")
	dana.until("codes", "123456")
	s.place.deliver(mail.Message{From: "helpdesk@example.com", Subject: "Your code", Text: "482913",
		Header: netmail.Header{"Date": {"Mon, 02 Nov 2026 09:30:00 +0000"}}})
	if got := dana.until("mail", "482913"); !strings.Contains(got, "2026-11-02T09:30:00") {
		t.Errorf("the mail is not dated by its sender: %s", got)
	}
	s.act("advance", map[string]any{"minutes": 30})
	dana.until("clock", "1800")
	s.act("fault", map[string]any{"id": "directory", "on": true})
	dana.until("faults", `"on":true`)
	status, said := s.do(s.request("signin", `{"store":"corp","login":"mlin","password":"right"}`))
	if status != http.StatusBadGateway || said != "The directory corp does not answer." {
		t.Errorf("a sign-in without the directory: %d %q", status, said)
	}
	for body, verb := range map[string]string{`{"minutes":-5}`: "advance", `{"minutes":9999}`: "advance", `{"id":"sun"}`: "fault"} {
		if status, _ := s.do(s.request(verb, body)); status != http.StatusBadGateway {
			t.Errorf("%s %s: %d", verb, body, status)
		}
	}
}

// The tour ticks its steps off as they happen, and in no other order.
func TestTour(t *testing.T) {
	s := newStage(t)
	s.command = func(c slack.SlashCommand) any {
		v := form("Authenticate")
		v.Blocks.BlockSet = append(v.Blocks.BlockSet, slack.NewSectionBlock(plain("Mei Lin"), nil, nil))
		_, err := s.client.OpenView(c.TriggerID, v)
		s.ok(err)
		return nil
	}
	dana := s.open("U_DANA")
	try := func(password string) {
		s.act("signin", map[string]any{"store": "corp", "login": "MLin", "password": password})
	}
	try("right") // signed in before anything was locked: no tick
	s.act("say", map[string]any{"person": "U_DANA", "room": "DU_DANA", "line": "/unlock mei"})
	dana.until("modals", "Authenticate")
	if got := dana.until("tour", "["); got != "[false,false,false,false,false,false]" {
		t.Errorf("ticked too early: %s", got)
	}
	for range 3 {
		try("wrong")
	}
	dana.until("signins", "data 775")
	dana.until("tour", "[true,true,false,false,false,false]")
}

// What the page cannot draw is a problem, said once.
func TestProblems(t *testing.T) {
	s := newStage(t)
	dana := s.open("U_DANA")
	for range 2 {
		s.act("problem", map[string]any{"text": "it cannot draw table"})
	}
	if got := dana.until("problems", "cannot draw table"); strings.Count(got, "table") != 1 {
		t.Errorf("the problems are %s", got)
	}
}

// An answer that Slack would not take is said as Slack's client says it.
func TestFailures(t *testing.T) {
	s := newStage(t)
	s.command = func(slack.SlashCommand) any { return map[string]any{"blocks": "no list"} }
	status, said := s.do(s.request("say", `{"person":"U_DANA","room":"DU_DANA","line":"/unlock mei"}`))
	if status != http.StatusBadGateway || !strings.Contains(said, "The command failed with the error “dispatch_failed") {
		t.Errorf("%d %q", status, said)
	}
	if got := s.open("U_DANA").until("problems", "dispatch_failed"); got == "[]" {
		t.Error("nothing in Problems")
	}
}

// A world without people, or a page without Slack, is refused.
func TestNew(t *testing.T) {
	ws, err := playground.New(playground.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for name, w := range map[string]page.World{
		"no slack":      {People: people()},
		"nobody":        {Slack: ws},
		"first outside": {Slack: ws, People: []page.Person{{Name: "Mei Lin", Caller: true, Email: "mei@example.com"}}},
		"twice":         {Slack: ws, People: append(people(), people()...)},
	} {
		if _, err := page.New(w); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// The page's files load nothing from elsewhere, and no module grows too long.
func TestAssets(t *testing.T) {
	err := fs.WalkDir(os.DirFS("assets"), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile("assets/" + path)
		if found := regexp.MustCompile(`(https?:)?//[a-z0-9.-]+\.[a-z]{2,}`).FindAll(data, -1); len(found) > 0 {
			for _, address := range found {
				if string(address) != "http://www.w3.org" && string(address) != "//docs.slack.dev" {
					t.Errorf("%s names %s", path, address)
				}
			}
		}
		if n := strings.Count(string(data), "\n"); n >= 300 {
			t.Errorf("%s has %d lines", path, n)
		}
		if regexp.MustCompile(`innerHTML|insertAdjacentHTML|eval\(| style="|onclick="`).Match(data) {
			t.Errorf("%s has markup or code in strings, which the policy forbids", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

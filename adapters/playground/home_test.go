package playground_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"latchkey/adapters/playground"
)

// homeWith is a Home tab with a text and perhaps more blocks.
func homeWith(text string, more ...slack.Block) slack.PublishViewContextRequest {
	blocks := append([]slack.Block{slack.NewSectionBlock(plain(text), nil, nil)}, more...)
	return slack.PublishViewContextRequest{View: slack.HomeTabViewRequest{Type: slack.VTHomeTab, CallbackID: "home", Blocks: slack.Blocks{BlockSet: blocks}}}
}

// publish publishes a Home tab for a user; "" as the hash checks nothing.
func (b *bot) publish(user, hash string, v slack.PublishViewContextRequest) (*slack.ViewResponse, error) {
	v.UserID = user
	if hash != "" {
		v.Hash = &hash
	}
	return b.client.PublishViewContext(b.t.Context(), v)
}

// onEvent hands each event's envelope to f.
func (b *bot) onEvent(f func(body map[string]any)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.event = func(_ http.ResponseWriter, data []byte) {
		var body map[string]any
		if err := json.Unmarshal(data, &body); err != nil {
			b.t.Error(err)
		}
		f(body)
	}
}

// A person opens Home, the bot publishes it; her second visit shows the bot
// what stands there; what it publishes then takes its place.
func TestHomeIsOpenedAndPublished(t *testing.T) {
	b := start(t, nil)
	var seen []map[string]any
	b.onEvent(func(body map[string]any) {
		seen = append(seen, body)
		if _, err := b.publish("U_DANA", "", homeWith("Visit "+strings.Repeat("I", len(seen)))); err != nil {
			t.Error(err)
		}
	})
	dana := b.ws.As("U_DANA")
	must(t, dana.OpenHome())
	first, err := dana.Home("Visit I")
	must(t, err)
	must(t, dana.OpenHome())
	again, err := dana.Home("Visit II")
	must(t, err)
	must(t, dana.OpenMessages())
	if first.ID() != again.ID() || first.Text() != "Visit III" {
		t.Errorf("Home is %s, then %s and reads %q", first.ID(), again.ID(), first.Text())
	}
	if len(seen) != 3 {
		t.Fatalf("%d events", len(seen))
	}
	ids := map[any]bool{}
	for i, want := range []string{"channel event_ts tab type user", "channel event_ts tab type user view", "channel event_ts tab type user"} {
		body, inner := seen[i], seen[i]["event"].(map[string]any)
		if body["type"] != "event_callback" || body["event_time"] == nil || body["team_id"] != "T0PLAY" || body["api_app_id"] != "A0LATCHKEY" || ids[body["event_id"]] {
			t.Errorf("the envelope of event %d is %v", i, body)
		}
		ids[body["event_id"]] = true
		if inner["type"] != "app_home_opened" || inner["user"] != "U_DANA" || inner["channel"] != "DU_DANA" || keys(inner) != want {
			t.Errorf("event %d is %v", i, inner)
		}
	}
	if view := seen[1]["event"].(map[string]any)["view"].(map[string]any); view["callback_id"] != "home" || view["type"] != "home" {
		t.Errorf("the view is %v", view)
	}
	if tab := seen[2]["event"].(map[string]any)["tab"]; tab != "messages" {
		t.Errorf("the last event is of the tab %v", tab)
	}
	if _, err := b.ws.As("U_MEI").Within(1).Home(); err == nil {
		t.Error("Mei sees a Home that was published for Dana")
	}
}

// A button on Home opens a modal; it has neither a message nor a response_url.
func TestButtonOnHome(t *testing.T) {
	b := start(t, nil)
	b.onInteraction(func(_ http.ResponseWriter, in slack.InteractionCallback) {
		if in.Type != slack.InteractionTypeBlockActions || in.View.Type != slack.VTHomeTab || in.Container.Type != "view" || in.Container.ViewID != in.View.ID {
			t.Errorf("the click is %+v", in)
		}
		if _, err := b.client.OpenView(in.TriggerID, modalWith("Unlock account", "Whose account?")); err != nil {
			t.Error(err)
		}
		if _, err := b.publish(in.User.ID, in.View.Hash, homeWith("one case is open", buttonRow("h", "Continue"))); err != nil {
			t.Error(err)
		}
	})
	_, err := b.publish("U_DANA", "", homeWith("nothing is open", buttonRow("h", "Unlock an account")))
	must(t, err)
	dana := b.ws.As("U_DANA")
	home, err := dana.Home("nothing is open")
	must(t, err)
	must(t, home.Click("Unlock an account"))
	modal, err := dana.Modal("Whose account?")
	must(t, err)
	must(t, home.Until("one case is open"))
	if got := home.Buttons(); len(got) != 1 || got[0] != "Continue" {
		t.Errorf("the buttons are %q", got)
	}
	if err := home.Close(); err == nil {
		t.Error("Home was closed as a modal")
	}
	if err := home.Submit(); err == nil {
		t.Error("Home was submitted")
	}
	must(t, modal.Dismiss())
	last, _ := dana.Last()
	want := "actions api_app_id container enterprise is_enterprise_install team token trigger_id type user view"
	if got := keys(payloadOf(t, last.Request)); got != want {
		t.Errorf("the payload has %s, want %s", got, want)
	}
}

func TestPublishRefusals(t *testing.T) {
	b := start(t, outsiders)
	first, err := b.publish("U_DANA", "", homeWith("one"))
	must(t, err)
	second, err := b.publish("U_DANA", first.Hash, homeWith("two"))
	must(t, err)
	if first.View.ID != second.View.ID || first.Hash == second.Hash {
		t.Errorf("views %s, %s; hashes %s, %s", first.View.ID, second.View.ID, first.Hash, second.Hash)
	}
	home := `{"type":"home","blocks":[{"type":"divider"}]}`
	for _, c := range []struct{ name, body, want, words string }{
		{"an old hash", `{"user_id":"U_DANA","hash":"` + first.Hash + `","view":` + home + `}`, "hash_conflict", ""},
		{"nobody", `{"user_id":"U_NONE","view":` + home + `}`, "invalid_arguments", "invalid `user_id`"},
		{"a stranger", `{"user_id":"U_GUEST","view":` + home + `}`, "invalid_arguments", "invalid `user_id`"},
		{"the deactivated", `{"user_id":"U_GONE","view":` + home + `}`, "invalid_arguments", "invalid `user_id`"},
		{"a bot", `{"user_id":"U_ROBOT","view":` + home + `}`, "invalid_arguments", "invalid `user_id`"},
		{"no user", `{"view":` + home + `}`, "invalid_arguments", "user_id"},
		{"no view", `{"user_id":"U_DANA"}`, "invalid_arguments", "view"},
		{"a channel", `{"user_id":"U_DANA","channel":"C_HELP","view":` + home + `}`, "invalid_arguments", "channel"},
		{"a modal", `{"user_id":"U_DANA","view":{"type":"modal","title":{"type":"plain_text","text":"a"},"blocks":[{"type":"divider"}]}}`, "invalid_arguments", "/view/type"},
		{"with submit", `{"user_id":"U_DANA","view":{"type":"home","submit":{"type":"plain_text","text":"Go"},"blocks":[{"type":"divider"}]}}`, "invalid_arguments", "/view/submit"},
		{"too large", `{"user_id":"U_DANA","view":{"type":"home","private_metadata":"` + strings.Repeat("a", 260_000) + `","blocks":[]}}`, "view_too_large", ""},
	} {
		got := call(t, b.ws, "views.publish", asJSON, c.body)
		if got.OK || got.Error != c.want || !strings.Contains(strings.Join(got.Meta.Messages, " "), c.words) {
			t.Errorf("%s: %q %q, want %q %q", c.name, got.Error, got.Meta.Messages, c.want, c.words)
		}
	}
	if got := b.ws.As("U_DANA").Published().Text(); got != "two" {
		t.Errorf("Home reads %q", got)
	}
	if err := b.ws.As("U_GUEST").OpenHome(); err == nil || !strings.Contains(err.Error(), "stranger") {
		t.Errorf("a stranger opens Home: %v", err)
	}
}

// An app whose manifest leaves Home off has none.
func TestHomeThatIsNotEnabled(t *testing.T) {
	b := start(t, func(o *playground.Options) { o.NoHome = true })
	if _, err := b.publish("U_DANA", "", homeWith("one")); err == nil || err.Error() != "not_enabled" {
		t.Errorf("published: %v", err)
	}
	if err := b.ws.As("U_DANA").OpenHome(); err == nil || !strings.Contains(err.Error(), "no Home tab") {
		t.Errorf("opened: %v", err)
	}
	must(t, b.ws.As("U_DANA").OpenMessages())
}

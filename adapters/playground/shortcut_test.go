package playground_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"latchkey/adapters/playground"
)

// outsiders adds a guest, a robot of another app and a channel without the bot.
func outsiders(o *playground.Options) {
	o.Users = append(o.Users,
		playground.User{ID: "U_TEMP", Name: "temp", RealName: "Tim Temp", IsRestricted: true},
		playground.User{ID: "U_ROBOT", Name: "pager", RealName: "Pager", IsBot: true})
	o.Channels = append(o.Channels, playground.Channel{ID: "C_HELP", Name: "help"},
		playground.Channel{ID: "G_BOARD", Name: "board", Private: true, WithoutBot: true})
}

// payloadOf reads the payload of an interaction that was made or sent.
func payloadOf(t *testing.T, r playground.Request) map[string]any {
	t.Helper()
	form, err := url.ParseQuery(string(r.Body))
	must(t, err)
	var payload map[string]any
	must(t, json.Unmarshal([]byte(form.Get("payload")), &payload))
	return payload
}

func keys(m any) string {
	o, _ := m.(map[string]any)
	return strings.Join(slices.Sorted(maps.Keys(o)), " ")
}

// A global shortcut belongs to no place: what a bot needs of one is not there.
func TestGlobalShortcut(t *testing.T) {
	b := start(t, nil)
	dana := b.ws.As("U_DANA").In("C_AUDIT")
	b.onInteraction(func(_ http.ResponseWriter, in slack.InteractionCallback) {
		if in.Type != slack.InteractionTypeShortcut || in.CallbackID != "unlock_account" || in.User.TeamID != "T0PLAY" {
			t.Errorf("the shortcut is %+v", in)
		}
		if _, err := b.client.OpenView(in.TriggerID, modalWith("Unlock account", "Whose account?")); err != nil {
			t.Error(err)
		}
	})
	must(t, dana.Shortcut("Unlock an account"))
	if _, err := dana.Modal("Whose account?"); err != nil {
		t.Error(err)
	}
	last, _ := dana.Last()
	payload := payloadOf(t, last.Request)
	want := "action_ts callback_id enterprise is_enterprise_install team token trigger_id type user"
	if got := keys(payload); got != want {
		t.Errorf("the payload has %s, want %s", got, want)
	}
	if got := keys(payload["team"]); got != "domain id" {
		t.Errorf("the team has %s", got)
	}
	if trouble := b.ws.Problems(); len(trouble) > 0 {
		t.Errorf("problems: %q", trouble)
	}
}

// The message shortcut hands over the message as whoever wrote it left it.
func TestMessageShortcutByAuthor(t *testing.T) {
	b := start(t, outsiders)
	_, _, err := b.client.PostMessage("C_HELP", slack.MsgOptionText("the bot itself", false))
	must(t, err)
	for _, id := range []string{"U_MEI", "U_TEMP", "U_GUEST", "U_ROBOT"} {
		_, err := b.ws.As(id).In("C_HELP").Write("written by " + id)
		must(t, err)
	}
	must(t, b.ws.WriteWebhook("C_HELP", "Nagios", "a disk is full"))
	dana := b.ws.As("U_DANA").In("C_HELP")
	for _, c := range []struct {
		words  string
		want   map[string]any
		author playground.Author
	}{
		{"U_MEI", map[string]any{"user": "U_MEI", "team": "T0PLAY"}, playground.Author{ID: "U_MEI", Name: "Mei Tan"}},
		{"U_TEMP", map[string]any{"user": "U_TEMP", "team": "T0PLAY"}, playground.Author{ID: "U_TEMP", Name: "Tim Temp", Note: "guest"}},
		{"U_GUEST", map[string]any{"user": "U_GUEST", "team": "T_OTHER", "user_team": "T_OTHER", "source_team": "T_OTHER", "user_profile": "display_name is_restricted is_ultra_restricted name real_name team"},
			playground.Author{ID: "U_GUEST", Name: "Guest One", Note: "from another organization"}},
		{"U_ROBOT", map[string]any{"user": "U_ROBOT", "team": "T0PLAY", "bot_id": "B_ROBOT", "app_id": "A_ROBOT", "bot_profile": "app_id deleted id name team_id"},
			playground.Author{ID: "U_ROBOT", Name: "Pager", App: true}},
		{"a disk", map[string]any{"subtype": "bot_message", "username": "Nagios", "bot_id": "B0WEBHOOK", "team": "T0PLAY"}, playground.Author{Name: "Nagios", App: true}},
		{"the bot itself", map[string]any{"user": "U0BOT", "bot_id": "B0BOT", "app_id": "A0LATCHKEY", "team": "T0PLAY"}, playground.Author{ID: "U0BOT", Name: "Latchkey", App: true}},
	} {
		m, err := dana.Room().Message(c.words)
		must(t, err)
		req, err := m.ShortcutRequest("Unlock this person")
		must(t, err)
		got := payloadOf(t, req)["message"].(map[string]any)
		if got["type"] != "message" || got["ts"] != m.TS() || !strings.Contains(got["text"].(string), c.words) {
			t.Errorf("%s: the message is %v", c.words, got)
		}
		for _, key := range []string{"type", "ts", "text"} {
			delete(got, key)
		}
		for key, v := range got {
			if inner := keys(v); inner != "" {
				got[key] = inner
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.words, diff)
		}
		if diff := cmp.Diff(c.author, m.Author()); diff != "" {
			t.Errorf("%s: %s", c.words, diff)
		}
	}
}

// What the bot gets with a message shortcut lets it answer the one who asked,
// even where it was never invited, and leaves the message alone.
func TestMessageShortcutAnswers(t *testing.T) {
	b := start(t, outsiders)
	mei := b.ws.As("U_MEI").In("G_BOARD")
	wrote, err := mei.Write("a < b & I am locked out")
	must(t, err)
	if wrote.Text() != "a < b & I am locked out" || wrote.Source() != "a &lt; b &amp; I am locked out" {
		t.Errorf("the message reads %q and is %q", wrote.Text(), wrote.Source())
	}
	dana := b.ws.As("U_DANA").In("G_BOARD")
	m, err := dana.Room().Message("locked out")
	must(t, err)
	b.onInteraction(func(_ http.ResponseWriter, in slack.InteractionCallback) {
		if in.Type != slack.InteractionTypeMessageAction || in.CallbackID != "unlock_person" || in.Message.User != "U_MEI" || in.MessageTs != m.TS() {
			t.Errorf("the shortcut is %+v", in)
		}
		if in.Channel.ID != "G_BOARD" || in.Channel.Name != "privategroup" {
			t.Errorf("the channel is %+v", in.Channel)
		}
		for _, body := range []map[string]any{{"text": "Looking up", "response_type": "ephemeral"}, {"text": "Not hers", "replace_original": true}} {
			if status, said := respond(t, in.ResponseURL, body); status != 200 {
				t.Errorf("%d %s", status, said)
			}
		}
	})
	must(t, m.Shortcut("unlock_person"))
	want := "a < b & I am locked out\n\nLooking up\n\nNot hers"
	if got := dana.Room().Text(); got != want {
		t.Errorf("dana sees %q", got)
	}
	if got := mei.Room().Text(); got != "a < b & I am locked out" {
		t.Errorf("mei sees %q", got)
	}
	last, _ := dana.Last()
	want = "action_ts callback_id channel enterprise is_enterprise_install message message_ts response_url team token trigger_id type user"
	if got := keys(payloadOf(t, last.Request)); got != want {
		t.Errorf("the payload has %s, want %s", got, want)
	}
	second, err := dana.Room().Message("Looking up")
	must(t, err)
	if err := second.Shortcut("unlock_person"); err == nil || !strings.Contains(err.Error(), "only one person sees") {
		t.Errorf("a shortcut of an ephemeral message: %v", err)
	}
}

// Slack's client offers shortcuts to those who may use them, by the names of
// the manifest, and nothing else.
func TestShortcutsThatAreNotOffered(t *testing.T) {
	b := start(t, outsiders)
	wrote, err := b.ws.As("U_MEI").In("C_HELP").Write("help")
	must(t, err)
	_, ts, err := b.client.PostMessage("C_HELP", slack.MsgOptionText("soon gone", false))
	must(t, err)
	gone, err := b.ws.As("U_DANA").In("C_HELP").Room().Message("soon gone")
	must(t, err)
	_, _, err = b.client.DeleteMessage("C_HELP", ts)
	must(t, err)
	stranger, err := b.ws.As("U_GUEST").In("C_HELP").Room().Message("help")
	must(t, err)
	for name, c := range map[string]struct {
		err   error
		words string
	}{
		"another name":            {b.ws.As("U_DANA").Shortcut("Unlock"), `no shortcut "Unlock": there are "Unlock an account", no others`},
		"a message's, globally":   {b.ws.As("U_DANA").Shortcut("Unlock this person"), "no shortcut"},
		"a global one, there":     {wrote.Shortcut("Unlock an account"), `there are "Unlock this person", no others`},
		"a stranger":              {b.ws.As("U_GUEST").Shortcut("Unlock an account"), "stranger"},
		"a stranger on a message": {stranger.Shortcut("Unlock this person"), "stranger"},
		"the deactivated":         {b.ws.As("U_GONE").Shortcut("Unlock an account"), "deactivated"},
		"nobody":                  {b.ws.As("U_NONE").Shortcut("Unlock an account"), "no user"},
		"a bot":                   {b.ws.As("U_ROBOT").Shortcut("Unlock an account"), "is a bot"},
		"a deleted message":       {gone.Shortcut("Unlock this person"), "deleted"},
		"nobody in particular":    {b.ws.Channel("C_HELP").Messages()[0].Shortcut("Unlock this person"), "no user"},
	} {
		if c.err == nil || !strings.Contains(c.err.Error(), c.words) {
			t.Errorf("%s: %v", name, c.err)
		}
	}
	if sent := b.ws.Exchanges(); len(sent) > 0 {
		t.Errorf("the bot got %v", sent)
	}
}

func TestShortcutsOfTheManifest(t *testing.T) {
	for name, s := range map[string]playground.Shortcut{
		"no id": {Name: "Unlock"}, "no name": {CallbackID: "a"}, "long name": {CallbackID: "a", Name: strings.Repeat("n", 25)},
		"long id": {CallbackID: strings.Repeat("a", 256), Name: "Unlock"}, "long text": {CallbackID: "a", Name: "Unlock", About: strings.Repeat("a", 151)},
	} {
		if _, err := playground.New(playground.Options{Shortcuts: []playground.Shortcut{s}}); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	twice := append(playground.DefaultShortcuts(), playground.DefaultShortcuts()...)
	if _, err := playground.New(playground.Options{Shortcuts: twice}); err == nil {
		t.Error("a callback id used twice: accepted")
	}
}

// What is written by somebody else is neither read nor changed by the bot.
func TestPeopleWrite(t *testing.T) {
	b := start(t, outsiders)
	wrote, err := b.ws.As("U_MEI").In("C_HELP").Write("mine")
	must(t, err)
	if got := b.ws.Exchanges(); len(got) > 0 {
		t.Errorf("the bot heard of it: %v", got)
	}
	if _, _, _, err := b.client.UpdateMessage("C_HELP", wrote.TS(), slack.MsgOptionText("his", false)); err == nil || err.Error() != "cant_update_message" {
		t.Errorf("the bot changed it: %v", err)
	}
	if _, _, err := b.client.DeleteMessage("C_HELP", wrote.TS()); err == nil || err.Error() != "cant_delete_message" {
		t.Errorf("the bot deleted it: %v", err)
	}
	for name, err := range map[string]error{
		"in the DM":       second(b.ws.As("U_MEI").Write("hello")),
		"elsewhere":       second(b.ws.As("U_MEI").In("C_NONE").Write("hello")),
		"nothing":         second(b.ws.As("U_MEI").In("C_HELP").Write(" ")),
		"the deactivated": second(b.ws.As("U_GONE").In("C_HELP").Write("hello")),
		"the bot":         second(b.ws.As("U0BOT").In("C_HELP").Write("hello")),
		"a webhook":       b.ws.WriteWebhook("C_NONE", "Nagios", "a"),
		"without a name":  b.ws.WriteWebhook("C_HELP", "", "a"),
	} {
		if err == nil {
			t.Errorf("%s: written", name)
		}
	}
	if got := b.ws.Channel("C_HELP").Text(); got != "mine" {
		t.Errorf("the channel reads %q", got)
	}
}

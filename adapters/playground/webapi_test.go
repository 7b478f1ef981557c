package playground_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"latchkey/adapters/playground"
)

// apiAnswer is what every method answers.
type apiAnswer struct {
	status int
	header http.Header
	OK     bool   `json:"ok"`
	Error  string `json:"error"`
	Needed string `json:"needed"`
	Meta   struct {
		Messages []string `json:"messages"`
	} `json:"response_metadata"`
	TS        string         `json:"ts"`
	MessageTS string         `json:"message_ts"`
	Channel   any            `json:"channel"`
	View      map[string]any `json:"view"`
	User      any            `json:"user"`
}

// call posts a body to a method with the bot's token.
func call(t *testing.T, ws *playground.Workspace, method, contentType, body string) apiAnswer {
	t.Helper()
	return callAs(t, ws, "Bearer "+ws.Token(), method, contentType, body)
}

func callAs(t *testing.T, ws *playground.Workspace, authorization, method, contentType, body string) apiAnswer {
	t.Helper()
	req, err := http.NewRequest(http.MethodPost, ws.APIURL()+method, strings.NewReader(body))
	must(t, err)
	req.Header.Set("Content-Type", contentType)
	if authorization != "" {
		req.Header.Set("Authorization", authorization)
	}
	resp, err := http.DefaultClient.Do(req)
	must(t, err)
	defer resp.Body.Close()
	out := apiAnswer{status: resp.StatusCode, header: resp.Header}
	must(t, json.NewDecoder(resp.Body).Decode(&out))
	return out
}

const (
	asJSON = "application/json; charset=utf-8"
	asForm = "application/x-www-form-urlencoded"
)

// Slack's own words for each way to be refused.
func TestWebAPIRefusesInSlacksWords(t *testing.T) {
	b := start(t, func(o *playground.Options) {
		o.Channels = append(o.Channels, playground.Channel{ID: "C_SMALL", Name: "small", Members: []string{"U_MEI"}})
	})
	section := url.QueryEscape(`[{"type":"section","text":{"type":"plain_text","text":"a"}}]`)
	modal := `{"type":"modal","title":{"type":"plain_text","text":"a"},"blocks":[{"type":"divider"}]}`
	for _, c := range []struct{ name, method, kind, body, want string }{
		{"unknown method", "chat.scheduleMessage", asForm, "channel=C_AUDIT&text=a", "unknown_method"},
		{"XML", "chat.postMessage", "text/xml", "<a/>", "invalid_post_type"},
		{"no content type", "chat.postMessage", "", "channel=C_AUDIT&text=a", "missing_post_type"},
		{"half a JSON", "chat.postMessage", asJSON, `{"channel":`, "json_not_object"},
		{"JSON list", "chat.postMessage", asJSON, `[]`, "json_not_object"},
		{"broken form", "chat.postMessage", asForm, "channel=%zz", "invalid_form_data"},
		{"doubled argument", "chat.postMessage", asForm, "channel=C_AUDIT&channel=C_OUT&text=a", "invalid_form_data"},
		{"oversized", "chat.postMessage", asForm, "text=" + strings.Repeat("a", 1<<20), "request_too_large"},
		{"no such channel", "chat.postMessage", asForm, "channel=C_NONE&text=a", "channel_not_found"},
		{"not invited", "chat.postMessage", asForm, "channel=C_OUT&text=a", "not_in_channel"},
		{"to a deactivated user", "chat.postMessage", asForm, "channel=U_GONE&text=a", "channel_not_found"},
		{"no text", "chat.postMessage", asForm, "channel=C_AUDIT", "no_text"},
		{"empty text", "chat.postMessage", asForm, "channel=C_AUDIT&text=", "no_text"},
		{"blocks without text", "chat.postMessage", asForm, "channel=C_AUDIT&blocks=" + section, "no_text"},
		{"too much text", "chat.postMessage", asForm, "channel=C_AUDIT&text=" + strings.Repeat("a", 40_001), "msg_too_long"},
		{"blocks are no JSON", "chat.postMessage", asForm, "channel=C_AUDIT&text=a&blocks=[", "invalid_blocks_format"},
		{"blocks null", "chat.postMessage", asForm, "channel=C_AUDIT&text=a&blocks=null", "invalid_blocks"},
		{"wrong block", "chat.postMessage", asForm, "channel=C_AUDIT&text=a&blocks=" + url.QueryEscape(`[{"type":"banner"}]`), "invalid_blocks"},
		{"unknown argument", "chat.postMessage", asForm, "channel=C_AUDIT&text=a&icon_emoji=x", "invalid_arguments"},
		{"flag of another word", "chat.postMessage", asForm, "channel=C_AUDIT&text=a&unfurl_links=maybe", "invalid_arguments"},
		{"thread of nothing", "chat.postMessage", asForm, "channel=C_AUDIT&text=a&thread_ts=1.2", "thread_not_found"},
		{"ephemeral to an outsider", "chat.postEphemeral", asForm, "channel=C_SMALL&user=U_DANA&text=a", "user_not_in_channel"},
		{"update of nothing", "chat.update", asForm, "channel=C_AUDIT&ts=1.2&text=a", "message_not_found"},
		{"update nowhere", "chat.update", asForm, "channel=C_NONE&ts=1.2&text=a", "channel_not_found"},
		{"delete of nothing", "chat.delete", asForm, "channel=C_AUDIT&ts=1.2", "message_not_found"},
		{"DM with nobody", "conversations.open", asForm, "", "users_list_not_supplied"},
		{"DM with a stranger to us", "conversations.open", asForm, "users=U_NONE", "user_not_found"},
		{"DM with the deactivated", "conversations.open", asForm, "users=U_GONE", "user_disabled"},
		{"DM with a bot", "conversations.open", asForm, "users=U0BOT", "cannot_dm_bot"},
		{"unknown user", "users.info", asForm, "user=U_NONE", "user_not_found"},
		{"users.info in JSON", "users.info", asJSON, `{"user":"U_DANA"}`, "invalid_arguments"},
		{"unknown mail", "users.lookupByEmail", asForm, "email=nobody@example.com", "users_not_found"},
		{"mail of the deactivated", "users.lookupByEmail", asForm, "email=gone@example.com", "users_not_found"},
		{"no mail", "users.lookupByEmail", asForm, "email=", "users_not_found"},
		{"trigger from nowhere", "views.open", asJSON, `{"trigger_id":"1.2.x","view":` + modal + `}`, "invalid_trigger_id"},
		{"push from nowhere", "views.push", asJSON, `{"trigger_id":"1.2.x","view":` + modal + `}`, "invalid_trigger_id"},
		{"update of no view", "views.update", asJSON, `{"view_id":"V_NONE","view":` + modal + `}`, "not_found"},
		{"view that is wrong", "views.update", asJSON, `{"view_id":"V_NONE","view":{"type":"modal"}}`, "invalid_arguments"},
		{"view too large", "views.update", asJSON, `{"view_id":"V1","view":{"type":"modal","private_metadata":"` + strings.Repeat("a", 260_000) + `"}}`, "view_too_large"},
		{"home of nobody", "views.publish", asJSON, `{"user_id":"U_NONE","view":{"type":"home","blocks":[{"type":"divider"}]}}`, "invalid_arguments"},
		{"home with a hash before there is one", "views.publish", asJSON, `{"user_id":"U_DANA","hash":"1.a","view":{"type":"home","blocks":[{"type":"divider"}]}}`, "hash_conflict"},
	} {
		got := call(t, b.ws, c.method, c.kind, c.body)
		if got.OK || got.Error != c.want || got.status != 200 {
			t.Errorf("%s: %d ok=%v %q, want %q", c.name, got.status, got.OK, got.Error, c.want)
		}
		if c.want == "invalid_blocks" && !strings.Contains(strings.Join(got.Meta.Messages, " "), "[json-pointer:/blocks") {
			t.Errorf("%s: the messages name no place: %q", c.name, got.Meta.Messages)
		}
	}
	if all := b.ws.Channel("C_AUDIT").Messages(); len(all) != 0 {
		t.Errorf("refused calls have posted %d messages", len(all))
	}
}

func TestTokensAndScopes(t *testing.T) {
	b := start(t, func(o *playground.Options) { o.Scopes = []string{"commands", "users:read"} })
	for _, c := range []struct{ header, body, want string }{
		{"", "", "not_authed"},
		{"", "token=wrong", "invalid_auth"},
		{"Bearer wrong", "", "invalid_auth"},
		{"Bearer wrong", "token=" + b.ws.Token(), "invalid_auth"},
		{"Bearer " + b.ws.Token(), "", ""},
		{"", "token=" + b.ws.Token(), ""},
	} {
		got := callAs(t, b.ws, c.header, "auth.test", asForm, c.body)
		if got.Error != c.want || got.OK != (c.want == "") {
			t.Errorf("header %q, body %q: %q, want %q", c.header, c.body, got.Error, c.want)
		}
		if scopes := got.header.Get("X-OAuth-Scopes"); (scopes == "commands,users:read") != got.OK {
			t.Errorf("header %q, body %q: answered %q with the scopes %q", c.header, c.body, got.Error, scopes)
		}
	}
	got := call(t, b.ws, "chat.postMessage", asForm, "channel=C_AUDIT&text=a")
	if got.Error != "missing_scope" || got.Needed != "chat:write" || got.header.Get("X-OAuth-Scopes") != "commands,users:read" {
		t.Errorf("without chat:write: %q, needed %q, header %v", got.Error, got.Needed, got.header)
	}
	dana := call(t, b.ws, "users.info", asForm, "user=U_DANA")
	if profile := dana.User.(map[string]any)["profile"].(map[string]any); profile["email"] != nil {
		t.Errorf("without users:read.email the address is shown: %v", profile["email"])
	}
}

func TestPeopleAsSlackDescribesThem(t *testing.T) {
	b := start(t, nil)
	dana, err := b.client.GetUserInfo("U_DANA")
	must(t, err)
	if dana.TZ != "Europe/Berlin" || !dana.IsEmailConfirmed || dana.Profile.Email != "dana@example.com" || dana.TeamID != "T0PLAY" || dana.RealName != "Dana Ortiz" {
		t.Errorf("dana is %+v", dana)
	}
	guest, err := b.client.GetUserInfo("U_GUEST")
	must(t, err)
	if !guest.IsStranger || guest.TeamID != "T_OTHER" {
		t.Errorf("the guest is %+v", guest)
	}
	b.ws.SetUser(playground.User{ID: "U_DANA", Name: "dana", Email: "dana@example.com", IsRestricted: true, Deleted: true, Unconfirmed: true})
	if dana, err = b.client.GetUserInfo("U_DANA"); err != nil || !dana.Deleted || !dana.IsRestricted || dana.IsEmailConfirmed {
		t.Errorf("dana was changed to %+v (%v)", dana, err)
	}
	mei, err := b.client.GetUserByEmail("MEI@example.com")
	if err != nil || mei.ID != "U_MEI" {
		t.Errorf("by mail: %+v (%v)", mei, err)
	}
	channel, _, before, err := b.client.OpenConversation(&slack.OpenConversationParameters{Users: []string{"U_MEI"}, ReturnIM: true})
	if err != nil || before || channel.ID != "DU_MEI" || channel.User != "U_MEI" {
		t.Errorf("DM: %+v before=%v (%v)", channel, before, err)
	}
}

func TestMessagesArePostedChangedAndDeleted(t *testing.T) {
	b := start(t, nil)
	channel, ts, err := b.client.PostMessage("C_AUDIT", slack.MsgOptionText("first", false), slack.MsgOptionBlocks(slack.NewSectionBlock(plain("first"), nil, nil)))
	must(t, err)
	_, reply, err := b.client.PostMessage("C_AUDIT", slack.MsgOptionText("<@U_MEI> in <#C_AUDIT>", false), slack.MsgOptionTS(ts))
	must(t, err)
	secret, err := b.client.PostEphemeral("C_AUDIT", "U_DANA", slack.MsgOptionText("for you only", false))
	must(t, err)

	if got, want := b.ws.Channel("C_AUDIT").Text(), "first\n\n@Mei Tan in #audit"; got != want {
		t.Errorf("all see %q, want %q", got, want)
	}
	if got, want := b.ws.As("U_DANA").In("C_AUDIT").Room().Text(), "first\n\n@Mei Tan in #audit\n\nfor you only"; got != want {
		t.Errorf("dana sees %q, want %q", got, want)
	}
	if all := b.ws.Channel("C_AUDIT").Messages(); all[1].Thread() != ts || all[1].TS() != reply || all[0].Ephemeral() {
		t.Errorf("thread is %q, ts %q", all[1].Thread(), all[1].TS())
	}
	// A text alone leaves the blocks, as Slack has it.
	_, _, _, err = b.client.UpdateMessage(channel, ts, slack.MsgOptionText("second", false))
	must(t, err)
	first := b.ws.Channel("C_AUDIT").Messages()[0]
	if first.Text() != "first" || first.Notification() != "second" || !first.Edited() {
		t.Errorf("updated: reads %q, notified %q, edited %v", first.Text(), first.Notification(), first.Edited())
	}
	if _, _, _, err := b.client.UpdateMessage(channel, secret, slack.MsgOptionText("x", false)); err == nil || err.Error() != "message_not_found" {
		t.Errorf("an ephemeral message was updated: %v", err)
	}
	_, _, err = b.client.DeleteMessage(channel, ts)
	must(t, err)
	if got := b.ws.Channel("C_AUDIT").Text(); got != "@Mei Tan in #audit" {
		t.Errorf("after deletion: %q", got)
	}
	if _, err := first.ClickRequest("x"); err == nil {
		t.Error("a deleted message was clicked")
	}
}

func TestOneMessageASecondAndChannel(t *testing.T) {
	clock := newClock()
	b := start(t, func(o *playground.Options) { o.MessageEvery, o.Now = time.Second, clock.Now })
	post := func(channel string) apiAnswer {
		return call(t, b.ws, "chat.postMessage", asForm, "text=a&channel="+channel)
	}
	if got := post("C_AUDIT"); !got.OK {
		t.Fatalf("first: %q", got.Error)
	}
	if got := post("C_AUDIT"); got.status != 429 || got.Error != "ratelimited" || got.header.Get("Retry-After") != "1" {
		t.Errorf("second at once: %d %q %q", got.status, got.Error, got.header.Get("Retry-After"))
	}
	if got := post("U_MEI"); !got.OK {
		t.Errorf("another channel: %q", got.Error)
	}
	clock.pass(time.Second)
	if got := post("C_AUDIT"); !got.OK {
		t.Errorf("a second later: %q", got.Error)
	}
}

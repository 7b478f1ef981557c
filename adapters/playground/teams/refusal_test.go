package teams_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"latchkey/adapters/playground/teams"
)

// Login refuses each wrong part with Microsoft's number for it.
func TestLoginRefuses(t *testing.T) {
	b := stage(t, nil)
	good := func() url.Values {
		return url.Values{"grant_type": {"client_credentials"}, "client_id": {b.tenant.AppID()},
			"client_secret": {b.tenant.AppSecret()}, "scope": {teams.Scope}}
	}
	for _, c := range []struct {
		name, member, value, tenant, number string
		status                              int
	}{
		{"wrong secret", "client_secret", "x", "", "AADSTS7000215", 401},
		{"no secret", "client_secret", "", "", "AADSTS7000215", 401},
		{"wrong app", "client_id", "x", "", "AADSTS700016", 400},
		{"wrong scope", "scope", "https://graph.microsoft.com/.default", "", "AADSTS70011", 400},
		{"wrong grant", "grant_type", "password", "", "AADSTS70003", 400},
		{"wrong tenant", "", "", "botframework.com", "AADSTS90002", 400},
	} {
		t.Run(c.name, func(t *testing.T) {
			form, address := good(), b.tenant.TokenURL()
			if c.member != "" {
				form.Set(c.member, c.value)
			}
			if c.tenant != "" {
				address = strings.Replace(address, b.tenant.ID(), c.tenant, 1)
			}
			resp, err := http.PostForm(address, form)
			ok(t, err)
			defer resp.Body.Close()
			var answer object
			ok(t, json.NewDecoder(resp.Body).Decode(&answer))
			if resp.StatusCode != c.status || !strings.HasPrefix(text(answer, "error_description"), c.number+":") {
				t.Errorf("%d %v", resp.StatusCode, answer)
			}
		})
	}
}

// The Connector refuses what Teams refuses, each for its own reason.
func TestConnectorRefuses(t *testing.T) {
	b := stage(t, nil)
	chat := b.chat(dana)
	own := b.post(chat, object{"type": "message", "text": "mine"})
	ok(t, b.tenant.As(dana).Say("hers"))
	hers := text(b.heard[0], "id")
	to := "/" + esc(chat) + "/activities"
	message := func(more object) object {
		a := object{"type": "message", "text": "a"}
		for key, value := range more {
			a[key] = value
		}
		return a
	}
	opened := func(more object) object {
		a := object{"members": []any{object{"id": dana}}, "tenantId": b.tenant.ID()}
		for key, value := range more {
			a[key] = value
		}
		return a
	}
	newer := card([]any{say("a")})
	newer["version"] = "1.6"
	for _, c := range []struct {
		name, method, path string
		body               any
		status             int
		code               string
	}{
		{"28 KB", "POST", to, message(object{"text": strings.Repeat("x", 28*1024)}), 413, "MessageSizeTooBig"},
		{"a card of version 1.6", "POST", to, holding(newer), 400, "BadSyntax"},
		{"an invalid card", "POST", to, holding(card([]any{object{"type": "TextBlok", "text": "a"}})), 400, "BadSyntax"},
		{"another kind of card", "POST", to, message(object{"attachments": []any{object{"contentType": "application/vnd.microsoft.card.hero"}}}), 400, "BadSyntax"},
		{"no text", "POST", to, object{"type": "message"}, 400, "BadSyntax"},
		{"no type", "POST", to, object{"text": "a"}, 400, "BadSyntax"},
		{"no JSON", "POST", to, "{", 400, "BadSyntax"},
		{"two values", "POST", to, "{} {}", 400, "BadSyntax"},
		{"a time of the year 1", "POST", to, message(object{"timestamp": "0001-01-01T00:00:00Z"}), 400, "BadSyntax"},
		{"an expiration of the year 1", "POST", to, message(object{"expiration": "0001-01-01T00:00:00Z"}), 400, "BadSyntax"},
		{"from another bot", "POST", to, message(object{"from": object{"id": "28:x"}}), 400, "BadSyntax"},
		{"in another conversation", "POST", to, message(object{"conversation": object{"id": group}}), 400, "BadSyntax"},
		{"a mention that is not there", "POST", to, message(object{"entities": []any{object{"type": "mention", "text": "<at>Mei</at>"}}}), 400, "BadSyntax"},
		{"unknown conversation", "POST", "/a:1x/activities", message(nil), 404, "ConversationNotFound"},
		{"an id that is not escaped", "POST", "/" + chat + "/activities", message(nil), 404, "NotFound"},
		{"a thread that is not escaped", "POST", "/" + help + ";messageid=1/activities", message(nil), 400, "BadArgument"},
		{"answer to nothing", "POST", to + "/1", message(nil), 404, "ActivityNotFoundInConversation"},
		{"update of nothing", "PUT", to + "/1", message(nil), 404, "ActivityNotFoundInConversation"},
		{"update of hers", "PUT", to + "/" + hers, message(nil), 403, "Forbidden"},
		{"update with another id", "PUT", to + "/" + own, message(object{"id": "1"}), 400, "BadSyntax"},
		{"update as targeted", "PUT", to + "/" + own + "?isTargetedActivity=true", message(nil), 404, "ActivityNotFoundInConversation"},
		{"delete of nothing", "DELETE", to + "/1", nil, 404, "ActivityNotFoundInConversation"},
		{"targeted in a 1:1 chat", "POST", to + "?isTargetedActivity=true", message(object{"recipient": object{"id": dana}}), 400, "BadSyntax"},
		{"targeted at a stranger", "POST", "/" + esc(group) + "/activities?isTargetedActivity=true", message(object{"recipient": object{"id": gus}}), 404, "MemberNotFoundInConversation"},
		{"member unknown", "GET", "/" + esc(group) + "/members/x", nil, 404, "MemberNotFoundInConversation"},
		{"member outside", "GET", "/" + esc(group) + "/members/" + gus, nil, 404, "MemberNotFoundInConversation"},
		{"chat without installation", "POST", "", opened(object{"members": []any{object{"id": gus}}}), 403, "BotNotInConversationRoster"},
		{"chat with nobody known", "POST", "", opened(object{"members": []any{object{"id": "x"}}}), 403, "Forbidden"},
		{"chat in a foreign tenant", "POST", "", opened(object{"tenantId": "botframework.com"}), 403, "Forbidden"},
		{"chat without tenant", "POST", "", object{"members": []any{object{"id": dana}}}, 400, "BadSyntax"},
		{"chat of another bot", "POST", "", opened(object{"bot": object{"id": "28:x"}}), 400, "BadSyntax"},
		{"chat with two", "POST", "", opened(object{"members": []any{object{"id": dana}, object{"id": mei}}}), 400, "BadSyntax"},
		{"unknown operation", "POST", "/" + esc(chat) + "/history", message(nil), 404, "NotFound"},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := len(b.tenant.As(dana).DM().Messages())
			status, answer, _ := b.call(c.method, c.path, c.body)
			if status != c.status || text(answer, "error", "code") != c.code {
				t.Errorf("%d %v", status, answer)
			}
			if len(b.tenant.As(dana).DM().Messages()) != before {
				t.Error("something changed on the screen")
			}
			if faulty := c.status == 400 || c.status == 413; faulty && len(b.tenant.TakeProblems()) == 0 {
				t.Error("it is not among the problems")
			}
		})
	}
}

// Throttling counts writes by conversation, and tells when to come again.
func TestThrottling(t *testing.T) {
	now := time.Now()
	b := stage(t, func(o *teams.Options) {
		o.PerSecond, o.PerHalfMinute, o.Now = 7, 9, func() time.Time { return now }
	})
	to := "/" + esc(group) + "/activities"
	say := object{"type": "message", "text": "a"}
	send := func() (int, http.Header) { status, _, header := b.call("POST", to, say); return status, header }
	for range 7 {
		if status, _ := send(); status != 201 {
			t.Fatalf("status %d", status)
		}
	}
	if status, header := send(); status != 429 || header.Get("Retry-After") != "1" {
		t.Errorf("%d, Retry-After %q", status, header.Get("Retry-After"))
	}
	if status, _, _ := b.call("POST", "/"+esc(help)+"/activities", say); status != 201 {
		t.Errorf("another conversation: %d", status)
	}
	now = now.Add(2 * time.Second)
	for range 2 {
		if status, _ := send(); status != 201 {
			t.Fatalf("status %d", status)
		}
	}
	if status, header := send(); status != 429 || header.Get("Retry-After") != "28" {
		t.Errorf("%d, Retry-After %q", status, header.Get("Retry-After"))
	}
}

// Tokens end; faults come on demand and are no problems of the bot.
func TestTokensAndFaults(t *testing.T) {
	now := time.Now()
	b := stage(t, func(o *teams.Options) { o.TokenLife, o.Now = time.Minute, func() time.Time { return now } })
	to, say := "/"+esc(group)+"/activities", object{"type": "message", "text": "a"}
	for _, c := range []struct {
		fault  teams.Fault
		status int
	}{
		{teams.Throttled(1500 * time.Millisecond), 429}, {teams.Failing(412), 412}, {teams.Failing(503), 503},
		{teams.Fault{Drop: true}, 0}, {teams.Fault{Lose: true}, 0}, {teams.Slow(time.Millisecond), 201},
	} {
		b.tenant.Fail("send", c.fault, 1)
		status, _, header := b.call("POST", to, say)
		if status != c.status || c.status == 429 && header.Get("Retry-After") != "2" {
			t.Errorf("%+v: %d %v", c.fault, status, header)
		}
	}
	if got := len(b.tenant.Channel(group).Messages()); got != 2 {
		t.Errorf("%d messages stand there, the lost and the slow one are expected", got)
	}
	now = now.Add(2 * time.Minute)
	if status, _, _ := b.call("POST", to, say); status != 401 {
		t.Errorf("an old token: %d", status)
	}
	if problems := b.tenant.Problems(); len(problems) > 0 {
		t.Errorf("problems: %q", problems)
	}
}

// Each forged token is refused by a bot that checks what Microsoft asks for,
// and the right one is taken before and after them and after a rotation.
func TestForgeries(t *testing.T) {
	b := stage(t, nil)
	forgeries, err := b.tenant.Forgeries()
	ok(t, err)
	if len(forgeries) < 50 {
		t.Errorf("%d forgeries, 50 are wanted", len(forgeries))
	}
	names := map[string]bool{}
	req, err := b.tenant.ActivityRequest(dana, "", "message", func(a map[string]any) { a["text"] = "help" })
	ok(t, err)
	send := func(r teams.Request) int {
		x, err := b.tenant.Send(context.Background(), r)
		ok(t, err)
		return x.Status
	}
	if got := send(req); got != 200 {
		t.Fatalf("the right token: %d", got)
	}
	for _, f := range forgeries {
		forged := req.Clone()
		f.Sign(&forged)
		if got := send(forged); got != 401 || names[f.Name] {
			t.Errorf("%s: %d", f.Name, got)
		}
		names[f.Name] = true
	}
	for _, keep := range []bool{true, false} {
		ok(t, b.tenant.Rotate(keep))
		if got := send(req); got != map[bool]int{true: 200, false: 401}[keep] {
			t.Errorf("the old key after a rotation that keeps it %v: %d", keep, got)
		}
		b.tenant.Sign(&req)
		if got := send(req); got != 200 {
			t.Errorf("the new key: %d", got)
		}
	}
}

// An answer that Teams would not take is an error for the person and a problem.
func TestAnswersAreJudged(t *testing.T) {
	b := stage(t, nil)
	good := card([]any{say("a")})
	b.post(b.chat(dana), holding(card([]any{say("Now?")}, button("Action.Execute", "Go", object{"verb": "go"}),
		button("Action.Submit", "Open", object{"data": object{"msteams": object{"type": "task/fetch"}}}))))
	p := b.tenant.As(dana)
	m, err := p.DM().Message("Now?")
	ok(t, err)
	for _, c := range []struct {
		name, button string
		status       int
		answer       any
	}{
		{"nothing", "Go", 200, nil},
		{"202", "Go", 202, changed(good)},
		{"a list", "Go", 200, []any{}},
		{"no statusCode", "Go", 200, object{"type": "application/vnd.microsoft.activity.message", "value": "a"}},
		{"statusCode a string", "Go", 200, object{"statusCode": "200", "type": "application/vnd.microsoft.activity.message", "value": "a"}},
		{"an unknown type", "Go", 200, object{"statusCode": 200, "type": "message", "value": "a"}},
		{"a card as error", "Go", 200, object{"statusCode": 500, "type": "application/vnd.microsoft.card.adaptive", "value": good}},
		{"an error without code", "Go", 200, object{"statusCode": 400, "type": "application/vnd.microsoft.error", "value": object{"message": "a"}}},
		{"an invalid card", "Go", 200, changed(card([]any{object{"type": "TextBlock"}}))},
		{"a task", "Go", 200, dialog("a", good)},
		{"500", "Go", 500, nil},
		{"no task", "Open", 200, nil},
		{"task a string", "Open", 200, object{"task": "a"}},
		{"task of another type", "Open", 200, object{"task": object{"type": "update"}}},
		{"a dialog without title", "Open", 200, dialog("", good)},
		{"a bare card", "Open", 200, object{"task": object{"type": "continue", "value": object{"title": "a", "card": good}}}},
		{"an invalid card in it", "Open", 200, dialog("a", card([]any{object{"type": "TextBlock"}}))},
		{"an empty text", "Open", 200, object{"task": object{"type": "message", "value": ""}}},
		{"a card's answer", "Open", 200, changed(good)},
	} {
		t.Run(c.name, func(t *testing.T) {
			give := func(object) (int, any) { return c.status, c.answer }
			b.on("adaptiveCard/action", give)
			b.on("task/fetch", give)
			if err := m.Click(c.button); err == nil || len(b.tenant.TakeProblems()) == 0 {
				t.Errorf("it was taken: %v", err)
			}
			ok(t, p.NoModal())
		})
	}
}

// A refused dump folder and options that contradict themselves are said at once.
func TestOptions(t *testing.T) {
	for _, o := range []teams.Options{
		{Users: []teams.User{{ID: "a"}, {ID: "a"}}}, {Users: []teams.User{{ID: ""}}},
		{Users: []teams.User{{ID: "a", TZ: "Mars/Olympus"}}}, {Channels: []teams.Channel{{ID: "19:a;messageid=1"}}},
	} {
		if _, err := teams.New(o); err == nil {
			t.Errorf("%+v was taken", o)
		}
	}
	tenant, err := teams.New(teams.Options{})
	ok(t, err)
	if err := tenant.Start("0.0.0.0:0"); err == nil {
		t.Error("it listens to the world")
	}
}

// Every card that goes either way is dumped, and nothing else.
func TestDump(t *testing.T) {
	dir := t.TempDir()
	b := stage(t, func(o *teams.Options) { o.DumpDir = dir })
	b.post(group, object{"type": "message", "text": "no card"})
	b.post(b.chat(dana), holding(card([]any{say("Now?")}, button("Action.Execute", "Go", object{"verb": "go"}))))
	b.on("adaptiveCard/action", func(object) (int, any) { return 200, changed(card([]any{say("Done")})) })
	m, err := b.tenant.As(dana).DM().Message("Now?")
	ok(t, err)
	ok(t, m.Click("Go"))
	files, err := os.ReadDir(dir)
	ok(t, err)
	if len(files) != 2 {
		t.Errorf("%d files were dumped, 2 are expected: %v", len(files), files)
	}
}

package activity

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/infracloudio/msbotbuilder-go/schema"
)

const (
	tenant = "7e5a1c0f-1111-4222-8333-9d3c0a1b2c3d"
	dana   = "11111111-2222-4333-8444-555555555555"
	bot    = "28:b07a9c3e-4444-4555-8666-0e1f2a3b4c5d"
)

type fields = map[string]any

// message is what Teams sends when Dana writes in a channel.
func message() fields {
	return fields{
		"type": "message", "id": "f:1790000000000", "channelId": "msteams", "serviceUrl": "https://smba.trafficmanager.net/emea/",
		"timestamp": "2026-11-24T03:00:00.123Z", "localTimestamp": "2026-11-24T04:00:00+01:00", "localTimezone": "Europe/Berlin",
		"text": "<at>Latchkey</at> unlock <at>Mei &amp; Lin</at>&nbsp;", "textFormat": "plain",
		"from":         fields{"id": "29:1abc/x", "name": "Dana", "aadObjectId": dana},
		"recipient":    fields{"id": bot, "name": "Latchkey"},
		"conversation": fields{"id": "19:a@thread.tacv2;messageid=1", "conversationType": "channel", "tenantId": tenant, "isGroup": true},
		"channelData":  fields{"tenant": fields{"id": tenant}, "team": fields{"id": "19:t"}},
		"entities": []any{
			fields{"type": "mention", "text": "<at>Latchkey</at>", "mentioned": fields{"id": bot, "name": "Latchkey"}},
			fields{"type": "mention", "text": "<at>Mei &amp; Lin</at>", "mentioned": fields{"id": "29:1mei", "name": "Mei & Lin", "aadObjectId": "x"}},
			fields{"type": "clientInfo", "locale": "de-DE", "timezone": "Europe/Berlin"},
		},
	}
}

func invoke(name string, value any) fields {
	a := message()
	a["type"], a["name"], a["value"] = "invoke", name, value
	return a
}

// set changes one field, "a.b" one inside another. A nil value takes it out.
func set(a fields, path string, value any) fields {
	a = maps.Clone(a)
	name, rest, inner := strings.Cut(path, ".")
	switch {
	case inner:
		below, _ := a[name].(fields)
		a[name] = set(below, rest, value)
	case value == nil:
		delete(a, name)
	default:
		a[name] = value
	}
	return a
}

func encoded(t testing.TB, a fields) []byte {
	t.Helper()
	data, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestMessage(t *testing.T) {
	r, err := ReadFrom(strings.NewReader(string(encoded(t, message()))+"\n"), 7)
	if err != nil {
		t.Fatal(err)
	}
	if r.Said != "unlock Mei & Lin" {
		t.Errorf("said %q", r.Said)
	}
	if diff := cmp.Diff(Person{Tenant: tenant, ObjectID: dana, MRI: "29:1abc/x", Name: "Dana"}, r.Person); diff != "" {
		t.Error(diff)
	}
	want := []Mention{{ID: bot, Name: "Latchkey", Bot: true}, {ID: "29:1mei", Name: "Mei & Lin", ObjectID: "x"}}
	if diff := cmp.Diff(want, r.Mentions); diff != "" {
		t.Error(diff)
	}
	if r.ConversationTenant != tenant || r.ChannelTenant != tenant || r.Conversation.ConversationType != Channel || r.Entities[2].Timezone != "Europe/Berlin" {
		t.Errorf("read %+v", r)
	}
}

func TestWhatIsTaken(t *testing.T) {
	for name, a := range map[string]fields{
		"card action": invoke(CardAction, fields{"action": fields{"verb": "x"}}), "fetch": invoke(TaskFetch, fields{}), "submit": invoke(TaskSubmit, fields{"data": fields{}}),
		"extension fetch": invoke(ExtendFetch, fields{"commandId": "x"}), "extension submit": invoke(ExtendSubmit, fields{}),
		"installed": set(set(message(), "type", "installationUpdate"), "action", "add"), "uninstalled": set(set(message(), "type", "installationUpdate"), "action", "remove"),
		"members": set(set(message(), "type", "conversationUpdate"), "membersAdded", []any{fields{"id": bot}}),
		"1:1":     set(message(), "conversation.conversationType", "personal"), "group": set(message(), "conversation.conversationType", "groupChat"),
		"old client's value": set(message(), "value", fields{"a": 1}), "value a text": set(message(), "value", "x"), "value a list": set(message(), "value", []any{1}),
		"no text": set(message(), "text", nil), "no entities": set(message(), "entities", nil), "no times": set(set(message(), "timestamp", nil), "localTimestamp", nil),
		"a role": set(message(), "from.userRole", "user"), "tenants in two cases": set(message(), "conversation.tenantId", strings.ToUpper(tenant)), "new fields": set(message(), "invented", fields{"x": 1}),
	} {
		if _, err := Read(encoded(t, a)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

type fault struct {
	name string
	body string
	want error
}

// faults are bodies of which none may pass.
func faults(t testing.TB) []fault {
	good := string(encoded(t, message()))
	out := []fault{
		{"nothing", "", ErrMalformed}, {"space", " \n", ErrMalformed}, {"null", "null", ErrMalformed}, {"a list", "[" + good + "]", ErrMalformed}, {"a text", `"x"`, ErrMalformed}, {"a number", "1", ErrMalformed}, {"empty", "{}", ErrMalformed},
		{"cut", good[:len(good)-1], ErrMalformed}, {"trailing object", good + good, ErrMalformed}, {"trailing word", good + " x", ErrMalformed}, {"trailing null", good + "null", ErrMalformed}, {"trailing NUL", good + "\x00", ErrMalformed},
		{"a mark before", "\ufeff" + good, ErrMalformed}, {"not UTF-8", strings.Replace(good, "Dana", "D\xff", 1), ErrMalformed}, {"deep", strings.Repeat(`{"value":`, 20000), ErrMalformed},
		{"too large", strings.Replace(good, "Dana", strings.Repeat("D", MaxBody), 1), ErrTooLarge}, {"too large by space", good + strings.Repeat(" ", MaxBody), ErrTooLarge}, {"comment", "/**/" + good, ErrMalformed}, {"form", "payload=" + good, ErrMalformed},
	}
	add := func(name, path string, value any, want error) {
		out = append(out, fault{name, string(encoded(t, set(message(), path, value))), want})
	}
	for _, path := range []string{"type", "id", "channelId", "serviceUrl", "from", "recipient", "conversation", "channelData", "from.id", "recipient.id", "conversation.id", "conversation.conversationType", "conversation.tenantId", "channelData.tenant", "channelData.tenant.id"} {
		add("no "+path, path, nil, ErrMalformed)
		add(path+" a number", path, 7, ErrMalformed)
	}
	for _, path := range []string{"id", "channelId", "serviceUrl", "conversation.id", "conversation.tenantId", "channelData.tenant.id", "from.id", "recipient.id", "replyToId"} {
		add(path+" with a line break", path, "a\nb", ErrMalformed)
		add(path+" endless", path, strings.Repeat("a", 5000), ErrMalformed)
	}
	add("channelData a list", "channelData", []any{}, ErrMalformed)
	add("tenant a text", "channelData.tenant", tenant, ErrMalformed)
	add("text a number", "text", 1, ErrMalformed)
	add("entities an object", "entities", fields{}, ErrMalformed)
	add("a mention of nobody", "entities", []any{fields{"type": "mention", "text": "<at>x</at>"}}, ErrMalformed)
	add("an odd time", "timestamp", "yesterday", ErrMalformed)
	add("a time of the year 1", "timestamp", "0001-01-01T00:00:00Z", ErrMalformed)
	add("a local time of the year 1", "localTimestamp", "0001-01-01T00:00:00Z", ErrMalformed)
	add("another kind of conversation", "conversation.conversationType", "Personal", ErrMalformed)
	add("object id no GUID", "from.aadObjectId", "dana", ErrMalformed)
	add("object id of zeros", "from.aadObjectId", "00000000-0000-0000-0000-000000000000", ErrMalformed)
	add("object id and more", "from.aadObjectId", dana+"/..", ErrMalformed)

	add("no object id", "from.aadObjectId", nil, ErrForbidden)
	add("empty object id", "from.aadObjectId", "", ErrForbidden)
	for _, role := range []string{"guest", "Guest", "anonymous", "bot", "skill", "user "} {
		add("role "+role, "from.role", role, ErrForbidden)
		add("user role "+role, "from.userRole", role, ErrForbidden)
	}
	add("a guest's name", "from.name", "dana_example.com#EXT#@x.onmicrosoft.com", ErrForbidden)
	add("a guest's UPN", "from.userPrincipalName", "dana#ext#@x", ErrForbidden)
	add("a bot", "from.id", bot, ErrForbidden)
	add("a conversation of another tenant", "conversation.tenantId", "other", ErrForbidden)
	add("a sender of another tenant", "channelData.tenant.id", "other", ErrForbidden)
	add("from of another tenant", "from.tenantId", "other", ErrForbidden)

	for _, kind := range []string{"typing", "event", "messageUpdate", "messageReaction", "Message", "x"} {
		add("type "+kind, "type", kind, ErrUnserved)
	}
	add("an installation that does nothing", "type", "installationUpdate", ErrMalformed)
	for name, a := range map[string]fields{"invoke without a name": invoke("", fields{}), "card action without a value": invoke(CardAction, nil), "task with a text": invoke(TaskFetch, "x"), "task with a list": invoke(TaskSubmit, []any{}), "task with a number": invoke(TaskSubmit, 1)} {
		out = append(out, fault{name, string(encoded(t, a)), ErrMalformed})
	}
	for _, name := range []string{"composeExtension/query", "signin/verifyState", "adaptivecard/action", "task/fetch ", "config/fetch"} {
		out = append(out, fault{"invoke " + name, string(encoded(t, invoke(name, fields{}))), ErrUnserved})
	}
	return out
}

func TestFaults(t *testing.T) {
	cases := faults(t)
	if len(cases) < 60 {
		t.Fatalf("only %d", len(cases))
	}
	status := map[error]int{ErrMalformed: http.StatusBadRequest, ErrTooLarge: http.StatusRequestEntityTooLarge, ErrForbidden: http.StatusForbidden, ErrUnserved: http.StatusOK}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			before := time.Now()
			_, err := ReadFrom(strings.NewReader(c.body), int64(len(c.body)))
			if took := time.Since(before); took > 50*time.Millisecond {
				t.Errorf("refused after %v", took)
			}
			if !errors.Is(err, c.want) || StatusOf(err) != status[c.want] {
				t.Errorf("got %v (%d), want %v", err, StatusOf(err), c.want)
			}
		})
	}
}

// endless is a body that never ends; the bytes that were taken are counted.
type endless struct{ taken int }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	e.taken += len(p)
	return len(p), nil
}

func TestNoMoreThanTheBoundIsRead(t *testing.T) {
	var body endless
	if _, err := ReadFrom(&body, -1); !errors.Is(err, ErrTooLarge) || body.taken > 2*MaxBody {
		t.Errorf("%v after %d bytes", err, body.taken)
	}
}

// What a name puts into the text is not taken for a mention, nor for a mark.
func TestNamesAreNoMentions(t *testing.T) {
	a := message()
	a["text"] = "<at>a</at> x <at>b</at>"
	a["entities"] = []any{
		fields{"type": "mention", "text": "<at>a</at>", "mentioned": fields{"id": "29:a", "name": "<at>b</at>"}},
		fields{"type": "mention", "text": "<at>b</at>", "mentioned": fields{"id": bot, "name": "Latchkey"}},
		fields{"type": "mention", "mentioned": fields{"id": "29:c"}},
	}
	r, err := Read(encoded(t, a))
	if err != nil || r.Said != "<at>b</at> x" || len(r.Mentions) != 3 {
		t.Errorf("said %q, %v", r.Said, err)
	}
}

// The library refuses what is legal, loses mentions, and sends the year 1.
func TestStockTypes(t *testing.T) {
	for _, value := range []any{"a text", []any{1}, 7, true} {
		var stock schema.Activity
		body := encoded(t, set(message(), "value", value))
		if json.Unmarshal(body, &stock) == nil {
			t.Errorf("the library reads the value %v now", value)
		}
		if _, err := Read(body); err != nil {
			t.Errorf("ours: %v", err)
		}
	}
	var stock schema.Activity
	if err := json.Unmarshal(encoded(t, message()), &stock); err != nil {
		t.Fatal(err)
	}
	if out, _ := json.Marshal(stock.Entities); strings.Contains(string(out), "Latchkey") {
		t.Error("the library keeps mentions now")
	}
	if out, _ := json.Marshal(schema.Activity{Type: schema.Message}); !strings.Contains(string(out), "0001-01-01") {
		t.Error("the library leaves unset times out now")
	}
	out, err := json.Marshal(Activity{Activity: schema.Activity{Type: schema.Message, Text: "x"}})
	if want := `{"type":"message","text":"x"}`; err != nil || string(out) != want {
		t.Errorf("ours sends %s, %v", out, err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(encoded(f, message()))
	f.Add(encoded(f, invoke(CardAction, fields{"action": fields{"verb": "x"}})))
	for _, c := range faults(f) {
		if len(c.body) < 4096 {
			f.Add([]byte(c.body))
		}
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		r, err := Read(body)
		if err != nil {
			if StatusOf(err) == http.StatusInternalServerError {
				t.Error(err)
			}
			return
		}
		if !identifier(r.ID) || !objectID.MatchString(r.Person.ObjectID) || !strings.HasPrefix(r.Person.MRI, "29:") || !strings.EqualFold(r.ConversationTenant, r.ChannelTenant) || r.Person.Tenant == "" {
			t.Errorf("taken: %+v", r)
		}
		out, err := json.Marshal(r.Activity)
		if err != nil || strings.Contains(string(out), `imestamp":"0001`) {
			t.Errorf("sent as %s, %v", out, err)
		}
	})
}

func BenchmarkRead(b *testing.B) {
	body := encoded(b, message())
	for b.Loop() {
		if _, err := Read(body); err != nil {
			b.Fatal(err)
		}
	}
}

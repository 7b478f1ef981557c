package teams_test

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"latchkey/adapters/playground/teams"
)

const (
	dana  = "d0000000-0000-4000-8000-000000000001"
	mei   = "d0000000-0000-4000-8000-000000000002"
	gus   = "d0000000-0000-4000-8000-000000000003"
	help  = "19:help@thread.tacv2"
	group = "19:group@thread.v2"
)

type object = map[string]any

// bot is a little bot: it checks tokens as far as the stage needs, and answers
// each kind of activity with what a test put there.
type bot struct {
	t      *testing.T
	tenant *teams.Tenant
	url    string

	mu     sync.Mutex
	heard  []object
	answer map[string]func(a object) (int, any) // by type, or by an invoke's name
	hold   chan struct{}                        // answers wait for it, where it is set
	token  string
}

func stage(t *testing.T, change func(*teams.Options)) *bot {
	t.Helper()
	opts := teams.Options{
		Users: []teams.User{
			{ID: dana, Name: "Dana Agent", UPN: "dana@example.test", Email: "dana@example.test", TZ: "Europe/Berlin"},
			{ID: mei, Name: "Mei Tan", UPN: "mei@example.test", Email: "mei.tan@example.test"},
			{ID: gus, Name: "Gus Guest", UPN: "gus_other.test#EXT#@example.test", Guest: true, Uninstalled: true},
		},
		Channels: []teams.Channel{{ID: help, Name: "Help"}, {ID: group, Name: "Group", Group: true, Members: []string{dana, mei}}},
		Commands: []teams.Command{{ID: "unlockPerson", Title: "Unlock this person", Contexts: []string{"message"}}},
		Patience: 5 * time.Second, PerSecond: 1000, PerHalfMinute: 10000,
	}
	if change != nil {
		change(&opts)
	}
	tenant, err := teams.New(opts)
	ok(t, err)
	ok(t, tenant.Start("127.0.0.1:0"))
	b := &bot{t: t, tenant: tenant, answer: map[string]func(object) (int, any){}}
	server := httptest.NewServer(b)
	b.url = server.URL
	tenant.SetBotURL(server.URL)
	t.Cleanup(func() { server.Close(); _ = tenant.Close() })
	return b
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (b *bot) on(kind string, answer func(a object) (int, any)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.answer[kind] = answer
}

func (b *bot) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	data, _ := io.ReadAll(r.Body)
	var a object
	if json.Unmarshal(data, &a) != nil || !b.believes(r.Header.Get("Authorization"), text(a, "serviceUrl")) {
		rw.WriteHeader(http.StatusUnauthorized)
		return
	}
	kind := text(a, "type")
	if kind == "invoke" {
		kind = text(a, "name")
	}
	b.mu.Lock()
	b.heard = append(b.heard, a)
	answer, hold := b.answer[kind], b.hold
	b.mu.Unlock()
	if hold != nil {
		<-hold
	}
	if answer == nil {
		return
	}
	status, body := answer(a)
	if body != nil {
		rw.Header().Set("Content-Type", "application/json")
	}
	rw.WriteHeader(status)
	if body != nil {
		_ = json.NewEncoder(rw).Encode(body)
	}
}

// believes checks a token as Microsoft's list asks for.
func (b *bot) believes(header, service string) bool {
	token, bearer := strings.CutPrefix(header, "Bearer ")
	parts := strings.Split(token, ".")
	if !bearer || len(parts) != 3 {
		return false
	}
	var head, claims object
	if !unpack(parts[0], &head) || !unpack(parts[1], &claims) || head["alg"] != "RS256" || head["crit"] != nil {
		return false
	}
	var set struct {
		Keys []struct {
			Kid, N, E    string
			Endorsements []string
		}
	}
	resp, err := http.Get(b.tenant.URL() + "/v1/.well-known/keys")
	if err != nil || json.NewDecoder(resp.Body).Decode(&set) != nil {
		return false
	}
	_ = resp.Body.Close()
	signature, _ := base64.RawURLEncoding.DecodeString(parts[2])
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	signed := false
	for _, key := range set.Keys {
		n, _ := base64.RawURLEncoding.DecodeString(key.N)
		public := &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: 65537}
		signed = signed || key.Kid == head["kid"] && strings.Contains(fmt.Sprint(key.Endorsements), "msteams") &&
			rsa.VerifyPKCS1v15(public, crypto.SHA256, sum[:], signature) == nil
	}
	exp, hasEnd := claims["exp"].(float64)
	nbf, hasStart := claims["nbf"].(float64)
	now, skew := float64(time.Now().Unix()), 300.0
	return signed && hasEnd && hasStart && exp > now-skew && nbf < now+skew && claims["iss"] == "https://api.botframework.com" &&
		claims["aud"] == b.tenant.AppID() && service != "" && claims["serviceurl"] == service
}

func unpack(part string, into *object) bool {
	data, err := base64.RawURLEncoding.DecodeString(part)
	return err == nil && json.Unmarshal(data, into) == nil && *into != nil
}

// at reads a member of a member of an object.
func at(v any, path ...string) any {
	for _, key := range path {
		o, _ := v.(object)
		v = o[key]
	}
	return v
}

func text(v any, path ...string) string { s, _ := at(v, path...).(string); return s }

// login gets a bearer token as a bot does.
func (b *bot) login() string {
	b.t.Helper()
	resp, err := http.PostForm(b.tenant.TokenURL(), url.Values{"grant_type": {"client_credentials"},
		"client_id": {b.tenant.AppID()}, "client_secret": {b.tenant.AppSecret()}, "scope": {teams.Scope}})
	ok(b.t, err)
	defer resp.Body.Close()
	var answer object
	ok(b.t, json.NewDecoder(resp.Body).Decode(&answer))
	return text(answer, "access_token")
}

// call calls the Connector; path begins after v3/conversations.
func (b *bot) call(method, path string, body any) (int, object, http.Header) {
	b.t.Helper()
	b.mu.Lock()
	if b.token == "" {
		b.token = b.login()
	}
	token := b.token
	b.mu.Unlock()
	var data io.Reader
	if raw, is := body.(string); is {
		data = strings.NewReader(raw)
	} else if body != nil {
		encoded, err := json.Marshal(body)
		ok(b.t, err)
		data = bytes.NewReader(encoded)
	}
	req, err := http.NewRequest(method, b.tenant.ServiceURL()+"v3/conversations"+path, data)
	ok(b.t, err)
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, nil, nil
	}
	defer resp.Body.Close()
	var answer object
	_ = json.NewDecoder(resp.Body).Decode(&answer)
	return resp.StatusCode, answer, resp.Header
}

func esc(s string) string { return url.PathEscape(s) }

// chat opens the 1:1 chat with a person.
func (b *bot) chat(user string) string {
	b.t.Helper()
	status, answer, _ := b.call("POST", "", object{"bot": object{"id": "28:" + b.tenant.AppID()}, "tenantId": b.tenant.ID(),
		"members": []any{object{"id": user}}, "channelData": object{"tenant": object{"id": b.tenant.ID()}}})
	if status != 201 {
		b.t.Fatalf("the chat was not opened: %d %v", status, answer)
	}
	return text(answer, "id")
}

// post sends a message and gives its id.
func (b *bot) post(conversation string, a object) string {
	b.t.Helper()
	status, answer, _ := b.call("POST", "/"+esc(conversation)+"/activities", a)
	if status != 201 {
		b.t.Fatalf("not posted: %d %v", status, answer)
	}
	return text(answer, "id")
}

// card, say, button and holding make the payloads of the tests.
func card(body []any, actions ...any) object {
	c := object{"type": "AdaptiveCard", "version": "1.5", "body": body}
	if len(actions) > 0 {
		c["actions"] = actions
	}
	return c
}

func say(line string) object { return object{"type": "TextBlock", "text": line, "wrap": true} }

func button(kind, title string, more object) object {
	b := object{"type": kind, "title": title}
	for key, value := range more {
		b[key] = value
	}
	return b
}

func attachment(c object) object {
	return object{"contentType": "application/vnd.microsoft.card.adaptive", "content": c}
}

func holding(c object) object {
	return object{"type": "message", "attachments": []any{attachment(c)}}
}

func dialog(title string, c object) object {
	return object{"task": object{"type": "continue", "value": object{"title": title, "card": attachment(c)}}}
}

func changed(c object) object {
	return object{"statusCode": 200, "type": "application/vnd.microsoft.card.adaptive", "value": c}
}

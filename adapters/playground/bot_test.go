package playground_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"latchkey/adapters/playground"
)

// bot is a tiny app: it checks signatures and hands commands and interactions
// to the functions of a test.
type bot struct {
	t      *testing.T
	ws     *playground.Workspace
	client *slack.Client

	mu       sync.Mutex
	command  func(w http.ResponseWriter, cmd slack.SlashCommand)
	interact func(w http.ResponseWriter, in slack.InteractionCallback)
	event    func(w http.ResponseWriter, body []byte)
	options  func(w http.ResponseWriter, in slack.InteractionCallback)
}

// clock is a clock that tests move.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.now }

func (c *clock) pass(d time.Duration) { c.mu.Lock(); defer c.mu.Unlock(); c.now = c.now.Add(d) }

func newClock() *clock { return &clock{now: time.Now()} }

// people that the tests know.
func people() []playground.User {
	return []playground.User{
		{ID: "U_DANA", Name: "dana", RealName: "Dana Ortiz", Email: "dana@example.com", TZ: "Europe/Berlin"},
		{ID: "U_MEI", Name: "mei", RealName: "Mei Tan", Email: "mei@example.com"},
		{ID: "U_GONE", Name: "gone", RealName: "Gone Away", Email: "gone@example.com", Deleted: true},
		{ID: "U_GUEST", Name: "guest", RealName: "Guest One", Email: "guest@example.net", IsStranger: true, TeamID: "T_OTHER"},
	}
}

// start runs a workspace and a bot, both on loopback, until the test ends.
func start(t *testing.T, change func(*playground.Options)) *bot {
	t.Helper()
	opts := playground.Options{
		Users:    people(),
		Channels: []playground.Channel{{ID: "C_AUDIT", Name: "audit"}, {ID: "C_OUT", Name: "out", WithoutBot: true}},
		Patience: 5 * time.Second,
	}
	if change != nil {
		change(&opts)
	}
	ws, err := playground.New(opts)
	if err != nil {
		t.Fatal(err)
	}
	if err := ws.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	b := &bot{t: t, ws: ws, client: slack.New(ws.Token(), slack.OptionAPIURL(ws.APIURL()))}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /slack/commands", b.verified(func(w http.ResponseWriter, _ []byte, form url.Values) {
		b.mu.Lock()
		serve := b.command
		b.mu.Unlock()
		if serve == nil {
			return
		}
		serve(w, slack.SlashCommand{
			Command: form.Get("command"), Text: form.Get("text"), UserID: form.Get("user_id"), ChannelID: form.Get("channel_id"),
			TriggerID: form.Get("trigger_id"), ResponseURL: form.Get("response_url"), TeamID: form.Get("team_id"),
		})
	}))
	mux.HandleFunc("POST /slack/interactions", b.verified(b.payload(func() func(http.ResponseWriter, slack.InteractionCallback) { return b.interact })))
	mux.HandleFunc("POST /slack/options", b.verified(b.payload(func() func(http.ResponseWriter, slack.InteractionCallback) { return b.options })))
	mux.HandleFunc("POST /slack/events", b.verified(func(w http.ResponseWriter, body []byte, _ url.Values) {
		b.mu.Lock()
		serve := b.event
		b.mu.Unlock()
		if serve != nil {
			serve(w, body)
		}
	}))
	server := httptest.NewServer(mux)
	ws.SetBotURL(server.URL)
	t.Cleanup(func() {
		if err := ws.Close(); err != nil {
			t.Error(err)
		}
		server.Close()
	})
	return b
}

// verified checks the signature as slack-go does.
func (b *bot) verified(serve func(http.ResponseWriter, []byte, url.Values)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		verifier, err := slack.NewSecretsVerifier(r.Header, b.ws.SigningSecret())
		if err == nil {
			_, _ = verifier.Write(body)
			err = verifier.Ensure()
		}
		if err != nil {
			http.Error(w, "bad signature", http.StatusUnauthorized)
			return
		}
		form, _ := url.ParseQuery(string(body))
		serve(w, body, form)
	}
}

func (b *bot) payload(pick func() func(http.ResponseWriter, slack.InteractionCallback)) func(http.ResponseWriter, []byte, url.Values) {
	return func(w http.ResponseWriter, _ []byte, form url.Values) {
		var in slack.InteractionCallback
		if err := json.Unmarshal([]byte(form.Get("payload")), &in); err != nil {
			b.t.Errorf("the payload cannot be read by slack-go: %v\n%s", err, form.Get("payload"))
		}
		b.mu.Lock()
		serve := pick()
		b.mu.Unlock()
		if serve != nil {
			serve(w, in)
		}
	}
}

func (b *bot) onCommand(f func(http.ResponseWriter, slack.SlashCommand)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.command = f
}

func (b *bot) onInteraction(f func(http.ResponseWriter, slack.InteractionCallback)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.interact = f
}

// answer writes JSON as an answer.
func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func plain(s string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, s, false, false)
}

// modalWith is a modal with a text and perhaps more blocks.
func modalWith(title, text string, more ...slack.Block) slack.ModalViewRequest {
	blocks := append([]slack.Block{slack.NewSectionBlock(plain(text), nil, nil)}, more...)
	return slack.ModalViewRequest{Type: slack.VTModal, Title: plain(title), Blocks: slack.Blocks{BlockSet: blocks}}
}

func buttonRow(block string, labels ...string) slack.Block {
	var all []slack.BlockElement
	for _, label := range labels {
		all = append(all, slack.NewButtonBlockElement("do_"+label, "v_"+label, plain(label)))
	}
	return slack.NewActionBlock(block, all...)
}

func codeInput() slack.Block {
	in := slack.NewPlainTextInputBlockElement(nil, "code")
	in.MaxLength = 6
	return slack.NewInputBlock("code", plain("Code"), nil, in)
}

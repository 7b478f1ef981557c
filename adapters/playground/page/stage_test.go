package page_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"go.uber.org/goleak"

	"latchkey/adapters/playground"
	"latchkey/adapters/playground/page"
	"latchkey/adapters/playground/sms"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// stage is a page over a workspace with a scripted bot, and a browser's part
// of the talk with it.
type stage struct {
	t      *testing.T
	ws     *playground.Workspace
	place  *place
	texts  *sms.Sink
	client *slack.Client
	server *httptest.Server
	run    string

	command  func(slack.SlashCommand) any
	interact func(slack.InteractionCallback) any
}

func people() []page.Person {
	return []page.Person{
		{ID: "U_DANA", Name: "Dana Reyes", Part: "agent, restricted", Agent: true},
		{ID: "U_ULF", Name: "Ulf Brandt", Part: "agent, unrestricted", Agent: true},
		{ID: "U_MEI", Name: "Mei Lin", Part: "caller", Caller: true, Email: "mei@example.com", Mobile: "+12025550123", Logins: map[string]string{"corp": "mlin"}, Password: "right"},
	}
}

func newStage(t *testing.T) *stage {
	t.Helper()
	return newStageOf(t, func(*page.World) {})
}

// newStageOf is newStage with a world that change has seen.
func newStageOf(t *testing.T, change func(*page.World)) *stage {
	t.Helper()
	s := &stage{t: t, place: newPlace()}
	var err error
	s.ws, err = playground.New(playground.Options{
		Users:    []playground.User{{ID: "U_DANA", RealName: "Dana Reyes"}, {ID: "U_ULF", RealName: "Ulf Brandt"}, {ID: "U_MEI", RealName: "Mei Lin"}},
		Channels: []playground.Channel{{ID: "C_AUDIT", Name: "audit"}, {ID: "C_ULF", Name: "ulf-only", Members: []string{"U_ULF"}}},
		Patience: 5 * time.Second,
	})
	s.ok(err)
	s.ok(s.ws.Start("127.0.0.1:0"))
	s.client = slack.New(s.ws.Token(), slack.OptionAPIURL(s.ws.APIURL()))
	bot := httptest.NewServer(http.HandlerFunc(s.bot))
	s.ws.SetBotURL(bot.URL)
	s.texts, err = sms.New(sms.Options{AccountSID: "AC1", AuthToken: "t", From: "+12025550100", Header: "X-Key", HeaderValue: "k"})
	s.ok(err)
	who := people()
	world := page.World{
		Slack: s.ws, People: who, Stores: []string{"corp"}, Mail: s.place, Phones: s.place, Texts: s.texts, Directory: s.place,
		Clock: s.place, Faults: s.place, Commands: page.UnlockCommands(), Tour: page.FirstUnlock(who[0], who[2], []string{"corp"}),
	}
	change(&world)
	p, err := page.New(world)
	s.ok(err)
	s.server = httptest.NewServer(p)
	t.Cleanup(func() {
		s.server.Close()
		http.DefaultClient.CloseIdleConnections()
		s.ok(s.ws.Close())
		bot.Close()
	})
	s.run = regexp.MustCompile(`name="run" content="(\w+)"`).FindStringSubmatch(s.read("/"))[1]
	return s
}

func (s *stage) ok(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// bot answers as the story's functions say.
func (s *stage) bot(rw http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	form, _ := url.ParseQuery(string(body))
	var out any
	switch {
	case r.URL.Path == "/slack/commands" && s.command != nil:
		out = s.command(slack.SlashCommand{Text: form.Get("text"), UserID: form.Get("user_id"), ChannelID: form.Get("channel_id"), TriggerID: form.Get("trigger_id")})
	case r.URL.Path == "/slack/interactions" && s.interact != nil:
		var in slack.InteractionCallback
		if err := json.Unmarshal([]byte(form.Get("payload")), &in); err != nil {
			s.t.Error(err)
		}
		out = s.interact(in)
	}
	if out != nil {
		rw.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(rw).Encode(out); err != nil {
			s.t.Error(err)
		}
	}
}

func (s *stage) read(path string) string {
	s.t.Helper()
	resp, err := http.Get(s.server.URL + path)
	s.ok(err)
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	s.ok(err)
	return string(data)
}

// request is what a tab sends.
func (s *stage) request(verb, body string) *http.Request {
	r, err := http.NewRequest(http.MethodPost, s.server.URL+"/play/"+verb, strings.NewReader(body))
	s.ok(err)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Latchkey-Run", s.run)
	return r
}

// do sends a request and gives status and sentence.
func (s *stage) do(r *http.Request) (int, string) {
	s.t.Helper()
	resp, err := http.DefaultClient.Do(r)
	s.ok(err)
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	s.ok(err)
	var said struct{ Error string }
	if json.Unmarshal(data, &said) != nil {
		return resp.StatusCode, string(data)
	}
	return resp.StatusCode, said.Error
}

// act does one thing, which has to go well.
func (s *stage) act(verb string, body map[string]any) {
	s.t.Helper()
	data, err := json.Marshal(body)
	s.ok(err)
	if status, said := s.do(s.request(verb, string(data))); status != http.StatusOK {
		s.t.Fatalf("%s %s: %d %s", verb, data, status, said)
	}
}

// tab is an open stream: what a browser has been sent.
type tab struct {
	s     *stage
	body  io.ReadCloser
	lines *bufio.Scanner
	parts map[string]json.RawMessage
}

func (s *stage) open(person string) *tab {
	s.t.Helper()
	return s.openAs(url.Values{"person": {person}})
}

// openAs opens a stream for whom the query names, in the chats that it names.
func (s *stage) openAs(query url.Values) *tab {
	s.t.Helper()
	query.Set("run", s.run)
	resp, err := http.Get(s.server.URL + "/play/stream?" + query.Encode())
	s.ok(err)
	s.t.Cleanup(func() { resp.Body.Close() })
	lines := bufio.NewScanner(resp.Body)
	lines.Buffer(nil, 1<<24)
	return &tab{s: s, body: resp.Body, lines: lines, parts: map[string]json.RawMessage{}}
}

// until reads on until a part holds some words; "" waits for its end.
func (tb *tab) until(key, words string) string {
	tb.s.t.Helper()
	stop := time.AfterFunc(10*time.Second, func() { tb.body.Close() })
	defer stop.Stop()
	for {
		if got, there := tb.parts[key]; there && words != "" && bytes.Contains(got, []byte(words)) || !there && words == "" && len(tb.parts) > 0 {
			return string(got)
		}
		tb.next("the part " + key + " never said " + words)
	}
}

// all reads on until anything says some words, and gives everything.
func (tb *tab) all(words string) string {
	tb.s.t.Helper()
	stop := time.AfterFunc(10*time.Second, func() { tb.body.Close() })
	defer stop.Stop()
	for {
		var all strings.Builder
		for _, part := range tb.parts {
			all.Write(part)
		}
		if strings.Contains(all.String(), words) {
			return all.String()
		}
		tb.next("nothing said " + words)
	}
}

// next takes in one event; otherwise says what was missed when there is none.
func (tb *tab) next(otherwise string) {
	tb.s.t.Helper()
	for {
		if !tb.lines.Scan() {
			tb.s.t.Fatal(otherwise)
		}
		data, ok := strings.CutPrefix(tb.lines.Text(), "data: ")
		if !ok {
			continue
		}
		var changes []struct {
			Key   string
			Value json.RawMessage
		}
		tb.s.ok(json.Unmarshal([]byte(data), &changes))
		for _, c := range changes {
			if string(c.Value) == "null" {
				delete(tb.parts, c.Key)
			} else {
				tb.parts[c.Key] = c.Value
			}
		}
		return
	}
}

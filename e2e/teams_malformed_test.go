package e2e

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/adapters/playground/teams"
)

// wrongs are activities that Teams never sends, each by one change to one that
// it does send.
func wrongs() map[string]func(a map[string]any) {
	deep := any("x")
	for range 200 {
		deep = []any{deep}
	}
	out := map[string]func(map[string]any){
		"another tenant":             func(a map[string]any) { a["conversation"].(map[string]any)["tenantId"] = guid() },
		"another channelData tenant": func(a map[string]any) { a["channelData"] = map[string]any{"tenant": map[string]any{"id": guid()}} },
		"no channelData":             func(a map[string]any) { delete(a, "channelData") },
		"no conversation tenant":     func(a map[string]any) { delete(a["conversation"].(map[string]any), "tenantId") },
		"another service":            func(a map[string]any) { a["serviceUrl"] = "https://smba.trafficmanager.net/evil/" },
		"a service with a user":      func(a map[string]any) { a["serviceUrl"] = "https://smba.trafficmanager.net@evil.example/" },
		"another channel":            func(a map[string]any) { a["channelId"] = "webchat" },
		"emulator":                   func(a map[string]any) { a["channelId"] = "emulator" },
		"a guest's role":             func(a map[string]any) { a["from"].(map[string]any)["userRole"] = "guest" },
		"anonymous":                  func(a map[string]any) { a["from"].(map[string]any)["userRole"] = "anonymous" },
		"a bot":                      func(a map[string]any) { a["from"].(map[string]any)["role"] = "bot" },
		"an id of a bot":             func(a map[string]any) { a["from"].(map[string]any)["id"] = "28:" + guid() },
		"an object id that is none":  func(a map[string]any) { a["from"].(map[string]any)["aadObjectId"] = "dana" },
		"an object id with NUL":      func(a map[string]any) { a["from"].(map[string]any)["aadObjectId"] = guid() + "\x00" },
		"no object id":               func(a map[string]any) { delete(a["from"].(map[string]any), "aadObjectId") },
		"an id of a person, long":    func(a map[string]any) { a["from"].(map[string]any)["id"] = "29:" + strings.Repeat("x", 5000) },
		"no type":                    func(a map[string]any) { delete(a, "type") },
		"an invoke without a name":   func(a map[string]any) { a["type"] = "invoke"; delete(a, "name") },
		"an invoke of a text":        func(a map[string]any) { a["type"], a["name"], a["value"] = "invoke", "task/submit", "x" },
		"an invoke of a list":        func(a map[string]any) { a["type"], a["name"], a["value"] = "invoke", "task/fetch", []any{1} },
		"an invoke of nothing":       func(a map[string]any) { a["type"], a["name"] = "invoke", "task/fetch"; delete(a, "value") },
		"data that is a text": func(a map[string]any) {
			a["type"], a["name"], a["value"] = "invoke", "task/submit", map[string]any{"data": "x"}
		},
		"data with a number for a token": func(a map[string]any) {
			a["type"], a["name"], a["value"] = "invoke", "task/submit", map[string]any{"data": map[string]any{"act": "latchkey:verify:authenticator:0", "token": 7}}
		},
		"a verb that is not the data's": func(a map[string]any) {
			a["type"], a["name"] = "invoke", "adaptiveCard/action"
			a["value"] = map[string]any{"action": map[string]any{"verb": "latchkey:unlock::0", "data": map[string]any{"act": "latchkey:cancel::0", "token": "t"}}}
		},
		"deep nesting": func(a map[string]any) { a["text"] = deep },
	}
	for _, part := range []string{"id", "from", "conversation", "recipient", "serviceUrl", "channelId", "type"} {
		out["no "+part+" at all"] = func(a map[string]any) { delete(a, part) }
		for name, value := range map[string]any{"null": nil, "a number": 7, "a list": []any{}, "true": true} {
			out[part+" is "+name] = func(a map[string]any) { a[part] = value }
		}
	}
	for _, part := range []string{"text", "timestamp", "entities"} {
		out[part+" is a number"] = func(a map[string]any) { a[part] = 7 }
	}
	return out
}

// Whatever is malformed is answered without a word, quickly, and does nothing.
func TestTeamsMalformedActivitiesAreRefused(t *testing.T) {
	t.Parallel()
	s := newInTeams(t)
	dana, mei := s.agent("Dana", "restricted"), s.user("Mei", "Lin", "")
	s.open()
	s.start()
	s.samba.Lock(t, mei.dn)
	ask := func() teams.Request {
		t.Helper()
		r, err := s.tenant.ActivityRequest(s.ids[dana.login], "", "message", func(a map[string]any) { a["text"] = "unlock " + mei.login })
		s.ok(err)
		return r
	}
	var times []time.Duration
	refused := func(name string, r teams.Request) {
		t.Helper()
		began := time.Now()
		x, err := s.tenant.Send(t.Context(), r)
		s.ok(err)
		times = append(times, time.Since(began))
		if x.Status != http.StatusUnauthorized && x.Status != http.StatusForbidden || len(x.Answer) != 0 {
			t.Errorf("%s is answered %d with %q", name, x.Status, x.Answer)
		}
	}
	all := wrongs()
	for name, change := range all {
		r := ask()
		s.ok(r.Change(change))
		refused(name, r)
	}
	bodies := map[string]func([]byte) []byte{
		"no JSON":          func([]byte) []byte { return []byte("<xml/>") },
		"nothing":          func([]byte) []byte { return nil },
		"cut off":          func(b []byte) []byte { return b[:len(b)-1] },
		"something behind": func(b []byte) []byte { return append(b, "{}"...) },
		"a list":           func(b []byte) []byte { return append(append([]byte("["), b...), ']') },
		"no UTF-8":         func(b []byte) []byte { return []byte(strings.Replace(string(b), "unlock", "\xff\xfe", 1)) },
		"a key twice":      func(b []byte) []byte { return append([]byte(`{"id":"f:x",`), b[1:]...) },
		"conversation twice": func(b []byte) []byte {
			return append([]byte(`{"conversation":{"id":"a","tenantId":"`+s.tenant.ID()+`"},`), b[1:]...)
		},
	}
	for name, change := range bodies {
		r := ask()
		r.Body = change(append([]byte(nil), r.Body...))
		refused(name, r)
	}
	if n := len(all) + len(bodies); n < 60 {
		t.Errorf("only %d wrong activities", n)
	}
	slices.Sort(times)
	if usual := times[len(times)/2]; usual > 50*time.Millisecond { // the slowest are those beside other stories' work
		t.Errorf("a refusal takes %s, the slowest took %s", usual, times[len(times)-1])
	} else {
		t.Logf("a refusal takes %s, the slowest took %s", usual, times[len(times)-1])
	}
	for _, m := range s.in(dana).DM().Messages() {
		if m.By() == "" {
			t.Errorf("the bot answered: %s", m.Text())
		}
	}
	if !s.lockedOut(mei) {
		t.Error("Mei was unlocked")
	}
	s.clean()
}

// What is sent again, or by somebody else, does nothing more.
func TestTeamsRepeatedAndBorrowedClicks(t *testing.T) {
	t.Parallel()
	s := newInTeams(t)
	dana, eve, mei := s.agent("Dana", "restricted"), s.agent("Eve", "restricted"), s.user("Mei", "Lin", "")
	s.open()
	s.enroll("corp", mei, "email", "authenticator")
	s.start()
	s.samba.Lock(t, mei.dn)

	line, err := s.in(dana).SayRequest("unlock " + mei.login)
	s.ok(err)
	for range 3 {
		x, err := s.tenant.Send(t.Context(), line)
		s.ok(err)
		if x.Status != http.StatusOK || len(x.Answer) != 0 {
			t.Errorf("answered %s", x)
		}
	}
	m, err := s.in(dana).DM().Message("nobody else sees", mei.login)
	s.ok(err)
	if n := strings.Count(s.in(dana).DM().Text(), "nobody else sees"); n != 1 {
		t.Errorf("a line that was sent three times is answered %d times", n)
	}
	s.ok(m.Click("Open"))
	page, err := s.in(dana).Modal("2 more types")
	s.ok(err)
	click, err := page.ClickRequest("Verify e-mail")
	s.ok(err)
	s.ok(page.Click("Verify e-mail"))
	page, err = s.in(dana).Modal("A code goes to")
	s.ok(err)
	send, err := page.ClickRequest("Send code")
	s.ok(err)
	for i, r := range []teams.Request{send.Clone(), send.Clone()} {
		x, err := s.tenant.Send(t.Context(), r)
		s.ok(err)
		if again := strings.Contains(string(x.Answer), "a second time"); again != (i == 1) {
			t.Errorf("sent for the %d. time it is answered %s", i+1, x.Answer)
		}
	}
	s.mailedCode(mei, 1)

	// Eve presses Dana's button: the token is Dana's.
	var sent struct {
		Value json.RawMessage `json:"value"`
	}
	s.ok(json.Unmarshal(click.Body, &sent))
	stolen, err := s.tenant.InvokeRequest(s.ids[eve.login], "", "task/submit", sent.Value)
	s.ok(err)
	x, err := s.tenant.Send(t.Context(), stolen)
	s.ok(err)
	if strings.Contains(string(x.Answer), "Mei") || !strings.Contains(string(x.Answer), "You may not do this") {
		t.Errorf("Eve is answered %s", x.Answer)
	}
	if mails := s.mail.WaitForMail(t, mei.mail, 1); len(mails) != 1 {
		t.Errorf("%d codes were mailed", len(mails))
	}
	s.clean()
}

// An app that was taken away reaches nobody, and its return does.
func TestTeamsUninstalledInTheMiddle(t *testing.T) {
	t.Parallel()
	s := newInTeams(t)
	ulf, mei := s.agent("Ulf", "unrestricted"), s.user("Mei", "Lin", "")
	s.open()
	s.start()
	s.samba.Lock(t, mei.dn)
	page := s.begin(s.in(ulf), "unlock "+mei.login, "Accounts to unlock")
	s.ok(s.tenant.Uninstall(s.ids[ulf.login]))
	s.ok(page.Tick(box(mei, "corp")))
	_ = page.Submit() // who has taken the app away may be shown nothing any more
	if !eventually(10*time.Second, func() bool { return s.signsIn(mei) }) {
		if !s.lockedOut(mei) {
			t.Error("Mei's account is neither locked nor unlocked")
		}
	}
	s.ok(s.tenant.Install(s.ids[ulf.login]))
	s.ok(s.in(ulf).OpenHome())
	_, err := s.in(ulf).Home("Unlock")
	s.ok(err)
	s.clean()
}

// A body of 64 MiB costs neither memory nor time.
func TestTeamsHugeBody(t *testing.T) {
	t.Parallel()
	s := newInTeams(t)
	dana := s.agent("Dana", "restricted")
	s.open()
	s.start()
	r, err := s.in(dana).SayRequest("help")
	s.ok(err)
	huge := strings.NewReader(strings.Repeat(" ", 64<<20) + string(r.Body))
	for _, signed := range []bool{true, false} {
		_, _ = huge.Seek(0, 0)
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+s.bot.listen+"/api/messages", huge)
		s.ok(err)
		if signed {
			req.Header = r.Header.Clone()
		}
		began := time.Now()
		resp, err := http.DefaultClient.Do(req)
		if err == nil {
			_ = resp.Body.Close()
			if want := map[bool]int{true: http.StatusRequestEntityTooLarge, false: http.StatusUnauthorized}[signed]; resp.StatusCode != want {
				t.Errorf("signed %t: answered %d", signed, resp.StatusCode)
			}
		}
		if took := time.Since(began); took > 3*time.Second {
			t.Errorf("signed %t: it took %s", signed, took)
		}
	}
	s.ok(s.in(dana).Say("help"))
	_, err = s.in(dana).DM().Message("Unlock accounts")
	s.ok(err)
	s.clean()
}

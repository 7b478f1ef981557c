package e2e

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

// tab is the demo's page without a browser: what it sends, and what it is sent.
type tab struct {
	t       *testing.T
	address string
	run     string
}

func openTab(t *testing.T, address string) *tab {
	t.Helper()
	answer, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	page, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	run := regexp.MustCompile(`name="run" content="(\w+)"`).FindSubmatch(page)
	if run == nil {
		t.Fatalf("the page names no run:\n%s", page)
	}
	return &tab{t, address, string(run[1])}
}

// tell sends one deed and gives the page's sentence, "" when all went well.
func (tb *tab) tell(verb string, body map[string]any) (int, string) {
	tb.t.Helper()
	data, err := json.Marshal(body)
	if err != nil {
		tb.t.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodPost, tb.address+"/play/"+verb, bytes.NewReader(data))
	if err != nil {
		tb.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Latchkey-Run", tb.run)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		tb.t.Fatal(err)
	}
	defer answer.Body.Close()
	var said struct{ Error string }
	if err := json.NewDecoder(answer.Body).Decode(&said); err != nil {
		tb.t.Fatal(err)
	}
	return answer.StatusCode, said.Error
}

func (tb *tab) act(verb string, body map[string]any) {
	tb.t.Helper()
	if status, said := tb.tell(verb, body); status != http.StatusOK {
		tb.t.Fatalf("%s %v: %d %s", verb, body, status, said)
	}
}

// signIn tries a password at the caller's computer.
func (tb *tab) signIn(store, login, password, want string) {
	tb.t.Helper()
	tb.act("signin", map[string]any{"store": store, "login": login, "password": password})
	var tries []struct{ Result string }
	if err := json.Unmarshal(tb.until("signins", login), &tries); err != nil {
		tb.t.Fatal(err)
	}
	if got := tries[len(tries)-1].Result; got != want {
		tb.t.Errorf("%s in %s with %s: %s, not %s", login, store, password, got, want)
	}
}

// until reads what the page is sent until a part says all of the words.
func (tb *tab) until(part string, words ...string) json.RawMessage {
	tb.t.Helper()
	ctx, cancel := context.WithTimeout(tb.t.Context(), 20*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, tb.address+"/play/stream?"+url.Values{"run": {tb.run}, "person": {"U0DANA"}}.Encode(), nil)
	if err != nil {
		tb.t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		tb.t.Fatal(err)
	}
	defer answer.Body.Close()
	lines := bufio.NewScanner(answer.Body)
	lines.Buffer(nil, 1<<24)
	var last json.RawMessage
	for lines.Scan() {
		data, is := strings.CutPrefix(lines.Text(), "data: ")
		var parts []struct {
			Key   string
			Value json.RawMessage
		}
		if !is || json.Unmarshal([]byte(data), &parts) != nil {
			continue
		}
		for _, p := range parts {
			if p.Key == part {
				last = p.Value
			}
		}
		if last != nil && says(last, words) {
			return last
		}
	}
	tb.t.Fatalf("%s never said %q, but\n%s", part, words, last)
	return nil
}

func says(data []byte, words []string) bool {
	for _, w := range words {
		if !bytes.Contains(data, []byte(w)) {
			return false
		}
	}
	return true
}

// view is the top dialog.
func (tb *tab) view(words ...string) (view map[string]any) {
	tb.t.Helper()
	var all []map[string]any
	if err := json.Unmarshal(tb.until("modals", words...), &all); err != nil {
		tb.t.Fatal(err)
	}
	return all[len(all)-1]
}

// press presses the button of the top dialog that is called so.
func (tb *tab) press(label string) {
	tb.t.Helper()
	v := tb.view(label)
	for _, b := range v["blocks"].([]any) {
		block := b.(map[string]any)
		candidates, _ := block["elements"].([]any)
		for _, c := range append(candidates, block["accessory"]) {
			if button, _ := c.(map[string]any); button != nil && strings.HasPrefix(fmt.Sprint(button["accessibility_label"]), label) {
				tb.act("press", map[string]any{"person": "U0DANA", "view": v["id"], "block": block["block_id"], "action": button["action_id"]})
				return
			}
		}
	}
	tb.t.Fatalf("no button %q in %v", label, v)
}

// enter types a value into the one field of the top dialog and submits it.
func (tb *tab) enter(value string, words ...string) {
	tb.t.Helper()
	v := tb.view(words...)
	for _, b := range v["blocks"].([]any) {
		if block := b.(map[string]any); block["type"] == "input" {
			field := block["element"].(map[string]any)
			tb.act("submit", map[string]any{"person": "U0DANA", "view": v["id"],
				"values": []map[string]any{{"block": block["block_id"], "action": field["action_id"], "text": value}}})
			return
		}
	}
	tb.t.Fatalf("no field in %v", v)
}

func (tb *tab) say(line string) {
	tb.t.Helper()
	tb.act("say", map[string]any{"person": "U0DANA", "room": "DU0DANA", "line": line})
}

// code is what the caller's authenticator app shows now.
func (tb *tab) code() string {
	tb.t.Helper()
	var codes []struct{ Code string }
	if err := json.Unmarshal(tb.until("codes", "code"), &codes); err != nil || len(codes) == 0 {
		tb.t.Fatalf("no codes: %v", err)
	}
	return codes[0].Code
}

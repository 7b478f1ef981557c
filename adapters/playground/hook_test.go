package playground_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"latchkey/adapters/playground"
)

// respond posts a body to a response URL and gives status and answer.
func respond(t *testing.T, url string, body any) (int, string) {
	t.Helper()
	data, err := json.Marshal(body)
	must(t, err)
	resp, err := http.Post(url, "application/json", bytes.NewReader(data))
	must(t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	must(t, err)
	return resp.StatusCode, string(text)
}

func TestResponseURLServesFiveTimesInThirtyMinutes(t *testing.T) {
	clock := newClock()
	b := start(t, func(o *playground.Options) { o.Now = clock.Now })
	urls := make(chan string, 1)
	b.onCommand(func(_ http.ResponseWriter, cmd slack.SlashCommand) { urls <- cmd.ResponseURL })
	dana := b.ws.As("U_DANA").In("C_AUDIT")

	must(t, dana.Say("/unlock"))
	url := <-urls
	for i := range 5 {
		if status, body := respond(t, url, map[string]any{"text": "again"}); status != 200 || body != "ok" {
			t.Fatalf("use %d: %d %s", i+1, status, body)
		}
	}
	if status, body := respond(t, url, map[string]any{"text": "again"}); status != 404 || !strings.Contains(body, "used_url") {
		t.Errorf("sixth use: %d %s", status, body)
	}
	if n := len(dana.Room().Messages()); n != 5 {
		t.Errorf("dana sees %d messages", n)
	}
	if n := len(b.ws.As("U_MEI").In("C_AUDIT").Room().Messages()); n != 0 {
		t.Errorf("mei sees %d of dana's ephemeral messages", n)
	}

	must(t, dana.Say("/unlock"))
	url = <-urls
	clock.pass(30 * time.Minute)
	if status, _ := respond(t, url, map[string]any{"text": "for all", "response_type": "in_channel"}); status != 200 {
		t.Errorf("after 30 minutes: %d", status)
	}
	clock.pass(time.Second)
	if status, body := respond(t, url, map[string]any{"text": "late"}); status != 404 || !strings.Contains(body, "expired_url") {
		t.Errorf("later: %d %s", status, body)
	}
	if got := b.ws.Channel("C_AUDIT").Text(); got != "for all" {
		t.Errorf("the channel reads %q", got)
	}
	if status, _ := respond(t, b.ws.URL()+"/commands/T0PLAY/1/guess", map[string]any{"text": "a"}); status != 404 {
		t.Errorf("a guessed URL: %d", status)
	}
	if status, body := respond(t, url, map[string]any{"text": "a", "blocks": nil}); status != 400 || !strings.Contains(body, "invalid_blocks") {
		t.Errorf("bad blocks: %d %s", status, body)
	}
}

// A click's response URL replaces or deletes the message, even an ephemeral
// one, which the Web API cannot touch.
func TestResponseURLOfAClickChangesTheMessage(t *testing.T) {
	b := start(t, nil)
	clicks := make(chan slack.InteractionCallback, 1)
	b.onInteraction(func(_ http.ResponseWriter, in slack.InteractionCallback) { clicks <- in })
	b.onCommand(func(w http.ResponseWriter, _ slack.SlashCommand) {
		answer(w, map[string]any{"text": "Found 2", "response_type": "ephemeral",
			"blocks": []any{slack.NewSectionBlock(plain("Found 2"), nil, nil), buttonRow("r", "Mei", "Max")}})
	})
	dana := b.ws.As("U_DANA").In("C_AUDIT")
	must(t, dana.Say("/unlock m"))
	card, err := dana.Room().Message("Found 2")
	must(t, err)
	if !card.Ephemeral() || strings.Join(card.Buttons(), ",") != "Mei,Max" {
		t.Errorf("ephemeral %v, buttons %q", card.Ephemeral(), card.Buttons())
	}
	must(t, card.Click("Mei"))
	in := <-clicks
	if !in.Container.IsEphemeral || in.Container.MessageTs != card.TS() || in.Container.ChannelID != "C_AUDIT" || in.Message.Timestamp != "" {
		t.Errorf("the container of an ephemeral message is %+v, message %q", in.Container, in.Message.Timestamp)
	}
	if status, _ := respond(t, in.ResponseURL, map[string]any{"text": "Mei it is", "replace_original": true}); status != 200 {
		t.Errorf("replacing: %d", status)
	}
	must(t, card.Until("Mei it is"))
	if len(card.Buttons()) != 0 || !card.Edited() {
		t.Errorf("after replacing: buttons %q, edited %v", card.Buttons(), card.Edited())
	}
	if status, _ := respond(t, in.ResponseURL, map[string]any{"delete_original": true}); status != 200 {
		t.Errorf("deleting: %d", status)
	}
	if left := dana.Room().Messages(); len(left) != 0 {
		t.Errorf("left: %q", dana.Room().Text())
	}
}

package playground_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"latchkey/adapters/playground"
)

// The story that the product tells, with a bot of a hundred lines: command,
// modal, click, code, wrong code, right code, message in place, audit.
func TestStoryReadsLikeTheChat(t *testing.T) {
	dump := t.TempDir()
	b := start(t, func(o *playground.Options) { o.DumpDir = dump })
	b.onCommand(func(w http.ResponseWriter, cmd slack.SlashCommand) {
		if cmd.Text == "help" {
			answer(w, map[string]any{"response_type": "ephemeral", "text": "Try /unlock mei"})
			return
		}
		if _, err := b.client.OpenView(cmd.TriggerID, modalWith("Unlock", "Looking up "+cmd.Text, buttonRow("types", "Verify authenticator"))); err != nil {
			t.Error(err)
		}
	})
	b.onInteraction(func(w http.ResponseWriter, in slack.InteractionCallback) {
		switch {
		case in.Type == slack.InteractionTypeBlockActions && in.View.ID != "":
			view := modalWith("Authenticate", "Ask for the code", codeInput())
			view.Submit = plain("Verify")
			if _, err := b.client.UpdateView(view, "", in.View.Hash, in.View.ID); err != nil {
				t.Error(err)
			}
		case in.Type == slack.InteractionTypeViewSubmission:
			if in.View.State.Values["code"]["code"].Value != "123456" {
				answer(w, slack.NewErrorsViewSubmissionResponse(map[string]string{"code": "That code is wrong."}))
				return
			}
			_, _, err := b.client.PostMessage("U_DANA", slack.MsgOptionText("mei is unlocked", false),
				slack.MsgOptionBlocks(slack.NewSectionBlock(plain("mei is unlocked"), nil, nil), buttonRow("m", "History")))
			if err != nil {
				t.Error(err)
			}
			answer(w, slack.NewClearViewSubmissionResponse())
		case in.Type == slack.InteractionTypeBlockActions:
			_, _, _, err := b.client.UpdateMessage(in.Channel.ID, in.Message.Timestamp, slack.MsgOptionText("done", false),
				slack.MsgOptionBlocks(slack.NewSectionBlock(plain("mei was unlocked by Dana"), nil, nil)))
			if err != nil {
				t.Error(err)
			}
		}
	})

	dana := b.ws.As("U_DANA")
	must(t, dana.Say("/unlock help"))
	if _, err := dana.DM().Message("Try /unlock mei"); err != nil {
		t.Fatal(err)
	}
	must(t, dana.Say("/unlock mei"))
	modal, err := dana.Modal("Looking up mei")
	must(t, err)
	must(t, modal.Click("Verify authenticator"))
	modal, err = dana.Modal("Ask for the code")
	must(t, err)
	if err := modal.Submit(); err == nil || !strings.Contains(err.Error(), "Code: Please complete") {
		t.Fatalf("submitting an empty code: %v", err)
	}
	must(t, modal.Type("Code", "000000"))
	must(t, modal.Submit())
	if got := modal.Errors()["Code"]; got != "That code is wrong." {
		t.Fatalf("errors are %v", modal.Errors())
	}
	must(t, modal.Type("Code", "123456"))
	must(t, modal.Submit())
	must(t, dana.NoModal())
	card, err := dana.DM().Message("mei is unlocked")
	must(t, err)
	must(t, card.Click("History"))
	must(t, card.Until("unlocked by Dana"))
	if left := card.Buttons(); len(left) > 0 {
		t.Errorf("buttons left: %q", left)
	}
	if trouble := b.ws.Problems(); len(trouble) > 0 {
		t.Errorf("problems: %q", trouble)
	}
	for _, x := range b.ws.Exchanges() {
		t.Log(x)
	}
}

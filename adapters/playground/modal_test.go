package playground_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"latchkey/adapters/playground"
)

// opened runs /open with a view, and gives the trigger that was used.
func (b *bot) opened(t *testing.T, dana *playground.Person, view slack.ModalViewRequest) (*playground.View, string) {
	t.Helper()
	var trigger string
	b.onCommand(func(_ http.ResponseWriter, cmd slack.SlashCommand) {
		trigger = cmd.TriggerID
		if _, err := b.client.OpenView(cmd.TriggerID, view); err != nil {
			t.Error(err)
		}
	})
	must(t, dana.Say("/open"))
	v, err := dana.Modal(view.Title.Text)
	must(t, err)
	return v, trigger
}

func TestTriggerOpensOneModalWithinThreeSeconds(t *testing.T) {
	clock := newClock()
	b := start(t, func(o *playground.Options) { o.Now = clock.Now })
	triggers := make(chan string, 1)
	b.onCommand(func(_ http.ResponseWriter, cmd slack.SlashCommand) { triggers <- cmd.TriggerID })
	dana := b.ws.As("U_DANA")
	for _, c := range []struct {
		name  string
		after time.Duration
		want  string
	}{{"at once", 0, ""}, {"after 3 s", 3 * time.Second, ""}, {"later", 3*time.Second + time.Millisecond, "expired_trigger_id"}} {
		must(t, dana.Say("/open"))
		trigger := <-triggers
		clock.pass(c.after)
		_, err := b.client.OpenView(trigger, modalWith("One", "text"))
		if got := errorText(err); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	must(t, dana.Say("/open"))
	trigger := <-triggers
	bad := modalWith("A title far too long for Slack", "text")
	if _, err := b.client.OpenView(trigger, bad); errorText(err) != "invalid_arguments" {
		t.Errorf("a bad view: %v", err)
	}
	_, err := b.client.OpenView(trigger, modalWith("Two", "text"))
	must(t, err) // a refused view has not used the trigger up
	if _, err := b.client.OpenView(trigger, modalWith("Three", "text")); errorText(err) != "exchanged_trigger_id" {
		t.Errorf("a second use: %v", err)
	}
	if v, err := dana.Modal(); err != nil || v.Title() != "Two" {
		t.Errorf("the modal is %q (%v)", v.Title(), err)
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestUpdateByHash(t *testing.T) {
	b := start(t, nil)
	dana := b.ws.As("U_DANA")
	v, _ := b.opened(t, dana, modalWith("One", "first"))
	hash := v.Hash()
	_, err := b.client.UpdateView(modalWith("One", "second"), "", hash, v.ID())
	must(t, err)
	must(t, v.Until("second"))
	if _, err := b.client.UpdateView(modalWith("One", "third"), "", hash, v.ID()); errorText(err) != "hash_conflict" {
		t.Errorf("with the old hash: %v", err)
	}
	_, err = b.client.UpdateView(modalWith("One", "third"), "", "", v.ID())
	must(t, err)
	must(t, v.Until("third"))
	must(t, v.Close())
	if _, err := b.client.UpdateView(modalWith("One", "fourth"), "", "", v.ID()); errorText(err) != "not_found" {
		t.Errorf("a closed view: %v", err)
	}
	if v.Open() || v.Text() != "One\nthird" {
		t.Errorf("the closed view is open=%v and reads %q", v.Open(), v.Text())
	}
	if err := v.Click("x"); err == nil || !strings.Contains(err.Error(), "closed") {
		t.Errorf("clicking in a closed view: %v", err)
	}
}

func TestStackIsThreeDeep(t *testing.T) {
	b := start(t, nil)
	var pushed []error
	var closed []string
	b.onInteraction(func(_ http.ResponseWriter, in slack.InteractionCallback) {
		if in.Type == slack.InteractionTypeViewClosed {
			closed = append(closed, in.View.Title.Text+" "+map[bool]string{true: "all", false: "one"}[in.IsCleared])
			return
		}
		next := modalWith(in.View.Title.Text+"+", "deeper", buttonRow("r", "Push"))
		next.NotifyOnClose = true
		_, err := b.client.PushView(in.TriggerID, next)
		pushed = append(pushed, err)
	})
	dana := b.ws.As("U_DANA")
	first := modalWith("M", "top", buttonRow("r", "Push"))
	first.NotifyOnClose = true
	root, _ := b.opened(t, dana, first)
	for _, title := range []string{"M", "M+", "M++"} {
		v, err := dana.ModalWhere(title, func(v *playground.View) bool { return v.Title() == title })
		must(t, err)
		must(t, v.Click("Push"))
	}
	if len(pushed) != 3 || pushed[0] != nil || pushed[1] != nil || errorText(pushed[2]) != "push_limit_reached" {
		t.Fatalf("pushes: %v", pushed)
	}
	top, err := dana.Modal()
	must(t, err)
	if err := root.Submit(); err == nil || !strings.Contains(err.Error(), "on top") {
		t.Errorf("submitting a covered modal: %v", err)
	}
	must(t, top.Close())
	below, err := dana.Modal()
	must(t, err)
	if below.Title() != "M+" {
		t.Errorf("below is %q", below.Title())
	}
	must(t, below.Dismiss())
	must(t, dana.NoModal())
	if got := strings.Join(closed, ", "); got != "M++ one, M+ all, M all" {
		t.Errorf("closed: %s", got)
	}
}

func TestAnswersToASubmission(t *testing.T) {
	b := start(t, nil)
	var reply any
	b.onInteraction(func(w http.ResponseWriter, in slack.InteractionCallback) {
		if reply != nil {
			answer(w, reply)
		}
	})
	form := modalWith("Form", "fill in", codeInput())
	form.Submit = plain("Verify")
	next := modalWith("Next", "checking")
	dana := b.ws.As("U_DANA")
	submit := func(r any) (*playground.View, error) {
		v, _ := b.opened(t, dana, form)
		must(t, v.Type("Code", "123456"))
		reply = r
		return v, v.Submit()
	}

	if _, err := submit(nil); err != nil || dana.Within(0).NoModal() != nil {
		t.Errorf("an empty answer closes: %v", err)
	}
	v, err := submit(slack.NewUpdateViewSubmissionResponse(&next))
	if err != nil || v.Text() != "Next\nchecking" {
		t.Errorf("update: %v, reads %q", err, v.Text())
	}
	if err := v.Submit(); err == nil || !strings.Contains(err.Error(), "no submit") {
		t.Errorf("a modal without submit was submitted: %v", err)
	}
	v, err = submit(slack.NewPushViewSubmissionResponse(&next))
	top, _ := dana.Modal("checking")
	if err != nil || !v.Open() || top.ID() == v.ID() {
		t.Errorf("push: %v", err)
	}
	must(t, top.Close())
	if got, err := dana.Modal("Form"); err != nil || got.ID() != v.ID() {
		t.Errorf("below the pushed one: %v", err)
	}
	if _, err = submit(slack.NewClearViewSubmissionResponse()); err != nil || dana.Within(0).NoModal() != nil {
		t.Errorf("clear: %v", err)
	}
	v, err = submit(slack.NewErrorsViewSubmissionResponse(map[string]string{"code": "Wrong."}))
	if err != nil || v.Errors()["Code"] != "Wrong." || !strings.Contains(v.Text(), "Wrong.") {
		t.Errorf("errors: %v %v", err, v.Errors())
	}
	for name, bad := range map[string]any{
		"errors for a section":  slack.NewErrorsViewSubmissionResponse(map[string]string{"section": "Wrong."}),
		"unknown action":        map[string]any{"response_action": "close"},
		"a message as answer":   map[string]any{"text": "done"},
		"update with a bad one": map[string]any{"response_action": "update", "view": map[string]any{"type": "modal"}},
	} {
		if v, err := submit(bad); err == nil || !v.Open() || !strings.Contains(v.Text(), "fill in") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The trap of the reference: a click is not answered by response_action.
func TestResponseActionToAClickIsRefused(t *testing.T) {
	b := start(t, nil)
	b.onInteraction(func(w http.ResponseWriter, in slack.InteractionCallback) {
		answer(w, slack.NewClearViewSubmissionResponse())
	})
	v, _ := b.opened(t, b.ws.As("U_DANA"), modalWith("One", "text", buttonRow("r", "Go")))
	if err := v.Click("Go"); err == nil || !strings.Contains(err.Error(), "view_submission only") {
		t.Errorf("the click: %v", err)
	}
}

func TestEnteredValuesStayWhereTheIDsStay(t *testing.T) {
	b := start(t, nil)
	var sent []string
	b.onInteraction(func(w http.ResponseWriter, in slack.InteractionCallback) {
		for block, actions := range in.View.State.Values {
			for action, v := range actions {
				sent = append(sent, block+"/"+action+"="+v.Value)
			}
		}
		answer(w, slack.NewClearViewSubmissionResponse())
	})
	form := modalWith("Form", "before", codeInput())
	form.Submit = plain("Verify")
	dana := b.ws.As("U_DANA")
	v, _ := b.opened(t, dana, form)
	must(t, v.Type("Code", "123456"))
	after := modalWith("Form", "after", codeInput())
	after.Submit = plain("Verify")
	_, err := b.client.UpdateView(after, "", "", v.ID())
	must(t, err)
	must(t, v.Submit())
	if got := strings.Join(sent, " "); got != "code/code=123456" {
		t.Errorf("kept ids sent %q", got)
	}

	v, _ = b.opened(t, dana, form)
	must(t, v.Type("Code", "123456"))
	other := slack.NewInputBlock("code2", plain("Code"), nil, slack.NewPlainTextInputBlockElement(nil, "code"))
	after.Blocks.BlockSet[1] = other
	_, err = b.client.UpdateView(after, "", "", v.ID())
	must(t, err)
	if err := v.Submit(); err == nil || !strings.Contains(err.Error(), "Please complete") {
		t.Errorf("with new ids the field should be empty: %v", err)
	}
}

func TestHomeTab(t *testing.T) {
	b := start(t, nil)
	dana := b.ws.As("U_DANA")
	b.mu.Lock()
	b.event = func(_ http.ResponseWriter, body []byte) {
		if !strings.Contains(string(body), `"app_home_opened"`) || !strings.Contains(string(body), `"event_id"`) {
			t.Errorf("the event is %s", body)
		}
		home := slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: []slack.Block{
			slack.NewSectionBlock(plain("No open cases"), nil, nil), buttonRow("r", "Unlock"),
		}}}
		if _, err := b.client.PublishView("U_DANA", home, ""); err != nil {
			t.Error(err)
		}
	}
	b.mu.Unlock()
	b.onInteraction(func(_ http.ResponseWriter, in slack.InteractionCallback) {
		if _, err := b.client.OpenView(in.TriggerID, modalWith("Unlock", "whom?")); err != nil {
			t.Error(err)
		}
	})
	must(t, dana.OpenHome())
	home, err := dana.Home("No open cases")
	must(t, err)
	must(t, home.Click("Unlock"))
	if _, err := dana.Modal("whom?"); err != nil {
		t.Error(err)
	}
	if err := home.Close(); err == nil {
		t.Error("the Home tab was closed")
	}
}

func TestExternalIDsAreUnique(t *testing.T) {
	b := start(t, nil)
	dana := b.ws.As("U_DANA")
	view := modalWith("One", "text", buttonRow("r", "Push"))
	view.ExternalID = "case-7"
	v, _ := b.opened(t, dana, view)
	var pushed error
	b.onInteraction(func(_ http.ResponseWriter, in slack.InteractionCallback) {
		_, pushed = b.client.PushView(in.TriggerID, view)
	})
	must(t, v.Click("Push"))
	if errorText(pushed) != "duplicate_external_id" {
		t.Errorf("a second view of one external id: %v", pushed)
	}
	changed := modalWith("One", "changed")
	changed.ExternalID = "case-7"
	_, err := b.client.UpdateView(changed, "case-7", "", "")
	must(t, err)
	must(t, v.Until("changed"))
}

func TestClearOnCloseTakesTheWholeStack(t *testing.T) {
	b := start(t, nil)
	dana := b.ws.As("U_DANA")
	top := modalWith("Top", "deeper")
	top.ClearOnClose = true
	b.onInteraction(func(_ http.ResponseWriter, in slack.InteractionCallback) {
		if _, err := b.client.OpenView(in.TriggerID, top); err != nil { // out of a modal, opening lies on top
			t.Error(err)
		}
	})
	root, _ := b.opened(t, dana, modalWith("Root", "text", buttonRow("r", "Open")))
	must(t, root.Click("Open"))
	v, err := dana.Modal("deeper")
	must(t, err)
	if !root.Open() {
		t.Error("the modal below has gone")
	}
	must(t, v.Close())
	must(t, dana.NoModal())
	if err := v.Close(); err == nil {
		t.Error("a closed modal was closed again")
	}
}

func TestAViewKeepsItsType(t *testing.T) {
	b := start(t, nil)
	v, _ := b.opened(t, b.ws.As("U_DANA"), modalWith("One", "text"))
	body := `{"view_id":"` + v.ID() + `","view":{"type":"home","blocks":[{"type":"divider"}]}}`
	if got := call(t, b.ws, "views.update", asJSON, body); got.Error != "invalid_arguments" {
		t.Errorf("a modal became a Home tab: ok=%v %q", got.OK, got.Error)
	}
}

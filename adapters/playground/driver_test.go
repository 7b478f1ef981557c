package playground_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"latchkey/adapters/playground"
)

func TestButtonsAreFoundAsAPersonFindsThem(t *testing.T) {
	b := start(t, nil)
	clicked := make(chan *slack.BlockAction, 10)
	b.onInteraction(func(_ http.ResponseWriter, in slack.InteractionCallback) {
		clicked <- in.ActionCallback.BlockActions[0]
	})
	confirm := slack.NewConfirmationBlockObject(plain("Unlock mei?"), plain("At once."), plain("Unlock"), plain("Cancel"))
	mei := slack.NewButtonBlockElement("a", "mei", plain("Unlock"))
	mei.AccessibilityLabel = "Unlock mei"
	mei.Confirm = confirm
	max := slack.NewButtonBlockElement("b", "max", plain("Unlock"))
	max.AccessibilityLabel = "Unlock max"
	link := slack.NewButtonBlockElement("c", "", plain("Record"))
	link.URL = "https://example.invalid/7"
	more := slack.NewOverflowBlockElement("d", slack.NewOptionBlockObject("h", plain("History"), nil), slack.NewOptionBlockObject("r", plain("Reset"), nil))
	v, _ := b.opened(t, b.ws.As("U_DANA"), modalWith("Two", "pick", slack.NewActionBlock("row", mei, max, link, more)))

	if diff := cmp.Diff([]string{"Unlock", "Unlock", "Record", "History", "Reset"}, v.Buttons()); diff != "" {
		t.Error(diff)
	}
	for label, words := range map[string]string{
		"Unlock": `2 buttons are called "Unlock", name one by its accessibility label: there are "Unlock" (spoken "Unlock mei"), "Unlock" (spoken "Unlock max"), "Record"`,
		"Delete": `no button "Delete": there are "Unlock"`,
	} {
		if err := v.Click(label); err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("clicking %q: %v", label, err)
		}
	}
	if asks, err := v.Confirmation("Unlock mei"); err != nil || asks != "Unlock mei?\nAt once.\nUnlock\nCancel" {
		t.Errorf("the confirmation is %q (%v)", asks, err)
	}
	if asks, err := v.Confirmation("Record"); err != nil || asks != "" {
		t.Errorf("a button without confirmation asks %q (%v)", asks, err)
	}
	if to, err := v.Link("Record"); err != nil || to != "https://example.invalid/7" {
		t.Errorf("the link is %q (%v)", to, err)
	}
	must(t, v.Click("Unlock max"))
	if a := <-clicked; a.ActionID != "b" || a.BlockID != "row" || a.Value != "max" || a.Text.Text != "Unlock" {
		t.Errorf("clicked %+v", a)
	}
	must(t, v.Click("Reset"))
	if a := <-clicked; a.ActionID != "d" || a.SelectedOption.Value != "r" {
		t.Errorf("chose %+v", a)
	}
}

// everyInput is a form with each kind of field, and some that tell at once.
func everyInput() slack.ModalViewRequest {
	opt := func(value, text string) *slack.OptionBlockObject {
		return slack.NewOptionBlockObject(value, plain(text), nil)
	}
	in := func(block, label string, e slack.BlockElement) *slack.InputBlock {
		i := slack.NewInputBlock(block, plain(label), nil, e)
		i.Optional = true
		return i
	}
	reason := slack.NewPlainTextInputBlockElement(nil, "x").WithMultiline(true)
	reason.MinLength = 5
	number := slack.NewNumberInputBlockElement(nil, "x", false)
	menu := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, nil, "x", opt("l", "Low"), opt("h", "High"))
	people := slack.NewOptionsSelectBlockElement(slack.OptTypeUser, nil, "x")
	found := slack.NewOptionsSelectBlockElement(slack.OptTypeExternal, nil, "x")
	several := slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeStatic, nil, "x", opt("1", "One"), opt("2", "Two"))
	view := modalWith("Form", "everything",
		in("text", "Reason", reason), in("number", "Ticket", number),
		in("menu", "Urgency", menu), in("people", "Manager", people), in("found", "Account", found), in("several", "Places", several),
		in("day", "Since", slack.NewDatePickerBlockElement("x")),
		in("radio", "Kind", slack.NewRadioButtonsBlockElement("x", opt("f", "Forgot"), opt("p", "Old phone"))),
		in("boxes", "Accounts", slack.NewCheckboxGroupsBlockElement("x", opt("a", "mei in A"), opt("b", "mei in B"), opt("c", "mei in C"))),
		slack.NewActionBlock("live", slack.NewCheckboxGroupsBlockElement("skip", opt("s", "Skip the check"))))
	view.Submit = plain("Send")
	return view
}

func TestEveryFieldIsFilledInAndSent(t *testing.T) {
	b := start(t, nil)
	state := make(chan map[string]map[string]slack.BlockAction, 1)
	live := make(chan []string, 4)
	b.onInteraction(func(w http.ResponseWriter, in slack.InteractionCallback) {
		if in.Type == slack.InteractionTypeViewSubmission {
			state <- in.View.State.Values
			return
		}
		var picked []string
		for _, o := range in.ActionCallback.BlockActions[0].SelectedOptions {
			picked = append(picked, o.Value)
		}
		live <- picked
	})
	b.options = func(w http.ResponseWriter, in slack.InteractionCallback) {
		if in.Type != slack.InteractionTypeBlockSuggestion || in.ActionID != "x" || in.BlockID != "found" {
			t.Errorf("the suggestion is for %q %q", in.BlockID, in.ActionID)
		}
		var out []any
		for _, name := range []string{"Mei Tan", "Mei Lin"} {
			if strings.HasPrefix(name, in.Value) {
				out = append(out, slack.NewOptionBlockObject(strings.ToLower(name), plain(name), nil))
			}
		}
		answer(w, map[string]any{"options": append([]any{}, out...)})
	}
	v, _ := b.opened(t, b.ws.As("U_DANA"), everyInput())
	if offered, err := v.Search("Account", "Mei"); err != nil || strings.Join(offered, ",") != "Mei Tan,Mei Lin" {
		t.Fatalf("offered %q (%v)", offered, err)
	}
	for _, step := range []error{
		v.Type("Reason", "forgot\nit"), v.Type("Ticket", "42"), v.Select("Urgency", "High"), v.Select("Manager", "Mei Tan"),
		v.SelectFound("Account", "Mei", "Mei Lin"), v.Select("Places", "One"), v.Select("Places", "Two"),
		v.Select("Since", "2026-11-23"), v.Select("Kind", "Forgot"), v.Tick("Old phone"),
		v.Tick("mei in C"), v.Tick("mei in A"), v.Tick("mei in B"), v.Untick("mei in B"), v.Tick("Skip the check"),
	} {
		must(t, step)
	}
	if got := <-live; strings.Join(got, ",") != "s" {
		t.Errorf("the live box sent %q", got)
	}
	for _, line := range []string{"[x] mei in A", "[ ] mei in B", "[x] mei in C", "[x] Old phone", "[ ] Forgot", "[x] Skip the check"} {
		if !strings.Contains(v.Text(), line) {
			t.Errorf("%q is not read in:\n%s", line, v.Text())
		}
	}
	must(t, v.Submit())
	got := <-state
	var boxes []string
	for _, o := range got["boxes"]["x"].SelectedOptions {
		boxes = append(boxes, o.Value)
	}
	have := []string{
		got["text"]["x"].Value, got["number"]["x"].Value, got["menu"]["x"].SelectedOption.Value, got["people"]["x"].SelectedUser,
		got["found"]["x"].SelectedOption.Value, got["several"]["x"].SelectedOptions[1].Value, got["day"]["x"].SelectedDate,
		got["radio"]["x"].SelectedOption.Value, strings.Join(boxes, "+"), got["live"]["skip"].SelectedOptions[0].Value,
	}
	want := []string{"forgot\nit", "42", "h", "U_MEI", "mei lin", "2", "2026-11-23", "p", "a+c", "s"}
	if diff := cmp.Diff(want, have); diff != "" {
		t.Error(diff)
	}
}

func TestTheClientRefusesWhatSlacksClientRefuses(t *testing.T) {
	b := start(t, nil)
	v, _ := b.opened(t, b.ws.As("U_DANA"), everyInput())
	must(t, v.Type("Reason", "abc"))
	must(t, v.Type("Ticket", "many"))
	for name, c := range map[string]struct {
		err   error
		words string
	}{
		"too short, no number": {v.Submit(), "Reason: Please enter at least 5 characters.; Ticket: Please enter a number."},
		"no such field":        {v.Type("Name", "a"), `0 fields called "Name" of plain_text_input, number_input: there are "Reason", "Ticket", no others`},
		"two lines in one":     {v.Type("Ticket", "4\n2"), "single line"},
		"no such option":       {v.Select("Urgency", "None"), `has no option "None": there are "Low", "High"`},
		"no such box":          {v.Tick("mei in D"), `0 options called "mei in D"`},
		"unticking nothing":    {v.Untick("mei in A"), "already so"},
		"nobody":               {v.Select("Manager", "Nobody"), "0 people"},
		"unticking a radio":    {v.Untick("Forgot"), "cannot be unticked"},
	} {
		if c.err == nil || !strings.Contains(c.err.Error(), c.words) {
			t.Errorf("%s: %v", name, c.err)
		}
	}
	short, _ := b.opened(t, b.ws.As("U_DANA"), modalWithCode())
	if err := short.Type("Code", "1234567"); err == nil || !strings.Contains(err.Error(), "takes 6 characters, not 7") {
		t.Errorf("seven characters: %v", err)
	}
	if len(b.ws.Exchanges()) != 2 { // the two commands
		t.Errorf("%d exchanges: something was sent", len(b.ws.Exchanges()))
	}
}

func modalWithCode() slack.ModalViewRequest {
	v := modalWith("Authenticate", "code please", codeInput())
	v.Submit = plain("Verify")
	return v
}

// Waiting ends with what is on the screen, so that a failed story explains itself.
func TestWaitingInVainSaysWhatIsThere(t *testing.T) {
	b := start(t, nil)
	dana := b.ws.As("U_DANA").Within(10 * time.Millisecond)
	if _, err := dana.Modal("Unlock"); err == nil || !strings.Contains(err.Error(), "no modal is open") {
		t.Errorf("%v", err)
	}
	b.opened(t, b.ws.As("U_DANA"), modalWith("Looking", "Looking up mei"))
	v, err := dana.Modal("Looking")
	must(t, err)
	b.ws.SetBotURL("http://127.0.0.1:1")
	if err := dana.Say("/unlock"); err == nil {
		t.Error("a bot that is away answered")
	}
	for _, err := range []error{second(dana.Modal("Unlock")), dana.NoModal(), v.Until("Unlock")} {
		if err == nil || !strings.Contains(err.Error(), "Looking up mei") || !strings.Contains(err.Error(), "dispatch_failed") {
			t.Errorf("%v", err)
		}
	}
	if _, err := dana.DM().Message("x"); err == nil || !strings.Contains(err.Error(), "(nothing)") {
		t.Errorf("%v", err)
	}
}

func second[T any](_ T, err error) error { return err }

// What comes later is seen when it comes: nothing is asked at intervals.
func TestWaitingSeesWhatComesLater(t *testing.T) {
	b := start(t, nil)
	dana := b.ws.As("U_DANA")
	go func() {
		if _, _, err := b.client.PostMessage("U_DANA", slack.MsgOptionText("one", false)); err != nil {
			t.Error(err)
		}
		if _, _, err := b.client.PostMessage("U_DANA", slack.MsgOptionText("two", false)); err != nil {
			t.Error(err)
		}
	}()
	m, err := dana.DM().Message("two")
	must(t, err)
	if m.Text() != "two" || len(dana.DM().Messages()) != 2 {
		t.Errorf("the DM reads %q", dana.DM().Text())
	}
	if !b.ws.Eventually(func() bool { return len(b.ws.Calls()) == 2 }) {
		t.Errorf("calls: %v", b.ws.Calls())
	}
}

func TestNobodyInParticularCanLookButNotClick(t *testing.T) {
	b := start(t, nil)
	_, _, err := b.client.PostMessage("C_AUDIT", slack.MsgOptionText("a", false), slack.MsgOptionBlocks(buttonRow("r", "Go")))
	must(t, err)
	m := b.ws.Channel("C_AUDIT").Messages()[0]
	if err := m.Click("Go"); err == nil || !strings.Contains(err.Error(), "nobody in particular") {
		t.Errorf("%v", err)
	}
	if got := b.ws.As("U_DANA").In("C_NONE").Room().Messages(); got != nil {
		t.Errorf("a channel that is not there has messages: %v", got)
	}
}

func TestEvents(t *testing.T) {
	b := start(t, nil)
	bodies := make(chan map[string]any, 1)
	b.event = func(_ http.ResponseWriter, body []byte) {
		var v map[string]any
		must(t, json.Unmarshal(body, &v))
		bodies <- v
	}
	ctx := t.Context()
	first, err := b.ws.EventRequest("U_DANA", map[string]any{"type": "team_rename"})
	must(t, err)
	check, err := b.ws.URLVerificationRequest("say this")
	must(t, err)
	var ids []any
	for _, r := range []playground.Request{first, b.ws.RetryEvent(first, 1), check} {
		if x, err := b.ws.Send(ctx, r); err != nil || x.Status != 200 {
			t.Fatalf("%s: %d %v", r.Kind, x.Status, err)
		}
		body := <-bodies
		ids = append(ids, body["event_id"], body["challenge"])
	}
	if ids[0] == nil || ids[0] != ids[2] || ids[5] != "say this" {
		t.Errorf("ids and challenges: %v", ids)
	}
	if again := b.ws.RetryEvent(first, 2); again.Header.Get("X-Slack-Retry-Num") != "2" || first.Header.Get("X-Slack-Retry-Num") != "" {
		t.Error("the retry is not marked, or the first one is")
	}
	if x, err := b.ws.Send(ctx, b.ws.SSLCheckRequest()); err != nil || x.Status != 200 {
		t.Errorf("ssl_check: %d %v", x.Status, err)
	}
}

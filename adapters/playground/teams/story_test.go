package teams_test

import (
	"strings"
	"testing"
	"time"

	"latchkey/adapters/playground/teams"
)

// A command, a card with a button, a dialog with inputs that goes on, ends
// with a text and is closed.
func TestDialogStory(t *testing.T) {
	b := stage(t, func(o *teams.Options) { o.DumpDir = t.TempDir() })
	fetch := button("Action.Submit", "Open", object{"data": object{"case": "7", "msteams": object{"type": "task/fetch"}}})
	b.on("message", func(a object) (int, any) {
		b.post(text(a, "conversation", "id"), holding(card([]any{say("Unlock **Mei Tan**?")}, fetch)))
		return 200, nil
	})
	code := object{"type": "Input.Text", "id": "code", "label": "Code", "isRequired": true, "errorMessage": "Six digits.", "regex": "^[0-9]{6}$"}
	pick := object{"type": "Input.ChoiceSet", "id": "which", "label": "Accounts", "isMultiSelect": true, "style": "expanded",
		"choices": []any{object{"title": "mei in corp", "value": "1"}, object{"title": "mei in lab", "value": "2"}}}
	b.on("task/fetch", func(a object) (int, any) {
		if text(a, "value", "data", "case") != "7" {
			t.Errorf("the button's data did not come: %v", a["value"])
		}
		return 200, dialog("Authenticate", card([]any{say("Enter the code"), code}, button("Action.Submit", "Verify", object{"data": object{"step": "code"}})))
	})
	b.on("task/submit", func(a object) (int, any) {
		if text(a, "value", "data", "step") == "code" {
			wrong := say("That was wrong.")
			wrong["color"] = "attention"
			if text(a, "value", "data", "code") != "123456" {
				return 200, dialog("Authenticate", card([]any{code, wrong}, button("Action.Submit", "Verify", object{"data": object{"step": "code"}})))
			}
			return 200, dialog("Unlock", card([]any{pick}, button("Action.Submit", "Unlock", object{"style": "positive"}), button("Action.Submit", "Back", nil)))
		}
		return 200, object{"task": object{"type": "message", "value": "Unlocked " + text(a, "value", "data", "which")}}
	})

	p := b.tenant.As(dana)
	ok(t, p.Say("unlock mei"))
	m, err := p.DM().Message("Unlock Mei Tan?")
	ok(t, err)
	ok(t, m.Click("Open"))
	v, err := p.Modal("Authenticate", "Enter the code")
	ok(t, err)
	if err := v.Submit(); err == nil || !strings.Contains(err.Error(), "Six digits.") {
		t.Errorf("an empty required input was sent: %v", err)
	}
	ok(t, v.Type("Code", "000000"))
	ok(t, v.Submit())
	if got := v.Errors()["Code"]; got != "That was wrong." {
		t.Errorf("the text under the field is %q", got)
	}
	ok(t, v.Type("Code", "123456"))
	ok(t, v.Submit())
	ok(t, v.Until("Unlock", "[ ] mei in lab"))
	if v.SubmitLabel() != "Unlock" || strings.Join(v.Buttons(), ",") != "Back" {
		t.Errorf("submit %q, buttons %q", v.SubmitLabel(), v.Buttons())
	}
	ok(t, v.Tick("mei in lab"))
	ok(t, v.Tick("mei in corp"))
	ok(t, v.Submit())
	ok(t, v.Until("Unlocked 1,2"))
	ok(t, v.Close())
	ok(t, p.NoModal())
	if problems := b.tenant.Problems(); len(problems) > 0 {
		t.Errorf("problems: %q", problems)
	}
}

// Approvers get a view of their own when they look; after the decision the
// answer changes the card for who pressed, and the update for all.
func TestUserSpecificViews(t *testing.T) {
	b := stage(t, nil)
	base := card([]any{say("Mei asks for approval")})
	base["refresh"] = object{"action": button("Action.Execute", "Refresh", object{"verb": "refresh"}), "userIds": []any{b.tenant.MRI(dana)}}
	id := b.post(group, holding(base))
	b.on("adaptiveCard/action", func(a object) (int, any) {
		if text(a, "value", "trigger") == "automatic" {
			return 200, changed(card([]any{say("Decide, Dana")}, button("Action.Execute", "Approve", object{"verb": "approve", "data": object{"case": "7"}})))
		}
		b.call("PUT", "/"+esc(group)+"/activities/"+esc(id), holding(card([]any{say("Approved for all")})))
		return 200, changed(card([]any{say("You approved " + text(a, "value", "action", "data", "case"))}))
	})
	other, err := b.tenant.As(mei).In(group).Room().Message("asks for approval")
	ok(t, err)
	if len(other.Buttons()) > 0 {
		t.Errorf("Mei sees %q", other.Buttons())
	}
	m, err := b.tenant.As(dana).In(group).Room().Message("Decide")
	ok(t, err)
	ok(t, m.Click("Approve"))
	if got := m.Text(); got != "You approved 7" {
		t.Errorf("Dana reads %q", got)
	}
	ok(t, other.Until("Approved for all"))
	if problems := b.tenant.Problems(); len(problems) > 0 {
		t.Errorf("problems: %q", problems)
	}
}

// A targeted message is seen by one person; a line in a channel reaches the
// bot with its mention; what is written to others does not.
func TestChannelAndTargeted(t *testing.T) {
	b := stage(t, nil)
	ok(t, b.tenant.As(mei).In(group).Say("help"))
	if got := text(b.heard[0], "text"); got != "<at>Latchkey</at> help" {
		t.Errorf("the bot heard %q", got)
	}
	_, err := b.tenant.As(mei).In(help).Write("I am locked out")
	ok(t, err)
	if len(b.heard) != 1 {
		t.Error("the bot heard what was not for it")
	}
	status, _, _ := b.call("POST", "/"+esc(help)+"/activities?isTargetedActivity=true",
		object{"type": "message", "text": "for Dana", "recipient": object{"id": b.tenant.MRI(dana)}})
	if status != 201 {
		t.Fatalf("status %d", status)
	}
	m, err := b.tenant.As(dana).In(help).Room().Message("for Dana")
	ok(t, err)
	if !m.Ephemeral() || strings.Contains(b.tenant.As(mei).In(help).Room().Text(), "for Dana") || strings.Contains(b.tenant.Channel(help).Text(), "for Dana") {
		t.Error("a targeted message is seen by others")
	}
}

// The menu of a message opens a dialog that knows who wrote it.
func TestMessageExtension(t *testing.T) {
	b := stage(t, nil)
	b.on("composeExtension/fetchTask", func(a object) (int, any) {
		who := text(a, "value", "messagePayload", "from", "user", "id")
		return 200, dialog("Unlock", card([]any{say("This is " + who)}, button("Action.Submit", "Go", nil)))
	})
	b.on("composeExtension/submitAction", func(a object) (int, any) {
		if text(a, "value", "commandId") != "unlockPerson" {
			t.Errorf("value %v", a["value"])
		}
		return 200, nil
	})
	_, err := b.tenant.As(mei).In(help).Write("I am locked out")
	ok(t, err)
	p := b.tenant.As(dana)
	m, err := p.In(help).Room().Message("locked out")
	ok(t, err)
	ok(t, m.Shortcut("Unlock this person"))
	v, err := p.Modal("This is " + mei)
	ok(t, err)
	ok(t, v.Submit())
	ok(t, p.NoModal())
	if err := m.Shortcut("Delete"); err == nil {
		t.Error("a command that is not in the manifest opened")
	}
}

// A small card that asks once more is confirmed by the click; one with a field
// opens, and what stands in it goes along.
func TestShowCards(t *testing.T) {
	b := stage(t, nil)
	var got []object
	b.on("adaptiveCard/action", func(a object) (int, any) {
		got = append(got, at(a, "value", "action").(object))
		return 200, object{"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": "Noted"}
	})
	sure := card([]any{say("It is done at once.")}, button("Action.Execute", "Yes, unlock", object{"verb": "unlock"}))
	why := card([]any{object{"type": "Input.Text", "id": "why", "label": "Reason"}}, button("Action.Execute", "Send", object{"verb": "deny"}))
	b.post(b.chat(dana), holding(card([]any{say("Now?")}, button("Action.ShowCard", "Unlock", object{"card": sure}), button("Action.ShowCard", "Deny", object{"card": why}))))
	m, err := b.tenant.As(dana).DM().Message("Now?")
	ok(t, err)
	asked, err := m.Confirmation("Unlock")
	ok(t, err)
	if asked != "It is done at once.\nYes, unlock" {
		t.Errorf("it asks %q", asked)
	}
	ok(t, m.Click("Unlock"))
	if err := m.Type("Reason", "no"); err == nil {
		t.Error("a closed card took a text")
	}
	ok(t, m.Click("Deny"))
	ok(t, m.Type("Reason", "unknown caller"))
	ok(t, m.Click("Send"))
	if len(got) != 2 || text(got[0], "verb") != "unlock" || text(got[1], "data", "why") != "unknown caller" || m.Note() != "Noted" {
		t.Errorf("the bot got %v, the note is %q", got, m.Note())
	}
}

// Installing tells the bot and opens the way; uninstalling closes it.
func TestInstallations(t *testing.T) {
	b := stage(t, nil)
	ok(t, b.tenant.Announce())
	if len(b.heard) != 4 {
		t.Errorf("the bot heard %d activities for two people", len(b.heard))
	}
	chat := b.chat(dana)
	ok(t, b.tenant.Uninstall(dana))
	if status, answer, _ := b.call("POST", "/"+esc(chat)+"/activities", object{"type": "message", "text": "a"}); status != 403 {
		t.Errorf("%d %v", status, answer)
	}
	if err := b.tenant.As(dana).Say("help"); err == nil {
		t.Error("she speaks to a bot that she does not have")
	}
	last := b.heard[len(b.heard)-1]
	if text(last, "type") != "installationUpdate" || text(last, "action") != "remove" {
		t.Errorf("the bot heard %v", last)
	}
}

// What is not answered in time is a problem, and comes again with the same id.
func TestLateAnswersComeAgain(t *testing.T) {
	b := stage(t, func(o *teams.Options) { o.AnswerWithin = 50 * time.Millisecond })
	b.hold = make(chan struct{})
	err := b.tenant.As(dana).Say("help")
	close(b.hold)
	if err == nil || len(b.tenant.Problems()) != 2 {
		t.Errorf("%v, problems %q", err, b.tenant.Problems())
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.heard) != 2 || b.heard[0]["id"] != b.heard[1]["id"] {
		t.Errorf("the bot heard %v", b.heard)
	}
}

// Old clients show the fallback, which arrives as a message with a value.
func TestOldClients(t *testing.T) {
	b := stage(t, nil)
	b.tenant.SetUser(teams.User{ID: mei, Name: "Mei Tan", Old: true})
	b.post(b.chat(mei), holding(card([]any{say("Now?")}, button("Action.Execute", "Go", object{"verb": "go",
		"fallback": button("Action.Submit", "Go, please", object{"data": object{"verb": "go"}})}))))
	m, err := b.tenant.As(mei).DM().Message("Now?")
	ok(t, err)
	ok(t, m.Click("Go, please"))
	if last := b.heard[0]; text(last, "type") != "message" || text(last, "value", "verb") != "go" {
		t.Errorf("the bot heard %v", last)
	}
}

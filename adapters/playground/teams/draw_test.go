package teams_test

import (
	"slices"
	"strings"
	"testing"
)

// A page presses by pointers: what was entered goes along, a small card that a
// button opens counts as open, and what a client cannot press is refused.
func TestPressByPointer(t *testing.T) {
	b := stage(t, nil)
	sent := make(chan object, 4)
	b.on("adaptiveCard/action", func(a object) (int, any) {
		sent <- at(a, "value", "action").(object)
		return 200, changed(card([]any{say("Taken")}))
	})
	reason := object{"type": "Input.Text", "id": "reason", "label": "Reason", "isRequired": true, "errorMessage": "Say why."}
	inner := card([]any{reason}, button("Action.Execute", "Send", object{"verb": "send", "data": object{"row": "1"}}))
	dead := button("Action.Execute", "Dead", object{"verb": "dead", "isEnabled": false})
	conversation := b.chat(dana)
	b.post(conversation, holding(card([]any{say("A case"), object{"type": "ActionSet", "actions": []any{dead}}},
		object{"type": "Action.ShowCard", "title": "More", "card": inner})))
	m, err := b.tenant.As(dana).At(conversation).Room().Message("A case")
	ok(t, err)
	const press = "/actions/0/card/actions/0"
	for _, wrong := range []struct{ pointer, value, want string }{
		{"/actions/7", "x", "no button at"},
		{"", "x", "no button at"},
		{"/actions/0/card/", "x", "no button at"},
		{"/body/1/actions/0", "x", "can be pressed"},
		{press, "", "Say why."},
	} {
		if err := m.Press(wrong.pointer, map[string]string{"reason": wrong.value}); err == nil || !strings.Contains(err.Error(), wrong.want) {
			t.Errorf("a press at %q with %q: %v", wrong.pointer, wrong.value, err)
		}
	}
	if len(sent) != 0 {
		t.Fatalf("the bot heard of what cannot be pressed: %v", <-sent)
	}
	ok(t, m.Press(press, map[string]string{"reason": "forgot it", "gone": "of another card"}))
	got := <-sent
	if text(got, "verb") != "send" || text(got, "data", "reason") != "forgot it" || text(got, "data", "row") != "1" || at(got, "data", "gone") != nil {
		t.Errorf("the bot got %v", got)
	}
	if err := m.Press(press, nil); err == nil || !strings.Contains(err.Error(), "the card has changed") {
		t.Errorf("a press into the card that was there before: %v", err)
	}
}

// What a page draws is the card as the person before it has it.
func TestCardOfEach(t *testing.T) {
	b := stage(t, nil)
	b.on("adaptiveCard/action", func(object) (int, any) { return 200, changed(card([]any{say("Your own view")})) })
	base := card([]any{say("For all")})
	base["refresh"] = object{"action": button("Action.Execute", "Refresh", object{"verb": "refresh"}), "userIds": []any{b.tenant.MRI(dana)}}
	b.post(group, holding(base))
	for user, want := range map[string]string{dana: "Your own view", mei: "For all"} {
		in := b.tenant.As(user).At(group)
		_, err := in.Room().Message(want)
		ok(t, err)
		shown, is := in.Room().Messages()[0].Card().(object)
		if !is || text(shown["body"].([]any)[0], "text") != want {
			t.Errorf("%s is shown %v, want %q", user, shown, want)
		}
	}
}

func TestPlacesAndNames(t *testing.T) {
	b := stage(t, nil)
	where := func(user string) (out []string) {
		for _, p := range b.tenant.As(user).Places() {
			out = append(out, p.Name)
		}
		return out
	}
	bot := b.tenant.BotName()
	if got, want := where(dana), []string{bot, "Group", "Help"}; !slices.Equal(got, want) {
		t.Errorf("Dana is in %q, want %q", got, want)
	}
	if got, want := where(gus), []string{bot, "Help"}; !slices.Equal(got, want) {
		t.Errorf("the guest is in %q, want %q", got, want)
	}
	if got := where("nobody"); got != nil {
		t.Errorf("somebody unknown is in %q", got)
	}
	if names := b.tenant.Names(); names[mei] != "Mei Tan" || names[help] != "Help" {
		t.Errorf("the names are %q", names)
	}
	if got := b.tenant.Menu(); !slices.Equal(got, []string{"Unlock this person"}) {
		t.Errorf("the menu of a message has %q", got)
	}
	in := b.tenant.As(dana).At(help)
	ok(t, in.Say("unlock mei"))
	if got := in.Room().Messages()[0].Source(); got != "<at>"+bot+"</at> unlock mei" {
		t.Errorf("a line with a mention is %q", got)
	}
}

// A page waits for changes and does not ask again and again.
func TestChangedByPress(t *testing.T) {
	b := stage(t, nil)
	b.on("task/fetch", func(object) (int, any) {
		return 200, dialog("First", card([]any{say("one")}, button("Action.Submit", "Next", nil)))
	})
	b.on("task/submit", func(object) (int, any) {
		return 200, object{"task": object{"type": "message", "value": "Done"}}
	})
	b.post(b.chat(dana), holding(card([]any{say("Hello")}, button("Action.Submit", "Open", object{"data": object{"msteams": object{"type": "task/fetch"}}}))))
	p := b.tenant.As(dana)
	m, err := p.DM().Message("Hello")
	ok(t, err)
	moved := func(press func() error) {
		t.Helper()
		change := b.tenant.Changed()
		ok(t, press())
		<-change
	}
	moved(func() error { return m.Press("/actions/0", nil) })
	v, err := p.Modal("First")
	ok(t, err)
	id, version := v.ID(), v.Version()
	moved(func() error { return v.Press("/actions/0", nil) })
	if v.ID() != id || v.Version() == version || v.Said() != "Done" || v.Card() != nil {
		t.Errorf("after the answer: %q %d %q %v", v.ID(), v.Version(), v.Said(), v.Card())
	}
	moved(v.Close)
}

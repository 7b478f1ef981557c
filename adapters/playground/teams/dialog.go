package teams

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"latchkey/adapters/playground/adaptivecard"
)

// dialog is an open dialog (task module) of one person.
type dialog struct {
	t       *Tenant
	user    string
	room    *room
	message *message // where it was opened, nil for the app's menu
	command string   // of the message extension, "" for a card's button
	payload map[string]any
	number  int // of the dialog, from 1 on
	version int // how many cards and texts it has shown
	title   string
	said    string // the text of an answer of type message, instead of a card
	face    *face
}

func (d *dialog) live() error {
	if d.t.dialogs[d.user] != d {
		return errors.New("the dialog is closed")
	}
	return nil
}

func (d *dialog) shown(string) *face { return d.face }

// View is a dialog on a person's screen. It is live.
type View struct {
	Screen
	d *dialog
}

// sender finds the button that sends a dialog's form: the positive one of the
// bottom row, or the only one there.
func sender(now adaptivecard.Screen) (adaptivecard.Press, error) {
	var row, positive []adaptivecard.Press
	for _, p := range now.Presses {
		if p.Root && (p.Kind == "Action.Submit" || p.Kind == "Action.Execute") {
			row = append(row, p)
			if strings.EqualFold(str(p.Action["style"]), "positive") {
				positive = append(positive, p)
			}
		}
	}
	switch {
	case len(positive) == 1:
		return positive[0], nil
	case len(positive) == 0 && len(row) == 1:
		return row[0], nil
	}
	return adaptivecard.Press{}, fmt.Errorf("%d buttons in the bottom row could send the form, %d of them positive", len(row), len(positive))
}

// Title is the line at the top of the dialog.
func (v *View) Title() string { v.d.t.mu.Lock(); defer v.d.t.mu.Unlock(); return v.d.title }

// SubmitLabel is the title of the button that sends the form, "" if there is none.
func (v *View) SubmitLabel() string {
	v.d.t.mu.Lock()
	defer v.d.t.mu.Unlock()
	now, _, _ := v.screen()
	p, err := sender(now)
	if err != nil {
		return ""
	}
	return p.Title
}

// Open tells whether the dialog is still there.
func (v *View) Open() bool { v.d.t.mu.Lock(); defer v.d.t.mu.Unlock(); return v.d.live() == nil }

// Text is what a person reads: the title, then the card or the text, a line each.
func (v *View) Text() string {
	return v.reads(func(s adaptivecard.Screen, _ adaptivecard.Reader) []string {
		lines := []string{v.d.title}
		if v.d.said != "" {
			lines = append(lines, v.d.said)
		}
		return append(lines, s.Lines...)
	})
}

// Until waits until the dialog has every one of words.
func (v *View) Until(words ...string) error {
	if v.d.t.await(v.who.patience, func() bool { return hasAll(v.Text(), words) }) {
		return nil
	}
	return fmt.Errorf("%s waited %s for a dialog %s, but it reads:\n%s%s", v.who.id, v.who.patience, describe(words), v.Text(), v.d.t.lastTrouble())
}

// SubmitRequest is what sending the form sends, not sent yet.
func (v *View) SubmitRequest() (Request, error) {
	t := v.d.t
	t.mu.Lock()
	var a map[string]any
	var settle func(*Exchange)
	err := errors.Join(v.d.live(), v.able())
	if err == nil {
		now, _, _ := v.screen()
		var p adaptivecard.Press
		if p, err = sender(now); err == nil {
			a, settle, err = v.pressed(p)
		}
	}
	t.mu.Unlock()
	if err != nil {
		return Request{}, fmt.Errorf("%s submits: %w", v.who.id, err)
	}
	return t.request(v.who.id, a, settle)
}

// Submit sends the form and does what the answer says: the dialog closes, goes
// on with another card, or shows a text.
func (v *View) Submit() error { return v.d.t.repeat(1, false, v.SubmitRequest) }

// SubmitAtOnce sends the same form n times together, as from n devices.
func (v *View) SubmitAtOnce(n int) error { return v.d.t.repeat(n, true, v.SubmitRequest) }

// Close presses the cross: the dialog goes, and the bot never hears of it.
func (v *View) Close() error {
	v.d.t.mu.Lock()
	defer v.d.t.mu.Unlock()
	if err := v.d.live(); err != nil {
		return fmt.Errorf("%s closes: %w", v.who.id, err)
	}
	v.d.t.shut(v.d)
	return nil
}

// Dismiss is Close: dialogs do not lie upon each other.
func (v *View) Dismiss() error { return v.Close() }

// shut closes a dialog if it is still the one on the screen. The caller holds mu.
func (t *Tenant) shut(d *dialog) {
	if t.dialogs[d.user] == d {
		delete(t.dialogs, d.user)
		t.stir()
	}
}

// submission is what a button in a dialog sends. The caller holds mu.
func (t *Tenant) submission(user string, d *dialog, p adaptivecard.Press, data map[string]any) (map[string]any, func(*Exchange), error) {
	ms, _ := data["msteams"].(map[string]any)
	if p.Kind != "Action.Submit" || str(ms["type"]) == "task/fetch" {
		t.problems = append(t.problems, fmt.Sprintf("the button %q: in a dialog only a plain Action.Submit reaches the bot", p.Title))
		return nil, nil, fmt.Errorf("%q does nothing in a dialog", p.Title)
	}
	name := "task/submit"
	if d.command != "" {
		name = "composeExtension/submitAction"
	}
	a := t.invoke(t.users[user], d.room, d.message, name)
	value := map[string]any{"data": data, "context": map[string]any{"theme": "default"}}
	if d.command != "" {
		delete(a, "replyToId")
		value["commandId"], value["commandContext"] = d.command, d.context()
		if d.payload != nil {
			value["messagePayload"] = d.payload
		}
	}
	a["value"] = value
	return a, func(x *Exchange) { t.settleTask(x, d) }, nil
}

// settleTask carries out the answer to task/fetch, task/submit and their
// twins of the message extension: continue shows a card, message a text, and
// nothing closes the dialog.
func (t *Tenant) settleTask(x *Exchange, d *dialog) {
	answer, wrong := answerJSON(x)
	task, _ := answer["task"].(map[string]any)
	if wrong == "" {
		wrong = t.wrongTask(x, answer, task)
	}
	if wrong != "" {
		x.Failure = "unable to reach app: " + wrong
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if d.number == 0 {
		d.number = t.next()
	}
	d.version++
	fetch := strings.HasSuffix(strings.ToLower(x.Kind), "fetch") || strings.HasSuffix(x.Kind, "fetchTask")
	switch {
	case task == nil && fetch:
		x.Failure = "unable to reach app: an answer to " + x.Kind + " without a task opens nothing"
	case task == nil:
		t.shut(d)
	case !fetch && d.live() != nil: // closed meanwhile: nobody sees the answer
	case task["type"] == "message":
		d.said, d.face = str(task["value"]), newFace(nil)
		t.dialogs[d.user] = d
	default:
		value, _ := task["value"].(map[string]any)
		d.title, d.said = str(value["title"]), ""
		d.face = newFace(member(value["card"], "content"))
		t.dialogs[d.user] = d
	}
	t.stir()
}

// wrongTask judges an answer; "" is in order.
func (t *Tenant) wrongTask(x *Exchange, answer, task map[string]any) string {
	switch {
	case x.Status != http.StatusOK:
		return fmt.Sprintf("an invoke is answered with 200, not %d", x.Status)
	case task == nil && answer["task"] != nil:
		return "task must be an object"
	case task == nil && len(answer) > 0 && answer["composeExtension"] == nil:
		return "the answer has neither task nor composeExtension"
	case task == nil:
		return ""
	case task["type"] == "message":
		if str(task["value"]) == "" {
			return "a task of type message has a text as its value"
		}
		return ""
	case task["type"] != "continue":
		return fmt.Sprintf("task.type %v is neither continue nor message", task["type"])
	}
	value, _ := task["value"].(map[string]any)
	if str(value["title"]) == "" {
		return "the dialog has no title"
	}
	if member(value["card"], "contentType") != adaptivecard.ContentType {
		return "task.value.card must be an attachment with an Adaptive Card"
	}
	for _, key := range []string{"width", "height"} {
		if _, err := number(value[key]); err != nil && value[key] != nil && value[key] != "small" && value[key] != "medium" && value[key] != "large" {
			return key + " must be small, medium, large or a number"
		}
	}
	return t.wrongCard("task_answer", answer)
}

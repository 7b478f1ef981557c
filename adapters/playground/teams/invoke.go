package teams

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"latchkey/adapters/playground/adaptivecard"
)

// The content types of answers to adaptiveCard/action
// (learn.microsoft.com, "Universal Actions for Adaptive Cards").
const (
	answerMessage = "application/vnd.microsoft.activity.message"
	answerError   = "application/vnd.microsoft.error"
)

// pressed gives the activity that a button sends, and what its answer does.
// The caller holds mu.
func (s Screen) pressed(p adaptivecard.Press) (map[string]any, func(*Exchange), error) {
	if inner, _, asks := asking(p); asks {
		p = inner
	}
	data, err := s.gathered(p)
	if err != nil {
		return nil, nil, err
	}
	if d, ok := s.on.(*dialog); ok {
		return s.who.t.submission(s.who.id, d, p, data)
	}
	m, _ := s.on.(*message)
	t, u := s.who.t, s.who.t.users[s.who.id]
	switch ms, _ := data["msteams"].(map[string]any); {
	case p.Kind == "Action.Execute":
		a := t.invoke(u, m.room, m, "adaptiveCard/action")
		action := map[string]any{"type": p.Kind, "verb": p.Action["verb"], "data": data}
		if id := str(p.Action["id"]); id != "" {
			action["id"] = id
		}
		a["value"] = map[string]any{"action": action, "trigger": "manual"}
		return a, func(x *Exchange) { t.settleAction(x, m, true) }, nil
	case p.Kind != "Action.Submit":
		return nil, nil, fmt.Errorf("%q sends nothing to the bot", p.Title)
	case str(ms["type"]) == "task/fetch":
		a := t.invoke(u, m.room, m, "task/fetch")
		a["value"] = map[string]any{"data": data, "context": map[string]any{"theme": "default"}}
		opened := &dialog{t: t, user: u.ID, room: m.room, message: m}
		return a, func(x *Exchange) { t.settleTask(x, opened) }, nil
	case str(ms["type"]) == "imBack":
		line := t.put(m.room, u.ID, str(ms["value"]))
		return t.said(u, m.room, line, m.room.direct == ""), func(*Exchange) {}, nil
	}
	a := t.activity("message", u, m.room, m.root())
	a["value"], a["replyToId"] = data, m.id
	return a, func(*Exchange) {}, nil
}

// gathered gives a button's data together with what was entered.
func (s Screen) gathered(p adaptivecard.Press) (map[string]any, error) {
	now, _, _ := s.screen()
	given, _ := p.Action["data"].(map[string]any)
	data := maps.Clone(given)
	if data == nil {
		data = map[string]any{}
	}
	var missing []string
	for _, in := range now.Inputs {
		if !p.Sends(in) {
			continue
		}
		if why := in.Incomplete(); why != "" {
			missing = append(missing, in.Label+": "+why)
		}
		data[in.ID] = in.Value
	}
	if len(missing) > 0 {
		return nil, fmt.Errorf("the form is not complete: %s", strings.Join(missing, "; "))
	}
	return data, nil
}

// invoke is what every invoke about a message has. The caller holds mu.
func (t *Tenant) invoke(u User, r *room, m *message, name string) map[string]any {
	thread := ""
	if m != nil {
		thread = m.root()
	}
	a := t.activity("invoke", u, r, thread)
	a["name"] = name
	if m != nil {
		a["replyToId"] = m.id
	}
	return a
}

// settleAction carries out the answer to adaptiveCard/action: a card changes
// the message for this person, a message is a note to her, an error fails.
func (t *Tenant) settleAction(x *Exchange, m *message, manual bool) {
	answer, wrong := answerJSON(x)
	if wrong == "" {
		wrong = t.wrongAction(x, answer)
	}
	if wrong != "" {
		x.Failure = "unable to reach app: " + wrong
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	switch kind := str(answer["type"]); {
	case kind == answerError:
		x.Failure = fmt.Sprintf("the bot answers an error: %v %v", member(answer["value"], "code"), member(answer["value"], "message"))
	case kind == adaptivecard.ContentType && !m.gone:
		m.faces[x.User] = newFace(answer["value"])
		if manual {
			m.seen[x.User] = m.version
		}
	case kind == answerMessage:
		m.note(x.User, str(answer["value"]))
	}
	t.stir()
}

// wrongAction judges an answer; "" is in order.
func (t *Tenant) wrongAction(x *Exchange, answer map[string]any) string {
	if x.Status != http.StatusOK || answer == nil {
		return fmt.Sprintf("an invoke is answered with 200 and a JSON object, not %d and %d bytes", x.Status, len(x.Answer))
	}
	code, err := number(answer["statusCode"])
	switch kind := str(answer["type"]); {
	case err != nil:
		return "statusCode must be a number"
	case kind == adaptivecard.ContentType && code == http.StatusOK:
		return t.wrongCard("action_answer", answer)
	case kind == answerMessage && code == http.StatusOK && str(answer["value"]) != "":
		return ""
	case kind == answerError && slices.Contains([]int64{400, 401, 403, 404, 412, 429, 500}, code) &&
		str(member(answer["value"], "code")) != "" && str(member(answer["value"], "message")) != "":
		return ""
	}
	return fmt.Sprintf("type %q with statusCode %d and this value is no answer to adaptiveCard/action", str(answer["type"]), code)
}

func number(v any) (int64, error) {
	n, ok := v.(json.Number)
	if !ok {
		return 0, errors.New("not a number")
	}
	return n.Int64()
}

// wrongCard dumps and judges an answer that holds a card.
func (t *Tenant) wrongCard(name string, answer map[string]any) string {
	t.keep(name, answer)
	if problems := adaptivecard.CheckAll(answer); len(problems) > 0 {
		return fmt.Sprintf("Teams refuses the card: %v", problems)
	}
	return ""
}

// note keeps what the client shows beside a card for a moment.
func (m *message) note(user, text string) {
	if m.notes == nil {
		m.notes = map[string]string{}
	}
	m.notes[user] = text
}

// Note is what the client last showed this person beside the card, "" if nothing.
func (m *Message) Note() string {
	m.who.t.mu.Lock()
	defer m.who.t.mu.Unlock()
	return m.m.notes[m.who.id]
}

// look asks for the person's own view where the card offers her one, as her
// client does when the card comes before her eyes.
func (m *Message) look() {
	t := m.who.t
	t.mu.Lock()
	a := m.refresh()
	t.mu.Unlock()
	if a == nil {
		return
	}
	req, err := t.request(m.who.id, a, func(x *Exchange) { t.settleAction(x, m.m, false) })
	if err == nil {
		err = t.act(req)
	}
	if err != nil {
		t.problem("the refresh of %s: %v", m.who.id, err)
	}
}

// refresh is the invoke for a view of one's own, nil where none is due. The
// caller holds mu.
func (m *Message) refresh() map[string]any {
	t, u, msg := m.who.t, m.who.t.users[m.who.id], m.m
	offer, _ := member(msg.card, "refresh").(map[string]any)
	if offer == nil || msg.gone || u.ID == "" || u.Old || msg.seen[u.ID] == msg.version {
		return nil
	}
	list, named := offer["userIds"].([]any)
	if named && !slices.Contains(list, any(t.mri(u.ID))) || !named && len(t.inside(msg.room)) > 60 {
		return nil
	}
	msg.seen[u.ID] = msg.version
	action, _ := offer["action"].(map[string]any)
	a := t.invoke(u, msg.room, msg, "adaptiveCard/action")
	data := action["data"]
	if data == nil {
		data = map[string]any{}
	}
	a["value"] = map[string]any{"trigger": "automatic", "action": map[string]any{
		"type": "Action.Execute", "verb": action["verb"], "id": action["id"], "data": data}}
	return a
}

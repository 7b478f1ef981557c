package playground

import (
	"fmt"
	"mime"
	"slices"
	"strings"

	"latchkey/adapters/playground/blockkit"
)

// answerJSON reads the body of an answer that should be JSON. Both results are
// empty when the body is. Slack takes JSON only when the header says so.
func answerJSON(x *Exchange) (map[string]any, string) {
	body := strings.TrimSpace(string(x.Answer))
	if body == "" {
		return nil, ""
	}
	if kind, _, err := mime.ParseMediaType(x.Type); err != nil || kind != "application/json" {
		return nil, fmt.Sprintf("the answer has Content-Type %q, not application/json", x.Type)
	}
	v, err := blockkit.Decode(x.Answer)
	o, ok := v.(map[string]any)
	if err != nil || !ok {
		return nil, "the answer is not a JSON object"
	}
	return o, ""
}

// checkAnswer judges an answer and dumps it; the result is "" or what is wrong.
func (w *Workspace) checkAnswer(kind blockkit.Kind, name string, answer map[string]any) string {
	w.keep(name, answer)
	if problems := blockkit.Check(kind, answer); len(problems) > 0 {
		return "Slack refuses the answer: " + strings.Join(blockkit.Messages(problems), "; ")
	}
	return ""
}

// settleCommand shows the answer to a slash command in the room it came from.
func (w *Workspace) settleCommand(x *Exchange, r *room) {
	if strings.TrimSpace(string(x.Answer)) == "" {
		return
	}
	if strings.HasPrefix(x.Type, "text/plain") && !strings.HasPrefix(strings.TrimSpace(string(x.Answer)), "{") {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.respond(r, x.User, nil, map[string]any{"text": string(x.Answer)})
		return
	}
	answer, wrong := answerJSON(x)
	if wrong == "" {
		wrong = w.checkAnswer(blockkit.Response, "command_answer", answer)
	}
	if wrong != "" {
		x.Failure = "dispatch_failed: " + wrong
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.respond(r, x.User, nil, answer)
}

// settleAction looks for the trap that response_action does not answer
// block_actions: Slack ignores it, and the person waits for ever.
func (w *Workspace) settleAction(x *Exchange) {
	if answer, _ := answerJSON(x); answer["response_action"] != nil {
		x.Failure = "dispatch_failed: response_action answers a view_submission only; here Slack ignores it"
	}
}

// settleSubmission does with the modal what the answer says: close, update,
// push, clear, or show errors (docs.slack.dev/surfaces/modals).
func (w *Workspace) settleSubmission(x *Exchange, v *view) {
	answer, wrong := answerJSON(x)
	if wrong == "" && answer != nil {
		wrong = w.checkAnswer(blockkit.Submission, "view_submission_answer", answer)
	}
	if wrong != "" {
		x.Failure = "dispatch_failed: " + wrong
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if answer == nil {
		w.pop(v)
		return
	}
	content, _ := answer["view"].(map[string]any)
	switch answer["response_action"] {
	case "clear":
		w.clear(v.user)
	case "update":
		if v.open {
			w.fill(v, content)
		}
	case "push":
		if len(w.stacks[v.user]) >= maxStack {
			x.Failure = "dispatch_failed: push_limit_reached"
			return
		}
		if v.open {
			w.push(w.newView(v.user, content))
		}
	case "errors":
		x.Failure = w.showErrors(v, answer["errors"].(map[string]any))
	}
}

// showErrors puts texts under input blocks; a key that names no input block
// makes Slack say only that it has trouble connecting. The caller holds mu.
func (w *Workspace) showErrors(v *view, errors map[string]any) string {
	inputs := map[string]bool{}
	for _, c := range (blockkit.Reader{}).Controls(v.blocks) {
		inputs[c.BlockID] = inputs[c.BlockID] || c.Input
	}
	shown := map[string]string{}
	var strays []string
	for id, why := range errors {
		if !inputs[id] {
			strays = append(strays, id)
			continue
		}
		shown[id] = str(why)
	}
	if len(strays) > 0 {
		slices.Sort(strays)
		return fmt.Sprintf("dispatch_failed: errors name %q, which are no input blocks of the modal", strays)
	}
	v.errors = shown
	w.stir()
	return ""
}

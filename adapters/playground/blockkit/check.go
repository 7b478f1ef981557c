package blockkit

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Problem is one reason for which Slack would refuse a payload.
type Problem struct {
	Pointer string // RFC 6901, from the top of the payload
	Text    string // what is wrong, and what is allowed
}

// String words the problem as Slack does in response_metadata.messages.
func (p Problem) String() string {
	return "[ERROR] " + p.Text + " [json-pointer:" + p.Pointer + "]"
}

// Messages words each of problems for response_metadata.messages.
func Messages(problems []Problem) []string {
	out := make([]string, len(problems))
	for i, p := range problems {
		out[i] = p.String()
	}
	return out
}

// Kind says which call or answer a payload is, and so which table judges it.
type Kind string

// The kinds of payload that carry Block Kit or steer a modal.
const (
	PostMessage   Kind = "chat.postMessage"
	PostEphemeral Kind = "chat.postEphemeral"
	UpdateMessage Kind = "chat.update"
	Response      Kind = "response"   // a response_url body, or the answer to a command
	Modal         Kind = "modal"      // a bare view
	Home          Kind = "home"       // a bare view
	ViewsOpen     Kind = "views.open" // views.push has the same shape
	ViewsUpdate   Kind = "views.update"
	ViewsPublish  Kind = "views.publish"
	Submission    Kind = "view_submission" // the answer to one
	Options       Kind = "options"         // the answer to a block_suggestion
)

// KindOf tells the kind of a captured payload from its shape.
// It is an error when the payload is no JSON object.
func KindOf(payload any) (Kind, error) {
	o, ok := payload.(map[string]any)
	if !ok {
		return "", errors.New("the payload is not a JSON object")
	}
	has := func(key string) bool { _, ok := o[key]; return ok }
	switch {
	case has("response_action"):
		return Submission, nil
	case has("trigger_id") && has("view"):
		return ViewsOpen, nil
	case has("user_id") && has("view"):
		return ViewsPublish, nil
	case has("view"):
		return ViewsUpdate, nil
	case o["type"] == "modal":
		return Modal, nil
	case o["type"] == "home":
		return Home, nil
	case has("options"), has("option_groups"):
		return Options, nil
	case has("ts"):
		return UpdateMessage, nil
	case has("user"):
		return PostEphemeral, nil
	case has("channel"):
		return PostMessage, nil
	}
	return Response, nil
}

// Decode reads exactly one JSON value. Numbers stay json.Number, so that a
// payload is passed on as it came.
func Decode(data []byte) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, fmt.Errorf("reading JSON: %w", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("reading JSON: something follows the first value")
	}
	return v, nil
}

// Check lists what Slack would refuse in payload, which is a value as Decode
// gives it. An empty list means accepted. At most 100 problems are listed.
func Check(kind Kind, payload any) []Problem {
	r := &report{}
	check, ok := surface(kind)
	if !ok {
		r.add("", "%q is not a kind of payload that the playground knows", kind)
		return r.problems
	}
	check(r, "", payload)
	return r.problems
}

// report collects problems; the paths in it are JSON pointers.
type report struct{ problems []Problem }

// maxProblems bounds what one hostile payload can make us write down.
const maxProblems = 100

func (r *report) add(at, format string, args ...any) {
	if len(r.problems) < maxProblems {
		r.problems = append(r.problems, Problem{Pointer: at, Text: fmt.Sprintf(format, args...)})
	}
}

// under appends one step to a JSON pointer.
func under(at, key string) string {
	return at + "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(key)
}

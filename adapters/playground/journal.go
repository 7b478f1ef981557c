package playground

import (
	"fmt"
	"slices"
	"time"
)

// Call is one call of the bot to the Web API or to a response URL.
type Call struct {
	Method string         // such as chat.postMessage, or response_url
	Args   map[string]any // decoded, without the token
	Status int            // HTTP status of the answer; 0 when the connection was cut
	Error  string         // Slack's error, "" when ok
	Fault  bool           // the answer was a fault set by Fail
	At     time.Time      // when it came, by Options.Now
	Took   time.Duration  // until it was answered
}

// Exchange is one request to the bot and the answer.
type Exchange struct {
	Kind    string // command, block_actions, view_submission, view_closed, …
	User    string
	Path    string
	Request Request
	At      time.Time     // when it was sent, by Options.Now
	Took    time.Duration // until the whole answer was there, by the wall clock
	Status  int           // 0 when no answer came
	Type    string        // Content-Type of the answer
	Answer  []byte
	// Failure is what Slack would show or log: operation_timeout, http_status_500,
	// dispatch_failed with the reason; "" when all is well.
	Failure string
}

// String is one line for a log: what, who, status, time.
func (x Exchange) String() string {
	s := fmt.Sprintf("%s %s by %s: %d in %s", x.Path, x.Kind, x.User, x.Status, x.Took.Round(time.Microsecond))
	if x.Failure != "" {
		s += ", " + x.Failure
	}
	return s
}

// Calls lists what the bot called, in order of its answers.
func (w *Workspace) Calls() []Call {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.calls)
}

// Exchanges lists what was sent to the bot and what it answered, in order of
// the answers, with the time that each took.
func (w *Workspace) Exchanges() []Exchange {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.asked)
}

// Problems lists what the bot did that Slack would refuse: payloads, answers
// that are late or wrong, unknown methods. A story ends with an empty list.
// Faults set by Fail are not in it.
func (w *Workspace) Problems() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.problems)
}

// TakeProblems gives the problems so far and forgets them, for a story that
// has just caused some on purpose.
func (w *Workspace) TakeProblems() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	taken := w.problems
	w.problems = nil
	return taken
}

func (w *Workspace) problem(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.problems = append(w.problems, fmt.Sprintf(format, args...))
	w.stir()
}

func (w *Workspace) logCall(c Call) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls = append(w.calls, c)
	w.stir()
}

func (w *Workspace) logExchange(x Exchange) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked = append(w.asked, x)
	w.stir()
}

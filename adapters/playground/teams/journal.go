package teams

import (
	"fmt"
	"slices"
	"time"
)

// Call is one call of the bot to login, keys or Connector.
type Call struct {
	Op       string         // token, metadata, keys, create, send, update, delete, members, member
	Path     string         // as it came, escaped
	Activity map[string]any // what was sent, nil where nothing was
	Status   int            // HTTP status of the answer; 0 when the connection was cut
	Error    string         // the error's code, "" when all is well
	Fault    bool           // the answer was a fault set by Fail
	At       time.Time      // when it came, by Options.Now
	Took     time.Duration  // until it was answered
}

// Exchange is one request to the bot and the answer.
type Exchange struct {
	Kind    string // the activity's type, or the name of the invoke
	User    string
	Request Request
	At      time.Time     // when it was sent, by Options.Now
	Took    time.Duration // until the whole answer was there, by the wall clock
	Status  int           // 0 when no answer came
	Type    string        // Content-Type of the answer
	Answer  []byte
	Failure string // what Teams would say: timeout, http_status_500, …; "" when all is well
}

// String is one line for a log: what, who, status, time.
func (x Exchange) String() string {
	s := fmt.Sprintf("%s by %s: %d in %s", x.Kind, x.User, x.Status, x.Took.Round(time.Microsecond))
	if x.Failure != "" {
		s += ", " + x.Failure
	}
	return s
}

// Calls lists what the bot called, in order of the answers.
func (t *Tenant) Calls() []Call { t.mu.Lock(); defer t.mu.Unlock(); return slices.Clone(t.calls) }

// Exchanges lists what was sent to the bot and answered, in order of the answers.
func (t *Tenant) Exchanges() []Exchange {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.asked)
}

// Problems lists what the bot did that Teams would refuse: payloads, answers
// that are late or wrong, unknown addresses. A story ends with an empty list.
// Faults set by Fail, and throttling, are not in it.
func (t *Tenant) Problems() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.problems)
}

// TakeProblems gives the problems so far and forgets them.
func (t *Tenant) TakeProblems() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	taken := t.problems
	t.problems = nil
	return taken
}

func (t *Tenant) problem(format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.problems = append(t.problems, fmt.Sprintf(format, args...))
	t.stir()
}

func (t *Tenant) logCall(c Call) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.calls = append(t.calls, c)
	t.stir()
}

// lastTrouble words the newest problem: it is often why something did not appear.
func (t *Tenant) lastTrouble() string {
	if all := t.Problems(); len(all) > 0 {
		return "\nthe last problem was: " + all[len(all)-1]
	}
	return ""
}

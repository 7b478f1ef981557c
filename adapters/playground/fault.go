package playground

import (
	"net/http"
	"strconv"
	"time"
)

// Fault is something that goes wrong between the bot and Slack.
type Fault struct {
	Status     int           // HTTP status; 0 is 200
	Error      string        // answers {"ok":false,"error":…}; "-" leaves the error out
	RetryAfter time.Duration // the header Retry-After, in whole seconds, rounded up
	Hang       bool          // no answer until the caller gives up or the workspace closes
	Drop       bool          // the connection is cut
	Lose       bool          // the call is carried out, and then the connection is cut
}

// RateLimited answers 429 with Retry-After, as Slack does to a hasty app.
func RateLimited(retryAfter time.Duration) Fault {
	return Fault{Status: http.StatusTooManyRequests, Error: "ratelimited", RetryAfter: retryAfter}
}

// Failing answers a bare HTTP status, such as 500 or 503.
func Failing(status int) Fault { return Fault{Status: status} }

// Hanging never answers.
func Hanging() Fault { return Fault{Hang: true} }

// Refusing answers {"ok":false,"error":code}: account_inactive, token_revoked,
// fatal_error and the like. "-" answers {"ok":false} alone.
func Refusing(code string) Fault { return Fault{Error: code} }

type fault struct {
	Fault
	method string
	left   int
}

// Fail makes the next times calls of an API method fail; "*" stands for every
// method and "response_url" for response URLs. times below 0 lasts until Mend.
func (w *Workspace) Fail(method string, f Fault, times int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.faults = append(w.faults, &fault{Fault: f, method: method, left: times})
}

// Mend ends all faults.
func (w *Workspace) Mend() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.faults = nil
}

// nextFault takes the first fault that fits a method.
func (w *Workspace) nextFault(method string) (Fault, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, f := range w.faults {
		if f.left != 0 && (f.method == method || f.method == "*") {
			f.left--
			return f.Fault, true
		}
	}
	return Fault{}, false
}

// play answers with the fault instead of the method.
func (w *Workspace) play(f Fault, r *http.Request) reply {
	switch {
	case f.Hang:
		select {
		case <-r.Context().Done():
		case <-w.closed:
		}
		panic(http.ErrAbortHandler)
	case f.Drop:
		panic(http.ErrAbortHandler)
	}
	out := reply{status: f.Status, code: f.Error, header: http.Header{}, bare: f.Error == ""}
	if out.status == 0 {
		out.status = http.StatusOK
	}
	if f.RetryAfter > 0 {
		out.header.Set("Retry-After", strconv.Itoa(int((f.RetryAfter+time.Second-1)/time.Second)))
	}
	return out
}

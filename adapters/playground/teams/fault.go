package teams

import (
	"net/http"
	"strconv"
	"time"
)

// Fault is something that goes wrong between the bot and Microsoft.
type Fault struct {
	Status     int           // HTTP status; 0 is 500
	Code       string        // error code in the body; "" is no body
	RetryAfter time.Duration // the header Retry-After, in whole seconds, rounded up
	Delay      time.Duration // the call is carried out, but answered so much later
	Hang       bool          // no answer until the caller gives up or the tenant closes
	Drop       bool          // the connection is cut
	Lose       bool          // the call is carried out, and then the connection is cut
}

// Throttled answers 429 with Retry-After, as the Connector does to a hasty bot.
func Throttled(retryAfter time.Duration) Fault {
	return Fault{Status: http.StatusTooManyRequests, Code: "TooManyRequests", RetryAfter: retryAfter}
}

// Failing answers a bare HTTP status, such as 401, 412, 500 or 503.
func Failing(status int) Fault { return Fault{Status: status} }

// Hanging never answers.
func Hanging() Fault { return Fault{Hang: true} }

// Slow carries the call out and answers late.
func Slow(by time.Duration) Fault { return Fault{Delay: by} }

type fault struct {
	Fault
	op   string
	left int
}

// Fail makes the next times calls of an operation (see Call.Op) fail; "*"
// stands for every one. times below 0 lasts until Mend.
func (t *Tenant) Fail(op string, f Fault, times int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.faults = append(t.faults, &fault{Fault: f, op: op, left: times})
}

// Mend ends all faults.
func (t *Tenant) Mend() { t.mu.Lock(); defer t.mu.Unlock(); t.faults = nil }

func (t *Tenant) nextFault(op string) (Fault, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, f := range t.faults {
		if f.left != 0 && (f.op == op || f.op == "*") {
			f.left--
			return f.Fault, true
		}
	}
	return Fault{}, false
}

// play answers with the fault instead of the operation.
func (t *Tenant) play(f Fault, r *http.Request) reply {
	switch {
	case f.Hang:
		t.pause(r, 0)
		panic(http.ErrAbortHandler)
	case f.Drop:
		panic(http.ErrAbortHandler)
	}
	out := reply{status: f.Status, header: http.Header{}}
	if out.status == 0 {
		out.status = http.StatusInternalServerError
	}
	if f.Code != "" {
		out = refuse(out.status, f.Code, "a fault of the stand-in")
	}
	if f.RetryAfter > 0 {
		out.header.Set("Retry-After", strconv.Itoa(int((f.RetryAfter+time.Second-1)/time.Second)))
	}
	return out
}

// pause waits until the caller gives up, the tenant closes or, above 0, a time has passed.
func (t *Tenant) pause(r *http.Request, span time.Duration) {
	var over <-chan time.Time
	if span > 0 {
		timer := time.NewTimer(span)
		defer timer.Stop()
		over = timer.C
	}
	select {
	case <-r.Context().Done():
	case <-t.closed:
	case <-over:
	}
}

package slack

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"runtime/debug"

	"go.uber.org/zap"

	"latchkey/adapters/chat"
)

// maxBody bounds a request, in bytes: Slack's own stay far below.
const maxBody = 1 << 20

// request is what has passed the door: signed by Slack, just now.
type request struct {
	*http.Request
	body      []byte
	signature string
}

// answer is what goes back within 3 s, and the work that comes after it.
type answer struct {
	status int
	body   any        // as JSON; nil: empty
	refuse string     // with a status above 299: why, as text
	booked *chat.Slot // a place in the queue, given back if the answer fails
	job    chat.Job   // started when the answer is out
}

func refused(status int, why string) answer { return answer{status: status, refuse: why} }
func answered(body any) answer              { return answer{status: http.StatusOK, body: body} }

// The refusals. None of them is remembered.
const (
	textUnsigned = "This request is not signed by Slack, or it is too old or has been here before."
	textGarbled  = "This request cannot be read."
)

// door lets in what Slack has signed. The raw body is verified before anything
// in it is parsed.
func (a *Adapter) door(media string, serve func(request) answer) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var ans answer
		defer func() {
			if p := recover(); p != nil {
				ans.booked.Drop()
				a.crashed(w, r, p)
			}
		}()
		if req, no := a.admit(r, w, media); no.status != 0 {
			ans = no
		} else {
			ans = serve(req)
		}
		ans.write(w)
		if ans.booked == nil {
			return
		}
		// Slack must have the answer before the work can change the dialog.
		if err := http.NewResponseController(w).Flush(); err != nil {
			a.log.Warn("slack answer was not flushed", zap.Error(err))
		}
		ans.booked.Start(ans.job)
	}
}

// admit reads and verifies; an answer with a status is the refusal.
func (a *Adapter) admit(r *http.Request, w http.ResponseWriter, media string) (request, answer) {
	if r.Method != http.MethodPost {
		if r.Method == http.MethodGet && r.URL.Query().Get("ssl_check") == "1" {
			return request{}, answered(nil) // Slack looks at the certificate now and then
		}
		w.Header().Set("Allow", http.MethodPost)
		return request{}, refused(http.StatusMethodNotAllowed, "Only POST is served here.")
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != media {
		return request{}, refused(http.StatusUnsupportedMediaType, "Only "+media+" is served here.")
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return request{}, refused(http.StatusRequestEntityTooLarge, "The request is larger than 1 MiB.")
	case err != nil:
		return request{}, refused(http.StatusBadRequest, textGarbled)
	}
	signature, off, why := a.sign.check(r.Header, body, a.now())
	if why != "" {
		a.log.Warn(string(why), zap.String("path", r.URL.Path), zap.Duration("off", off))
		return request{}, refused(http.StatusUnauthorized, textUnsigned)
	}
	return request{Request: r, body: body, signature: signature}, answer{}
}

// crashed answers a panic with a reference number that the log has too.
func (a *Adapter) crashed(w http.ResponseWriter, r *http.Request, p any) {
	if p == http.ErrAbortHandler {
		panic(p)
	}
	ref := chat.Reference(r.URL.Path, r.Header.Get(headerSignature), a.now())
	a.log.Error("slack request crashed", zap.String("reference", ref), zap.String("path", r.URL.Path),
		zap.Any("panic", p), zap.ByteString("stack", debug.Stack()))
	refused(http.StatusInternalServerError, "Something went wrong inside Latchkey. Reference "+ref+".").write(w)
}

func (ans answer) write(w http.ResponseWriter) {
	switch {
	case ans.refuse != "":
		http.Error(w, ans.refuse, ans.status)
	case ans.body == nil:
		w.Header().Set("Content-Length", "0")
		w.WriteHeader(ans.status)
	default:
		data, err := json.Marshal(ans.body)
		if err != nil {
			panic(err) // our own structs; door turns it into a 500
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.WriteHeader(ans.status)
		_, _ = w.Write(data) // a caller that has gone is told nothing
	}
}

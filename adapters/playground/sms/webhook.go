package sms

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"unicode/utf8"
)

// webhook takes {"to": "+15550100", "text": "…"} with the header of the
// options, and answers 202 without a body.
func (s *Sink) webhook(rw http.ResponseWriter, r *http.Request) {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	var body struct{ To, Text string }
	no := func(status int, why string) { answer(rw, status, map[string]string{"error": why}) }
	switch {
	case !same(r.Header.Get(s.opts.Header), s.opts.HeaderValue):
		no(http.StatusUnauthorized, "The header "+s.opts.Header+" is missing or wrong.")
		return
	case r.Method != http.MethodPost:
		rw.Header().Set("Allow", http.MethodPost)
		no(http.StatusMethodNotAllowed, "Messages are posted.")
		return
	case kind != "application/json":
		no(http.StatusUnsupportedMediaType, "A message is JSON.")
		return
	case s.throttled():
		rw.Header().Set("Retry-After", "1")
		no(http.StatusTooManyRequests, "Too many requests.")
		return
	}
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	err := decoder.Decode(&body)
	if err == nil && !errors.Is(decoder.Decode(&struct{}{}), io.EOF) {
		err = errors.New("something stands behind the message")
	}
	switch {
	case err != nil:
		no(http.StatusBadRequest, "A message is one JSON object with to and text.")
	case !e164.MatchString(body.To):
		no(http.StatusUnprocessableEntity, "to is not a number such as +15550100.")
	case body.Text == "" || utf8.RuneCountInString(body.Text) > longest:
		no(http.StatusUnprocessableEntity, "text has 1 to 1600 characters.")
	default:
		s.deliver(Message{Text: body.Text, At: s.opts.Now(), to: body.To})
		rw.WriteHeader(http.StatusAccepted)
	}
}

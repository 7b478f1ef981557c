package sms

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// longest is a message's length in characters that Twilio still takes.
const longest = 1600

// fault is a refusal with Twilio's number for it
// (https://www.twilio.com/docs/api/errors).
type fault struct {
	status, code int
	message      string
}

// twilio takes what POST /2010-04-01/Accounts/{sid}/Messages.json takes
// (https://www.twilio.com/docs/messaging/api/message-resource), and GET of the
// account itself. No message can be listed or read there.
func (s *Sink) twilio(rw http.ResponseWriter, r *http.Request) {
	sid, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/2010-04-01/Accounts/"), "/")
	user, token, _ := r.BasicAuth()
	switch {
	case !same(user, s.opts.AccountSID) || !same(token, s.opts.AuthToken) || rest != "" && !same(sid, s.opts.AccountSID):
		rw.Header().Set("WWW-Authenticate", `Basic realm="Twilio API"`)
		refuse(rw, &fault{http.StatusUnauthorized, 20003, "Authenticate"})
	case rest == "" && sid == s.opts.AccountSID+".json" && r.Method == http.MethodGet:
		s.account(rw)
	case rest != "Messages.json":
		refuse(rw, &fault{http.StatusNotFound, 20404, "The requested resource " + r.URL.Path + " was not found"})
	case r.Method != http.MethodPost:
		rw.Header().Set("Allow", http.MethodPost)
		refuse(rw, &fault{http.StatusMethodNotAllowed, 20004, "Method not allowed"})
	case s.throttled():
		rw.Header().Set("Retry-After", "1")
		refuse(rw, &fault{http.StatusTooManyRequests, 20429, "Too Many Requests"})
	default:
		s.create(rw, r)
	}
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

func (s *Sink) create(rw http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		refuse(rw, &fault{http.StatusBadRequest, 20001, "The request cannot be read as a form"})
		return
	}
	// Of the body alone: parameters in an address end up in logs.
	to, from, body := r.PostForm.Get("To"), r.PostForm.Get("From"), r.PostForm.Get("Body")
	if f := s.wrong(to, from, body); f != nil {
		refuse(rw, f)
		return
	}
	m := Message{From: from, Text: body, At: s.opts.Now(), to: to}
	switch code := s.refusal(to); {
	case code >= 30000: // told of the message, not of the request
		failed := s.resource(m)
		failed["status"], failed["error_code"], failed["error_message"] = "failed", code, "The message to "+to+" failed."
		answer(rw, http.StatusCreated, failed)
	case code != 0:
		refuse(rw, &fault{http.StatusBadRequest, code, "The message to " + to + " is refused."})
	default:
		s.deliver(m)
		answer(rw, http.StatusCreated, s.resource(m))
	}
}

// account answers as Twilio does who reads his own account
// (https://www.twilio.com/docs/iam/api/account).
func (s *Sink) account(rw http.ResponseWriter) {
	answer(rw, http.StatusOK, map[string]any{"sid": s.opts.AccountSID, "friendly_name": "Stand-in", "status": "active", "type": "Full",
		"uri": "/2010-04-01/Accounts/" + s.opts.AccountSID + ".json"})
}

func (s *Sink) wrong(to, from, body string) *fault {
	bad := func(code int, message string) *fault { return &fault{http.StatusBadRequest, code, message} }
	switch {
	case to == "":
		return bad(21604, "A 'To' phone number is required.")
	case from == "":
		return bad(21603, "A 'From' phone number is required.")
	case body == "":
		return bad(21602, "Message body is required.")
	case !e164.MatchString(to):
		return bad(21211, "Invalid 'To' Phone Number: "+to)
	case !e164.MatchString(from):
		return bad(21212, "Invalid From Number (caller ID): "+from)
	case from != s.opts.From:
		return bad(21606, "The 'From' phone number provided ("+from+") is not a valid message-capable Twilio phone number for this destination.")
	case to == from:
		return bad(21266, "'To' and 'From' number cannot be the same: "+to)
	case utf8.RuneCountInString(body) > longest:
		return bad(21617, "The concatenated message body exceeds the "+strconv.Itoa(longest)+" character limit.")
	}
	return nil
}

// resource is a message as Twilio describes it right after it was taken.
func (s *Sink) resource(m Message) map[string]any {
	var id [16]byte
	_, _ = rand.Read(id[:]) // ends the program where there is no randomness
	sid, at := "SM"+hex.EncodeToString(id[:]), m.At.UTC().Format("Mon, 02 Jan 2006 15:04:05 +0000")
	uri := "/2010-04-01/Accounts/" + s.opts.AccountSID + "/Messages/" + sid
	return map[string]any{
		"account_sid": s.opts.AccountSID, "api_version": "2010-04-01", "body": m.Text, "date_created": at, "date_sent": nil,
		"date_updated": at, "direction": "outbound-api", "error_code": nil, "error_message": nil, "from": m.From,
		"messaging_service_sid": nil, "num_media": "0", "num_segments": strconv.Itoa(segments(m.Text)), "price": nil, "price_unit": "USD",
		"sid": sid, "status": "queued", "subresource_uris": map[string]string{"media": uri + "/Media.json"}, "to": m.to, "uri": uri + ".json",
	}
}

// The alphabet of GSM (3GPP TS 23.038 6.2.1), and what takes two places of it.
const (
	gsm    = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	double = "^{}\\[~]|€\f"
)

// segments counts the messages of the air that a text takes: 160 places of
// GSM's alphabet or 70 of UCS-2, some fewer where there are several.
func segments(text string) int {
	places, one, each := 0, 160, 153
	for _, r := range text {
		switch {
		case strings.ContainsRune(gsm, r):
			places++
		case strings.ContainsRune(double, r):
			places += 2
		default:
			one = 70
		}
	}
	if one == 70 {
		places, each = 0, 67
		for _, r := range text {
			places += max(1, utf16.RuneLen(r))
		}
	}
	if places <= one {
		return 1
	}
	return (places + each - 1) / each
}

func refuse(rw http.ResponseWriter, f *fault) {
	answer(rw, f.status, map[string]any{"code": f.code, "message": f.message, "status": f.status,
		"more_info": "https://www.twilio.com/docs/errors/" + strconv.Itoa(f.code)})
}

func answer(rw http.ResponseWriter, status int, body any) {
	rw.Header().Set("Content-Type", "application/json")
	rw.WriteHeader(status)
	_ = json.NewEncoder(rw).Encode(body) // a client that has gone
}

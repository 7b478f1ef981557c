package page

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"latchkey/adapters/playground"
	"latchkey/adapters/playground/authenticator"
	"latchkey/adapters/playground/teams"
)

// What a tab sends is bounded, in bytes; a picture is sent in base64.
const (
	maxBody = 64 << 10
	maxScan = authenticator.MaxPicture*4/3 + maxBody
)

// deed is what a tab asks for. Which fields count depends on the verb.
type deed struct {
	Person string             `json:"person"`
	Room   string             `json:"room"`
	Line   string             `json:"line"`
	View   string             `json:"view"`
	TS     string             `json:"ts"`
	Block  string             `json:"block"`
	Action string             `json:"action"`
	Values []playground.Entry `json:"values"`
	Option string             `json:"option"` // picked from a menu
	Name   string             `json:"name"`   // of a shortcut
	Tab    string             `json:"tab"`    // of the App Home: home or messages
	All    bool               `json:"all"`    // the cross: the whole stack

	Chat    string            `json:"chat"`    // where it is done: "" is Slack
	Pointer string            `json:"pointer"` // of a button in a card (RFC 6901)
	Inputs  map[string]string `json:"inputs"`  // what stands in the card's inputs, by id

	Store    string `json:"store"`
	Login    string `json:"login"`
	Password string `json:"password"`

	Minutes int    `json:"minutes"`
	ID      string `json:"id"`
	On      bool   `json:"on"`
	Text    string `json:"text"`
	Picture []byte `json:"picture"` // of a QR code
}

// act does one thing that the person before the tab did.
func (p *Page) act(rw http.ResponseWriter, r *http.Request) {
	var d deed
	verb, most := r.PathValue("verb"), int64(maxBody)
	if verb == "scan" {
		most = maxScan
	}
	switch decoder := json.NewDecoder(http.MaxBytesReader(rw, r.Body, most)); {
	case !p.current(r.Header.Get(runHeader)):
		answer(rw, http.StatusConflict, staleTab)
		return
	case r.Header.Get("Content-Type") != "application/json":
		answer(rw, http.StatusUnsupportedMediaType, "The playground takes JSON.")
		return
	default:
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&d); err != nil {
			answer(rw, http.StatusBadRequest, "The playground cannot read this request: "+err.Error())
			return
		}
	}
	do, known := p.deeds(d.Chat)[verb]
	if !known {
		answer(rw, http.StatusNotFound, "The playground knows nothing called "+verb+".")
		return
	}
	if err := do(r.Context(), d); err != nil {
		answer(rw, http.StatusBadGateway, words(err))
		return
	}
	answer(rw, http.StatusOK, "")
}

// deeds are what can be done, in a chat and around it.
func (p *Page) deeds(chat string) map[string]func(context.Context, deed) error {
	out := map[string]func(context.Context, deed) error{
		"say": p.say, "press": p.press, "submit": p.submit, "close": p.close, "home": p.home,
		"pick": p.pick, "shortcut": p.shortcut, "write": p.write,
	}
	if chat == chatTeams {
		out = map[string]func(context.Context, deed) error{
			"say": p.sayInTeams, "press": p.pressInTeams, "close": p.closeInTeams, "shortcut": p.shortcutInTeams, "write": p.writeInTeams,
		}
	}
	out["signin"], out["advance"], out["fault"], out["problem"], out["scan"] = p.signIn, p.advance, p.fault, p.problem, p.scan
	return out
}

// answer ends a request: with nothing to say, or with what went wrong.
func answer(rw http.ResponseWriter, status int, wrong string) {
	body := map[string]string{}
	if wrong != "" {
		body["error"] = wrong
	}
	rw.Header().Set("Content-Type", "application/json")
	rw.WriteHeader(status)
	_ = json.NewEncoder(rw).Encode(body) // a tab that has gone
}

// sentence is an error that a person reads as it is.
type sentence string

func (s sentence) Error() string { return string(s) }

// words says an error as the chat's client does where it would say something.
func words(err error) string {
	var unreached *teams.AnswerError
	if errors.As(err, &unreached) {
		return fmt.Sprintf("Something went wrong (%s). Try again?", unreached.Exchange.Failure)
	}
	var refused *playground.AnswerError
	if !errors.As(err, &refused) {
		return err.Error()
	}
	x := refused.Exchange
	if x.Kind == "command" {
		return fmt.Sprintf("The command failed with the error “%s”.", x.Failure)
	}
	return fmt.Sprintf("We had some trouble connecting (%s). Try again?", x.Failure)
}

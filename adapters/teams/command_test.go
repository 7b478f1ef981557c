package teams

import (
	"testing"

	"latchkey/flows"
)

func TestReadCommand(t *testing.T) {
	type want struct {
		kind             flows.EventKind
		text             string
		help, home, know bool
	}
	for said, w := range map[string]want{
		"unlock mei":           {flows.Begin, "mei", false, false, true},
		"Unlock Mei Lin":       {flows.Begin, "Mei Lin", false, false, true},
		"/unlock mei":          {flows.Begin, "mei", false, false, true},
		"  unlock   mei  ":     {flows.Begin, "mei", false, false, true},
		"unlock":               {flows.Begin, "", false, false, true},
		"unlock locked in:lab": {flows.BeginLocked, "in:lab", false, false, true},
		"unlock History mei":   {flows.BeginHistory, "mei", false, false, true},
		"unlock who:help":      {flows.Begin, "help", false, false, true},
		"unlock help":          {"", "", true, false, true},
		"History mei":          {flows.BeginHistory, "mei", false, false, true},
		"locked":               {flows.BeginLocked, "", false, false, true},
		"me":                   {flows.BeginMe, "", false, false, true},
		"enroll":               {flows.BeginEnroll, "", false, false, true},
		"remind without:email": {flows.BeginRemind, "without:email", false, false, true},
		"help":                 {"", "", true, false, true},
		"Home":                 {"", "", false, true, true},
		"home sweet home":      {"", "", false, true, false},
		"hello there":          {flows.Begin, "hello there", false, false, false},
		"":                     {flows.Begin, "", false, false, false},
	} {
		c := readCommand(said)
		if got := (want{c.Kind, c.Text, c.Help, c.home, c.known}); got != w {
			t.Errorf("%q reads as %+v, want %+v", said, got, w)
		}
	}
}

package flows_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"latchkey/flows"
)

func TestParseCommand(t *testing.T) {
	begin := func(text string) flows.Command { return flows.Command{Kind: flows.Begin, Text: text} }
	history := func(text string) flows.Command { return flows.Command{Kind: flows.BeginHistory, Text: text} }
	for typed, want := range map[string]flows.Command{
		"":                     begin(""),
		"   ":                  begin(""),
		"help":                 {Help: true},
		"  help  ":             {Help: true},
		"help me":              begin("help me"),
		"helpdesk":             begin("helpdesk"),
		"Help":                 begin("Help"),
		"mei":                  begin("mei"),
		"  mei lin ":           begin("mei lin"),
		"history":              history(""),
		"history mei":          history("mei"),
		"history   mei lin":    history("mei lin"),
		"historymei":           begin("historymei"),
		"History mei":          begin("History mei"),
		"who:help":             begin("help"),
		"who:history":          begin("history"),
		"who: history mei":     begin("history mei"),
		"history who:history":  history("history"),
		"history help":         history("help"),
		"who:":                 begin(""),
		"unlock mei":           begin("unlock mei"),
		"mei@example.com":      begin("mei@example.com"),
		"*)(uid=*":             begin("*)(uid=*"),
		"me":                   {Kind: flows.BeginMe},
		"me now":               begin("me now"),
		"who:me":               begin("me"),
		" enroll ":             {Kind: flows.BeginEnroll},
		"enroll mei":           begin("enroll mei"),
		"Enroll":               begin("Enroll"),
		"remind":               {Kind: flows.BeginRemind},
		"remind without:email": {Kind: flows.BeginRemind, Text: "without:email"},
		"who:remind":           begin("remind"),
		"<@U123|mei>":          begin("<@U123|mei>"),
		"\u202emei":            begin("\u202emei"),
		"help\u00a0":           {Help: true},
		"who:who:mei":          begin("who:mei"),
		"history\twho:history": begin("history\twho:history"),
	} {
		if got := flows.ParseCommand(typed); got != want {
			t.Errorf("/unlock %q: %+v, want %+v", typed, got, want)
		}
	}
}

// FuzzParseCommand: whatever is typed begins something or asks for help, and a
// name is never lengthened or made up.
func FuzzParseCommand(f *testing.F) {
	for _, seed := range []string{"", "help", "history mei", "who:help", "mei lin", "\x00", strings.Repeat("x ", 5000), "history who:who:"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		c := flows.ParseCommand(typed)
		switch {
		case c.Help && (c.Kind != "" || c.Text != "" || strings.TrimSpace(typed) != "help"):
			t.Fatalf("%q: %+v", typed, c)
		case !c.Help && !c.Kind.Opens(), (c.Kind == flows.BeginMe || c.Kind == flows.BeginEnroll) && c.Text != "":
			t.Fatalf("%q: %+v", typed, c)
		case !strings.Contains(typed, c.Text) || c.Text != strings.TrimSpace(c.Text):
			t.Fatalf("%q became %q", typed, c.Text)
		case utf8.ValidString(typed) && !utf8.ValidString(c.Text):
			t.Fatalf("%q was cut within a character: %q", typed, c.Text)
		}
		if !c.Help { // "who:" reaches any name
			name := flows.ParseCommand("who:" + c.Text)
			if name.Kind != flows.Begin || name.Text != c.Text {
				t.Fatalf("who:%q finds %+v", c.Text, name)
			}
		}
	})
}

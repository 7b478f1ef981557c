package slack

import (
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"latchkey/bot"
	"latchkey/flows"
)

// Whatever comes: an error, or what the rest can rely on.
func FuzzPayload(f *testing.F) {
	for _, p := range []string{
		`{"type":"block_actions","user":{"id":"U1"},"actions":[{"action_id":"latchkey:unlock::0"}]}`,
		`{"type":"view_submission","user":{"id":"U1"},"view":{"id":"V1","hash":"h","callback_id":"latchkey:verify:email:0:code",
		"blocks":[{"block_id":"in:code:","type":"input"}],"state":{"values":{"in:code:":{"v":{"value":"1"}},"ch:a:":{"v":{"selected_options":[{"value":"3"}]}}}}}}`,
		`{"type":"view_closed","user":{"id":"U1"},"team":null,"enterprise":{"id":"E1"},"view":{"id":"V1"}}`,
		`{}`, `[`, `null`,
	} {
		f.Add(url.Values{"payload": {p}}.Encode())
	}
	f.Add("payload=%ff")
	f.Add("payload=1&payload=2")
	f.Fuzz(func(t *testing.T, body string) {
		p, err := readPayload([]byte(body))
		if err != nil {
			return
		}
		if p.Type == "" || !personID.MatchString(p.User.ID) || p.key() == "" {
			t.Errorf("taken: %+v", p)
		}
		_ = p.sender()
		p.View.missing()
		act, known := readAction(p.View.CallbackID)
		if known && !act.valid() && !act.opens() {
			t.Errorf("callback %q is %+v", p.View.CallbackID, act)
		}
		ev, err := p.event(act, "t")
		if err != nil {
			return
		}
		for i, row := range ev.Rows {
			if row < 0 || row > maxRow || i > 0 && row <= ev.Rows[i-1] {
				t.Errorf("rows %v", ev.Rows)
			}
		}
		for field, typed := range ev.Fields {
			if field == "" || utf8.RuneCountInString(typed) > maxTyped {
				t.Errorf("field %q holds %d runes", field, utf8.RuneCountInString(typed))
			}
		}
	})
}

func FuzzCommand(f *testing.F) {
	f.Add("command=%2Funlock&team_id=T1&user_id=U1&text=a%26amp%3Bb")
	f.Add("ssl_check=1&command=x")
	f.Add("command=%2Funlock&command=%2Fx")
	f.Fuzz(func(t *testing.T, body string) {
		c, err := readCommand([]byte(body))
		if err != nil || c.sslCheck {
			return
		}
		if !strings.HasPrefix(c.Name, "/") || !personID.MatchString(c.User) || c.Team+c.Enterprise == "" || !utf8.ValidString(c.Text) {
			t.Errorf("taken: %+v", c)
		}
	})
}

// Any words at all make a dialog and a message that Slack takes.
func FuzzRender(f *testing.F) {
	f.Add("Mei Lin", "mei", 0, int64(1_793_690_000))
	f.Add("", " \n\t\x00", -1, int64(-11_644_473_600))
	f.Add("\u202eליל\u2069\u2066", "<!channel> *x* :smile:", 100_001, int64(1<<60))
	f.Add(strings.Repeat("界", 5000), strings.Repeat("\u0301", 4000), 7, int64(0))
	f.Add("\xff\xfe", "\u200b\u200d\ufeff", 1, int64(1))
	f.Add(strings.Repeat("<&>", 3400), strings.Repeat("\u200f", 3400), 3, int64(1))
	f.Fuzz(func(t *testing.T, a, b string, row int, unix int64) {
		p := anyPage(a, b, row, unix)
		for kind, payload := range payloads(p) {
			for _, problem := range problems(t, payload) {
				t.Errorf("%s: %s", kind, problem)
			}
		}
		for _, said := range []string{clean(a, 75), clean(b, 3), cleanLines(a, 3000)} {
			if strings.ContainsAny(said, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\x00") || !utf8.ValidString(said) ||
				strings.Count(said, "\u2068") != strings.Count(said, "\u2069") {
				t.Errorf("%q is not clean", said)
			}
		}
	})
}

// anyPage has the words in every place where words can stand.
func anyPage(a, b string, row int, unix int64) flows.Page {
	words := append(flows.Say(a, time.Unix(unix, 0), b), flows.Span{Text: b, Bold: true})
	press := flows.Button{Kind: flows.Pick, Label: a, Name: b, Row: row, Style: flows.Style(b),
		Confirm: &flows.Confirmation{Title: a, Text: b, Yes: b, No: a}}
	link := flows.Button{Label: b, URL: a, Style: flows.StyleDanger}
	p := flows.Page{
		ID: flows.PageID(a), Title: b, Close: a, Keeps: true, Token: b,
		Submit: &flows.Button{Kind: flows.Unlock, Label: a, Type: bot.Type(b), Row: row},
		Blocks: []flows.Block{{}, {Divider: true}, {Row: &flows.Row{Title: a, Detail: words, Button: &press}}, {Row: &flows.Row{Title: b}},
			{Facts: []flows.Fact{{Label: a, Value: words}, {Label: b}}},
			{Buttons: []flows.Button{press, press, {Kind: flows.EventKind(a), Label: b}, press, press, link, press, press, {URL: "https://example.com/" + url.PathEscape(b)}}},
			{Input: &flows.Input{Field: a, Label: b, Hint: a, Placeholder: b, Initial: a, Max: row, Fresh: b, Lines: true}},
			{Input: &flows.Input{Field: a, Label: a, Fresh: b, Optional: true}},
			{Choices: &flows.Choices{Field: b, Label: a, Options: []flows.Option{{Row: row, Label: a, Detail: b, Checked: true}, {Row: 1, Label: b}, {Row: row}}}},
		},
	}
	for _, tone := range []flows.Tone{flows.Plain, flows.Heading, flows.Note, flows.Good, flows.Warning, flows.Bad, flows.Tone(a)} {
		p.Blocks = append(p.Blocks, flows.Block{Text: &flows.Text{ID: b, Tone: tone, Said: words}},
			flows.Block{Text: &flows.Text{Tone: tone, Said: flows.Say(b)}})
	}
	if row%2 == 0 {
		p.Submit.Type, p.Submit.Row = "", 0
	}
	if row%3 == 0 {
		p.Token, p.Blocks = "t", append(p.Blocks, p.Blocks...)
	}
	return p
}

package card

import (
	"strings"
	"sync"

	"latchkey/flows"
	"latchkey/flows/unlock/pagetest"
)

// pageToken stands for what the dispatcher puts on every page that it shows.
const pageToken = "c0ffee.3.1793690000.bWFj"

// shared are the pages that every platform renders, as they reach an adapter.
var shared = sync.OnceValue(func() []pagetest.Fixture {
	pages := append(pagetest.Fixtures(), pagetest.Enrollments()...)
	for i := range pages {
		if id := pages[i].Page.ID; id != "help" && id != "home" { // are not of a case
			pages[i].Page.Token = pageToken
		}
	}
	return append(pages, pagetest.Messages()...)
})

// asMessage reports whether a page is first of all a message; all others are dialogs.
func asMessage(p flows.Page) bool {
	switch p.ID {
	case "card", "help", "audit", "result", "home":
		return true
	}
	return false
}

// extremes are pages that no flow should make: what is not to be seen or
// pressed, more than fits, nothing at all. Other platforms have pages of their
// own by these names.
func extremes() []pagetest.Fixture {
	odd := flows.Page{
		ID: "odd", Title: "שלום \u202etxt.exe " + strings.Repeat("x", 80), Token: pageToken,
		Submit: &flows.Button{Kind: flows.Unlock, Label: strings.Repeat("Unlock ", 20)},
		Blocks: []flows.Block{
			{Facts: []flows.Fact{{Value: flows.Say("")}, {Label: "Tab\tand\x00NUL", Value: flows.Say("a\xff\u200bb")}, {Label: "1. {{DATE(", Value: flows.Say("{", "{DATE(2026-11-02T09:00:00Z)}} {{TIME(2026-11-02T09:00:00Z)}}")}}},
			{Row: &flows.Row{Title: strings.Repeat("long ", 4000), Detail: flows.Say(strings.Repeat("界<", 4000)),
				Button: &flows.Button{Kind: flows.Pick, Label: strings.Repeat("y", 100), Name: strings.Repeat("z", 100), Row: 7}}},
			{Choices: &flows.Choices{Field: "accounts", Label: " ", Options: []flows.Option{
				{Row: 1, Label: strings.Repeat("ש", 90), Detail: strings.Repeat("w", 90), Checked: true}, {Row: 1, Label: "twice"}, {Row: 3},
				{Row: 4, Label: "[*Mei*](https://evil.example) `x` _y_ &amp; mei_lin <https://evil.example>"},
			}}},
			{Buttons: []flows.Button{{Kind: "forged", Label: "no such event"}, {Kind: flows.Next, Label: ""}, {Kind: flows.Next, Label: "again"}}},
			{Input: &flows.Input{Field: "note", Label: "{{DATE(2026-11-02T09:00:00Z)}}", Initial: "a\x00b\nc", Lines: true}},
			{Input: &flows.Input{Field: "note", Label: "the same field"}},
		},
	}
	long := strings.Repeat("long ", 100)
	buttons := flows.Page{ID: "card", Title: "Buttons", Token: pageToken, Blocks: []flows.Block{
		{Buttons: []flows.Button{
			{Kind: flows.Answer, Label: "Enter the digits", Style: flows.StylePrimary},
			{Kind: flows.NotMe, Label: "This is not me", Style: flows.StyleDanger, Confirm: &flows.Confirmation{Title: "You did not call?", Text: "The case ends.", Yes: "I did not call", No: "Back"}},
			{Kind: flows.Remove, Label: "Remove", Confirm: &flows.Confirmation{Title: long, Text: long, Yes: long, No: " "}},
			{Label: "Open the page", Name: "Open the page of Mei Lin's authenticator", URL: "https://latchkey.example.com/e/abc?x=1&y=<2>"},
			{Label: "Nowhere", URL: "javascript:alert(1)"},
			{Kind: flows.BeginEnroll, Label: "Enroll now"},
			{Kind: flows.Cancel, Label: "Cancel case"},
		}},
		{Row: &flows.Row{Title: "Authenticator", Button: &flows.Button{Label: "Open", URL: "http://127.0.0.1:8080/e/abc"}}},
	}}
	many := flows.Page{ID: "many", Title: "Many", Token: pageToken}
	for i := range 120 {
		many.Blocks = append(many.Blocks, flows.Block{Row: &flows.Row{Title: "one of many lines", Detail: flows.Say("a line"),
			Button: &flows.Button{Kind: flows.Pick, Label: "Choose", Row: i}}})
	}
	many.Blocks = append(many.Blocks, flows.Block{Buttons: []flows.Button{{Kind: flows.Back, Label: "Back"}}})
	return []pagetest.Fixture{{Name: "extreme_odd", Page: odd}, {Name: "extreme_many", Page: many}, {Name: "extreme_buttons", Page: buttons}, {Name: "extreme_empty", Page: flows.Page{ID: "empty"}}}
}

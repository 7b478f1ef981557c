package slack

import (
	"strings"
	"time"

	"latchkey/bot"
	"latchkey/flows"
)

// pages is one page of each sort that the flows show, and a few that no flow
// should: names in other scripts, more than fits, nothing at all.
func pages() []flows.Page {
	locked := time.Date(2026, 11, 3, 8, 14, 0, 0, time.UTC)
	const token = "c0ffee.3.1793690000.bWFj"
	return []flows.Page{
		{
			ID: "unlock.query", Title: "Unlock an account", Token: token, Keeps: true, Close: "Cancel",
			Submit: &flows.Button{Kind: flows.Search, Label: "Search"},
			Blocks: []flows.Block{
				{Text: &flows.Text{ID: "query.ask", Said: flows.Say("Whose account is locked?")}},
				{Input: &flows.Input{Field: "who", Label: "Who", Hint: "Part of a name, a login or a mail address", Placeholder: "mei", Max: 128}},
			},
		},
		{
			ID: "unlock.hits", Title: "Unlock an account", Token: token, Keeps: true, Close: "Close",
			Blocks: []flows.Block{
				{Text: &flows.Text{ID: "hits.head", Tone: flows.Heading, Said: flows.Say("3 people match 'lin'")}},
				{Row: &flows.Row{Title: "Mei Lin", Detail: flows.Say("corp · mei · locked · password expires ", locked.AddDate(0, 1, 0)),
					Button: &flows.Button{Kind: flows.Pick, Label: "Choose", Name: "Choose Mei Lin in corp", Row: 0}}},
				{Row: &flows.Row{Title: "Linnea *Berg* <!channel>", Detail: flows.Say("corp · linnea · not locked · not enrolled"),
					Button: &flows.Button{Kind: flows.Pick, Label: "Choose", Name: "Choose Linnea Berg in corp", Row: 1}}},
				{Row: &flows.Row{Title: "Lin Wei", Detail: flows.Say("lab · set ", locked, ", out of your reach")}},
				{Divider: true},
				{Buttons: []flows.Button{{Kind: flows.More, Label: "More", Name: "Show more people"}, {Kind: flows.Cancel, Label: "Cancel"}}},
			},
		},
		{
			ID: "unlock.authenticate", Title: "Authenticate", Token: token, Keeps: true, Close: "Close",
			Submit: &flows.Button{Kind: flows.Next, Label: "Next"},
			Blocks: []flows.Block{
				{Facts: []flows.Fact{
					{Label: "User", Value: flows.Say("Mei Lin")}, {Label: "Store", Value: flows.Say("corp")},
					{Label: "Locked since", Value: flows.Say(locked)}, {Label: "Asked for", Value: flows.Say("one type, at least medium")},
				}},
				{Buttons: []flows.Button{
					{Kind: flows.ChooseType, Label: "Authenticator", Type: bot.Authenticator, Style: flows.StylePrimary, Name: "Verify authenticator of Mei Lin"},
					{Kind: flows.ChooseType, Label: "E-mail", Type: bot.Email, Name: "Verify e-mail of Mei Lin"},
				}},
				{Buttons: []flows.Button{{Kind: flows.Skip, Label: "Skip"}, {Kind: flows.OpenHistory, Label: "History", Name: "History of Mei Lin"}}},
				{Text: &flows.Text{ID: "authenticate.ends", Tone: flows.Note, Said: flows.Say("This case ends ", locked.Add(15*time.Minute), ".")}},
			},
		},
		{
			ID: "unlock.code", Title: "Authenticate", Token: token, Keeps: true, Close: "Close",
			Submit: &flows.Button{Kind: flows.Verify, Label: "Verify", Type: bot.Email},
			Blocks: []flows.Block{
				{Text: &flows.Text{ID: "code.wrong", Tone: flows.Bad, Said: flows.Say("That is not the code. 4 tries are left.")}},
				{Text: &flows.Text{ID: "code.sent", Said: flows.Say("A code was sent to m••@example.com at ", locked, ".")}},
				{Input: &flows.Input{Field: "code", Label: "Code", Hint: "Six digits that Mei Lin reads to you", Max: 6, Fresh: "2"}},
				{Buttons: []flows.Button{{Kind: flows.SendCode, Label: "Send a new code", Type: bot.Email}, {Kind: flows.Overview, Label: "Other types"}}},
			},
		},
		{
			ID: "unlock.confirm", Title: "Unlock", Token: token, Keeps: true, Close: "Close",
			Submit: &flows.Button{Kind: flows.Unlock, Label: "Unlock", Style: flows.StylePrimary},
			Blocks: []flows.Block{
				{Text: &flows.Text{ID: "confirm.good", Tone: flows.Good, Said: flows.Say("Mei Lin was verified by authenticator.")}},
				{Choices: &flows.Choices{Field: "accounts", Label: "Locked accounts", Options: []flows.Option{
					{Row: 0, Label: "mei in corp", Detail: "locked since 2026-11-03 08:14 UTC", Checked: true},
					{Row: 2, Label: "meilin in lab", Detail: "locked since 2026-11-03 08:20 UTC"},
				}}},
				{Input: &flows.Input{Field: "reason", Label: "Reason", Lines: true, Max: 500}},
				{Input: &flows.Input{Field: "ticket", Label: "Ticket", Optional: true, Initial: "INC-1", Max: 40}},
				{Buttons: []flows.Button{{Kind: flows.OpenHistory, Label: "History"}}},
			},
		},
		{
			ID: "unlock.done", Title: "Unlocked", Close: "Close",
			Blocks: []flows.Block{
				{Text: &flows.Text{ID: "done", Tone: flows.Good, Said: append(flows.Words{{Text: "Mei Lin", Bold: true}}, flows.Say(" is unlocked in corp since ", locked.Add(time.Hour), ".")...)}},
				{Text: &flows.Text{ID: "done.note", Tone: flows.Note, Said: flows.Say("Case 4711. Mei Lin and her manager are told.")}},
			},
		},
		{
			ID: "unlock.waiting", Title: "Unlock an account", Close: "Close",
			Blocks: []flows.Block{{Text: &flows.Text{ID: "waiting", Said: flows.Say("Looking up …")}}},
		},
		{
			ID: "unlock.card", Title: "Your case about Mei Lin", Token: token,
			Blocks: []flows.Block{
				{Facts: []flows.Fact{{Label: "Account", Value: flows.Say("mei in corp")}, {Label: "Ends", Value: flows.Say(locked.Add(15 * time.Minute))}}},
				{Buttons: []flows.Button{
					{Kind: flows.Resume, Label: "Continue", Name: "Continue the case of Mei Lin", Style: flows.StylePrimary},
					{Kind: flows.Cancel, Label: "Cancel", Name: "Cancel the case of Mei Lin", Style: flows.StyleDanger},
				}},
			},
		},
		{
			ID: "history", Title: "History of Mei Lin", Token: token, Keeps: true, Close: "Close",
			Blocks: []flows.Block{
				{Text: &flows.Text{ID: "h1", Said: flows.Say(locked, ": Dana Reyes unlocked Mei Lin in corp after verifying e-mail and authenticator.")}},
				{Text: &flows.Text{ID: "h2", Said: flows.Say(time.Date(1601, 1, 1, 0, 0, 0, 0, time.UTC), ": never.")}},
				{Buttons: []flows.Button{{Kind: flows.Back, Label: "Back"}}},
			},
		},
		{
			ID: "help", Title: "How to use /unlock", Close: "Close",
			Blocks: []flows.Block{
				{Text: &flows.Text{ID: "help.1", Said: flows.Say("/unlock opens a form. /unlock mei goes straight on.\n/unlock history mei shows what was done.\n/unlock who:help finds a person of that name.")}},
			},
		},
		{
			ID: "names", Title: "שלום \u202etxt.exe " + strings.Repeat("x", 40), Token: token,
			Submit: &flows.Button{Kind: flows.Unlock, Label: strings.Repeat("Unlock ", 9)},
			Blocks: []flows.Block{
				{Text: &flows.Text{ID: "n1", Tone: flows.Warning, Said: flows.Say("Two people are called ", "ليلى *bold* <@U1>\u2069", ".")}},
				{Facts: []flows.Fact{{Label: "", Value: flows.Say("")}, {Label: "Tab\tand\x00NUL", Value: flows.Say("a\xff\u200bb")}}},
				{Row: &flows.Row{Title: strings.Repeat("long ", 4000), Detail: flows.Say(strings.Repeat("界", 4000)),
					Button: &flows.Button{Kind: flows.Pick, Label: strings.Repeat("y", 100), Name: strings.Repeat("z", 100), Row: 7}}},
				{Choices: &flows.Choices{Field: "accounts", Label: " ", Options: []flows.Option{
					{Row: 1, Label: strings.Repeat("ש", 90), Detail: strings.Repeat("w", 90), Checked: true}, {Row: 1, Label: "twice"}, {Row: 3},
				}}},
				{Buttons: []flows.Button{{Kind: "forged", Label: "no such event"}, {Kind: flows.Next, Label: ""}, {Kind: flows.Next, Label: "again"}}},
			},
		},
		many(),
		{ID: "empty"},
	}
}

// many is a page with more than any surface takes.
func many() flows.Page {
	p := flows.Page{ID: "many", Title: "Many"}
	for range 120 {
		p.Blocks = append(p.Blocks, flows.Block{Text: &flows.Text{ID: "line", Said: flows.Say("one of many lines")}})
	}
	return p
}

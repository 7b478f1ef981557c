package enroll

import (
	"fmt"
	"strconv"

	"latchkey/bot"
	"latchkey/flows"
)

// openPage is, in a stored page, the button that gets the link.
const openPage flows.EventKind = "open_page"

const (
	maxPool   = 98 // lines of a menu, less that of his own question
	maxAnswer = 200
)

// pageAddress asks for a new mail address or number.
func pageAddress(b body) flows.Page {
	p := flows.Page{ID: "enroll_address", Title: capital(b.Type.Name()), Close: "Close",
		Submit: &flows.Button{Kind: flows.SetAddress, Type: b.Type, Label: "Send code"}}
	in := flows.Input{Field: fieldAddress, Label: "Mail address", Placeholder: "mei@example.com", Max: 254}
	text := "A code goes to the address: enter it on the next page. Choose an address that you can read while your account is locked."
	if b.Type == bot.Mobile {
		in = flows.Input{Field: fieldAddress, Label: "Mobile number", Placeholder: "+49 151 23456789", Max: 32, Hint: "With + and the country's code."}
		text = "A code goes to the number by text message: enter it on the next page."
	}
	p.Blocks = append(p.Blocks, say("address.how", flows.Plain, text), flows.Block{Input: &in})
	if b.Type == bot.Mobile {
		p.Blocks = append(p.Blocks, say("address.restricted", flows.Note,
			"A text message can be read by others who take over the number, so mobile counts as restricted. An authenticator is safer."))
	}
	p.Blocks = append(p.Blocks, flows.Block{Buttons: []flows.Button{overviewButton()}})
	return p
}

// pageNewCode takes the code that went to the new address.
func pageNewCode(b body, why flows.Words, fresh string) flows.Page {
	p := flows.Page{ID: "enroll_new_code", Title: capital(b.Type.Name()), Close: "Close",
		Submit: &flows.Button{Kind: flows.Verify, Type: b.Type, Label: "Enroll"}}
	if why != nil {
		p.Blocks = append(p.Blocks, say("new.why", flows.Warning, why))
	}
	p.Blocks = append(p.Blocks, say("new.sent", flows.Plain, "A code was sent to ", b.Masked, ". Enter it here."), codeInput(fresh),
		flows.Block{Buttons: []flows.Button{{Kind: flows.SendCode, Type: b.Type, Label: "Send a new code"}, backButton("Another address"), overviewButton()}})
	return p
}

// pageApp leads to the one-time page, and takes the code that the app shows.
func pageApp(b body, why flows.Words, fresh string) flows.Page {
	p := flows.Page{ID: "enroll_app", Title: "Authenticator", Close: "Close", Submit: &flows.Button{Kind: flows.Verify, Type: bot.Authenticator, Label: "Enroll"}}
	if why != nil {
		p.Blocks = append(p.Blocks, say("new.why", flows.Warning, why))
	}
	p.Blocks = append(p.Blocks,
		say("app.page", flows.Plain, "1. Open the page in your browser and scan its QR code with your authenticator app. The page is shown once, and good until ", b.Expires, "."),
		flows.Block{Buttons: []flows.Button{{Kind: openPage, Label: "Open the page", Name: "Open the one-time page with the QR code", Style: flows.StylePrimary},
			{Kind: flows.Renew, Label: "New link", Name: "Make a new link, with a new QR code"}}},
		say("app.code", flows.Plain, "2. Enter the code that the app shows now."), codeInput(fresh),
		flows.Block{Buttons: []flows.Button{overviewButton()}})
	return p
}

// pageNewOver: what was sent, or the link, is no longer good.
func pageNewOver(t bot.Type) flows.Page {
	if t == bot.Authenticator {
		return flows.Page{ID: "enroll_new_over", Title: "Authenticator", Close: "Close", Blocks: []flows.Block{
			say("new.over", flows.Warning, "This link is no longer good: it has run out, or codes were tried too often. Remove the account from your app, and scan a new code."),
			{Buttons: []flows.Button{{Kind: flows.Renew, Label: "New link"}, overviewButton()}}}}
	}
	return flows.Page{ID: "enroll_new_over", Title: capital(t.Name()), Close: "Close", Blocks: []flows.Block{
		say("new.over", flows.Warning, "This code is no longer good: it has run out, was tried too often, or a newer one was sent."),
		{Buttons: []flows.Button{{Kind: flows.SendCode, Type: t, Label: "Send a new code"}, backButton("Another address"), overviewButton()}}}}
}

// pageAnswers asks for questions, from the store's pool or his own, and answers.
func pageAnswers(b body) flows.Page {
	p := flows.Page{ID: "enroll_answers", Title: "Security questions", Close: "Close", Submit: &flows.Button{Kind: flows.SetAnswers, Label: "Enroll"}}
	p.Blocks = append(p.Blocks, say("answers.how", flows.Plain, fmt.Sprintf("%s. An answer has at least %s, and is one that only you know. "+
		"Over the phone you will say it to the helpdesk: choose nothing that you use elsewhere.", questionsWanted(b), count(b.Shortest, "character"))))
	for i := range b.Questions {
		p.Blocks = append(p.Blocks, questionBlocks(b, i)...)
	}
	p.Blocks = append(p.Blocks, flows.Block{Buttons: []flows.Button{overviewButton()}})
	return p
}

func questionsWanted(b body) string {
	if b.Questions == 1 {
		return "Choose a question"
	}
	return fmt.Sprintf("Choose %d questions", b.Questions)
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func questionBlocks(b body, i int) []flows.Block {
	n := strconv.Itoa(i + 1)
	own := flows.Input{Field: fieldOwn + n, Label: "Own question " + n, Hint: "10 to 150 characters.", Max: 150}
	answer := flows.Input{Field: fieldAnswer + n, Label: "Answer " + n, Max: maxAnswer}
	if len(b.Pool) == 0 {
		return []flows.Block{{Divider: true}, {Input: &own}, {Input: &answer}}
	}
	chosen := i%len(b.Pool) + 1
	if i < len(b.Picks) {
		chosen = b.Picks[i]
	}
	m := flows.Menu{Field: fieldPick + n, Label: "Question " + n}
	for row, q := range b.Pool {
		m.Options = append(m.Options, flows.Option{Row: row + 1, Label: clip(q, 75), Checked: row+1 == chosen})
	}
	m.Options = append(m.Options, flows.Option{Label: "My own question, written below", Checked: chosen == 0})
	own.Optional, own.Hint = true, "Only if you write your own: 10 to 150 characters."
	return []flows.Block{{Divider: true}, {Menu: &m}, {Input: &own}, {Input: &answer}}
}

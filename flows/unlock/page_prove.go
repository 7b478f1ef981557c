package unlock

import (
	"fmt"
	"time"
	"unicode"
	"unicode/utf8"

	"latchkey/bot"
	"latchkey/flows"
)

// pageAuthenticate is the overview: what the policy asks for, and one line for
// each type that the user is enrolled with. passed, where set, has just been passed.
func pageAuthenticate(c caseFound, passed *bot.Type) flows.Page {
	a := c.Facts.Accounts[0].Account
	p := flows.Page{ID: "authenticate", Title: "Authenticate", Close: "Close", Keeps: true}
	if passed != nil {
		p.Blocks = append(p.Blocks, say("authenticate.passed", flows.Good, "Passed: ", passed.Name(), "."))
	}
	p.Blocks = append(p.Blocks, lockoutBlocks(c)...)
	p.Blocks = append(p.Blocks, say("authenticate.needs", flows.Plain, needs(c)))
	p.Blocks = append(p.Blocks, others(c)...)
	p.Blocks = append(p.Blocks, flows.Block{Facts: person(a)})
	first := !c.Decision.CanNext
	for _, t := range c.Decision.Types {
		row := typeRow(a.DisplayName, t)
		if row.Button != nil && first {
			row.Button.Style, first = flows.StylePrimary, false // what to do next
		}
		p.Blocks = append(p.Blocks, flows.Block{Row: row})
	}
	for _, t := range c.Decision.TooNew {
		p.Blocks = append(p.Blocks, flows.Block{Row: &flows.Row{Title: capital(t.Type.Name()), Detail: flows.Say("too new: it counts from ", t.From)}})
	}
	var buttons []flows.Button
	if c.Decision.CanSkip {
		buttons = append(buttons, flows.Button{Kind: flows.Skip, Label: "Skip", Name: clip("Skip authentication of "+a.DisplayName, 75)})
	}
	p.Blocks = append(p.Blocks, flows.Block{Buttons: append(buttons, caseButtons(c)...)})
	if c.Decision.CanNext {
		p.Submit = &flows.Button{Kind: flows.Next, Label: "Next"}
	}
	return p
}

func person(a bot.Account) []flows.Fact {
	f := []flows.Fact{{Label: "User", Value: flows.Say(name(a))}, {Label: "Identity store", Value: flows.Say(a.ID.Store)}}
	if a.Department != "" {
		f = append(f, flows.Fact{Label: "Department", Value: flows.Say(a.Department)})
	}
	return append(f, flows.Fact{Label: "Lock status", Value: lockWords(a)})
}

// others tells the agent that he is not the only one who is asked.
func others(c caseFound) []flows.Block {
	if len(c.Others) == 0 {
		return nil
	}
	var names []string
	for _, o := range c.Others {
		names = append(names, o.Name)
	}
	return []flows.Block{say("case.others", flows.Warning, "Within the last hour this person's account was also worked on by ",
		flows.Join(names), ". Make sure that it is the same caller.")}
}

func typeRow(who string, t bot.TypeStanding) *flows.Row {
	r := &flows.Row{Title: capital(t.Type.Name()), Detail: flows.Say("not passed yet · strength: ", degree(t.Type.Strength()))}
	label := "Verify " + t.Type.Name()
	if t.Needed > 0 && t.Right > 0 && !t.Passed {
		r.Detail = flows.Say(fmt.Sprintf("%d of %d answered right · strength: ", t.Right, t.Needed), degree(t.Type.Strength()))
	}
	if t.Passed {
		r.Detail = flows.Say("passed · strength: ", degree(t.Type.Strength()))
		return r
	}
	r.Button = &flows.Button{Kind: flows.ChooseType, Type: t.Type, Label: capital(label), Name: clip(capital(label)+" of "+who, 75)}
	return r
}

// degree says what the word means to who has not read of it.
func degree(s bot.Strength) string { return fmt.Sprintf("%s (%d of %d)", s, s, bot.Strong) }

// needs says in a sentence or two what policy asks for and what is missing.
func needs(c caseFound) flows.Words {
	m := c.Decision.Missing
	if c.Facts.Case.Self {
		return selfNeeds(m)
	}
	switch {
	case c.Decision.CanSkip && len(c.Decision.Verified) == 0:
		return flows.Say("Your role is in unrestricted mode: you can authenticate the user, or skip this page. Skipping is recorded.")
	case c.Decision.CanSkip:
		return flows.Say("The user is authenticated. Press Next.")
	case m.None():
		return flows.Say("All that policy asks for is passed. Press Next.")
	}
	w := flows.Say("The user must be authenticated before page Unlock opens. Still needed: ")
	return flows.Say(w, lacking(m), ".")
}

// lacking names what is missing: 'authenticator and 1 more type, one of them of
// at least medium strength'.
func lacking(m bot.Missing) string {
	var parts []string
	for _, t := range m.Types {
		parts = append(parts, t.Name())
	}
	switch {
	case m.More == 1:
		parts = append(parts, "1 more type")
	case m.More > 1:
		parts = append(parts, fmt.Sprintf("%d more types", m.More))
	}
	switch {
	case m.Strength > 0 && len(m.Types) == 0 && m.More == 0:
		return "a type of at least " + m.Strength.String() + " strength"
	case m.Strength > 0 && len(m.Types) == 0 && m.More == 1:
		return "1 more type, of at least " + m.Strength.String() + " strength"
	case m.Strength > 0:
		return flows.Join(parts) + ", one of them of at least " + m.Strength.String() + " strength"
	}
	return flows.Join(parts)
}

func historyButton(c caseFound, a bot.Account) flows.Button {
	return flows.Button{Kind: flows.OpenHistory, Label: "History", Name: clip("History of "+a.DisplayName, 75)}
}

func cancelButton(a bot.Account) flows.Button {
	return flows.Button{Kind: flows.Cancel, Label: "Cancel case", Name: clip("Cancel the case of "+a.DisplayName, 75)}
}

func overviewButton() flows.Button {
	return flows.Button{Kind: flows.Overview, Label: "Back to overview"}
}

// pageSend opens a type whose code has to be sent first.
func pageSend(b body, t bot.Type) flows.Page {
	where := "to the e-mail address"
	if t == bot.Mobile {
		where = "by text message to the mobile number"
	}
	how := flows.Say("A code goes "+where+" that ", b.Name, " is enrolled with. The user reads it to you, and you enter it.")
	switch {
	case b.Self:
		how = flows.Say("A code goes " + where + " that you are enrolled with. Enter it here, and read it to nobody.")
	case t == bot.Chat:
		how = flows.Say("A message goes to ", b.Name, " in the chat, and this page shows six digits. Read them to the user, who enters them there. Only the user can.")
	}
	p := flows.Page{ID: "send", Title: capital(t.Name()), Close: "Close", Keeps: true, Blocks: []flows.Block{say("send.how", flows.Plain, how)}}
	if t == bot.Mobile {
		p.Blocks = append(p.Blocks, say("send.restricted", flows.Note, restrictedFor(b)+"a text message can be read by others who take over the number, so mobile counts as restricted. ", b.Safer.words()))
	}
	p.Blocks = append(p.Blocks, flows.Block{Buttons: []flows.Button{
		sendButton(b, t), overviewButton(),
	}})
	return p
}

func sendButton(b body, t bot.Type) flows.Button {
	s := flows.Button{Kind: flows.SendCode, Type: t, Label: "Send code", Name: clip("Send a code by "+t.Name()+" to "+b.Name, 75), Style: flows.StylePrimary}
	if t == bot.Chat {
		s.Label, s.Name = "Ask in the chat", clip("Ask "+b.Name+" in the chat", 75)
	}
	return s
}

func restrictedFor(b body) string {
	if b.Self {
		return "Mind: "
	}
	return "Tell the user: "
}

// safer are the types to offer instead of mobile: NIST SP 800-63B-4 (section
// 3.2.9) wants the user told of the risk of a restricted type, and of another.
type safer struct {
	Types    []bot.Type `json:"types,omitempty"`
	Enrolled bool       `json:"enrolled,omitempty"` // the user has them already
}

// saferThanMobile finds those that the user is enrolled with, or else those
// that he could enroll with. Chat is none of these: nobody enrolls with it.
func saferThanMobile(c caseFound) (s safer) {
	for _, t := range c.Decision.Types {
		if t.Type.Strength() > bot.Restricted {
			s.Types, s.Enrolled = append(s.Types, t.Type), true
		}
	}
	if s.Enrolled {
		return s
	}
	if store := c.Facts.Policy.Store(c.Facts.Accounts[0].ID.Store); store != nil {
		for _, t := range store.Types {
			if t.Strength() > bot.Restricted && t != bot.Chat {
				s.Types = append(s.Types, t)
			}
		}
	}
	return s
}

func (s safer) words() string {
	names := flows.TypeNames(s.Types)
	switch {
	case len(s.Types) == 0:
		return "This identity store uses no safer type."
	case s.Enrolled:
		return "Safer, and enrolled already: " + names + "."
	}
	return "Safer, and still to be enrolled with: " + names + "."
}

// pageCode takes the code. why, where set, says what became of the last one.
func pageCode(b body, why flows.Words, fresh string) flows.Page {
	p := flows.Page{ID: "code", Title: capital(b.Type.Name()), Close: "Close", Keeps: true,
		Submit: &flows.Button{Kind: flows.Verify, Type: b.Type, Label: "Verify"}}
	if why != nil {
		p.Blocks = append(p.Blocks, say("code.why", flows.Warning, why))
	}
	p.Blocks = append(p.Blocks, phraseBlocks(b)...)
	ask := flows.Say("Ask ", b.Name, " for the code that the authenticator app shows now.")
	switch {
	case b.Masked != "" && b.Self:
		ask = flows.Say("A code was sent to ", b.Masked, ". Enter it here.")
	case b.Masked != "":
		ask = flows.Say("A code was sent to ", b.Masked, ". Ask ", b.Name, " to read it to you.")
	case b.Self:
		ask = flows.Say("Enter the code that your authenticator app shows now.")
	}
	buttons := []flows.Button{overviewButton()}
	if b.Masked != "" {
		buttons = append(buttons, flows.Button{Kind: flows.SendCode, Type: b.Type, Label: "Send a new code"})
	}
	p.Blocks = append(p.Blocks, say("code.ask", flows.Plain, ask),
		flows.Block{Input: &flows.Input{Field: fieldCode, Label: "Code", Max: 16, Fresh: fresh,
			Hint: "Digits only."}},
		flows.Block{Buttons: buttons})
	return p
}

// wrong says what was wrong with a typed value that was judged or was none.
func wrong(t bot.Type, v bot.Verdict) flows.Words {
	if v.Garbled {
		return flows.Say("That is not a code: enter its digits and nothing else. No try was used.")
	}
	left := fmt.Sprintf(" %d tries are left.", v.Left)
	if v.Left == 1 {
		left = " 1 try is left."
	}
	if v.Replayed {
		return flows.Say("That code was used before. Wait for the next one.", left)
	}
	return flows.Say("That code is not right.", left)
}

// pageOver: the challenge has run out or has no tries left.
func pageOver(who string, t bot.Type) flows.Page {
	again := flows.Button{Kind: flows.ChooseType, Type: t, Label: "Try again", Name: clip("Begin "+t.Name()+" of "+who+" again", 75)}
	if t.Sent() || t == bot.Chat {
		again = flows.Button{Kind: flows.SendCode, Type: t, Label: "Send a new code"}
	}
	return flows.Page{ID: "over", Title: capital(t.Name()), Close: "Close", Keeps: true, Blocks: []flows.Block{
		say("over.why", flows.Warning, "This code is no longer good: it has run out, was tried too often, or a newer one was sent. Begin again."),
		{Buttons: []flows.Button{again, overviewButton()}},
	}}
}

// pageTypeRefused: a limit forbids another value of this user.
func pageTypeRefused(who string, t bot.Type, why bot.Reason, until time.Time) flows.Page {
	w := flows.Say("Nothing more can be verified of ", who, " now, because ", flows.Because(why), ".")
	if !until.IsZero() {
		w = flows.Say(w, " It is possible again: ", until, ".")
	}
	switch why {
	case bot.AuthenticationOff:
		w = flows.Say(w, " This does not change the lock of the account in the directory.")
	case bot.TargetStopped:
		w = flows.Say(w, " An administrator has to clear it with latchkey unblock.")
	}
	return flows.Page{ID: "type_refused", Title: capital(t.Name()), Close: "Close", Keeps: true, Blocks: []flows.Block{
		say("type.refused", flows.Bad, w), {Buttons: []flows.Button{overviewButton()}},
	}}
}

// capital gives the text with a capital first letter.
func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

package enroll

import (
	"fmt"
	"unicode"
	"unicode/utf8"

	"latchkey/bot"
	"latchkey/flows"
)

func say(id string, tone flows.Tone, parts ...any) flows.Block {
	return flows.Block{Text: &flows.Text{ID: id, Tone: tone, Said: flows.Say(parts...)}}
}

func overviewButton() flows.Button {
	return flows.Button{Kind: flows.Overview, Label: "Back to overview"}
}

const titleOwn = "Your enrollments"

func pageReading() flows.Page {
	return flows.Page{ID: "enrollments_reading", Title: titleOwn, Close: "Close", Blocks: []flows.Block{
		say("enrollments.reading", flows.Plain, "Your enrollments are being read."), {Buttons: []flows.Button{overviewButton()}}}}
}

// pageOwn is the overview: a row for each type. notice, where set, says what
// has just become of a change.
func pageOwn(own bot.Own, notice *flows.Block) flows.Page {
	p := flows.Page{ID: "enrollments", Title: titleOwn, Close: "Close"}
	if notice != nil {
		p.Blocks = append(p.Blocks, *notice)
	}
	p.Blocks = append(p.Blocks, say("enrollments.what", flows.Plain, "With these you prove to the helpdesk that it is you who calls, as ",
		own.Account.Login, " in ", own.Account.ID.Store, "."))
	if w := wanted(own); w != "" {
		p.Blocks = append(p.Blocks, say("enrollments.wanted", flows.Plain, w))
	}
	if !own.Begun {
		p.Blocks = append(p.Blocks, say("enrollments.none", flows.Warning, "Nothing of it counts yet: the helpdesk may be unable to help you."))
	}
	for _, o := range own.Types {
		p.Blocks = append(p.Blocks, typeBlocks(o, own)...)
	}
	return end(p, own)
}

// end says for whom else it counts, and what was not read.
func end(p flows.Page, own bot.Own) flows.Page {
	if len(own.Trusting) > 0 {
		p.Blocks = append(p.Blocks, say("enrollments.linked", flows.Note, "What you enroll here counts for your linked account in ", flows.Join(own.Trusting), " too."))
	}
	if own.Several {
		p.Blocks = append(p.Blocks, flows.Block{Buttons: []flows.Button{{Kind: flows.Propose, Label: "My other accounts", Name: "Find my accounts in other identity stores"}}})
	}
	if len(own.Unread) > 0 {
		p.Blocks = append(p.Blocks, say("enrollments.unread", flows.Warning, "Not answering now, so linked accounts there are not known: ", flows.Join(own.Unread), "."))
	}
	p.Blocks = append(p.Blocks, say("enrollments.told", flows.Note, "Each change is proved first, and told to your mail address in the directory."))
	return p
}

// wanted says what his role asks of him.
func wanted(own bot.Own) string {
	u := own.User
	if u == nil || len(u.Enforced) == 0 && u.Chosen == 0 {
		return ""
	}
	var parts []string
	for _, t := range u.Enforced {
		parts = append(parts, t.Name())
	}
	switch more := fmt.Sprintf("%d ", u.Chosen); {
	case u.Chosen == 1 && len(parts) == 0:
		parts = append(parts, "1 type")
	case u.Chosen == 1:
		parts = append(parts, "1 more type")
	case u.Chosen > 1 && len(parts) == 0:
		parts = append(parts, more+"types")
	case u.Chosen > 1:
		parts = append(parts, more+"more types")
	}
	return "Your role asks for " + flows.Join(parts) + "."
}

func typeBlocks(o bot.OwnType, own bot.Own) []flows.Block {
	row := flows.Row{Title: capital(o.Type.Name())}
	switch {
	case o.Type == bot.Chat:
		row.Detail = chatWords(own)
	case o.Has:
		row.Detail = heldWords(o)
	case o.Elsewhere != "":
		row.Detail = flows.Say("Enrolled on your account in ", o.Elsewhere, ", which counts here")
	default:
		row.Detail = flows.Say("Not enrolled")
	}
	if o.Unused {
		row.More = append(row.More, flows.Say("Your identity store does not use this type any more"))
	}
	if o.Type == bot.Chat {
		return []flows.Block{{Row: &row}}
	}
	if o.Cannot != "" {
		row.More = append(row.More, flows.Say(o.Cannot))
	}
	change := !o.Unused && o.Cannot == ""
	if !o.Has {
		if change {
			row.Button = button(flows.Add, o.Type, "Add")
		}
		return []flows.Block{{Row: &row}}
	}
	var buttons []flows.Button
	if change {
		buttons = append(buttons, *button(flows.Change, o.Type, "Change"))
	}
	buttons = append(buttons, *button(flows.Remove, o.Type, "Remove"))
	return []flows.Block{{Row: &row}, {Buttons: buttons}}
}

func button(k flows.EventKind, t bot.Type, label string) *flows.Button {
	return &flows.Button{Kind: k, Type: t, Label: label, Name: label + " " + t.Name()}
}

func heldWords(o bot.OwnType) flows.Words {
	w := flows.Say("Enrolled")
	switch {
	case o.Masked != "":
		w = flows.Say(w, ": ", o.Masked)
	case o.Questions == 1:
		w = flows.Say(w, ": 1 question")
	case o.Questions > 1:
		w = flows.Say(w, fmt.Sprintf(": %d questions", o.Questions))
	}
	w = flows.Say(w, " · since ", o.Since)
	if o.Admin {
		w = flows.Say(w, " · by an administrator")
	}
	if !o.Counts.IsZero() {
		w = flows.Say(w, " · counts from ", o.Counts)
	}
	return w
}

func chatWords(own bot.Own) flows.Words {
	if own.Bound.IsZero() {
		return flows.Say("This chat is not bound to your account, so the helpdesk cannot ask you here")
	}
	return flows.Say("Nothing to enroll: this chat is bound to your account since ", own.Bound, ". It counts beside another type")
}

// said is what became of a change.
func said(b body, own bot.Own) flows.Block {
	switch b.Do {
	case bot.Linking:
		return say("enrollments.linked_now", flows.Good, "Linked: ", b.Other.String(), ".")
	case bot.Unlinking:
		return say("enrollments.unlinked", flows.Good, "No longer linked: ", b.Other.String(), ".")
	}
	name := capital(b.Type.Name())
	if b.Type == bot.SecurityQuestions {
		name += " are"
	} else {
		name += " is"
	}
	if b.Do == bot.Removing {
		return say("enrollments.removed", flows.Good, name, " removed.")
	}
	w := flows.Say(name, " enrolled.")
	if b.Do == bot.Changing {
		w = flows.Say(name, " changed.")
	}
	for _, o := range own.Types {
		if o.Type == b.Type && !o.Counts.IsZero() {
			return say("enrollments.changed", flows.Good, w, " It counts from ", o.Counts, ".")
		}
	}
	return say("enrollments.changed", flows.Good, w)
}

// pageOver stands where the conversation has ended.
func pageOver() flows.Page {
	return flows.Page{ID: "enrollments_over", Title: titleOwn, Close: "Close", Blocks: []flows.Block{
		say("enrollments.over", flows.Plain, "Closed. What you have finished is kept, and nothing else was changed.")}}
}

// PageRefused is for somebody whose role lacks the permission.
func PageRefused() flows.Page {
	return flows.Page{ID: "refused", Title: titleOwn, Close: "Close", Blocks: []flows.Block{
		say("refused."+string(bot.NoEnroll), flows.Bad, "Your role does not have the permission to enroll in chat. Ask your administrator how to enroll.")}}
}

// capital gives the text with a capital first letter.
func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

// clip shortens a text to so many runes.
func clip(s string, n int) string {
	r := []rune(bot.Line(s))
	if len(r) <= n {
		return string(r)
	}
	return string(r[:n-1]) + "…"
}

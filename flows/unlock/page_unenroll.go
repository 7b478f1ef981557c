package unlock

import (
	"slices"

	"latchkey/bot"
	"latchkey/flows"
)

const fieldTypes = "types"

// unenrollButtons lead to page Unenroll, where the agent may and there is
// something to take away.
func unenrollButtons(c caseFound) []flows.Button {
	if bot.MayUnenroll(c.Facts) != "" || len(bot.Held(c.Facts)) == 0 {
		return nil
	}
	return []flows.Button{{Kind: flows.OpenUnenroll, Label: "Unenroll", Name: clip("Take enrollments away from "+c.Facts.Accounts[0].DisplayName, 75)}}
}

// pageUnenroll lists what the account itself is enrolled with.
func pageUnenroll(f bot.Facts) flows.Page {
	a := f.Accounts[0].Account
	p := flows.Page{ID: "unenroll", Title: "Unenroll", Close: "Close", Submit: &flows.Button{Kind: flows.Unenroll, Label: "Next"}}
	choices := flows.Choices{Field: fieldTypes, Label: "Types to take away"}
	for i, e := range bot.Held(f) {
		choices.Options = append(choices.Options, flows.Option{Row: i, Label: capital(e.Type.Name()),
			Detail: "enrolled " + e.Since.UTC().Format("2006-01-02")})
	}
	p.Blocks = append(p.Blocks,
		say("unenroll.what", flows.Plain, "Take a type away when the user has lost what it needs, or somebody else may have it. Nothing is unlocked by it."),
		flows.Block{Facts: person(a)})
	if len(choices.Options) == 0 {
		p.Submit = nil
		p.Blocks = append(p.Blocks, say("unenroll.none", flows.Plain, a.DisplayName, " is not enrolled in ", a.ID.Store, "."))
	} else {
		p.Blocks = append(p.Blocks, flows.Block{Choices: &choices})
	}
	if others := heldElsewhere(f); len(others) > 0 {
		p.Blocks = append(p.Blocks, say("unenroll.elsewhere", flows.Note, "Linked accounts have enrollments of their own, which stay: ", flows.Join(others), "."))
	}
	p.Blocks = append(p.Blocks, flows.Block{Buttons: []flows.Button{{Kind: flows.Back, Label: "Back"}}})
	return p
}

// heldElsewhere names the stores of linked accounts that hold something.
func heldElsewhere(f bot.Facts) []string {
	var out []string
	for _, e := range f.Enrollments {
		if e.Account != f.Target() && !slices.Contains(out, e.Account.Store) {
			out = append(out, e.Account.Store)
		}
	}
	return out
}

// pageUnenrollConfirm says what is lost before it is.
func pageUnenrollConfirm(who, store string, types []bot.Type, all bool) flows.Page {
	p := flows.Page{ID: "unenroll_confirm", Title: "Unenroll?", Close: "Close", Blocks: []flows.Block{
		say("unenroll_confirm.what", flows.Warning, "From ", who, " in ", store, " you take away: ", flows.TypeNames(types), ". It cannot be undone: the user has to enroll anew, alone, and a new enrollment counts only after a while."),
	}}
	if all {
		p.Blocks = append(p.Blocks, say("unenroll_confirm.all", flows.Warning, "Nothing is left then that proves who ", who,
			" is. Who works in restricted mode cannot unlock the account until the user has enrolled anew."))
	}
	p.Blocks = append(p.Blocks,
		say("unenroll_confirm.told", flows.Plain, "The user is told by mail at the address on record, with your name, and the audit channel is told. History keeps it."),
		flows.Block{Buttons: []flows.Button{
			{Kind: flows.Confirm, Label: "Unenroll", Name: clip("Take the enrollments away from "+who, 75), Style: flows.StyleDanger},
			{Kind: flows.Back, Label: "Back"},
		}})
	return p
}

func pageUnenrolled(who string, types []bot.Type) flows.Page {
	return flows.Page{ID: "unenrolled", Title: "Unenroll", Close: "Close", Blocks: []flows.Block{
		say("unenrolled", flows.Good, "Taken away from ", who, ": ", flows.TypeNames(types), ". The user is told by mail. This case has ended: begin another with /unlock."),
	}}
}

func pageNotUnenrolled(who string, why bot.Reason) flows.Page {
	return flows.Page{ID: "not_unenrolled", Title: "Unenroll", Close: "Close", Blocks: []flows.Block{
		say("not_unenrolled", flows.Bad, "Nothing was taken away from ", who, ", because ", unenrollWhy(why), "."),
	}}
}

func unenrollWhy(why bot.Reason) string {
	switch why {
	case bot.OwnAccount:
		return "this is your own account: what you are enrolled with you change with /unlock enroll"
	case bot.Frozen:
		return "the user has said in the chat that it was not he who asked, and a freeze stands"
	}
	return becauseYou(why)
}

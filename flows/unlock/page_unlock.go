package unlock

import (
	"strings"
	"time"

	"latchkey/bot"
	"latchkey/flows"
)

// pageUnlock lists the person's locked accounts, each with a check box where
// it can be unlocked, and the others in a line each.
func pageUnlock(c caseFound, rows []offerRow, why string) flows.Page {
	p := flows.Page{ID: "unlock", Title: "Unlock", Close: "Close", Keeps: true,
		Submit: &flows.Button{Kind: flows.Unlock, Label: "Unlock"}}
	if why != "" {
		p.Blocks = append(p.Blocks, say("unlock.why", flows.Warning, why))
	}
	p.Blocks = append(p.Blocks, others(c)...)
	p.Blocks = append(p.Blocks, say("unlock.verified", flows.Plain, verifiedWords(c)))
	choices := flows.Choices{Field: fieldAccounts, Label: "Accounts to unlock"}
	for _, r := range c.Decision.Accounts {
		if !r.Offered {
			continue
		}
		p.Blocks = append(p.Blocks, flows.Block{Facts: accountFacts(r.Account)})
		p.Blocks = append(p.Blocks, passwordNote(r.Account)...)
		choices.Options = append(choices.Options, flows.Option{Row: rowOf(rows, r.Account.ID),
			Label: clip(name(r.Account)+" in "+r.Account.ID.Store, 75)})
	}
	p.Blocks = append(p.Blocks, flows.Block{Choices: &choices})
	for _, r := range c.Decision.Accounts {
		if !r.Offered {
			p.Blocks = append(p.Blocks, say("unlock.not_offered", flows.Note, name(r.Account), " in ", r.Account.ID.Store,
				" cannot be unlocked here, because ", notOffered(r.Why), "."))
		}
	}
	if len(c.Facts.Unread) > 0 {
		p.Blocks = append(p.Blocks, say("unlock.unread", flows.Warning, "Not answering now, so linked accounts there are not shown: ",
			flows.Join(c.Facts.Unread), "."))
	}
	if !c.Facts.Case.Self {
		p.Blocks = append(p.Blocks, reasonInputs(c.Facts.Agent.Role.Helpdesk.Reason)...)
	}
	p.Blocks = append(p.Blocks, flows.Block{Buttons: caseButtons(c)})
	return p
}

// notOffered says why an account stands on page Unlock without a check box. The
// page is open, so something was passed: it is of another store.
func notOffered(why bot.Reason) string {
	if why == bot.NotVerified {
		return "what was passed does not count in this identity store"
	}
	return becauseYou(why)
}

func rowOf(rows []offerRow, id bot.AccountID) int {
	for i, r := range rows {
		if r.Account == id {
			return i
		}
	}
	return -1
}

func accountFacts(a bot.Account) []flows.Fact {
	return []flows.Fact{
		{Label: "Name", Value: flows.Say(name(a))},
		{Label: "Identity store", Value: flows.Say(a.ID.Store)},
		{Label: "Password last changed", Value: flows.Say(orNever(a.Password.LastSet))},
		{Label: "Lock status", Value: lockWords(a)},
	}
}

// passwordNote says beforehand that unlocking alone will not let the user in.
func passwordNote(a bot.Account) []flows.Block {
	switch {
	case a.Password.MustChange:
		return []flows.Block{say("unlock.must_change", flows.Warning, "The password must be changed at the next sign-in.")}
	case a.Password.Expired:
		return []flows.Block{say("unlock.expired", flows.Warning, "The password has expired: unlocking alone will not let the user in. It has to be reset.")}
	}
	return nil
}

func verifiedWords(c caseFound) flows.Words {
	switch {
	case len(c.Decision.Verified) > 0:
		return flows.Say("Authenticated with ", flows.TypeNames(c.Decision.Verified), ".")
	case len(c.Decision.Types) > 0:
		return flows.Say("Page Authenticate was skipped. History says so.")
	}
	return flows.Say("The user is not enrolled, so nothing could be authenticated. History says so.")
}

func reasonInputs(rule bot.ReasonRule) []flows.Block {
	if rule != bot.ReasonOptional && rule != bot.ReasonRequired {
		return nil
	}
	return []flows.Block{
		{Input: &flows.Input{Field: fieldReason, Label: "Reason", Optional: rule == bot.ReasonOptional, Max: maxReason, Lines: true,
			Hint: "Kept in history."}},
		{Input: &flows.Input{Field: fieldTicket, Label: "Ticket", Optional: true, Max: maxTicket, Placeholder: "INC-1234"}},
	}
}

// withNotice puts one sentence above a page, in the place of an earlier one.
func withNotice(p flows.Page, why string) flows.Page {
	var blocks []flows.Block
	for _, b := range p.Blocks {
		if b.Text == nil || b.Text.ID != "unlock.why" {
			blocks = append(blocks, b)
		}
	}
	p.Blocks = append([]flows.Block{say("unlock.why", flows.Warning, why)}, blocks...)
	return p
}

func pageUnlocking(who string) flows.Page {
	return flows.Page{ID: "unlocking", Title: "Unlock", Close: "Close", Blocks: []flows.Block{
		say("unlocking", flows.Plain, "Unlocking ", who, " … The result is told in your direct messages, too. If it does not come to this page, close it: nothing has to be done twice."),
	}}
}

func pageNotWritten(who string) flows.Page {
	return flows.Page{ID: "not_written", Title: "Unlock", Close: "Close", Keeps: true, Blocks: []flows.Block{
		say("not_written", flows.Plain, "Nothing was changed for ", who, "."),
		{Buttons: []flows.Button{{Kind: flows.Back, Label: "Back to page Unlock"}}},
	}}
}

// pageResults gives each account its own result.
func pageResults(who string, results []bot.Done) flows.Page {
	p := flows.Page{ID: "done", Title: "Result", Close: "Close"}
	for _, d := range results {
		p.Blocks = append(p.Blocks, result(d))
		if d.Result.Usable() {
			p.Blocks = append(p.Blocks, passwordNote(d.Account)...)
		}
	}
	return p
}

func result(d bot.Done) flows.Block {
	what := d.Account.ID.Store
	if d.Account.DisplayName != "" {
		what = name(d.Account) + " in " + d.Account.ID.Store
	}
	switch {
	case d.Refused != "":
		return say("done.refused", flows.Bad, "Not unlocked: ", what, ", because ", becauseYou(d.Refused), ".")
	case d.Pending:
		return say("done.pending", flows.Warning, "Not known yet: ", what, ". The directory did not answer in time, so the change may or may not have been made. "+
			"Latchkey reads the directory until it knows, and tells you in a direct message. Do not unlock it by other means meanwhile.")
	}
	switch d.Result {
	case bot.Applied:
		if d.Account.Password.MustChange || d.Account.Password.Expired {
			return say("done.applied", flows.Good, "Unlocked: ", what, ".")
		}
		return say("done.applied", flows.Good, "Unlocked: ", what, ". Ask the caller to sign in now.")
	case bot.UnlockedNotByUs:
		return say("done.not_by_us", flows.Good, "Unlocked: ", what, ", but not provably by this request.")
	case bot.RanOut:
		return say("done.ran_out", flows.Good, "No longer locked: ", what, ". Nothing was changed: the lock had run out by itself.")
	case bot.LockedAgain:
		return say("done.locked_again", flows.Bad, "Locked again: ", what, ". Wrong passwords are still arriving, perhaps from a phone or another device that has an old one. Begin a new case: the proof is used up.")
	case bot.Unknown:
		return say("done.unknown", flows.Warning, "Not known: ", what, ". ", capital(d.Detail), ".")
	}
	return say("done.not_applied", flows.Bad, "Not unlocked: ", what, ". ", capital(d.Detail), ".")
}

// becauseYou says a reason to the agent whom it is about.
func becauseYou(why bot.Reason) string {
	return strings.ReplaceAll(flows.Because(why), "the agent's", "your")
}

func pageCancelled(who string) flows.Page {
	if who == "" {
		return flows.Page{ID: "cancelled", Title: "Unlock account", Close: "Close", Blocks: []flows.Block{say("cancelled", flows.Plain, "Cancelled. Nothing was changed.")}}
	}
	return flows.Page{ID: "cancelled", Title: "Unlock account", Close: "Close", Blocks: []flows.Block{
		say("cancelled", flows.Plain, "The case of ", who, " was cancelled. Nothing was changed.")}}
}

// cardOpen is the agent's card of a case whose dialog was closed.
func cardOpen(who, store string, ends time.Time) flows.Page {
	return flows.Page{ID: "card", Title: "Open case", Blocks: []flows.Block{
		say("card.open", flows.Plain, "Your case of ", who, " in ", store, " is still open. It ends if nothing is done: ", ends, "."),
		{Buttons: []flows.Button{
			{Kind: flows.Resume, Label: "Continue", Name: clip("Continue the case of "+who, 75), Style: flows.StylePrimary},
			{Kind: flows.Cancel, Label: "Cancel case", Name: clip("Cancel the case of "+who, 75)},
		}},
	}}
}

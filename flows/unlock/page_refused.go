package unlock

import (
	"slices"

	"latchkey/bot"
	"latchkey/flows"
)

// PageRefused says why the agent may do nothing here at all.
func PageRefused(why bot.Reason) flows.Page {
	text := refusals()[why]
	if text == "" {
		text = "Not possible, because " + flows.Because(why) + "."
	}
	return flows.Page{ID: "refused", Title: "Not possible", Close: "Close", Blocks: []flows.Block{
		say("refused."+string(why), flows.Bad, text),
	}}
}

// refusals are whole sentences to the agent about himself: what it is, and who mends it.
func refusals() map[bot.Reason]string {
	return map[bot.Reason]string{
		bot.AgentUnbound:    "Your chat account is bound to no directory account, so nothing can be done from it. Ask your administrator to bind it with latchkey people bind.",
		bot.AgentGone:       "The directory account that you are bound to no longer exists. Ask your administrator.",
		bot.AgentDisabled:   "Your own directory account is disabled or has expired, so you cannot act for others.",
		bot.AgentLocked:     "Your own directory account is locked, and until it is unlocked you can do nothing else here. Unlock it yourself with /unlock me, where your role permits that; otherwise call the helpdesk.",
		bot.NoRole:          "Your directory account has no security role here. Ask your administrator if you should be in the helpdesk.",
		bot.NoPermission:    "Your role does not have the permission Unlock Any Account, so you cannot unlock other people's accounts.",
		bot.NoViewHistory:   "Your role does not have the permission View History.",
		bot.NoRemind:        "Your role does not have the permission to remind users.",
		bot.OwnAccount:      "This is your own account: nobody unlocks himself through the helpdesk.",
		bot.OtherStore:      "Your role does not act on the identity store of this account.",
		bot.OutsideReach:    "This user is outside the containers that your role may act on.",
		bot.NoSelfService:   "Your role does not have the permission Unlock My Account. Please call the helpdesk.",
		bot.ProtectedTarget: "This account is protected. It cannot be worked on from chat by your role.",
	}
}

// pageRefusedCase says why this user cannot be unlocked, and what to do.
func pageRefusedCase(c caseFound) flows.Page {
	why, a := c.Decision.Refused, c.Facts.Accounts[0].Account
	p := flows.Page{ID: "refused", Title: "Not possible", Close: "Close", Blocks: []flows.Block{{Facts: person(a)}}}
	tone := flows.Bad
	if why == bot.NotLocked {
		tone = flows.Plain
	}
	p.Blocks = append(p.Blocks, say("refused."+string(why), tone, flows.Say(instead(c), caseRefusal(c))))
	if len(c.Facts.Unread) > 0 {
		p.Blocks = append(p.Blocks, say("refused.unread", flows.Warning, "Not answering now, so linked accounts there are not known: ", flows.Join(c.Facts.Unread), "."))
	}
	return withWayOut(p, c)
}

// withWayOut adds the button for what the agent can do about it.
func withWayOut(p flows.Page, c caseFound) flows.Page {
	who := c.Facts.Accounts[0].DisplayName
	var buttons []flows.Button
	switch why := c.Decision.Refused; {
	case c.Facts.Case.Self:
		return p
	case (why == bot.NotEnrolled || why == bot.MissingEnrollment) && c.Facts.Agent.Role.Can(bot.PermitRemind):
		buttons = append(buttons, flows.Button{Kind: flows.Remind, Label: "Remind to enroll", Name: clip("Remind "+who+" to enroll", 75)})
	case why == bot.Frozen && bot.MayLift(c.Facts):
		buttons = append(buttons, flows.Button{Kind: flows.Lift, Label: "Lift the freeze", Name: clip("Lift the freeze of "+who, 75), Style: flows.StyleDanger})
	}
	if buttons = append(buttons, unenrollButtons(c)...); len(buttons) > 0 {
		p.Blocks = append(p.Blocks, flows.Block{Buttons: buttons})
	}
	return p
}

// instead says, where the case is about a linked account because the picked one
// cannot be unlocked, that it is.
func instead(c caseFound) string {
	switch c.Decision.Refused {
	case bot.NotEnrolled, bot.MissingEnrollment, bot.NoUserPolicy:
	default:
		return ""
	}
	for i, r := range c.Decision.Accounts {
		if r.Offered && i > 0 {
			return "The account in " + c.Decision.Accounts[0].Account.ID.Store + " cannot be unlocked, because " +
				flows.Because(c.Decision.Accounts[0].Why) + ". The linked one in " + r.Account.ID.Store + " is locked. "
		}
	}
	return ""
}

func caseRefusal(c caseFound) flows.Words {
	who := c.Facts.Accounts[0].DisplayName
	if c.Facts.Case.Self {
		if w := selfRefusal(c); w != nil {
			return w
		}
	}
	switch c.Decision.Refused {
	case bot.Frozen:
		return flows.Say(who, " has said in the chat that it was not he who asked. Nothing of his is unlocked until ", c.Facts.Frozen,
			", by anybody. Who calls now may be somebody else: tell your security team.")
	case bot.NotEnrolled:
		return flows.Say(who, " is not enrolled with any authentication type that counts, and your role is in restricted mode: without authentication nothing is unlocked. ",
			tooNew(c), "The user has to enroll, or a colleague in unrestricted mode has to help.")
	case bot.MissingEnrollment:
		if slices.Contains(c.Decision.Missing.Types, bot.SecurityQuestions) {
			return flows.Say("Your role asks for right answers to security questions, and ", who, " is not enrolled with enough of them, so the user cannot be authenticated. ",
				tooNew(c), "The user has to enroll with security questions first.")
		}
		return flows.Say("Policy asks for more than ", who, " is enrolled with. Missing: ", lacking(c.Decision.Missing), ". ", tooNew(c),
			"The user has to enroll with that first.")
	case bot.NoUserPolicy:
		return flows.Say("Your role asks for the authentication types of the user's own role, but no role of ", who, " says which. Ask your administrator.")
	case bot.NotLocked:
		return notLocked(c)
	case bot.TargetDisabled:
		return flows.Say("The account of ", who, " is disabled: unlocking would not help. It has to be enabled by an administrator.")
	case bot.TargetExpired:
		return flows.Say("The account of ", who, " has expired: unlocking would not help. It has to be extended by an administrator.")
	case bot.LockedByAdmin:
		return flows.Say("An administrator has locked the account of ", who, ". Only an administrator undoes that.")
	case bot.TooManyUnlocks:
		return flows.Say("The account of ", who, " was unlocked as often within a day as policy allows. Another unlock needs an approval, and none is configured. "+
			"Find out first where the wrong passwords come from.")
	case bot.UnlockUnderWay:
		return flows.Say("An unlock of this account is under way and its outcome is not known yet. Latchkey tells who asked for it as soon as it is.")
	}
	if s := refusals()[c.Decision.Refused]; s != "" {
		return flows.Say(s)
	}
	return flows.Say("Not possible, because ", flows.Because(c.Decision.Refused), ".")
}

// tooNew names enrollments that will count later.
func tooNew(c caseFound) flows.Words {
	var w flows.Words
	for _, t := range c.Decision.TooNew {
		w = flows.Say(w, capital(t.Type.Name()), " is too new: it counts from ", t.From, ". ")
	}
	return w
}

func notLocked(c caseFound) flows.Words {
	a := c.Facts.Accounts[0].Account
	w := flows.Say("The account of ", a.DisplayName, " is not locked, so unlocking would not help.")
	switch {
	case a.Password.MustChange:
		return flows.Say(w, " The password must be changed at the next sign-in.")
	case a.Password.Expired:
		return flows.Say(w, " The password has expired and has to be reset.")
	}
	return flows.Say(w, " If the user still cannot sign in, the password is probably wrong: offer to have it reset.")
}

func pageReminded(p flows.Page, done bot.Reminded) flows.Page {
	blocks := make([]flows.Block, 0, len(p.Blocks)+1)
	for _, b := range p.Blocks {
		if len(b.Buttons) == 0 {
			blocks = append(blocks, b)
		}
	}
	p.Blocks = blocks
	switch done {
	case bot.ReminderSent:
		p.Blocks = append(p.Blocks, say("reminded.sent", flows.Good, "The user was sent a reminder to enroll."))
	case bot.ReminderRecent:
		p.Blocks = append(p.Blocks, say("reminded.recent", flows.Plain, "A reminder was sent within the last hour already."))
	case bot.ReminderNoMail:
		p.Blocks = append(p.Blocks, say("reminded.no_mail", flows.Warning, "No reminder was sent: the directory has no mail address of the user, or no mail server is configured."))
	default:
		p.Blocks = append(p.Blocks, say("reminded.no_permission", flows.Bad, "Your role does not have the permission to remind this user."))
	}
	return p
}

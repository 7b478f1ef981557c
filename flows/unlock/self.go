package unlock

import (
	"latchkey/bot"
	"latchkey/flows"
)

// What somebody reads who unlocks himself. He is alone with the page: nobody
// reads him anything, and nobody is told more than he is.

// selfRefusal says why one cannot unlock oneself; nil where the words for
// agents fit.
func selfRefusal(c caseFound) flows.Words {
	switch c.Decision.Refused {
	case bot.NotEnrolled:
		return flows.Say("You are not enrolled with any authentication type that counts, so you cannot prove here that it is you. ", tooNew(c), "Please call the helpdesk.")
	case bot.MissingEnrollment:
		return flows.Say("Your role asks for more than you are enrolled with. Missing: ", lacking(c.Decision.Missing), ". ", tooNew(c), "Please call the helpdesk.")
	case bot.NoUserPolicy:
		return flows.Say("No role of yours says how you authenticate, so you cannot unlock yourself. Please call the helpdesk.")
	case bot.NotLocked:
		return flows.Say("Your account is not locked. If you still cannot sign in, the password is probably wrong or has expired.")
	case bot.Frozen:
		return flows.Say("You have said in the chat that it was not you who asked. Nothing of yours is unlocked until ", c.Facts.Frozen, ". Please call the helpdesk.")
	case bot.TooManyUnlocks:
		return flows.Say("Your account was unlocked as often within a day as policy allows. Find out where the wrong passwords come from (a phone with an old one?), and call the helpdesk.")
	case bot.ProtectedTarget:
		return flows.Say("Your account is protected: it cannot be unlocked from chat. Ask your administrator.")
	}
	return nil
}

// selfNeeds says what is still to be passed.
func selfNeeds(m bot.Missing) flows.Words {
	if m.None() {
		return flows.Say("You have proved that it is you. Press Next.")
	}
	return flows.Say("Prove that it is you before your account is unlocked. Still needed: ", lacking(m), ".")
}

// caseButtons are those below every page of a case. History is for agents.
func caseButtons(c caseFound) []flows.Button {
	a := c.Facts.Accounts[0].Account
	if c.Facts.Case.Self {
		return []flows.Button{cancelButton(a)}
	}
	buttons := append([]flows.Button{historyButton(c, a)}, unenrollButtons(c)...)
	return append(buttons, cancelButton(a))
}
